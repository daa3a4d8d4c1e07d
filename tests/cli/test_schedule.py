"""`healthboard schedule`: one JSON document with instants, questions or limits; what can't be used is named with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.cli import main


def ask(capsys: pytest.CaptureFixture[str], tmp_path: Path, dosage: Any, *more: str) -> tuple[int, Any]:
    file = tmp_path / "dosage.json"
    file.write_text(dosage if isinstance(dosage, str) else json.dumps(dosage), encoding="utf-8")
    given = list(more) or ["--zone", "Europe/Berlin", "--from", "2026-03-28", "--days", "2"]
    status = main(["schedule", "--dosage", str(file), *given, "--json"])
    out = capsys.readouterr()
    return status, json.loads(out.out) if out.out else out.err


def test_instants_with_their_offset_and_the_dose(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dosage = {"timing": {"code": {"coding": [{"code": "BID"}]}}, "doseAndRate": [{"doseQuantity": {"value": 1, "unit": "tablet"}}]}
    status, found = ask(capsys, tmp_path, dosage)
    assert status == 0
    assert [one["at"] for one in found["doses"]] == [
        "2026-03-28T08:00:00+01:00", "2026-03-28T20:00:00+01:00", "2026-03-29T08:00:00+02:00", "2026-03-29T20:00:00+02:00",
    ]  # fmt: skip
    assert found["doses"][2]["utc"] == "2026-03-29T06:00:00Z"
    assert found["doses"][0]["dose"] == {"value": 1.0, "low": 1.0, "high": 1.0, "unit": "tablet", "code": None}
    assert found["until"] == "2026-03-30T00:00:00+02:00"
    assert found["how"] == ["Take 1 tablet every day at 08:00, 20:00"]


def test_a_question_or_limits_instead_of_a_guess(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, found = ask(capsys, tmp_path, [{"text": "as directed"}])
    assert (found["status"], found["doses"]) == ("ask", [])
    assert found["questions"][0]["code"] == "free_text_directed"
    assert "directed" in found["questions"][0]["sentence"]
    _, found = ask(capsys, tmp_path, {"text": "1 tablet every 4-6 hours as needed for pain, max 6 tablets daily"})
    (limits,) = found["as_needed"]
    assert (limits["min_interval_minutes"], limits["max_doses"], limits["reason"], found["doses"]) == (240, 6, "pain", [])


def test_an_order_that_was_stopped_has_no_doses_and_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    order = {"resourceType": "MedicationRequest", "status": "stopped", "dosageInstruction": [{"text": "1 tab bid"}]}
    _, found = ask(capsys, tmp_path, order)
    assert (found["status"], found["why_not"], found["doses"]) == ("ended", "stopped", [])


def test_the_persons_own_hours(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    _, found = ask(capsys, tmp_path, {"text": "1 tab before breakfast"}, "--zone", "UTC", "--from", "2026-05-01T00:00:00Z", "--days", "1", "--habits", "breakfast=09:00")
    assert [one["at"] for one in found["doses"]] == ["2026-05-01T08:30:00+00:00"]


@pytest.mark.parametrize(
    ("dosage", "more", "place"),
    [
        ("{", (), "dosage.json"),
        ("3", (), "dosage"),
        ({"resourceType": "Patient"}, (), "resourceType"),
        ({}, ("--zone", "Mars/Olympus", "--from", "2026-05-01"), "--zone"),
        ({}, ("--zone", "../etc/passwd", "--from", "2026-05-01"), "--zone"),
        ({}, ("--zone", "UTC", "--from", "yesterday"), "--from"),
        ({}, ("--zone", "UTC", "--from", "2026-05-01", "--days", "0"), "--days"),
        ({}, ("--zone", "UTC", "--from", "2026-05-01", "--habits", "tea=17:00"), "--habits"),
    ],
)
def test_what_cannot_be_used_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path, dosage: Any, more: tuple[str, ...], place: str) -> None:
    status, found = ask(capsys, tmp_path, dosage, *more)
    assert status == 1
    assert place in json.dumps(found)
