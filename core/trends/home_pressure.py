"""This is the place where blood pressures from a person's own cuff are averaged by the home protocol, week by week.

ESH 2023 (Mancia et al., J Hypertens 2023;41:1874): up to seven days, at least three; the first day is left out and all the other
readings are averaged. The protocol asks for two readings in the morning and two in the evening (that detail from memory): an
average of fewer is given and says on how many days the protocol was kept.

Only a validated cuff counts. Readings without a cuff, or a vendor's estimate, never enter; they are counted. Limit values
are never averaged. Days are the wall clock's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import floor

import numpy as np

from core.domain.samples import ABOVE, BELOW, ERASED, ESTIMATED, IMPLAUSIBLE, UNVALIDATED
from core.domain.targets import HOME, Traits, targets_for
from core.trends.blood_pressure import CURRENT_FOR_DAYS, LEAST_DAYS, PROTOCOL_DAYS
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined, short_of
from core.trends.published import FROM_MEMORY, OUR_CHOICE, SINGLE_SOURCE, VERIFIED, Published

_ESH = "Mancia et al., 2023 ESH Guidelines, J Hypertens 2023;41:1874"
_WARREN = "Warren et al. 2010, variation of weekly home means within a person, read in zwbao/longpi-mod"
DAYS = Published("home_bp_days", PROTOCOL_DAYS, "d", VERIFIED, _ESH)
AT_LEAST = Published("home_bp_least_days", LEAST_DAYS, "d", VERIFIED, _ESH)
EACH_TIME = Published("home_bp_readings", 2, "{readings}", FROM_MEMORY, "ESH 2023: two readings, morning and evening")
EVENING_FROM = Published("home_bp_evening", 12, "h", OUR_CHOICE, "From 04:00 it is morning, from noon evening, until 04:00.")
LEAST_WEEKS = Published("home_bp_weeks", 4, "wk", OUR_CHOICE, "Fewer weekly means say nothing about how weeks differ.")
USUAL_CV = (
    Published("home_sbp_weekly_cv", 4.2, "%", SINGLE_SOURCE, _WARREN),
    Published("home_dbp_weekly_cv", 3.9, "%", SINGLE_SOURCE, _WARREN),
)
RESTS_ON = (DAYS, AT_LEAST, EACH_TIME, EVENING_FROM)

_MORNING_FROM_NS = 4 * HOUR_NS
_NO_CUFF = UNVALIDATED | ESTIMATED
_UNUSABLE = IMPLAUSIBLE | ERASED | BELOW | ABOVE


@dataclass(frozen=True, eq=False, slots=True)
class Cuff:
    """Readings with both halves, in time order: `local` int64 ns wall clock, `sbp`, `dbp` float64 mmHg. `cuffless` and `unusable` count
    what was left out on the way."""

    local: np.ndarray
    sbp: np.ndarray
    dbp: np.ndarray
    cuffless: int = 0
    unusable: int = 0

    def __len__(self) -> int:
        return len(self.local)

    @classmethod
    def of(cls, local: np.ndarray, sbp: np.ndarray, dbp: np.ndarray, quality: np.ndarray | int = 0) -> Cuff:
        """From columns of one length (quality: the bits of both halves, or-ed). A pair whose upper number is not the higher one is
        unusable."""
        bits = np.broadcast_to(np.asarray(quality, dtype=np.uint8), len(local))
        no_cuff = (bits & _NO_CUFF) != 0
        bad = ~no_cuff & (((bits & _UNUSABLE) != 0) | ~(sbp > dbp))
        rows = np.flatnonzero(~no_cuff & ~bad)
        rows = rows[np.lexsort((dbp[rows], sbp[rows], local[rows]))]
        return cls(local[rows], sbp[rows], dbp[rows], int(no_cuff.sum()), int(bad.sum()))

    def take(self, rows: np.ndarray) -> Cuff:
        """The same columns for some rows (mask or indices)."""
        return Cuff(self.local[rows], self.sbp[rows], self.dbp[rows], self.cuffless, self.unusable)


@dataclass(frozen=True, slots=True)
class HomeMean:
    """The average of a week (mmHg, rounded half up as guideline tables are): `readings` on `days` days after the first one, from
    `from_day` to `to_day` (days since 1970); `kept_days` of them with two readings in the morning and two in the evening;
    `cuffless` and `unusable` readings left out (of all that were given)."""

    sbp: int
    dbp: int
    readings: int
    days: int
    kept_days: int
    from_day: int
    to_day: int
    cuffless: int
    unusable: int
    rests_on: tuple[Published, ...] = RESTS_ON

    @property
    def by_protocol(self) -> bool:
        """Whether every day that counts had its four readings."""
        return self.kept_days == self.days


@dataclass(frozen=True, slots=True)
class WeeklyVariation:
    """How much weekly means differ: coefficient of variation (sample SD / mean) in percent over `weeks` means; `usual_sbp` and
    `usual_dbp` are what is found in others."""

    sbp_cv: float
    dbp_cv: float
    weeks: int
    usual_sbp: float = USUAL_CV[0].value
    usual_dbp: float = USUAL_CV[1].value
    rests_on: tuple[Published, ...] = (*RESTS_ON, LEAST_WEEKS, *USUAL_CV)


def pressure_pairs(sbp_time: np.ndarray, dbp_time: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the upper and the lower numbers that were measured in the same moment (ns, equal). A moment with two readings of
    one kind is matched to the first."""
    _, upper, lower = np.intersect1d(sbp_time, dbp_time, return_indices=True)
    return upper, lower


