"""This is the place where one equation is worked out for one person and put into what a screen is given: inputs, outcomes, reasons, readings."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import replace
from math import floor

import numpy as np

from core.care.risk_views import BandView, FaultView, InputView, IntervalView, OutcomeView
from core.domain.records import SourceMark
from core.risk.equation import Evaluated, evaluate
from core.risk.rules_table import rule_of, typed_choices
from core.risk.sourcing import Gathered
from core.risk.sourcing_types import ALWAYS, DAY_NS, Sourced, Typed
from core.risk.terms import Equation, Fault, Outcome
from core.risk.vocabulary import TERMS

Faults = tuple[tuple[Fault, np.ndarray], ...]
_HOW: Mapping[str, str] = {
    "below_range": "outside_range", "above_range": "outside_range", "not_for": "ask_clinician", "only_for": "nothing_to_do",
    "hdl_above_total": "blood_test", "contradiction": "ask_clinician", "later_than_now": "tell_diabetes_age",
}  # fmt: skip
"""How to go on from a reason of the equation itself."""
_OUT_OF_SCOPE, _OUTSIDE = ("not_for", "only_for"), ("below_range", "above_range")
_BY_YES_NO = {0.0: "no", 1.0: "yes"}


def worked_out(gathered: Gathered, changes: Mapping[str, float] | None = None) -> Evaluated:
    """The equation for one person; inputs that may not be used stop what needs them, with their own reason."""
    values = {**gathered.values, **(changes or {})}
    columns = {item.key: np.array([values.get(item.key, np.nan)]) for item in gathered.equation.inputs}
    here = np.array([True])
    own = [fault for fault in gathered.faults if fault.input not in (changes or {})]
    made = evaluate(gathered.equation, columns, {fault.input: ((fault, here),) for fault in own})
    return replace(made, faults=without_echoes(made.faults, {fault.input for fault in own}))


def without_echoes(faults: Faults, explained: Set[str]) -> Faults:
    """Without what a rule of the equation says again ("missing") of an input whose own reason stands there already."""
    kept: dict[str, tuple[Fault, np.ndarray]] = {}
    for fault, where in faults:
        echo = fault.code == "missing" and any(one.input == fault.input for one, _ in kept.values()) and fault.input in explained
        if not echo:
            kept.setdefault(str(fault), (fault, where))
    return tuple(kept.values())


def input_view(one: Sourced, at: int, typed: Mapping[str, Typed], marks: Mapping[str, SourceMark]) -> InputView:
    """An input as a screen is given it."""
    term, rule = TERMS[one.key], rule_of(one.key)
    days = one.days if one.days is not None or one.at in (None, ALWAYS) else max(0, (at - (one.at or 0)) // DAY_NS)
    return InputView(
        key=one.key, kind=term.kind, state=one.state, value=one.value, unit=term.unit, choice=choice_of(one.key, one.value), origin=one.origin,
        when=one.when, days=days, oldest_days=rule.max_days, sources=tuple(marks[key] for key in one.source_ids if key in marks),
        record_ids=one.record_ids, from_keys=one.from_keys, why=one.why, facts=one.facts, how=one.how, may_type=rule.typed,
        choices=typed_choices(one.key), typed_unit=typed[one.key].unit if one.key in typed else (rule.units or ("",))[0],
    )  # fmt: skip


def choice_of(key: str, value: float | None) -> str:
    """The code of a flag, a sex or a choice."""
    term = TERMS[key]
    if value is None or term.kind == "number":
        return ""
    if term.kind == "sex":
        return "male" if value else "female"
    return _BY_YES_NO.get(value, "") if term.kind == "flag" else term.choices[int(value)]


def outcome_view(gathered: Gathered, made: Evaluated, outcome: Outcome, interval: IntervalView | None = None) -> OutcomeView:
    """One outcome with its value, or with the reasons why there is none."""
    value = float(made.values[outcome.key][0])
    known = bool(np.isfinite(value))
    faults = () if known else tuple(fault_view(gathered, one) for one in _telling(made.faults_at(0), outcome.key))
    hundred, thousand = _frequencies(outcome, value) if known else (None, None)
    return OutcomeView(
        key=outcome.key, unit=outcome.unit, years=outcome.years, decimals=outcome.decimals, value=value if known else None, faults=faults,
        bands=bands_of(gathered.equation, outcome.key, value, gathered.values) if known else (), interval=interval,
        of_hundred=hundred, of_thousand=thousand, category=outcome.categories[int(value)] if known and outcome.categories else "",
    )  # fmt: skip


def _telling(faults: tuple[Fault, ...], outcome: str) -> list[Fault]:
    """The reasons that help: where the equation isn't for this person at all, nothing that could be brought would change it."""
    mine = [one for one in faults if not one.outcomes or outcome in one.outcomes]
    out_of_scope = [one for one in mine if one.code in _OUT_OF_SCOPE or (one.input == "age" and one.code in _OUTSIDE)]
    return out_of_scope or mine


def fault_view(gathered: Gathered, fault: Fault) -> FaultView:
    """A reason, with what the input itself says about how to go on."""
    one = next((one for one in gathered.inputs if one.key == fault.input), None)
    own = one if one is not None and not one.used else None
    how = own.how if own is not None and own.how else _HOW.get(fault.code, rule_of(fault.input).how if fault.input else "ask_clinician")
    facts = {"why": own.why, **own.facts} if own is not None and own.why else {}
    return FaultView(fault.code, fault.input, fault.low, fault.high, fault.unit, how, facts)


def bands_of(equation: Equation, outcome: str, value: float, values: Mapping[str, float]) -> tuple[BandView, ...]:
    """How the guidelines that are for this person read a value."""
    found = []
    for one in equation.thresholds:
        age, sex = values.get("age"), values.get("sex")
        if one.outcome != outcome or (one.sex is not None and one.sex != sex):
            continue
        if one.ages is not None and (age is None or not one.ages[0] <= age < one.ages[1]):
            continue
        band = one.band(value)
        found.append(BandView(one.key, band.code, band.state, one.guideline, one.status))
    return tuple(found)


def _frequencies(outcome: Outcome, value: float) -> tuple[int | None, int | None]:
    """(of a hundred, of a thousand) people, rounded half up; below one in a hundred the thousand says more, unless the equation is only good for
    whole per cent."""
    if outcome.unit != "fraction":
        return None, None
    hundred = floor(value * 100 + 0.5)
    if value >= 0.01 or outcome.decimals == 0:
        return hundred, None
    return None, floor(value * 1000 + 0.5)
