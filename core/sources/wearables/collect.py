"""This is the place where single entries of a file are gathered into columns, and odd ones into tallies that are counted."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

from core.domain.samples import UTC_ONLY, Columns, Samples, Tally

BATCH = 20_000


class Place(NamedTuple):
    """Where samples belong: the fields of `Samples` without its columns."""

    signal: str
    device: str = ""
    grain: str = ""
    subject: str = ""
    path: str = ""


class Collector:
    """Gathers entries of one file. Add, then yield from `ready()` now and then, and from `rest()` at the end.

    A value that is no finite number, or a time outside what 64-bit nanoseconds hold, becomes a tally "refused"."""

    def __init__(self, batch: int = BATCH) -> None:
        self._batch, self._held = batch, 0
        self._rows: dict[Place, list[tuple[int, int, float, int, int]]] = {}
        self._odd: dict[tuple[str, str, str, str, str], int] = {}

    def add(
        self, place: Place, start: int, value: float, *, end: int | None = None, quality: int = 0, offset: int = UTC_ONLY
    ) -> None:
        """One sample: `start` and `end` in ns (see core/domain/samples.py for the clocks), `value` in the canonical unit."""
        ends = start if end is None else end
        if not math.isfinite(value):
            self.odd(place.path, place.signal, "refused", "not_a_number", subject=place.subject)
        elif not (LEAST_NS <= start <= MOST_NS and LEAST_NS <= ends <= MOST_NS):
            self.odd(place.path, place.signal, "refused", "time_out_of_reach", subject=place.subject)
        elif ends < start:
            self.odd(place.path, place.signal, "refused", "ends_before_start", subject=place.subject)
        else:
            self._rows.setdefault(place, []).append((start, ends, value, quality, offset))
            self._held += 1

    def odd(self, path: str, kind: str, outcome: str, why: str, count: int = 1, subject: str = "") -> None:
        """Entries that became no sample."""
        if count > 0:
            key = (path, kind, outcome, why, subject)
            self._odd[key] = self._odd.get(key, 0) + count

    def ready(self) -> Iterator[Samples]:
        """What has gathered, once it is worth a batch."""
        if self._held >= self._batch:
            yield from self._flush()

    def rest(self) -> Iterator[Samples | Tally]:
        """All that is left, and the tallies."""
        yield from self._flush()
        for (path, kind, outcome, why, subject), count in self._odd.items():
            yield Tally(path, kind, outcome, why, count, subject)
        self._odd.clear()

    def _flush(self) -> Iterator[Samples]:
        rows, self._rows, self._held = self._rows, {}, 0
        for place, entries in rows.items():
            start, end, value, quality, offset = zip(*entries, strict=True)
            columns = Columns.of(start, value, end, quality, offset)
            yield Samples(place.signal, columns, place.device, place.grain, place.subject, place.path)


LEAST_NS, MOST_NS = -2_208_988_800_000_000_000, 4_102_444_800_000_000_000
"""1900 to 2100: a device's clock outside is broken."""
