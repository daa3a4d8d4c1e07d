"""This is the place where it is looked for people of a panel who are alike, and for how far such groups can be trusted.

A group is found again, or not, when part of the people is left out: the Jaccard index of the group with its nearest of each new grouping, on average (Hennig, Comput
Stat Data Anal 2007;52:258-271: from 0.75 on stable, below 0.6 not; from memory). Groups that aren't found again are named so: not to be used. But also people
who differ by degrees only can be cut in the same place again and again: so groups are spoken of only where they lie further apart than such people would (degrees.py).
People of whom too little is known are in no group and counted apart. Nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.panel import medoids
from core.panel.degrees import doubles
from core.panel.terms import CONDITIONS, LEAST, Row

NUMBERS = ("age", "sbp", "hba1c", "bmi", "covered", "logged")
FEATURES = (*NUMBERS, *CONDITIONS)
"""What people are compared by: numbers, and yes or no."""
KNOWN_LEAST = 0.5
"""Of the features that a person must have to be compared (house)."""
PEOPLE_LEAST = 40
MOST_GROUPS = 6
CLEAR = 0.25
"""The least silhouette at which groups are spoken of at all (Kaufman and Rousseeuw 1990: below, no substantial structure; from memory)."""
TRIED, DOUBLES = 200, 19
"""Of so many people and so many draws of people without groups: groups are spoken of only if they lie further apart than in any draw (by chance once in twenty)."""
STABLE, DOUBTFUL = 0.75, 0.6
SAMPLE = 500
AGAIN = 20
LEFT_IN = 0.8
_SEED = 20261121
APART = 0.5
"""A median that differs by so many half ranges of the panel, or a share by SHARE_APART, sets a group apart (house)."""
SHARE_APART = 0.2
MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class Trait:
    """What sets a group apart: the feature, "higher" or "lower" (numbers), "more" or "fewer" (yes), the group's median or share and everybody else's, and how many
    of the group it is known of."""

    feature: str
    says: str
    value: float
    others: float
    known: int


@dataclass(frozen=True, slots=True)
class Cohort:
    """One group: how many, how well it is found again (0 to 1), "stable", "doubtful" or "not_stable", and what sets it apart. A group of fewer than LEAST people has
    no traits and no people: `suppressed`."""

    number: int
    size: int
    jaccard: float
    says: str
    traits: tuple[Trait, ...] = ()
    suppressed: bool = False
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cohorts:
    """The grouping. `why` "" where there is one, else "too_few_people" or "no_groups". `left_out`: people of whom too little is known; `agreement`: how alike the new
    groupings are (adjusted Rand index, 1 the same, 0 chance)."""

    groups: tuple[Cohort, ...] = ()
    why: str = ""
    compared: int = 0
    left_out: int = 0
    silhouette: float | None = None
    agreement: float | None = None


def features_of(rows: Sequence[Row]) -> np.ndarray:
    """One row for each person, NaN where it isn't known."""
    table = np.full((len(rows), len(FEATURES)), np.nan)
    for at, row in enumerate(rows):
        known = dict(row.numbers)
        if row.age is not None:
            known["age"] = float(row.age)
        if row.shares:
            known["covered"] = sum(row.shares) / len(row.shares)
        if row.doses[2]:
            known["logged"] = row.doses[1] / row.doses[0]
        known |= {key: float(said == "yes") for key, said in row.conditions.items() if said in ("yes", "no")}
        table[at] = [known.get(feature, np.nan) for feature in FEATURES]
    return table


def cohorts(rows: Sequence[Row]) -> Cohorts:
    """The groups of a panel; the same people give the same answer, in whatever order."""
    rows = sorted(rows, key=lambda one: one.person_id)
    table = features_of(rows)
    told = np.isfinite(table).any(axis=0)
    enough = np.isfinite(table).sum(axis=1) >= max(1.0, KNOWN_LEAST * told.sum())
    mine, ids = table[enough], [row.person_id for row, kept in zip(rows, enough, strict=True) if kept]
    left_out = len(rows) - len(mine)
    if len(mine) < PEOPLE_LEAST:
        return Cohorts((), "too_few_people", len(mine), left_out)
    rng = np.random.default_rng(_SEED)
    scale = medoids.scales(mine)
    sample = mine[_some(rng, len(mine), min(SAMPLE, len(mine)))]
    count, width = _how_many(sample)
    if not count or _by_degrees(sample[:TRIED]):
        return Cohorts((), "no_groups", len(mine), left_out, width)
    group = _grouped(mine, sample, scale, count)
    jaccard, agreement = _again(mine, group, scale, count, rng)
    order = sorted(range(count), key=lambda one: (-int((group == one).sum()), one))
    made = tuple(_cohort(number, group == one, float(jaccard[one]), mine, ids) for number, one in enumerate(order, 1))
    return Cohorts(made, "", len(mine), left_out, width, agreement)


