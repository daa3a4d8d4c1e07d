"""This is the place where sleep stages become nights: how long in bed, how long asleep, in which stages, how often awake.

- A night runs from noon to noon on the wall clock and carries the date of the day it ends on. A sleep that crosses noon is not
  cut: it belongs whole to the night its middle lies in.
- Stretches less than two hours apart are one sleep (our choice); the longest sleep of a night is the main one, the others are naps.
- Where entries overlap the shorter one counts: a stage is finer than "asleep", and that is finer than "in bed".
- Durations are true time (a night of a clock change is as long as it was); dates and hours are the wall clock's.
- Restless is in bed and not asleep, as Fitbit's own sums have it (from memory).
- In bed runs from the first to the last entry of a sleep. Efficiency is asleep / in bed, and is left open (NaN) where the source
  tells of nothing but sleep: then nobody recorded how long the person lay awake.
- Awakenings are stretches awake of at least a minute between falling asleep and the last waking (our choice).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.published import FROM_MEMORY, OUR_CHOICE, Published

IN_BED, AWAKE, ASLEEP, LIGHT, DEEP, REM, RESTLESS = range(7)
"""Values of the signal sleep_stage (SLEEP_STAGES of the table of signals)."""
SLEEPING = (ASLEEP, LIGHT, DEEP, REM)
WAKING = (AWAKE, RESTLESS)

JOINED_UP_TO = Published("sleep_gap", 2, "h", OUR_CHOICE, "Stretches less than this apart are one sleep.")
LEAST_AWAKE = Published("sleep_awakening", 1, "min", OUR_CHOICE, "A shorter stir is not counted as an awakening.")
RESTLESS_IS_AWAKE = Published(
    "sleep_restless", 0, "min", FROM_MEMORY, "Fitbit: minutes asleep leave out restless and awake minutes."
)
RESTS_ON = (JOINED_UP_TO, LEAST_AWAKE, RESTLESS_IS_AWAKE)

_MINUTE_NS = HOUR_NS // 60
_NOON_NS = 12 * HOUR_NS
_NOTHING = -1


@dataclass(frozen=True, eq=False, slots=True)
class Stages:
    """Entries of sleep in any order, may overlap: `start`, `end` int64 ns UTC, `local_start`, `local_end` int64 ns wall clock and
    `stage` (values of sleep_stage, whole numbers), all of one length."""

    start: np.ndarray
    end: np.ndarray
    local_start: np.ndarray
    local_end: np.ndarray
    stage: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, eq=False, slots=True)
class Nights:
    """One row per night with a sleep, by date. `day` int64 days since 1970-01-01 (the local day the night ends on), `start`, `end`
    int64 ns UTC of the main sleep and `local_start`, `local_end` of the wall clock; float64 minutes of the main sleep: `in_bed`,
    `asleep`, `awake` (restless included), `light`, `deep`, `rem` (0 where the source names no stages: see `staged`, bool);
    `efficiency` percent (NaN where not known), `awakenings` int64, `naps` float64 minutes asleep in the night's other sleeps."""

    day: np.ndarray
    start: np.ndarray
    end: np.ndarray
    local_start: np.ndarray
    local_end: np.ndarray
    in_bed: np.ndarray
    asleep: np.ndarray
    awake: np.ndarray
    light: np.ndarray
    deep: np.ndarray
    rem: np.ndarray
    staged: np.ndarray
    efficiency: np.ndarray
    awakenings: np.ndarray
    naps: np.ndarray

    def __len__(self) -> int:
        return len(self.day)


