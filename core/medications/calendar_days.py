"""This is the place where calendar days are reckoned: first and last instants of written times, months that are shorter, on which days a cadence falls."""

from __future__ import annotations

import calendar
import math
from datetime import date, datetime, timedelta
from functools import lru_cache

from core.domain.time import PartialTime
from core.medications.steps import Cadence, Length
from core.medications.terms import Habits
from core.medications.zones import at_clock, midnight, zone_at

_SECOND = timedelta(seconds=1)


def first_of(habits: Habits, written: str) -> datetime:
    """The first instant of a FHIR time: a day begins at its local midnight."""
    instant, day, _ = _edges(written)
    return instant if instant is not None else midnight(habits, day)


def end_of(habits: Habits, written: str) -> datetime:
    """The first instant after a FHIR time: a day, a month, a year are over at their last local midnight."""
    instant, _, after = _edges(written)
    return instant + _SECOND if instant is not None else midnight(habits, after)


@lru_cache(maxsize=50_000)
def _edges(written: str) -> tuple[datetime | None, date, date]:
    """A FHIR time as its instant (None for a day or longer), its first day and the day after its last."""
    found = PartialTime(written)
    return found.earliest if found.precision == "instant" else None, found.local_date, found.until.date()


def later(habits: Habits, start: datetime, length: Length) -> datetime:
    """So much later: seconds as they pass, days and longer by the calendar and the wall clock."""
    if length.unit == "s":
        return start + timedelta(seconds=length.value)
    here = start.astimezone(zone_at(habits, start))
    seconds = here.hour * 3600 + here.minute * 60 + here.second
    days = {"d": 1, "wk": 7}.get(length.unit)
    if days is not None:
        whole = math.floor(length.value * days)
        day, seconds = here.date() + timedelta(days=whole), seconds + round((length.value * days - whole) * 86_400)
    else:
        day = months_later(here.date(), round(length.value * (1 if length.unit == "mo" else 12)))
    return at_clock(habits, day, seconds)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; the last day of a month that is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        return date(9998, 12, 28)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def falls_on(cadence: Cadence, began: date, day: int) -> bool:
    """Whether a local day (proleptic ordinal) is one of the cadence's."""
    since = day - began.toordinal()
    if cadence.weekdays and (day + 6) % 7 not in cadence.weekdays:
        return False
    if cadence.of:
        return since >= 0 and since % cadence.of < cadence.on
    if cadence.unit == "d":
        return cadence.every == 1 or (since >= 0 and since % cadence.every == 0)
    if cadence.unit == "wk":
        if not cadence.weekdays:
            return since >= 0 and since % (7 * cadence.every) == 0
        monday = began.toordinal() - began.weekday()
        return cadence.every == 1 or (since >= -7 and ((day - monday) // 7) % cadence.every == 0)
    there = date.fromordinal(day)
    months = (there.year - began.year) * 12 + there.month - began.month
    every = cadence.every * (1 if cadence.unit == "mo" else 12)
    return since >= 0 and months % every == 0 and there == months_later(began, months)
