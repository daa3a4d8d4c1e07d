"""This is the place where the counters of a day's monitoring become amounts: what was added since the count before, and over which time.

A watch counts steps, metres and kcal up from local midnight, for each kind of activity by itself (FIT profile, monitoring). What a counter
already held when a file begins in mid-day belongs to the time since midnight. The watch's earlier files tell of that time as well, and
finer; so this first amount is given as a summary of the coarser grain "1h", which never adds to finer ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

STEP, BEFORE = "15min", "1h"
DAY = 86_400
_BEGINNING = 60
"""Seconds after the beginning of a file within which its counters are those it begins with."""


class Amount(NamedTuple):
    """Seconds since 1989-12-31T00:00Z, the amount and its grain."""

    start: int
    end: int
    value: float
    grain: str


@dataclass(slots=True)
class Counters:
    """`began` is when the file begins and `offset` the local clock's offset in seconds (None: not said, then no first amounts)."""

    began: int | None = None
    offset: int | None = None
    _last: dict[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    _listed: bool = False

    def told(self, key: tuple[str, str], at: int, value: float) -> Amount | None:
        """The amount since this counter was last told, or None where it cannot be known."""
        before = self._last.get(key)
        self._last[key] = (at, value)
        midnight = self._midnight(at)
        if before is None:
            return self._first(at, value, midnight)
        then, held = before
        if at < then:
            return None
        if midnight is not None and then <= midnight:
            return Amount(midnight, at, value, STEP)
        return Amount(then, at, value - held, STEP) if value >= held else None

    def _first(self, at: int, value: float, midnight: int | None) -> Amount | None:
        if self.began is not None and at <= self.began + _BEGINNING:
            self._listed = True
        if midnight is None or self.began is None:
            return None
        if self.began <= midnight:
            return Amount(midnight, at, value, STEP)
        if self._listed and at > self.began + _BEGINNING:
            return Amount(self.began, at, value, STEP)  # not among those the file began with: it stood at nothing
        return Amount(midnight, at, value, BEFORE)

    def _midnight(self, at: int) -> int | None:
        """The local midnight before a moment; midnight itself still belongs to the day it ends."""
        if self.offset is None:
            return None
        return (at + self.offset - 1) // DAY * DAY - self.offset
