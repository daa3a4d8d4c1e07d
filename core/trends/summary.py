"""This is the place where daily values become statements: what changed, by how much and how surely, and what is usual for this person.

All works on one value a day: `day` (int, local days since 1970, ascending, each once) and `value` (float64). Days without a value are simply
not there; nothing is filled in. A statement that cannot be made says what is needed. Days are taken as independent of each other, which they
are not quite: intervals are a little too narrow, so the words that rest on them stay careful.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.judgement import Declined, short_of

LEAST_DAYS = 5
"""Days on each side for a comparison; with fewer a 95 % interval of a median difference has no ends. Engineering choice."""
LEAST_FOR_SLOPE = 8
"""Days for a slope. Engineering choice."""
MOST_FOR_SLOPE = 1000
"""Days from which on weeks make the slope. Engineering choice."""
BASELINE_DAYS, BASELINE_WITHOUT, BASELINE_LEAST = 28, 3, 14
"""The person's usual: trailing 28 days without the last 3 (clinical reference, section 6), at least 14 of them (our choice)."""
FLAGGED = 3.5
"""|robust z| from which a value stands out (Iglewicz and Hoaglin 1993; from memory in the clinical reference)."""
_Z = 1.959964
_MAD = 0.6745


@dataclass(frozen=True, slots=True)
class Difference:
    """How two periods differ: medians of both, the Hodges-Lehmann shift (after - before) with its 95 % interval, days on each side."""

    before: float
    after: float
    shift: float
    low: float
    high: float
    days_before: int
    days_after: int

    @property
    def sure(self) -> bool:
        """Whether the interval leaves "no change" out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Slope:
    """A robust straight line through daily values: change in a week with its 95 % interval (Theil-Sen; Sen 1968), and the number of days."""

    per_week: float
    low: float
    high: float
    days: int

    @property
    def sure(self) -> bool:
        """Whether the interval leaves "flat" out."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Baseline:
    """What is usual for this person before a day: median, 10th and 90th percentile, days it rests on; of the day's own value (never part
    of it) the robust z and whether it stands out. `z` is None where the day has no value."""

    middle: float
    low: float
    high: float
    days: int
    value: float | None = None
    z: float | None = None

    @property
    def stands_out(self) -> bool:
        return self.z is not None and abs(self.z) >= FLAGGED


def against_before(day: np.ndarray, value: np.ndarray, last: int, days: int) -> Difference | Declined:
    """The `days` days up to `last` (a day number, included) against the same number before them."""
    now = value[(day > last - days) & (day <= last)]
    before = value[(day > last - 2 * days) & (day <= last - days)]
    return difference(before, now)


def difference(before: np.ndarray, after: np.ndarray) -> Difference | Declined:
    """How two sets of daily values differ. The interval is that of the Mann-Whitney test by its normal approximation (Hodges and Lehmann
    1963; Lehmann 1975), exact in nothing but right in size from five days a side."""
    have = min(len(before), len(after))
    if have < LEAST_DAYS:
        return short_of("enough_days", have, LEAST_DAYS)
    pairs = np.sort((after[:, None] - before[None, :]).ravel())
    n, m = len(before), len(after)
    rank = n * m / 2 - _Z * np.sqrt(n * m * (n + m + 1) / 12)
    place = max(int(np.floor(rank)), 0)
    return Difference(
        float(np.median(before)),
        float(np.median(after)),
        float(np.median(pairs)),
        float(pairs[place]),
        float(pairs[len(pairs) - 1 - place]),
        n,
        m,
    )


def slope(day: np.ndarray, value: np.ndarray) -> Slope | Declined:
    """The robust trend of daily values, in units a week. Of more than MOST_FOR_SLOPE days the medians of weeks are taken, for every pair of
    days would take seconds and hundreds of megabytes."""
    if len(day) < LEAST_FOR_SLOPE:
        return short_of("enough_days", len(day), LEAST_FOR_SLOPE)
    from scipy.stats import theilslopes  # half a second that only a trend needs

    days = len(day)
    if days > MOST_FOR_SLOPE:
        day, value = _weeks(day, value)

    found = theilslopes(value, day.astype(float), alpha=0.95)
    return Slope(float(found.slope) * 7, float(found.low_slope) * 7, float(found.high_slope) * 7, days)


def _weeks(day: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The median day and the median value of each week that has any."""
    begins = np.flatnonzero(np.append(True, np.diff(day // 7) != 0))
    parts = zip(np.split(day, begins[1:]), np.split(value, begins[1:]), strict=True)
    medians = np.array([(np.median(days), np.median(values)) for days, values in parts])
    return medians[:, 0], medians[:, 1]


def baseline(day: np.ndarray, value: np.ndarray, at: int) -> Baseline | Declined:
    """What was usual before the day `at` (a day number), and how far its own value is from that. The value is never part of what it is
    compared with, nor are the two days before it."""
    usual = value[(day > at - BASELINE_DAYS) & (day <= at - BASELINE_WITHOUT)]
    if len(usual) < BASELINE_LEAST:
        return short_of("enough_days", len(usual), BASELINE_LEAST)
    low, middle, high = (float(part) for part in np.percentile(usual, (10, 50, 90)))
    today = value[day == at]
    if not len(today):
        return Baseline(middle, low, high, len(usual))
    spread = float(np.median(np.abs(usual - middle)))
    own = float(today[-1])
    if spread == 0:
        return Baseline(middle, low, high, len(usual), own, 0.0 if own == middle else None)
    return Baseline(middle, low, high, len(usual), own, _MAD * (own - middle) / spread)
