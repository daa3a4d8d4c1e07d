"""`healthboard check-labels --out DIR`: what clinicians decided becomes a folder that training reads, without names; what is left out is counted."""

from __future__ import annotations

import csv
import io
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.arguments import arguments
from core.care import photo_checks, photo_use, reviews
from core.care.access import COMMAND_LINE
from core.care.check_entries import Said
from core.commands.check_labels import show
from core.domain.checks import CheckKind, SkinFacts
from core.errors import BadInput
from core.ports import Ports
from core.settings import load_settings
from core.store import open_store
from models.training import photos
from tests.care.given import add_person, event, ports_with
from tests.care.given_checks import send, with_models


@pytest.fixture
def ports(sql_store: Any) -> Iterator[Ports]:
    yield with_models(ports_with(sql_store))


@pytest.fixture
def sql_store(tmp_path: Path) -> Iterator[Any]:
    store = open_store(load_settings(home=tmp_path / "home"))
    yield store
    store.close()


def jpeg(seed: int) -> bytes:
    """A picture like no other: coloured patches."""
    patches = np.random.default_rng(seed).integers(0, 255, (8, 8, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(patches).resize((96, 96), Image.Resampling.NEAREST).save(out, "JPEG")
    return out.getvalue()


def decided(ports: Ports, person: str, seed: int, label: str = "", **said: Any) -> str:
    check = send(ports, COMMAND_LINE, person, jpeg(seed), facts=SkinFacts(61, "nose", 2, {"itch": True, "grew": False}))
    if said:
        reviews.overrule(ports, COMMAND_LINE, person, check.check_id, Said(label, **said))
    else:
        reviews.confirm(ports, COMMAND_LINE, person, check.check_id, label=label)
    return check.check_id


def given(out: Path) -> Namespace:
    return Namespace(out=out, kind="skin")


def filled(ports: Ports) -> tuple[str, str]:
    """Two people: three labels, and one of everything that is left out."""
    ada, ben = add_person(ports, "CANARY-Ada"), add_person(ports, "CANARY-Ben", gender="male")
    for one in (ada, ben):
        photo_use.say(ports, COMMAND_LINE, one, True)
    decided(ports, ada, 1, "MEL")
    decided(ports, ada, 2, "NEV", reason="less_serious")
    decided(ports, ben, 3, "BCC")
    decided(ports, ben, 4)
    decided(ports, ben, 5, "other", reason="other_condition")
    decided(ports, ben, 6, "MEL", reason="picture_unusable")
    send(ports, COMMAND_LINE, ben, jpeg(7))
    taken_back = send(ports, COMMAND_LINE, ben, jpeg(8))
    photo_checks.withdraw(ports, COMMAND_LINE, ben, taken_back.check_id)
    send(ports, COMMAND_LINE, ben, jpeg(9), CheckKind.WOUND)
    return ada, ben


def test_the_export_is_what_training_reads(ports: Ports, tmp_path: Path) -> None:
    filled(ports)
    answer = show(ports, given(tmp_path / "out"))
    assert (answer.document["photos"], answer.document["people"], answer.document["labels"]) == (
        3,
        2,
        {"BCC": 1, "MEL": 1, "NEV": 1},
    )
    assert answer.document["left_out"] == {
        "not_allowed": 0,
        "undecided": 1,
        "taken_back": 1,
        "unusable": 1,
        "no_label": 1,
        "other_label": 1,
        "damaged": 0,
    }
    found = photos.read(tmp_path / "out")
    assert sorted(one.label for one in found.all) == ["BCC", "MEL", "NEV"]
    assert {one.facts.age for one in found.all} == {61}
    assert {
        (one.facts.place, one.facts.skin_type, one.facts.symptoms["itch"], one.facts.symptoms["grew"]) for one in found.all
    } == {("nose", 2, True, False)}
    assert len({one.person for one in found.all}) == 2, "the same person has one name, so that a split by person holds"
    assert sorted(one.sex for one in found.all) == ["female", "female", "male"]
    assert sum(found.left_out.values()) == 0


def test_who_said_nothing_or_took_it_back_is_not_in_it(ports: Ports, tmp_path: Path) -> None:
    ada, ben = filled(ports)
    silent = add_person(ports, "CANARY-Silent")
    decided(ports, silent, 21, "MEL")
    photo_use.say(ports, COMMAND_LINE, ben, False)
    answer = show(ports, given(tmp_path / "out"))
    of_ben = len(ports.store.checks((ben,), event(), kinds=(CheckKind.SKIN,)))
    assert (answer.document["people"], answer.document["photos"], answer.document["left_out"]["not_allowed"]) == (1, 2, of_ben + 1)
    photo_use.say(ports, COMMAND_LINE, ada, False)
    assert show(ports, given(tmp_path / "later")).document["photos"] == 0


def test_nothing_in_the_export_leads_back_to_anybody(ports: Ports, tmp_path: Path) -> None:
    people = filled(ports)
    show(ports, given(tmp_path / "one"))
    show(ports, given(tmp_path / "two"))
    checks = [one.check_id for one in ports.store.checks(people, event())]
    written = (tmp_path / "one" / "labels.csv").read_text("utf-8") + " ".join(path.name for path in (tmp_path / "one").rglob("*"))
    assert not [name for name in (*people, *checks, "CANARY") if name in written]

    def names(folder: str) -> set[str]:
        with (tmp_path / folder / "labels.csv").open(encoding="utf-8") as file:
            return {row[column] for row in csv.DictReader(file) for column in ("pid", "patient_id")}

    assert not names("one") & names("two"), "two exports cannot be put together by their names"


def test_each_photo_that_left_is_in_its_persons_log(ports: Ports, tmp_path: Path) -> None:
    ada, ben = filled(ports)
    show(ports, given(tmp_path / "out"))
    taken = [line.event.what for line in ports.store.audit_of(ada, event()) if line.event.action == "export_labels"]
    ids = {one.check_id for one in ports.store.checks((ada,), event())}
    assert ids <= set(taken)
    assert (
        len(
            [
                line
                for line in ports.store.audit_of(ben, event())
                if line.event.action == "export_labels" and line.event.what not in ("labels", "photo_use", "")
            ]
        )
        == 1
    )


def test_nothing_is_written_over(ports: Ports, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x")
    with pytest.raises(BadInput, match="file_exists"):
        show(ports, given(tmp_path / "out"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine"]


def test_an_export_of_nothing_says_so(ports: Ports, tmp_path: Path) -> None:
    answer = show(ports, given(tmp_path / "out"))
    assert (answer.document["photos"], list(answer.lines)) == (0, [f"0 photos of 0 people in {tmp_path / 'out'}"])


def test_the_command_is_there() -> None:
    asked = arguments().parse_args(["check-labels", "--out", "somewhere"])
    assert (asked.command.__qualname__, asked.command.__module__, asked.kind, asked.needs) == ("show", show.__module__, "skin", "store")
