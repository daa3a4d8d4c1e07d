"""This is the place where risks become sentences: inputs, values, reasons why not, natural frequencies, how to go on."""

from __future__ import annotations

import re
from math import floor

from core.care.risk_views import BandView, EquationView, FaultView, InputView, OutcomeView
from core.domain.time import PartialTime
from core.ui.values import unit
from core.ui.words import Words

_STEM = re.compile(r"_\d+yr$")
_DECIMALS = {"mg/dL": 0, "mm[Hg]": 0, "cm": 0, "kg/m2": 1, "%": 1, "kg": 1, "mL/min/{1.73_m2}": 0, "mg/g": 0}
_REFERENCES = {
    "china_par": "ideal", "pce": "optimal", "score2_diabetes": "centred_diabetes", **dict.fromkeys(("findrisc", "ada_risk_test", "cdrs"), "no_points"),
    **dict.fromkeys(("cha2ds2_vasc", "cha2ds2_va"), "no_conditions"),
}  # fmt: skip
_MONTHS, _YEARS = 60, 730
"""From how many days on an age limit is said in months, and in years."""


def name(t: Words, key: str) -> str:
    """What an input is called."""
    return t.first("risk.input." + key, "signal." + key) if t.has("risk.input." + key) or t.has("signal." + key) else key


def title(t: Words, equation: EquationView) -> str:
    return t("risk.equation." + equation.key) if t.has("risk.equation." + equation.key) else equation.key


def measured(t: Words, value: float, code: str) -> str:
    """A number with its unit, as exact as the unit makes sense ("137 mmHg"); ages in completed years."""
    if code == "a":
        return t("risks.age", n=floor(value))
    shown = t.number(value, _DECIMALS[code]) if code in _DECIMALS else t.number(float(f"{value:.4g}"))
    return shown if code in ("", "{decile}") else f"{shown} {unit(t, code)}".strip()


def choice(t: Words, key: str, code: str) -> str:
    """A choice or flag in words."""
    return t.first(f"risk.choice.{key}.{code}", "risk.choice." + code) if t.has("risk.choice." + code) or t.has(f"risk.choice.{key}.{code}") else code


def input_value(t: Words, one: InputView) -> str:
    """What an input holds, or "" where it holds nothing."""
    if one.choice:
        return choice(t, one.key, one.choice)
    if one.value is None:
        return ""
    return choice(t, one.key, "yes" if one.value else "no") if one.kind == "flag" else measured(t, one.value, one.unit)


def plain_value(t: Words, key: str, kind: str, value: float, code: str) -> str:
    """The value of an input of which only number and unit are at hand."""
    if kind == "flag":
        return choice(t, key, "yes" if value else "no")
    return measured(t, value, code)


def stem(outcome: OutcomeView) -> str:
    """The outcome without its horizon."""
    return _STEM.sub("", outcome.key)


def outcome_name(t: Words, equation: str, outcome: OutcomeView) -> str:
    """What an outcome is called, with its horizon: "Heart attack or stroke, within 10 years"."""
    bare = stem(outcome)
    keys = (f"risk.outcome.{equation}.{bare}", "risk.outcome." + bare)
    what = t.first(*keys) if any(t.has(key) for key in keys) else bare
    return t("risk.within", what=what, n=outcome.years) if outcome.years else what


def result(t: Words, outcome: OutcomeView, value: float | None = None) -> str:
    """The bare number of an outcome with its unit; a code of a category in words; "" where there is none."""
    given = outcome.value if value is None else value
    if outcome.category and value is None:
        return category(t, outcome.category)
    if given is None:
        return ""
    if outcome.unit == "fraction":
        return f"{t.number(given * 100, outcome.decimals)} %"
    said = t.number(given, outcome.decimals)
    return said if outcome.unit in ("", "category") else f"{said} {unit(t, outcome.unit)}".strip()


def result_parts(t: Words, outcome: OutcomeView) -> tuple[str, str]:
    """The number of an outcome, and its unit apart."""
    whole = result(t, outcome)
    if outcome.value is None or outcome.category or outcome.unit in ("", "category"):
        return whole, ""
    said = "%" if outcome.unit == "fraction" else unit(t, outcome.unit)
    return whole.removesuffix(said).strip(), said


def category(t: Words, code: str) -> str:
    return t("risk.category." + code) if t.has("risk.category." + code) else code


