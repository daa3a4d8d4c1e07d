"""This is the place where weekly hours say who is on call at an instant, and where there is nobody. Pure: hours are those of the wall clock in a zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from core.errors import BadInput
from core.medications.terms import DAYS

MOST_ROTAS, MOST_SHIFTS, MOST_IN_ORDER = 200, 60, 10


@dataclass(frozen=True, slots=True)
class Shift:
    """On these days ("mon" ...) from `start` until `end` ("08:00"; over midnight where that is earlier, the whole day where it is the same): accounts in the order in
    which they are told."""

    days: tuple[str, ...]
    start: str
    end: str
    accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rota:
    """Who is on call for a panel ("": for all that have none of their own), by the wall clock of `zone`."""

    panel_id: str
    zone: str
    shifts: tuple[Shift, ...] = ()


def checked(rota: Rota) -> Rota:
    """The list, or BadInput that names the place and the need."""
    if rota.zone != "UTC":
        try:
            ZoneInfo(rota.zone)
        except (ValueError, OSError, KeyError):
            raise BadInput("bad_choice", place="zone", need="a time zone such as Europe/Berlin") from None
    if len(rota.shifts) > MOST_SHIFTS:
        raise BadInput("bad_choice", place="shifts", need=f"at most {MOST_SHIFTS}")
    for number, shift in enumerate(rota.shifts, 1):
        place = f"shift {number}"
        if not shift.days or any(day not in DAYS for day in shift.days):
            raise BadInput("bad_choice", place=place, need="days: " + " ".join(DAYS))
        if not 1 <= len(shift.accounts) <= MOST_IN_ORDER or len(set(shift.accounts)) < len(shift.accounts):
            raise BadInput("bad_choice", place=place, need=f"accounts: 1 to {MOST_IN_ORDER}, each once")
        for text in (shift.start, shift.end):
            _clock(text, place)
    return rota


def on_call(rota: Rota, at: datetime) -> tuple[str, ...]:
    """The accounts on call at an instant, in the order in which they are told; () nobody."""
    local = at.astimezone(ZoneInfo(rota.zone))
    today, before = DAYS[local.weekday()], DAYS[local.weekday() - 1]
    found: dict[str, None] = {}
    for shift in rota.shifts:
        if _holds(shift, today, before, local.time()):
            found.update(dict.fromkeys(shift.accounts))
    return tuple(found)


def gaps(rota: Rota, start: datetime, length: timedelta = timedelta(days=7)) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches from `start` on in which nobody is on call."""
    end = start + length
    edges = sorted({start, *(at for at in _edges(rota, start, end) if start < at < end), end})
    found: list[tuple[datetime, datetime]] = []
    for first, last in pairwise(edges):
        if on_call(rota, first):
            continue
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return tuple(found)


def _edges(rota: Rota, start: datetime, end: datetime) -> Iterable[datetime]:
    """Every instant at which a shift may begin or end, and every midnight."""
    zone = ZoneInfo(rota.zone)
    day = start.astimezone(zone).date() - timedelta(days=1)
    clocks = {time(0), *(_clock(text, "shift") for shift in rota.shifts for text in (shift.start, shift.end))}
    while datetime.combine(day, time(0), zone) <= end:
        for clock in clocks:
            yield datetime.combine(day, clock, zone).astimezone(UTC)
        day += timedelta(days=1)


def _holds(shift: Shift, today: str, before: str, clock: time) -> bool:
    start, end = _clock(shift.start, "start"), _clock(shift.end, "end")
    if start < end:
        return today in shift.days and start <= clock < end
    return (today in shift.days and clock >= start) or (before in shift.days and clock < end)


def _clock(text: str, place: str) -> time:
    try:
        found = time.fromisoformat(text)
    except ValueError:
        raise BadInput("bad_choice", place=place, need="a time such as 08:00") from None
    if found.tzinfo is not None or found.second or found.microsecond:
        raise BadInput("bad_choice", place=place, need="a time such as 08:00")
    return found
