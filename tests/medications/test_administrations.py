"""Logged doses leave as strict FHIR R4, saying what the person said and nothing more."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fhir.resources.R4B.medicationadministration import MedicationAdministration
from hypothesis import given
from hypothesis import strategies as st

from core.domain.codes import ATC, Coding, Concept
from core.domain.doses import DoseAnswer, DoseState, KeptDose, PlannedDose
from core.medications.administrations import REASONS, About, administration

AT = datetime(2026, 11, 21, 7, 0, tzinfo=UTC)
ABOUT = About(Concept((Coding(ATC, "A10BA02", "metformin"),), "Metformin 500 mg"), "Patient/p1", "https://a.example/fhir/MedicationRequest/r1")


def dose(state: DoseState, answer: DoseAnswer | None, **more: Any) -> KeptDose:
    planned = {"slot": "m/0@x", "medicine_id": "m", "title": "Metformin", "at": AT, "zone": "Europe/Berlin", "amount": (1.0, 1.0, "tablet"), "text": "with food", **more}
    return KeptDose("dose_0001", "p", PlannedDose(**planned), state, answer)


def written(kept: KeptDose, about: About = ABOUT) -> dict[str, Any]:
    made = administration(kept, about)
    assert made is not None
    return dict(json.loads(MedicationAdministration.model_validate(made).model_dump_json()))


def test_a_dose_that_was_taken_says_when_with_the_persons_own_clock() -> None:
    assert written(dose(DoseState.TAKEN, DoseAnswer(DoseState.TAKEN, AT + timedelta(minutes=20), text="late"))) == {
        "resourceType": "MedicationAdministration", "id": "dose-0001", "status": "completed",
        "medicationCodeableConcept": {"coding": [{"system": ATC, "code": "A10BA02", "display": "metformin"}], "text": "Metformin 500 mg"},
        "subject": {"reference": "Patient/p1"}, "effectiveDateTime": "2026-11-21T08:20:00+01:00", "note": [{"text": "late"}],
        "request": {"reference": "https://a.example/fhir/MedicationRequest/r1"}, "dosage": {"text": "with food", "dose": {"value": 1, "unit": "tablet"}},
    }  # fmt: skip


def test_a_dose_that_was_skipped_is_not_done_and_says_why() -> None:
    found = written(dose(DoseState.SKIPPED, DoseAnswer(DoseState.SKIPPED, None, "side_effects")))
    assert (found["status"], found["statusReason"][0]["text"], found["effectiveDateTime"]) == ("not-done", "Side effects", "2026-11-21T08:00:00+01:00")
    assert "dosage" not in found


def test_a_dose_nobody_spoke_about_is_no_record() -> None:
    assert administration(dose(DoseState.PLANNED, None), ABOUT) is None
    assert administration(dose(DoseState.ENDED, None), ABOUT) is None


def test_where_nobody_said_when_only_the_day_is_told() -> None:
    late = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)  # the 22nd in Berlin
    assert written(dose(DoseState.TAKEN, DoseAnswer(DoseState.TAKEN), at=late))["effectiveDateTime"] == "2026-11-22"


def test_a_range_is_not_made_a_number_but_what_was_said_is() -> None:
    assert "dosage" not in written(dose(DoseState.TAKEN, DoseAnswer(DoseState.TAKEN, AT), amount=(1.0, 2.0, "tablet")))
    found = written(dose(DoseState.TAKEN, DoseAnswer(DoseState.TAKEN, AT, amount=(1.5, 1.5, "mL")), amount=(1.0, 2.0, "mL")))
    assert found["dosage"]["dose"] == {"value": 1.5, "unit": "mL", "system": "http://unitsofmeasure.org", "code": "mL"}


def test_without_a_patient_or_an_order_on_record_it_is_valid_all_the_same() -> None:
    found = written(dose(DoseState.TAKEN, DoseAnswer(DoseState.TAKEN, AT)), About(Concept()))
    assert found["medicationCodeableConcept"] == {"text": "Metformin"}
    assert "request" not in found


reasons = st.sampled_from(["", *REASONS])
amounts = st.none() | st.tuples(st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from(["", "tablet", "mg", "片"]))


@given(st.sampled_from([DoseState.TAKEN, DoseState.SKIPPED]), reasons, amounts, st.integers(-(10**6), 10**6), st.sampled_from(["Asia/Kathmandu", "UTC", "America/St_Johns"]))
def test_every_answer_is_strict_r4(state: DoseState, reason: str, amount: tuple[float, float, str] | None, minutes: int, zone: str) -> None:
    taken = AT + timedelta(minutes=minutes) if state is DoseState.TAKEN else None
    found = written(dose(state, DoseAnswer(state, taken, reason, amount=amount), zone=zone))
    told = datetime.fromisoformat(found["effectiveDateTime"])
    assert told == (taken or AT)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_words_of_its_own(reason: str) -> None:
    (found,) = written(dose(DoseState.SKIPPED, DoseAnswer(DoseState.SKIPPED, None, reason)))["statusReason"]
    assert found["coding"][0]["code"] == reason
    assert found["text"]
