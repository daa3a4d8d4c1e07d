"""This is the place where it is put into views what an equation's inputs add, what could be tried out, and between what an answer must lie."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from core.care.risk_views import ContributionView, ExplainedView, IntervalView, LeverView
from core.care.risks_families import main_outcome
from core.risk import explain, intervals, what_if
from core.risk.equation import Evaluated, evaluate
from core.risk.explain import Contribution, Explained
from core.risk.sourcing import Gathered
from core.risk.terms import Equation, Fault, Outcome
from core.risk.what_if import Lever


def explained_view(gathered: Gathered, outcome: str) -> ExplainedView | None:
    """What each input adds against the equation's reference; None where there is nobody to compare with."""
    equation = gathered.equation
    if equation.reference is None:
        return None
    made = explain.contributions(equation, outcome, gathered.values)
    if isinstance(made, Fault):
        return ExplainedView(outcome, None, equation.reference_source, declined=made.code)
    return ExplainedView(outcome, made.reference_value, equation.reference_source, tuple(_contribution(equation, one) for one in _telling(made)))


def lever_views(gathered: Gathered) -> tuple[LeverView, ...]:
    """What may be tried out and makes a difference to the main outcome."""
    equation, values = gathered.equation, gathered.values
    found = [lever for lever in what_if.levers(equation, values) if _matters(gathered, lever)]
    return tuple(LeverView(one.input.key, one.input.kind, one.input.unit, one.low, one.high, one.step, one.value) for one in found)


def interval_view(gathered: Gathered, made: Evaluated, outcome: Outcome) -> IntervalView | None:
    """Between what an outcome lies where one single input is unknown, if that says something."""
    equation = gathered.equation
    found = intervals.interval(equation, outcome.key, gathered.values, made)
    readings = tuple(one for one in equation.thresholds if one.outcome == outcome.key)
    if found is None or not intervals.useful(found, equation, readings):
        return None
    return IntervalView(found.low, found.high, found.missing, bool(readings) and intervals.same_band(found, readings))


def tried(gathered: Gathered, outcome: str, changes: Mapping[str, float]) -> Evaluated:
    """The equation with some levers moved. Raises BadInput for what is no lever, or outside its limits."""
    return what_if.vary(gathered.equation, gathered.values, changes)


def changed_by(equation: Equation, outcome: str, before: Mapping[str, float], after: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The inputs that changed between two days, with what each did to the outcome in its own unit, largest first."""
    made = explain.between(equation, outcome, before, after)
    if isinstance(made, Fault):
        return ()
    return tuple((one.key, one.points) for one in _telling(made) or made.contributions)


def _telling(made: Explained) -> tuple[Contribution, ...]:
    """Without the inputs that have no part in this outcome."""
    return tuple(one for one in made.contributions if one.share or one.points)


def _contribution(equation: Equation, one: Contribution) -> ContributionView:
    return ContributionView(one.key, one.value, one.reference, equation.input(one.key).unit, one.share, one.points)


def _matters(gathered: Gathered, lever: Lever) -> bool:
    """Whether moving it through its span changes the main outcome at all."""
    tries = np.array([lever.value, lever.low, lever.high])
    columns = {item.key: np.full(3, gathered.values.get(item.key, np.nan)) for item in gathered.equation.inputs} | {lever.input.key: tries}
    made = evaluate(gathered.equation, columns)
    first = made.values[main_outcome(gathered.equation)]
    return bool(np.isfinite(first).any() and np.nanmax(first) > np.nanmin(first))
