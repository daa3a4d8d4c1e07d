"""This is the place where a care team's office hours are defined, and the promise that follows from them: by when a message is answered. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS_AHEAD = 400
"""How far a promise or the next opening is looked for."""
LONGEST_PROMISE = timedelta(hours=200)

Day = tuple[time, time] | None
"""From and to on one day of the week; None: closed."""


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the team is there: `zone` an IANA name, `days` Monday to Sunday, `promise_minutes` how long an answer takes at most, counted in office hours
    (0: nothing is promised), `closed` single days on which nobody is there."""

    zone: str
    days: tuple[Day, ...]
    promise_minutes: int = 0
    closed: tuple[date, ...] = ()


def is_open(hours: OfficeHours, at: datetime) -> bool:
    return any(start <= at < end for start, end in _spans(hours, at, days=2))


def next_open(hours: OfficeHours, at: datetime) -> datetime | None:
    """When somebody is there again: this very moment where somebody is; None where nobody ever is."""
    return next((max(start, at) for start, end in _spans(hours, at) if end > at), None)


def promised(hours: OfficeHours, at: datetime) -> datetime | None:
    """Until when a message that comes now is answered; None where nothing is promised or nobody is ever there."""
    left = timedelta(minutes=hours.promise_minutes)
    if left <= timedelta(0):
        return None
    for start, end in _spans(hours, at):
        begin = max(start, at)
        if begin >= end:
            continue
        if end - begin >= left:
            return begin + left
        left -= end - begin
    return None


def _spans(hours: OfficeHours, at: datetime, days: int = MOST_DAYS_AHEAD) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of office hours from the day before on, in UTC."""
    zone = ZoneInfo(hours.zone)
    first = at.astimezone(zone).date() - timedelta(days=1)
    for ahead in range(days + 1):
        day = first + timedelta(days=ahead)
        span = hours.days[day.weekday()]
        if span is None or day in hours.closed:
            continue
        start, end = (datetime.combine(day, clock, zone).astimezone(UTC) for clock in span)
        if start < end:
            yield start, end
