"""This is the place where what a device recorded is described: columns of samples, never one object for each.

A sample has a start and an end (equal for an instant), a value in its signal's canonical unit, quality bits and the clock it was
written by. Three clocks exist in the world's exports, and all are kept as they came:

- the file names the offset of the local clock: `start` and `end` are true instants, `offset` is minutes east of UTC;
- the file names the instant only (UTC): `offset` is UTC_ONLY, the local clock is the person's zone;
- the file names the local clock only: `offset` is FLOATING and `start`/`end` are that clock read as if it were UTC; the
  instant is found with the person's zone when it is read (`core.trends.days.settle`), and is not known before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

UTC_ONLY = -32768
FLOATING = -32767

IMPLAUSIBLE = 1
"""Outside the signal's guard range: kept, shown apart, never used."""
MANUAL = 2
"""Typed in by a person."""
UNVALIDATED = 4
"""From a way of measuring that is not validated (a blood pressure without a cuff)."""
ESTIMATED = 8
"""The vendor's estimate or model, not a measurement."""
UNSURE = 16
"""The vendor itself says that it is of low confidence."""
BELOW = 32
"""Below what can be measured: the value is that limit ("LOW" of a glucose sensor)."""
ABOVE = 64
"""Above what can be measured: the value is that limit."""
ERASED = 128
"""A person took it back: kept for the record of what happened, never used."""

GRAINS = ("", "1min", "5min", "15min", "1h", "1d")
""""" a sample as it was measured; else the file's own summary over such a step. A summary never adds to finer samples of the same
device: where both are there the finer one counts."""


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """Samples as columns of one length: `start`, `end` int64 ns, `value` float64, `quality` uint8 bits, `offset` int16 minutes."""

    start: np.ndarray
    end: np.ndarray
    value: np.ndarray
    quality: np.ndarray
    offset: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    def take(self, rows: Any) -> Columns:
        """The same columns for some rows (slice, mask or indices)."""
        return Columns(*(getattr(self, name)[rows] for name in COLUMNS))

    @property
    def usable(self) -> np.ndarray:
        """Mask of the samples that may be used: neither implausible nor taken back."""
        return (self.quality & (IMPLAUSIBLE | ERASED)) == 0

    @classmethod
    def empty(cls) -> Columns:
        return cls.of(())

    @classmethod
    def of(cls, start: Any, value: Any = (), end: Any = None, quality: Any = 0, offset: Any = UTC_ONLY) -> Columns:
        """Columns from anything numpy takes; a single `end`, `quality` or `offset` holds for all. `end` None: instants."""
        starts = np.asarray(start, dtype=np.int64)
        n = len(starts)
        ends = starts if end is None else np.asarray(end, dtype=np.int64)
        return cls(
            starts,
            np.broadcast_to(ends, n),
            np.asarray(value, dtype=np.float64),
            np.broadcast_to(np.asarray(quality, dtype=np.uint8), n),
            np.broadcast_to(np.asarray(offset, dtype=np.int16), n),
        )

    @classmethod
    def joined(cls, parts: Sequence[Columns]) -> Columns:
        """One after the other, in the order given."""
        if len(parts) == 1:
            return parts[0]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS)) if parts else cls.empty()


COLUMNS = tuple(field.name for field in fields(Columns))


@dataclass(frozen=True, eq=False, slots=True)
class Samples:
    """A batch of samples that a file holds: which signal (a key of SIGNALS), by which device (its name as people know it,
    "" where the file names none), at which grain, and the columns in any order. `subject` is the file's own id of whose they
    are ("" where it names nobody); `path` says where in the file they stood, for the ledger."""

    signal: str
    columns: Columns
    device: str = ""
    grain: str = ""
    subject: str = ""
    path: str = ""

    def with_columns(self, columns: Columns) -> Samples:
        return replace(self, columns=columns)


@dataclass(frozen=True, slots=True)
class Tally:
    """Entries of a file that became no sample: how many, where, of which kind (the source's own word), how they ended (an
    `Outcome` value: "refused", "not_followed", "duplicate", "quarantined", "kept_raw") and why (a reason code)."""

    path: str
    kind: str
    outcome: str
    why: str
    count: int = 1
    subject: str = ""


Parsed = Iterator[Samples | Tally]
"""What a parser yields. Every entry of the file is in exactly one of them."""


@dataclass(frozen=True, slots=True)
class Stream:
    """What the store knows of one signal from one device of one source: `first` and `last` ns as stored."""

    stream_id: str
    source_id: str
    signal: str
    device: str
    grain: str
    samples: int
    first: int
    last: int


@dataclass(frozen=True, eq=False, slots=True)
class Strand:
    """The samples of one stream, ascending by start."""

    stream: Stream
    columns: Columns


BIN_NS = 900_000_000_000
"""A quarter of an hour: every zone of today is a whole number of these from UTC, so any local day is a whole number of bins."""


@dataclass(frozen=True, eq=False, slots=True)
class Bins:
    """A stream in quarter hours (UTC, or the local clock for FLOATING): `at` int64 ns the bin's start, ascending; `count` int64
    usable samples that begin in it, `sum` float64 (an interval's amount is shared out by time over the bins it covers), `low` and
    `high` float64, `offset` int16 as in Columns. Empty bins are left out."""

    at: np.ndarray
    count: np.ndarray
    sum: np.ndarray
    low: np.ndarray
    high: np.ndarray
    offset: np.ndarray

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True, eq=False, slots=True)
class BinStrand:
    """The bins of one stream."""

    stream: Stream
    bins: Bins


@dataclass(frozen=True, slots=True)
class SyncEvent:
    """Something that happened to a source: `kind` is "import" (data came, for the days `first`..`last` ns), "empty" (asked for
    `first`..`last`, nothing came), "failed" (asked, no answer; `why` a code), "connected", "disconnected", "consent_given",
    "consent_withdrawn". `at_ns` is when, in ns UTC; `device` "" means the whole source."""

    source_id: str
    kind: str
    at_ns: int
    first: int = 0
    last: int = 0
    why: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class SeriesChoices:
    """What a person chose about their series: `zone` (IANA name, "" not known), `order` the devices in order of trust by
    signal ("*" for all others), `switched_off` devices that are not shown or counted."""

    zone: str = ""
    order: tuple[tuple[str, tuple[str, ...]], ...] = ()
    switched_off: tuple[str, ...] = ()

    def leaves_out(self, device: str, source: str) -> bool:
        """Whether a device is switched off: by its own name, or by what its source is called where it has none."""
        return (device or source) in self.switched_off


@dataclass(frozen=True, slots=True)
class Note:
    """What a person wrote at a moment of a chart: `kind` "note", "symptom" or "visit"; `signal` "" for all charts."""

    note_id: str
    at_ns: int
    text: str
    kind: str = "note"
    signal: str = ""
