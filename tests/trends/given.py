"""This is the place where records are made up for the tests of trends."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from core.domain.codes import LOINC, SNOMED, Coding, Concept
from core.domain.records import Item, PersonProfile, Record, Reference, SourceMark, Standing, Value
from core.domain.signals import SIGNALS
from core.domain.targets import Traits
from core.trends import Standards

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
CLINIC = SourceMark("s-clinic", "server", "Riverbend Clinic")
CUFF = SourceMark("s-home", "file", "Beatdiary Home App")
ADULT = Standards(Traits(60, "female"))
DIABETIC = Standards(Traits(60, "female", diabetes=True))
CHINESE = Standards(Traits(60, "male", family="china_2024"))


def ago(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def value(signal: str, number: float | None, unit: str = "", **more: object) -> Value:
    row = SIGNALS.get(signal)
    code = row.loinc[0] if row else "x-1"
    given: dict[str, object] = {
        "concept": Concept((Coding(LOINC, code),), signal), "form": "quantity", "number": number, "unit": unit or (row.unit if row else ""),
        "signal": signal if row else "",
    }  # fmt: skip
    return Value(**{**given, **more})  # type: ignore[arg-type]


def record(record_id: str, item: Item, **more: object) -> Record:
    given: dict[str, object] = {"standing": Standing.CURRENT, "sources": (CLINIC,), "received_at": NOW - timedelta(days=1)}
    return Record(record_id, item, **{**given, **more})  # type: ignore[arg-type]


def observation(
    record_id: str, values: tuple[Value, ...], when: str, item: dict[str, object] | None = None, **more: object
) -> Record:
    first = values[0] if values else None
    given: dict[str, object] = {
        "kind": "Observation", "group": "vitals", "concept": first.concept if first else Concept(), "status": "final", "start": when, "values": values,
    }  # fmt: skip
    return record(record_id, Item(**{**given, **(item or {})}), **more)  # type: ignore[arg-type]


def one(signal: str, number: float, days: float, unit: str = "", **more: object) -> Record:
    """One reading of a signal, some days before NOW."""
    return observation(f"{signal}-{days}", (value(signal, number, unit, **more),), ago(days))


def pressure(upper: float, lower: float, days: float, *, source: SourceMark = CUFF, **more: object) -> Record:
    """One blood pressure, diastolic first, as half of the world sends it."""
    halves = (value("dbp", lower), value("sbp", upper))
    return observation(f"bp-{days}-{upper}", halves, ago(days), sources=(source,), **more)


def allergy(record_id: str = "a1") -> Record:
    return record(record_id, Item("AllergyIntolerance", "allergies", Concept((Coding(SNOMED, "716186003"),), "No known allergy")))


def condition(code: str, system: str = SNOMED, status: str = "active", start: str = "2020", **item: object) -> Record:
    body = Item("Condition", "conditions", Concept((Coding(system, code),)), status=status, start=start, **item)  # type: ignore[arg-type]
    return record(f"c-{code}-{status}", body)


def goal(values: tuple[Value, ...], status: str = "active", start: str = "2026-01-01", record_id: str = "g1") -> Record:
    return record(record_id, Item("Goal", "plans", Concept((), "Goal"), status=status, start=start, values=values))


def medicine(record_id: str, status: str, start: str, end: str = "", name: str = "Amlodipine 5 mg", **item: object) -> Record:
    concept = Concept((Coding("http://www.nlm.nih.gov/research/umls/rxnorm", name),), name)
    body = Item("MedicationRequest", "medicines", concept, status=status, start=start, end=end, **item)  # type: ignore[arg-type]
    return record(record_id, body)


PERSON = PersonProfile(birth_date="1966-05-04", gender="female")
PERFORMER = Reference("performer", "https://a.example|Patient/1", "")
