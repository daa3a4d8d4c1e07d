"""This is the place where the time axis of a chart gets its ticks: few, upright, in the reader's language and local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from core.ui.words import Words

MOST_TICKS = 6
LAST_YEAR = 9999
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MINUTE_MS = 60 * 1000
_STEPS = (
    ("hour", 1), ("hour", 2), ("hour", 4), ("hour", 8), ("day", 1), ("day", 2), ("day", 3), ("day", 7), ("day", 14), ("month", 1), ("month", 2), ("month", 3), ("month", 6),
    ("year", 1), ("year", 2), ("year", 5), ("year", 10), ("year", 25),
)  # fmt: skip
_DAYS_IN = {"hour": 1 / 24, "day": 1.0, "month": 30.44, "year": 365.25}


@dataclass(frozen=True)
class Ticks:
    """Where the ticks stand (local milliseconds since 1970) and what they say."""

    at: tuple[float, ...]
    text: tuple[str, ...]


def local_ms(time: np.ndarray, zone: tzinfo) -> np.ndarray:
    """Instants (int64 ns UTC) as milliseconds of the clock on the reader's wall, which is what a date axis shows."""
    ms = np.asarray(time, dtype="int64") // 1_000_000
    minutes, which = np.unique(ms // _MINUTE_MS, return_inverse=True)  # clocks change at whole minutes
    moved = [_offset_ms(_EPOCH + timedelta(milliseconds=int(minute) * _MINUTE_MS), zone) for minute in minutes]
    return np.asarray(ms + np.asarray(moved, dtype="int64")[which], dtype="float64")


def one_ms(when: datetime, zone: tzinfo) -> float:
    """One instant as milliseconds of the reader's clock."""
    return _wall(when.astimezone(zone))


def _offset_ms(when: datetime, zone: tzinfo) -> int:
    offset = when.astimezone(zone).utcoffset()
    return round(offset.total_seconds() * 1000) if offset else 0


def ticks(t: Words, start: datetime, end: datetime) -> Ticks:
    """At most six ticks between two instants, at the start of hours, days, months or years."""
    first, last = start.astimezone(t.zone), end.astimezone(t.zone)
    span = max((last - first).total_seconds() / 86400, 1 / 24)
    unit, step = next(((u, n) for u, n in _STEPS if span / (_DAYS_IN[u] * n) <= MOST_TICKS), _STEPS[-1])
    found: list[tuple[float, str]] = []
    at = _first(first, unit, step)
    while at <= last and at.year + step < LAST_YEAR:
        if at >= first:
            found.append((_wall(at), _said(t, at, unit, step)))
        at = _next(at, unit, step)
    return Ticks(tuple(ms for ms, _ in found), tuple(text for _, text in found))


def _wall(local: datetime) -> float:
    naive = local.replace(tzinfo=None)
    return (naive - datetime(1970, 1, 1)).total_seconds() * 1000  # noqa: DTZ001  (both are readings of the same clock)


def _first(local: datetime, unit: str, step: int) -> datetime:
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit in ("day", "hour"):
        return day
    if unit == "month":
        return day.replace(day=1, month=(day.month - 1) // step * step + 1)
    return day.replace(day=1, month=1, year=max(day.year // step * step, 1))


def _next(at: datetime, unit: str, step: int) -> datetime:
    if unit == "hour":
        return at + timedelta(hours=step)
    if unit == "day":
        return (at + timedelta(days=step)).replace(hour=0)
    if unit == "year":
        return at.replace(year=at.year + step)
    months = at.year * 12 + at.month - 1 + step
    return at.replace(year=months // 12, month=months % 12 + 1)


def _said(t: Words, at: datetime, unit: str, step: int) -> str:
    if unit == "year":
        return t.as_written(at, "year")
    if unit == "hour" and at.hour:
        return t.as_written(at, "time")
    if unit == "month" and step >= 3:
        return t.as_written(at, "month_short")
    return t.as_written(at, "day_tick" if unit in ("day", "hour") else "day_short")
