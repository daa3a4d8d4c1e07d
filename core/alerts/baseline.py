"""This is the place where a person's own level is kept: medians of EARLIER days only, so that no value is ever compared with itself."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

MAD_TO_SD = 1.4826
"""The median absolute deviation of a normal distribution, times this, is its standard deviation (Rousseeuw and Croux 1993)."""
KEEP_DAYS = 28


@dataclass(frozen=True, slots=True)
class Level:
    """The level and spread of so many earlier days, the first and last of them (ordinals)."""

    level: float
    spread: float
    days: int
    first: int
    last: int


class Days:
    """The days of one signal. A day counts from the next day on. Days on which a rule of the person's own level spoke are set aside: what is unusual does not
    become usual by lasting. While some are, the level stays that of the days before them, however long it lasts. `settle` takes them in, when a person has
    ended the alert; `release` drops them, when the readings are back."""

    def __init__(self) -> None:
        self._kept: deque[tuple[int, float]] = deque()
        self._aside: deque[tuple[int, float]] = deque()
        self._today = 0
        self._values: list[float] = []
        self._unusual = False
        self._cached: tuple[int, int, Level | None] | None = None

    def begin(self, day: int) -> None:
        """Before a reading of this day is looked at: the day before is closed. What is older than KEEP_DAYS goes."""
        if day != self._today and self._values:
            closed = (self._today, median(self._values))
            (self._aside if self._unusual else self._kept).append(closed)
            self._values, self._unusual = [], False
        self._today = day
        while self._kept and self._kept[0][0] < self._from() - KEEP_DAYS:
            self._kept.popleft()
        if self._cached and self._cached[0] != day:
            self._cached = None

    def add(self, value: float, *, unusual: bool) -> None:
        """After it was looked at."""
        self._values.append(value)
        self._unusual = self._unusual or unusual

    def settle(self) -> None:
        self._kept = deque(sorted({**dict(self._kept), **dict(self._aside)}.items()))
        self._aside.clear()
        self._unusual, self._cached = False, None

    def release(self) -> None:
        if self._aside:
            self._aside.clear()
            self._cached = None

    def _from(self) -> int:
        """The day from which is looked back: the first of those set aside, else today."""
        return self._aside[0][0] if self._aside else self._today

    def level(self, within: int) -> Level | None:
        """Of the days before today; None where there is none."""
        if self._cached and self._cached[:2] == (self._today, within):
            return self._cached[2]
        found = _level([one for one in self._kept if self._from() - within <= one[0] < self._today])
        self._cached = (self._today, within, found)
        return found

    def recent(self, most: int) -> list[float]:
        """The medians of the last so many days before today."""
        return [value for _, value in list(self._kept)[-most:]]

    def earlier(self, first: int, last: int) -> Level | None:
        """Of the days from `first` to `last` days ago."""
        return _level([one for one in self._kept if self._today - first <= one[0] <= self._today - last])


class Lowest:
    """The lowest value of a moving window of days, in constant time a value."""

    def __init__(self, within: int) -> None:
        self._within = within
        self._queue: deque[tuple[int, float, object]] = deque()

    def add(self, day: int, value: float, mark: object) -> None:
        while self._queue and self._queue[-1][1] >= value:
            self._queue.pop()
        self._queue.append((day, value, mark))

    def lowest(self, day: int) -> tuple[int, float, object] | None:
        while self._queue and self._queue[0][0] < day - self._within:
            self._queue.popleft()
        return self._queue[0] if self._queue else None


def _level(days: list[tuple[int, float]]) -> Level | None:
    if not days:
        return None
    values = [value for _, value in days]
    middle = median(values)
    return Level(middle, MAD_TO_SD * median(abs(value - middle) for value in values), len(values), days[0][0], days[-1][0])
