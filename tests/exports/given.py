"""This is the place where the records, people and summaries of the export tests are made."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace

from core.domain.codes import LOINC, Coding, Concept
from core.domain.records import Contact, Item, Person, PersonName, PersonProfile, Record, SourceMark, Standing, Value

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GLUCOSE = Concept((Coding(LOINC, "15074-8", "Glucose"),), "Glucose")
HOSPITAL = SourceMark("s1", "file", "City hospital")


def quantity(number: float, unit: str = "mmol/L", **more: object) -> Value:
    return Value(GLUCOSE, "quantity", number, unit, **more)  # type: ignore[arg-type]


def record(*values: Value, title: str = "", record_id: str = "r1", **more: object) -> Record:
    item = Item("Observation", "labs", Concept((), title) if title else GLUCOSE, "final", start="2026-11-01", values=values, **more)  # type: ignore[arg-type]
    return Record(record_id, item, Standing.CURRENT, (HOSPITAL,), NOW)


def person(*, synthetic: bool = False) -> Person:
    return Person("p1", PersonProfile((PersonName("Ana"),)), 1, NOW, synthetic)


def line(title: str, when: str = "2021-03-01", **detail: str) -> SimpleNamespace:
    return SimpleNamespace(title=title, when=when, detail=tuple(detail.items()), sources=(HOSPITAL,))


def reading(signal: str, *values: Value, when: str = "2026-11-18T08:00:00+08:00", stale: bool = False) -> SimpleNamespace:
    return SimpleNamespace(label=f"signal.{signal}", values=values, when=when, stale=stale, sources=(HOSPITAL,))


def summary(**more: object) -> SimpleNamespace:
    """What the Today view of a person says, as far as the page reads it."""
    who = SimpleNamespace(
        name="王小明 Ana",
        names=(),
        birth_date="1951-04-03",
        gender="female",
        deceased="",
        contacts=(Contact("Li Wei", "daughter", "+86 10 5550100"),),
        synthetic=True,
    )
    said = {
        "made_at": NOW,
        "person": who,
        "problems": [line("Essential hypertension")],
        "medicines": [line("Metformin 500 mg", dosage="1 tablet twice daily")],
        "allergies": SimpleNamespace(state="listed", lines=[line("Penicillin V", reaction="Anaphylaxis")]),
        "readings": [
            reading(
                "blood_pressure",
                Value(GLUCOSE, "quantity", 88, "mm[Hg]", signal="dbp"),
                Value(GLUCOSE, "quantity", 142, "mm[Hg]", signal="sbp"),
            ),
            reading("glucose", quantity(7.2), when="2024-11-18", stale=True),
        ],
        "emergency": SimpleNamespace(blood_group="A Rh+", implants=[line("Cardiac pacemaker")]),
    }
    return SimpleNamespace(**(said | more))
