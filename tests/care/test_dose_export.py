"""What a person logged goes out with their record, points at the order it came of, and is not doubled when it comes back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from core.care import doses, export, medicine_book
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.domain.doses import DoseState
from core.exports import Exports
from core.medications.book import OwnMedicine
from core.medications.book_json import DRAWER
from core.ports import Ports
from tests.care.given import bring, event, parcel
from tests.care.test_doses import lines, often, order, person, ports, prescribe, today

__all__ = ["person", "ports"]


def exported(ports: Ports, person: str) -> tuple[bytes, list[dict[str, Any]]]:
    download = export.bundle(replace(ports, exporter=Exports()), COMMAND_LINE, person)
    assert download.left_out == ()
    entries = json.loads(download.content)["entry"]
    return download.content, [entry for entry in entries if entry["resource"]["resourceType"] == "MedicationAdministration"]


def log_two(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("", "Ginkgo", dosages=(often(2),)))
    for one in lines(today(ports, person)):
        if one.at.hour == 20:
            doses.answer(ports, COMMAND_LINE, person, (one.dose_id,), DoseState.TAKEN)


def test_logged_doses_go_out_with_the_record(ports: Ports, person: str) -> None:
    log_two(ports, person)
    content, found = exported(ports, person)
    said = {one["resource"]["medicationCodeableConcept"]["text"]: one["resource"] for one in found}
    assert set(said) == {"Metformin", "Ginkgo"}
    addresses = {entry["fullUrl"] for entry in json.loads(content)["entry"]}
    assert said["Metformin"]["request"]["reference"] in addresses
    assert {one["subject"]["reference"] for one in said.values()} <= addresses
    assert "request" not in said["Ginkgo"]


def test_what_comes_back_is_not_doubled(ports: Ports, person: str) -> None:
    log_two(ports, person)
    content, found = exported(ports, person)
    bring(ports, parcel(content), whose=Whose(person))
    again = exported(ports, person)[1]
    assert len(again) == len(found) == 2


def test_a_damaged_drawer_keeps_nobody_from_taking_their_record_away(ports: Ports, person: str) -> None:
    log_two(ports, person)
    ports.store.put_in_drawer(person, DRAWER, b"{", event())
    assert len(exported(ports, person)[1]) == 2


def test_where_nothing_was_logged_nothing_is_added(ports: Ports, person: str) -> None:
    prescribe(ports, person, order("Metformin", often(4)))
    today(ports, person)
    assert exported(ports, person)[1] == []
