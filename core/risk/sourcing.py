"""This is the place where the inputs of an equation are taken from a person's evidence, each with where it comes from, or with why it can't be used.

Pure: the same evidence gives the same inputs for the same moment, so a score can be told as it stood on any earlier day. Nothing is imputed: an input
that is missing, too old, unclear or contradictory stops the outcomes that need it, and says how to get it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core.domain.units import convert
from core.risk.rules_table import TOGETHER, Together, rule_of
from core.risk.sourcing_flags import diabetes_against, flag
from core.risk.sourcing_numbers import NUMBERS
from core.risk.sourcing_parts import latest, missing
from core.risk.sourcing_types import DAY_NS, Evidence, Sourced
from core.risk.terms import Equation, Fault, Input
from core.risk.vocabulary import RELATIVES, TERMS

MUST_BE_KNOWN = frozenset({"cvd_known", "diabetes", "kidney_failure", "atrial_fibrillation", "diabetes_type1"})
"""Inputs that only leave people out, and of which a person (not a file) must know that they don't."""
ASKED_OF_WOMEN = frozenset({"gestational_diabetes"})
MEN_ONLY = {"china_par": frozenset({"urban", "family_cvd"})}
"""Inputs that an equation uses for men alone."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """The inputs of one equation at a moment: all of them as sourced; the numbers that may be used, in the equation's own units; and why others may not.
    An input in `blocked` has a fault of its own, so that the equation need not say "missing" again."""

    equation: Equation
    at: int
    inputs: tuple[Sourced, ...]
    values: Mapping[str, float]
    faults: tuple[Fault, ...]

    @property
    def blocked(self) -> frozenset[str]:
        return frozenset(fault.input for fault in self.faults)


def source(evidence: Evidence, keys: Iterable[str], at: int) -> dict[str, Sourced]:
    """Inputs by key, in the vocabulary's units, as they stood at the moment `at` (ns since 1970, UTC)."""
    found: dict[str, Sourced] = {}
    for key in keys:
        found[key] = _one(evidence, key, at)
    if "hdl" in found and "tc" in found:
        found["hdl"] = _hdl_beside(found["tc"], found["hdl"])
    return found


def gather(evidence: Evidence, equation: Equation, at: int, known: Mapping[str, Sourced] | None = None) -> Gathered:
    """Everything an equation needs. `known` may hold inputs sourced before, of the same evidence and moment."""
    keys = [item.key for item in equation.inputs]
    have = dict(known or {})
    have |= source(evidence, [key for key in keys if key not in have], at)
    found = {key: have[key] for key in keys}
    for rule in TOGETHER:
        if rule.equation == equation.key:
            found |= _together(evidence, rule, at)
    found = {key: _unneeded(equation, one, found) for key, one in found.items()}
    values, faults = {}, []
    for item in equation.inputs:
        one = found[item.key]
        if one.used:
            value = _in_unit(item, one)
            if value is None:
                faults.append(Fault("unit_unknown", item.key, item.stops))
            else:
                values[item.key] = value
        elif _needed(equation, item, one):
            faults.append(Fault(one.state, item.key, item.stops))
    return Gathered(equation, at, tuple(found.values()), values, tuple(faults))


def _one(evidence: Evidence, key: str, at: int) -> Sourced:
    if key in NUMBERS:
        return NUMBERS[key](evidence, at)
    term = TERMS[key]
    if key in evidence.fixed:
        return Sourced(key, "used", evidence.fixed[key], "profile", why="of_the_region")
    if term.kind == "number":
        return latest(evidence, key, at) if term.signal else _typed(evidence, key, at)
    if term.kind == "flag":
        if key == "family_diabetes_first":
            return _family_first(evidence, at)
        found = flag(evidence, key, at)
        return diabetes_against(evidence, found, at) if key == "diabetes" else found
    return _family(evidence, at) if key == "family_diabetes" else _typed(evidence, key, at)


