"""This is the place where stored records become columns of readings: only what may be used, in one unit per signal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.domain.records import Record, Standing, Value
from core.domain.signals import SIGNALS
from core.domain.time import PartialTime
from core.domain.units import linear
from core.trends.columns import COLUMNS, Pairs, Series, ns
from core.trends.same import SAME_MOMENT_NS
from core.trends.setting import setting_of

_NOT_RESULTS = frozenset({"entered-in-error", "cancelled", "registered"})
_MEANINGS: Mapping[str, str] = {
    "NORMAL": "N", "HIGH": "H", "LOW": "L", "ABNORMAL": "A", "CRITICAL HIGH": "HH", "CRITICAL LOW": "LL",
    "CRITICALLY HIGH": "HH", "CRITICALLY LOW": "LL", "CRITICALLY ABNORMAL": "AA", "CRITICAL ABNORMAL": "AA",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Readings:
    """All usable readings by signal, and the blood pressures with both halves. `left_out` counts numbers of a known signal
    that can't stand on a time axis in the signal's unit (no time, or a unit that does not convert)."""

    series: Mapping[str, Series] = field(default_factory=dict)
    pressures: Pairs = field(default_factory=lambda: Pairs(Series.of("sbp", ()), Series.of("dbp", ())))
    left_out: int = 0

    def get(self, signal: str) -> Series:
        """The series of a signal, empty where there is none."""
        return self.series.get(signal) or Series.of(signal, ())


def readings(records: Iterable[Record]) -> Readings:
    """Columns per signal from the current observations. Left aside: records that are superseded, retracted, quarantined or
    marked "see the original", values that are absent or have a problem, and text."""
    rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    left_out = 0
    for record in records:
        if not usable(record):
            continue
        placed = _placed(record)
        for value in record.item.values:
            if value.signal not in SIGNALS or value.number is None or value.form != "quantity" or value.problem or value.absent:
                continue
            row = _row(record, value, placed) if placed else None
            if row is None:
                left_out += 1
            else:
                rows[value.signal].append(row)
    order = {key: at for at, key in enumerate(SIGNALS)}
    series = {signal: Series.of(signal, rows[signal]) for signal in sorted(rows, key=order.__getitem__)}
    return Readings(series, _paired(series), left_out)


def with_devices(known: Readings, extra: Mapping[str, Series]) -> Readings:
    """The readings of the record together with what devices measured one by one (columns of the same signals): one more source
    of each signal, pressures paired anew. What the record says as well (the same value as shown, within a minute) counts once, as the
    record's."""
    order = {key: at for at, key in enumerate(SIGNALS)}
    series = dict(known.series)
    for signal, more in extra.items():
        series[signal] = _merged(series[signal], more) if signal in series else more
    series = {signal: series[signal] for signal in sorted(series, key=order.__getitem__)}
    return Readings(series, _paired(series), known.left_out)


def _merged(one: Series, other: Series) -> Series:
    other = other.take(~_told(one, other))
    columns: dict[str, Any] = {name: np.concatenate([getattr(one, name), getattr(other, name)]) for name in COLUMNS}
    return replace(one, **columns).take(np.argsort(columns["time"], kind="stable"))


def _told(one: Series, other: Series) -> np.ndarray:
    """Mask of the readings of `other` that `one` has as well, at an instant: the rule of core/trends/same.py."""
    known = one.take((one.precision == "instant") & (one.bound == ""))
    decimals = SIGNALS[one.signal].decimals
    mine, theirs = np.round(known.value, decimals), np.round(other.value, decimals)
    found = np.zeros(len(other), dtype=bool)
    for value in np.intersect1d(mine, theirs):
        at, rows = np.sort(known.time[mine == value]), np.flatnonzero(theirs == value)
        near = np.searchsorted(at, other.time[rows] + SAME_MOMENT_NS, "right") > np.searchsorted(at, other.time[rows] - SAME_MOMENT_NS)
        found[rows] = near & (other.bound[rows] == "")
    return found


def usable(record: Record) -> bool:
    """Whether the numbers of a record may be used at all."""
    item = record.item
    return (
        item.kind == "Observation"
        and record.standing is Standing.CURRENT
        and not item.see_original
        and item.status not in _NOT_RESULTS
    )


@dataclass(frozen=True)
class _Place:
    """Where a record stands in time, and where it was measured."""

    at: int
    time: PartialTime
    setting: str


def _placed(record: Record) -> _Place | None:
    """By the time it was measured, else by the time it was issued; a bare day stands at noon, a month at its middle."""
    time = PartialTime.parse(record.item.start) or PartialTime.parse(record.item.issued)
    if time is None:
        return None
    try:
        middle = time.earliest if time.precision == "instant" else time.earliest + (time.until - time.earliest) / 2
    except OverflowError:
        return None
    if not 1678 <= middle.year <= 2261:  # what 64-bit nanoseconds can hold
        return None
    return _Place(ns(middle), time, setting_of(record))


def _row(record: Record, value: Value, placed: _Place) -> tuple[Any, ...] | None:
    factors = linear(value.unit, SIGNALS[value.signal].unit, value.signal)
    if factors is None or value.number is None:
        return None
    mult, add = factors

    def canonical(number: float | None) -> float:
        return np.nan if number is None else number * mult + add

    said = value.interpretation.strip().upper()
    return (
        placed.at, canonical(value.number), value.bound, canonical(value.low), canonical(value.high), _MEANINGS.get(said, said),
        placed.time.text, placed.time.precision, placed.setting, record.record_id, tuple(mark.source_id for mark in record.sources),
    )  # fmt: skip


def _paired(series: Mapping[str, Series]) -> Pairs:
    """Both halves by their codes: of one record, or of two records of one source at the very same instant. A record that
    gives a half twice makes no pair."""
    empty = Pairs(Series.of("sbp", ()), Series.of("dbp", ()))
    upper, lower = series.get("sbp"), series.get("dbp")
    if upper is None or lower is None:
        return empty
    left: list[int] = []
    right: list[int] = []
    seen_upper: set[int] = set()
    seen_lower: set[int] = set()
    for key in (_by_record, _by_moment):
        mine, theirs = key(upper, seen_upper), key(lower, seen_lower)
        for at in mine.keys() & theirs.keys():
            if len(mine[at]) == 1 and len(theirs[at]) == 1:
                left.append(mine[at][0])
                right.append(theirs[at][0])
        seen_upper, seen_lower = set(left), set(right)
    if not left:
        return empty
    order = sorted(range(len(left)), key=lambda i: (left[i], right[i]))
    return Pairs(upper.take(np.array(left)[order]), lower.take(np.array(right)[order]))


def _by_record(series: Series, used: set[int]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for at, record in enumerate(series.record):
        if at not in used:
            found[record].append(at)
    return found


def _by_moment(series: Series, used: set[int]) -> dict[Any, list[int]]:
    found: dict[Any, list[int]] = defaultdict(list)
    for at, (when, precision, source) in enumerate(zip(series.when, series.precision, series.source, strict=True)):
        if at not in used and precision == "instant":
            found[(when, source)].append(at)
    return found
