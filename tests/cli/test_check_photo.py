"""This is the place where `healthboard check-photo` is held to what it says: every file has an answer or an error in its place, and labels become figures."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.cli import main
from core.domain.checks import CheckKind
from models.runner import FILES, Answered
from tests.cli.given import Ran
from tests.models.cards import written
from tests.models.photos import FITZPATRICK, encoded, scaled, skin
from tests.models.test_photo_checking import RAW, Saying


class ByRedness(Saying):
    """The redder the middle of a photo, the likelier "soon"; a wound where it is asked for one."""

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        middle = batch[:, 100:120, 100:120].astype(float).mean((1, 2))
        self.odds = float((middle[0, 0] - middle[0, 1] - 40) / 4)
        self.mask = np.zeros((256, 256), np.float32)
        self.mask[96:160, 96:160] = 1
        return super().run(kind, batch)


class Command:
    """The command within this process, with a model that is made up."""

    def __init__(self, said: pytest.CaptureFixture[str], folder: Path) -> None:
        self._said, self.folder = said, folder

    def run(self, *words: object, kind: str = "skin") -> Ran:
        try:
            status = main(["check-photo", "--kind", kind, "--json", *map(str, words)])
        except SystemExit as wrong:
            status = int(wrong.code or 0)
        out, err = self._said.readouterr()
        return Ran(status, out, err)

    def files(self, *words: object, kind: str = "skin", status: int = 0) -> list[dict[str, Any]]:
        ran = self.run(*words, kind=kind)
        assert ran.status == status, ran.err
        return list(ran.document["files"])

    def photo(self, name: str, pixels: np.ndarray) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encoded(pixels, quality=95))
        return path


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    artifacts = tmp_path / "artifacts"
    wound = {key: RAW[key] for key in ("version", "mean", "inverse_covariance", "distance_limit")}
    numbers = {
        CheckKind.SKIN: RAW,
        CheckKind.WOUND: wound | {"threshold": 0.5, "close_weight": 0.5, "smallest_share": 0.0005, "agreement_least": 0.5},
    }
    for kind, raw in numbers.items():
        text = json.dumps(raw)
        folder = written(
            artifacts / kind.value,
            kind,
            {**dict.fromkeys(FILES.values(), "0" * 64), "decision.json": hashlib.sha256(text.encode()).hexdigest()},
        )
        (folder / "decision.json").write_text(text, encoding="utf-8")
    monkeypatch.setattr("models.cards.ARTIFACTS", artifacts)
    monkeypatch.setattr("core.commands.photo_checks.chosen", lambda words, plain: ByRedness())
    return Command(capsys, tmp_path / "photos")


def red(amount: int) -> np.ndarray:
    """A photo of skin with a middle of this redness."""
    pixels = skin(size=224).astype(float)
    y, x = np.mgrid[0:224, 0:224] - 112
    inside = np.hypot(x, y) < 40
    pixels[inside] += np.array([amount / 2, -amount / 2, 0])
    return np.clip(pixels, 0, 255).astype(np.uint8)


def test_an_answer_says_what_why_and_which_model(command: Command) -> None:
    (one,) = command.files(command.photo("red.jpg", red(60)))
    assert (
        one["decision"] == "show_soon"
        and one["declined"] is None
        and one["quality"] == {**one["quality"], "ok": True, "reasons": []}
    )
    assert set(one["classes"]) == {"ACK", "BCC", "MEL", "NEV", "SCC", "SEK"} and sum(one["classes"].values()) == pytest.approx(
        1, abs=1e-5
    )
    assert one["in_distribution"] is True and one["model"] == {
        "name": "skin",
        "version": "7.0.0",
        "sha256": "d" * 64,
        "runner": "edge",
    }


def test_a_bad_file_says_so_in_its_place_and_the_rest_goes_on(command: Command) -> None:
    good = command.photo("b.jpg", red(60))
    (command.folder / "a.jpg").write_bytes(b"\xff\xd8\xff no photo")
    (command.folder / "c.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    (command.folder / "notes.txt").write_text("passed over")
    entries = command.files(command.folder, good, command.folder / "gone.jpg", status=1)
    assert [(one["file"], one.get("error", {}).get("code")) for one in entries] == [
        ("photos/a.jpg", "photo_damaged"), ("photos/b.jpg", None), ("photos/c.heic", "photo_heic"), ("b.jpg", None), ("gone.jpg", "file_unreadable"),
    ]  # fmt: skip
    assert all(one["error"]["need"] for one in entries if "error" in one)


def test_a_poor_photo_is_declined_with_its_reasons_and_that_is_no_failure(command: Command) -> None:
    (one,) = command.files(command.photo("dark.jpg", scaled(red(60), 0.1)))
    assert (
        one["declined"]["why"] == "poor_quality"
        and "too_dark" in one["declined"]["reasons"]
        and one["decision"] is None
        and one["model"] is None
    )


def test_a_pattern_finds_files(command: Command) -> None:
    command.photo("x1.jpg", red(60))
    command.photo("x2.jpg", red(0))
    command.photo("y.jpg", red(0))
    assert [one["file"] for one in command.files(command.folder / "x*.jpg")] == ["x1.jpg", "x2.jpg"]


def test_labels_become_figures_with_intervals(command: Command) -> None:
    rows = ["file,label,person"]
    for at in range(6):
        command.photo(f"bad{at}.jpg", red(60 + at))
        command.photo(f"good{at}.jpg", red(-20 - at))
        rows += [f"bad{at}.jpg,MEL,p{at}", f"good{at}.jpg,nev,q{at}"]
    (command.folder / "labels.csv").write_text("\n".join(rows), encoding="utf-8")
    command.photo("unlabelled.jpg", red(0))
    found = command.run(command.folder, "--labels", command.folder / "labels.csv").document["scores"]
    assert (found["items"], found["cases"], found["declined"], found["unlabelled"]) == (12, 6, 0, 1)
    assert found["sensitivity"]["value"] == found["specificity"]["value"] == found["auroc"]["value"] == 1.0


def test_a_wound_has_its_area_and_a_mask_as_large_as_the_photo(command: Command, tmp_path: Path) -> None:
    path = command.photo("one/wound.jpg", skin(FITZPATRICK[1], size=300))
    again = command.photo("two/wound.jpg", skin(FITZPATRICK[3], size=300))
    first, second = command.files(path, again, "--masks", tmp_path / "masks", kind="wound")
    assert (
        first["decision"] == "measured"
        and first["area"]["share"] == pytest.approx(1 / 16, abs=0.01)
        and first["area"]["cm2"] is None
    )
    assert Path(first["mask"]).name == "wound.png" and Path(second["mask"]).name == "wound-2.png"
    with Image.open(first["mask"]) as mask:
        assert mask.size == (300, 300) and mask.mode == "L" and set(np.unique(mask)) == {0, 255}


def test_what_is_said_of_the_person_decides_whether_they_are_reassured(command: Command) -> None:
    path = command.photo("pale.jpg", red(-30))
    assert (
        command.files(path, "--skin-type", 2, "--symptom", "itch", "--symptom", "bleed=no", "--age", 60, "--place", "arm")[0][
            "decision"
        ]
        == "keep_watching"
    )
    assert command.files(path, "--skin-type", 6)[0]["declined"]["why"] == "not_reassured"


@pytest.mark.parametrize(
    ("words", "place"),
    [(("--symptom", "boredom"), "--symptom"), (("--place", "moon"), "--place"), (("--age", "400"), "--age"), ((), "FILE")],
)
def test_a_wrong_word_is_refused_with_its_place(command: Command, words: tuple[str, ...], place: str) -> None:
    ran = command.run(*([command.photo("a.jpg", red(0))] if words else []), *words)
    assert ran.status == 1 and ran.document["place"] == place


def test_without_a_model_nothing_is_said_about_anybody(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("models.cards.ARTIFACTS", tmp_path / "nowhere")
    (one,) = command.files(command.photo("red.jpg", red(60)))
    assert one["declined"] == {"why": "model_unavailable", "reasons": []} and one["classes"] == {}
