"""This is the place where samples are laid out on a person's days: how many began on each, and in which hours something was there.

A day is 24 hours of the local clock (the hour that a spring change leaves out is simply never filled; the one an autumn change repeats
is filled twice). A night belongs to the day on which the person gets up: it runs from six in the evening to six in the evening,
and is over at noon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS

SLOTS = 24
NIGHT_SHIFT_NS = 6 * HOUR_NS
"""What is added to the local clock so that a night falls within one day."""
NIGHTLY = frozenset(
    {"sleep", "sleep_deep", "sleep_light", "sleep_rem", "sleep_stage", "hrv_rmssd", "rhr", "skin_temp", "skin_temp_change"}
)
"""Signals that are counted in nights. The resting heart rate keeps its own date: sources write it at any hour of that day."""


@dataclass(frozen=True, slots=True)
class Axis:
    """`count` days in a row, the first `first` days after 1970-01-01 of the local calendar; `shift` ns is added to local times."""

    first: int
    count: int
    shift: int = 0

    @classmethod
    def of(cls, signal: str, first: int, count: int) -> Axis:
        """The axis on which a signal is counted."""
        return cls(first, count, NIGHT_SHIFT_NS if signal in NIGHTLY and signal != "rhr" else 0)

    @property
    def days(self) -> np.ndarray:
        """int64 (count,): days since 1970."""
        return np.arange(self.first, self.first + self.count)

    @property
    def start(self) -> np.ndarray:
        """int64 ns (count,): local clock at which each day or night begins, as if it were UTC."""
        return self.days * DAY_NS - self.shift

    @property
    def end(self) -> np.ndarray:
        """int64 ns (count,): local clock at which each is over (a night at noon)."""
        return self.days * DAY_NS + (DAY_NS // 2 if self.shift else DAY_NS)

    def index(self, local: np.ndarray) -> np.ndarray:
        """Which day each local time falls on: 0 the first, outside below 0 or from `count` on."""
        return (np.asarray(local, dtype=np.int64) + self.shift) // DAY_NS - self.first


def counted(axis: Axis, local: np.ndarray, weight: np.ndarray | None = None) -> np.ndarray:
    """How many begin on each day (int64), or the sum of their weights (float64). (count,)."""
    at = axis.index(local)
    inside = (at >= 0) & (at < axis.count)
    made = np.bincount(at[inside], None if weight is None else np.asarray(weight, dtype=float)[inside], minlength=axis.count)
    return made.astype(np.int64) if weight is None else made


def occupied(axis: Axis, local: np.ndarray, local_end: np.ndarray) -> np.ndarray:
    """bool (count, 24): the hours that samples begin in or reach over. Hour 0 is the first of the day or night."""
    size = axis.count * SLOTS
    base = axis.first * SLOTS
    first = (np.asarray(local, dtype=np.int64) + axis.shift) // HOUR_NS - base
    last = (np.maximum(np.asarray(local_end, dtype=np.int64) - 1, local) + axis.shift) // HOUR_NS - base
    if len(first) > 1:  # samples that follow one another mostly lie in one hour: each hour once
        fresh = np.append(True, (first[1:] != first[:-1]) | (last[1:] != last[:-1]))
        first, last = first[fresh], last[fresh]
    meets = (last >= 0) & (first < size)
    begins = np.bincount(np.clip(first[meets], 0, size), minlength=size + 1)
    ends = np.bincount(np.clip(last[meets] + 1, 0, size), minlength=size + 1)
    return (np.cumsum(begins - ends)[:size] > 0).reshape(axis.count, SLOTS)
