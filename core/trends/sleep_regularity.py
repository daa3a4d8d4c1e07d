"""This is the place where it is worked out how regular somebody's sleep is: the Sleep Regularity Index (SRI).

Phillips et al., Sci Rep 2017;7:3216: how often a person is in the same state, asleep or awake, as 24 hours later, from -100
(always the opposite) over 0 (chance) to 100 (always the same). Per minute of the day the mean agreement with the next day,
then the mean over the minutes of the day: SRI = 200 mean - 100. Pairs with an unknown half are dropped.

It is counted on the wall clock, so that a clock change is no irregularity. In a night with a recorded sleep every minute not
asleep counts as awake; a night without one (noon to noon) is unknown, not awake.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.judgement import Declined, short_of
from core.trends.published import OUR_CHOICE, VERIFIED, Published
from core.trends.sleep import SLEEPING, Nights, Stages, nights, pieces

_PHILLIPS = "Phillips et al., Irregular sleep/wake patterns, Sci Rep 2017;7:3216"
FORMULA = Published("sri", 200, "%", VERIFIED, _PHILLIPS)
LEAST_NIGHTS = Published("sri_nights", 7, "d", OUR_CHOICE, "A week holds every weekday once; fewer nights say little about habit.")
LEAST_PAIRS = Published("sri_pairs", 6, "d", OUR_CHOICE, "As many nights with a recorded next night as seven nights in a row have.")
RESTS_ON = (FORMULA, LEAST_NIGHTS, LEAST_PAIRS)

MINUTES = 1440
_MINUTE_NS = HOUR_NS // 60
_LONGEST_DAYS = 3660
"""Ten years of minutes are what a grid may hold."""


@dataclass(frozen=True, slots=True)
class Regularity:
    """The index (-100 to 100) from `nights` recorded nights, `pairs` of which had a recorded next night; days since 1970."""

    sri: float
    nights: int
    pairs: int
    from_day: int
    to_day: int
    rests_on: tuple[Published, ...] = RESTS_ON


def regularity_index(states: np.ndarray) -> float:
    """The SRI of float64 states of shape (days, epochs of a day): 1 asleep, 0 awake, NaN unknown. NaN where no pair is known.

    Every epoch of the day weighs the same, however many of its pairs are known (as in the published code)."""
    known = ~np.isnan(states)
    both = known[:-1] & known[1:]
    pairs = both.sum(axis=0)
    same = ((states[:-1] == states[1:]) & both).sum(axis=0)
    told = pairs > 0
    return float(200 * (same[told] / pairs[told]).mean() - 100) if told.any() else float("nan")


def sleep_regularity(entries: Stages) -> Regularity | Declined:
    """The index over all entries given. Declines with enough_nights (have, need, more) on fewer than seven recorded nights, and with
    enough_nights_in_a_row where too few of them follow one another."""
    found = nights(entries)
    if len(found) < LEAST_NIGHTS.value:
        return short_of("enough_nights", len(found), int(LEAST_NIGHTS.value))
    pairs = int((np.diff(found.day) == 1).sum())
    if pairs < LEAST_PAIRS.value:
        return short_of("enough_nights_in_a_row", pairs + 1, int(LEAST_PAIRS.value) + 1)
    newest = found.day > found.day[-1] - _LONGEST_DAYS
    grid = asleep_by_minute(entries, found, int(found.day[newest][0]), int(found.day[-1]))
    return Regularity(regularity_index(grid), int(newest.sum()), pairs, int(found.day[newest][0]), int(found.day[-1]))


def asleep_by_minute(entries: Stages, found: Nights, first: int, last: int) -> np.ndarray:
    """States of shape (nights from `first` to `last`, 1440), from noon to noon: 1 asleep, 0 awake, NaN in nights without a sleep."""
    cut = pieces(entries)
    sleeping = np.isin(cut.stage, SLEEPING)
    origin = first * DAY_NS - DAY_NS // 2
    total = (last - first + 1) * MINUTES
    begun = np.clip(np.rint((cut.local_start[sleeping] - origin) / _MINUTE_NS), 0, total).astype(np.int64)
    over = np.clip(np.rint((cut.local_end[sleeping] - origin) / _MINUTE_NS), 0, total).astype(np.int64)
    state = np.zeros(total)
    for start, end in zip(begun, over, strict=True):
        state[start:end] = 1.0
    grid = state.reshape(-1, MINUTES)
    recorded = np.isin(np.arange(first, last + 1), found.day)
    grid[~recorded] = np.where(grid[~recorded] > 0, 1.0, np.nan)  # what runs over noon into an unrecorded night is known
    return grid
