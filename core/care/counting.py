"""This is the place where the samples of several devices are taken from the store for a picture and made one: raw, or in quarter hours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from core.care.access import Grant
from core.care.picture_views import DeviceUse
from core.care.sight import Sight
from core.domain.samples import BinStrand, Stream
from core.domain.signal import Signal
from core.ports import Ports
from core.trends import sampled
from core.trends.bin_overlap import resolve_bins
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
    `high` (of each row) say how many samples it holds and their extremes. `held` are all that was read: each stream with the start
    and the weight of everything usable in it, the devices that are switched off among them."""

    row: Signal
    counts: Resolved
    weight: np.ndarray
    low: np.ndarray
    high: np.ndarray
    binned: bool
    held: tuple[tuple[Stream, np.ndarray, np.ndarray], ...]

    @property
    def series(self) -> Settled:
        return self.counts.series

    def between(self, start: datetime, end: datetime) -> Counted:
        """Only what begins within [start, end)."""
        first, last = ns(start), ns(end)
        rows = (self.series.start >= first) & (self.series.start < last)
        told = self.counts
        counts = Resolved(self.series.take(rows), told.source[rows], told.share[rows], told.streams, told.discarded)
        held = tuple((stream, at[mine], weight[mine]) for stream, at, weight in self.held for mine in [(at >= first) & (at < last)])
        return Counted(self.row, counts, self.weight[rows], self.low[rows], self.high[rows], self.binned, held)


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
    held = tuple(
        (stream, usable, np.ones(len(usable), dtype=np.int64)) for stream, one in strands for usable in [one.start[one.usable]]
    )
    return Counted(row, counts, ones, counts.series.value, counts.series.value, False, held)


def _of_bins(sight: Sight, row: Signal, bins: Sequence[BinStrand]) -> Counted:
    on = [one for one in bins if not sight.is_off(one.stream)]
    found = resolve_bins(on, row, sight.zone, _order(sight, row))
    held = tuple((one.stream, one.bins.at, one.bins.count) for one in bins)
    return Counted(row, found.resolved, found.count, found.low, found.high, True, held)


def devices(sight: Sight, counted: Counted) -> tuple[DeviceUse, ...]:
    """What each device gave and what of it counts, the most trusted first; the streams of one device (its grains) are one. What was
    left out is counted, with the reasons."""
    order = _order(sight, counted.row)
    counts = counted.counts
    used = np.bincount(counts.source, weights=counted.weight, minlength=len(counts.streams))
    used_by = {stream.stream_id: int(used[at]) for at, stream in enumerate(counts.streams)}
    ranked = sorted(counted.held, key=lambda one: rank(one[0], order))
    off = (*sight.query.off, *sight.choices.switched_off)
    found: dict[str, DeviceUse] = {}
    for stream, _, weight in ranked:
        key, samples, mine = sight.key(stream), int(weight.sum()), used_by.get(stream.stream_id, 0)
        left = max(samples - mine, 0) if key not in off else 0
        why = tuple(one.reason for one in counts.discarded if one.stream_id == stream.stream_id and left)
        above = tuple(other for other, one in found.items() if other != key and one.used)
        new = DeviceUse(key, sight.mark(stream), 0, 0, 0, above, key not in off, key in sight.choices.switched_off)
        known = found.get(key, new)
        reasons = tuple(dict.fromkeys((*known.reasons, *why)))
        left_out, used_in_all = known.left_out + left, known.used + mine
        found[key] = replace(known, samples=known.samples + samples, used=used_in_all, left_out=left_out, reasons=reasons)
    return tuple(found.values())
