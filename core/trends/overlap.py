"""This is the place where several devices that tell of the same time become one series: nothing counts twice, nothing is deleted.

Devices are ranked (core/trends/ranking.py). Only usable samples count. What is left out is counted by stream and reason:

- `summary_of_finer`: a summary (of an hour, a day) in whose time a finer sample of the same device lies;
- `same_measurement`: what a higher-ranked device says as well: same start, end and value; of single measurements also the same value,
  as it is shown, within a minute;
- `overlap`: a higher-ranked device tells of the same time; `partly_overlap`: of a part of it. An amount then counts for the share of
  its time that nobody higher tells of; a state keeps what is left of its interval;
- an amount of zero for an hour or longer tells of nothing: that device is not worn (`_idle`);
- `too_long`: an amount or a state over more than a year, which says nothing about its days.

An amount at one moment, without an interval, counts unless a higher-ranked device tells of that moment; it tells of the time up to
the same stream's next sample, an hour at most, or of the step of its summary. "In bed" says nothing of sleep: it gives way to a
higher-ranked device's stages, and takes nothing from a stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import Stream
from core.domain.signal import Signal
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.covered import Covered, distinct, merged
from core.trends.days import MINUTE_NS, Settled
from core.trends.ranking import device_ranks, grain_of, rank
from core.trends.same import same_events, same_samples

__all__ = ["Discard", "Resolved", "rank", "resolve"]

IDLE_NS = HOUR_NS
"""Zeros of an amount for so long say that a device is not worn, rather than that nothing was done. Engineering choice."""
WINDOW_NS = 5 * MINUTE_NS
"""Within such a stretch only one device's readings of a level count; engineering choice: most devices sample that often."""
MOST_NS = 366 * DAY_NS
GRAIN_NS = (0, MINUTE_NS, 5 * MINUTE_NS, 15 * MINUTE_NS, HOUR_NS, DAY_NS, 0)
"""How long a summary without an end lasts, by its place in GRAINS."""
REASONS = ("", "too_long", "summary_of_finer", "same_measurement", "overlap", "partly_overlap")
_COUNTS, TOO_LONG, SUMMARY, SAME, OVERLAP, PARTLY = range(6)
IN_BED = "in_bed"


@dataclass(frozen=True, slots=True)
class Discard:
    """How many samples of a stream do not count, or count in part, and why (one of REASONS)."""

    stream_id: str
    reason: str
    count: int


@dataclass(frozen=True, eq=False, slots=True)
class Resolved:
    """What counts, ascending by start: the samples, for each the index of its stream in `streams` (int16) and the share of its
    amount that counts (float64; 1.0 but for amounts of which a part is told by a higher-ranked device)."""

    series: Settled
    source: np.ndarray
    share: np.ndarray
    streams: tuple[Stream, ...]
    discarded: tuple[Discard, ...]

    def __len__(self) -> int:
        return len(self.series)


@dataclass(frozen=True, eq=False, slots=True)
class _Pool:
    """All usable samples, ascending by start, the higher-ranked first at one moment: `source` and `rank` of each, `why` it does
    not count (index of REASONS), and until when it tells of the time (`until` ns)."""

    series: Settled
    source: np.ndarray
    rank: np.ndarray
    why: np.ndarray
    until: np.ndarray

    def devices(self) -> Iterator[np.ndarray]:
        """The rows that still count, one device after the other, the highest-ranked first."""
        free = self.why == _COUNTS
        for at in np.flatnonzero(np.bincount(self.rank)) if len(self.rank) else ():
            yield np.flatnonzero(free & (self.rank == at))


