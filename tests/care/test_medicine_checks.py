"""A person's medicines are checked with all that the record knows; without tables, or with damaged ones, nobody gets an all-clear."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.care import medicine_checks
from core.care.access import COMMAND_LINE, Action, require
from core.care.medicine_facts import Held
from core.care.medicine_orders import living
from core.care.placing import Whose
from core.domain.codes import Concept
from core.medications.book import Book
from core.medications.findings import Checked
from core.ports import Ports
from core.rules import FOLDER, ShippedTables
from tests.care.given import NOW, add_person, bring, bundle, parcel, patient, ports_with

SUBJECT = {"reference": "Patient/p1"}


def order(number: int, text: str, days: float = 20, **more: Any) -> dict[str, Any]:
    written = (NOW - timedelta(days=days)).isoformat()
    return {
        "resourceType": "MedicationRequest", "id": f"r{number}", "status": "active", "intent": "order", "subject": SUBJECT, "authoredOn": written,
        "medicationCodeableConcept": {"text": text}, **more,
    }  # fmt: skip


def observed(code: str, days: float = 20, **value: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"o{code}{days:.0f}", "status": "final", "subject": SUBJECT, "effectiveDateTime": (NOW - timedelta(days=days)).isoformat(),
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, **value,
    }  # fmt: skip


def creatinine(umol: float, days: float = 20) -> dict[str, Any]:
    return observed("14682-9", days, valueQuantity={"value": umol, "unit": "umol/L", "system": "http://unitsofmeasure.org", "code": "umol/L"})


def found(*resources: dict[str, Any], tables: Path | None = FOLDER, gender: str = "male", born: str = "1950-01-01") -> Checked:
    ports: Ports = replace(ports_with(), tables=ShippedTables(tables) if tables else None)
    person_id = add_person(ports, born=born, gender=gender)
    bring(ports, parcel(bundle(patient(gender=gender, born=born), *resources)), whose=Whose(person_id))
    grant = require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id)
    held = living(ports, person_id, grant, Book(), ports.clock.now()).held(ports.clock.now())
    return medicine_checks.checked(ports, COMMAND_LINE, person_id, held)


def test_what_is_taken_now_is_checked_and_what_ended_is_not() -> None:
    now = found(order(1, "Simvastatin 20 mg"), order(2, "Clarithromycin"))
    assert ("h25", 4) in [(one.rule, one.severity) for one in now.findings]
    ended = found(order(1, "Simvastatin 20 mg"), order(2, "Clarithromycin", status="completed"))
    assert [one.rule for one in ended.findings if one.kind == "interaction"] == []


def test_an_order_written_anew_is_the_same_medicine() -> None:
    again = found(order(1, "Metformin 500 mg", days=400), order(2, "Metformin 500 mg", days=10))
    assert (again.medicines, [one.rule for one in again.findings if one.kind == "duplicate"]) == (1, [])


def test_a_kidney_value_decides_by_its_day() -> None:
    assert "kidney" in [one.kind for one in found(order(1, "Metformin 500 mg"), creatinine(354)).findings]
    old = found(order(1, "Metformin 500 mg"), creatinine(354, days=800))
    assert "kidney_value_old" in [one.why for one in old.not_checked]
    assert old.state == "partly"


def test_the_newest_value_counts() -> None:
    better = found(order(1, "Metformin 500 mg"), creatinine(354, days=300), creatinine(70, days=5))
    assert "kidney" not in [one.kind for one in better.findings]


def test_a_gene_result_on_record_is_used() -> None:
    hla = observed("57979-7", valueCodeableConcept={"text": "Positive"})
    grave = [one for one in found(order(1, "Carbamazepine 200 mg"), hla).findings if one.kind == "gene"]
    assert max(one.severity for one in grave) >= 3
    assert "not_tested" in [one.why for one in found(order(1, "Carbamazepine 200 mg")).not_checked]


def test_the_dose_of_an_order_decides_where_a_limit_is_one_of_milligrams_a_day() -> None:
    for tablets, severe in ((1, False), (4, True)):
        dosage = {"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}, "doseAndRate": [{"doseQuantity": {"value": tablets, "unit": "tablet"}}]}
        answer = found(order(1, "Metformin 500 mg tablet", dosageInstruction=[dosage]), creatinine(150))  # eGFR about 40: 1 g a day at most
        assert bool([one for one in answer.findings if one.kind == "kidney"]) is severe


def test_an_order_that_forbids_a_medicine_is_none_and_one_nobody_can_say_holds_is_checked() -> None:
    assert found(order(1, "Warfarin 5 mg"), order(2, "Ibuprofen", doNotPerform=True)).medicines == 1
    assert found(order(1, "Warfarin 5 mg"), order(2, "Ibuprofen", status="unknown")).medicines == 2


def test_no_list_of_allergies_is_not_the_same_as_none_known() -> None:
    assert "no_allergy_list" in [one.why for one in found(order(1, "Senna")).not_checked]


def test_medicines_that_somebody_else_knows_are_checked_under_their_ids() -> None:
    """Orders as planned from, and what the person added by hand; with what the record knows of the person."""
    ports: Ports = replace(ports_with(), tables=ShippedTables())
    person_id = add_person(ports)
    bring(ports, parcel(bundle(patient(gender="female"), order(1, "Ibuprofen"), creatinine(354))), whose=Whose(person_id))
    held = (Held("own-1", Concept(text="复方丹参滴丸")), Held("order-2", Concept(text="Warfarin 5 mg"), denied=True), Held("order-3", Concept(text="Metformin")))
    answer = medicine_checks.checked(ports, COMMAND_LINE, person_id, held)
    assert ("m15", {"own-1", "order-2"}) in [(one.rule, set(one.medicines)) for one in answer.findings]
    assert ("kidney", ("order-3",)) in [(one.kind, one.medicines) for one in answer.findings]
    assert (answer.medicines, answer.coded) == (3, 3)
    without = medicine_checks.checked(replace(ports, tables=None), COMMAND_LINE, person_id, held)
    assert (without.state, without.medicines, without.coded, without.findings) == ("unavailable", 3, 0, ())


@pytest.mark.parametrize("damage", ["all", "one"])
def test_without_its_tables_nothing_is_green(tmp_path: Path, damage: str) -> None:
    tables = Path(shutil.copytree(FOLDER, tmp_path / "rules", ignore=shutil.ignore_patterns("*.py", "__pycache__")))
    (tables / "interactions.json").write_bytes(b"{}")
    answer = found(order(1, "Senna"), tables=tables if damage == "one" else None)
    assert answer.state == "unavailable"
    assert "table_unavailable" in [one.why for one in answer.not_checked]
