"""This is the place where daily values become what is said beside a picture: newest, usual, changed or not, and how surely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.care.counting import Counted
from core.care.sight import Sight
from core.care.views import Band, Fact
from core.domain.units import linear
from core.trends.columns import DAY_NS, HOUR_NS, instant, ns
from core.trends.conversion import Shown, shown_as
from core.trends.days import day_of
from core.trends.judgement import Declined
from core.trends.overlap import Resolved
from core.trends.periods import periods
from core.trends.spread import spread
from core.trends.summary import LEAST_DAYS, Baseline, Difference, against_before, baseline, slope

SHORTEST_COMPARED = 5
"""Days; shorter stretches are not compared."""
SHORTEST_SLOPE, LONGEST_SLOPE = 21, 800
"""Days; over longer times one straight line says little, and takes its time."""
LEAST_OF_A_DAY = 0.6
"""Share of the usual hours of a day that must be recorded for the day to count in a comparison (our choice)."""
LEAST_BEFORE = 0.3
"""Share of the days of the time before that must be known for a comparison (our choice)."""

Facts = dict[str, str | int | float]


@dataclass(frozen=True, eq=False)
class Daily:
    """One value for each local day that is over, in the person's unit: the median of a level, the sum of an amount, hours of a state."""

    day: np.ndarray
    value: np.ndarray
    shown: Shown


