"""This is the place where the readings of a glucose sensor become the numbers people talk about: time in range, mean, GMI, CV.

Formulas as in the international consensus (Battelino et al., Diabetes Care 2019;42:1593) and the published software (iglu):
mean and sample SD of all readings, CV = 100 SD / mean, shares of the readings per range, GMI = 3.31 + 0.02392 mean (mg/dL;
Bergenstal 2018, from memory). They are said of the newest 14 days only if the sensor was worn for at least 70 % of them.

A reading at the sensor's limit ("LOW", "HIGH") counts with that limit, in ranges and in the mean, as the sensors' own reports
do; how many there were is said beside it. Nothing is filled in, smoothed or resampled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from core.domain.samples import ABOVE, BELOW, ERASED, IMPLAUSIBLE
from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.glucose_ranges import ADULT, RANGES, Aim, aims_for, ranked, shares
from core.trends.judgement import Declined, short_of
from core.trends.published import FROM_MEMORY, OUR_CHOICE, VERIFIED, Published
from core.trends.uncertainty import Interval, mean_over_days

_CONSENSUS = "Battelino et al., International consensus on time in range, Diabetes Care 2019;42:1593"
_BERGENSTAL = "Bergenstal et al., Glucose management indicator, Diabetes Care 2018;41:2275"

LEAST_DAYS = Published("cgm_days", 14, "d", VERIFIED, _CONSENSUS)
LEAST_ACTIVE = Published("cgm_active", 70, "%", VERIFIED, _CONSENSUS)
GMI_CONSTANT = Published("gmi_constant", 3.31, "%", FROM_MEMORY, _BERGENSTAL)
GMI_SLOPE = Published("gmi_slope", 0.02392, "%/(mg/dL)", FROM_MEMORY, _BERGENSTAL)
WARM_UP = Published(
    "cgm_warm_up", 2, "h", OUR_CHOICE, "A sensor of 14 days gives its first reading up to two hours after it was put on."
)
LONGEST_STEP = Published(
    "cgm_step", 15, "min", OUR_CHOICE, "The longest step of the sensors sold; slower readings are no continuous record."
)
RESTS_ON = (LEAST_DAYS, LEAST_ACTIVE, GMI_CONSTANT, GMI_SLOPE, WARM_UP, LONGEST_STEP)

_MINUTE_NS = HOUR_NS // 60
_STEP_SLACK = 1.07
"""A step of 15 minutes may be a minute late."""


@dataclass(frozen=True, eq=False, slots=True)
class Glucose:
    """Sensor readings in time order: `time` int64 ns UTC, `local` int64 ns wall clock, `value` float64 mg/dL, `quality` uint8."""

    time: np.ndarray
    local: np.ndarray
    value: np.ndarray
    quality: np.ndarray

    def __len__(self) -> int:
        return len(self.time)

    @classmethod
    def of(cls, time: np.ndarray, local: np.ndarray, value: np.ndarray, quality: np.ndarray | int = 0) -> Glucose:
        """In time order, without what may not be used (implausible, taken back, no number) and without exact repeats."""
        bits = np.broadcast_to(np.asarray(quality, dtype=np.uint8), len(time))
        rows = np.flatnonzero(((bits & (IMPLAUSIBLE | ERASED)) == 0) & np.isfinite(value))
        rows = rows[np.lexsort((value[rows], time[rows]))]
        if len(rows):
            again = (np.diff(time[rows]) == 0) & (np.diff(value[rows]) == 0)
            rows = rows[np.append(True, ~again)]
        return cls(time[rows], local[rows], value[rows], bits[rows])

    def take(self, rows: np.ndarray) -> Glucose:
        """The same columns for some rows (mask or indices)."""
        return Glucose(self.time[rows], self.local[rows], self.value[rows], self.quality[rows])


@dataclass(frozen=True, slots=True)
class Wear:
    """How much there is: readings, `step_ns` the sensor's own median step, `span_days` from the first to the last reading (one step
    more), `active` percent of the readings that such a sensor would have given in the window."""

    readings: int
    step_ns: int
    span_days: float
    active: float


@dataclass(frozen=True, slots=True)
class GlucoseReport:
    """What the window says. `start`, `end` ns UTC; mean, sd in mg/dL; cv, gmi and every share in percent; `shares` by range code of
    the group, summing to 100; `below_limit`, `above_limit` readings at the sensor's limits (counted with the limit);
    intervals over days, or why there is none; `rests_on` the published numbers used."""

    group: str
    start: int
    end: int
    wear: Wear
    mean: float
    sd: float
    cv: float
    gmi: float
    shares: Mapping[str, float]
    below_limit: int
    above_limit: int
    mean_interval: Interval | Declined
    tir_interval: Interval | Declined
    rests_on: tuple[Published, ...] = RESTS_ON

    def measure(self, name: str) -> float:
        """A number that an aim is about: tir, tbr (all below range), tbr2, tar (all above range), tar2 or cv, in percent."""
        if name == "cv":
            return self.cv
        if name in ("tbr", "tar"):
            return sum(share for code, share in self.shares.items() if code.startswith(name))
        return self.shares[name]


@dataclass(frozen=True, slots=True)
class Met:
    """One aim, the person's number in percent and whether it is met."""

    aim: Aim
    value: float
    met: bool


