"""This is the place where a series is put together by hour, day, week or month of the clock on the wall.

What a period's `value` is depends on the kind of signal: a sum for amounts (intervals are shared out by time over the borders they
cross), a mean for levels and for single measurements, hours for states (of sleep: hours asleep), a number for recordings. Weeks begin on
Monday. A night belongs to the day on which it ends: the day of a sleep stage runs from noon to noon.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import BIN_NS, BinStrand, Columns
from core.domain.signal import Signal
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.days import Settled, settle
from core.trends.overlap import Resolved, resolve

EVERY = ("1h", "1d", "1w", "1mo")
ASLEEP = frozenset({"asleep", "light", "deep", "rem"})
_MONDAY = 4
"""1970-01-01 was a Thursday: four days later a week begins."""
NIGHTLY = frozenset({"sleep_stage"})


@dataclass(frozen=True, eq=False, slots=True)
class Periods:
    """Columns of one length, ascending: `start` int64 ns of the wall clock at which the period begins, `at` the same as an instant
    (ns UTC), `value`, `low`, `high` float64, `count` int64 samples that begin in it, `covered` float64 share of its quarter hours that
    hold data, `sources` the indices of the streams that tell of it."""

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


@dataclass(frozen=True, eq=False, slots=True)
class _Pieces:
    """Samples cut at the borders of periods: local begin and end, how far the clock is ahead, whose piece it is, and the amount."""

    local: np.ndarray
    local_end: np.ndarray
    ahead: np.ndarray
    of: np.ndarray
    part: np.ndarray
    first: np.ndarray


def periods(resolved: Resolved, row: Signal, every: str) -> Periods:
    """The series by period; periods without data are left out. Raises KeyError for a step that is none of EVERY."""
    begins = _BEGINS[every]
    moved = DAY_NS // 2 if row.key in NIGHTLY and every != "1h" else 0
    pieces = _pieces(resolved.series, begins, moved) if row.kind in ("cumulative", "state") else _whole(resolved.series)
    period = begins(pieces.local + moved)
    ahead = pieces.ahead if every == "1h" else np.zeros_like(pieces.ahead)
    order = np.lexsort((pieces.of, ahead, period)) if len(period) else np.empty(0, dtype=np.int64)
    edges = _edges(period[order], ahead[order])
    value, low, high = _values(resolved, row, (pieces, order, edges))
    firsts = order[edges]
    return Periods(
        start=period[firsts],
        at=period[firsts] - pieces.ahead[firsts] if every == "1h" else _instants(period[firsts], resolved.series, pieces.of[firsts]),
        value=value,
        count=_sum(pieces.first[order].astype(np.int64), edges),
        low=low,
        high=high,
        covered=_covered(pieces, order, edges, every),
        sources=_sources(resolved.source[pieces.of[order]], edges),
    )


def state_hours(resolved: Resolved, row: Signal, every: str) -> dict[str, np.ndarray]:
    """For a signal of states: hours in each state, one column for each, in the periods of `periods`."""
    begins = _BEGINS[every]
    moved = DAY_NS // 2 if row.key in NIGHTLY and every != "1h" else 0
    pieces = _pieces(resolved.series, begins, moved)
    period = begins(pieces.local + moved)
    ahead = pieces.ahead if every == "1h" else np.zeros_like(pieces.ahead)
    order = np.lexsort((pieces.of, ahead, period)) if len(period) else np.empty(0, dtype=np.int64)
    edges = _edges(period[order], ahead[order])
    lasts, states = _hours(resolved.series, pieces)[order], resolved.series.value[pieces.of[order]]
    return {name: _sum(np.where(states == at, lasts, 0.0), edges) for at, name in enumerate(row.states)}


def periods_of_bins(strands: Sequence[BinStrand], row: Signal, every: str, zone: object, order: Sequence[str] = ()) -> Periods:
    """The same from quarter hours: of levels and amounts, where one device tells at a time. Sums and means agree with `periods`, but for
    samples that lie over a border within a quarter hour."""
    parts = []
    for one in strands:
        bins = one.bins
        mean = bins.sum / np.maximum(bins.count, 1) if row.kind == "average" else bins.sum
        columns = Columns.of(bins.at, mean, bins.at + BIN_NS, 0, bins.offset)
        parts.append((one.stream, settle(columns, zone)))  # type: ignore[arg-type]
    counts = resolve(parts, row, order)
    made = periods(counts, row, every)
    if row.kind == "cumulative":
        return made
    return _weighted(strands, counts, every, made)


def _weighted(strands: Sequence[BinStrand], counts: Resolved, every: str, made: Periods) -> Periods:
    """Means by the number of readings, and the true extremes: what a mean of quarter hours would lose."""
    column: dict[str, list[np.ndarray]] = {"sum": [], "count": [], "low": [], "high": []}
    where = np.empty(len(counts), dtype=np.int64)
    base = 0
    for at, one in enumerate(strands):
        mine = counts.source == at
        where[mine] = base + np.searchsorted(_keys(one), _keys_of(counts.series, mine, one))
        base += len(one.bins)
        for name in column:
            column[name].append(getattr(one.bins, name))
    joined = {name: np.concatenate(parts)[where] for name, parts in column.items()}
    period = _BEGINS[every](counts.series.local)
    ahead = counts.series.local - counts.series.start if every == "1h" else np.zeros(len(period), dtype=np.int64)
    order = np.lexsort((ahead, period))
    edges = _edges(period[order], ahead[order])
    number = _sum(joined["count"][order].astype(np.int64), edges)
    return Periods(
        made.start, made.at, _sum(joined["sum"][order], edges) / np.maximum(number, 1), number,
        np.minimum.reduceat(joined["low"][order], edges) if len(edges) else made.low,
        np.maximum.reduceat(joined["high"][order], edges) if len(edges) else made.high, made.covered, made.sources,
    )  # fmt: skip


def _keys(one: BinStrand) -> np.ndarray:
    return one.bins.at


def _keys_of(series: Settled, mine: np.ndarray, one: BinStrand) -> np.ndarray:
    floating = one.bins.offset[0] == -32767 if len(one.bins) else False
    return series.local[mine] if floating else series.start[mine]


def _hour(local: np.ndarray) -> np.ndarray:
    return local // HOUR_NS * HOUR_NS


def _day(local: np.ndarray) -> np.ndarray:
    return local // DAY_NS * DAY_NS


def _week(local: np.ndarray) -> np.ndarray:
    return (local // DAY_NS - _MONDAY) // 7 * 7 * DAY_NS + _MONDAY * DAY_NS


def _month(local: np.ndarray) -> np.ndarray:
    return local.view("datetime64[ns]").astype("datetime64[M]").astype("datetime64[ns]").view(np.int64)


_BEGINS = {"1h": _hour, "1d": _day, "1w": _week, "1mo": _month}
_QUARTERS = {"1h": 4, "1d": 96, "1w": 96 * 7, "1mo": 96 * 30.4375}


def _whole(series: Settled) -> _Pieces:
    n = len(series)
    ones = np.ones(n)
    return _Pieces(series.local, series.local_end, series.local - series.start, np.arange(n), ones, np.ones(n, dtype=bool))


def _pieces(series: Settled, begins: object, moved: int) -> _Pieces:
    """Cut at the hours or days that periods begin with; most samples stay whole."""
    step = HOUR_NS if begins is _hour else DAY_NS
    lasts = series.local_end - series.local
    first = (series.local + moved) // step
    last = np.where(lasts > 0, (series.local_end + moved - 1) // step, first)
    parts = np.maximum(last - first + 1, 1)
    of = np.repeat(np.arange(len(series)), parts)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    low = np.where(nth == 0, series.local[of], (first[of] + nth) * step - moved)
    high = np.where(nth == parts[of] - 1, np.maximum(series.local_end[of], series.local[of]), (first[of] + nth + 1) * step - moved)
    part = np.where(lasts[of] > 0, (high - low) / np.maximum(lasts[of], 1), 1.0)
    return _Pieces(low, high, (series.local - series.start)[of], of, part, nth == 0)


def _edges(period: np.ndarray, ahead: np.ndarray) -> np.ndarray:
    if not len(period):
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(np.append(True, (period[1:] != period[:-1]) | (ahead[1:] != ahead[:-1])))


def _values(
    resolved: Resolved, row: Signal, cut: tuple[_Pieces, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pieces, order, edges = cut
    value = resolved.series.value[pieces.of[order]]
    if not len(edges):
        return value, value, value
    if row.kind == "cumulative":
        value = value * resolved.share[pieces.of[order]] * pieces.part[order]
        return _sum(value, edges), np.minimum.reduceat(value, edges), np.maximum.reduceat(value, edges)
    if row.kind == "state":
        wanted = ASLEEP if row.key in NIGHTLY else set(row.states) - {"off", "none"}
        counts = np.isin(value, [at for at, name in enumerate(row.states) if name in wanted])
        hours = _sum(np.where(counts, _hours(resolved.series, pieces)[order], 0.0), edges)
        return hours, np.minimum.reduceat(value, edges), np.maximum.reduceat(value, edges)
    low, high = np.minimum.reduceat(value, edges), np.maximum.reduceat(value, edges)
    number = np.diff(np.append(edges, len(value)))
    return (number.astype(float) if row.kind == "waveform" else _sum(value, edges) / number), low, high


def _hours(series: Settled, pieces: _Pieces) -> np.ndarray:
    """True hours of each piece: over a change of the clocks the interval is as long as it was."""
    lasts = (series.end - series.start)[pieces.of]
    return lasts * pieces.part / HOUR_NS


def _sum(column: np.ndarray, edges: np.ndarray) -> np.ndarray:
    return np.add.reduceat(column, edges) if len(edges) else column[:0]


def _instants(period: np.ndarray, series: Settled, of: np.ndarray) -> np.ndarray:
    """When a day, week or month begins, by the clock its first sample was on."""
    return period - (series.local[of] - series.start[of])


def _covered(pieces: _Pieces, order: np.ndarray, edges: np.ndarray, every: str) -> np.ndarray:
    """The share of the period's quarter hours that hold data."""
    if not len(edges):
        return np.empty(0)
    low, high = pieces.local[order] // BIN_NS, np.maximum(pieces.local_end[order] - 1, pieces.local[order]) // BIN_NS
    which = np.cumsum(np.isin(np.arange(len(order)), edges)) - 1
    reach = np.maximum.accumulate(high + which * (1 << 40)) - which * (1 << 40)  # within a period: how far it is told so far
    before = np.append(-1, reach[:-1])
    before[edges] = -(1 << 40)
    fresh = np.maximum(0, high - np.maximum(low, before + 1) + 1)
    return np.minimum(np.add.reduceat(fresh, edges) / _QUARTERS[every], 1.0)


def _sources(source: np.ndarray, edges: np.ndarray) -> tuple[tuple[int, ...], ...]:
    """Which streams tell of each period."""
    if not len(edges):
        return ()
    if len(np.unique(source)) == 1:
        return ((int(source[0]),),) * len(edges)
    return tuple(tuple(np.unique(part).tolist()) for part in np.split(source, edges[1:]))
