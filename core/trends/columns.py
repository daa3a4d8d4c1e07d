"""This is the place where the readings of one signal stand as columns: one row per reading, ordered by time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from core.domain.signals import SIGNALS

DAY_NS = 86_400_000_000_000
HOUR_NS = 3_600_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def ns(instant: datetime) -> int:
    """Nanoseconds since 1970 UTC of an aware instant, without rounding."""
    since = instant - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000_000 + since.microseconds * 1000


def instant(at: int) -> datetime:
    """The aware UTC instant of nanoseconds since 1970 (to the microsecond)."""
    return _EPOCH + timedelta(microseconds=int(at) // 1000)


@dataclass(frozen=True, eq=False)
class Series:
    """One signal, oldest first. All columns have the same length:

    `time` int64 ns UTC (a day or month without a clock time stands at its middle), `value` float64 in `unit`, `bound` the
    comparators, `low`/`high` float64 the reference range sent with the value in `unit` (NaN where absent), and as objects:
    `interpretation` (upper-case code), `when` (FHIR time as sent), `precision` ("instant", "day" ...), `setting` ("home",
    "office" or ""), `record` (our record id), `source` (tuple of source ids)."""

    signal: str
    unit: str
    time: np.ndarray
    value: np.ndarray
    bound: np.ndarray
    low: np.ndarray
    high: np.ndarray
    interpretation: np.ndarray
    when: np.ndarray
    precision: np.ndarray
    setting: np.ndarray
    record: np.ndarray
    source: np.ndarray

    def __len__(self) -> int:
        return len(self.time)

    @property
    def measured(self) -> np.ndarray:
        """Mask of the readings that are a number and not a limit ("<5"): only these are averaged or compared."""
        return self.bound == ""

    def take(self, rows: Any) -> Series:
        """The same columns for some rows (slice, mask or indices)."""
        return replace(self, **{name: getattr(self, name)[rows] for name in COLUMNS})

    @classmethod
    def of(cls, signal: str, rows: Sequence[tuple[Any, ...]]) -> Series:
        """From rows of (time, value, bound, low, high, interpretation, when, precision, setting, record, source), any order."""
        ordered = sorted(rows, key=lambda row: (row[0], row[9], row[1]))
        made = {name: _column(name, [row[at] for row in ordered]) for at, name in enumerate(COLUMNS)}
        return cls(signal, SIGNALS[signal].unit, **made)

    @classmethod
    def sampled(cls, signal: str, time: np.ndarray, value: np.ndarray, source_id: str = "") -> Series:
        """From bulk columns of a device (int64 ns ascending, canonical unit); the text columns cost no memory per row."""
        n = len(time)
        texts = {name: np.broadcast_to(np.array("", dtype=object), n) for name in COLUMNS if name not in _FLOATS and name != "time"}
        nothing = np.broadcast_to(np.array(np.nan), n)
        source = np.empty((), dtype=object)
        source[()] = (source_id,) if source_id else ()
        texts |= {"source": np.broadcast_to(source, n), "precision": np.broadcast_to(np.array("instant", dtype=object), n)}
        return cls(signal, SIGNALS[signal].unit, time=time, value=value, low=nothing, high=nothing, **texts)


COLUMNS = tuple(field.name for field in fields(Series))[2:]
_FLOATS = ("value", "low", "high")


def _column(name: str, cells: list[Any]) -> np.ndarray:
    if name == "time":
        return np.array(cells, dtype=np.int64)
    if name in _FLOATS:
        return np.array(cells, dtype=np.float64)
    column = np.empty(len(cells), dtype=object)
    column[:] = cells
    return column


@dataclass(frozen=True, eq=False)
class Pairs:
    """Blood pressures with both halves, oldest first: row i of `sbp` and row i of `dbp` are one measurement."""

    sbp: Series
    dbp: Series

    def __len__(self) -> int:
        return len(self.sbp)

    @property
    def measured(self) -> np.ndarray:
        """Mask of the pairs whose halves are both numbers and no limits."""
        return self.sbp.measured & self.dbp.measured

    def take(self, rows: Any) -> Pairs:
        """The same measurements for some rows (slice, mask or indices)."""
        return Pairs(self.sbp.take(rows), self.dbp.take(rows))
