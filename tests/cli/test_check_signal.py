"""This is the place where `healthboard check-signal` is held to what it says: an answer or a reason for each ten seconds, and one bad file stops nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cli import main
from core.commands.labelled import Label, Scored, auroc, case_of, labels, scores
from core.domain.checks import DECISIONS, DECLINES, RHYTHM_CLASSES, CheckKind
from core.errors import FileRefused
from models.training.drawn_signals import PULSES, drawn
from tests.cli.given import Ran


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with two recordings that can be read and one file that is none."""
    folder = tmp_path / "clinic"
    folder.mkdir()
    for at, kind in enumerate(("regular", "irregular")):
        np.savez(folder / f"{kind}.npz", ppg=drawn({kind: PULSES[kind]}, 3, at)[0], rate=100.0)
    (folder / "broken.csv").write_text("time,ppg\n0,1\n5,1\n2,1\n")
    return folder


class Check:
    """The command, within this process."""

    def __init__(self, said: pytest.CaptureFixture[str]) -> None:
        self._said = said

    def run(self, *words: object) -> Ran:
        try:
            status = main(["check-signal", "--kind", "rhythm", "--json", *map(str, words)])
        except SystemExit as wrong:
            status = int(wrong.code or 0)
        out, err = self._said.readouterr()
        return Ran(status, out, err)


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]) -> Check:
    return Check(capsys)


def complete(one: dict[str, Any]) -> None:
    """A decision or a reason, never both, never neither."""
    assert (one["decision"] is None) != (one["declined"] is None)
    assert one["decision"] in (None, *DECISIONS[CheckKind.RHYTHM])
    if one["declined"]:
        assert one["declined"]["why"] in DECLINES
    else:
        assert one["quality"]["ok"] and one["in_distribution"] and one["pulse"] > 20
        assert list(one["classes"]) == list(RHYTHM_CLASSES) and sum(one["classes"].values()) == pytest.approx(1, abs=1e-3)
        assert (
            one["model"]["name"] == "rhythm"
            and len(one["model"]["sha256"]) == 64
            and one["model"]["runner"] == "edge"
            and one["model"]["version"]
        )


def test_each_ten_seconds_get_an_answer_and_one_bad_file_stops_nothing(check: Check, recordings: Path) -> None:
    ran = check.run(recordings)
    files = {one["file"]: one for one in ran.document["files"]}
    assert ran.status == 1 and len(files) == 3
    assert files["clinic/broken.csv"]["error"] == {"code": "signal_unreadable", "place": "value 3", "need": "times that go forward"}
    for name in ("regular", "irregular"):
        one = files[f"clinic/{name}.npz"]
        assert one["rate"] == 100 and one["dropped"] == 0 and [part["segment"] for part in one["segments"]] == [0, 1, 2]
        for part in (*one["segments"], one["overall"]):
            complete(part)


def test_a_pattern_and_the_place_of_the_runner_make_no_difference(check: Check, recordings: Path) -> None:
    by_pattern, by_name = (
        check.run(recordings / "*.npz"),
        check.run("--runner", "edge", recordings / "irregular.npz", recordings / "regular.npz"),
    )
    assert by_pattern.status == by_name.status == 0
    assert by_pattern.document == by_name.document


def test_a_flat_line_is_declined_with_its_reason(check: Check, tmp_path: Path) -> None:
    np.savez(tmp_path / "flat.npz", ppg=np.full((3, 1000), 7))
    found = check.run(tmp_path / "flat.npz").document["files"][0]
    assert (
        found["overall"]["declined"] == {"why": "poor_quality", "reasons": ["signal_flat"]}
        and found["segments"][0]["model"] is None
    )


def test_a_server_that_does_not_answer_is_no_clean_rhythm(check: Check, recordings: Path) -> None:
    ran = check.run(recordings / "regular.npz", "--runner", "server", "http://127.0.0.1:9")
    assert ran.status == 0
    assert {one["declined"]["why"] for one in ran.document["files"][0]["segments"]} == {"model_unavailable"}


@pytest.mark.parametrize("words", [["nowhere.npz"], [], ["--runner", "moon", "x.npz"]])
def test_what_was_asked_wrongly_says_so(check: Check, words: list[str]) -> None:
    assert check.run(*words).status != 0


def test_labels_give_sensitivity_specificity_and_auroc(check: Check, recordings: Path, tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_text(
        "file,segment,label\nregular.npz,,sinus\nirregular.npz,0,af\nirregular.npz,1,AF\nirregular.npz,2,5\n"
    )
    found = check.run(recordings / "*.npz", "--labels", tmp_path / "labels.csv").document["scores"]
    assert found["items"] == 6 and found["cases"] == 3 and found["units"] == 2 and found["answered"] + found["declined"] == 6
    assert found["auroc"]["value"] is not None
    (tmp_path / "labels.csv").write_text("file,label\nregular.npz,nonsense\n")
    assert check.run(recordings / "*.npz", "--labels", tmp_path / "labels.csv").document["error"] == "labels_unreadable"


# ------------------------------------------------------------------------------------------------------------------------- scoring


def test_declined_answers_count_for_auroc_and_are_told_beside_sensitivity() -> None:
    items = [
        Scored(True, 0.9, True, "a"),
        Scored(True, 0.8, None, "a"),
        Scored(True, 0.1, False, "b"),
        Scored(False, 0.2, False, "b"),
        Scored(False, None, None, "c"),
    ]
    found = scores(items)
    assert (
        found["sensitivity"]["value"] == 0.5 and found["specificity"]["value"] == 1.0 and found["auroc"]["value"] == round(2 / 3, 4)
    )
    assert found["answered"] == 3 and found["declined"] == 2 and found["units"] == 3


def test_nothing_to_compute_from_is_null_and_never_a_number() -> None:
    for items in ([], [Scored(True, None, None, "a")], [Scored(False, 0.3, False, "a")]):
        found = scores(items)
        assert found["auroc"] == {"value": None, "low": None, "high": None} and found["sensitivity"]["value"] is None


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=2, max_size=40))
def test_auroc_counts_pairs(pairs: list[tuple[bool, float]]) -> None:
    case, p = np.array([one for one, _ in pairs]), np.array([one for _, one in pairs])
    wins = [float(a > b) + 0.5 * float(a == b) for a in p[case] for b in p[~case]]
    assert auroc(case, p) == pytest.approx(np.mean(wins)) if wins else np.isnan(auroc(case, p))


def test_labels_are_read_by_name_by_place_or_as_yes_and_no() -> None:
    def read(*words: str) -> list[bool]:
        every = [Label("f", None, word) for word in words]
        return [case_of(every, RHYTHM_CLASSES, frozenset({"af"}))(one) for one in every]

    assert read("af", "sinus", "pvc") == [True, False, False]
    assert read("1", "0", "yes", "other") == [True, False, True, False]
    assert read("5", "1", "0") == [True, False, False]
    with pytest.raises(FileRefused):
        read("flutter")


def test_a_table_of_labels_names_the_row_that_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    for text in ("", "file,label\n", "file,label\na.npz,\n", "file,segment,label\na.npz,-1,af\n", "name,label\na,b\n"):
        path.write_text(text)
        with pytest.raises(FileRefused) as refused:
            labels(path)
        assert refused.value.code == "labels_unreadable"
