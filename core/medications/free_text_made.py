"""This is the place where what was heard of a prescription's own words becomes FHIR dosages, or a question where it doesn't go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_SCHEME = ("MORN", "NOON", "EVE", "NIGHT")
_MEALS = ("AC", "PC", "C")
_OF_DAY = {"MORN": "M", "NOON": "D", "EVE": "V"}
_WITH_SCHEME = frozenset({"scheme", "scheme_unit", "lasts", "route", "daily"})


@dataclass(slots=True)
class Heard:
    """What has been heard so far: `asks` are codes of questions, `said` how often each was told, `joined` whether an "and" stood anywhere."""

    facts: dict[str, Any] = field(default_factory=dict)
    when: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    joined: bool = False


class Unclear(Exception):
    """What was heard leaves a question: its code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def made(heard: Heard) -> list[dict[str, Any]]:
    """The FHIR R4 Dosage objects of what was heard. Raises Unclear."""
    facts = heard.facts
    if "scheme" in facts:
        return _schemed(heard)
    repeat: dict[str, Any] = {}
    _rated(heard, repeat)
    _named(heard, repeat)
    if "lasts" in facts:
        value, unit = facts["lasts"]
        repeat["boundsDuration"] = {"value": value, "unit": unit, "code": unit, "system": "http://unitsofmeasure.org"}
    if facts.get("once"):
        if repeat.keys() - {"boundsDuration"} or heard.when:
            raise Unclear("free_text_conflict")
        repeat = {"count": 1, "when": ["IMD"]}
    if facts.get("prn"):
        return [_needed(heard, repeat)]
    if not repeat.keys() - {"boundsDuration"}:
        raise Unclear("how_often")
    if "most" in facts or "least" in facts:
        raise Unclear("free_text_range")
    return [{"timing": {"repeat": repeat}, **_dose(heard)}]


def _rated(heard: Heard, repeat: dict[str, Any]) -> None:
    rate = heard.facts.get("rate") or (heard.facts.get("daily") if not (heard.when or heard.clocks or heard.days) else None)
    if rate is None:
        return
    low, high, period, longest, unit = rate
    if low != high or (period != longest and not heard.facts.get("prn")):
        raise Unclear("free_text_range")
    if low != int(low) or low <= 0 or period <= 0:
        raise Unclear("free_text_unclear")
    repeat.update({"frequency": int(low), "period": int(period) if period == int(period) else period, "periodUnit": unit})
    if longest != period:
        repeat["periodMax"] = longest


def _named(heard: Heard, repeat: dict[str, Any]) -> None:
    """Moments of the day and days of the week. Meals without a name fit three times a day, or (morning and evening) twice; else it is asked which."""
    if heard.clocks and heard.when:
        raise Unclear("free_text_conflict")
    if heard.clocks:
        repeat["timeOfDay"] = sorted(set(heard.clocks))
    if heard.days:
        _on_days(heard, repeat)
    if not heard.when:
        return
    if repeat.get("periodUnit") == "h":
        raise Unclear("free_text_conflict")
    loose = [code for code in heard.when if code in _MEALS]
    if len(loose) > 1:
        raise Unclear("free_text_conflict")
    when = list(heard.when)
    named = [code for code in when if code not in _MEALS]
    if loose and "daily" in heard.facts and "rate" not in heard.facts:
        raise Unclear("free_text_meal")  # "daily after meals": after one of them, or after each
    if loose:
        when = _meals(heard, loose[0], named, repeat)
    elif repeat.get("periodUnit") == "d" and repeat["period"] == 1 and repeat["frequency"] != len(named):
        raise Unclear("free_text_conflict")
    repeat["when"] = when
    if "offset" in heard.facts:
        repeat["offset"] = heard.facts["offset"]


def _on_days(heard: Heard, repeat: dict[str, Any]) -> None:
    if repeat.get("periodUnit") in ("h", "mo") or (repeat.get("periodUnit") == "d" and repeat["period"] != 1):
        raise Unclear("free_text_conflict")
    repeat["dayOfWeek"] = list(heard.days)


def _meals(heard: Heard, way: str, named: list[str], repeat: dict[str, Any]) -> list[str]:
    """Each meal, or those meant: "早晚 饭后" is after breakfast and dinner, "ac & hs" before each meal and at bedtime. Anything else is asked."""
    daily = repeat.get("periodUnit", "d") == "d" and repeat.get("period", 1) == 1
    times = repeat.get("frequency") if daily else 1
    if not named:
        if times == 3 or (times is None and "food" not in heard.facts):
            return [way]
        if times == 2:
            return [way + "M", way + "V"]
        raise Unclear("how_often" if times is None else "free_text_meal")
    if named == ["HS"] and (times == 4 or (times is None and heard.joined)):
        return [way, "HS"]
    if times in (None, len(named)) and not heard.joined and all(code in _OF_DAY for code in named):
        return [way + _OF_DAY[code] for code in named]
    raise Unclear("free_text_meal")


def _schemed(heard: Heard) -> list[dict[str, Any]]:
    """1-0-1: how many in the morning, at noon, in the evening, at night."""
    if heard.when or heard.clocks or heard.days or heard.facts.keys() - _WITH_SCHEME or not any(heard.facts["scheme"]):
        raise Unclear("free_text_conflict")
    unit = heard.facts.get("scheme_unit", "")
    found = []
    for amount in sorted({one for one in heard.facts["scheme"] if one}):
        when = [code for code, one in zip(_SCHEME, heard.facts["scheme"], strict=True) if one == amount]
        repeat: dict[str, Any] = {"frequency": len(when), "period": 1, "periodUnit": "d", "when": when}
        if "lasts" in heard.facts:
            value, span = heard.facts["lasts"]
            repeat["boundsDuration"] = {"value": value, "unit": span, "code": span}
        found.append(
            {
                "timing": {"repeat": repeat},
                "doseAndRate": [{"doseQuantity": {"value": amount, **({"unit": unit} if unit else {})}}],
                **_dose(heard),
            }
        )
    return found


def _needed(heard: Heard, repeat: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"asNeededBoolean": True, **_dose(heard)}
    reason = heard.facts.get("reason", "")
    if reason:
        made = {**_dose(heard), "asNeededCodeableConcept": {"text": reason}}
    if "least" in heard.facts:
        if repeat.get("periodUnit") == "h" and repeat["period"] != heard.facts["least"]:
            raise Unclear("free_text_conflict")
        repeat = {"frequency": 1, "period": heard.facts["least"], "periodUnit": "h"}
    if repeat:
        made["timing"] = {"repeat": repeat}
    if "most" in heard.facts:
        many, unit = heard.facts["most"]
        amount = heard.facts.get("amount")
        if not unit and amount and amount[0] == amount[1]:
            many, unit = many * amount[0], amount[2]
        elif not unit:
            unit = "dose"
        made["maxDosePerPeriod"] = {
            "numerator": {"value": many, "unit": unit},
            "denominator": {"value": 1, "unit": "d", "code": "d"},
        }
    return made


def _dose(heard: Heard) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "amount" in heard.facts:
        low, high, unit = heard.facts["amount"]
        if low > high:
            raise Unclear("free_text_conflict")
        one = (
            {"doseQuantity": {"value": low, "unit": unit}}
            if low == high
            else {"doseRange": {"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}}
        )
        found["doseAndRate"] = [one]
    if "route" in heard.facts:
        found["route"] = {"text": heard.facts["route"]}
    return found
