"""This is the place where many days of glucose are laid over one another: the ambulatory glucose profile (AGP).

Five percentiles by time of day on the person's own clock, in bins of a quarter of an hour, of all readings of the window
(Johnson et al., Diabetes Technol Ther 2019;21:S2-17 for the picture; the bin is our choice). Percentiles are linear between
readings (type 7). Nothing is smoothed: how many days stand behind each bin is said instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.trends.columns import DAY_NS
from core.trends.glucose import Glucose, window_of
from core.trends.judgement import Declined

PERCENTILES = (5, 25, 50, 75, 95)
BIN_MINUTES = 15
BINS = 24 * 60 // BIN_MINUTES
_BIN_NS = BIN_MINUTES * 60_000_000_000


@dataclass(frozen=True, eq=False, slots=True)
class Profile:
    """A day out of many: `minute` int64 of each bin's start (0, 15 ... 1425), `percentiles` float64 of shape (5, 96) in mg/dL in the
    order of PERCENTILES (NaN where a bin is empty), `count` int64 readings and `days` int64 different days of each bin; `start`,
    `end` ns UTC of the window."""

    minute: np.ndarray
    percentiles: np.ndarray
    count: np.ndarray
    days: np.ndarray
    start: int
    end: int


def profile(readings: Glucose, days: int = 14, until: int | None = None) -> Profile | Declined:
    """The profile of the newest days; declines as `glucose.window_of` does."""
    window = window_of(readings, days, until)
    if isinstance(window, Declined):
        return window
    percentiles, count, present = percentiles_by_time_of_day(window.readings.local, window.readings.value)
    return Profile(np.arange(BINS) * BIN_MINUTES, percentiles, count, present, window.start, window.end)


def percentiles_by_time_of_day(local: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Percentiles (5, 96), readings (96) and different days (96) per bin, of readings in any order (wall clock int64 ns)."""
    at = (local % DAY_NS) // _BIN_NS
    order = np.lexsort((value, at))
    sorted_value, edges = value[order], np.searchsorted(at[order], np.arange(BINS + 1))
    found = np.full((len(PERCENTILES), BINS), np.nan)
    for number, (first, last) in enumerate(pairwise(edges)):
        if last > first:
            found[:, number] = np.percentile(sorted_value[first:last], PERCENTILES)
    day_and_bin = np.unique(local // DAY_NS * BINS + at)
    return found, np.diff(edges), np.bincount(day_and_bin % BINS, minlength=BINS)