def home_mean(readings: Cuff, now_local: int | None = None) -> HomeMean | Declined:
    """The average of the last week with readings. `now_local`: the wall clock now, in ns; without it nothing is too old.

    Declines with only_cuffless (n), no_cuff_readings, too_old (days, limit) or enough_days (have, need, more)."""
    if not len(readings):
        return Declined("only_cuffless", {"n": readings.cuffless}) if readings.cuffless else Declined("no_cuff_readings")
    if now_local is not None:
        age = (now_local - int(readings.local[-1])) // DAY_NS
        if age > CURRENT_FOR_DAYS:
            return Declined("too_old", {"days": int(age), "limit": CURRENT_FOR_DAYS, "n": int(age)})
    week = _days_of(readings)
    return _averaged(readings.take(week > week[-1] - PROTOCOL_DAYS))


def weekly_variation(readings: Cuff) -> WeeklyVariation | Declined:
    """How much the weekly means differ, weeks counted back from the last reading, each averaged by the protocol. Declines with
    enough_weeks (have, need, more) on fewer than four weeks that have an average."""
    means = [found for found in _weeks(readings) if isinstance(found, tuple)]
    if len(means) < LEAST_WEEKS.value:
        return short_of("enough_weeks", len(means), int(LEAST_WEEKS.value))
    table = np.array(means)
    cv = 100 * table.std(axis=0, ddof=1) / table.mean(axis=0)
    return WeeklyVariation(float(cv[0]), float(cv[1]), len(means))


def over_target(mean: HomeMean, traits: Traits) -> bool | Declined:
    """Whether either number is above the home target of the person's guideline family; declines with no_target where none holds
    (under 18 years, in pregnancy, age unknown)."""
    sides = []
    for signal, value in (("sbp", mean.sbp), ("dbp", mean.dbp)):
        row = targets_for(signal, HOME, traits)
        if row is None:
            return Declined("no_target")
        sides.append(row.band.side(value) > 0)
    return any(sides)


def _weeks(readings: Cuff) -> Iterator[tuple[float, float] | Declined]:
    if not len(readings):
        return
    day = _days_of(readings)
    back = (day[-1] - day) // PROTOCOL_DAYS
    for week in np.unique(back):
        kept = _kept(readings.take(back == week))
        yield kept if isinstance(kept, Declined) else (float(kept.sbp.mean()), float(kept.dbp.mean()))


def _days_of(readings: Cuff) -> np.ndarray:
    return readings.local // DAY_NS


def _kept(week: Cuff) -> Cuff | Declined:
    """The readings of a week that count: all but the first day's, if there are three days."""
    day = _days_of(week)
    distinct = np.unique(day)
    if len(distinct) < LEAST_DAYS:
        return short_of("enough_days", len(distinct), LEAST_DAYS)
    return week.take(day > distinct[0])


def _averaged(week: Cuff) -> HomeMean | Declined:
    kept = _kept(week)
    if isinstance(kept, Declined):
        return kept
    days = np.unique(_days_of(kept))
    return HomeMean(
        sbp=floor(float(kept.sbp.mean()) + 0.5),
        dbp=floor(float(kept.dbp.mean()) + 0.5),
        readings=len(kept),
        days=len(days),
        kept_days=_days_by_protocol(kept),
        from_day=int(days[0]),
        to_day=int(days[-1]),
        cuffless=week.cuffless,
        unusable=week.unusable,
    )


def _days_by_protocol(kept: Cuff) -> int:
    day, of_day = np.divmod(kept.local - _MORNING_FROM_NS, DAY_NS)
    morning = of_day < EVENING_FROM.value * HOUR_NS - _MORNING_FROM_NS
    counted = [np.unique(day[half], return_counts=True) for half in (morning, ~morning)]
    enough = [set(days[count >= EACH_TIME.value].tolist()) for days, count in counted]
    return len(enough[0] & enough[1] & set(_days_of(kept).tolist()))
