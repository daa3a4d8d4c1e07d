"""This is the place where a person's own limits stand: what their team set for them, and how often something is expected of them.

A limit of one's own replaces the usual one of that signal and direction, or adds one where there is none. It never loosens a safety floor: the rules of
what is severe stay as they are, and a limit beyond WIDEST is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isfinite
from types import MappingProxyType

from core.alerts.rules import BACK_IN_RANGE, HIGH, LOW, THRESHOLD, Rule
from core.alerts.rules_json import in_use
from core.domain.signals import SIGNALS
from core.errors import BadInput
from core.trends.judgement import Severity
from core.trends.published import OUR_CHOICE

WIDEST: Mapping[tuple[str, str], float] = MappingProxyType(
    {
        ("sbp", HIGH): 180.0, ("sbp", LOW): 90.0, ("dbp", HIGH): 120.0, ("hr", HIGH): 131.0, ("hr", LOW): 40.0, ("spo2", LOW): 84.0, ("rr", HIGH): 25.0, ("rr", LOW): 8.0,
        ("temp", HIGH): 39.1, ("temp", LOW): 35.0, ("glucose", LOW): 54.0, ("glucose", HIGH): 300.0, ("cgm_glucose", LOW): 54.0, ("cgm_glucose", HIGH): 300.0, ("rhr", HIGH): 131.0, ("rhr", LOW): 40.0,
    }
)  # fmt: skip
"""As far as a limit of one's own may go: where the severe rule begins, else NEWS2's three points; for glucose above, ours. Signal's unit."""
OWN_SOURCE = "Set by the team for a person"
SCALE2_LOW = 85.0
_STEPS: Mapping[str, float] = MappingProxyType(
    {"sbp": 10, "dbp": 10, "hr": 10, "rhr": 10, "spo2": 2, "temp": 0.5, "rr": 5, "glucose": 20, "cgm_glucose": 20, "weight": 0.9}
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One signal's own limits, in the signal's canonical unit; None where the team set none on that side. `by` and `at`: who set it, when."""

    signal: str
    lower: float | None = None
    upper: float | None = None
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """A source (a scale, a cuff, a watch) and the signals it brings. `every_days`: how many days without any are too many, where the team said so; None: what is
    usual for the person. Nothing is expected before `not_before` (not due yet, or a pause until then)."""

    source: str
    signals: tuple[str, ...]
    every_days: float | None = None
    not_before: datetime | None = None


SOURCES = (
    Expected("scale", ("weight",)), Expected("cuff", ("sbp", "dbp")), Expected("oximeter", ("spo2",)), Expected("meter", ("glucose", "cgm_glucose")),
)  # fmt: skip
"""What is watched where the team said nothing."""


@dataclass(frozen=True, slots=True)
class Own:
    """Everything that is this person's: limits, what is expected, a pause of everything (travel, hospital) until then, and whether a clinician set NEWS2's second
    scale of oxygen saturation for them."""

    limits: tuple[Limit, ...] = ()
    expected: tuple[Expected, ...] = SOURCES
    paused_until: datetime | None = None
    spo2_scale2: bool = False


def checked_limit(limit: Limit) -> Limit:
    """The limit, or BadInput that names the place and the need (and no value)."""
    row = SIGNALS.get(limit.signal)
    if row is None or row.plausible is None or row.category == "panel":
        raise BadInput("bad_limit", place="signal", need="a key of the table of signals")
    if limit.lower is None and limit.upper is None:
        raise BadInput("bad_limit", place=limit.signal, need="a lower or an upper limit")
    low, high = row.plausible
    for place, value in (("lower", limit.lower), ("upper", limit.upper)):
        if value is not None and not (isfinite(value) and low <= value <= high):
            raise BadInput("bad_limit", place=f"{limit.signal}.{place}", need=f"a number that can be, {low:g} to {high:g}")
    if limit.lower is not None and limit.upper is not None and not limit.lower < limit.upper:
        raise BadInput("bad_limit", place=f"{limit.signal}.lower", need="a lower limit below the upper one")
    lowest, highest = WIDEST.get((limit.signal, LOW)), WIDEST.get((limit.signal, HIGH))
    if limit.upper is not None and highest is not None and limit.upper > highest:
        raise BadInput("bad_limit", place=f"{limit.signal}.upper", need=f"at most {highest:g}: beyond it the usual rule stays")
    if limit.lower is not None and lowest is not None and limit.lower < lowest:
        raise BadInput("bad_limit", place=f"{limit.signal}.lower", need=f"at least {lowest:g}: beyond it the usual rule stays")
    return limit


def rules_for(own: Own, rules: Sequence[Rule]) -> tuple[Rule, ...]:
    """The rules that are used for this person. Raises BadInput for a limit that is none, or two for one signal."""
    kept = [_on_scale2(rule) if own.spo2_scale2 else rule for rule in in_use(rules)]
    seen: set[str] = set()
    for limit in own.limits:
        checked_limit(limit)
        if limit.signal in seen:
            raise BadInput("bad_limit", place=limit.signal, need="one limit for each signal")
        seen.add(limit.signal)
        for direction, value in ((LOW, limit.lower), (HIGH, limit.upper)):
            if value is not None:
                kept = [rule for rule in kept if not _gives_way(rule, limit.signal, direction)]
                kept.append(_own_rule(rules, limit.signal, direction, value))
    return tuple(kept)


def _on_scale2(rule: Rule) -> Rule:
    """On the second scale 88 to 92 % is meant to be so: the first number with two points is 85 % (RCP 2017)."""
    return replace(rule, limit=SCALE2_LOW) if rule.key == "spo2_low" else rule


def _gives_way(rule: Rule, signal: str, direction: str) -> bool:
    """A limit that isn't severe gives way to the person's own: WIDEST holds that at least as strict as the floor."""
    return rule.kind == THRESHOLD and (rule.signal, rule.direction) == (signal, direction) and rule.severity < Severity.ACT_NOW


def _own_rule(rules: Sequence[Rule], signal: str, direction: str, value: float) -> Rule:
    usual = [one for one in rules if one.kind == THRESHOLD and (one.signal, one.direction) == (signal, direction) and not one.team]
    family = usual[0].family if usual else f"{signal}_limit"
    made = Rule(
        f"own_{signal}_{direction}", THRESHOLD, signal, direction, value, Severity.ACT_SOON, OWN_SOURCE, 2026, OUR_CHOICE, family,
        confirm=2, step=_STEPS.get(signal, 0.0), recovery=BACK_IN_RANGE,
    )  # fmt: skip
    quick = next((one for one in usual if one.severity < Severity.ACT_NOW), None)
    return replace(made, confirm=quick.confirm, step=quick.step) if quick else made
