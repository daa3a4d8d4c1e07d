"""This is the place where a resting heart rate that stays up for two nights is noticed: NightSignal.

Mishra et al., Nat Biomed Eng 2020;4:1208 and Alavi et al., Nat Med 2022;28:175, as in the authors' published program (its Fitbit path):
the resting heart rate of a night is the mean of the heart rates of 00:00-06:59 without steps, cut to a whole number; the
baseline is the median of all nights so far, cut to a whole number; two nights in a row at least 3 above it are yellow, at
least 4 red. A single missing night is filled with the mean of its neighbours where one of those has a neighbour too, as the
program does; it is marked, and counts as no measured night. We show nothing before 21 measured nights: until then the
baseline is still being learned (our rule; the program has none).

It says that something is unusual for this person. It does not say what, and it is no diagnosis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined, short_of
from core.trends.published import OUR_CHOICE, VERIFIED, Published

_NIGHTSIGNAL = "NightSignal (Alavi et al., Nat Med 2022;28:175), StanfordBioinformatics/wearable-infection, executed"
YELLOW_ABOVE = Published("nightsignal_yellow", 3, "/min", VERIFIED, _NIGHTSIGNAL)
RED_ABOVE = Published("nightsignal_red", 4, "/min", VERIFIED, _NIGHTSIGNAL)
UNTIL_HOUR = Published("nightsignal_until", 7, "h", VERIFIED, _NIGHTSIGNAL)
LEAST_NIGHTS = Published("nightsignal_nights", 21, "d", OUR_CHOICE, "Three weeks of nights before a baseline is trusted.")
LEAST_READINGS = Published("nightsignal_readings", 10, "{readings}", OUR_CHOICE, "A night with fewer readings at rest is no night.")
RESTS_ON = (YELLOW_ABOVE, RED_ABOVE, UNTIL_HOUR, LEAST_NIGHTS, LEAST_READINGS)

LEARNING, GREEN, YELLOW, RED = -1, 0, 1, 2
_MINUTE_NS = HOUR_NS // 60


@dataclass(frozen=True, eq=False, slots=True)
class RestingNights:
    """One row per night with enough readings, by date: `day` int64 days since 1970-01-01 (local), `heart_rate` int64 /min,
    `readings` int64. `thin` nights were left out for having too few."""

    day: np.ndarray
    heart_rate: np.ndarray
    readings: np.ndarray
    thin: int

    def __len__(self) -> int:
        return len(self.day)


@dataclass(frozen=True, eq=False, slots=True)
class Signalled:
    """One row per night, by date: `day`, `heart_rate` and `baseline` int64, `level` int64 (LEARNING, GREEN, YELLOW, RED), `filled`
    bool: nobody measured that night, its neighbours stand in."""

    day: np.ndarray
    heart_rate: np.ndarray
    baseline: np.ndarray
    level: np.ndarray
    filled: np.ndarray
    rests_on: tuple[Published, ...] = RESTS_ON


def nightly_heart_rate(
    local: np.ndarray, heart_rate: np.ndarray, step_start: np.ndarray, step_end: np.ndarray, steps: np.ndarray
) -> RestingNights | Declined:
    """The resting heart rate of each night. `local` int64 ns wall clock and `heart_rate` /min of one length; steps with the start and
    end (wall clock) of their intervals. A minute touched by an interval with steps is not rest; a minute nobody wrote steps for
    is. Declines with needs_steps where there are none at all: then nobody knows when the person lay still."""
    if not len(steps):
        return Declined("needs_steps")
    minute = local // _MINUTE_NS
    day, of_day = np.divmod(local, DAY_NS)
    resting = (of_day < UNTIL_HOUR.value * HOUR_NS) & np.isfinite(heart_rate) & ~_walked(minute, step_start, step_end, steps)
    nights, at = np.unique(day[resting], return_inverse=True)
    readings = np.bincount(at, minlength=len(nights))
    total = np.bincount(at, weights=np.trunc(heart_rate[resting]), minlength=len(nights))
    enough = readings >= LEAST_READINGS.value
    mean = np.trunc(total[enough] / readings[enough]).astype(np.int64)
    return RestingNights(nights[enough], mean, readings[enough], int((~enough).sum()))


def _walked(minute: np.ndarray, step_start: np.ndarray, step_end: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Which minutes an interval with steps touches."""
    walking = steps > 0
    first = step_start[walking] // _MINUTE_NS
    last = np.maximum((step_end[walking] - 1) // _MINUTE_NS, first)
    begun = np.searchsorted(np.sort(first), minute, side="right")
    over = np.searchsorted(np.sort(last), minute, side="left")
    return begun > over


def algorithm(day: np.ndarray, heart_rate: np.ndarray) -> Signalled:
    """NightSignal as published, without our rule: level from the first night on. `day` int64 local days in any order, each once;
    `heart_rate` whole numbers."""
    order = np.argsort(day)
    days, rates, filled = _with_single_nights_filled(day[order].astype(np.int64), heart_rate[order].astype(np.int64))
    baseline = np.array([int(np.median(rates[: at + 1])) for at in range(len(rates))], dtype=np.int64)
    after_a_night = np.append(False, np.diff(days) == 1) if len(days) else np.zeros(0, dtype=bool)

    def twice(above: float) -> np.ndarray:
        high = rates >= baseline + above
        return high & after_a_night & np.append(False, high[:-1])[: len(high)]

    level = np.where(twice(RED_ABOVE.value), RED, np.where(twice(YELLOW_ABOVE.value), YELLOW, GREEN))
    return Signalled(days, rates, baseline, level.astype(np.int64), filled)


def resting_alerts(nights: RestingNights) -> Signalled | Declined:
    """What screens show: levels from the 21st measured night on, LEARNING before it. Declines with enough_nights (have, need, more)
    until there are 21 measured nights."""
    if len(nights) < LEAST_NIGHTS.value:
        return short_of("enough_nights", len(nights), int(LEAST_NIGHTS.value))
    found = algorithm(nights.day, nights.heart_rate)
    measured = np.cumsum(~found.filled)
    level = np.where(measured >= LEAST_NIGHTS.value, found.level, LEARNING)
    return Signalled(found.day, found.heart_rate, found.baseline, level, found.filled)


def _with_single_nights_filled(day: np.ndarray, rate: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A missing night between two measured ones gets their mean, rounded to a tenth and cut, where at least one of the two has its
    other neighbour measured as well."""
    gap = np.diff(day)
    single = np.flatnonzero(gap == 2)
    beside = np.pad(gap, 1) == 1
    holes = single[beside[single] | beside[single + 2]]
    values = np.array([int(round((int(rate[at]) + int(rate[at + 1])) / 2, 1)) for at in holes], dtype=np.int64)
    days = np.concatenate([day, day[holes] + 1])
    order = np.argsort(days)
    filled = np.concatenate([np.zeros(len(day), dtype=bool), np.ones(len(holes), dtype=bool)])
    return days[order], np.concatenate([rate, values])[order], filled[order]
