"""This is the place where it is decided which of many daily series has changed enough to be told about, and which come first.

Two things count, both against the person's own past and never against anybody else's: a day far outside what is usual (|robust z| as in
core/trends/summary.py), and a week that differs from the four before it, where the interval leaves "no change" out and the shift is
at least one usual spread of single days (our choice: what is smaller is real, perhaps, but nothing to tell). A change is no illness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from core.trends.judgement import Declined
from core.trends.summary import BASELINE_WITHOUT, Baseline, Difference, baseline, difference

WEEK, BEFORE = 7, 28
FRESH_DAYS = 3
"""A series whose last day is older says nothing about now."""
LEAST_SHIFT = 1.0
"""In usual spreads (1.4826 MAD) of single days."""
_SD = 1.4826


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that changed: `code` "shifted" (the last week) or "stands_out" (the last day), upward or downward, and how strongly in
    spreads of single days."""

    signal: str
    code: str
    up: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Lately:
    """Where one daily series stands: what is usual before its last day (or how many days that needs), the last week beside the four before
    it (or why not), and what of that is worth telling. `last` is the last day with a value (days since 1970). Where the whole week is
    shifted, `usual` is what was usual before that week: the new level must not pass for usual while it is told as new."""

    signal: str
    last: int
    fresh: bool
    usual: Baseline | Declined
    week: Difference | Declined
    matters: Matter | None = None


def lately(signal: str, day: np.ndarray, value: np.ndarray, today: int) -> Lately | None:
    """`day` int, days since 1970, ascending, each once, whole days only; `value` float64. None where nothing is there up to today."""
    there = day <= today
    day, value = day[there], value[there]
    if not len(day):
        return None
    last = int(day[-1])
    usual = baseline(day, value, last)
    before = value[(day > last - WEEK - BEFORE) & (day <= last - WEEK)]
    week = difference(before, value[day > last - WEEK])
    fresh = today - last <= FRESH_DAYS
    told = [one for one in (_shifted(signal, before, week), _standing_out(signal, usual)) if one is not None]
    strongest = max(told, key=lambda one: one.strength, default=None) if fresh else None
    if fresh and any(one.code == "shifted" for one in told):
        earlier = _before_the_week(day, value, last)
        usual = earlier if isinstance(earlier, Baseline) else usual
    return Lately(signal, last, fresh, usual, week, strongest)


def _before_the_week(day: np.ndarray, value: np.ndarray, last: int) -> Baseline | Declined:
    """The last day's value held against the four weeks that ended a week ago."""
    at, kept = last - WEEK + BASELINE_WITHOUT, day <= last - WEEK
    return baseline(np.append(day[kept], at), np.append(value[kept], value[-1]), at)


def choose(found: Iterable[Lately], family: Callable[[str], str], most: int = 3) -> tuple[Lately, ...]:
    """What to tell, the strongest first; of each family (steps and distance tell the same) one."""
    told = sorted((one for one in found if one.matters), key=lambda one: -(one.matters.strength if one.matters else 0.0))
    seen: dict[str, Lately] = {}
    for one in told:
        seen.setdefault(family(one.signal), one)
    return tuple(seen.values())[:most]


def _shifted(signal: str, before: np.ndarray, week: Difference | Declined) -> Matter | None:
    if isinstance(week, Declined) or not week.sure:
        return None
    spread = _SD * float(np.median(np.abs(before - np.median(before))))
    if spread == 0:
        return None
    strength = abs(week.shift) / spread
    return Matter(signal, "shifted", week.shift > 0, strength) if strength >= LEAST_SHIFT else None


def _standing_out(signal: str, usual: Baseline | Declined) -> Matter | None:
    if isinstance(usual, Declined) or not usual.stands_out or usual.z is None:
        return None
    return Matter(signal, "stands_out", usual.z > 0, abs(usual.z))