def resolve(strands: Sequence[tuple[Stream, Settled]], row: Signal, order: Sequence[str] = ()) -> Resolved:
    """One series of all streams of a signal. `order` names the devices that the person trusts first. The order of `strands` changes
    nothing but the indices in `source`."""
    streams = tuple(stream for stream, _ in strands)
    pool = _pool(strands, device_ranks(streams, order), row.kind == "cumulative")
    if row.kind in ("cumulative", "state"):
        pool.why[pool.series.end - pool.series.start > MOST_NS] = TOO_LONG
    _summaries(pool, streams)
    free = np.flatnonzero(pool.why == _COUNTS)
    pool.why[free[same_samples(pool.series.take(free), pool.rank[free])]] = SAME
    share = np.ones(len(pool.series))
    if row.kind == "state":
        return _states(pool, row, streams)
    if row.kind == "cumulative":
        _amounts(pool, share)
    elif row.kind == "average":
        _levels(pool)
    elif row.kind == "event":
        pool.why[same_events(pool.series, pool.rank, pool.why == _COUNTS, row.decimals)] = SAME
    kept = (pool.why == _COUNTS) | (pool.why == PARTLY)
    if kept.all():
        return Resolved(pool.series, pool.source, share, streams, _counted(pool, streams))
    return Resolved(pool.series.take(kept), pool.source[kept], share[kept], streams, _counted(pool, streams))


def _pool(strands: Sequence[tuple[Stream, Settled]], ranks: Sequence[int], amounts: bool) -> _Pool:
    parts, sources, untils = [], [], []
    for at in sorted(range(len(strands)), key=lambda at: (ranks[at], grain_of(strands[at][0]), strands[at][0].stream_id)):
        stream, settled = strands[at]
        usable = settled.usable
        part = settled if usable.all() else settled.take(usable)
        parts.append(part)
        sources.append(np.full(len(part), at, dtype=np.int16))
        untils.append(_until(part, GRAIN_NS[grain_of(stream)], amounts))
    series = Settled.joined(parts)
    nothing = np.empty(0, dtype=np.int64)
    source, until = np.concatenate([*sources, np.empty(0, dtype=np.int16)]), np.concatenate([*untils, nothing])
    if (series.start[1:] < series.start[:-1]).any():
        by_start = np.argsort(series.start, kind="stable")
        series, source, until = series.take(by_start), source[by_start], until[by_start]
    rank_of = np.array(ranks, dtype=np.int16)[source] if len(ranks) else source
    return _Pool(series, source, rank_of, np.zeros(len(series), dtype=np.int8), until)


def _until(part: Settled, lasts: int, amounts: bool) -> np.ndarray:
    """Until when each sample of a stream tells of the time."""
    moments = part.end <= part.start
    if not (lasts or amounts) or not moments.any():
        return part.end
    if lasts:
        return np.where(moments, part.start + lasts, part.end)
    begins = distinct(np.sort(part.start, kind="stable"))
    after = np.append(begins, np.iinfo(np.int64).max)[np.searchsorted(begins, part.start, side="right")]
    return np.where(moments, np.minimum(after, part.start + HOUR_NS), part.end)


def _summaries(pool: _Pool, streams: Sequence[Stream]) -> None:
    """A device's summary never adds to its own finer samples, by whichever way those came."""
    groups: dict[str, list[int]] = {}
    for at, stream in enumerate(streams):
        groups.setdefault(stream.device or f"\0{stream.source_id}", []).append(at)
    for mine in groups.values():
        grains = sorted({grain_of(streams[at]) for at in mine})
        for coarse in grains[1:]:
            rows = np.flatnonzero(
                np.isin(pool.source, [at for at in mine if grain_of(streams[at]) == coarse]) & (pool.why == _COUNTS)
            )
            finer = np.flatnonzero(np.isin(pool.source, [at for at in mine if grain_of(streams[at]) < coarse]))
            start, until = pool.series.start[rows], pool.until[rows]
            begins, told = pool.series.start[finer], Covered.of(pool.series.start[finer], pool.series.end[finer])
            inside = np.searchsorted(begins, until) > np.searchsorted(begins, start)
            pool.why[rows[inside | (told.within(start, until) > 0)]] = SUMMARY