def rand_index(one: np.ndarray, other: np.ndarray) -> float:
    """The adjusted Rand index of two groupings (Hubert and Arabie 1985)."""
    cells = np.zeros((one.max() + 1, other.max() + 1))
    np.add.at(cells, (one, other), 1)

    def pairs(counts: np.ndarray) -> float:
        return float((counts * (counts - 1) / 2).sum())

    rows, columns, both, every = pairs(cells.sum(axis=1)), pairs(cells.sum(axis=0)), pairs(cells), pairs(np.array([len(one)]))
    chance = rows * columns / every if every else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == chance else (both - chance) / (most - chance)


def _some(rng: np.random.Generator, people: int, count: int) -> np.ndarray:
    return np.sort(rng.choice(people, count, replace=False))


def _how_many(sample: np.ndarray) -> tuple[int, float]:
    """The number of groups that lie best apart, and how well; 0 where none do."""
    scale = medoids.scales(sample)
    apart = medoids.distances(sample, sample, scale)
    widths = {}
    for count in range(2, min(MOST_GROUPS, len(sample) // LEAST) + 1):
        found = medoids.medoids(apart, count)
        widths[count] = medoids.silhouette(apart, medoids.assigned(apart[:, found]), count)
    best = max(widths, key=lambda count: (widths[count], -count))
    return (best if widths[best] >= CLEAR else 0), widths[best]


def _by_degrees(sample: np.ndarray) -> bool:
    """Whether people who differ by degrees only lie as far apart in at least one of DOUBLES draws."""
    rng = np.random.default_rng(_SEED + 1)
    sample = sample[:, np.isfinite(sample).any(axis=0)] if np.isfinite(sample).any() else sample
    flags = np.array([bool(np.isin(column[np.isfinite(column)], (0.0, 1.0)).all()) for column in sample.T])
    width = _how_many(sample)[1]
    return any(_how_many(doubles(rng, sample, flags))[1] >= width for _ in range(DOUBLES))


def _grouped(people: np.ndarray, sample: np.ndarray, scale: np.ndarray, count: int) -> np.ndarray:
    """Everybody by the nearest of the people around whom the sample's groups lie."""
    found = medoids.medoids(medoids.distances(sample, sample, scale), count)
    return medoids.assigned(medoids.distances(people, sample[found], scale))


def _again(
    people: np.ndarray, group: np.ndarray, scale: np.ndarray, count: int, rng: np.random.Generator
) -> tuple[np.ndarray, float]:
    """How well each group is found again among other parts of the people, and how alike the groupings are."""
    size = min(SAMPLE, max(PEOPLE_LEAST // 2, int(LEFT_IN * len(people))))
    found, alike = np.zeros((AGAIN, count)), np.zeros(AGAIN)
    for at in range(AGAIN):
        other = _grouped(people, people[_some(rng, len(people), size)], scale, count)
        for one in range(count):
            mine = group == one
            both = np.bincount(other[mine], minlength=count)
            either = mine.sum() + np.bincount(other, minlength=count) - both
            found[at, one] = (both / np.maximum(either, 1)).max()
        alike[at] = rand_index(group, other)
    return found.mean(axis=0), float(alike.mean())


def _cohort(number: int, mine: np.ndarray, jaccard: float, table: np.ndarray, ids: Sequence[str]) -> Cohort:
    size = int(mine.sum())
    says = "stable" if jaccard >= STABLE else "doubtful" if jaccard >= DOUBTFUL else "not_stable"
    if size < LEAST:
        return Cohort(number, size, jaccard, says, suppressed=True)
    told = [one for at in range(len(FEATURES)) if (one := _trait(at, table[mine, at], table[~mine, at], table[:, at])) is not None]
    told.sort(key=lambda pair: -pair[0])
    people = tuple(one for one, kept in zip(ids, mine, strict=True) if kept)
    return Cohort(number, size, jaccard, says, tuple(trait for _, trait in told[:MOST_TOLD]), people=people)


def _trait(at: int, mine: np.ndarray, others: np.ndarray, everybody: np.ndarray) -> tuple[float, Trait] | None:
    mine, others = mine[np.isfinite(mine)], others[np.isfinite(others)]
    if min(len(mine), len(others)) < LEAST:
        return None
    feature = FEATURES[at]
    if feature in NUMBERS:
        here, there = float(np.median(mine)), float(np.median(others))
        half = float(np.subtract(*np.nanpercentile(everybody, (75, 25)))) or 1e-9
        strength = abs(here - there) / half
        says = "higher" if here > there else "lower"
        return (strength, Trait(feature, says, here, there, len(mine))) if strength >= APART else None
    here, there = float(mine.mean()), float(others.mean())
    says = "more" if here > there else "fewer"
    return (2 * abs(here - there), Trait(feature, says, here, there, len(mine))) if abs(here - there) >= SHARE_APART else None
