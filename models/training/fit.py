"""This is the place where the logistic models are fitted: terms of the inputs, how strongly they are held back, predictions for people not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression

from models.training.measures import log_loss
from models.training.survey import People, folds

SETS: Mapping[str, tuple[str, ...]] = {
    "scale": ("age", "sex", "bmi"),
    "questions": ("age", "sex", "bmi", "physically_active", "smoked_100", "smoker"),
    "cuff": ("age", "sex", "bmi", "physically_active", "smoked_100", "smoker", "sbp", "dbp", "pulse"),
    "sleep": ("age", "sex", "bmi", "physically_active", "smoked_100", "smoker", "sbp", "dbp", "pulse", "sleep_hours", "sleep_trouble"),
}
"""What a person has to know or own, from little to much; chosen before any fit."""

CENTRES: Mapping[str, float] = {"age": 50.0, "bmi": 28.0, "sbp": 120.0, "dbp": 70.0, "pulse": 72.0, "sleep_hours": 7.0}
KNEES: Mapping[str, float] = {"age": 60.0, "bmi": 35.0, "sleep_hours": 8.0}
"""Where the slope may change: with age and weight the share of people told rises less steeply at the top; short and long nights differ."""
PENALTIES = (0.001, 0.01, 0.1, 1.0, 10.0)
"""Inverse strengths of the L2 penalty on standardised terms."""
DIGITS = 6
"""Coefficients are kept to six decimals, in baseline.json as in the TFLite file."""


@dataclass(frozen=True, slots=True)
class Term:
    """coefficient * (x - at), or, above the knee only, coefficient * max(x - at, 0)."""

    input: str
    at: float
    only_above: bool
    coefficient: float = 0.0

    def column(self, x: pd.DataFrame) -> np.ndarray:
        part = x[self.input].to_numpy(dtype=float) - self.at
        return np.maximum(part, 0.0) if self.only_above else part


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted logistic model; `inverse_penalty` is what it was fitted with."""

    inputs: tuple[str, ...]
    intercept: float
    terms: tuple[Term, ...]
    inverse_penalty: float

    def predict(self, x: pd.DataFrame) -> np.ndarray:
        """(n,) probabilities."""
        return 1 / (1 + np.exp(-(self.intercept + sum(term.coefficient * term.column(x) for term in self.terms))))

    def rescaled(self, slope: float, intercept: float) -> Logistic:
        """The same model after Platt scaling: intercept + slope * (its linear predictor)."""
        terms = tuple(Term(t.input, t.at, t.only_above, round(slope * t.coefficient, DIGITS)) for t in self.terms)
        return Logistic(self.inputs, round(intercept + slope * self.intercept, DIGITS), terms, self.inverse_penalty)

    def plain(self) -> dict[str, object]:
        """As it stands in baseline.json."""
        terms = [{"input": t.input, "at": t.at, "only_above": t.only_above, "coefficient": t.coefficient} for t in self.terms]
        return {"inputs": list(self.inputs), "intercept": self.intercept, "terms": terms}


def terms_of(inputs: tuple[str, ...]) -> tuple[Term, ...]:
    """The terms of a set of inputs, without coefficients."""
    straight = [Term(key, CENTRES.get(key, 0.0), False) for key in inputs]
    return (*straight, *(Term(key, KNEES[key], True) for key in inputs if key in KNEES))


def fit(people: People, inputs: tuple[str, ...], inverse_penalty: float) -> Logistic:
    """Fit on everybody given. Deterministic: a convex problem solved to 1e-10."""
    terms = terms_of(inputs)
    design = np.column_stack([term.column(people.x) for term in terms])
    scale = design.std(axis=0)
    solver = LogisticRegression(C=inverse_penalty, tol=1e-10, max_iter=5000).fit(design / scale, people.y)
    coefficients = np.round(solver.coef_[0] / scale, DIGITS)
    fitted = tuple(Term(t.input, t.at, t.only_above, float(c)) for t, c in zip(terms, coefficients, strict=True))
    return Logistic(inputs, round(float(solver.intercept_[0]), DIGITS), fitted, inverse_penalty)


def unseen(people: People, train: Callable[[People, People], np.ndarray]) -> np.ndarray:
    """(n,) predictions for each fold by a model that saw only the other folds: `train(others, fold)` answers those of the fold."""
    place, found = folds(people.unit), np.zeros(len(people))
    for number in np.unique(place):
        found[place == number] = train(people.of(place != number), people.of(place == number))
    return found


def choose_penalty(people: People, inputs: tuple[str, ...]) -> tuple[float, np.ndarray]:
    """(the inverse penalty with the least loss on people not seen, those predictions)."""
    tried = {c: unseen(people, lambda others, fold, c=c: fit(others, inputs, c).predict(fold.x)) for c in PENALTIES}  # type: ignore[misc]
    best = min(PENALTIES, key=lambda c: log_loss(people.y, tried[c]))
    return best, tried[best]
