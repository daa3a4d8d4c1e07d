"""This is the place where it is put into views what an equation's inputs add, what could be tried out, and between what an answer must lie."""

from __future__ import annotations

from collections.abc import Mapping

from core.care.risk_views import ExplainedView, IntervalView, LeverView
from core.risk.equation import Evaluated
from core.risk.sourcing import Gathered
from core.risk.terms import Equation, Outcome


def explained_view(gathered: Gathered, outcome: str) -> ExplainedView | None:
    return None


def lever_views(gathered: Gathered) -> tuple[LeverView, ...]:
    return ()


def interval_view(gathered: Gathered, made: Evaluated, outcome: Outcome) -> IntervalView | None:
    return None


def tried(gathered: Gathered, outcome: str, changes: Mapping[str, float]) -> Evaluated:
    raise NotImplementedError


def changed_by(equation: Equation, outcome: str, before: Mapping[str, float], after: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    return ()
