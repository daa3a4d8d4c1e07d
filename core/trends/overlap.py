"""This is the place where several devices that tell of the same time become one series: nothing counts twice, nothing is deleted.

Devices are ranked: those the person put first, then what is worn on the body before what is carried, then the finer grain, then
the one with more samples. What is left out is counted by stream and reason:

- `summary_of_finer`: a summary (of an hour, a day) where the same device's finer samples lie within it;
- `overlap`: a higher-ranked device tells of the same time; `partly_overlap`: of a part of it, so only the rest counts;
- `same_measurement`: the same value at the same moment, told by another source.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import GRAINS, Stream
from core.domain.signal import Signal
from core.trends.days import MINUTE_NS, Settled

WINDOW_NS = 5 * MINUTE_NS
"""Within such a stretch only one device's readings of a level count; engineering choice: most devices sample that often."""
SAME_MOMENT_NS = MINUTE_NS
"""Two sources that tell one measurement may differ by the seconds of a transfer."""
_NEARLY = 1e-6

WORN = re.compile(r"watch|fitbit|ring|oura|band|garmin|whoop|fenix|forerunner|vivo|venu|polar|galaxy fit|withings (?:steel|scan|move|pulse)|手表|手环|戒指", re.IGNORECASE)
CARRIED = re.compile(r"phone|iphone|pixel|android|手机|galaxy (?:s|a|z|note)\b", re.IGNORECASE)
"""How devices are told apart by the names people see; engineering choice, overruled by the person's own order."""


@dataclass(frozen=True, slots=True)
class Discard:
    """How many samples of a stream do not count, or count in part, and why."""

    stream_id: str
    reason: str
    count: int


@dataclass(frozen=True, eq=False, slots=True)
class Resolved:
    """What counts, ascending by start: the samples, for each the index of its stream in `streams` (int16) and the share of its
    amount that counts (float64, 1.0 but for cut intervals of an amount)."""

    series: Settled
    source: np.ndarray
    share: np.ndarray
    streams: tuple[Stream, ...]
    discarded: tuple[Discard, ...]

    def __len__(self) -> int:
        return len(self.series)


def resolve(strands: Sequence[tuple[Stream, Settled]], row: Signal, order: Sequence[str] = ()) -> Resolved:
    """One series of all streams of a signal. `order` names devices the person trusts first."""
    streams = tuple(stream for stream, _ in strands)
    lost: Counter[tuple[str, str]] = Counter()
    usable = [settled.take(settled.usable) for _, settled in strands]
    finest = _without_summaries(streams, usable, lost)
    ranked = sorted(range(len(streams)), key=lambda at: rank(streams[at], order))
    ways = {"cumulative": _amounts, "average": _levels, "state": _states}
    parts = ways.get(row.kind, _events)(streams, finest, ranked, (row, lost))
    return _joined(parts, streams, lost)


_Part = tuple[int, Settled, np.ndarray]
_Told = tuple[Signal, "Counter[tuple[str, str]]"]


def rank(stream: Stream, order: Sequence[str]) -> tuple[int, int, int, int, str]:
    """Where a stream stands among those of its signal; the lowest comes first."""
    chosen = list(order).index(stream.device) if stream.device in order else len(order)
    kind = 0 if WORN.search(stream.device) else 2 if CARRIED.search(stream.device) else 1
    return chosen, kind, GRAINS.index(stream.grain) if stream.grain in GRAINS else len(GRAINS), -stream.samples, stream.stream_id


def _without_summaries(streams: Sequence[Stream], parts: Sequence[Settled], lost: Counter[tuple[str, str]]) -> list[Settled]:
    """A device's summary never adds to its own finer samples."""
    kept = list(parts)
    for at, stream in enumerate(streams):
        coarse = GRAINS.index(stream.grain) if stream.grain in GRAINS else 0
        finer = [
            parts[other].start
            for other, one in enumerate(streams)
            if _same_device(stream, one) and (GRAINS.index(one.grain) if one.grain in GRAINS else 0) < coarse
        ]
        if not coarse or not finer or not len(parts[at]):
            continue
        starts = np.sort(np.concatenate(finer))
        told = np.searchsorted(starts, parts[at].end) > np.searchsorted(starts, parts[at].start)
        lost[(stream.stream_id, "summary_of_finer")] += int(told.sum())
        kept[at] = parts[at].take(~told)
    return kept


def _same_device(one: Stream, other: Stream) -> bool:
    return one.device == other.device and (bool(one.device) or one.source_id == other.source_id)


