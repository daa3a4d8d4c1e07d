"""This is the place where the parts of a regimen are defined: moments of a day, cadences, bounds, and the steps they make."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.medications.terms import Amount, Asked, AsNeeded, Noted


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of a local day: seconds after midnight, or after one of the person's own hours ("wake", "breakfast", "lunch", "dinner", "sleep")."""

    seconds: int
    base: str = ""


@dataclass(frozen=True, slots=True)
class Length:
    """How long something lasts: in days, weeks, months or years by the calendar ("d", "wk", "mo", "a"), or in seconds ("s")."""

    value: float
    unit: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """From when until when: FHIR times as written ("" none; a day is a whole local day, the last one included), or a length from the start."""

    start: str = ""
    end: str = ""
    length: Length | None = None


@dataclass(frozen=True, slots=True)
class Cadence:
    """On which local days: every `every` days, weeks, months or years ("d", "wk", "mo", "a") from the start; only on `weekdays` (0 Monday) where
    there are any; the first `on` of every `of` days where `of` is not 0."""

    unit: str = "d"
    every: int = 1
    weekdays: frozenset[int] = frozenset()
    on: int = 0
    of: int = 0


EVERY_DAY, UNBOUNDED = Cadence(), Bounds()


@dataclass(frozen=True, slots=True)
class Step:
    """One dosage instruction that is planned. Exactly one of `moments` (with `cadence`: named times of days), `spacing` (regular, in elapsed time)
    or `instants` says when. `after` are the indices of the steps (in the regimen) that must have ended first, as in a taper; `count` is how many doses in all."""

    index: int
    moments: tuple[Moment, ...] = ()
    cadence: Cadence = EVERY_DAY
    spacing: timedelta | None = None
    instants: tuple[datetime, ...] = ()
    days: tuple[str, ...] = ()
    """Dates of `timing.event` without a time: the usual clock of those days."""
    bounds: Bounds = UNBOUNDED
    count: int | None = None
    after: tuple[int, ...] = ()
    amount: Amount | None = None
    text: str = ""
    rate: str = ""


@dataclass(frozen=True, slots=True)
class Regimen:
    """How a medicine is taken: the steps that are planned, what may be taken when needed, what must be asked first (then there are no steps), and
    what was assumed. `authored` and `until` (FHIR times, "" unknown) bound all of it."""

    steps: tuple[Step, ...] = ()
    as_needed: tuple[AsNeeded, ...] = ()
    asked: tuple[Asked, ...] = ()
    notes: tuple[Noted, ...] = ()
    authored: str = ""
    until: str = ""
