"""This is the place where a zone's clock changes are looked up, so that a million times cost no more than a few hundred."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

import numpy as np

from core.trends.columns import DAY_NS

SECOND_NS = 1_000_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, eq=False, slots=True)
class Clock:
    """A zone's clock over some time: `at` int64 ns UTC of each change, ascending; `offset` int64 ns east of UTC, one more than
    changes (`offset[i]` holds from `at[i - 1]` up to `at[i]`)."""

    at: np.ndarray
    offset: np.ndarray

    def at_instants(self, time: np.ndarray) -> np.ndarray:
        """The offset (int64 ns) that holds at each instant (int64 ns UTC)."""
        if not len(self.at):
            return np.broadcast_to(self.offset[0], len(time))
        return self.offset[np.searchsorted(self.at, time, side="right")]

    def at_walls(self, local: np.ndarray) -> np.ndarray:
        """The offset to take from each reading of the wall clock (int64 ns). An hour that came twice is its first time; a time that
        was left out is read with the clock before, which moves it forward."""
        if not len(self.at):
            return np.broadcast_to(self.offset[0], len(local))
        borders = self.at + np.maximum(self.offset[:-1], self.offset[1:])
        return self.offset[np.searchsorted(borders, local, side="right")]

    def repeated(self) -> list[tuple[int, int, int]]:
        """(begin, end, offset the second time) of the wall-clock stretches that came twice, in ns."""
        back = np.flatnonzero(self.offset[1:] < self.offset[:-1])
        return [(int(self.at[i] + self.offset[i + 1]), int(self.at[i] + self.offset[i]), int(self.offset[i + 1])) for i in back]


def clock(zone: tzinfo | None, first: int, last: int) -> Clock:
    """The clock of a zone around `first`..`last` (ns UTC, or of the wall: a year more is looked at). None: UTC."""
    if zone is None:
        return Clock(np.empty(0, dtype=np.int64), np.zeros(1, dtype=np.int64))
    years = range(max(_year(first) - 1, 2), min(_year(last) + 1, 9998) + 1)
    changes = [change for year in years for change in _changes(zone, year)]
    at = np.array([when for when, _ in changes], dtype=np.int64)
    before = _offset(zone, datetime(years[0], 1, 1, tzinfo=UTC))
    return Clock(at, np.array([before, *(offset for _, offset in changes)], dtype=np.int64))


@lru_cache(maxsize=4096)
def _changes(zone: tzinfo, year: int) -> tuple[tuple[int, int], ...]:
    """(instant, new offset) of each change of the clock in a year of UTC."""
    begin = datetime(year, 1, 1, tzinfo=UTC)
    found = []
    before = _offset(zone, begin)
    for day in range((datetime(year + 1, 1, 1, tzinfo=UTC) - begin).days):
        after = _offset(zone, begin + timedelta(days=day + 1))
        if after != before:
            found.append((_searched(zone, begin + timedelta(days=day), before), after))
            before = after
    return tuple(found)


def _searched(zone: tzinfo, day: datetime, before: int) -> int:
    """The second of this day at which the offset is no longer `before`, in ns."""
    low, high = 0, DAY_NS // SECOND_NS
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, day + timedelta(seconds=middle)) == before:
            low = middle
        else:
            high = middle
    return ((day - _EPOCH) // timedelta(seconds=1) + high) * SECOND_NS


def _offset(zone: tzinfo, when: datetime) -> int:
    found = when.astimezone(zone).utcoffset()
    return 0 if found is None else (found.days * 86_400 + found.seconds) * SECOND_NS


def _year(at: int) -> int:
    return (_EPOCH + timedelta(seconds=int(at) // SECOND_NS)).year
