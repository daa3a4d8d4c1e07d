"""This is the place where the small FHIR data types of the sample records are put together."""

from __future__ import annotations

from typing import Any

from core.domain.codes import ATC, CVX, ICD10, LOINC, RXNORM, SNOMED, UCUM
from core.samples.codes import Diagnosis, Drug, Named
from core.samples.terms import Term

Body = dict[str, Any]

TERMINOLOGY = "http://terminology.hl7.org/CodeSystem/"

UNIT_WORDS = {"mm[Hg]": "mmHg", "Cel": "°C", "/min": "/min", "{score}": "score", "mL/min/{1.73_m2}": "mL/min/1.73m2"}
"""What a unit is called for people where the UCUM code itself reads badly."""


def coding(system: str, code: str, display: str = "") -> Body:
    found = {"system": system, "code": code}
    return {**found, "display": display} if display else found


def concept(text: str, *codings: Body) -> Body:
    return {"coding": list(codings), "text": text}


def hl7(table: str, code: str, display: str = "") -> Body:
    """A CodeableConcept of one of HL7's own tables."""
    return {"coding": [coding(TERMINOLOGY + table, code, display)]}


def term_concept(term: Term, chinese: bool) -> Body:
    return concept(term.name_zh if chinese else term.name, coding(LOINC, term.loinc, term.name))


def diagnosis_concept(row: Diagnosis, chinese: bool) -> Body:
    words = row.name_zh if chinese else row.name
    return concept(words, coding(SNOMED, row.snomed, row.name), coding(ICD10, row.icd10))


def drug_concept(row: Drug, chinese: bool) -> Body:
    words = row.name_zh if chinese else row.name
    return concept(words, coding(RXNORM, row.rxnorm, row.name), coding(ATC, row.atc))


def vaccine_concept(row: Named, chinese: bool) -> Body:
    return concept(row.name_zh if chinese else row.name, coding(CVX, row.code, row.name))


def snomed_concept(row: Named, chinese: bool) -> Body:
    return concept(row.name_zh if chinese else row.name, coding(SNOMED, row.code, row.name))


def rounded(value: float, decimals: int) -> float | int:
    return round(value, decimals) if decimals else round(value)


def quantity(value: float, unit: str) -> Body:
    return {"value": value, "unit": UNIT_WORDS.get(unit, unit), "system": UCUM, "code": unit}


def measured(term: Term, value: float) -> Body:
    return quantity(rounded(value, term.decimals), term.unit)


def refer(target: str, display: str = "") -> Body:
    """A reference to another fact ("@key") of the same chart."""
    return {"reference": target, "display": display} if display else {"reference": target}


def reference_range(term: Term) -> list[Body]:
    bounds = {side: quantity(value, term.unit) for side, value in (("low", term.low), ("high", term.high)) if value is not None}
    return [bounds] if bounds else []


def interpretation(term: Term, value: float) -> list[Body]:
    """High, low or normal against the term's own range; nothing where it has none."""
    if term.low is None and term.high is None:
        return []
    code, word = "N", "Normal"
    if term.low is not None and value < term.low:
        code, word = "L", "Low"
    if term.high is not None and value > term.high:
        code, word = "H", "High"
    return [hl7("v3-ObservationInterpretation", code, word)]
