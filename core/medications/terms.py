"""This is the place where the words of a schedule are defined: an order's dosage as steps, as-needed limits, questions, and the doses that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""FHIR's codes of the days of a week, by Python's numbers."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is taken at one moment: `low` to `high` (the same unless a range was written), the unit as written, its UCUM code or ""."""

    low: float
    high: float
    unit: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """When the person wakes, eats and sleeps (wall clock), and where: `zone` is an IANA name; `moves` are journeys, (from this instant on,
    that zone), in order of time. The clock times are a product choice that the person changes (shared facts, fhir_timing.json)."""

    zone: str = "UTC"
    wake: time = time(7, 0)
    breakfast: time = time(7, 30)
    lunch: time = time(12, 0)
    dinner: time = time(18, 30)
    sleep: time = time(22, 0)
    moves: tuple[tuple[datetime, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What has to be asked before doses can be planned: a stable code (`ask.<code>` says it in words), where in the order it arose
    ("dosageInstruction[0].timing.repeat.period"), the order's own words, and what kind of answer is needed: "schedule" (how it is taken),
    "times", "days", "start", "choice" (one of `options`)."""

    code: str
    place: str = ""
    text: str = ""
    needs: str = "schedule"
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Noted:
    """What was assumed or can't be planned, to be said beside the schedule: a code (`schedule_note.<code>`) and the place in the order."""

    code: str
    place: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """A medicine taken when needed: never reminded of, only logged. `least_between` None and `most_doses`/`most_amount` None where the order sets
    none; `per` is the period of those maxima. `reason` is the order's own words ("pain")."""

    amount: Amount | None
    reason: str = ""
    least_between: timedelta | None = None
    most_doses: int | None = None
    most_amount: Amount | None = None
    per: timedelta = timedelta(days=1)
    text: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """One dose: `at` is aware and in the zone the person is in then; `slot` names the dose for ever ("0@2026-03-29T08:00" for a named time of
    day, "0#17" for the 17th of a regular spacing), so that planning twice makes one; `step` is the index of the dosage instruction."""

    at: datetime
    slot: str
    step: int
    amount: Amount | None
    text: str = ""
    rate: str = ""

QUESTIONS = (
    "above_maximum", "bounds_unusable", "code_conflict", "code_unknown", "count_range", "cycle_unclear", "day_unknown",
    "days_and_frequency", "days_and_period", "dosage_unusable", "dose_range_open", "dose_unusable", "events_and_repeat",
    "free_text_ambiguous", "free_text_ambiguous_od", "free_text_conflict", "free_text_directed", "free_text_fasting",
    "free_text_meal", "free_text_range", "free_text_unclear", "frequency_range", "how_often", "no_dosage",
    "number_unusable", "offset_needed", "offset_unusable", "period_range", "sequence_unusable", "spacing_and_times", "statement_stopped",
    "taper_open", "text_conflict", "time_unusable", "times_and_frequency", "too_many_dosages", "too_often", "two_doses",
    "two_orders", "unit_unknown", "when_and_times", "when_unknown", "which_day", "which_days", "zone",
)  # fmt: skip
"""The codes of `Asked`."""
NOTES = ("text_unread", "bounds_range", "bounds_range_open", "counted_from_here")
"""The codes of `Noted`."""
