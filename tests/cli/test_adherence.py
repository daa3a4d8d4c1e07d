"""`healthboard adherence --person ID`: what was taken by day and by medicine, days covered, and null with a reason where nothing is known."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.care import series_choices
from core.care.access import COMMAND_LINE
from core.commands.adherence import show
from core.errors import BadInput, NotFound
from core.ports import Ports
from core.rules import ShippedTables
from tests.care.given import add_person, bundle, patient, ports_with
from tests.care.test_adherence import dispense, hand_over, lay, mornings, say
from tests.cli.given import House


@pytest.fixture
def ports() -> Ports:
    return replace(ports_with(), tables=ShippedTables())


@pytest.fixture
def person(ports: Ports) -> str:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, "Europe/Berlin")
    return person_id


def asked(ports: Ports, person: str, weeks: int = 5, as_of: str | None = None) -> dict[str, Any]:
    answer = show(ports, Namespace(person=person, weeks=weeks, as_of=as_of))
    assert (answer.status, bool(answer.lines)) == (0, True)
    document: dict[str, Any] = json.loads(json.dumps(answer.document, allow_nan=False))
    return document


def test_everything_that_was_logged_is_told(ports: Ports, person: str) -> None:
    kept = lay(ports, person, mornings(3))
    say(ports, person, kept[0], 5)
    say(ports, person, kept[1], reason="side_effects")
    hand_over(ports, person, dispense(1, "2026-05-26"), dispense(2, "2026-08-20"))
    found = asked(ports, person)
    (medicine,) = found["medicines"]
    assert {key: medicine[key] for key in ("due", "taken", "skipped", "unlogged", "on_time", "taken_of_logged", "state")} == {
        "due": 4, "taken": 1, "skipped": 1, "unlogged": 2, "on_time": 1, "taken_of_logged": 0.5, "state": "logged",
    }  # fmt: skip
    assert medicine["reasons"] == [{"code": "side_effects", "count": 1}]
    assert medicine["pdc"] == {"value": 1.0, "covered_days": 180, "period_days": 180, "threshold": 0.8, "reached": True, "why": None}
    assert [one["state"] for one in found["days"]] == ["all", "skipped", "nothing_logged", "nothing_logged"]
    assert (found["from"], found["until"], found["zone"], found["logged_since"]) == ("2026-11-18", "2026-11-21", "Europe/Berlin", "2026-11-18")


def test_nothing_logged_is_null_and_not_nought(ports: Ports, person: str) -> None:
    lay(ports, person, mornings(3))
    found = asked(ports, person)
    (medicine,) = found["medicines"]
    assert (found["state"], medicine["state"], medicine["taken_of_logged"]) == ("nothing_logged", "nothing_logged", None)
    assert medicine["pdc"] == {"value": None, "why": "no_fills"}


def test_a_person_without_medicines_has_an_answer_too(ports: Ports, person: str) -> None:
    assert asked(ports, person)["medicines"] == []


def test_what_cannot_be_asked_is_refused(ports: Ports, person: str) -> None:
    with pytest.raises(BadInput):
        asked(ports, person, as_of="tomorrow")
    with pytest.raises(BadInput):
        asked(ports, person, weeks=0)
    with pytest.raises(NotFound):
        asked(ports, "nobody")


def test_the_command_answers_with_one_document(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    file = tmp_path / "record.json"
    file.write_bytes(bundle(patient(), dispense(1, "2026-01-10"), dispense(2, "2026-04-10")))
    person = house.json("import", file)["person_ids"][0]
    found = house.json("adherence", "--person", person, "--as-of", "2026-07-08")
    assert [(one["title"], one["pdc"]["covered_days"], one["pdc"]["period_days"]) for one in found["medicines"]] == [("Metformin 500 mg", 180, 180)]
    assert house.json("adherence", "--person", "nobody", status=1)["error"] == "person_not_found"
