"""This is the place where the views for one kind of signal are defined: a day of glucose, a night of sleep, a day of the heart.

Frozen and in the person's units. Each carries what could not be said as a `Fact` in `declined`: what is missing, and how much.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from core.care.views import Fact


@dataclass(frozen=True, eq=False, slots=True)
class DayCurves:
    """One day out of many: `minute` of the day of each bin's start, `percent` names of the curves (such as 5, 25, 50, 75, 95; 0 and 100
    are the extremes), `curves` float64 (len(percent), len(minute)), NaN where nothing was measured; `count`, `days` per bin."""

    minute: np.ndarray
    percent: tuple[int, ...]
    curves: np.ndarray
    count: np.ndarray
    days: np.ndarray


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole: its code (tbr2, tbr1, tir, tar1, tar2), percent, from where to where in the person's unit (None: open)."""

    code: str
    percent: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class AimMet:
    """An aim, the person's number and whether it is met: `measure` tir, tbr, tbr2, tar, tar2 or cv; `limit` percent, `below` or above."""

    measure: str
    value: float
    limit: float
    below: bool
    met: bool


@dataclass(frozen=True, eq=False, slots=True)
class GlucoseView:
    """A sensor's days laid over one another, with time in range and the numbers beside it; `declined` where there is too little."""

    unit: str
    decimals: int
    start: datetime | None
    end: datetime | None
    curves: DayCurves | None
    target: tuple[float, float] | None
    shares: tuple[Share, ...] = ()
    aims: tuple[AimMet, ...] = ()
    numbers: tuple[Fact, ...] = ()
    declined: Fact | None = None


@dataclass(frozen=True, eq=False, slots=True)
class DayProfileView:
    """A signal by hour of the day (local clock) over some days."""

    signal: str
    unit: str
    decimals: int
    first: str
    last: str
    curves: DayCurves | None
    said: tuple[Fact, ...] = ()
    declined: Fact | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Night:
    """One night: the local day it ends on (YYYY-MM-DD), wall ns from and to, and minutes; `efficiency` percent or None."""

    day: str
    start: int
    end: int
    in_bed: float
    asleep: float
    awake: float
    light: float
    deep: float
    rem: float
    staged: bool
    awakenings: int
    naps: float
    efficiency: float | None


@dataclass(frozen=True, eq=False, slots=True)
class SleepView:
    """The nights of a stretch of time, newest first; `night` the chosen one with its stages: wall ns `start`, `end` and `stage` (values
    of sleep_stage)."""

    nights: tuple[Night, ...]
    night: Night | None
    start: np.ndarray
    end: np.ndarray
    stage: np.ndarray
    regularity: Fact
    said: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class PressureView:
    """The home average by protocol, mornings and evenings apart, and how the weeks differ, each as a sentence or why not."""

    average: Fact
    halves: tuple[Fact, ...]
    weeks: Fact
    notes: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a device's own software said: when (FHIR text), which signal and state, by which device, for how many seconds."""

    when: str
    signal: str
    state: str
    device: str
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class FindingsView:
    """All findings of a signal, newest first; never ours."""

    signal: str
    findings: tuple[Finding, ...]
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True, eq=False, slots=True)
class RestingView:
    """The resting heart rate of each night, oldest first: `day` wall ns of the local day, `rate` and `baseline` per minute, `level` -1
    (still learning), 0, 1 (raised two nights in a row) or 2 (clearly raised), `filled` where neighbours stand in. `said` the newest
    night in words; `declined` where there is too little."""

    day: np.ndarray
    rate: np.ndarray
    baseline: np.ndarray
    level: np.ndarray
    filled: np.ndarray
    said: tuple[Fact, ...] = ()
    declined: Fact | None = None


@dataclass(frozen=True, eq=False, slots=True)
class ActiveView:
    """Minutes of moderate and vigorous walking or running for each local day (wall ns), oldest first, and the last seven days in words."""

    day: np.ndarray
    moderate: np.ndarray
    vigorous: np.ndarray
    said: tuple[Fact, ...] = ()
    declined: Fact | None = None