def daily(sight: Sight, counted: Counted) -> Daily:
    """The days of what was counted, without the one that goes on."""
    row = counted.row
    shown = Shown("h", 1) if row.kind == "state" else shown_as(row.key, sight.kept.preferences)
    scale, add = (1.0, 0.0) if row.kind == "state" else linear(row.unit, shown.unit, row.key) or (1.0, 0.0)
    if not len(counted.series):
        return Daily(np.empty(0, dtype=np.int64), np.empty(0), shown)
    if row.kind == "average":
        found = spread(counted.series.local // DAY_NS, counted.series.value)
        day, value = found.period, found.middle
    else:
        made = periods(Resolved(counted.series, counted.counts.source, counted.counts.share, counted.counts.streams, ()), row, "1d")
        day, value = made.start // DAY_NS, made.value
    over = day < sight.wall(min(sight.end, sight.kept.made_at)) // DAY_NS
    if row.kind != "state":
        over &= _as_long_as_usual(counted.series.local, day)
    return Daily(day[over], value[over] * scale + add, shown)


def _as_long_as_usual(local: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Which days were recorded for about as many hours as this person's days are: a night alone has another pulse and fewer steps
    than a day, and says nothing of a change."""
    hours = np.unique(local // HOUR_NS) // 24
    recorded = np.searchsorted(hours, day, side="right") - np.searchsorted(hours, day)
    return recorded >= LEAST_OF_A_DAY * np.median(recorded) if len(recorded) else recorded > 0


def facts(sight: Sight, counted: Counted, days: Daily) -> tuple[Fact, ...]:
    """What is said, in this order: newest, changed or not, slope, what stands out."""
    if not len(counted.series):
        return (Fact("trends.nothing_of", {"signal": _named(counted)}),)
    newest = _newest(sight, counted, days)
    return (*((newest,) if newest else ()), *compared(sight, _named(counted), days))


def compared(sight: Sight, name: str, days: Daily) -> tuple[Fact, ...]:
    """Daily values beside the time before and beside what is usual: changed or not, slope, what stands out. `name`: the signal."""
    told = (_changed(sight, name, days), _slope(sight, name, days), _stands_out(name, days))
    return tuple(fact for fact in told if fact)


def usual_band(counted: Counted, days: Daily) -> Band | None:
    """The band that is usual for this person, of the newest day."""
    if counted.row.kind == "state":
        return None
    known = _baseline(days)
    if isinstance(known, Declined):
        return None
    return Band(counted.row.key, "usual", round(known.low, days.shown.decimals), round(known.high, days.shown.decimals))


def _newest(sight: Sight, counted: Counted, days: Daily) -> Fact | None:
    """The newest value of a level; the newest whole day of anything else."""
    if counted.row.kind == "average" and not counted.binned:
        inside = np.flatnonzero(counted.series.start < ns(sight.end))
        if not len(inside):
            return None
        at = int(inside[-1])
        scale, add = linear(counted.row.unit, days.shown.unit, counted.row.key) or (1.0, 0.0)
        value = round(float(counted.series.value[at]) * scale + add, days.shown.decimals)
        when = instant(int(counted.series.start[at])).isoformat()
        return Fact("trends.newest", {"signal": _named(counted), "value": value, "unit": days.shown.unit, "at": when})
    if not len(days.day):
        return None
    value = round(float(days.value[-1]), days.shown.decimals)
    return Fact(
        "trends.newest_day",
        {"signal": _named(counted), "value": value, "unit": days.shown.unit, "when": day_of(int(days.day[-1])).isoformat()},
    )


def _changed(sight: Sight, name: str, days: Daily) -> Fact | None:
    """Against the time before, with an interval; or how many more days it takes to say so."""
    length = round(sight.days)
    if length < SHORTEST_COMPARED or (sight.query.range == "all" and not sight.query.zoomed):
        return None
    last = sight.wall(sight.end) // DAY_NS - 1
    found = against_before(days.day, days.value, last, length)
    base: Facts = {"signal": name, "unit": days.shown.unit, "days": length}
    if isinstance(found, Declined):
        before = int(np.count_nonzero((days.day > last - 2 * length) & (days.day <= last - length)))
        if np.count_nonzero(days.day > last - length) >= LEAST_DAYS:  # the days that are lacking lie in the past
            return Fact("trends.change_few_before", {**base, "n": before})
        return Fact("trends.change_needs", {**base, **found.facts})
    if found.days_before < length * LEAST_BEFORE:
        return Fact("trends.change_few_before", {**base, "n": found.days_before})
    return Fact(_code(found, days.shown.decimals), {**base, **_said(found, days.shown.decimals)})


def _code(found: Difference, decimals: int) -> str:
    """A difference that is nothing in the unit in which it is read is no change, however sure."""
    if not found.sure or not round(found.shift, decimals):
        return "trends.change_unclear"
    return "trends.change_up" if found.shift > 0 else "trends.change_down"


def _said(found: Difference, decimals: int) -> Facts:
    sides = sorted((abs(found.low), abs(found.high))) if found.sure else [found.low, found.high]
    return {
        "from_value": round(found.before, decimals), "to_value": round(found.after, decimals), "shift": round(abs(found.shift), decimals),
        "low": round(sides[0], decimals), "high": round(sides[1], decimals), "n": found.days_after,
    }  # fmt: skip


def _slope(sight: Sight, name: str, days: Daily) -> Fact | None:
    """How it goes up or down week by week, where that is sure."""
    if not SHORTEST_SLOPE <= sight.days <= LONGEST_SLOPE:
        return None
    inside = (days.day >= sight.wall(sight.start) // DAY_NS) & (days.day < sight.wall(sight.end) // DAY_NS)
    found = slope(days.day[inside], days.value[inside])
    if isinstance(found, Declined) or not found.sure:
        return None
    digits = days.shown.decimals + (0 if abs(found.per_week) >= 10 else 1)
    low, high = sorted((abs(found.low), abs(found.high)))
    if not round(abs(found.per_week), digits):
        return None
    code = "trends.slope_up" if found.per_week > 0 else "trends.slope_down"
    numbers: Facts = {"value": round(abs(found.per_week), digits), "low": round(low, digits), "high": round(high, digits)}
    return Fact(code, {"signal": name, "unit": days.shown.unit, **numbers})


def _stands_out(name: str, days: Daily) -> Fact | None:
    """The newest day beside what is usual for this person, or how many days are still needed to know that."""
    if not len(days.day):
        return None
    known = _baseline(days)
    base: Facts = {"signal": name, "unit": days.shown.unit}
    if isinstance(known, Declined):
        return Fact("trends.usual_needs", {**base, **known.facts})
    if not known.stands_out or known.value is None:
        return None
    numbers: Facts = {
        name: round(value, days.shown.decimals)
        for name, value in (("value", known.value), ("low", known.low), ("high", known.high))
    }
    return Fact("trends.stands_out", {**base, **numbers, "when": day_of(int(days.day[-1])).isoformat()})


def _named(counted: Counted) -> str:
    """What the sentences call it: the hours of sleep stages are sleep."""
    return "sleep" if counted.row.key == "sleep_stage" else counted.row.key


def _baseline(days: Daily) -> Baseline | Declined:
    return baseline(days.day, days.value, int(days.day[-1]) if len(days.day) else 0)
