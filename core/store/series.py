"""This is the place where long series are kept: sealed zstd-Parquet columns, one chunk per signal, month and source."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import Connection, Row, delete, insert, select

from core.domain.audit import AuditEvent
from core.errors import BadInput, NotFound
from core.ports import SeriesChunk
from core.store.codec import Span, pack, unpack
from core.store.instants import to_micros
from core.store.sealing import Box, new_id
from core.store.tables import series_chunks, sources
from core.store.vault import Vault

_ENCODINGS = {"time": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT", "quality": "PLAIN"}
_COLUMNS = ("time", "value", "quality")


@dataclass(frozen=True, slots=True)
class _Line:
    """One signal of one person from one source."""

    person_id: str
    signal: str
    source_id: str


class SeriesStore:
    """The store's methods about series."""

    _vault: Vault

    def append_series(self, person_id: str, signal: str, source_id: str, chunk: SeriesChunk, event: AuditEvent) -> int:
        """Add samples; the number of times that are new. A sample at a time that the source already gave replaces it.
        Times need not be in order here. Raises BadInput where the columns differ in length."""
        line = _Line(person_id, signal, source_id)
        new, changed = 0, False
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            known = select(sources.c.source_id).where(sources.c.person_id == person_id, sources.c.source_id == source_id)
            if connection.execute(known).first() is None:
                raise NotFound("source_not_found", source=source_id)
            for month, part in _months(_checked(chunk)):
                before = self._take(connection, box, line, month)
                after = join(before, part)
                new += after.time.size - before.time.size
                changed = changed or not _equal(before, after)
                self._keep(connection, box, (line, month), after)
            if changed:
                self._vault.bump(connection, person_id)
        return new

    def series(self, person_id: str, signal: str, start: datetime, end: datetime, event: AuditEvent) -> SeriesChunk:
        """The samples of all sources with start <= time < end, ascending; where sources overlap, each one's samples."""
        first, last = to_micros(start) * 1000, to_micros(end) * 1000
        mark = self._vault.keys.mark("signal", person_id, signal)
        query = select(series_chunks).where(series_chunks.c.person_id == person_id, series_chunks.c.signal_mark == mark)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = [row for row in connection.execute(query) if _meets(open_span(box, row), first, last)]
        parts = [open_columns(box, row) for row in rows]
        joined = [np.concatenate([getattr(part, name) for part in [*parts, _empty()]]) for name in _COLUMNS]
        order = np.argsort(joined[0], kind="stable")
        order = order[(joined[0][order] >= first) & (joined[0][order] < last)]
        return SeriesChunk(*(column[order] for column in joined))

    def _take(self, connection: Connection, box: Box, line: _Line, month: str) -> SeriesChunk:
        """Take the chunk of a month out, to be put back joined with more."""
        mark = self._chunk_mark(line, month)
        mine = (series_chunks.c.person_id == line.person_id, series_chunks.c.chunk_mark == mark)
        row = connection.execute(select(series_chunks).where(*mine)).first()
        if row is None:
            return _empty()
        connection.execute(delete(series_chunks).where(*mine))
        return open_columns(box, row)

    def _keep(self, connection: Connection, box: Box, where: tuple[_Line, str], chunk: SeriesChunk) -> None:
        line, month = where
        chunk_id = new_id()
        place = ("series_chunks", line.person_id, chunk_id)
        span = Span(line.signal, month, int(chunk.time[0]), int(chunk.time[-1]))
        row = {
            "chunk_id": chunk_id,
            "person_id": line.person_id,
            "source_id": line.source_id,
            "signal_mark": self._vault.keys.mark("signal", line.person_id, line.signal),
            "chunk_mark": self._chunk_mark(line, month),
            "samples": int(chunk.time.size),
            "sealed_span": box.seal(pack(span), *place, "span"),
            "sealed_columns": box.seal(_to_parquet(chunk), *place, "columns"),
        }
        connection.execute(insert(series_chunks), row)

    def _chunk_mark(self, line: _Line, month: str) -> bytes:
        return self._vault.keys.mark("series", line.person_id, line.signal, line.source_id, month)


def join(before: SeriesChunk, after: SeriesChunk) -> SeriesChunk:
    """Both in one, ascending, each time once: the later given wins."""
    columns = [np.concatenate((getattr(before, name), getattr(after, name))) for name in _COLUMNS]
    order = np.argsort(columns[0], kind="stable")
    last_of_its_time = np.append(np.diff(columns[0][order]) != 0, True)
    order = order[last_of_its_time[: order.size]]
    return SeriesChunk(*(column[order] for column in columns))


def open_span(box: Box, row: Row) -> Span:
    return unpack(Span, box.open(row.sealed_span, "series_chunks", row.person_id, row.chunk_id, "span"))


def open_columns(box: Box, row: Row) -> SeriesChunk:
    """The samples of a chunk."""
    parquet = box.open(row.sealed_columns, "series_chunks", row.person_id, row.chunk_id, "columns")
    import pyarrow as pa  # here and below: only who keeps long series waits for it
    from pyarrow import parquet as pq

    table = pq.read_table(pa.BufferReader(parquet), use_threads=False)
    return SeriesChunk(*(table.column(name).to_numpy() for name in _COLUMNS))


def _to_parquet(chunk: SeriesChunk) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet as pq

    table = pa.table({name: getattr(chunk, name) for name in _COLUMNS})
    written = io.BytesIO()
    pq.write_table(table, written, compression="zstd", use_dictionary=False, column_encoding=_ENCODINGS, write_statistics=False)
    return written.getvalue()


def _checked(chunk: SeriesChunk) -> SeriesChunk:
    if not chunk.time.shape == chunk.value.shape == chunk.quality.shape or chunk.time.ndim != 1:
        raise BadInput("series_shape", place="chunk", need="time, value and quality of one length")
    return SeriesChunk(chunk.time.astype(np.int64), chunk.value.astype(np.float64), chunk.quality.astype(np.uint8))


def _months(chunk: SeriesChunk) -> Iterator[tuple[str, SeriesChunk]]:
    """The samples by calendar month in UTC."""
    chunk = join(_empty(), chunk)
    months = chunk.time.view("datetime64[ns]").astype("datetime64[M]")
    for month in np.unique(months):
        here = months == month
        yield str(month), SeriesChunk(chunk.time[here], chunk.value[here], chunk.quality[here])


def _meets(span: Span, first: int, last: int) -> bool:
    return span.first < last and span.last >= first


def _equal(one: SeriesChunk, other: SeriesChunk) -> bool:
    return all(np.array_equal(getattr(one, name), getattr(other, name), equal_nan=name == "value") for name in _COLUMNS)


def _empty() -> SeriesChunk:
    return SeriesChunk(np.empty(0, np.int64), np.empty(0, np.float64), np.empty(0, np.uint8))
