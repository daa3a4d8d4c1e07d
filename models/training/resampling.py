"""This is the place where intervals come from: whole sampling units are drawn again, so that neighbours stay together. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

Statistic = Callable[[np.ndarray], float]
"""Row numbers (with repeats) -> a figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval; NaN where it cannot be computed."""

    value: float
    low: float
    high: float

    def plain(self, digits: int = 4) -> dict[str, float | None]:
        """As it stands in report.json: NaN is null."""
        return {name: None if np.isnan(part) else round(part, digits) for name, part in (("value", self.value), ("low", self.low), ("high", self.high))}

    @property
    def has_zero(self) -> bool:
        """Whether a difference of nothing is inside the interval."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Draws:
    """The same draws for every figure, so that differences are paired."""

    size: int
    rows: tuple[np.ndarray, ...]

    def figure(self, statistic: Statistic) -> Figure:
        """The figure of everybody with the 2.5th and 97.5th percentile over the draws (those in which it can be computed)."""
        drawn = np.array([statistic(rows) for rows in self.rows])
        drawn = drawn[~np.isnan(drawn)]
        value = float(statistic(np.arange(self.size)))
        if len(drawn) < len(self.rows) / 2 or np.isnan(value):
            return Figure(value, float("nan"), float("nan"))
        low, high = np.percentile(drawn, [2.5, 97.5])
        return Figure(value, float(low), float(high))

    def figures(self, statistics: Mapping[str, Statistic]) -> dict[str, Figure]:
        return {name: self.figure(statistic) for name, statistic in statistics.items()}

    def within(self, chosen: np.ndarray) -> Draws:
        """The same draws among the people of a boolean mask only (rows keep their numbers in the whole)."""
        return Draws(self.size, tuple(rows[chosen[rows]] for rows in self.rows))


def by_unit(units: np.ndarray, times: int, seed: int) -> Draws:
    """Draw as many sampling units as there are, with replacement, `times` times."""
    names = np.unique(units)
    members = {name: np.flatnonzero(units == name) for name in names}
    random = np.random.default_rng(seed)
    return Draws(len(units), tuple(np.concatenate([members[name] for name in random.choice(names, len(names))]) for _ in range(times)))
