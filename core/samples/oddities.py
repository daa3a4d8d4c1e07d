"""This is the place where the realistic dirt of the sample records is made: what real systems send and a reader must survive.

Each oddity is a fact whose key starts with "odd-", so that a test can tell it from the clean part of a life.
"""

from __future__ import annotations

from datetime import date

from core.samples.chart import PATIENT, Body, Chart
from core.samples.observations import answer, observation, pressure
from core.samples.shapes import hl7, refer
from core.samples.terms import Term

ODD = "odd-"


def without_unit(chart: Chart, key: str, value: float, day: date) -> None:
    """A laboratory value as a bare number: nobody can know what it means."""
    body = observation(chart, key, value, chart.at(day, "08:31"))
    body["valueQuantity"] = {"value": value}
    body.pop("referenceRange", None)
    chart.add(f"{ODD}no-unit-{key}", body)


def strange_unit(chart: Chart, key: str, value: float, unit: str, day: date) -> None:
    """A value in a unit that can't belong to it, such as an HbA1c in "mmol"."""
    body = observation(chart, key, value, chart.at(day, "08:33"))
    body["valueQuantity"] = {"value": value, "unit": unit}
    body.pop("referenceRange", None)
    chart.add(f"{ODD}strange-unit-{key}", body)


def below_detection(chart: Chart, key: str, limit: float, day: date) -> None:
    """A result below what the laboratory can measure: "< 5"."""
    body = observation(chart, key, limit, chart.at(day, "08:32"))
    body["valueQuantity"]["comparator"] = "<"
    chart.add(f"{ODD}below-{key}", body)


def not_measured(chart: Chart, key: str, day: date, why: tuple[str, str]) -> None:
    """A result that says why there is none."""
    body = observation(chart, key, 0, chart.at(day, "08:34"))
    for name in ("valueQuantity", "interpretation", "referenceRange"):
        body.pop(name, None)
    body["dataAbsentReason"] = hl7("data-absent-reason", "error", "Error") | {"text": chart.words(*why)}
    chart.add(f"{ODD}absent-{key}", body)


def somebody_elses(chart: Chart, day: date) -> None:
    """A record of another person that slipped into the file."""
    body = observation(chart, "weight", 91.4, chart.at(day, "09:06"))
    body["subject"] = {"reference": "Patient/somebody-else", "display": chart.words("Another person", "另一位患者")}
    chart.add(f"{ODD}somebody-else", body)


def changed_meaning(chart: Chart, day: date) -> None:
    """A record with a modifierExtension: without knowing it, nobody may rely on the rest."""
    body = observation(chart, "spo2", 86, chart.at(day, "03:10"))
    body["modifierExtension"] = [
        {"url": "https://sleep.example.org/fhir/StructureDefinition/simulated-altitude", "valueString": "4200 m"}
    ]
    chart.add(f"{ODD}modifier", body)


def hostile_narrative(chart: Chart, day: date) -> None:
    """A record whose narrative carries a script and an event handler; they must never run."""
    term = Term("48767-8", "Annotation comment [Interpretation] Narrative", "备注", "", 0, "exam")
    body = answer(chart, term, ("Uses the spacer correctly.", "吸入方法正确"), chart.at(day, "09:30"))
    body["text"] = {
        "status": "additional",
        "div": (
            '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="steal()">Uses the <b>spacer</b> correctly.</p>'
            "<script>document.title = 'owned'</script></div>"
        ),
    }
    chart.add(f"{ODD}narrative", body)


def questionnaire(chart: Chart, day: date, asked: tuple[tuple[str, str], ...]) -> None:
    """A kind that is kept and not shown yet: answers to a questionnaire."""
    body: Body = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": refer(PATIENT),
        "authored": chart.at(day, "17:40"),
        "item": [
            {"linkId": str(number), "text": question, "answer": [{"valueString": said}]}
            for number, (question, said) in enumerate(asked, start=1)
        ],
    }
    chart.add(f"{ODD}questionnaire", body, chart.side)


def claim(chart: Chart, day: date) -> None:
    """A kind that is kept and not shown yet: a bill."""
    body: Body = {
        "resourceType": "Claim",
        "status": "active",
        "type": hl7("claim-type", "professional", "Professional"),
        "use": "claim",
        "patient": refer(PATIENT),
        "created": day.isoformat(),
        "provider": refer("@organization"),
        "priority": hl7("processpriority", "normal", "Normal"),
        "insurance": [{"sequence": 1, "focal": True, "coverage": refer("@coverage")}],
        "total": {"value": 182.5, "currency": "USD"},
    }
    chart.add(f"{ODD}claim", body)


def only_a_month(chart: Chart, key: str, value: float, month: date) -> None:
    """A value somebody remembers to the month."""
    body = observation(chart, key, value, f"{month:%Y-%m}")
    chart.add(f"{ODD}month-{key}", body, chart.side)


def one_bad_half(chart: Chart, day: date) -> None:
    """A pressure whose upper half is a slip of the keyboard; the lower half is good."""
    body = pressure(chart, 1240, 71, chart.at(day, "09:04"))
    chart.add(f"{ODD}half-pressure", body)
