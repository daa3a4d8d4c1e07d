"""This is the place where tests of sourcing write small records: problems, medicines, answers, measurements, at times counted back from one day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from core.domain.codes import ATC, LOINC, RXNORM, SNOMED, Coding, Concept
from core.domain.records import Item, PersonProfile, Record, SourceMark, Standing, Value
from core.risk.asof import evidence, ns_of
from core.risk.sourcing_types import Evidence, Point, Typed

TODAY = datetime(2026, 11, 21, 12, tzinfo=UTC)
AT = ns_of(TODAY.isoformat()) or 0
ICD10 = "http://hl7.org/fhir/sid/icd-10"
CLINIC, OWN = SourceMark("s1", "file", "clinic.json"), SourceMark("s2", "manual", "")
_NUMBER = count()


def ago(days: float) -> str:
    """The day so many days before today."""
    return (TODAY - timedelta(days=days)).date().isoformat()


def record(item: Item, standing: Standing = Standing.CURRENT, source: SourceMark = CLINIC) -> Record:
    return Record(f"r{next(_NUMBER):05d}", item, standing, (source,), TODAY)


def concept(system: str, code: str, display: str = "") -> Concept:
    return Concept((Coding(system, code, display),), display)


def problem(code: str, system: str = SNOMED, display: str = "", *, start: str = "2015-03-02", status: str = "active", verification: str = "confirmed", end: str = "", standing: Standing = Standing.CURRENT, source: SourceMark = CLINIC) -> Record:
    named = concept(system, code, display) if code else Concept((), display)
    return record(Item("Condition", "conditions", named, status, verification, start, end), standing, source)


def medicine(code: str, system: str = ATC, display: str = "", *, status: str = "active", start: str = "", end: str = "", intent: str = "order") -> Record:
    named = concept(system, code, display) if code else Concept((), display)
    return record(Item("MedicationRequest", "medicines", named, status, "", start or ago(100), end, detail=(("intent", intent),)))


def rxnorm(display: str, **more: str) -> Record:
    return medicine("314076", RXNORM, display, **more)


def smoking(code: str, days: float = 30, display: str = "", standing: Standing = Standing.CURRENT) -> Record:
    asked = concept(LOINC, "72166-2")
    value = Value(asked, "coded", text=display, coding=Coding(SNOMED, code, display))
    return record(Item("Observation", "social", asked, "final", "", ago(days), values=(value,)), standing)


def pregnancy(code: str, days: float) -> Record:
    asked = concept(LOINC, "82810-3")
    return record(Item("Observation", "social", asked, "final", "", ago(days), values=(Value(asked, "coded", coding=Coding(SNOMED, code)),)))


def visit(days: float = 10) -> Record:
    """A contact with a clinic that says nothing else."""
    return record(Item("Encounter", "encounters", Concept((), "Visit"), "finished", "", ago(days)))


def point(value: float, days: float = 30, **more: object) -> Point:
    at = AT - round(days * 86_400) * 1_000_000_000
    return Point(at, value, (TODAY - timedelta(days=days)).isoformat(), record_id=f"m{next(_NUMBER)}", source_ids=("s1",), **more)  # type: ignore[arg-type]


def typed(key: str, value: float, days: float = 0, unit: str = "", choice: str = "") -> Typed:
    return Typed(key, value, AT - round(days * 86_400) * 1_000_000_000, ago(days), unit, choice)


def known(records: Iterable[Record] = (), *, born: str = "1970-04-02", gender: str = "female", said: Iterable[Typed] = (), deceased: str = "", **points: Iterable[Point]) -> Evidence:
    """The evidence of a small record."""
    from dataclasses import replace

    profile = PersonProfile(birth_date=born, gender=gender, deceased=deceased)
    found = evidence(profile, list(records), {key: list(rows) for key, rows in points.items()}, AT)
    return replace(found, typed={one.key: one for one in said})


LISTED = (problem("195967001", display="Asthma"), visit())
"""A problem list with something else on it, kept lately."""
TAKING = (medicine("R03AC02", display="salbutamol"), visit())
"""A list of medicines with something else on it."""
