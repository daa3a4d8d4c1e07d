"""This is the place where points are counted: tables of steps, looked up for whole columns, and columns added up.

A step table is a tuple of (low, points): from `low` (inclusive) on, until the next row; below the first row there are none. A bound that a
publication prints as "more than 30" stands as `above(30)`: the next number there is, so that 30.0 itself still belongs to the step below.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nextafter

import numpy as np

from core.risk.terms import MALE, Columns, Computed

Steps = tuple[tuple[float, float], ...]


def above(bound: float) -> float:
    """The lowest number that is more than the bound."""
    return nextafter(bound, inf)


def points(column: np.ndarray, steps: Steps) -> np.ndarray:
    """The points of each row of a column, from unrounded values. NaN where the value isn't known."""
    lows = np.array([low for low, _ in steps])
    worth = np.array([0.0, *(worth for _, worth in steps)])
    found: np.ndarray = worth[np.searchsorted(lows, column, side="right")]
    return np.where(np.isnan(column), np.nan, found)


def by_sex(column: np.ndarray, sex: np.ndarray, male: Steps, female: Steps) -> np.ndarray:
    """The points of each row, by the table of its sex."""
    return np.where(sex == MALE, points(column, male), points(column, female))


def summed(outcome: str, *parts: Callable[[Columns], np.ndarray]) -> Callable[[Columns], Computed]:
    """The function of a score that is the sum of its parts: its points are predictor and value alike."""

    def compute(columns: Columns) -> Computed:
        total = sum((part(columns) for part in parts), np.float64(0.0))
        column = np.asarray(total, dtype=float)
        return {outcome: (column, column)}

    return compute


def steps(key: str, table: Steps) -> Callable[[Columns], np.ndarray]:
    """A part: the points of one number."""
    return lambda columns: points(columns[key], table)


def steps_by_sex(key: str, male: Steps, female: Steps) -> Callable[[Columns], np.ndarray]:
    """A part: the points of one number, by the table of the row's sex."""
    return lambda columns: by_sex(columns[key], columns["sex"], male, female)


def yes(key: str, worth: float = 1.0) -> Callable[[Columns], np.ndarray]:
    """A part: so many points where the flag is true."""
    return lambda columns: columns[key] * worth


def no(key: str, worth: float = 1.0) -> Callable[[Columns], np.ndarray]:
    """A part: so many points where the flag is false."""
    return lambda columns: (1.0 - columns[key]) * worth


def choice(key: str, worth: tuple[float, ...]) -> Callable[[Columns], np.ndarray]:
    """A part: the points of one choice, by its place."""
    return lambda columns: points(columns[key], tuple((float(at), one) for at, one in enumerate(worth)))
