"""This is the place where a made-up body lives through its days: nights with their stages, walks, and the pulse that follows from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from core.samples.devices.clockface import HOUR

LIGHT, DEEP, REM, AWAKE = "light", "deep", "rem", "awake"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stretch of a night: from `start` to `end` (s since 1970)."""

    name: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Walk:
    """A stretch on foot: its true steps, and whether it was a run."""

    start: int
    end: int
    steps: int
    run: bool = False


def night(chance: Random, asleep: int, awake: int) -> tuple[Stage, ...]:
    """The stages from falling asleep to waking: cycles of about ninety minutes, deep sleep early, REM late, a few short wakes."""
    made: list[Stage] = []
    at, number = asleep, 0

    def add(name: str, minutes: float) -> None:
        nonlocal at
        until = min(awake, at + max(60, round(minutes * 60)))
        if until > at:
            made.append(Stage(name, at, until))
            at = until

    while at < awake:
        share = min(1.0, (at - asleep) / max(awake - asleep, 1))
        add(LIGHT, chance.uniform(14, 28))
        add(DEEP, max(0.0, chance.gauss(34, 7) * (1 - 1.15 * share)) or 1)
        add(LIGHT, chance.uniform(12, 24))
        add(REM, chance.gauss(10, 3) + 24 * share)
        if chance.random() < 0.55:
            add(AWAKE, chance.uniform(1, 6))
        number += 1
    return tuple(made)


def walks(chance: Random, up: int, bed: int, target: float, busy: Sequence[Walk] = ()) -> tuple[Walk, ...]:
    """The walks between getting up and going to bed, `busy` ones among them, ascending and apart; together they have `target` steps."""
    made = list(busy)
    left = target - sum(one.steps for one in busy)
    tries = 0
    while left > 40 and tries < 200:
        tries += 1
        lasts = chance.randrange(120, 900)
        start = chance.randrange(up + 600, max(up + 601, bed - lasts - 600))
        if any(start < one.end + 60 and one.start - 60 < start + lasts for one in made):
            continue
        steps = min(round(left), round(lasts / 60 * chance.uniform(62, 112)))
        made.append(Walk(start, start + max(60, min(lasts, steps)), steps))
        left -= steps
    return tuple(sorted(made, key=lambda one: one.start))


@dataclass(frozen=True, eq=False, slots=True)
class Rhythm:
    """What a pulse follows: sleep (s since 1970), walks and runs, and the resting pulse of each moment asked for."""

    sleeps: Sequence[tuple[int, int]]
    walks: Sequence[Walk]


def pulse(chance: Random, at: np.ndarray, resting: np.ndarray, rhythm: Rhythm) -> np.ndarray:
    """Beats a minute (whole numbers) at instants: near the resting pulse by night, higher by day, higher still on foot, slowly down
    afterwards."""
    noise = np.array([chance.gauss(0, 1) for _ in range(len(at))])
    smooth = np.convolve(noise, np.full(5, 0.2), mode="same") if len(at) > 5 else noise
    asleep = _within(at, np.array([one[0] for one in rhythm.sleeps]), np.array([one[1] for one in rhythm.sleeps]))
    made = resting + np.where(asleep, 2.0, 15.0) + smooth * np.where(asleep, 4.0, 9.0) + noise * np.where(asleep, 1.0, 2.5)
    if rhythm.walks:
        starts, ends = (np.array([getattr(one, name) for one in rhythm.walks]) for name in ("start", "end"))
        effort = np.array([88.0 if one.run else 18.0 for one in rhythm.walks])
        last = np.clip(np.searchsorted(starts, at, side="right") - 1, 0, len(starts) - 1)
        since = np.where(at >= starts[last], np.maximum(at - ends[last], 0), 10 * HOUR)
        climbing = np.clip((at - starts[last]) / 420.0, 0.35, 1.0)
        made = made + effort[last] * climbing * np.exp(-since / 300.0)
    return np.round(np.clip(made, np.maximum(resting - 6, 36), 196))


def _within(at: np.ndarray, first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Mask of the instants that lie in one of some stretches (ascending, apart)."""
    if not len(first):
        return np.zeros(len(at), dtype=bool)
    place = np.searchsorted(first, at, side="right") - 1
    return (place >= 0) & (at < last[np.maximum(place, 0)])


def outside(at: np.ndarray, stretches: Sequence[tuple[int, int]]) -> np.ndarray:
    """Mask of the instants that lie in none of some stretches, in whatever order they are."""
    free = np.ones(len(at), dtype=bool)
    for first, last in stretches:
        free &= (at < first) | (at >= last)
    return free
