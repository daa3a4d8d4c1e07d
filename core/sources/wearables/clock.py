"""This is the place where the times of device files are read, with the clock they were written by."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from core.domain.samples import FLOATING, UTC_ONLY

_ISO = re.compile(
    r"^\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9})\d*)?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?\s*$", re.IGNORECASE
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = 1_000_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def moment(text: object) -> tuple[int, int] | None:
    """(ns, offset) of an ISO 8601 text: with an offset the true instant and the offset in minutes; with Z the instant and
    UTC_ONLY; without either the local clock as if it were UTC and FLOATING. A bare day is its midnight. None: no such time."""
    found = _ISO.match(text) if isinstance(text, str) and len(text) <= 60 else None
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    leap = second == 60
    at = wall(year, month, day, hour, minute, 59 if leap else second)
    if at is None:
        return None
    fraction = int((found[7] or "").ljust(9, "0")) if found[7] else 0
    at += fraction + (SECOND if leap else 0)
    zone = (found[8] or "").upper()
    if not zone:
        return at, FLOATING
    if zone in ("Z", "UTC"):
        return at, UTC_ONLY
    digits = zone[1:].replace(":", "")
    minutes = (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if zone[0] == "-" else 1)
    if abs(minutes) > 15 * 60:
        return None
    return at - minutes * MINUTE, minutes


def wall(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> int | None:
    """The ns of a clock reading taken as UTC, or None where the calendar has no such day or the clock no such time."""
    try:
        since = datetime(year, month, day, hour, minute, second, tzinfo=UTC) - _EPOCH
    except ValueError:
        return None
    return (since.days * 86_400 + since.seconds) * SECOND


def offset_minutes(seconds: object) -> int:
    """A UTC offset in seconds as minutes, or UTC_ONLY where it is none that a zone could have."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds != seconds or abs(seconds) > 15 * 3600:
        return UTC_ONLY
    return round(seconds / 60)
