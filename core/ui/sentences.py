"""This is the place where facts of the use cases become sentences: the catalogue key with its named facts written out.

Beside the facts as they are, a sentence may use: {name} what was measured, {reading} {before} {after} {lowest} {highest} as
number with unit, {pressure} as "142/88 mmHg", {target} as "4 to 7 mmol/L" or "below 135/85 mmHg".
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.care.views import Fact
from core.domain.time import PartialTime
from core.errors import HealthboardError
from core.ui.values import bounded, unit
from core.ui.words import Words

Facts = Mapping[str, str | int | float]

TIMES = frozenset({"when", "since", "until", "start", "end"})
"""Names of facts that hold FHIR times."""
MOMENTS = frozenset({"at"})
"""Names of facts that hold FHIR times of which the time of day matters."""
_FAMILIES: Mapping[str, str] = MappingProxyType({"signal": "signal.", "basis": "basis.", "strength": "check.strength.", "task": "task.kind.", "flag": "flag."})
"""Names of facts that hold codes with words of their own, and the family of the words."""
_AMOUNTS = {"reading": "value", "before": "from_value", "after": "to_value", "lowest": "least", "highest": "most"}


def sentence(t: Words, fact: Fact | None) -> str:
    """A fact in words; a code nobody wrote words for says so, with the code as reference."""
    if fact is None or not fact.code:
        return ""
    if not t.has(fact.code):
        return t("fallback.fact", code=fact.code)
    said = {name: _written(t, name, value) for name, value in fact.facts.items()}
    return t(fact.code, **{**_derived(t, fact.facts), **said})


def with_action(t: Words, fact: Fact, action: str) -> str:
    """What it means, and what to do about it."""
    return t.joined((sentence(t, fact), sentence(t, Fact(action))))


def reason(t: Words, code: str) -> str:
    """Why an entry ended as it did, in words; an unknown code in a plain sentence with the code as reference."""
    if not code:
        return ""
    bare = code.partition(":")[0]
    if t.has("reason." + bare):
        return t("reason." + bare)
    return t("error." + bare) if t.has("error." + bare) else t("fallback.reason", code=bare)


def error_words(t: Words, error: HealthboardError) -> tuple[str, str]:
    """What happened and what to do now, for an error of ours."""
    known = (code for code in (error.code, type(error).code) if t.has("error." + code))
    code = next(known, HealthboardError.code)
    return t("error." + code, **error.facts), t(f"error.{code}.next", **error.facts)


def _written(t: Words, name: str, value: str | int | float) -> object:
    """One named fact: times as days, units and codes in words; numbers stay numbers, so that they choose the plural."""
    if not isinstance(value, str):
        return value
    if name == "unit":
        return unit(t, value)
    if name == "signals":
        return t("list.and").join(_named(t, signal) for signal in value.split())
    if name in MOMENTS and (moment := PartialTime.parse(value)):
        return t.moment(moment)
    if name in TIMES:
        return PartialTime.parse(value) or value
    family = _FAMILIES.get(name)
    return t(family + value) if family and t.has(family + value) else value


def _derived(t: Words, facts: Facts) -> dict[str, object]:
    """What sentences need beside the bare facts."""
    measured = unit(t, str(facts.get("unit", "")))
    found: dict[str, object] = {}
    if "signal" in facts:
        found["name"] = _named(t, str(facts["signal"]))
    for name, key in _AMOUNTS.items():
        amount = facts.get(key)
        if isinstance(amount, (int, float)):
            bound = str(facts.get("bound", "")) if key == "value" else ""
            found[name] = f"{bounded(t, amount, bound)} {measured}".strip()
    if "sbp" in facts and "dbp" in facts:
        found["pressure"] = t("limits.pressure", sbp=facts["sbp"], dbp=facts["dbp"], unit=measured)
    found["target"] = _target(t, facts, measured)
    return found


def _target(t: Words, facts: Facts, measured: str) -> str:
    if "sbp_high" in facts and "dbp_high" in facts:
        return t("limits.below", high=t("limits.pressure", sbp=facts["sbp_high"], dbp=facts["dbp_high"], unit=measured))
    low, high = facts.get("low"), facts.get("high")
    if isinstance(low, (int, float)) and isinstance(high, (int, float)):
        return f"{t('limits.between', low=low, high=high)} {measured}".strip()
    if isinstance(high, (int, float)):
        return t("limits.below", high=f"{t.number(high)} {measured}".strip())
    return t("limits.above", low=f"{t.number(low)} {measured}".strip()) if isinstance(low, (int, float)) else ""


def _named(t: Words, signal: str) -> str:
    return t("signal." + signal) if t.has("signal." + signal) else signal
