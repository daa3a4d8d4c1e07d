"""This is the place where plans, teams, goals, appointments, consents and devices become records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.domain.codes import LOINC, SNOMED
from core.samples.chart import PATIENT, Body, Chart
from core.samples.shapes import coding, concept, hl7, quantity, refer
from core.samples.terms import Term


def team(chart: Chart, since: date, name: tuple[str, str]) -> str:
    body: Body = {
        "resourceType": "CareTeam",
        "status": "active",
        "name": chart.words(*name),
        "subject": refer(PATIENT),
        "period": {"start": since.isoformat()},
        "participant": [{"member": refer("@clinician")}, {"member": refer("@organization")}, {"member": refer(PATIENT)}],
    }
    return chart.add("care-team", body)


@dataclass(frozen=True, slots=True)
class Plan:
    """A care plan: title, what is to be done (English, Chinese), and the facts it is about."""

    title: tuple[str, str]
    steps: tuple[tuple[str, str], ...]
    since: date
    about: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()


def plan(chart: Chart, told: Plan) -> str:
    body: Body = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "plan",
        "title": chart.words(*told.title),
        "subject": refer(PATIENT),
        "period": {"start": told.since.isoformat()},
        "author": refer("@clinician"),
    }
    body |= {"addresses": [refer(key) for key in told.about]} if told.about else {}
    body |= {"goal": [refer(key) for key in told.goals]} if told.goals else {}
    body["activity"] = [{"detail": {"status": "in-progress", "description": chart.words(*step)}} for step in told.steps]
    return chart.add("care-plan", body)


def goal(chart: Chart, words: tuple[str, str], since: date, *targets: tuple[Term, str, float]) -> str:
    """A goal in words with measurable targets: (term, comparator, value), written down at both desks."""
    body: Body = {
        "resourceType": "Goal",
        "lifecycleStatus": "active",
        "achievementStatus": hl7("goal-achievement", "in-progress", "In Progress"),
        "description": {"text": chart.words(*words)},
        "subject": refer(PATIENT),
        "startDate": since.isoformat(),
    }
    body["target"] = [
        {
            "measure": {"coding": [coding(LOINC, term.loinc, term.name)]},
            "detailQuantity": quantity(value, term.unit) | ({"comparator": bound} if bound else {}),
        }
        for term, bound, value in targets
    ]
    return chart.add(f"goal-{targets[0][0].loinc}", body, *chart.both)


def appointment(chart: Chart, days_ahead: int, clock: str, words: tuple[str, str], minutes: int = 20) -> str:
    """A booked visit in the future, moved to a working day."""
    day = chart.today + timedelta(days=days_ahead)
    day += timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)
    hour, minute = (int(part) for part in clock.split(":"))
    ends = f"{hour + (minute + minutes) // 60:02d}:{(minute + minutes) % 60:02d}"
    body: Body = {
        "resourceType": "Appointment",
        "status": "booked",
        "description": chart.words(*words),
        "start": chart.at(day, clock),
        "end": chart.at(day, ends),
        "created": chart.at(chart.day(20), "16:00"),
        "participant": [
            {"actor": refer(PATIENT), "status": "accepted"},
            {"actor": refer("@clinician"), "status": "accepted"},
        ],
    }
    return chart.add(f"appointment-{days_ahead}", body)


def consent(chart: Chart, day: date) -> str:
    body: Body = {
        "resourceType": "Consent",
        "status": "active",
        "scope": hl7("consentscope", "patient-privacy", "Privacy Consent"),
        "category": [{"coding": [coding(LOINC, "59284-0", "Consent Document")]}],
        "patient": refer(PATIENT),
        "dateTime": chart.at(day, "09:10"),
        "organization": [refer("@organization")],
        "policyRule": hl7("v3-ActCode", "OPTIN", "opt-in"),
        "provision": {"type": "permit", "period": {"start": day.isoformat()}},
    }
    return chart.add("consent", body)


DEVICES = {
    "cuff": ("43770009", "Sphygmomanometer, device", "Upper-arm blood pressure monitor", "上臂式电子血压计"),
    "scale": ("469204003", "Patient scale", "Bathroom scale", "体重秤"),
    "oximeter": ("448703006", "Pulse oximeter", "Finger pulse oximeter", "指夹式血氧仪"),
    "glucose_sensor": ("700585005", "Invasive interstitial-fluid glucose monitoring system", "Glucose sensor", "动态血糖传感器"),
    "watch": ("706767009", "Patient data recorder", "Sports watch", "运动手表"),
}


def device(chart: Chart, key: str, *desks: str) -> str:
    """A thing the person measures with; at the side desk unless told."""
    code, display, name, name_zh = DEVICES[key]
    words = chart.words(name, name_zh)
    body: Body = {
        "resourceType": "Device",
        "status": "active",
        "deviceName": [{"name": words, "type": "user-friendly-name"}],
        "type": concept(words, coding(SNOMED, code, display)),
        "patient": refer(PATIENT),
    }
    return chart.add(f"device-{key}", body, *(desks or (chart.side,)))
