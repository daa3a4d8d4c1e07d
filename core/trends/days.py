"""This is the place where samples are put on the person's own clock: which instant, which local time, which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any

import numpy as np

from core.domain.samples import ERASED, FLOATING, IMPLAUSIBLE, UTC_ONLY, Columns
from core.trends.columns import DAY_NS, HOUR_NS

SECOND_NS = 1_000_000_000
MINUTE_NS = 60 * SECOND_NS
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Settled:
    """Samples whose instant and local clock are both known: `start`, `end` int64 ns UTC; `local`, `local_end` int64 ns of the clock on
    the wall; `value` float64; `quality` uint8; `guessed` bool: one of the two clocks was found without a known zone."""

    start: np.ndarray
    end: np.ndarray
    local: np.ndarray
    local_end: np.ndarray
    value: np.ndarray
    quality: np.ndarray
    guessed: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Any) -> Settled:
        """The same columns for some rows (slice, mask or indices)."""
        return Settled(*(getattr(self, name)[rows] for name in _NAMES))

    @property
    def usable(self) -> np.ndarray:
        """Mask of the samples that may be used: neither implausible nor taken back."""
        return (self.quality & (IMPLAUSIBLE | ERASED)) == 0

    @classmethod
    def joined(cls, parts: Sequence[Settled]) -> Settled:
        """One after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return settle(Columns.empty(), None)
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in _NAMES))


_NAMES = tuple(field.name for field in fields(Settled))


def settle(columns: Columns, zone: tzinfo | None) -> Settled:
    """Both clocks of every sample.

    A sample with its own offset keeps it for its start; its end has the same offset unless the zone is known, agrees with the
    offset at the start and changes in between. UTC_ONLY: the local clock is the zone's. FLOATING: the instant is the zone's; a
    time that the clocks jump over in spring is read as if they had not jumped yet, of the hour that comes twice in autumn the
    first is meant, the second where the series has already passed it. Without a zone both clocks are UTC and `guessed`."""
    order_matters = columns.offset == FLOATING
    utc_only = columns.offset == UTC_ONLY
    shift = np.where(order_matters | utc_only, 0, columns.offset).astype(np.int64) * MINUTE_NS
    start, end = columns.start.astype(np.int64, copy=True), columns.end.astype(np.int64, copy=True)
    local, local_end = start + shift, end + shift
    if zone is None:
        return Settled(start, end, local, local_end, columns.value, columns.quality, order_matters | utc_only)
    if utc_only.any():
        local[utc_only] = start[utc_only] + offsets(start[utc_only], zone)
        local_end[utc_only] = end[utc_only] + offsets(end[utc_only], zone)
    if order_matters.any():
        start[order_matters] = instants(local[order_matters], zone)
        end[order_matters] = np.maximum(instants(local_end[order_matters], zone), start[order_matters])
    known = ~(order_matters | utc_only) & (end > start)
    if known.any():
        at_start, at_end = offsets(start[known], zone), offsets(end[known], zone)
        local_end[known] += np.where(at_start == shift[known], at_end - at_start, 0)
    return Settled(start, end, local, local_end, columns.value, columns.quality, np.zeros(len(start), dtype=bool))


@dataclass(frozen=True, eq=False, slots=True)
class Turns:
    """When a zone's clocks change within a stretch of time: `at` the instants (ns, ascending) and `ahead` the offsets (ns) before the
    first, between, and after the last."""

    at: np.ndarray
    ahead: np.ndarray