def mean_sd(value: np.ndarray) -> tuple[float, float]:
    """Mean and sample SD (n - 1) of at least two readings, in their unit."""
    return float(value.mean()), float(value.std(ddof=1))


def gmi(mean: float) -> float:
    """The glucose management indicator in percent, from a mean in mg/dL."""
    return GMI_CONSTANT.value + GMI_SLOPE.value * mean


def wear_of(readings: Glucose, start: int, end: int) -> Wear | Declined:
    """How much of (start, end] the sensor covers. Each pause between two readings lacks as many readings as steps fit into it.

    Declines with enough_days on fewer than two readings, and with needs_sensor_steps (have, need in minutes) where the median
    step is longer than a sensor's."""
    times = np.unique(readings.time)
    if len(times) < 2:
        return short_of("enough_days", 0, int(LEAST_DAYS.value))
    pauses = np.diff(times)
    step = float(np.median(pauses))
    if step > LONGEST_STEP.value * _STEP_SLACK * _MINUTE_NS:
        return Declined("needs_sensor_steps", {"have": round(step / _MINUTE_NS), "need": int(LONGEST_STEP.value)})
    lacking = np.maximum(np.rint(np.append(pauses, [times[0] - start, end - times[-1] + step]) / step) - 1, 0).sum()
    return Wear(
        len(readings), int(step), float(times[-1] - times[0] + step) / DAY_NS, 100.0 * len(times) / (len(times) + float(lacking))
    )


@dataclass(frozen=True, eq=False, slots=True)
class Window:
    """The readings that statistics may be made of, in (`start`, `end`] ns UTC, and how much of it is covered."""

    readings: Glucose
    start: int
    end: int
    wear: Wear


def window_of(readings: Glucose, days: int = 14, until: int | None = None) -> Window | Declined:
    """The newest `days` days (at least 14) up to `until` (ns UTC; the newest reading where None), if there is enough in them.

    Declines with needs_sensor_steps, enough_days (have, need, more days of wearing) or enough_wear (have, need in percent; more
    days of wearing, days looked at)."""
    days = max(days, int(LEAST_DAYS.value))
    end = until if until is not None or not len(readings) else int(readings.time[-1])
    known = readings if end is None else readings.take(readings.time <= end)
    if end is None or not len(known):
        return short_of("enough_days", 0, int(LEAST_DAYS.value))
    span = wear_of(known, int(known.time[0]) - 1, int(known.time[-1]))
    if isinstance(span, Declined):
        return span
    have = floor(span.span_days + WARM_UP.value / 24)
    if have < LEAST_DAYS.value:
        return short_of("enough_days", have, int(LEAST_DAYS.value))
    start = max(end - days * DAY_NS, int(known.time[0]) - span.step_ns)
    window = known.take(known.time > start)
    wear = wear_of(window, start, end)
    if isinstance(wear, Declined):
        return wear if wear.code == "needs_sensor_steps" else _too_little_wear(0.0, days)
    return _too_little_wear(wear.active, days) if wear.active < LEAST_ACTIVE.value else Window(window, start, end, wear)


def _too_little_wear(active: float, days: int) -> Declined:
    more = max(1, ceil((LEAST_ACTIVE.value - active) / 100 * days))
    return Declined("enough_wear", {"have": floor(active), "need": int(LEAST_ACTIVE.value), "more": more, "n": more, "days": days})


def report(readings: Glucose, group: str = ADULT, days: int = 14, until: int | None = None) -> GlucoseReport | Declined:
    """The statistics of a window, with the ranges of a group (one of GROUPS); declines as `window_of` does."""
    window = window_of(readings, days, until)
    if isinstance(window, Declined):
        return window
    known = window.readings
    mean, sd = mean_sd(known.value)
    inside = [row.code for row in RANGES[group]].index("tir")
    return GlucoseReport(
        group=group,
        start=window.start,
        end=window.end,
        wear=window.wear,
        mean=mean,
        sd=sd,
        cv=100 * sd / mean,
        gmi=gmi(mean),
        shares=shares(known.value, group),
        below_limit=int(((known.quality & BELOW) != 0).sum()),
        above_limit=int(((known.quality & ABOVE) != 0).sum()),
        mean_interval=mean_over_days(known.local, known.value),
        tir_interval=mean_over_days(known.local, 100.0 * (ranked(known.value, group) == inside)),
    )


def aims_met(said: GlucoseReport) -> tuple[Met, ...]:
    """The person's numbers beside the aims of the report's group."""
    return tuple(Met(aim, said.measure(aim.measure), aim.band.side(said.measure(aim.measure)) == 0) for aim in aims_for(said.group))