def answer(t: Words, equation: str, outcome: OutcomeView) -> str:
    """What an outcome means in one sentence; the natural frequency where it is a chance."""
    if outcome.value is None:
        return interval(t, equation, outcome)
    event = "risk.event." + stem(outcome)
    if outcome.unit == "fraction" and t.has(event):
        said = t(event)
        if outcome.of_hundred:
            return t("risk.of_hundred", n=outcome.of_hundred, event=said, years=outcome.years)
        if outcome.of_thousand:
            return t("risk.of_thousand", n=outcome.of_thousand, event=said, years=outcome.years)
        return t("risk.below_thousand", event=said, years=outcome.years)
    return t("risk.is_value", what=outcome_name(t, equation, outcome), value=result(t, outcome))


def interval(t: Words, equation: str, outcome: OutcomeView) -> str:
    """Between what and what, depending on what; "" where there is no interval."""
    within = outcome.interval
    if within is None:
        return ""
    event = "risk.event." + stem(outcome)
    if outcome.unit == "fraction" and t.has(event):
        # a chance below one in a hundred keeps its decimal: "between 0 and 1 of 100" would say nothing
        decimals = 0 if within.low >= 0.01 and within.high >= 0.01 else 1
        low, high = (t.number(round(one * 100, decimals), decimals) for one in (within.low, within.high))
        return t("risk.between", low=low, high=high, event=t(event), years=outcome.years, name=name(t, within.missing))
    low, high = t.number(within.low, outcome.decimals), result(t, outcome, within.high)  # the unit once: "between 3 and 5 points"
    return t("risk.between_value", what=outcome_name(t, equation, outcome), low=low, high=high, name=name(t, within.missing))


def band(t: Words, equation: str, one: BandView) -> str:
    """A band's word."""
    keys = (f"risk.band.{equation}.{one.code}", "risk.band." + one.code)
    return t.first(*keys) if any(t.has(key) for key in keys) else one.code


def guideline(t: Words, one: BandView) -> str:
    """The guideline a reading follows, in the reader's language where we have it; else as the table names it."""
    key = "risk.guideline." + one.thresholds
    return t(key) if t.has(key) else one.guideline


def reference(t: Words, equation: EquationView) -> str:
    """Whom a person is compared with; else as the table names it."""
    key = "risk.reference." + _REFERENCES.get(equation.key, "centred" if equation.key.startswith(("prevent_", "score2")) else "")
    return t(key) if t.has(key) else equation.explained.reference_source if equation.explained else ""


def do_now(t: Words, family: str, state: str) -> str:
    """What to do next, by how the outcome is read."""
    return t.first(f"risk.do.{family}.{state}", "risk.do." + state)


def fault(t: Words, one: FaultView) -> str:
    """Why there is no answer; a code nobody wrote words for says so, with the code as reference."""
    known = [key for key in (f"risk.declined.{one.code}.{one.input}", "risk.declined." + one.code) if t.has(key)]
    low = measured(t, one.low, one.unit) if one.low is not None else ""
    high = measured(t, one.high, one.unit) if one.high is not None else ""
    if one.code in ("below_range", "above_range") and not (low and high):
        half = {"below_range": "risk.declined.below_low", "above_range": "risk.declined.above_high"}[one.code]
        known = [half] if (low if one.code == "below_range" else high) else ["risk.declined.out_of_range"]
    if not known:
        return t("risk.declined.other", code=one.code)
    return t(known[0], **{**one.facts, "name": name(t, one.input) if one.input else "", "low": low, "high": high})


def how(t: Words, code: str, key: str) -> str:
    """How to get what is missing."""
    known = [one for one in (f"risk.how.{code}.{key}", "risk.how." + code) if code and t.has(one)]
    return t(known[0], name=name(t, key)) if known else ""


def why(t: Words, one: InputView) -> str:
    """What more is to be said of an input."""
    key = "risk.why." + one.why
    if not one.why or not t.has(key):
        return ""
    return t(key, **{**one.facts, "name": name(t, one.key)})


def span(t: Words, days: int) -> str:
    """A length of time in the largest fitting step: "6 months", "5 years"."""
    if days >= _YEARS or days in (365, 366):
        return t("risks.years", n=round(days / 365.25))
    return t("risks.months", n=round(days / 30.44)) if days >= _MONTHS else t("risks.days", n=days)


def when(t: Words, text: str) -> str:
    """A FHIR time as a day."""
    time = PartialTime.parse(text)
    return t.day(time) if time else text
