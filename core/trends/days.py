"""This is the place where samples are set on the person's clock, so that a day is the day the person lived.

Three clocks come in (core/domain/samples.py); each sample goes out with its true instant and its reading of the wall clock:

- The offset is in the file: the wall clock is what the file says, also on a journey. The end has the same offset, unless the person's zone is known
  and had just that offset at the start: then the zone says what the clock showed at the end (a sleep over a clock change).
- Only the instant is in the file: the person's zone gives the wall clock.
- Only the wall clock is in the file: the person's zone gives the instant. A time that the clock left out in spring moves forward by what was
  left out; the hour that came twice in autumn is its first time, unless the order of the series shows the second: a time that
  steps back, or the same time once more. An interval that ends by the last moment of the repeated hour stays in the pass it began in.

Without a known zone UTC stands in, and each such sample is marked `guessed`: its day may be the wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta, tzinfo
from typing import Any

import numpy as np

from core.domain.samples import ERASED, FLOATING, IMPLAUSIBLE, UTC_ONLY, Columns
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.zones import Clock, clock

MINUTE_NS = HOUR_NS // 60
SECOND_NS = MINUTE_NS // 60
_UNIX = date(1970, 1, 1)


@dataclass(frozen=True, eq=False, slots=True)
class Settled:
    """Samples on one clock, as columns of one length: `start`, `end` int64 ns UTC (true instants), `local`, `local_end` int64 ns of the
    wall clock, `value` float64, `quality` uint8 bits (core/domain/samples.py), `guessed` bool (found without a known zone). `zone` is the
    person's zone they were settled by (None: not known)."""

    start: np.ndarray
    end: np.ndarray
    local: np.ndarray
    local_end: np.ndarray
    value: np.ndarray
    quality: np.ndarray
    guessed: np.ndarray
    zone: tzinfo | None = None

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Any) -> Settled:
        """The same columns for some rows (slice, mask or indices)."""
        columns: Any = [*(getattr(self, name)[rows] for name in SETTLED), self.zone]
        return Settled(*columns)

    @property
    def usable(self) -> np.ndarray:
        """Mask of the samples that may be used: neither implausible nor taken back."""
        return (self.quality & (IMPLAUSIBLE | ERASED)) == 0

    @classmethod
    def empty(cls, zone: tzinfo | None = None) -> Settled:
        return settle(Columns.empty(), zone)

    @classmethod
    def joined(cls, parts: Sequence[Settled]) -> Settled:
        """One after the other, in the order given; the zone is the first one's."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.empty()
        columns: Any = [*(np.concatenate([getattr(part, name) for part in parts]) for name in SETTLED), parts[0].zone]
        return cls(*columns)

    def between(self, rows: Any, start: np.ndarray, end: np.ndarray) -> Settled:
        """Parts of some rows: from `start` to `end` (int64 ns UTC, within the row), with what the wall clock showed then."""
        whole = self.take(rows)
        turn, before, after = whole.turns(), whole.local - whole.start, whole.local_end - whole.end
        local, local_end = start + np.where(start < turn, before, after), end + np.where(end <= turn, before, after)
        return Settled(start, end, local, local_end, whole.value, whole.quality, whole.guessed, self.zone)

    def turns(self) -> np.ndarray:
        """For each sample the instant (int64 ns UTC) at which the wall clock was changed within it; its end where it was not."""
        turn = self.end.copy()
        rows = np.flatnonzero(self.local_end - self.end != self.local - self.start)
        if len(rows):
            at = clock(self.zone, int(self.start[rows].min()), int(self.end[rows].max())).at
            places = np.searchsorted(at, self.start[rows], side="right")
            found = at[np.minimum(places, len(at) - 1)] if len(at) else turn[rows]
            turn[rows] = np.minimum(np.maximum(found, self.start[rows]), self.end[rows])
        return turn


_Times = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
SETTLED = tuple(field.name for field in fields(Settled) if field.name != "zone")


def settle(columns: Columns, zone: tzinfo | None) -> Settled:
    """Samples on the person's clock, in the order given. `zone` None: it isn't known."""
    n = len(columns)
    offset, start, end = columns.offset, columns.start, columns.end
    if not n:
        nothing = np.empty(0, dtype=np.int64)
        return Settled(nothing, nothing, nothing, nothing, np.empty(0), np.empty(0, dtype=np.uint8), np.empty(0, dtype=bool), zone)
    there = clock(zone, int(start.min()), int(end.max()))
    floating, bare = offset == FLOATING, offset == UTC_ONLY
    times: _Times
    if floating.all():
        times = _from_wall(start, end, there)
    elif not floating.any():
        times = _from_instant(start, end, offset, bare, there)
    else:
        times = (np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64), np.empty(n, np.int64))
        for mask, found in (
            (floating, _from_wall(start[floating], end[floating], there)),
            (~floating, _from_instant(start[~floating], end[~floating], offset[~floating], bare[~floating], there)),
        ):
            for column, part in zip(times, found, strict=True):
                column[mask] = part
    return Settled(*times, columns.value, columns.quality, (floating | bare) & (zone is None), zone)


def day_numbers(local: np.ndarray) -> np.ndarray:
    """The local day of each wall-clock time (int64 ns), as int32 days since 1970-01-01."""
    return (local // DAY_NS).astype(np.int32)


def day_of(number: int) -> date:
    """The date of a day number."""
    return _UNIX + timedelta(days=int(number))


def number_of(day: date) -> int:
    """The number of a day: days since 1970-01-01."""
    return (day - _UNIX).days


def day_span(day: date, zone: tzinfo | None) -> tuple[int, int]:
    """(start, end) of a local day, in ns UTC: 23, 24 or 25 hours apart, or what the zone made of it. A day that the zone left out has no length."""
    first, after = midnights(day, day, zone)
    return int(first), int(after)


def midnight(day: date, zone: tzinfo | None) -> int:
    """The instant (ns UTC) at which a local day begins."""
    return day_span(day, zone)[0]


def midnights(first: date, last: date, zone: tzinfo | None) -> np.ndarray:
    """The instants (int64 ns UTC) at which the days from the first to the last begin, and the one at which the last ends: one more than
    days. Where the clock left midnight out, the day begins at the moment of the change."""
    return instants(np.arange(number_of(first), number_of(last) + 2, dtype=np.int64) * DAY_NS, zone)


def instants(local: np.ndarray, zone: tzinfo | None) -> np.ndarray:
    """The instant (int64 ns UTC) at which the wall clock first comes to each reading (int64 ns); a reading that the clock left out moves
    forward by what was left out."""
    if not len(local):
        return np.zeros(0, dtype=np.int64)
    return np.asarray(local - clock(zone, int(local.min()), int(local.max())).at_walls(local), dtype=np.int64)


def offsets(at: np.ndarray, zone: tzinfo | None) -> np.ndarray:
    """How far (int64 ns) the zone's clock is ahead of UTC at each instant (int64 ns UTC)."""
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    return np.array(clock(zone, int(at.min()), int(at.max())).at_instants(at))


