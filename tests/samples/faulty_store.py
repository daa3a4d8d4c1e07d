"""This is the place where a life in which things go wrong is put behind the ports, so that a use case can be asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from core.domain.audit import AuditEvent
from core.domain.bins import bins_of
from core.domain.samples import BinStrand, SeriesChoices, Strand, Stream, SyncEvent
from core.domain.signals import SIGNALS
from core.ports import Ports, SourceInfo
from core.samples.faults import FaultyLife


@dataclass(frozen=True)
class FaultyStore:
    """The store's methods about series, read only, for the one person there is."""

    life: FaultyLife
    zone: str

    def series_choices(self, person_id: str) -> SeriesChoices:
        return SeriesChoices(self.zone, (("*", ("Watch", "Phone")),))

    def streams(self, person_id: str, event: AuditEvent) -> tuple[Stream, ...]:
        return tuple(_stream(self.life, n) for n, one in enumerate(self.life.streams) if len(one.samples.columns))

    def strands(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[Strand, ...]:
        first, last = (int(at.timestamp()) * 1_000_000_000 for at in (start, end))
        found = []
        for n, one in enumerate(self.life.streams):
            columns = one.samples.columns
            inside = columns.take((columns.start < last) & (columns.end >= first))
            if one.samples.signal in signals and len(inside):
                found.append(Strand(_stream(self.life, n), inside))
        return tuple(found)

    def bins(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[BinStrand, ...]:
        found = self.strands(person_id, signals, start, end, event)
        return tuple(BinStrand(one.stream, bins_of(one.columns, SIGNALS[one.stream.signal])) for one in found)

    def records(self, person_id: str, event: AuditEvent, **more: object) -> tuple[()]:
        return ()

    def sources(self, person_id: str, event: AuditEvent) -> tuple[SourceInfo, ...]:
        return tuple(SourceInfo(source, person_id, "file", source) for source in ("hub", "sensor", "app"))

    def sync_events(self, person_id: str, event: AuditEvent) -> tuple[SyncEvent, ...]:
        return self.life.events


def ports_of(life: FaultyLife, zone: str | None = None) -> Ports:
    """Ports of which only the clock and the series are there."""
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=life.now_ns // 1000)
    store = FaultyStore(life, life.zone if zone is None else zone)
    return cast(Ports, SimpleNamespace(store=store, clock=cast(Any, SimpleNamespace(now=lambda: now))))


def _stream(life: FaultyLife, n: int) -> Stream:
    one = life.streams[n]
    columns = one.samples.columns
    first, last = (int(columns.start[0]), int(columns.end.max())) if len(columns) else (0, 0)
    return Stream(f"t{n}", one.source, one.samples.signal, one.samples.device, one.samples.grain, len(columns), first, last)
