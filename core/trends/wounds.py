"""This is the place where it is worked out how fast a wound grows smaller, from its size on several days; or why that cannot be said.

A wound that heals loses about the same share of its area each week, so the change is a slope of the logarithm. It is the median of the slopes between all pairs
of days (Theil 1950, Sen 1968): one photo taken askew does not turn it. No judgement is made of it here. That a diabetic foot ulcer which has not lost half
its area after four weeks seldom closes within twelve (FOUR_WEEKS) is for clinicians, and `four_weeks` is the number it is about.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import exp, log
from statistics import median

from core.trends.judgement import Declined, short_of
from core.trends.published import OUR_CHOICE, VERIFIED, Published

LEAST_DAYS_MEASURED = 3
LEAST_DAYS_APART = 7.0
LONGEST_GAP = 42.0
"""Days. After a longer silence a wound is looked at anew: what it did before says nothing about now."""
_WEEK = 7.0
_FOUR_WEEKS = (21.0, 35.0)
UNITS = ("cm2", "share")

FOUR_WEEKS = Published(
    "wound_area_lost_in_four_weeks", 50.0, "%", VERIFIED,
    "Sheehan, Diabetes Care 2003;26:1879 (203 people with diabetic foot ulcers; midpoint of healed and not healed 53 %)",
)  # fmt: skip
BEYOND_NOISE = Published(
    "wound_area_beyond_noise", 30.0, "%", OUR_CHOICE,
    "by how much two sizes must differ to be called different: on photos kept back half of the sizes were off by 15 %, a quarter by more than 27 %",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Healing:
    """`weekly` percent of change in a week (below 0: smaller). `clear`: all days agree about the direction and the change is larger than what measuring alone
    can do; otherwise no direction may be named. `days` measured since `since`, over `span` days. `four_weeks`: percent of change from the first size to
    the one about four weeks later (None: none was measured then, or the unit is "share", which depends on how near the camera was)."""

    weekly: float
    clear: bool
    days: int
    span: float
    since: datetime
    unit: str
    four_weeks: float | None = None


def healing(areas: Sequence[tuple[datetime, float]], unit: str) -> Healing | Declined:
    """How the size goes. `areas`: (when, size) in any order, all in `unit` ("cm2", or "share" of the picture). Declined: "unit_unknown", "not_positive",
    "enough_wound_days" (too few days with a size), "enough_wound_span" (too close together). Raises nothing; a size that is no positive number declines."""
    if unit not in UNITS:
        return Declined("unit_unknown")
    if any(not 0 < size < float("inf") for _, size in areas):  # also what is not a number
        return Declined("not_positive")
    daily = _since_gap(_by_day(areas))
    if len(daily) < LEAST_DAYS_MEASURED:
        return short_of("enough_wound_days", len(daily), LEAST_DAYS_MEASURED)
    span = _days(daily[0][0], daily[-1][0])
    if span < LEAST_DAYS_APART:
        return short_of("enough_wound_span", int(span), int(LEAST_DAYS_APART))
    slopes = [
        (log(later[1]) - log(earlier[1])) / _days(earlier[0], later[0])
        for n, earlier in enumerate(daily)
        for later in daily[n + 1 :]
    ]
    slope = median(slopes)
    moved = abs(slope) * span > log(1 + BEYOND_NOISE.value / 100)
    # neighbours may waver by noise; what must agree is each day with the first and with the last
    agree = all(
        (size - other) * slope * sign >= 0
        for other, sign, some in ((daily[0][1], 1, daily[1:]), (daily[-1][1], -1, daily[:-1]))
        for _, size in some
    )
    return Healing(
        _percent(slope * _WEEK),
        moved and agree,
        len(daily),
        span,
        daily[0][0],
        unit,
        _after_four_weeks(daily) if unit == "cm2" else None,
    )


def _by_day(areas: Sequence[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    """One size a day: the middle one of several photos, at the time of the first."""
    days: dict[object, list[tuple[datetime, float]]] = {}
    for when, size in sorted(areas, key=lambda pair: pair[0]):
        days.setdefault(when.date(), []).append((when, size))
    return [(same[0][0], median(size for _, size in same)) for same in days.values()]


def _since_gap(daily: list[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    """What was measured since the last long silence."""
    start = max((n for n in range(1, len(daily)) if _days(daily[n - 1][0], daily[n][0]) > LONGEST_GAP), default=0)
    return daily[start:]


def _after_four_weeks(daily: list[tuple[datetime, float]]) -> float | None:
    first_at, first = daily[0]
    near = [
        (abs(_days(first_at, when) - 28), size) for when, size in daily if _FOUR_WEEKS[0] <= _days(first_at, when) <= _FOUR_WEEKS[1]
    ]
    return (min(near)[1] / first - 1) * 100 if near else None


def _percent(logarithm: float) -> float:
    return (exp(min(logarithm, 50.0)) - 1) * 100


def _days(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 86_400
