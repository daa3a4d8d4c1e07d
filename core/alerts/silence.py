"""This is the place where a silence is told: a source that has been quiet for longer than the team said, or than is usual for the person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil

from core.alerts.own import Expected
from core.alerts.readings import Reading

KNOWN_DAYS = 7
"""From so many days with data on the person's own habit is known; with fewer nothing is said (the habit of missing.py)."""
LOOKED_BACK = 90
LEAST_DAYS = 3.0
TIMES = 2.0
_SHARE = 0.9
"""Silent for too long: TIMES the gap that nine of ten of the person's own gaps keep, and LEAST_DAYS at least. Ours, no clinical limit."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A source: silent for so many days, more than `limit`; `last` is its newest reading (None: there never was one), `since` when counting began."""

    source: str
    days: float
    limit: float
    since: datetime
    last: datetime | None
    usual: float | None = None


def newest(readings: Sequence[Reading], expected: Expected) -> datetime | None:
    return max((one.at for one in readings if one.signal in expected.signals), default=None)


def due_from(expected: Expected, paused_until: datetime | None) -> datetime | None:
    """Before this nothing is expected: not due yet, or paused."""
    return max((when for when in (expected.not_before, paused_until) if when is not None), default=None)


def silence(readings: Sequence[Reading], expected: Expected, paused_until: datetime | None, now: datetime) -> Silence | None:
    """The silence of a source at `now`, or None: it isn't one, nothing is due, or nothing is known of what is usual."""
    start, last = due_from(expected, paused_until), newest(readings, expected)
    since = max((when for when in (start, last) if when is not None), default=None)
    if since is None or since > now:
        return None
    usual = usual_gap(readings, expected) if expected.every_days is None else None
    limit = expected.every_days if expected.every_days is not None else None if usual is None else max(LEAST_DAYS, TIMES * usual)
    days = (now - since) / timedelta(days=1)
    if limit is None or days <= limit:
        return None
    return Silence(expected.source, days, limit, since, last, usual)


def usual_gap(readings: Sequence[Reading], expected: Expected) -> float | None:
    """The days between days with data that nine of ten of this person's gaps keep; None with fewer than KNOWN_DAYS days."""
    days = sorted({one.day for one in readings if one.signal in expected.signals})
    days = [day for day in days if day >= days[-1] - LOOKED_BACK]
    if len(days) < KNOWN_DAYS:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    return float(gaps[ceil(_SHARE * len(gaps)) - 1])
