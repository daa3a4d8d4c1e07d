"""This is the place where it is worked out how sure an average over days is: whole days are drawn again and again.

Samples of one day resemble one another, so the day is what is drawn (a cluster bootstrap; Efron and Tibshirani 1993, the
percentile interval). The draw is seeded: the same data always give the same interval.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS
from core.trends.judgement import Declined, short_of
from core.trends.published import OUR_CHOICE, Published

LEAST_DAYS = Published("interval_days", 5, "d", OUR_CHOICE, "Fewer days than this say nothing about how days differ.")
DRAWS = 1000
_SEED = 20_190_817
_LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high` around an estimate, in its unit, at `level`; `error` is the standard error; from `days` days."""

    low: float
    high: float
    error: float
    days: int
    level: float = _LEVEL


def mean_over_days(local: np.ndarray, value: np.ndarray) -> Interval | Declined:
    """How sure the mean of all samples is. `local` int64 ns of the wall clock, `value` float64 of the same length. A share is
    the mean of 0 and 100. Declines with enough_days (have, need, more) on fewer than five days with samples."""
    day, at = np.unique(local // DAY_NS, return_inverse=True)
    if len(day) < LEAST_DAYS.value:
        return short_of("enough_days", len(day), int(LEAST_DAYS.value))
    count = np.bincount(at, minlength=len(day)).astype(float)
    total = np.bincount(at, weights=value, minlength=len(day))
    drawn = np.random.default_rng(_SEED).integers(0, len(day), (DRAWS, len(day)))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, [(1 - _LEVEL) / 2, (1 + _LEVEL) / 2])
    return Interval(float(low), float(high), float(means.std(ddof=1)), len(day))
