"""This is the place where the records of an Apple Health export that are alike wait, and become columns together.

A group is one type, one source and one unit. Its texts are kept as they were read, three for each record (start, end, value), and
turned into numbers in one go; what its records' metadata add is kept by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from core.domain.samples import FLOATING, MANUAL, Columns, Samples
from core.domain.signals import SIGNALS
from core.sources.wearables.apple_times import Instants, instants, offset_in
from core.sources.wearables.apple_types import NOT_SAID, Kind
from core.sources.wearables.apple_values import PERCENT, cuffless, factors, in_percent, is_sensor, numbers, plain_name
from core.sources.wearables.collect import LEAST_NS, MOST_NS

_REASONS = (
    ("refused", "value_missing"), ("refused", "not_a_number"), ("quarantined", "value_unknown"), ("not_followed", "severity_not_said"),
    ("not_followed", "no_reading"), ("refused", "time_invalid"), ("refused", "time_out_of_reach"), ("refused", "ends_before_start"),
)  # fmt: skip
"""How a record of a kind we take can still end; the first that holds counts."""

Odd = Callable[[str, str, str, int], None]
"""(type, outcome, why, how many)"""


@dataclass(slots=True)
class Group:
    """Records alike. `rows` holds start, end and value of each, flat; the dictionaries hold what metadata said, by row."""

    type: str
    source: str
    unit: str
    kind: Kind
    device: str = ""
    rows: list[str] = field(default_factory=list)
    typed: set[int] = field(default_factory=set)
    zones: dict[int, str] = field(default_factory=dict)
    measured: set[int] = field(default_factory=set)

    @property
    def last(self) -> int:
        """The row of the newest record."""
        return len(self.rows) // 3 - 1

    def columns(self, path: str, odd: Odd, *, hold_back: bool = False) -> Iterator[Samples]:
        """All that waits as Samples; what cannot be one goes to `odd`. `hold_back` leaves the newest record, whose metadata may
        still come."""
        count = len(self.rows) // 3 - (1 if hold_back else 0)
        if count <= 0:
            return
        rows = self.rows[: count * 3]
        if not self.kind.signal:
            odd(self.type, "not_followed", self.kind.why, count)
        else:
            yield from self._settled(path, odd, rows)
        del self.rows[: count * 3]
        self.typed = {row - count for row in self.typed if row >= count}
        self.measured = {row - count for row in self.measured if row >= count}
        self.zones = {row - count: zone for row, zone in self.zones.items() if row >= count}

    def _settled(self, path: str, odd: Odd, rows: list[str]) -> Iterator[Samples]:
        count = len(rows) // 3
        unit = self._factors()
        if isinstance(unit, str):
            odd(self.type, "quarantined", unit, count)
            return
        value, failed = self._values(rows[2::3], unit)
        start, end = instants(rows[0::3]), instants(rows[1::3])
        _fail(failed, 6, ~(start.known & end.known) | ((start.offset == FLOATING) != (end.offset == FLOATING)))
        _fail(failed, 7, (start.ns < LEAST_NS) | (start.ns > MOST_NS) | (end.ns < LEAST_NS) | (end.ns > MOST_NS))
        _fail(failed, 8, end.ns < start.ns)
        for code, many in zip(*np.unique(failed[failed > 0], return_counts=True), strict=True):
            odd(self.type, *_REASONS[code - 1], int(many))
        quality = self._quality(count)
        columns = Columns.of(start.ns, value, end.ns, quality, self._offsets(start)).take(failed == 0)
        yield from self._named(columns, path)

    def _named(self, columns: Columns, path: str) -> Iterator[Samples]:
        """The columns under their signal: blood sugar of a sensor apart from what was typed in or pricked."""
        signal, device = self.kind.signal, plain_name(self.source)
        if self.kind.about:
            device = f"{device} ({self.kind.about})" if device else self.kind.about
        parts = [(signal, columns)]
        if signal == "glucose" and is_sensor(self.source, self.device):
            typed = (columns.quality & MANUAL) > 0
            parts = [("cgm_glucose", columns.take(~typed)), (signal, columns.take(typed))]
        for name, part in parts:
            if len(part):
                yield Samples(name, part, device, "", "", path)

    def _factors(self) -> tuple[float, float] | str:
        if self.kind.codes or self.kind.always is not None:
            return 1.0, 0.0
        return factors("1" if self.kind.unitless else self.unit, self.kind.signal)

    def _values(self, texts: list[str], unit: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
        """(values in our unit, which reason of _REASONS counted from 1 or 0)."""
        kind, failed = self.kind, np.zeros(len(texts), np.uint8)
        if kind.always is not None:
            return np.full(len(texts), kind.always), failed
        if kind.codes:
            unknown = np.nan if kind.otherwise is None else kind.otherwise
            value = np.fromiter((kind.codes.get(text, unknown) for text in texts), np.float64, len(texts))
            _fail(failed, 1, np.fromiter((not text for text in texts), bool, len(texts)))
            _fail(failed, 3, np.isnan(value))
            _fail(failed, 4, value == NOT_SAID)
            return value, failed
        value, given = numbers(texts)
        _fail(failed, 1, ~given)
        _fail(failed, 2, ~np.isfinite(value))
        if kind.positive:
            _fail(failed, 5, value <= 0)
        if self.unit.strip() == PERCENT and SIGNALS[kind.signal].unit == PERCENT:
            value = in_percent(value)
        return value * unit[0] + unit[1], failed

    def _quality(self, count: int) -> np.ndarray:
        quality = np.full(count, self.kind.quality, np.uint8)
        if self.kind.paired:
            quality |= cuffless(self.source, self.device)
        for row in self.measured:
            if row < count:
                quality[row] = 0
        for row in self.typed:
            if row < count:
                quality[row] |= MANUAL
        return quality

    def _offsets(self, start: Instants) -> np.ndarray:
        """The offset as written, or that of the zone the record's metadata names."""
        offset = start.offset
        for row, zone in self.zones.items():
            if row < len(offset) and offset[row] != FLOATING:
                named = offset_in(zone, int(start.ns[row]))
                offset[row] = offset[row] if named is None else named
        return offset


def _fail(failed: np.ndarray, code: int, where: np.ndarray) -> None:
    failed[where & (failed == 0)] = code
