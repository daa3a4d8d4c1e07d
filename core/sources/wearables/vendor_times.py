"""This is the place where the clocks of vendors' interfaces are read: zones by name or number, local clocks counted since 1970."""

from __future__ import annotations

import re
from typing import Any

from core.domain.samples import FLOATING, UTC_ONLY
from core.sources.wearables.apple_times import offset_in
from core.sources.wearables.clock import DAY, HOUR, MINUTE, SECOND, wall
from core.sources.wearables.json_fields import BAD_TIME, Odd, When, epoch, number

_OFFSET = re.compile(r"(?:GMT|UTC)?([+-])(\d{2}):?(\d{2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z|[+-]\d{4})?)?")


def offset_of(zone: Any, ns: int) -> int:
    """The offset in minutes of "-0800", "GMT-0600", -8 (hours), -21600 (seconds) or a zone's name, else UTC_ONLY."""
    if isinstance(zone, bool) or zone is None:
        return UTC_ONLY
    if isinstance(zone, int | float):
        if not -1e6 < zone < 1e6:
            return UTC_ONLY
        minutes = zone * 60 if abs(zone) <= 15 else zone / 60
        return round(minutes) if abs(minutes) <= 15 * 60 else UTC_ONLY
    if not isinstance(zone, str):
        return UTC_ONLY
    found = _OFFSET.fullmatch(zone.strip())
    if found is None:
        named = offset_in(zone.strip(), ns)
        return UTC_ONLY if named is None else named
    minutes = (int(found[2]) * 60 + int(found[3])) * (-1 if found[1] == "-" else 1)
    return minutes if abs(minutes) <= 15 * 60 else UTC_ONLY


def at_epoch(value: Any, zone: Any, until: Any = None) -> When | Odd:
    """Seconds since 1970 UTC with the zone beside them; `until` ends the time."""
    start, end = epoch(value), epoch(until) if until is not None else None
    if start is None or (until is not None and end is None):
        return BAD_TIME
    return When(start, end, offset_of(zone, start))


def at_local_epoch(value: Any, zone: Any, until: Any = None) -> When | Odd:
    """Seconds since 1970 of the local clock, with its offset beside them; without one the clock floats."""
    start, end = epoch(value), epoch(until) if until is not None else None
    if start is None or (until is not None and end is None):
        return BAD_TIME
    offset = offset_of(zone, start)
    if offset == UTC_ONLY:
        return When(start, end, FLOATING)
    return When(start - offset * MINUTE, None if end is None else end - offset * MINUTE, offset)


def local_day(year: int, month: int, day: int) -> When | Odd:
    """A day of the local clock."""
    start = wall(year, month, day)
    return BAD_TIME if start is None else When(start, start + DAY, FLOATING)


def day_of(value: Any) -> When | Odd:
    """The local day of 20150810, "20150810" or "2015-08-10"."""
    digits = str(value).replace("-", "") if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not re.fullmatch(r"[0-9]{8}", digits):
        return BAD_TIME
    return local_day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))


def hour_of(digits: str) -> When | Odd:
    """The local hour of "2015081009"."""
    if not re.fullmatch(r"[0-9]{10}", digits):
        return BAD_TIME
    start = wall(int(digits[:4]), int(digits[4:6]), int(digits[6:8]), int(digits[8:]))
    return BAD_TIME if start is None else When(start, start + HOUR, FLOATING)


def compact(value: Any) -> tuple[int, int] | None:
    """(ns, offset) of "20121212T071430+0200"."""
    found = _COMPACT.fullmatch(value.strip()) if isinstance(value, str) and len(value) < 40 else None
    if found is None:
        return None
    at = wall(*(int(part or 0) for part in found.groups()[:6]))
    if at is None or not found[7]:
        return None if at is None else (at, FLOATING)
    if found[7] == "Z":
        return at, UTC_ONLY
    offset = offset_of(found[7], 0)
    return None if offset == UTC_ONLY else (at - offset * MINUTE, offset)


def lasting(begin: tuple[int, int] | None, seconds: Any) -> When | Odd:
    """From a moment on, so many seconds."""
    lasts = number(seconds, written=True)
    if begin is None or isinstance(lasts, Odd) or not 0 <= lasts < 1e8:
        return BAD_TIME
    return When(begin[0], begin[0] + int(lasts * SECOND), begin[1])
