"""This is the place where it is said what each input adds: exact shares of the difference between two people on the equation's own scale.

Shares are Shapley values (Shapley 1953; Lundberg and Lee 2017 for predictions): the mean, over all orders in which the inputs could be exchanged, of what
exchanging one changes. They add up to the whole difference exactly, also where inputs multiply (treatment by pressure, diabetes by HbA1c).
For points they are the points themselves. All 2^k mixtures of the two people are computed at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import factorial

import numpy as np

from core.risk.terms import Equation, Fault

MOST = 12
"""Inputs that may differ: 4,096 mixtures."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one input adds: `share` in units of the predictor; `points` by how much the outcome (its own unit) would differ if this input alone
    were as the other person's, all else left."""

    key: str
    value: float
    reference: float
    share: float
    points: float


@dataclass(frozen=True, slots=True)
class Explained:
    """One outcome of a person beside a reference: both values, both predictors, and the contributions, largest share first. The shares add up to
    `predictor - reference_predictor`."""

    outcome: str
    value: float
    predictor: float
    reference_value: float
    reference_predictor: float
    contributions: tuple[Contribution, ...]


def contributions(equation: Equation, outcome: str, values: Mapping[str, float]) -> Explained | Fault:
    """A person against somebody of the same age and sex as the equation's `reference` has it. An input without a reference, or that isn't known of
    the person, is the same in both. Declines with "no_reference" where the equation has none, and "too_many_inputs" beyond `MOST`."""
    if equation.reference is None:
        return Fault("no_reference", "", (outcome,))
    beside = dict(values)
    for key, number in equation.reference.items():
        if np.isfinite(values.get(key, np.nan)):
            beside[key] = number
    return between(equation, outcome, beside, values)


def between(equation: Equation, outcome: str, before: Mapping[str, float], after: Mapping[str, float]) -> Explained | Fault:
    """What makes the second person's outcome differ from the first one's, input by input. Declines with "not_computable" where one of both has no
    outcome by the equation's formula."""
    keys = [item.key for item in equation.inputs if _differs(before.get(item.key, np.nan), after.get(item.key, np.nan))]
    if len(keys) > MOST:
        return Fault("too_many_inputs", "", (outcome,), high=MOST)
    predictors, outcomes = _mixtures(equation, outcome, (before, after), keys)
    if not (np.isfinite(predictors).all() and np.isfinite(outcomes).all()):
        return Fault("not_computable", "", (outcome,))
    whole = len(predictors) - 1
    made = [
        Contribution(
            key, float(after.get(key, np.nan)), float(before.get(key, np.nan)), _share(predictors, at, len(keys)),
            float(outcomes[whole] - outcomes[whole ^ (1 << at)]),
        )
        for at, key in enumerate(keys)
    ]  # fmt: skip
    made.sort(key=lambda one: -abs(one.share))
    return Explained(outcome, float(outcomes[whole]), float(predictors[whole]), float(outcomes[0]), float(predictors[0]), tuple(made))


def _differs(one: float, other: float) -> bool:
    return one != other and not (np.isnan(one) and np.isnan(other))


def _mixtures(equation: Equation, outcome: str, people: tuple[Mapping[str, float], Mapping[str, float]], keys: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(predictors, outcomes) of every mixture: bit k of a row's number says whether input k is the second person's."""
    before, after = people
    rows = np.arange(1 << len(keys))
    columns = {item.key: np.full(len(rows), before.get(item.key, np.nan), dtype=float) for item in equation.inputs}
    for at, key in enumerate(keys):
        columns[key] = np.where(rows >> at & 1, after.get(key, np.nan), before.get(key, np.nan))
    with np.errstate(all="ignore"):
        predictor, value = equation.compute(columns)[outcome]
    return np.asarray(predictor, dtype=float), np.asarray(value, dtype=float)


def _share(predictors: np.ndarray, at: int, count: int) -> float:
    """The Shapley value of one input."""
    rows = np.arange(len(predictors))
    without = rows[(rows >> at & 1) == 0]
    sizes = np.array([int(row).bit_count() for row in without])
    weights = np.array([factorial(size) * factorial(count - size - 1) / factorial(count) for size in range(count)])
    return float(np.sum(weights[sizes] * (predictors[without | (1 << at)] - predictors[without])))
