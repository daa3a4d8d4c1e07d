"""This is the place where medicines become MedicationRequest, MedicationStatement and Medication records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.codes import UCUM
from core.samples.chart import PATIENT, Body, Chart
from core.samples.codes import DRUGS
from core.samples.shapes import drug_concept, refer

DAILY: Mapping[str, Any] = {"frequency": 1, "period": 1, "periodUnit": "d"}
MORNING = {**DAILY, "when": ["MORN"]}
BEDTIME = {**DAILY, "when": ["HS"]}
WITH_MEALS_TWICE: Mapping[str, Any] = {"frequency": 2, "period": 1, "periodUnit": "d", "when": ["CM", "CV"]}
WITH_MEALS_THRICE: Mapping[str, Any] = {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["CM", "CD", "CV"]}
TWICE: Mapping[str, Any] = {"frequency": 2, "period": 1, "periodUnit": "d"}
EVERY_12_HOURS: Mapping[str, Any] = {"frequency": 1, "period": 12, "periodUnit": "h"}
MONDAYS: Mapping[str, Any] = {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": ["mon"]}
BEFORE_BREAKFAST = {**DAILY, "when": ["ACM"], "offset": 30}


def clock_times(*times: str) -> Mapping[str, Any]:
    """At these clock times each day ("HH:MM")."""
    return {"frequency": len(times), "period": 1, "periodUnit": "d", "timeOfDay": [f"{time}:00" for time in times]}


@dataclass(frozen=True, slots=True)
class Course:
    """One prescription: which drug, how much, when, from and until when, and the patient's own words for it.

    `how` is "concept", "contained" or "reference": the three ways a prescription names its medicine.
    """

    drug: str
    start: date
    end: date | None = None
    dose: float = 1
    repeat: Mapping[str, Any] = field(default_factory=lambda: DAILY)
    text: tuple[str, str] = ("", "")
    why_ended: tuple[str, str] = ("", "")
    as_needed: bool = False
    how: str = "concept"
    finished: bool = False
    note: tuple[str, str] = ("", "")


def _dosage(chart: Chart, course: Course) -> Body:
    drug = DRUGS[course.drug]
    bounds = {"start": course.start.isoformat()}
    if course.end:
        bounds["end"] = course.end.isoformat()
    unit = drug.form_zh if chart.person.chinese else drug.form
    body: Body = {
        "text": chart.words(*course.text),
        "timing": {"repeat": {"boundsPeriod": bounds, **course.repeat}},
        "doseAndRate": [{"doseQuantity": {"value": course.dose, "unit": unit, "system": UCUM, "code": drug.unit}}],
    }
    return body | ({"asNeededBoolean": True} if course.as_needed else {})


def _medicine(chart: Chart, course: Course, desks: tuple[str, ...]) -> Body:
    """How the prescription names the medicine; a referenced Medication is written down as a fact of its own."""
    words = drug_concept(DRUGS[course.drug], chart.person.chinese)
    body: Body = {"resourceType": "Medication", "code": words}
    if course.how == "contained":
        return {"contained": [{**body, "id": "med"}], "medicationReference": {"reference": "#med", "display": words["text"]}}
    if course.how == "reference":
        key = f"medication-{course.drug}-{course.start.isoformat()}"
        return {"medicationReference": refer(chart.add(key, body | {"status": "active"}, *desks), words["text"])}
    return {"medicationCodeableConcept": words}


def prescribe(chart: Chart, course: Course, desks: tuple[str, ...] = ()) -> str:
    """A MedicationRequest with its dosage; an ended course says when and why."""
    status = "active" if course.end is None else "completed" if course.finished else "stopped"
    body: Body = {"resourceType": "MedicationRequest", "status": status, "intent": "order", **_medicine(chart, course, desks)}
    if any(course.why_ended):
        body["statusReason"] = {"text": chart.words(*course.why_ended)}
    body |= {
        "subject": refer(PATIENT),
        "authoredOn": course.start.isoformat(),
        "requester": refer("@clinician"),
        "dosageInstruction": [_dosage(chart, course)],
    }
    if any(course.note):
        body["note"] = [{"text": chart.words(*course.note)}]
    return chart.add(f"rx-{course.drug}-{course.start.isoformat()}", body, *desks)


def takes(chart: Chart, course: Course, said_on: date) -> str:
    """A MedicationStatement: what the person says they take, told at the other desk."""
    period = {"start": course.start.isoformat()} | ({"end": course.end.isoformat()} if course.end else {})
    body: Body = {
        "resourceType": "MedicationStatement",
        "status": "stopped" if course.end else "active",
        "medicationCodeableConcept": drug_concept(DRUGS[course.drug], chart.person.chinese),
        "subject": refer(PATIENT),
        "effectivePeriod": period,
        "dateAsserted": said_on.isoformat(),
        "informationSource": refer(PATIENT),
        "dosage": [{"text": chart.words(*course.text)}],
    }
    return chart.add(f"takes-{course.drug}-{course.start.isoformat()}", body, chart.side)
