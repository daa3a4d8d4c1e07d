"""This is the place where columns of samples become bytes and come back, and where new ones join those that are there.

Arrow starts no thread here: a thread that is still starting when a short command ends takes the whole process down with it.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.domain.samples import COLUMNS, Bins, Columns

NEW, KNOWN, REPLACED, TWICE = 0, 1, 2, 3
"""What became of a sample: first of its time, there already, another value than before, given again later in the same batch."""

_ENCODINGS = {"start": "DELTA_BINARY_PACKED", "lasts": "DELTA_BINARY_PACKED", "value": "BYTE_STREAM_SPLIT"}
_REPEATED = ["quality", "offset"]
_BINS = ("at", "count", "sum", "low", "high", "offset")


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """Samples of a month with new ones among them, ascending; `fate` says for each new one, in the order given, what it was."""

    columns: Columns
    fate: np.ndarray


def join(before: Columns, after: Columns, by_value: bool = False) -> Joined:
    """Both in one, ascending by start and end, each start and end once: the later given wins. `by_value`: samples that differ in
    value are different ones (several states over one interval)."""
    everything = Columns.joined([before, after])
    n, old = len(everything), len(before)
    number = np.arange(n)
    keys = [everything.end, everything.start]
    if by_value:
        keys.insert(0, everything.value)
    order = np.lexsort((number, *keys))
    ends_group = np.ones(n, dtype=bool)
    if n > 1:
        same = np.ones(n - 1, dtype=bool)
        for key in keys:
            same &= key[order][1:] == key[order][:-1]
        ends_group[:-1] = ~same
    group = np.cumsum(ends_group) - ends_group  # the number of the group each ordered row stands in
    last = order[ends_group]  # who wins in each group
    was = np.full(len(last), -1)
    was[group[order < old]] = order[order < old]  # at most one of each group was there
    fate_of_last = np.where(was[group] < 0, NEW, np.where(everything.value[order] == everything.value[was[group]], KNOWN, REPLACED))
    fate = np.where(ends_group, fate_of_last, TWICE)
    placed = np.empty(n, dtype=np.int8)
    placed[order] = fate
    return Joined(everything.take(last), placed[old:])


def equal(one: Columns, other: Columns) -> bool:
    """Whether nothing has changed."""
    return len(one) == len(other) and all(np.array_equal(getattr(one, name), getattr(other, name)) for name in COLUMNS)


def to_bytes(columns: Columns) -> bytes:
    """As zstd-compressed Parquet: times as differences, values by their bytes, what repeats as a dictionary."""
    import pyarrow as pa  # here and below: only who keeps long series waits for it
    from pyarrow import parquet as pq

    table = pa.table(
        {
            "start": columns.start,
            "lasts": columns.end - columns.start,
            "value": columns.value,
            "quality": columns.quality,
            "offset": columns.offset,
        }
    )
    written = io.BytesIO()
    pq.write_table(
        table, written, compression="zstd", use_dictionary=_REPEATED, column_encoding=_ENCODINGS, write_statistics=False,
        store_schema=False,
    )  # fmt: skip
    return written.getvalue()


def from_bytes(packed: bytes) -> Columns:
    """The columns again."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    table = pq.ParquetFile(pa.BufferReader(packed), pre_buffer=False).read(use_threads=False)
    start = table.column("start").to_numpy()
    return Columns(
        start,
        start + table.column("lasts").to_numpy(),
        table.column("value").to_numpy(),
        table.column("quality").to_numpy().astype(np.uint8, copy=False),
        table.column("offset").to_numpy().astype(np.int16, copy=False),
    )


def bins_to_bytes(bins: Bins) -> bytes:
    """As a zstd-compressed Arrow stream, which opens faster than Parquet."""
    import pyarrow as pa

    batch = pa.record_batch({name: np.ascontiguousarray(getattr(bins, name)) for name in _BINS})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema, options=pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)) as writer:
        writer.write_batch(batch)
    return sink.getvalue().to_pybytes()  # type: ignore[no-any-return]


def bins_from_bytes(packed: bytes) -> Bins:
    import pyarrow as pa

    batch: Any = pa.ipc.open_stream(packed, options=pa.ipc.IpcReadOptions(use_threads=False)).read_next_batch()
    return Bins(*(batch.column(name).to_numpy(zero_copy_only=False) for name in _BINS))
