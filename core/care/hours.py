"""This is the place where many days of a level become one day by the hour: lowest, usual and highest, such as of the heart rate."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from core.care.access import Action, require
from core.care.counting import Reader
from core.care.picture_views import PictureQuery
from core.care.pictures import counted, sight_of
from core.care.special_views import DayCurves, DayProfileView
from core.care.trends import TrendShelf
from core.care.views import Fact
from core.domain.people import Actor
from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.errors import BadInput
from core.ports import Ports
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.conversion import shown_as
from core.trends.days import day_of
from core.trends.spread import spread

PERCENT = (0, 10, 50, 90, 100)
LEAST_DAYS = 3
"""Fewer days say nothing about a usual day (our choice)."""
MOST_DAYS = 366
_HOURS = np.arange(24)


def view(ports: Ports, actor: Actor, person_id: str, kept: TrendShelf, query: PictureQuery) -> DayProfileView:
    """The (one) signal of a query by hour of the local day, of a year at most. Raises BadInput for a signal that is no level."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    signal = query.signals[0] if query.signals else ""
    if signal not in SIGNALS or SIGNALS[signal].kind != "average":
        raise BadInput("unknown_signal", place="signal", need="a level that is sampled all day")
    reader = Reader(ports, grant, person_id)
    sight = sight_of(reader, query, kept)
    start = max(sight.start, sight.end - timedelta(days=MOST_DAYS))
    series = counted(reader, sight, SIGNALS[signal], (start, sight.end))
    shown = shown_as(signal, kept.preferences)
    days = np.unique(series.local // DAY_NS)
    first, last = (day_of(int(edge)).isoformat() for edge in (days[0], days[-1])) if len(days) else ("", "")
    if len(days) < LEAST_DAYS:
        more = LEAST_DAYS - len(days)
        declined = Fact("declined.enough_days", {"have": len(days), "need": LEAST_DAYS, "more": more, "n": more})
        return DayProfileView(signal, shown.unit, shown.decimals, first, last, None, declined=declined)
    scale, add = linear(SIGNALS[signal].unit, shown.unit, signal) or (1.0, 0.0)
    curves = _curves(series.local, np.round(series.value * scale + add, shown.decimals + 1))
    return DayProfileView(
        signal, shown.unit, shown.decimals, first, last, curves, _said(signal, shown.unit, shown.decimals, curves)
    )


def _curves(local: np.ndarray, value: np.ndarray) -> DayCurves:
    """The spread of every hour of the day; an hour in which nothing was ever measured stays empty."""
    hour = local % DAY_NS // HOUR_NS
    found = spread(hour, value)
    curves, count = np.full((len(PERCENT), 24), np.nan), np.zeros(24, dtype=np.int64)
    curves[:, found.period] = np.stack([found.least, found.low, found.middle, found.high, found.most])
    count[found.period] = found.count
    both = np.unique(local // DAY_NS * 24 + hour)
    return DayCurves(_HOURS * 60, PERCENT, curves, count, np.bincount(both % 24, minlength=24))


def _said(signal: str, unit: str, decimals: int, curves: DayCurves) -> tuple[Fact, ...]:
    """When it is usually lowest and highest, of the hours that at least half of the days know."""
    known = (curves.days * 2 >= curves.days.max()) & np.isfinite(curves.curves[2])
    if known.sum() < 2:
        return ()
    middle = np.where(known, curves.curves[2], np.nan)
    low, high = int(np.nanargmin(middle)), int(np.nanargmax(middle))
    least, most = (round(float(middle[at]), decimals) for at in (low, high))
    hours = {"low_hour": f"{low:02d}:00", "high_hour": f"{high:02d}:00"}
    return (
        Fact(
            "hours.lowest_highest",
            {"signal": signal, "unit": unit, "n": int(curves.days.max()), "least": least, "most": most, **hours},
        ),
    )