def _typed(evidence: Evidence, key: str, at: int) -> Sourced:
    """What only the person can say."""
    typed = evidence.typed.get(key)
    if typed is None or typed.at > at:
        return missing(key)
    rule, days = rule_of(key), max(0, (at - typed.at) // DAY_NS)
    found = Sourced(key, "used", typed.value, "typed", typed.at, typed.when, days)
    if rule.max_days is not None and days > rule.max_days:
        return replace(found, state="stale", why="too_old", how=rule.how, facts={"days": days, "limit": rule.max_days})
    return found


def _family(evidence: Evidence, at: int) -> Sourced:
    """How near a relative with diabetes is; that a parent, brother or sister has it also answers it, that none has leaves it open."""
    own, first = _typed(evidence, "family_diabetes", at), _typed(evidence, "family_diabetes_first", at)
    if first.value == 1.0 and (own.at is None or (first.at or 0) > own.at):
        return replace(
            first, key="family_diabetes", value=float(RELATIVES.index("first_degree")), from_keys=("family_diabetes_first",)
        )
    return own


def _family_first(evidence: Evidence, at: int) -> Sourced:
    own, degree = _typed(evidence, "family_diabetes_first", at), _typed(evidence, "family_diabetes", at)
    if degree.value is not None and (own.at is None or (degree.at or 0) > own.at):
        return replace(
            degree,
            key="family_diabetes_first",
            value=float(RELATIVES[int(degree.value)] == "first_degree"),
            from_keys=("family_diabetes",),
        )
    return own


def _hdl_beside(total: Sourced, hdl: Sourced) -> Sourced:
    """HDL is a part of the total."""
    if not (total.used and hdl.used) or total.value is None or hdl.value is None or hdl.value < total.value:
        return hdl
    return replace(
        hdl, state="contradictory", why="hdl_not_below_total", facts={"hdl": hdl.value, "total": total.value}, how="ask_clinician"
    )


def _together(evidence: Evidence, rule: Together, at: int) -> dict[str, Sourced]:
    """Single measurements that belong together: each fresh enough, all within the rule's minutes; else the oldest ones are too old."""
    found = {key: _one(evidence, key, at) if key == "egfr" else latest(evidence, key, at) for key in rule.keys}
    known = [one.at for one in found.values() if one.at is not None and one.value is not None]
    newest = max(known, default=0)
    for key, one in found.items():
        if one.at is None or one.state not in ("used", "stale"):
            continue
        days = max(0, (at - one.at) // DAY_NS)
        if at - one.at > rule.max_days * DAY_NS:
            facts = {"days": days, "limit": rule.max_days}
            found[key] = replace(one, state="stale", why="too_old", how=rule_of(key).how, facts=facts)
        elif newest - one.at > rule.within_minutes * 60_000_000_000:
            found[key] = replace(
                one, state="stale", why="not_measured_together", how=rule_of(key).how, facts={"minutes": rule.within_minutes}
            )
    return found


def _unneeded(equation: Equation, one: Sourced, found: Mapping[str, Sourced]) -> Sourced:
    man = "sex" in found and found["sex"].value == 1.0
    woman = "sex" in found and found["sex"].value == 0.0
    spared = (woman and one.key in MEN_ONLY.get(equation.key, ())) or (man and one.key in ASKED_OF_WOMEN and one.state == "missing")
    return Sourced(one.key, "unneeded") if spared else one


def _needed(equation: Equation, item: Input, one: Sourced) -> bool:
    """Whether an input that can't be used stops the equation."""
    if one.state == "unneeded":
        return False
    if item.required or item.key in MUST_BE_KNOWN or item.key in MEN_ONLY.get(equation.key, ()):
        return True
    if item.key in ASKED_OF_WOMEN:
        return True
    return one.state == "contradictory" and item.kind == "flag"


def _in_unit(item: Input, one: Sourced) -> float | None:
    term = TERMS[item.key]
    if item.kind != "number" or one.value is None or item.unit == term.unit:
        return one.value
    return convert(one.value, term.unit, item.unit, term.signal)
