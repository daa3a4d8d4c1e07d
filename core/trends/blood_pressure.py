"""This is the place where home blood pressures are averaged by protocol, or more measuring is asked for.

ESH 2023 (Mancia et al., J Hypertens 2023;41:1874): readings of up to seven days, at least three; the first day is left out and
the mean of all the others counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import floor

import numpy as np

from core.domain.targets import HOME
from core.domain.time import PartialTime
from core.trends.columns import DAY_NS, Pairs, ns
from core.trends.judgement import Declined

PROTOCOL_DAYS = 7
LEAST_DAYS = 3
CURRENT_FOR_DAYS = 30


@dataclass(frozen=True, slots=True)
class HomeAverage:
    """The mean upper and lower number (mmHg, rounded half up as guideline tables are), from how many readings on which days."""

    sbp: int
    dbp: int
    readings: int
    days: int
    from_day: date
    to_day: date
    records: tuple[str, ...]


def home_average(pairs: Pairs, now: datetime) -> HomeAverage | Declined:
    """The average of the last week of home readings. Limit values are never averaged. Declines with

    bp_average.no_readings, .setting_unknown (nobody says where they were taken), .too_old (days, limit) or .measure_more
    (days, need)."""
    known = pairs.take(pairs.measured & (pairs.sbp.time <= ns(now)) & np.isin(pairs.sbp.precision, ("instant", "day")))
    if not len(known):
        return Declined("bp_average.no_readings")
    home = known.take(known.sbp.setting == HOME)
    if not len(home):
        unknown = bool((known.sbp.setting == "").any())
        return Declined("bp_average.setting_unknown" if unknown else "bp_average.no_readings")
    age = (ns(now) - int(home.sbp.time[-1])) / DAY_NS
    if age > CURRENT_FOR_DAYS:
        return Declined("bp_average.too_old", {"days": int(age), "limit": CURRENT_FOR_DAYS})
    return _averaged(home)


def _averaged(home: Pairs) -> HomeAverage | Declined:
    days = np.array([PartialTime(when).local_date for when in home.sbp.when], dtype=object)
    last = max(days)
    week = home.take(days > last - timedelta(days=PROTOCOL_DAYS))
    days = days[days > last - timedelta(days=PROTOCOL_DAYS)]
    distinct = sorted(set(days))
    if len(distinct) < LEAST_DAYS:
        return Declined("bp_average.measure_more", {"days": len(distinct), "need": LEAST_DAYS})
    kept = week.take(days > distinct[0])
    return HomeAverage(
        sbp=floor(float(kept.sbp.value.mean()) + 0.5),
        dbp=floor(float(kept.dbp.value.mean()) + 0.5),
        readings=len(kept),
        days=len(distinct) - 1,
        from_day=distinct[1],
        to_day=last,
        records=tuple(dict.fromkeys(kept.sbp.record)),
    )
