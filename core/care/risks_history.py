"""This is the place where it is told how an outcome changed over the years, as the record stood on each day, and which input changed it."""

from __future__ import annotations

from math import isclose

import numpy as np

from core.care.risk_views import HistoryPoint
from core.care.risks_equation import fault_view
from core.care.risks_explained import changed_by
from core.risk.equation import evaluate
from core.risk.rules_table import rule_of
from core.risk.sourcing import Gathered, gather
from core.risk.sourcing_parts import day_of
from core.risk.sourcing_types import ALWAYS, DAY_NS, Evidence
from core.risk.terms import Equation
from core.risk.vocabulary import TERMS

YEARS, MOST = 5, 24
LOOKED_AT = 160
"""Days that are looked at for the points that are shown: a weight of every day must not push out what moved the result."""
_READ_THROUGH = {"bmi": ("weight", "height"), "egfr": ("creatinine",), "bp_uncontrolled": ("sbp",), "renal_abnormal": ("creatinine",)}
_TOLD_AS = {
    "smoker": ("smoking", "smoking_condition"), "pregnant": ("pregnant", "pregnancy_status"), "vascular": ("myocardial_infarction", "coronary", "peripheral_artery"),
    "cvd_known": ("myocardial_infarction", "coronary", "peripheral_artery", "stroke", "heart_failure"), "liver_abnormal": ("cirrhosis",),
    "high_glucose_ever": ("prediabetes", "gestational_diabetes", "diabetes"), "age_at_diabetes": ("diabetes",), "diabetes_type1": ("diabetes_type1", "diabetes_type2"),
}  # fmt: skip


def history(evidence: Evidence, equation: Equation, outcome: str, at: int) -> tuple[HistoryPoint, ...]:
    """The outcome at the end of each day on which something that it rests on changed, the newest days of the last years, and now. What was too old then
    is judged by that day. A day that says what the point before said is left out."""
    days = _days(evidence, equation, at)
    if not days:
        return ()
    found = _distinct([gather(evidence, equation, moment) for moment in days])
    columns = {item.key: np.array([one.values.get(item.key, np.nan) for one in found]) for item in equation.inputs}
    unreadable = {
        item.key: [(fault, np.array([fault in one.faults for one in found])) for fault in dict.fromkeys(f for one in found for f in one.faults if f.input == item.key)]
        for item in equation.inputs
    }  # fmt: skip
    made = evaluate(equation, columns, unreadable)
    points: list[HistoryPoint] = []
    reasons: tuple[str, ...] = ()
    for row, one in enumerate(found):
        value = float(made.values[outcome][row])
        known = bool(np.isfinite(value))
        before = found[row - 1] if row else None
        faults = () if known else tuple(fault_view(one, fault) for fault in made.faults_at(row) if not fault.outcomes or outcome in fault.outcomes)
        changed = _changed(equation, outcome, before, one, known and row > 0 and bool(np.isfinite(made.values[outcome][row - 1])))
        now = tuple(f"{fault.code}:{fault.input}" for fault in faults)
        if _tells(points, value if known else None, now != reasons) or row == len(found) - 1:
            points.append(HistoryPoint(day_of(one.at).isoformat(), value if known else None, changed, faults))
        reasons = now
    return tuple(points[-MOST:])


def _tells(points: list[HistoryPoint], value: float | None, other_reasons: bool) -> bool:
    """Whether a day says something that the point before didn't: another result, none any more, or none for other reasons."""
    if not points or (value is None) != (points[-1].value is None):
        return True
    last = points[-1].value
    return other_reasons if value is None or last is None else not isclose(value, last, rel_tol=1e-9)


def _changed(equation: Equation, outcome: str, before: Gathered | None, after: Gathered, both: bool) -> tuple[tuple[str, float], ...]:
    """The inputs that changed; with their effect where both outcomes are known, else each with 0."""
    if before is None:
        return ()
    keys = [key for key in {**before.values, **after.values} if before.values.get(key) != after.values.get(key)]
    if both and keys:
        return changed_by(equation, outcome, before.values, after.values)
    return tuple((key, 0.0) for key in keys)


def _distinct(found: list[Gathered]) -> list[Gathered]:
    """Without those that say what the one before said."""
    return [one for at, one in enumerate(found) if at == 0 or (one.values, one.faults) != (found[at - 1].values, found[at - 1].faults)]


def _days(evidence: Evidence, equation: Equation, at: int) -> list[int]:
    """Moments at the end of the days on which something changed or grew too old, and now; oldest first, a few more than are shown."""
    earliest = at - YEARS * 366 * DAY_NS
    moments: set[int] = set()
    for item in equation.inputs:
        for key in (item.key, *_READ_THROUGH.get(item.key, ())):
            limit = rule_of(key).max_days
            times = [point.at for point in evidence.points.get(TERMS[key].signal, ())]
            typed = evidence.typed.get(key)
            times += [typed.at] if typed else []
            moments.update(times)
            if limit is not None:
                moments.update(one + (limit + 1) * DAY_NS for one in _last_before_pause(times, limit))
        for told in (one for name in _TOLD_AS.get(item.key, (item.key,)) for one in evidence.told.get(name, ())):
            moments.update(one for one in (told.at, told.until) if one is not None and one != ALWAYS)
    days = sorted({moment // DAY_NS for moment in moments if earliest <= moment <= at})
    ends = [min((day + 1) * DAY_NS - 1, at) for day in days[-LOOKED_AT:]]
    return [*ends, at] if not ends or ends[-1] != at else ends


def _last_before_pause(times: list[int], limit: int) -> list[int]:
    """The measurements after which nothing came for so long that they grew too old."""
    ordered = sorted(times)
    return [one for at, one in enumerate(ordered) if at + 1 == len(ordered) or ordered[at + 1] - one > limit * DAY_NS]