def pieces(entries: Stages) -> Stages:
    """The entries in time order, cut where they overlap, each stretch given to its shortest entry. Entries without length go."""
    whole = np.flatnonzero(entries.end > entries.start)
    start, end, stage = entries.start[whole], entries.end[whole], entries.stage[whole].astype(np.int64)
    edges, first = np.unique(np.concatenate([start, end]), return_index=True)
    local = np.concatenate([entries.local_start[whole], entries.local_end[whole]])[first]
    painted = np.full(max(len(edges) - 1, 0), _NOTHING)
    left, right = np.searchsorted(edges, start), np.searchsorted(edges, end)
    for row in np.lexsort((stage, start, -(end - start))):  # the longest first, so that the shortest stays on top
        painted[left[row] : right[row]] = stage[row]
    known = painted != _NOTHING
    return Stages(edges[:-1][known], edges[1:][known], local[:-1][known], local[1:][known], painted[known])


def nights(entries: Stages) -> Nights:
    """Every night with a sleep; a stretch in bed in which nobody slept is no sleep."""
    cut = pieces(entries)
    sleeps = [row for row in _sleeps(cut) if np.isin(cut.stage[row], SLEEPING).any()]
    dates = np.array([_night_of(cut, row) for row in sleeps], dtype=np.int64)
    rows = [_night(cut, int(day), [sleeps[at] for at in np.flatnonzero(dates == day)]) for day in np.unique(dates)]
    kinds = (np.int64,) * 5 + (np.float64,) * 6 + (np.bool_, np.float64, np.int64, np.float64)
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(kinds)
    return Nights(*(np.array(column, dtype=kind) for column, kind in zip(cells, kinds, strict=True)))


def _sleeps(cut: Stages) -> list[slice]:
    """Ranges of pieces with no pause of two hours or more within."""
    if not len(cut):
        return []
    breaks = np.flatnonzero(cut.start[1:] - cut.end[:-1] >= JOINED_UP_TO.value * HOUR_NS) + 1
    return [slice(int(a), int(b)) for a, b in pairwise([0, *breaks, len(cut)])]


def _night_of(cut: Stages, row: slice) -> int:
    middle = (int(cut.local_start[row][0]) + int(cut.local_end[row][-1])) // 2
    return (middle + _NOON_NS) // DAY_NS


def _night(cut: Stages, day: int, sleeps: list[slice]) -> tuple[float, ...]:
    spent = [_minutes(cut, row, SLEEPING) for row in sleeps]
    main = sleeps[int(np.argmax(spent))]
    in_bed = float(cut.end[main][-1] - cut.start[main][0]) / _MINUTE_NS
    asleep, awake = max(spent), _minutes(cut, main, WAKING)
    tells_of_bed = bool(np.isin(cut.stage[main], (IN_BED, *WAKING)).any())
    return (
        day,
        int(cut.start[main][0]),
        int(cut.end[main][-1]),
        int(cut.local_start[main][0]),
        int(cut.local_end[main][-1]),
        in_bed,
        asleep,
        awake,
        *(_minutes(cut, main, (stage,)) for stage in (LIGHT, DEEP, REM)),
        bool(np.isin(cut.stage[main], (LIGHT, DEEP, REM)).any()),
        100 * asleep / in_bed if tells_of_bed else np.nan,
        _awakenings(cut, main),
        sum(spent) - asleep,
    )


def _minutes(cut: Stages, row: slice, stages: tuple[int, ...]) -> float:
    return float(((cut.end[row] - cut.start[row]) * np.isin(cut.stage[row], stages)).sum()) / _MINUTE_NS


def _awakenings(cut: Stages, row: slice) -> int:
    asleep = np.flatnonzero(np.isin(cut.stage[row], SLEEPING))
    inner = slice(row.start + int(asleep[0]), row.start + int(asleep[-1]) + 1)
    awake = np.isin(cut.stage[inner], WAKING)
    steps = np.diff(np.concatenate([[False], awake, [False]]).astype(np.int8))
    begun, over = np.flatnonzero(steps == 1), np.flatnonzero(steps == -1) - 1
    lasted = cut.end[inner][over] - cut.start[inner][begun]
    return int((lasted >= LEAST_AWAKE.value * _MINUTE_NS).sum())
