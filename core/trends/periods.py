"""This is the place where a series is put together by hour, day, week or month of the clock on the wall.

What a period's `value` is depends on the kind of signal: a sum for amounts (intervals are shared out by time over the borders they
cross), a mean for levels and for single measurements (each sample weighs the same), a number for recordings and for what is a
code and no quantity, hours for states (of sleep: hours asleep, without those awake in between; of others: in any state but none).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from itertools import pairwise
from typing import Any

import numpy as np

from core.domain.samples import BinStrand
from core.domain.signal import Signal
from core.trends.bin_overlap import resolve_bins
from core.trends.columns import HOUR_NS
from core.trends.overlap import Resolved
from core.trends.pieces import Pieces, begins, covered, pieces
from core.trends.steps import EVERY, NIGHTLY, Step, step

__all__ = ["ASLEEP", "EVERY", "NIGHTLY", "Periods", "periods", "periods_of_bins", "state_hours"]

ASLEEP = frozenset({"asleep", "light", "deep", "rem"})
AWAKE = frozenset({"awake", "restless"})
IDLE = frozenset({"off", "none"})
_CUT = ("cumulative", "state")


@dataclass(frozen=True, eq=False, slots=True)
class Periods:
    """Columns of one length, ascending: `start` int64 ns of the wall clock at which the period begins, `at` the same as an instant
    (ns UTC), `value` float64, `count` int64 samples that begin in it, `low`, `high` float64 the lowest and highest sample (of an amount: of
    the parts that lie in the period; of a code: the codes), `covered` float64 the share of its quarter hours that hold data, `sources` the
    indices of the streams that tell of it."""

    start: np.ndarray
    at: np.ndarray
    value: np.ndarray
    count: np.ndarray
    low: np.ndarray
    high: np.ndarray
    covered: np.ndarray
    sources: tuple[tuple[int, ...], ...]

    def __len__(self) -> int:
        return len(self.start)

    def within(self, first: int, until: int) -> Periods:
        """Only the periods that begin from `first` up to before `until` (int64 ns of the wall clock)."""
        rows = np.flatnonzero((self.start >= first) & (self.start < until))
        names = ("start", "at", "value", "count", "low", "high", "covered")
        columns: list[Any] = [*(getattr(self, name)[rows] for name in names), tuple(self.sources[at] for at in rows)]
        return Periods(*columns)


def periods(resolved: Resolved, row: Signal, every: str) -> Periods:
    """The series by period; periods without data are left out. Raises KeyError for a step that is none of EVERY."""
    how, hourly = step(every, row.key), every == "1h"
    made = pieces(resolved.series, how, cut=row.kind in _CUT, hourly=hourly)
    value = resolved.series.value[made.of]
    if row.kind == "cumulative":
        value = value * resolved.share[made.of] * made.part
    total = _totals(made, row, value)
    return _periods(
        resolved, made, (how, hourly), (total, made.sum(made.first.astype(np.int64)), made.least(value), made.most(value))
    )


def state_hours(resolved: Resolved, row: Signal, every: str) -> dict[str, np.ndarray]:
    """For a signal of states: true hours in each state, by its name, in the periods of `periods`. Time that a device tells twice counts
    once in each state."""
    made = pieces(resolved.series, step(every, row.key), cut=True, hourly=every == "1h")
    value = resolved.series.value[made.of]
    return {name: _hours(made, value == at) for at, name in enumerate(row.states)}


def periods_of_bins(
    strands: Sequence[BinStrand], row: Signal, every: str, zone: tzinfo | None, order: Sequence[str] = ()
) -> Periods:
    """The same from quarter hours (`row.kind` "average" or "cumulative"; raises ValueError for others). The same numbers as `periods` from the
    samples, unless an interval lies over a border of quarter hours or two devices tell of one quarter hour."""
    if row.kind not in ("average", "cumulative"):
        raise ValueError(f"{row.kind}: quarter hours hold levels and amounts")
    counts = resolve_bins(strands, row, zone, order)
    how, hourly = step(every, row.key), every == "1h"
    made = pieces(counts.resolved.series, how, cut=False, hourly=hourly)
    amount, count = made.sum(counts.sum[made.of]), made.sum(counts.count[made.of])
    value = amount / np.maximum(count, 1) if row.kind == "average" else amount
    lows = made.least(counts.low[made.of]), made.most(counts.high[made.of])
    return _periods(counts.resolved, made, (how, hourly), (value, count, *lows))


def _periods(
    resolved: Resolved, made: Pieces, how: tuple[Step, bool], columns: tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
) -> Periods:
    wall, at = begins(made, how[0], resolved.series, hourly=how[1])
    held = covered(made, how[0], resolved.series, hourly=how[1])
    return Periods(wall, at, *columns, held, _sources(resolved.source[made.of], made.edges))


def _totals(made: Pieces, row: Signal, value: np.ndarray) -> np.ndarray:
    """The value of each period."""
    if row.kind == "cumulative":
        return made.sum(value)
    if row.kind == "state":
        return _in_state(made, row, value)
    number = made.sum(np.ones(len(value)))
    if row.kind == "waveform" or row.states:
        return number
    return made.sum(value) / number


def _in_state(made: Pieces, row: Signal, value: np.ndarray) -> np.ndarray:
    if row.key not in NIGHTLY:
        return _hours(made, _among(row, value, frozenset(row.states) - IDLE))
    awake = _among(row, value, AWAKE)
    return _hours(made, awake | _among(row, value, ASLEEP)) - _hours(made, awake)


def _among(row: Signal, value: np.ndarray, names: frozenset[str]) -> np.ndarray:
    return np.isin(value, [at for at, name in enumerate(row.states) if name in names])


def _hours(made: Pieces, wanted: np.ndarray) -> np.ndarray:
    """True hours of the time that the wanted pieces cover together, by period."""
    return made.union(made.start, np.where(wanted, made.end, made.start)) / HOUR_NS


def _sources(source: np.ndarray, edges: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """Which streams tell of each period, ascending."""
    if not len(edges):
        return ()
    if (source == source[0]).all():
        return ((int(source[0]),),) * len(edges)
    width = int(source.max()) + 1
    which = np.repeat(np.arange(len(edges)), np.diff(np.append(edges, len(source))))
    pairs = np.flatnonzero(np.bincount(which * width + source, minlength=len(edges) * width))
    splits = np.searchsorted(pairs // width, np.arange(1, len(edges)))
    names = (pairs % width).tolist()
    borders = [0, *splits.tolist(), len(names)]
    return tuple(tuple(names[low:high]) for low, high in pairwise(borders))
