"""This is the place where the quarter hours of several devices become one series, as overlap.py does it with samples.

In one quarter hour one device counts; an amount of a lower-ranked device that shares a quarter hour with a higher-ranked one is left out
whole, which is exact where the higher one tells of the whole quarter hour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

import numpy as np

from core.domain.samples import BIN_NS, BinStrand, Columns
from core.domain.signal import Signal
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.days import Settled, settle
from core.trends.overlap import Discard, Resolved, resolve
from core.trends.ranking import grain_of

_BLOCK_NS = {"1h": HOUR_NS, "1d": DAY_NS}
"""Summaries over more than a quarter hour, and over which stretch of the wall clock."""


@dataclass(frozen=True, eq=False, slots=True)
class BinsResolved:
    """The quarter hours that count, ascending: `resolved` (its values are means of levels, sums of amounts; `source` the index of the
    stream), and of each the columns of Bins: `count` int64, `sum`, `low`, `high` float64."""

    resolved: Resolved
    count: np.ndarray
    sum: np.ndarray
    low: np.ndarray
    high: np.ndarray


def resolve_bins(strands: Sequence[BinStrand], row: Signal, zone: tzinfo | None, order: Sequence[str] = ()) -> BinsResolved:
    """One series of quarter hours of all streams of a signal. `discarded` counts samples, those that begin in a quarter hour left out."""
    settled = [_settled(one, zone) for one in strands]
    free = [np.ones(len(part), dtype=bool) for part in settled]
    for at, one in enumerate(strands):
        block = _BLOCK_NS.get(one.stream.grain)
        finer = [other for other in range(len(strands)) if block and _is_finer(strands[other], one)]
        if block and finer:
            told = np.unique(np.concatenate([settled[other].local // block for other in finer]))
            free[at] = ~np.isin(settled[at].local // block, told)
    # the row of each quarter hour among all goes through as its value, and leads to its columns
    rows = np.cumsum([0, *(len(part) for part in settled)])
    told_by = [(one.stream, _numbered(settled[at], int(rows[at])).take(free[at])) for at, one in enumerate(strands)]
    counts = resolve(told_by, replace(row, kind="average"), order)
    return _filled(strands, (counts, row, free))


def _filled(strands: Sequence[BinStrand], told: tuple[Resolved, Signal, list[np.ndarray]]) -> BinsResolved:
    counts, row, free = told
    of = counts.series.value.astype(np.int64)
    nothing = np.empty(0)
    count, total, low, high = (
        np.concatenate([nothing, *(getattr(one.bins, name) for one in strands)])[of] for name in ("count", "sum", "low", "high")
    )
    value = total / np.maximum(count, 1) if row.kind == "average" else total
    lost = []
    for at, one in enumerate(strands):
        held, summary = one.bins.count.sum(), one.bins.count[~free[at]].sum()
        left = {"summary_of_finer": summary, "overlap": held - summary - count[counts.source == at].sum()}
        lost += [Discard(one.stream.stream_id, reason, int(number)) for reason, number in left.items() if number]
    series = replace(counts.series, value=value)
    return BinsResolved(replace(counts, series=series, discarded=tuple(lost)), count.astype(np.int64), total, low, high)


def _settled(one: BinStrand, zone: tzinfo | None) -> Settled:
    return settle(Columns.of(one.bins.at, one.bins.sum, one.bins.at + BIN_NS, 0, one.bins.offset), zone)


def _numbered(part: Settled, first: int) -> Settled:
    return replace(part, value=np.arange(first, first + len(part), dtype=float))


def _is_finer(one: BinStrand, other: BinStrand) -> bool:
    same = one.stream.device == other.stream.device and bool(one.stream.device or one.stream.source_id == other.stream.source_id)
    return same and grain_of(one.stream) < grain_of(other.stream)
