"""This is the place where the samples of several devices are taken from the store for a picture and made one: raw, or in quarter hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from core.care.access import Grant
from core.care.picture_views import DeviceUse
from core.care.sight import Sight
from core.domain.records import SourceMark
from core.domain.samples import BIN_NS, BinStrand, Columns, Stream
from core.domain.signal import Signal
from core.ports import Ports
from core.trends import sampled
from core.trends.columns import ns
from core.trends.days import Settled, settle
from core.trends.overlap import Resolved, rank, resolve

WIDER = timedelta(hours=15)
"""A local clock without a zone may be so far from UTC."""
MOST_RAW = 150_000
"""From about so many samples on the quarter hours that the store prepared are read instead."""
_SUMMED = ("average", "cumulative")

Strands = Sequence[tuple[Stream, Settled]]


@dataclass(frozen=True, eq=False)
class Counted:
    """What counts of one signal between two instants. `counts` are samples, or quarter hours where `binned`: then `weight`, `low` and
    `high` (of each row) say how many samples it holds and their extremes. `devices` says what was left out."""

    row: Signal
    counts: Resolved
    weight: np.ndarray
    low: np.ndarray
    high: np.ndarray
    binned: bool
    devices: tuple[DeviceUse, ...]

    @property
    def series(self) -> Settled:
        return self.counts.series

    def between(self, start: datetime, end: datetime) -> Counted:
        """Only what begins within [start, end)."""
        first, last = ns(start), ns(end)
        rows = (self.series.start >= first) & (self.series.start < last)
        counts = Resolved(self.series.take(rows), self.counts.source[rows], self.counts.share[rows], self.counts.streams, self.counts.discarded)
        return Counted(self.row, counts, self.weight[rows], self.low[rows], self.high[rows], self.binned, self.devices)


@dataclass(frozen=True)
class Reader:
    """A way to one person's samples for which access was checked."""

    ports: Ports
    grant: Grant
    person_id: str

    def strands(self, sight: Sight, signals: Sequence[str], span: tuple[datetime, datetime]) -> Strands:
        """The device samples of some stored signals, and the series of records, settled on the person's clock."""
        event, wide = self.grant.event("series"), (span[0] - WIDER, span[1] + WIDER)
        found = self.ports.store.strands(self.person_id, list(signals), *wide, event)
        return [(one.stream, settle(one.columns, sight.zone)) for one in sampled.merged(found, sight.kept.sampled, signals, wide)]

    def bins(self, sight: Sight, signal: str, span: tuple[datetime, datetime]) -> Sequence[BinStrand]:
        """The same in quarter hours."""
        event, wide = self.grant.event("series"), (span[0] - WIDER, span[1] + WIDER)
        found = self.ports.store.bins(self.person_id, [signal], *wide, event)
        return [one for one in (*found, *sampled.binned(sight.kept.sampled, signal, wide)) if len(one.bins)]


def count(reader: Reader, sight: Sight, row: Signal, span: tuple[datetime, datetime], *, raw: bool = False) -> Counted:
    """The samples of a signal in a span, overlaps resolved; quarter hours where there are very many, unless they must be `raw`."""
    if not raw and row.kind in _SUMMED and _expected(sight, row, span) > MOST_RAW:
        return _of_bins(sight, row, reader.bins(sight, row.key, span))
    return _of_samples(sight, row, reader.strands(sight, (row.key,), span))


def _expected(sight: Sight, row: Signal, span: tuple[datetime, datetime]) -> float:
    """About how many samples lie in the span, if they lie evenly."""
    first, last = ns(span[0]), ns(span[1])
    total = 0.0
    for stream in sight.streams.get(row.key, ()):
        inside = min(last, stream.last) - max(first, stream.first)
        total += stream.samples * max(inside, 0) / max(stream.last - stream.first, 1)
    return total


