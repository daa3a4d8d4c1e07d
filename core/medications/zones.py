"""This is the place where local days and clock times become instants: over changes of the clock, in any zone, on journeys.

A time that the clock skips is read with the offset before the change (02:30 becomes 03:30 summer time), one that comes twice is the first of the two
(RFC 5545, 3.3.5). A day that a zone leaves out altogether has no doses.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.medications.terms import Habits

EVER, NEVER = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 29, tzinfo=UTC)
_DAY = 86_400


@lru_cache(maxsize=1_000)
def zone_named(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises ValueError (ZoneInfoNotFoundError, a KeyError) for a name that is none."""
    return ZoneInfo(name)


@lru_cache(maxsize=200_000)
def local(zone: str, day: int, seconds: int) -> tuple[int, datetime] | None:
    """The instant of a local day (proleptic ordinal) and seconds after its midnight (may be of the day before or after): (unix seconds, aware local
    time). None where the zone has no such day."""
    day, seconds = day + seconds // _DAY, seconds % _DAY
    found = zone_named(zone)
    wanted = datetime.combine(date.fromordinal(day), time(), found) + timedelta(seconds=seconds)  # wall clock arithmetic
    utc = wanted.astimezone(UTC)
    real = utc.astimezone(found)
    if real.date() != wanted.date() and not _leaps_midnight(wanted, real):
        return None
    return int(utc.timestamp()), real


def _leaps_midnight(wanted: datetime, real: datetime) -> bool:
    """Whether the clock merely jumps over midnight (by hours), and no whole day is missing."""
    return abs(real.replace(tzinfo=None) - wanted.replace(tzinfo=None)) < timedelta(hours=12)


def segments(habits: Habits) -> tuple[tuple[datetime, datetime, str], ...]:
    """Where the person is when: (from, until, zone), one after the other over all time."""
    starts = [(EVER, habits.zone), *sorted(habits.moves, key=lambda move: move[0])]
    ends = [*(at for at, _ in starts[1:]), NEVER]
    return tuple((start, end, zone) for (start, zone), end in zip(starts, ends, strict=True) if start < end)


def zone_at(habits: Habits, instant: datetime) -> ZoneInfo:
    """The zone the person is in at an instant."""
    if not habits.moves:
        return zone_named(habits.zone)
    name = next((zone for start, end, zone in segments(habits) if start <= instant < end), habits.zone)
    return zone_named(name)


def midnight(habits: Habits, day: date) -> datetime:
    """When a local day begins where the person is then."""
    return at_clock(habits, day, 0)


def at_clock(habits: Habits, day: date, seconds: int) -> datetime:
    """The instant of a clock time of a local day where the person is then; on a day that does not exist there, the end of the day before."""
    if not habits.moves and (made := local(habits.zone, day.toordinal(), seconds)) is not None:
        return made[1]
    found = None
    for start, end, zone in segments(habits):
        made = local(zone, day.toordinal(), seconds) or local(zone, day.toordinal() + 1, 0)
        if made is None:
            continue
        found = made[1]
        if start <= made[1] < end:
            return made[1]
    return found if found is not None else datetime.combine(day, time(), UTC)
