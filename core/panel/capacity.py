"""This is the place where the work of the coming weeks is expected from that of the last, and held against the hours there are.

What is expected is a rate for each weekday, drawn towards the rate of all days where there is little of one. The interval of a week is that of a count whose rate is not known
exactly and which swings as much as it did before (negative binomial). What waits at the end of four weeks is played through day by day. Minutes for each thing are
our assumption until somebody enters their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

KINDS = ("review", "message", "photo", "visit")
"""What takes time: a look at somebody of the worklist, an answer to a request or message, a photo or signal to decide, an appointment."""
ASSUMED_MINUTES: Mapping[str, float] = {"review": 6.0, "message": 8.0, "photo": 5.0, "visit": 20.0}
"""Minutes for each (house, not measured)."""
HISTORY_DAYS, LEAST_DAYS = 56, 14
BUSY = 0.85
"""Of the hours that can be filled before waiting grows fast (house; a queue near its limit waits without end)."""
AHEAD_DAYS, RUNS = 28, 400
_DRAWN, _SEED, _TAIL = 4.0, 20261121, 0.05


@dataclass(frozen=True, slots=True)
class Expected:
    """Of one kind: how many on each weekday (Monday first) and in a week, with the 90 % interval of a week; from so many days. `enough`: below LEAST_DAYS nothing is
    expected and the numbers are what was counted only."""

    kind: str
    days: int
    counted: int
    weekdays: tuple[float, ...] = (0.0,) * 7
    week: float = 0.0
    low: int = 0
    high: int = 0
    enough: bool = False
    swing: float = 1.0


@dataclass(frozen=True, slots=True)
class Hours:
    """What a coordinator enters: staff hours on each weekday (Monday first; empty: not entered), and minutes for each kind where they differ from ours."""

    weekdays: tuple[float, ...] = ()
    minutes: Mapping[str, float] = field(default_factory=dict)

    def minutes_of(self, kind: str) -> float:
        return self.minutes.get(kind, ASSUMED_MINUTES[kind])


@dataclass(frozen=True, slots=True)
class Plan:
    """Work against hours. `load` are hours of work expected on each weekday, `hours` those there are; `used` is load over hours of a week (None: no hours entered).
    `waiting` hours of work wait now; `after` (low, middle, high) will after four weeks; `grows`: the share of runs in which it is more than now; `missing` hours a week
    for not more than BUSY of them being filled (0: none)."""

    load: tuple[float, ...]
    hours: tuple[float, ...]
    used: float | None
    waiting: float
    after: tuple[float, float, float] | None
    grows: float | None
    missing: float | None
    enough: bool


def expected(kind: str, counts: Sequence[int], first_weekday: int) -> Expected:
    """From how many there were on each of the last days (the oldest first, days without any as 0); `first_weekday` of the first of them (0 Monday)."""
    days, total = len(counts), int(sum(counts))
    if days < LEAST_DAYS:
        return Expected(kind, days, total)
    on = (np.arange(days) + first_weekday) % 7
    values = np.asarray(counts, dtype=float)
    mean = total / days
    weekdays = np.array([(values[on == day].sum() + _DRAWN * mean) / ((on == day).sum() + _DRAWN) for day in range(7)])
    swing = _swing(values, weekdays[on])
    week = float(weekdays.sum())
    low, high = _interval(week, days, swing, total)
    return Expected(kind, days, total, tuple(float(one) for one in weekdays), week, low, high, True, swing)


def plan(work: Sequence[Expected], waiting: Mapping[str, int], hours: Hours, first_weekday: int) -> Plan:
    """What the work comes to. `waiting`: how many of each kind wait now; `first_weekday`: that of tomorrow."""
    load = sum((np.array(one.weekdays) * hours.minutes_of(one.kind) / 60 for one in work if one.enough), np.zeros(7))
    there = np.array(hours.weekdays) if hours.weekdays else np.zeros(7)
    queued = float(sum(count * hours.minutes_of(kind) / 60 for kind, count in waiting.items()))
    enough = any(one.enough for one in work)
    total = float(there.sum())
    if not hours.weekdays or not enough:
        return Plan(tuple(load.tolist()), tuple(there.tolist()), None, queued, None, None, None, enough)
    used = float(load.sum()) / total if total else None
    after, grows = _played(work, hours, (queued, there), first_weekday)
    return Plan(
        tuple(load.tolist()), tuple(there.tolist()), used, queued, after, grows, max(0.0, float(load.sum()) / BUSY - total), enough
    )


def _swing(values: np.ndarray, rates: np.ndarray) -> float:
    """How much more days differ than chance alone lets them (1: no more)."""
    usable = rates > 0
    if usable.sum() < LEAST_DAYS:
        return 1.0
    return max(1.0, float(((values[usable] - rates[usable]) ** 2 / rates[usable]).sum() / max(1, usable.sum() - 7)))


def _interval(week: float, days: int, swing: float, total: int) -> tuple[int, int]:
    """In nine weeks of ten, so many."""
    from scipy.stats import nbinom  # not before somebody looks

    middle = max(week, 0.5 * 7 / days) if not total else week
    spread = swing * middle * (1 + 7 / days)
    spread = max(spread, middle * (1 + 7 / days))
    share = middle / spread
    size = middle * share / (1 - share)
    return int(nbinom.ppf(_TAIL, size, share)), int(nbinom.ppf(1 - _TAIL, size, share))


def _played(
    work: Sequence[Expected], hours: Hours, start: tuple[float, np.ndarray], first_weekday: int
) -> tuple[tuple[float, float, float], float]:
    """Four weeks, so many times: what comes is drawn, what there are hours for is done, the rest waits. The same numbers give the same answer."""
    rng = np.random.default_rng(_SEED)
    backlog = np.full(RUNS, float(start[0]))
    sure = {one.kind: one.counted / one.swing + 0.5 for one in work if one.enough}
    pace = {kind: rng.gamma(weight, 1 / weight, RUNS) for kind, weight in sure.items()}
    for ahead in range(AHEAD_DAYS):
        weekday = (first_weekday + ahead) % 7
        for one in work:
            if one.enough:
                backlog += _drawn(rng, one.weekdays[weekday] * pace[one.kind], one.swing) * hours.minutes_of(one.kind) / 60
        backlog = np.maximum(0.0, backlog - start[1][weekday])
    low, middle, high = (float(one) for one in np.percentile(backlog, (5, 50, 95)))
    return (low, middle, high), float((backlog > start[0] + 1e-9).mean())


def _drawn(rng: np.random.Generator, rate: np.ndarray, swing: float) -> np.ndarray:
    if swing <= 1.001:
        return rng.poisson(rate).astype(float)
    size = np.maximum(rate / (swing - 1), 1e-9)
    return rng.negative_binomial(size, 1 / swing).astype(float)