def _order(sight: Sight, row: Signal) -> tuple[str, ...]:
    chosen = dict(sight.choices.order)
    return chosen.get(row.key, chosen.get("*", ()))


def _of_samples(sight: Sight, row: Signal, strands: Strands) -> Counted:
    told = [one for one in strands if not sight.is_off(one[0])]
    counts = resolve(told, row, _order(sight, row))
    ones = np.ones(len(counts), dtype=np.int64)
    held = {stream.stream_id: int(settled.usable.sum()) for stream, settled in strands}
    left = {one.stream_id: one.count for one in counts.discarded if one.reason in ("overlap", "same_measurement")}
    used = np.bincount(counts.source, minlength=len(counts.streams))
    by_stream = {stream.stream_id: (int(used[at]), left.get(stream.stream_id, 0)) for at, stream in enumerate(counts.streams)}
    devices = _devices(sight, row, [stream for stream, _ in strands], held, by_stream)
    return Counted(row, counts, ones, counts.series.value, counts.series.value, False, devices)


def _of_bins(sight: Sight, row: Signal, bins: Sequence[BinStrand]) -> Counted:
    on = [one for one in bins if not sight.is_off(one.stream)]
    mean = [one.bins.sum / np.maximum(one.bins.count, 1) if row.kind == "average" else one.bins.sum for one in on]
    columns = [Columns.of(one.bins.at, value, one.bins.at + BIN_NS, 0, one.bins.offset) for one, value in zip(on, mean, strict=True)]
    counts = resolve([(one.stream, settle(part, sight.zone)) for one, part in zip(on, columns, strict=True)], row, _order(sight, row))
    weight, low, high = (np.zeros(len(counts)) for _ in range(3))
    for at, one in enumerate(on):
        mine = np.flatnonzero(counts.source == at)
        settled = settle(Columns.of(one.bins.at, one.bins.sum, one.bins.at, 0, one.bins.offset), sight.zone)
        by_start = np.argsort(settled.start, kind="stable")
        place = by_start[np.searchsorted(settled.start[by_start], counts.series.start[mine])]
        weight[mine], low[mine], high[mine] = one.bins.count[place], one.bins.low[place], one.bins.high[place]
    held = {one.stream.stream_id: int(one.bins.count.sum()) for one in bins}
    summaries = {one.stream_id for one in counts.discarded if one.reason == "summary_of_finer"}
    used = np.bincount(counts.source, weights=weight, minlength=len(counts.streams))
    by_stream = {}
    for at, stream in enumerate(counts.streams):
        left = 0 if stream.stream_id in summaries else held[stream.stream_id] - int(used[at])
        by_stream[stream.stream_id] = (int(used[at]), left)
    devices = _devices(sight, row, [one.stream for one in bins], held, by_stream)
    return Counted(row, counts, weight, low, high, True, devices)


def _devices(
    sight: Sight, row: Signal, streams: Sequence[Stream], held: dict[str, int], by_stream: dict[str, tuple[int, int]]
) -> tuple[DeviceUse, ...]:
    """What each device gave and what of it counts; the streams of one device (its grains) together."""
    order = _order(sight, row)
    ranked = sorted(streams, key=lambda stream: rank(stream, order))
    keys = list(dict.fromkeys(sight.key(stream) for stream in ranked))
    found = []
    for place, key in enumerate(keys):
        mine = [stream for stream in ranked if sight.key(stream) == key]
        used = sum(by_stream.get(stream.stream_id, (0, 0))[0] for stream in mine)
        left = sum(by_stream.get(stream.stream_id, (0, 0))[1] for stream in mine)
        always = key in sight.choices.switched_off
        mark: SourceMark = sight.mark(mine[0])
        on = not always and key not in sight.query.off
        above = tuple(other for other in keys[:place] if other not in (*sight.query.off, *sight.choices.switched_off))
        found.append(DeviceUse(key, mark, sum(held[s.stream_id] for s in mine), used, left, above, on, always))
    return tuple(found)
