"""This is the place where answers become a score, by the equation tables of core/risk and by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.questionnaires.answering import State
from core.questionnaires.terms import Answer, Item, Questionnaire
from core.risk.equation import evaluate
from core.risk.registry import EQUATIONS
from core.risk.terms import Band, Equation, Fault, Thresholds


@dataclass(frozen=True, slots=True)
class Scored:
    """A score, or why there is none. `bands` are (thresholds, band) of every guideline that reads it; `most` the highest score there is
    (None: open); `unanswered` the link ids that a score would need."""

    value: float | None
    faults: tuple[Fault, ...] = ()
    bands: tuple[tuple[Thresholds, Band], ...] = ()
    unanswered: tuple[str, ...] = ()


def score(questionnaire: Questionnaire, found: State) -> Scored | None:
    """The score of a form with these answers; None where the form has none. Nothing is imputed and nothing is prorated: without an answer
    that the score needs there is no score, and it is said which one."""
    equation = EQUATIONS.get(questionnaire.equation)
    if equation is None:
        return None
    given = inputs(questionnaire, found)
    made = evaluate(equation, {one.key: np.array([given.get(one.key, np.nan)]) for one in equation.inputs})
    key = outcome(questionnaire, equation)
    value = float(made.values[key][0])
    faults = made.faults_at(0)
    if not np.isfinite(value):
        lacking = {fault.input for fault in faults if fault.code == "missing"}
        return Scored(None, faults, (), tuple(one.link_id for one in found.questions if _feeds(one) & lacking))
    return Scored(value, (), tuple(_bands(equation, key, value, given)))


def outcome(questionnaire: Questionnaire, equation: Equation) -> str:
    """Which outcome of the equation is the form's score."""
    return questionnaire.outcome or equation.outcomes[0].key


def inputs(questionnaire: Questionnaire, found: State) -> Mapping[str, float]:
    """The equation's inputs as the answers give them: options by their value, yes as 1, numbers as they are; BMI unrounded of height (cm) and
    weight (kg)."""
    given: dict[str, float] = {}
    for one in found.questions:
        if one.input and one.link_id in found.answers:
            given[one.input] = _number(one, found.answers[one.link_id])
    if "height" in given and "weight" in given:
        given["bmi"] = given["weight"] / (given["height"] / 100.0) ** 2
    return given


def _feeds(item: Item) -> set[str]:
    return {item.input, "bmi"} if item.input in ("height", "weight") else {item.input}


def _number(item: Item, answer: Answer) -> float:
    if item.kind == "choice":
        chosen = item.option(answer)
        return float("nan") if chosen is None or chosen.value is None else chosen.value
    return float(answer)


def _bands(equation: Equation, key: str, value: float, given: Mapping[str, float]) -> list[tuple[Thresholds, Band]]:
    found = []
    for one in equation.thresholds:
        age, sex = given.get("age"), given.get("sex")
        fits = one.outcome == key and (one.sex is None or one.sex == sex)
        if fits and (one.ages is None or (age is not None and one.ages[0] <= age < one.ages[1])):
            found.append((one, one.band(value)))
    return found