def _from_instant(start: np.ndarray, end: np.ndarray, offset: np.ndarray, bare: np.ndarray, there: Clock) -> _Times:
    lasts = end > start
    at_start = there.at_instants(start)
    at_end = np.where(lasts, there.at_instants(end - 1), at_start) if len(there.at) else at_start
    if not bare.all():
        written = offset.astype(np.int64) * MINUTE_NS
        home = bare | (written == at_start)
        at_start, at_end = np.where(bare, at_start, written), np.where(home, at_end, written)
    return start, end, start + at_start, end + at_end


def _from_wall(start: np.ndarray, end: np.ndarray, there: Clock) -> _Times:
    if not len(there.at):
        away = there.offset[0]
        return start - away, end - away, start, end
    lasts = end > start
    at_start, at_end = there.at_walls(start), there.at_walls(np.where(lasts, end - 1, start))
    for begin, until, second in there.repeated():
        rows = np.flatnonzero((start >= begin) & (start < until))
        again = rows[_second(start[rows])]
        at_start = _with(at_start, again, second)
        at_end = _with(at_end, again[end[again] <= until], second)
    true_start, true_end = start - at_start, end - at_end
    # the device's own clock did not make the change that the zone made: it knows best how long it measured
    true_end = np.where(true_end < true_start, true_start + (end - start), true_end)
    local = true_start + there.at_instants(true_start)
    local_end = np.where(lasts, true_end + there.at_instants(true_end - 1), local)
    return true_start, true_end, local, local_end


def _with(column: np.ndarray, rows: np.ndarray, value: int) -> np.ndarray:
    if not len(rows):
        return column
    changed = column.copy()
    changed[rows] = value
    return changed


def _second(start: np.ndarray) -> np.ndarray:
    """Which times of an hour that came twice are of its second time, as far as their order shows it."""
    step = np.diff(start)
    back, forth = np.flatnonzero(step < 0), np.flatnonzero(step > 0)
    place = np.arange(len(start))
    if len(back) == 1 and len(forth):
        return place > back[0]  # oldest first, as it was written: after the step back
    if len(forth) == 1 and len(back) > 1:
        return place <= forth[0]  # newest first: before the step forth
    if len(back):
        return np.zeros(len(start), dtype=bool)
    return np.append(False, step == 0) if len(start) else np.zeros(0, dtype=bool)