class _Covered:
    """The time that higher-ranked devices have told of, as intervals that do not touch."""

    def __init__(self) -> None:
        self.start, self.end = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)

    def add(self, start: np.ndarray, end: np.ndarray) -> None:
        lasting = end > start
        starts = np.concatenate([self.start, start[lasting]])
        ends = np.concatenate([self.end, end[lasting]])
        order = np.argsort(starts, kind="stable")
        starts, ends = starts[order], np.maximum.accumulate(ends[order]) if len(ends) else ends
        begins = np.flatnonzero(np.append(True, starts[1:] > ends[:-1])) if len(starts) else np.empty(0, dtype=np.int64)
        self.start = starts[begins]
        self.end = ends[np.append(begins[1:] - 1, len(ends) - 1)] if len(begins) else ends

    def within(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """How much (ns) of each interval is covered."""
        return self._until(end) - self._until(start)

    def holds(self, at: np.ndarray) -> np.ndarray:
        """Whether each moment is covered."""
        place = np.searchsorted(self.start, at, side="right") - 1
        return (place >= 0) & (at < self.end[np.maximum(place, 0)]) if len(self.start) else np.zeros(len(at), dtype=bool)

    def _until(self, at: np.ndarray) -> np.ndarray:
        """How much time before each moment is covered."""
        if not len(self.start):
            return np.zeros(len(at), dtype=np.int64)
        before = np.concatenate([[0], np.cumsum(self.end - self.start)])
        place = np.searchsorted(self.start, at, side="right")
        over = np.maximum(0, np.minimum(at, self.end[np.maximum(place - 1, 0)]) - self.start[np.maximum(place - 1, 0)])
        return np.where(place > 0, before[np.maximum(place - 1, 0)] + over, 0)


def _amounts(streams: Sequence[Stream], parts: Sequence[Settled], ranked: Sequence[int], told: _Told) -> list[_Part]:
    """An amount counts for the share of its interval that nobody higher tells of."""
    covered, found = _Covered(), []
    for at in ranked:
        part = parts[at]
        lasts = part.end - part.start
        inside = np.where(lasts > 0, covered.within(part.start, part.end) / np.maximum(lasts, 1), covered.holds(part.start))
        share = np.where(inside < _NEARLY, 1.0, np.where(inside > 1 - _NEARLY, 0.0, 1.0 - inside))
        told[1][(streams[at].stream_id, "overlap")] += int((share == 0).sum())
        told[1][(streams[at].stream_id, "partly_overlap")] += int(((share > 0) & (share < 1)).sum())
        covered.add(part.start, part.end)
        found.append((at, part.take(share > 0), share[share > 0]))
    return found


def _levels(streams: Sequence[Stream], parts: Sequence[Settled], ranked: Sequence[int], told: _Told) -> list[_Part]:
    """A level is told by one device at a time."""
    taken, found = np.empty(0, dtype=np.int64), []
    for at in ranked:
        window = parts[at].start // WINDOW_NS
        free = ~np.isin(window, taken)
        told[1][(streams[at].stream_id, "overlap")] += int((~free).sum())
        part = parts[at].take(free)
        taken = np.union1d(taken, window)
        found.append((at, part, np.ones(len(part))))
    return found


def _events(streams: Sequence[Stream], parts: Sequence[Settled], ranked: Sequence[int], told: _Told) -> list[_Part]:
    """Every measurement counts, but one that two sources tell counts once."""
    row = told[0]
    times, values = np.empty(0, dtype=np.int64), np.empty(0)
    found = []
    for at in ranked:
        part = parts[at]
        value = np.round(part.value, row.decimals)
        low, high = np.searchsorted(times, part.start - SAME_MOMENT_NS), np.searchsorted(times, part.start + SAME_MOMENT_NS, side="right")
        again = np.zeros(len(part), dtype=bool)
        for one in np.flatnonzero(high > low):
            again[one] = bool((values[low[one] : high[one]] == value[one]).any())
        told[1][(streams[at].stream_id, "same_measurement")] += int(again.sum())
        kept = part.take(~again)
        found.append((at, kept, np.ones(len(kept))))
        times, values = np.concatenate([times, kept.start]), np.concatenate([values, value[~again]])
        order = np.argsort(times, kind="stable")
        times, values = times[order], values[order]
    return found


def _states(streams: Sequence[Stream], parts: Sequence[Settled], ranked: Sequence[int], told: _Told) -> list[_Part]:
    """At each moment the highest-ranked device says which state it is; others keep what is left of their intervals."""
    covered, found = _Covered(), []
    for at in ranked:
        part = parts[at]
        inside = np.where(part.end > part.start, covered.within(part.start, part.end), covered.holds(part.start))
        whole = inside >= np.maximum(part.end - part.start, 1)
        cut = (inside > 0) & ~whole
        told[1][(streams[at].stream_id, "overlap")] += int(whole.sum())
        told[1][(streams[at].stream_id, "partly_overlap")] += int(cut.sum())
        pieces = [part.take(inside == 0), *(_left(part, one, covered) for one in np.flatnonzero(cut))]
        covered.add(part.start, part.end)
        rest = Settled.joined(pieces)
        found.append((at, rest, np.ones(len(rest))))
    return found


def _left(part: Settled, one: int, covered: _Covered) -> Settled:
    """The pieces of one interval that nobody higher tells of."""
    start, end = int(part.start[one]), int(part.end[one])
    first = max(int(np.searchsorted(covered.start, start, side="right")) - 1, 0)
    last = int(np.searchsorted(covered.start, end))
    begins, pieces = start, []
    for low, high in zip(covered.start[first:last].tolist(), covered.end[first:last].tolist(), strict=True):
        if high <= begins:
            continue
        if low > begins:
            pieces.append((begins, low))
        begins = max(begins, high)
    if begins < end:
        pieces.append((begins, end))
    rows = part.take(np.full(len(pieces), one))
    starts, ends = (np.array([piece[side] for piece in pieces], dtype=np.int64) for side in (0, 1))
    ahead = rows.local - rows.start
    return Settled(starts, ends, starts + ahead, ends + ahead, rows.value, rows.quality, rows.guessed)


def _joined(parts: Sequence[_Part], streams: tuple[Stream, ...], lost: Counter[tuple[str, str]]) -> Resolved:
    series = Settled.joined([part for _, part, _ in parts])
    source = np.concatenate([np.full(len(part), at, dtype=np.int16) for at, part, _ in parts] or [np.empty(0, dtype=np.int16)])
    share = np.concatenate([share for _, _, share in parts] or [np.empty(0)])
    order = np.lexsort((source, series.start)) if len(series) else np.empty(0, dtype=np.int64)
    discarded = tuple(Discard(stream_id, reason, count) for (stream_id, reason), count in sorted(lost.items()) if count)
    return Resolved(series.take(order), source[order], share[order], streams, discarded)
