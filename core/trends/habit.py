"""This is the place where a stream's own habit says how much of it a day should bring, and whether every day should bring any.

The habit of a day is the median of the last 28 days with data before it (of the first 28 where fewer lie before). A day has all of it
with at least 80 % of that median; a stream that varies by itself (steps that are only written while walking) is given three
robust standard deviations, down to 40 % of the median. The 28 days are those of the personal baseline; the shares are
engineering choices, proved by the fault-injecting generator (tests/trends/test_missing.py), and no clinical limits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

HABIT_DAYS = 28
KNOWN_DAYS = 7
"""From so many days with data on the stream's own rhythm says whether it is a daily one."""
ENOUGH, LEAST = 0.8, 0.4
_TO_SD = 1.4826
_SPREADS = 3.0
_EVERY_DAY = 1.5


@dataclass(frozen=True, eq=False, slots=True)
class Habit:
    """For each day (columns of one length): the `usual` amount, the `least` that counts as all of it, and how many days lie
    between days with data as a rule (`gap`, NaN where fewer than two days have data)."""

    usual: np.ndarray
    least: np.ndarray
    gap: np.ndarray
    days: int

    def daily(self, by_itself: bool) -> np.ndarray:
        """Mask of the days that should bring something. `by_itself`: the device measures without being asked to, so that a
        short history is taken for a daily one; a weight or a note is expected daily only once it was."""
        every = self.gap < _EVERY_DAY
        if self.days >= KNOWN_DAYS:
            return every
        return np.full(len(self.usual), self.days > 0) if by_itself else every & (self.days > 2)


def habit(amount: np.ndarray, had: np.ndarray) -> Habit:
    """The habit of a stream. `amount` float64 (days,) what came, `had` bool (days,) whether anything did."""
    worn = np.flatnonzero(had)
    nothing = np.zeros(len(had))
    if not len(worn):
        return Habit(nothing, nothing, np.full(len(had), np.nan), 0)
    width = min(HABIT_DAYS, len(worn))
    seen = sliding_window_view(np.asarray(amount, dtype=float)[worn], width)
    middle = np.median(seen, axis=1)
    spread = np.median(np.abs(seen - middle[:, None]), axis=1) * _TO_SD
    least = np.clip(middle - _SPREADS * spread, LEAST * middle, ENOUGH * middle)
    gap = np.full(len(middle), np.nan)
    if width > 1:
        gap = np.median(sliding_window_view(np.diff(worn), width - 1), axis=1)
    before = np.cumsum(had) - np.asarray(had, dtype=int)
    at = np.clip(before - width, 0, len(middle) - 1)
    return Habit(middle[at], least[at], gap[at], len(worn))