def turns(zone: tzinfo, first: int, last: int) -> Turns:
    """Every change of the clocks between two instants (ns), found to the second."""
    days = range(first // DAY_NS, last // DAY_NS + 2)
    noted = [(day * DAY_NS, _offset(day * DAY_NS, zone)) for day in days]
    at: list[int] = []
    ahead = [noted[0][1]]
    for (low, before), (high, after) in pairwise(noted):
        if before != after:
            at.append(_turn(low, high, zone))
            ahead.append(after)
    return Turns(np.array(at, dtype=np.int64), np.array(ahead, dtype=np.int64))


def _turn(low: int, high: int, zone: tzinfo) -> int:
    """The first second at which the clock shows what it shows at `high`."""
    after = _offset(high, zone)
    low, high = low // SECOND_NS, high // SECOND_NS
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(middle * SECOND_NS, zone) == after:
            high = middle
        else:
            low = middle
    return high * SECOND_NS


def _offset(at: int, zone: tzinfo) -> int:
    try:
        offset = (_EPOCH + timedelta(microseconds=at // 1000)).astimezone(zone).utcoffset() or timedelta()
    except OverflowError:
        return 0
    return (offset.days * 86_400 + offset.seconds) * SECOND_NS


def offsets(at: np.ndarray, zone: tzinfo) -> np.ndarray:
    """How far the zone's clock is ahead of UTC at each instant (ns)."""
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    found = turns(zone, int(at.min()), int(at.max()))
    return found.ahead[np.searchsorted(found.at, at, side="right")]


def instants(local: np.ndarray, zone: tzinfo) -> np.ndarray:
    """The instants of clock readings (ns). A reading that the clocks jump over is read as if they had not jumped yet; of one that
    comes twice the first is meant, unless the readings before it have already passed it."""
    if not len(local):
        return np.zeros(0, dtype=np.int64)
    found = turns(zone, int(local.min()) - DAY_NS, int(local.max()) + DAY_NS)
    ends = found.at + found.ahead[:-1]  # what the clock would show when each stretch ends
    stretch = np.searchsorted(ends, local, side="right")
    first = local - found.ahead[stretch]
    begins = np.concatenate([[np.iinfo(np.int64).min], found.at])
    skipped = first < begins[stretch]
    first = np.where(skipped, local - found.ahead[np.maximum(stretch - 1, 0)], first)
    return _second_time(local, first, zone) if len(found.at) else first


def _second_time(local: np.ndarray, first: np.ndarray, zone: tzinfo) -> np.ndarray:
    """Move readings of the hour that comes twice to its second time, where the series goes back on the clock."""
    if len(local) < 2:
        return first
    back = np.flatnonzero(np.diff(local) < 0) + 1
    if not len(back):
        return first
    moved = first.copy()
    for at in back:
        until = at
        while until < len(local) and (other := _later(int(local[until]), int(first[until]), zone)) is not None:
            moved[until] = other
            until += 1
    return moved


def _later(local: int, first: int, zone: tzinfo) -> int | None:
    """The second instant at which the clock shows this, or None where it shows it once."""
    for ahead in (HOUR_NS, HOUR_NS // 2, 2 * HOUR_NS):
        if _offset(first + ahead, zone) == local - (first + ahead):
            return first + ahead
    return None


def day_numbers(local: np.ndarray) -> np.ndarray:
    """Local days since 1970-01-01 (int32) of clock readings."""
    return (local // DAY_NS).astype(np.int32)


def day_of(number: int) -> date:
    """The day with this number."""
    return _EPOCH_DAY + timedelta(days=int(number))


def number_of(day: date) -> int:
    """The number of a day."""
    return (day - _EPOCH_DAY).days


def day_span(day: date, zone: tzinfo | None) -> tuple[int, int]:
    """The instants (ns) at which a local day begins and ends: 23, 24 or 25 hours apart, or half an hour more or less."""
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: tzinfo | None) -> int:
    """The instant (ns) at which a local day begins; where midnight is jumped over, the first instant of the day."""
    local = np.array([number_of(day) * DAY_NS], dtype=np.int64)
    if zone is None:
        return int(local[0])
    at = int(instants(local, zone)[0])
    here = (_EPOCH + timedelta(microseconds=at // 1000)).astimezone(zone)
    if here.date() == day and here.timetz().replace(tzinfo=None) == time():
        return at
    # midnight does not exist on this day: the day begins where the clocks jumped
    low, high = at - 2 * HOUR_NS, at + 3 * HOUR_NS
    while high - low > MINUTE_NS:
        middle = (low + high) // 2
        if (_EPOCH + timedelta(microseconds=middle // 1000)).astimezone(zone).date() >= day:
            high = middle
        else:
            low = middle
    return high // MINUTE_NS * MINUTE_NS


def midnights(first: date, last: date, zone: tzinfo | None) -> np.ndarray:
    """The instants at which each local day from `first` to `last` begins, and the end of the last (int64 ns)."""
    days = range((last - first).days + 2)
    return np.array([midnight(first + timedelta(days=n), zone) for n in days], dtype=np.int64)
