"""This is the place where problems, allergies, vaccines, procedures and visits become records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.codes import RXNORM, SNOMED
from core.samples.chart import PATIENT, Body, Chart
from core.samples.codes import DIAGNOSES, PROCEDURES, VACCINES
from core.samples.shapes import TERMINOLOGY, coding, concept, diagnosis_concept, hl7, refer, snomed_concept, vaccine_concept


@dataclass(frozen=True, slots=True)
class Problem:
    """A diagnosis with its course. `onset` and `ended` are FHIR dates and may be partial."""

    diagnosis: str
    onset: str
    recorded: date
    ended: str = ""
    note: tuple[str, str] = ("", "")


def problem(chart: Chart, told: Problem, desks: tuple[str, ...] = ()) -> str:
    status = "resolved" if told.ended else "active"
    body: Body = {
        "resourceType": "Condition",
        "clinicalStatus": hl7("condition-clinical", status),
        "verificationStatus": hl7("condition-ver-status", "confirmed"),
        "category": [hl7("condition-category", "problem-list-item", "Problem List Item")],
        "code": diagnosis_concept(DIAGNOSES[told.diagnosis], chart.person.chinese),
        "subject": refer(PATIENT),
        "onsetDateTime": told.onset,
    }
    body |= {"abatementDateTime": told.ended} if told.ended else {}
    body["recordedDate"] = told.recorded.isoformat()
    body |= {"note": [{"text": chart.words(*told.note)}]} if any(told.note) else {}
    return chart.add(f"problem-{told.diagnosis}-{told.recorded.isoformat()}", body, *desks)


@dataclass(frozen=True, slots=True)
class Allergy:
    """A reaction to something: code and words of the substance, words of the reaction, how bad it may get."""

    key: str
    system: str
    code: str
    substance: tuple[str, str]
    reaction: tuple[str, str, str]
    category: str
    criticality: str
    recorded: date
    intolerance: bool = False
    severity: str = "moderate"


PENICILLIN = ("penicillin", RXNORM, "70618", ("Penicillin", "青霉素"))
PEANUT = ("peanut", SNOMED, "762952008", ("Peanut", "花生"))
HIVES = ("247472004", "Hives", "荨麻疹")
COUGH = ("49727002", "Cough", "干咳")
ANAPHYLAXIS = ("39579001", "Anaphylaxis", "严重过敏反应")


def allergy(chart: Chart, told: Allergy, desks: tuple[str, ...] = ()) -> str:
    code, name, name_zh = told.reaction
    substance = concept(chart.words(*told.substance), coding(told.system, told.code, told.substance[0]))
    body: Body = {
        "resourceType": "AllergyIntolerance",
        "clinicalStatus": hl7("allergyintolerance-clinical", "active"),
        "verificationStatus": hl7("allergyintolerance-verification", "confirmed"),
        "type": "intolerance" if told.intolerance else "allergy",
        "category": [told.category],
        "criticality": told.criticality,
        "code": substance,
        "patient": refer(PATIENT),
        "recordedDate": told.recorded.isoformat(),
        "reaction": [
            {"manifestation": [concept(chart.words(name, name_zh), coding(SNOMED, code, name))], "severity": told.severity}
        ],
    }
    return chart.add(f"allergy-{told.key}", body, *desks)


def vaccination(chart: Chart, vaccine: str, day: date, dose: int = 0, desks: tuple[str, ...] = ()) -> str:
    """A vaccine given on a day; `dose` is its number in a series, 0 where it has none."""
    body: Body = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": vaccine_concept(VACCINES[vaccine], chart.person.chinese),
        "patient": refer(PATIENT),
        "occurrenceDateTime": day.isoformat(),
        "primarySource": True,
        "performer": [{"actor": refer("@organization")}],
    }
    body |= {"protocolApplied": [{"doseNumberPositiveInt": dose}]} if dose else {}
    return chart.add(f"vaccine-{vaccine}-{day.isoformat()}", body, *desks)


def yearly_flu(chart: Chart, years: int = 5) -> None:
    """The autumn influenza vaccine of each year that lies in the told period."""
    for back in range(years + 1):
        day = date(chart.today.year - back, 10, 12)
        if chart.day(years * 365) <= day < chart.today:
            vaccination(chart, "influenza", day, desks=chart.both)


def procedure(chart: Chart, key: str, day: date, note: tuple[str, str] = ("", "")) -> str:
    body: Body = {
        "resourceType": "Procedure",
        "status": "completed",
        "code": snomed_concept(PROCEDURES[key], chart.person.chinese),
        "subject": refer(PATIENT),
        "performedDateTime": chart.at(day, "10:30"),
        "performer": [{"actor": refer("@clinician")}],
    }
    body |= {"note": [{"text": chart.words(*note)}]} if any(note) else {}
    return chart.add(f"procedure-{key}-{day.isoformat()}", body)


ENCOUNTERS = {
    "checkup": ("185349003", "Encounter for check up", "健康检查", "AMB", "ambulatory"),
    "followup": ("390906007", "Follow-up encounter", "复诊", "AMB", "ambulatory"),
    "problem": ("185347001", "Encounter for problem", "就诊", "AMB", "ambulatory"),
    "emergency": ("50849002", "Emergency room admission", "急诊", "EMER", "emergency"),
    "inpatient": ("183452005", "Encounter inpatient", "住院", "IMP", "inpatient encounter"),
    "prenatal": ("424619006", "Prenatal visit", "产前检查", "AMB", "ambulatory"),
}


def visit(chart: Chart, kind: str, day: date, reason: tuple[str, str] = ("", ""), days: int = 0) -> str:
    """An Encounter: half an hour, or `days` days for a stay."""
    code, name, name_zh, klass, klass_name = ENCOUNTERS[kind]
    body: Body = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": coding(TERMINOLOGY + "v3-ActCode", klass, klass_name),
        "type": [concept(chart.words(name, name_zh), coding(SNOMED, code, name))],
        "subject": refer(PATIENT),
        "participant": [{"individual": refer("@clinician")}],
        "period": {"start": chart.at(day, "09:00"), "end": chart.at(day + timedelta(days=days), "09:30" if not days else "11:00")},
        "serviceProvider": refer("@organization"),
    }
    body |= {"reasonCode": [{"text": chart.words(*reason)}]} if any(reason) else {}
    return chart.add(f"visit-{kind}-{day.isoformat()}", body)
