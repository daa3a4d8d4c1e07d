"""This is the place where measurements, laboratory results and answers become Observation and DiagnosticReport records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.domain.codes import LOINC, SNOMED, UCUM
from core.samples.chart import PATIENT, Body, Chart
from core.samples.shapes import (
    TERMINOLOGY,
    coding,
    concept,
    hl7,
    interpretation,
    measured,
    refer,
    reference_range,
    term_concept,
)
from core.samples.terms import DIASTOLIC, LAB, PANELS, PRESSURE_PANEL, SYSTOLIC, TERMS, Term


def category(code: str) -> list[Body]:
    return [{"coding": [coding(TERMINOLOGY + "observation-category", code)]}]


def _frame(term: Term, when: str, chinese: bool) -> Body:
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": category(term.category),
        "code": term_concept(term, chinese),
        "subject": refer(PATIENT),
        "effectiveDateTime": when,
    }


def observation(chart: Chart, key: str, value: float, when: str) -> Body:
    """One measured value of a term, rounded to its decimals; a laboratory value has its range and its flag."""
    term = TERMS[key]
    body = _frame(term, when, chart.person.chinese) | {"valueQuantity": measured(term, value)}
    if term.category == LAB:
        number = body["valueQuantity"]["value"]
        ranges, flags = reference_range(term), interpretation(term, number)
        body |= {"interpretation": flags} if flags else {}
        body |= {"referenceRange": ranges} if ranges else {}
    return body


def pressure(chart: Chart, systolic: float, diastolic: float, when: str) -> Body:
    """A blood pressure panel with its two halves, systolic first."""
    chinese = chart.person.chinese
    halves = ((SYSTOLIC, systolic), (DIASTOLIC, diastolic))
    return _frame(PRESSURE_PANEL, when, chinese) | {
        "component": [{"code": term_concept(term, chinese), "valueQuantity": measured(term, value)} for term, value in halves]
    }


def at_home(body: Body) -> Body:
    """The same observation, measured by the person: who performed it is what tells home from clinic."""
    return body | {"performer": [refer(PATIENT)]}


def at_clinic(body: Body) -> Body:
    """The same observation, measured where the person is treated."""
    return body | {"performer": [refer("@organization")]}


@dataclass(frozen=True, slots=True)
class Panel:
    """A laboratory report: which panel, its values by term, and the sentence under it."""

    panel: str
    values: Mapping[str, float]
    conclusion: str = ""


def report(chart: Chart, panel: Panel, day: date, clock: str = "08:30", desks: tuple[str, ...] = ()) -> str:
    """The results and the DiagnosticReport that holds them together; the answer refers to the report."""
    when, stamp = chart.at(day, clock), day.isoformat()
    results = [
        chart.add(f"{panel.panel}-{key}-{stamp}", observation(chart, key, value, when), *desks)
        for key, value in panel.values.items()
    ]
    return chart.add(f"report-{panel.panel}-{stamp}", report_body(chart, panel, when, results), *desks)


def report_body(chart: Chart, panel: Panel, when: str, results: Sequence[str]) -> Body:
    loinc, name, name_zh = PANELS[panel.panel]
    body: Body = {
        "resourceType": "DiagnosticReport",
        "status": "final",
        "category": [hl7("v2-0074", "LAB")],
        "code": concept(chart.words(name, name_zh), coding(LOINC, loinc, name)),
        "subject": refer(PATIENT),
        "effectiveDateTime": when,
        "issued": when,
        "performer": [refer("@organization")],
        "result": [refer(result) for result in results],
    }
    return body | ({"conclusion": panel.conclusion} if panel.conclusion else {})


SMOKING = {
    "never": ("266919005", "Never smoked tobacco", "从不吸烟"),
    "former": ("8517006", "Ex-smoker", "已戒烟"),
    "daily": ("449868002", "Smokes tobacco daily", "每日吸烟"),
}


def smoking(chart: Chart, status: str, when: str) -> Body:
    code, name, name_zh = SMOKING[status]
    term = Term("72166-2", "Tobacco smoking status", "吸烟状况", "", 0, "social-history")
    value = concept(chart.words(name, name_zh), coding(SNOMED, code, name))
    return _frame(term, when, chart.person.chinese) | {"valueCodeableConcept": value}


def sensor_day(chart: Chart, day: date, samples: Sequence[float | None], minutes: int = 15) -> Body:
    """One day of sensor glucose as SampledData in mmol/L, a missing sample is "E"."""
    term = TERMS["glucose_sensor"]
    data = " ".join("E" if value is None else f"{value:.1f}" for value in samples)
    body = _frame(term, "", chart.person.chinese)
    del body["effectiveDateTime"]
    ended = f"23:{60 - minutes:02d}"
    return body | {
        "effectivePeriod": {"start": chart.at(day, "00:00"), "end": chart.at(day, ended)},
        "valueSampledData": {
            "origin": {"value": 0, "unit": term.unit, "system": UCUM, "code": term.unit},
            "period": minutes * 60_000,
            "dimensions": 1,
            "data": data,
        },
    }


def answer(chart: Chart, term: Term, words: tuple[str, str], when: str) -> Body:
    """An observation answered in words (English, Chinese)."""
    return _frame(term, when, chart.person.chinese) | {"valueString": chart.words(*words)}


def visit_vitals(chart: Chart, day: date, values: Mapping[str, float], desks: tuple[str, ...] = ()) -> None:
    """What a nurse writes down at a visit: every value under its term, in a row from 09:05 on."""
    for minute, (key, value) in enumerate(values.items(), start=5):
        body = observation(chart, key, value, chart.at(day, f"09:{minute:02d}"))
        chart.add(f"visit-{key}-{day.isoformat()}", body, *desks)
