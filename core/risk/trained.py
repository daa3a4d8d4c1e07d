"""This is the place where a trained model is asked: inputs are checked against its card, or it declines; what its answer may say is decided here.

What it predicts is how alike a person is to people who have been told that they have diabetes, never the chance of diabetes nobody has found. It has no
levers: people with different weights were compared, nobody was followed who changed theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from core.risk.equation import one
from core.risk.links import logistic
from core.risk.model_card import Logistic, ModelCard
from core.risk.terms import Columns, Computed, Equation, Fault, Input, Outcome, excluded, flag

OUTCOME = "alike"
Predict = Callable[[np.ndarray], np.ndarray]
"""(n, inputs in the card's order) -> (n,) probabilities; TabularModel.predict."""


@dataclass(frozen=True, slots=True)
class Screened:
    """An answer. `band` is a code of the card's bands, "" where evaluation allowed none; `state` one of the five of meaning, never "fine": a low result clears nobody.
    `probability` is for clinicians and tests and shown only where `shows_number`. `contributions`: (input, share of the log odds) against
    the card's reference person, largest first; they sum to logit(person) - logit(reference)."""

    band: str
    state: str
    probability: float
    shows_number: bool
    contributions: tuple[tuple[str, float], ...]


def equation(card: ModelCard, predict: Predict) -> Equation:
    """The model as an equation over columns, so that it is checked and declines as every other does; age in completed years, no levers."""
    inputs = tuple(
        Input(item.key, item.kind, item.unit, item.low, item.high, "derivation" if item.kind == "number" else "guard") for item in card.inputs
    )
    apart = tuple(flag(key, required=False) for key in card.not_for)
    keys = tuple(item.key for item in card.inputs)

    def compute(columns: Columns) -> Computed:
        p = predict(np.column_stack([columns[key] for key in keys]))
        with np.errstate(divide="ignore"):
            return {OUTCOME: (np.log(p) - np.log1p(-p), p)}

    return Equation(
        f"trained_{card.key}", card.version, "trained", "models/artifacts/diabetes/card.json", "unchecked", (*inputs, *apart),
        (Outcome(OUTCOME, "fraction"),), compute, rules=tuple(excluded(key) for key in card.not_for),
        reference=card.reference, reference_source="card",
    )  # fmt: skip


def screen(card: ModelCard, baseline: Logistic, predict: Predict, inputs: Mapping[str, float]) -> Screened | tuple[Fault, ...]:
    """Ask about one person: `inputs` by key, NaN or absent is not known (and declines). Age counts in completed years, as the survey recorded it.
    The faults are all the reasons why not. Raises ModelUnavailable (from `predict`)."""
    known = {key: float(np.floor(value)) if key == "age" else value for key, value in inputs.items()}
    found = one(equation(card, predict), known)
    faults = found.faults_at(0)
    if faults:
        return faults
    p = float(found.values[OUTCOME][0])
    band, state = banded(card, p, known["age"])
    return Screened(band, state, p, card.shows_number, contributions(baseline, known, card.reference))


def banded(card: ModelCard, probability: float, age: float) -> tuple[str, str]:
    """(code of the band, state of meaning). Where evaluation found that a side of the cut means nothing at this age, that is what is said."""
    if not card.shows_band:
        return "", "unknown"
    above = probability >= card.cut
    speaks = any((band.above if above else band.below) for band in card.spoken if band.low <= age < band.high + 1)
    if not speaks:
        return ("says_nothing_above" if above else "says_nothing_below"), "unknown"
    return ("more_alike", "watch") if above else ("no_more_alike", "unknown")


def contributions(baseline: Logistic, person: Mapping[str, float], reference: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """By how much each input moves the log odds against the reference (which has the person's own age and sex): exact, since the terms only add."""
    moved = dict.fromkeys(baseline.inputs, 0.0)
    for term in baseline.terms:
        moved[term.input] += term.part(person[term.input]) - term.part(reference.get(term.input, person[term.input]))
    return tuple(sorted(((key, value) for key, value in moved.items() if key in reference), key=lambda pair: -abs(pair[1])))


def baseline_probability(baseline: Logistic, person: Mapping[str, float]) -> float:
    """What the logistic model says of one person."""
    return float(logistic(np.array([baseline.intercept + sum(term.part(person[term.input]) for term in baseline.terms)]))[0])
