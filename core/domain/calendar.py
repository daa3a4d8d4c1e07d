"""This is the place where the calendar a telephone subscribes to is defined: moments with alarms, before they become lines of a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class CalendarMoment:
    """One event: `uid` is the same however often it is given out, `at` aware, `alarms` how long before it rings (zero: at the moment).
    `lasts` is how long it takes (None: a moment, nobody is busy), `place` where, `tentative` whether it isn't agreed yet."""

    uid: str
    at: datetime
    title: str
    body: str = ""
    alarms: tuple[timedelta, ...] = (timedelta(0),)
    lasts: timedelta | None = None
    place: str = ""
    tentative: bool = False


@dataclass(frozen=True, slots=True)
class CalendarSheet:
    """All that a telephone is given: `name` as it shows it, its language, when it was made, how soon to look again."""

    name: str
    language: str
    made_at: datetime
    moments: tuple[CalendarMoment, ...]
    link: str = ""
    refresh: timedelta = timedelta(hours=1)
