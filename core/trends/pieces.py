"""This is the place where samples are cut at the borders of hours, days, weeks and months, and grouped by them.

Samples are cut in true time, also where the clock was changed within them: an hour that was left out gets nothing of an amount, an hour
that came twice is two hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from core.domain.samples import BIN_NS
from core.trends.columns import HOUR_NS
from core.trends.days import Settled, instants, offsets
from core.trends.steps import Step


@dataclass(frozen=True, eq=False, slots=True)
class Pieces:
    """Parts of samples that lie within one period each, sorted by period, then by start: `of` whose part it is, `start`, `end` int64 ns
    UTC, `ahead` int64 ns how far the wall clock was ahead, `part` float64 its share of the sample's time, `first` bool: the
    sample begins in it, `number` the period's; `edges`: the index at which each period begins."""

    of: np.ndarray
    start: np.ndarray
    end: np.ndarray
    ahead: np.ndarray
    part: np.ndarray
    first: np.ndarray
    number: np.ndarray
    edges: np.ndarray

    def sum(self, column: np.ndarray) -> np.ndarray:
        """The sum of a column (one value for each piece) by period."""
        return np.add.reduceat(column, self.edges) if len(self.edges) else column[:0]

    def least(self, column: np.ndarray) -> np.ndarray:
        """The lowest by period."""
        return np.minimum.reduceat(column, self.edges) if len(self.edges) else column[:0]

    def most(self, column: np.ndarray) -> np.ndarray:
        """The highest by period."""
        return np.maximum.reduceat(column, self.edges) if len(self.edges) else column[:0]

    def union(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """By period the length (int64) of the union of intervals, one for each piece, ascending by start within a period."""
        if not len(self.edges):
            return self.edges
        counts = np.diff(np.append(self.edges, len(start)))
        which = np.repeat(np.arange(len(self.edges)), counts)
        base = self.least(start)[which]
        low, high = start - base, end - base
        wide = int(high.max()) + 1
        reach = np.maximum.accumulate(high + which * wide) - which * wide
        before = np.append(0, reach[:-1])
        before[self.edges] = 0
        return self.sum(np.maximum(0, high - np.maximum(low, before)))


def pieces(series: Settled, step: Step, *, cut: bool, hourly: bool) -> Pieces:
    """The samples by period. `cut`: at every border (amounts, states); else each stands in the period in which it begins. `hourly`: the
    same hour of two offsets is two periods."""
    of, start, end, ahead = _at_changes(series) if cut else _whole(series)
    wall = start + ahead + step.moved
    number = step.number(wall)
    first = np.ones(len(of), dtype=bool) if len(of) == len(series) else start == series.start[of]
    if cut:
        last = np.where(end > start, step.number(np.maximum(end - 1 + ahead + step.moved, wall)), number)
        many = last - number + 1
        if (many > 1).any():
            row = np.repeat(np.arange(len(of)), many)
            nth = np.arange(len(row)) - np.repeat(np.cumsum(many) - many, many)
            number = number[row] + nth
            border = step.begin(number) - step.moved - ahead[row]
            until = step.begin(number + 1) - step.moved - ahead[row]
            start, end = np.maximum(start[row], border), np.where(end[row] > start[row], np.minimum(end[row], until), end[row])
            of, ahead, first = of[row], ahead[row], first[row] & (nth == 0)
    else:
        end = np.maximum(start, np.minimum(end, step.begin(number + 1) - step.moved - ahead))
    whole = series.end[of] - series.start[of]
    part = (end - start) / np.maximum(whole, 1) if cut else np.ones(len(of))
    part = np.where(whole > 0, part, 1.0)
    return _sorted(Pieces(of, start, end, ahead, part, first, number, number[:0]), hourly)


def begins(made: Pieces, step: Step, series: Settled, *, hourly: bool) -> tuple[np.ndarray, np.ndarray]:
    """(wall clock, instant UTC), int64 ns, of each period's begin. The instant is by the zone where the first sample is on the zone's clock,
    else by that sample's own."""
    firsts = made.edges
    wall = step.begin(made.number[firsts])
    own = wall - made.ahead[firsts]
    if hourly or series.zone is None or not len(firsts):
        return wall, own
    at_home = offsets(made.start[firsts], series.zone) == made.ahead[firsts]
    return wall, np.where(at_home, instants(wall, series.zone), own)


def covered(made: Pieces, step: Step, series: Settled, *, hourly: bool) -> np.ndarray:
    """The share (0 to 1) of each period's quarter hours that hold data. A day of a clock change has as many as it was long."""
    if not len(made.edges):
        return np.empty(0)
    low = made.start // BIN_NS
    held = made.union(low, np.maximum(low, (made.end - 1) // BIN_NS) + 1)
    if hourly:
        return held / np.maximum(HOUR_NS // BIN_NS, held)
    number = made.number[made.edges]
    walls = step.begin(number) - step.moved, step.begin(number + 1) - step.moved
    begin, until = (instants(wall, series.zone) for wall in walls)
    return held / np.maximum((until - begin) / BIN_NS, held)


def _whole(series: Settled) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return np.arange(len(series)), series.start, series.end, series.local - series.start


def _at_changes(series: Settled) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Whole samples, but in two where the clock was changed within them."""
    of, start, end, ahead = _whole(series)
    after = series.local_end - series.end
    rows = np.flatnonzero(after != ahead)
    if not len(rows):
        return of, start, end, ahead
    turn = series.take(rows).turns()
    there = (turn > start[rows]) & (turn < end[rows])
    rows, turn = rows[there], turn[there]
    until = end.copy()
    until[rows] = turn
    return np.append(of, rows), np.append(start, turn), np.append(until, end[rows]), np.append(ahead, after[rows])


def _sorted(made: Pieces, hourly: bool) -> Pieces:
    columns: list[Any] = [made.of, made.start, made.end, made.ahead, made.part, made.first, made.number]
    keys = (made.start, -made.ahead, made.number) if hourly else (made.start, made.number)
    if not _ascending(keys):
        order = np.lexsort(keys)
        columns = [column[order] for column in columns]
    ahead, number = columns[3], columns[6]
    fresh = number[1:] != number[:-1]
    if hourly:
        fresh |= ahead[1:] != ahead[:-1]
    edges = np.flatnonzero(np.append(True, fresh)) if len(number) else np.empty(0, dtype=np.int64)
    columns.append(edges)
    return Pieces(*columns)


def _ascending(keys: tuple[np.ndarray, ...]) -> bool:
    """Whether rows are sorted already: by time, with the same offset throughout."""
    start, number, ahead = keys[0], keys[-1], keys[1] if len(keys) == 3 else keys[0][:1]
    return not ((start[1:] < start[:-1]).any() or (number[1:] < number[:-1]).any() or (ahead[1:] != ahead[:-1]).any())