def _amounts(pool: _Pool, share: np.ndarray) -> None:
    """An amount counts for the share of its interval that nobody higher tells of."""
    covered = Covered.of(pool.until[:0], pool.until[:0])
    for rows in pool.devices():
        start, end = pool.series.start[rows], pool.series.end[rows]
        if len(covered):
            lasts, inside = end - start, covered.within(start, end)
            gone = np.where(lasts > 0, inside >= lasts, covered.holds(start))
            partly = np.flatnonzero((inside > 0) & ~gone)
            pool.why[rows[gone]], pool.why[rows[partly]] = OVERLAP, PARTLY
            share[rows[partly]] = 1.0 - inside[partly] / lasts[partly]
        tells = ~_idle(start, pool.until[rows], pool.series.value[rows])
        covered = covered.with_more(start[tells], pool.until[rows][tells])


def _idle(start: np.ndarray, until: np.ndarray, value: np.ndarray) -> np.ndarray:
    """Which samples of one device, ascending, are nothing but zeros for an hour or longer: it lies on a table, and says nothing of what
    another one counts meanwhile. Shorter stretches are a person sitting still."""
    zero = value == 0
    if not zero.any():
        return zero
    begins = np.flatnonzero(np.append(True, zero[1:] != zero[:-1]))
    ends = np.append(begins[1:] - 1, len(zero) - 1)
    long = (np.maximum.accumulate(until)[ends] - start[begins] >= IDLE_NS) & zero[begins]
    return np.repeat(long, np.diff(np.append(begins, len(zero))))


def _levels(pool: _Pool) -> None:
    """A level is told by one device at a time; a mean over a longer time gives way where a higher device has anything in it."""
    taken = np.empty(0, dtype=np.int64)
    for rows in pool.devices():
        first = pool.series.start[rows] // WINDOW_NS
        if len(taken):
            last = np.maximum(first, (pool.series.end[rows] - 1) // WINDOW_NS)
            told = np.searchsorted(taken, last, side="right") > np.searchsorted(taken, first)
            pool.why[rows[told]] = OVERLAP
            first = first[~told]
        taken = merged(taken, distinct(first))


def _states(pool: _Pool, row: Signal, streams: tuple[Stream, ...]) -> Resolved:
    """At each moment the highest-ranked device says which state it is; others keep what is left of their intervals."""
    in_bed = pool.series.value == (row.states.index(IN_BED) if IN_BED in row.states else -1)
    stages = told = Covered.of(pool.until[:0], pool.until[:0])
    parts = [(np.empty(0, dtype=np.int64),) * 3]
    for rows in pool.devices():
        bed, stage = rows[in_bed[rows]], rows[~in_bed[rows]]
        parts += [*_left(pool, bed, told), *_left(pool, stage, stages)]
        stages = stages.with_more(pool.series.start[stage], pool.series.end[stage])
        told = told.with_more(pool.series.start[rows], pool.series.end[rows])
    kept, start, end = (np.concatenate([part[at] for part in parts]) for at in range(3))
    by_start = np.lexsort((kept, start))
    kept = kept[by_start]
    made = pool.series.between(kept, start[by_start], end[by_start])
    return Resolved(made, pool.source[kept], np.ones(len(kept)), streams, _counted(pool, streams))


def _left(pool: _Pool, rows: np.ndarray, covered: Covered) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """What is left of some rows: (row, start, end) of each piece; what goes, and what is cut, is noted in the pool."""
    start, end = pool.series.start[rows], pool.series.end[rows]
    if not len(covered):
        yield rows, start, end
        return
    inside, lasts = covered.within(start, end), end - start
    gone = np.where(lasts > 0, inside >= lasts, covered.holds(start))
    whole, cut = np.flatnonzero(~gone & (inside == 0)), np.flatnonzero(~gone & (inside > 0))
    pool.why[rows[gone]], pool.why[rows[cut]] = OVERLAP, PARTLY
    which, begins, until = covered.rest(start[cut], end[cut])
    yield rows[whole], start[whole], end[whole]
    yield rows[cut[which]], begins, until


def _counted(pool: _Pool, streams: Sequence[Stream]) -> tuple[Discard, ...]:
    """By stream and reason, in the order of the streams."""
    size = len(REASONS)
    found = np.bincount(pool.source.astype(np.int64) * size + pool.why, minlength=len(streams) * size)
    return tuple(
        Discard(streams[at // size].stream_id, REASONS[at % size], int(found[at]))
        for at in np.flatnonzero(found).tolist()
        if at % size
    )
