"""This is the place where time that is already told of is kept as intervals, and asked how much of another interval it covers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


def distinct(ascending: np.ndarray) -> np.ndarray:
    """Each value of a sorted column once (numpy's own unique hashes whole numbers, which is slower than looking at neighbours)."""
    return ascending[np.append(True, ascending[1:] != ascending[:-1])] if len(ascending) else ascending


def merged(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Each value of two sorted columns once, sorted."""
    return distinct(np.sort(np.concatenate([one, other]), kind="stable"))


@dataclass(frozen=True, eq=False, slots=True)
class Covered:
    """Intervals that do not touch, ascending: `start`, `end` int64 ns; `before` int64 ns how much all earlier ones hold together."""

    start: np.ndarray
    end: np.ndarray
    before: np.ndarray

    @classmethod
    def of(cls, start: np.ndarray, end: np.ndarray) -> Covered:
        """The union of intervals in any order; those without length are left out."""
        lasting = end > start
        if not lasting.all():
            start, end = start[lasting], end[lasting]
        if not len(start):
            return cls(*(np.empty(0, dtype=np.int64) for _ in range(3)))
        if (start[1:] < start[:-1]).any():
            order = np.argsort(start, kind="stable")
            start, end = start[order], end[order]
        reach = np.maximum.accumulate(end)
        begins = np.flatnonzero(np.append(True, start[1:] > reach[:-1]))
        starts, ends = start[begins], reach[np.append(begins[1:] - 1, len(reach) - 1)]
        return cls(starts, ends, np.cumsum(ends - starts) - (ends - starts))

    def __len__(self) -> int:
        return len(self.start)

    def with_more(self, start: np.ndarray, end: np.ndarray) -> Covered:
        """These and others."""
        if not len(self):
            return Covered.of(start, end)
        return Covered.of(np.concatenate([self.start, start]), np.concatenate([self.end, end]))

    def within(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """How much (int64 ns) of each interval is covered."""
        if not len(self):
            return np.zeros(len(start), dtype=np.int64)
        return self._until(end) - self._until(start)

    def holds(self, at: np.ndarray) -> np.ndarray:
        """Mask of the moments (int64 ns) that are covered; an interval holds its start and not its end."""
        if not len(self):
            return np.zeros(len(at), dtype=bool)
        place = np.searchsorted(self.start, at, side="right") - 1
        return (place >= 0) & (at < self.end[np.maximum(place, 0)])

    def rest(self, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is left of each interval: (index of the interval, start, end) of each piece, ascending within an interval."""
        first = np.searchsorted(self.end, start, side="right")
        holes = np.searchsorted(self.start, end, side="left") - first
        of = np.repeat(np.arange(len(start)), holes + 1)
        nth = np.arange(len(of)) - np.repeat(np.cumsum(holes + 1) - (holes + 1), holes + 1)
        place, last = first[of] + nth, len(self) - 1
        begins = np.where(nth == 0, start[of], self.end[np.clip(place - 1, 0, last)])
        ends = np.where(nth == holes[of], end[of], self.start[np.clip(place, 0, last)])
        left = ends > begins
        return of[left], begins[left], ends[left]

    def _until(self, at: np.ndarray) -> np.ndarray:
        place = np.maximum(np.searchsorted(self.start, at, side="right") - 1, 0)
        over = np.minimum(at, self.end[place]) - self.start[place]
        return self.before[place] + np.maximum(over, 0)
