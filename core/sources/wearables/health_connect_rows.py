"""This is the place where rows of a Health Connect table become samples, all of a batch together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from core.domain.samples import MANUAL, UTC_ONLY, Columns, Samples, Tally
from core.sources.wearables.collect import LEAST_NS, MOST_NS
from core.sources.wearables.health_connect_tables import MANUAL_ENTRY, Table, Value

FIELDS = ("row", "start", "end", "offset", "app", "device", "method", "turned")
"""What stands before the values in each row."""
OTHER = np.inf
"""What a cell holds that is neither a number nor empty."""
MS = 1_000_000
FARTHEST = 15 * 3600


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows as float64 columns: FIELDS, then the values of `table`. Empty cells are NaN. `named` gives the device of (app, device)."""

    rows: np.ndarray
    table: Table
    path: str
    kind: str
    named: Callable[[float, float], str]

    def column(self, name: str) -> np.ndarray:
        return self.rows[:, FIELDS.index(name)]

    def read(self) -> Iterator[Samples | Tally]:
        start, end, fault = self._times()
        values = self.rows[:, len(FIELDS) :]
        nothing = int(np.isnan(values).all(axis=1).sum())
        if nothing:
            yield self._odd(self.kind, "refused", "value_missing", nothing)
        for at, (column, value) in enumerate(self.table.values.items()):
            kind = self.kind if len(self.table.values) == 1 else f"{self.kind}.{column}"
            numbers = values[:, at]
            there = ~np.isnan(numbers)
            for why in dict.fromkeys(fault[there].tolist()):
                if why:
                    yield self._odd(kind, "refused", why, int((there & (fault == why)).sum()))
            fine = there & (fault == "")
            made, odd = _made(numbers, value)
            for (outcome, why), which in odd.items():
                count = int((fine & which).sum())
                if count:
                    yield self._odd(kind, outcome, why, count)
                fine = fine & ~which
            yield from self._samples(value, fine, made, (start, end))

    def _odd(self, kind: str, outcome: str, why: str, count: int) -> Tally:
        return Tally(self.path, kind, outcome, why, count)

    def _times(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Start and end in ns, and what is wrong with them ("" nothing)."""
        start, end = self.column("start"), self.column("end")
        fault = np.full(len(start), "", dtype="U32")
        fault[end < start] = "ends_before_start"
        least, most = LEAST_NS / MS, MOST_NS / MS
        with np.errstate(invalid="ignore"):
            fault[~((start >= least) & (start <= most) & (end >= least) & (end <= most))] = "time_out_of_reach"
        fault[np.isnan(start) | np.isnan(end)] = "time_missing"
        known = fault == ""
        return _ns(start, known), _ns(end, known), fault

    def _samples(self, value: Value, fine: np.ndarray, made: np.ndarray, times: tuple[np.ndarray, np.ndarray]) -> Iterator[Samples]:
        if not fine.any():
            return
        seconds = self.column("offset")
        with np.errstate(invalid="ignore"):
            sane = np.abs(seconds) <= FARTHEST
        offset = np.where(sane, np.round(np.where(sane, seconds, 0) / 60), UTC_ONLY).astype(np.int16)
        quality = np.where(self.column("method") == MANUAL_ENTRY, MANUAL, 0) | value.quality
        signals = np.full(len(fine), value.signal, dtype=object)
        for code, other in self.table.turned[1].items():
            signals[self.column("turned") == code] = other
        origin = np.nan_to_num(self.rows[:, FIELDS.index("app") : FIELDS.index("device") + 1], nan=-1, posinf=-1, neginf=-1)
        for app, device in np.unique(origin[fine], axis=0).tolist():
            here = fine & (origin[:, 0] == app) & (origin[:, 1] == device)
            for signal in dict.fromkeys(signals[here].tolist()):
                of = np.flatnonzero(here & (signals == signal))
                columns = Columns.of(times[0][of], made[of], times[1][of], quality[of], offset[of])
                yield Samples(signal, columns, self.named(app, device), "", "", self.path)


def _ns(ms: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, np.round(np.where(known, ms, 0)), 0).astype(np.int64) * MS


def _made(numbers: np.ndarray, value: Value) -> tuple[np.ndarray, dict[tuple[str, str], np.ndarray]]:
    """The values in our units, and which rows have none, by outcome and reason."""
    odd = {("refused", "not_a_number"): np.isinf(numbers)}
    if not value.codes:
        if value.positive:
            odd["not_followed", "no_reading"] = numbers <= 0
        with np.errstate(over="ignore"):
            made = numbers * value.times
        odd["refused", "not_a_number"] |= np.isinf(made)
        return made, odd
    made = np.full(len(numbers), np.nan)
    for code, becomes in value.codes.items():
        made[numbers == code] = becomes
    unknown = np.isnan(made)
    if isinstance(value.otherwise, float):
        made[unknown] = value.otherwise
    else:
        odd[value.otherwise] = unknown
    return made, odd
