"""This is the place where steps per minute become minutes of moderate and vigorous activity (MVPA).

Cadence: 100 steps a minute is moderate (3 MET), 130 vigorous (6 MET), ages 21 to 85 (CADENCE-Adults, Tudor-Locke et al.). Weekly aim:
150 moderate minutes, or 75 vigorous ones, or both together, a vigorous minute counting twice (Chinese guideline on the primary
prevention of cardiovascular diseases 2019; the WHO guideline of 2020 says the same, from memory).

Only steps written minute by minute say anything about cadence: the same hour of 3000 steps may be brisk or not. Anything
coarser is declined. All of it is walking and running; cycling and swimming leave no steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined, short_of
from core.trends.published import OUR_CHOICE, VERIFIED, Published

_CADENCE = "CADENCE-Adults (Tudor-Locke et al., Int J Behav Nutr Phys Act 2019-2021)"
_CHINA = "Chinese guideline on the primary prevention of cardiovascular diseases, Chinese Circulation Journal 2019;34(1)"
MODERATE_FROM = Published("cadence_moderate", 100, "{steps}/min", VERIFIED, _CADENCE)
VIGOROUS_FROM = Published("cadence_vigorous", 130, "{steps}/min", VERIFIED, _CADENCE)
AGES = (
    Published("cadence_age_from", 21, "a", VERIFIED, _CADENCE),
    Published("cadence_age_to", 85, "a", VERIFIED, _CADENCE),
)
WEEKLY_AIM = Published("weekly_activity", 150, "min", VERIFIED, _CHINA)
FASTEST = Published(
    "cadence_fastest", 300, "{steps}/min", OUR_CHOICE, "Nobody steps faster; such a minute is a fault of the record."
)
COARSE_STEPS = Published(
    "cadence_coarse", 5, "%", OUR_CHOICE, "More of the steps than this in longer intervals: no record by the minute."
)
RESTS_ON = (MODERATE_FROM, VIGOROUS_FROM, *AGES, FASTEST, COARSE_STEPS)

_MINUTE_NS = HOUR_NS // 60
_WEEK = 7


@dataclass(frozen=True, eq=False, slots=True)
class ActiveDays:
    """One row per local day with steps written by the minute, by date: `day` int64 days since 1970-01-01, `moderate` and `vigorous`
    int64 minutes (100-129 and from 130 steps), `walked` int64 minutes with any step. `implausible` minutes were left out."""

    day: np.ndarray
    moderate: np.ndarray
    vigorous: np.ndarray
    walked: np.ndarray
    implausible: int
    rests_on: tuple[Published, ...] = RESTS_ON

    def __len__(self) -> int:
        return len(self.day)

    @property
    def mvpa(self) -> np.ndarray:
        """Minutes of moderate or vigorous activity per day."""
        return self.moderate + self.vigorous


@dataclass(frozen=True, slots=True)
class ActiveWeek:
    """Seven local days up to `to_day`: minutes, `credit` (vigorous counted twice) against the aim of 150, from `days` recorded days."""

    moderate: int
    vigorous: int
    days: int
    to_day: int
    rests_on: tuple[Published, ...] = (*RESTS_ON, WEEKLY_AIM)

    @property
    def credit(self) -> int:
        return self.moderate + 2 * self.vigorous

    @property
    def reached(self) -> bool:
        """Whether the week's aim is reached."""
        return self.credit >= WEEKLY_AIM.value


def active_days(
    local_start: np.ndarray, lasted: np.ndarray, steps: np.ndarray, age_years: int | None, grain: str = ""
) -> ActiveDays | Declined:
    """Active minutes per local day. `local_start` int64 ns wall clock of each interval, `lasted` int64 ns its length, `steps` its steps;
    `grain` as in Samples: a stream of "1min" is taken at its word where its intervals have no length.

    Intervals that are shorter or not on the minute are shared out by time. Declines with needs_age, age_range (age, low, high), needs_minute_steps, or
    enough_days where there are no steps at all."""
    by_minute = ((lasted > 0) & (lasted <= _MINUTE_NS)) | ((grain == "1min") & (lasted == 0))
    refused = _refused(by_minute, steps, age_years, grain)
    if refused is not None:
        return refused
    minute, cadence = _cadence(local_start[by_minute], lasted[by_minute], steps[by_minute])
    too_fast = cadence > FASTEST.value
    minute, cadence = minute[~too_fast], cadence[~too_fast]
    day, row = np.unique(minute // (DAY_NS // _MINUTE_NS), return_inverse=True)

    def minutes(mask: np.ndarray) -> np.ndarray:
        return np.bincount(row[mask], minlength=len(day))

    vigorous = cadence >= VIGOROUS_FROM.value
    moderate = (cadence >= MODERATE_FROM.value) & ~vigorous
    return ActiveDays(day, minutes(moderate), minutes(vigorous), minutes(cadence > 0), int(too_fast.sum()))


def _refused(by_minute: np.ndarray, steps: np.ndarray, age_years: int | None, grain: str) -> Declined | None:
    low, high = (int(row.value) for row in AGES)
    if age_years is None:
        return Declined("needs_age")
    if not low <= age_years <= high:
        return Declined("age_range", {"age": age_years, "low": low, "high": high})
    if not len(steps):
        return short_of("enough_days", 0, 1)
    coarse = 100 * float(steps[~by_minute].sum()) > COARSE_STEPS.value * float(steps.sum())
    if grain not in ("", "1min") or coarse or not by_minute.any():
        return Declined("needs_minute_steps")
    return None


def _cadence(start: np.ndarray, lasted: np.ndarray, steps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps in each wall-clock minute; an interval that runs over a full minute is shared out by time."""
    first = start // _MINUTE_NS
    inside = np.minimum((first + 1) * _MINUTE_NS - start, lasted) / np.maximum(lasted, 1)
    share = np.where(lasted > 0, inside, 1.0)
    minute, at = np.unique(np.concatenate([first, first[share < 1] + 1]), return_inverse=True)
    amounts = np.concatenate([steps * share, (steps * (1 - share))[share < 1]])
    return minute, np.round(np.bincount(at, weights=amounts, minlength=len(minute)), 9)


def active_week(days: ActiveDays, to_day: int) -> ActiveWeek | Declined:
    """The seven days up to and including `to_day`. A day without a record may have been an active one: an aim that is not reached is
    said only of seven recorded days, else it declines with enough_days (have, need, more, minutes so far)."""
    inside = (days.day > to_day - _WEEK) & (days.day <= to_day)
    week = ActiveWeek(int(days.moderate[inside].sum()), int(days.vigorous[inside].sum()), int(inside.sum()), to_day)
    if week.days < _WEEK and not week.reached:
        return short_of("enough_days", week.days, _WEEK, minutes=week.credit)
    return week
