"""This is the place where views are made up for the tests of the screens: small, complete, and full of edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from core.care.views import (
    Allergies,
    Attention,
    Band,
    EmergencyCard,
    Fact,
    Gap,
    MedicineSpan,
    NewestReading,
    PersonView,
    RecordLine,
    SignalChoice,
    TodayView,
    TrendColumns,
    TrendQuery,
    TrendRow,
    TrendView,
)
from core.domain.codes import LOINC, Coding, Concept
from core.domain.records import Contact, PersonName, SourceMark, Standing, Value

NOW = datetime(2026, 11, 21, 9, 58, tzinfo=UTC)
CUFF = SourceMark("s1", "file", "Cuff at home")
CLINIC = SourceMark("s2", "server", "Clinic")
DAY_NS = 86_400_000_000_000


def quantity(signal: str, number: float, unit: str, **more: object) -> Value:
    return Value(Concept((Coding(LOINC, "x"),), signal), "quantity", number=number, unit=unit, signal=signal, **more)  # type: ignore[arg-type]


def line(title: str, kind: str = "Observation", group: str = "labs", **more: object) -> RecordLine:
    given: dict[str, object] = {
        "record_id": "r-" + title, "kind": kind, "group": group, "title": title, "code": "x", "system": LOINC, "when": "2026-11-18",
        "end": "", "status": "final", "verification": "", "standing": Standing.CURRENT, "values": (), "detail": (), "sources": (CLINIC,),
        "problems": (), "see_original": "", "plain": Fact(""),
    }  # fmt: skip
    return RecordLine(**{**given, **more})  # type: ignore[arg-type]


def person() -> PersonView:
    return PersonView(
        "p1", "Margaret Hill", (PersonName("Margaret Hill"),), "1954-03-02", 72, None, "female",
        contacts=(Contact("Anna Hill", "daughter", "555-0101"),), synthetic=True,
    )  # fmt: skip


def readings() -> tuple[NewestReading, ...]:
    month = tuple((1.76e9 + 86400 * i, 138.0 + (i * 7) % 11) for i in range(30))
    pressure = (quantity("sbp", 142, "mm[Hg]"), quantity("dbp", 88, "mm[Hg]"))
    weight = (quantity("weight", 78.4, "kg"),)
    plain = Fact("about.hba1c")
    return (
        NewestReading("blood_pressure", "signal.blood_pressure", pressure, "mm[Hg]", "2026-11-21T07:58:00Z", 7200, False, "watch", plain, (CUFF,), "r1", month, (None, 135.0)),
        NewestReading("hba1c", "signal.hba1c", (quantity("hba1c", 7.1, "%"),), "%", "2026-11-01", 1728000, False, "fine", plain, (CLINIC, CUFF), "r2", month[:3], None),
        NewestReading("weight", "signal.weight", weight, "kg", "2026-11-09", 1036800, True, "unknown", plain, (CUFF,), "r3", month, None),
    )  # fmt: skip


def today_view() -> TodayView:
    allergy = line("Penicillin", "AllergyIntolerance", "allergies", detail=(("reaction", "Rash"),))
    problem = line("Hypertension", "Condition", "conditions", status="active")
    medicine = line("Amlodipine 5 mg", "MedicationRequest", "medicines", status="active", detail=(("dosage", "1 tablet each morning"),))
    listed = Allergies("listed", (allergy,))
    card = EmergencyCard(person(), listed, (problem,), (medicine,), (), "A Rh D positive")
    watch = (Attention(2, Fact("about.blood_pressure"), ("r1",)),)
    return TodayView(7, NOW, person(), readings(), watch, (problem,), (medicine,), listed, card, (), 2, 1)


def trend_view(days: int = 90, **more: object) -> TrendView:
    """Blood pressure at home with two weeks missing, and three clinic values, one of them below what could be measured."""
    end, start = NOW, NOW - timedelta(days=days)
    first = int(start.timestamp() * 1e9)
    at = np.array([first + i * DAY_NS for i in range(days) if not 35 <= i < 49], dtype="int64")
    wave = np.array([(i * 7) % 13 for i in range(len(at))], dtype="float64")
    seldom = at[::30]
    columns = (
        TrendColumns("sbp", CUFF, at, 136 + wave),
        TrendColumns("sbp", CLINIC, seldom, np.full(len(seldom), 150.0), ("", "<", "")[: len(seldom)]),
        TrendColumns("dbp", CUFF, at, 82 + wave / 2),
    )
    gap = Gap("", int(at[34]), int(at[35]), "")
    bands = (Band("sbp", "target", None, 135.0), Band("sbp", "usual", 130.0, 146.0), Band("dbp", "target", None, 85.0))
    given: dict[str, object] = {
        "revision": 7, "made_at": NOW, "query": TrendQuery("blood_pressure", "3M"),
        "choices": (SignalChoice("blood_pressure", "signal.blood_pressure", "vital", len(at), "2026-11-20"), SignalChoice("hba1c", "signal.hba1c", "lab", 6, "2026-11-01")),
        "signal": "blood_pressure", "label": "signal.blood_pressure", "unit": "mm[Hg]", "decimals": 0, "start": start, "end": end, "columns": columns,
        "bands": bands, "gaps": (gap,), "sentence": (Fact("about.blood_pressure"),), "left_out": 1,
        "medicines": (MedicineSpan("Amlodipine 5 mg", "2026-10-01", "", "m1", "active"), MedicineSpan("Ramipril 5 mg", "2020", "2026-10-01", "m2", "stopped")),
        "rows": tuple(TrendRow(f"2026-11-{day:02d}", (("sbp", 140.0, ""), ("dbp", 88.0, "")), "mm[Hg]", "watch", (CUFF,), f"r{day}") for day in range(20, 0, -1)),
    }  # fmt: skip
    return TrendView(**{**given, **more})  # type: ignore[arg-type]
