"""This is the place where samples are kept and read: sealed columns, one chunk for each stream and month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, Row, delete, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.bins import bins_of, joined_bins
from core.domain.samples import Bins, BinStrand, Columns, Strand, Stream
from core.domain.signals import SIGNALS
from core.store.codec import KeptStream, Span, pack, unpack
from core.store.columns import Joined, bins_from_bytes, bins_to_bytes, equal, from_bytes, join, to_bytes
from core.store.instants import to_micros
from core.store.sealing import Box, new_id
from core.store.tables import series_chunks, streams
from core.store.vault import Vault

_BATCH = 200
BINS_SAVE = 3
"""Quarter hours are kept beside the samples where they are at least this many times fewer."""
_BINNED = ("average", "cumulative")


class SeriesStore:
    """The store's methods that read samples."""

    _vault: Vault

    def streams(self, person_id: str, event: AuditEvent) -> tuple[Stream, ...]:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(select(streams).where(streams.c.person_id == person_id)).all()
        found = [open_stream(box, row) for row in rows]
        return tuple(sorted(found, key=lambda one: (one.signal, one.device, one.grain, one.stream_id)))

    def strands(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[Strand, ...]:
        first, last = to_micros(start) * 1000, to_micros(end) * 1000
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            sealed = list(_chunks(self._vault, connection, box, _Wanted(person_id, signals, first, last)))
        found = []
        for stream, rows in sealed:
            whole = Columns.joined([open_columns(box, row) for row in rows])
            inside = whole.take((whole.start < last) & ((whole.end > first) | (whole.start >= first)))
            if len(inside):
                found.append(Strand(stream, inside if _ascends(inside) else inside.take(np.argsort(inside.start, kind="stable"))))
        return tuple(found)

    def bins(
        self, person_id: str, signals: Sequence[str], start: datetime, end: datetime, event: AuditEvent
    ) -> tuple[BinStrand, ...]:
        first, last = to_micros(start) * 1000, to_micros(end) * 1000
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            sealed = list(_chunks(self._vault, connection, box, _Wanted(person_id, signals, first, last, binned=True)))
        found = []
        for stream, rows in sealed:
            whole = joined_bins([_bins(box, row, stream.signal) for row in rows])
            inside = (whole.at >= first) & (whole.at < last)
            if inside.any():
                found.append(BinStrand(stream, Bins(*(getattr(whole, name)[inside] for name in Bins.__slots__))))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class _Wanted:
    person_id: str
    signals: Sequence[str]
    first: int
    last: int
    binned: bool = False


def _chunks(vault: Vault, connection: Connection, box: Box, wanted: _Wanted) -> Iterator[tuple[Stream, list[Row]]]:
    """For each stream of these signals the rows of the months that are asked for, by month; others stay unread."""
    marks = [vault.keys.mark("signal", wanted.person_id, signal) for signal in wanted.signals]
    mine = select(streams).where(streams.c.person_id == wanted.person_id, streams.c.signal_mark.in_(marks))
    known = sorted((open_stream(box, row) for row in connection.execute(mine)), key=lambda s: (s.device, s.grain, s.stream_id))
    for stream in known:
        if stream.last < wanted.first or stream.first >= wanted.last:
            continue
        spans = select(series_chunks.c.chunk_id, series_chunks.c.person_id, series_chunks.c.sealed_span)
        meets = []
        for row in connection.execute(spans.where(series_chunks.c.stream_id == stream.stream_id)):
            span = open_span(box, row)
            if span.first < wanted.last and span.last >= wanted.first:
                meets.append((span.month, row.chunk_id))
        chunk_ids = [chunk_id for _, chunk_id in sorted(meets)]
        rows = _rows(connection, chunk_ids, wanted.binned)
        if rows:
            yield stream, rows


def _rows(connection: Connection, chunk_ids: Sequence[str], binned: bool) -> list[Row]:
    table = series_chunks.c
    found: dict[str, Row] = {}
    for start in range(0, len(chunk_ids), _BATCH):
        part = chunk_ids[start : start + _BATCH]
        if binned:
            query = select(table.chunk_id, table.person_id, table.sealed_bins).where(table.sealed_bins.is_not(None))
            found.update({row.chunk_id: row for row in connection.execute(query.where(table.chunk_id.in_(part)))})
            part = [chunk_id for chunk_id in part if chunk_id not in found]
        if part:
            query = select(table.chunk_id, table.person_id, table.sealed_columns)
            found.update({row.chunk_id: row for row in connection.execute(query.where(table.chunk_id.in_(part)))})
    return [found[chunk_id] for chunk_id in chunk_ids]


def open_stream(box: Box, row: Row) -> Stream:
    kept = unpack(KeptStream, box.open(row.sealed_stream, "streams", row.person_id, row.stream_id, "stream"))
    return Stream(row.stream_id, row.source_id, kept.signal, kept.device, kept.grain, row.samples, kept.first, kept.last)


def open_span(box: Box, row: Row) -> Span:
    return unpack(Span, box.open(row.sealed_span, "series_chunks", row.person_id, row.chunk_id, "span"))


def open_columns(box: Box, row: Row) -> Columns:
    """The samples of a chunk."""
    return from_bytes(box.open(row.sealed_columns, "series_chunks", row.person_id, row.chunk_id, "columns"))


def open_bins(box: Box, row: Row) -> Bins | None:
    """The quarter hours of a chunk, where they were prepared."""
    if row.sealed_bins is None:
        return None
    return bins_from_bytes(box.open(row.sealed_bins, "series_chunks", row.person_id, row.chunk_id, "bins"))


def _bins(box: Box, row: Row, signal: str) -> Bins:
    prepared = open_bins(box, row) if hasattr(row, "sealed_bins") else None
    return prepared if prepared is not None else bins_of(open_columns(box, row), SIGNALS[signal])


def _ascends(columns: Columns) -> bool:
    return bool(np.all(columns.start[1:] >= columns.start[:-1]))


# ---------------------------------------------------------------------------------------------------------------- writing


@dataclass(slots=True)
class OpenStream:
    """A stream that is being written to: as the store has it, or to be."""

    stream_id: str
    person_id: str
    source_id: str
    signal: str
    device: str
    grain: str
    samples: int
    first: int | None
    last: int | None
    is_new: bool

    @property
    def by_value(self) -> bool:
        """Whether several values may hold over the very same interval."""
        return SIGNALS[self.signal].kind == "state"


def stream_of(vault: Vault, connection: Connection, box: Box, made: OpenStream) -> OpenStream:
    """The stream as the store has it, else the one given (with an id of its own)."""
    mark = stream_mark(vault, made)
    row = connection.execute(select(streams).where(streams.c.person_id == made.person_id, streams.c.stream_mark == mark)).first()
    if row is None:
        made.stream_id, made.is_new = new_id(), True
        return made
    kept = open_stream(box, row)
    made.stream_id, made.samples, made.first, made.last, made.is_new = kept.stream_id, kept.samples, kept.first, kept.last, False
    return made


def stream_mark(vault: Vault, stream: OpenStream) -> bytes:
    return vault.keys.mark("stream", stream.person_id, stream.source_id, stream.signal, stream.device, stream.grain)


def keep_stream(vault: Vault, connection: Connection, box: Box, stream: OpenStream) -> None:
    """Write what the stream is and covers."""
    kept = KeptStream(stream.signal, stream.device, stream.grain, stream.first or 0, stream.last or 0)
    sealed = box.seal(pack(kept), "streams", stream.person_id, stream.stream_id, "stream")
    if stream.is_new:
        row = {
            "stream_id": stream.stream_id, "person_id": stream.person_id, "source_id": stream.source_id,
            "signal_mark": vault.keys.mark("signal", stream.person_id, stream.signal), "stream_mark": stream_mark(vault, stream),
            "samples": stream.samples, "sealed_stream": sealed,
        }  # fmt: skip
        connection.execute(insert(streams), row)
        stream.is_new = False
    else:
        mine = update(streams).where(streams.c.stream_id == stream.stream_id)
        connection.execute(mine.values(samples=stream.samples, sealed_stream=sealed))


def keep_month(
    vault: Vault, connection: Connection, box: Box, where: tuple[OpenStream, str], given: Columns
) -> tuple[np.ndarray, bool]:
    """Join samples into the chunk of their month: what became of each, and whether anything changed."""
    stream, month = where
    mark = vault.keys.mark("series", stream.person_id, stream.stream_id, month)
    mine = (series_chunks.c.person_id == stream.person_id, series_chunks.c.chunk_mark == mark)
    row = None if stream.is_new else connection.execute(select(series_chunks).where(*mine)).first()
    before = open_columns(box, row) if row is not None else Columns.empty()
    joined: Joined = join(before, given, stream.by_value)
    if row is not None and equal(before, joined.columns):
        return joined.fate, False
    if row is not None:
        connection.execute(delete(series_chunks).where(*mine))
    connection.execute(insert(series_chunks), _chunk_row(box, stream, (month, mark), joined.columns))
    stream.samples += len(joined.columns) - len(before)
    first, last = int(joined.columns.start[0]), int(joined.columns.end.max())
    stream.first = first if stream.first is None else min(stream.first, first)
    stream.last = last if stream.last is None else max(stream.last, last)
    return joined.fate, True


def _chunk_row(box: Box, stream: OpenStream, of: tuple[str, bytes], columns: Columns) -> dict[str, object]:
    month, mark = of
    chunk_id = new_id()
    place = ("series_chunks", stream.person_id, chunk_id)
    row = SIGNALS[stream.signal]
    bins = bins_of(columns, row) if row.kind in _BINNED else None
    small = bins is not None and len(bins) * BINS_SAVE <= len(columns)
    span = Span(month, int(columns.start[0]), int(columns.end.max()))
    return {
        "chunk_id": chunk_id,
        "person_id": stream.person_id,
        "stream_id": stream.stream_id,
        "chunk_mark": mark,
        "samples": len(columns),
        "sealed_span": box.seal(pack(span), *place, "span"),
        "sealed_bins": box.seal(bins_to_bytes(bins), *place, "bins") if bins is not None and small else None,
        "sealed_columns": box.seal(to_bytes(columns), *place, "columns"),
    }


def months(columns: Columns) -> Iterable[tuple[str, np.ndarray]]:
    """The calendar months (UTC, as stored) that samples begin in, each with the mask of its samples."""
    of = columns.start.view("datetime64[ns]").astype("datetime64[M]")
    found = np.unique(of)
    if len(found) == 1:
        return [(str(found[0]), np.ones(len(columns), dtype=bool))]
    return [(str(month), of == month) for month in found]
