"""This is the place where an answer is bounded when one single input is missing: the lowest and the highest outcome over everything it could be.

Only for an input with few possible answers (yes or no, a choice) or with limits that a publication or the derivation gives; never for age or sex, and never
where anything else is wrong. Numbers are walked through their whole range, since an equation need not rise or fall all the way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.risk.equation import Evaluated, evaluate
from core.risk.terms import Equation, Input, Thresholds

_GRID = 401
_NEVER = ("age", "sex", "score2_region", "kfre_region", "pce_group")
"""Who a person is and where they live is not guessed at."""
_UNKNOWN = ("missing", "stale", "unclear")
"""Faults that mean that nobody knows now; what contradicts itself is no matter of bounds."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Between what and what the outcome lies, whatever `missing` is."""

    outcome: str
    low: float
    high: float
    missing: str


def interval(equation: Equation, outcome: str, values: Mapping[str, float], made: Evaluated) -> Interval | None:
    """The interval of an outcome of one person (`made` is the equation applied to `values`), or None where it can't be bounded honestly."""
    faults = [fault for fault in made.faults_at(0) if not fault.outcomes or outcome in fault.outcomes]
    if len(faults) != 1 or faults[0].code not in _UNKNOWN or faults[0].input in _NEVER:
        return None
    item = equation.input(faults[0].input)
    grid = _possible(item)
    if grid is None:
        return None
    columns = {one.key: np.full(len(grid), values.get(one.key, np.nan)) for one in equation.inputs} | {item.key: grid}
    tried = evaluate(equation, columns)
    found = tried.values[outcome][np.isfinite(tried.values[outcome])]
    return Interval(outcome, float(found.min()), float(found.max()), item.key) if len(found) == len(grid) else _of_some(outcome, item, found)


def useful(found: Interval, equation: Equation, thresholds: tuple[Thresholds, ...]) -> bool:
    """Whether it says something: the missing answer is a yes/no or a choice, or both ends fall into one band of every reading."""
    return equation.input(found.missing).kind != "number" or (bool(thresholds) and same_band(found, thresholds))


def same_band(found: Interval, thresholds: tuple[Thresholds, ...]) -> bool:
    """Whether both ends are read alike."""
    return all(one.band(found.low) == one.band(found.high) for one in thresholds if one.outcome == found.outcome)


def _of_some(outcome: str, item: Input, found: np.ndarray) -> Interval | None:
    """Some of what the number could be stops the equation (an HDL above the total): then it can't be that, if a number; a flag can't be bounded so."""
    return Interval(outcome, float(found.min()), float(found.max()), item.key) if item.kind == "number" and len(found) else None


def _possible(item: Input) -> np.ndarray | None:
    if item.kind == "flag":
        return np.array([0.0, 1.0])
    if item.kind == "choice":
        return np.arange(len(item.choices), dtype=float)
    if item.kind == "number" and item.limits in ("published", "derivation") and item.low is not None and item.high is not None:
        knots = np.array([110.0, 30.0, 60.0, 90.0])  # where PREVENT's lines bend; on the grid they cost nothing
        grid = np.concatenate([np.linspace(item.low, item.high, _GRID), knots[(knots > item.low) & (knots < item.high)]])
        return np.unique(grid)
    return None
