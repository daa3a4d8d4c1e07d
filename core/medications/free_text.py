"""This is the place where free text is understood where it is unambiguous, in English and Chinese: every word is accounted for, or it is asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.medications.free_text_words import FILLER, NAME, NO_NAME, PATTERNS, ROUTES, SIMPLIFIED
from core.medications.terms import Asked

LONGEST = 300
_THEN = re.compile(r"(?:[,;.，；。]\s*|\s)(?:and )?then\b[, ]?|[,;，；。]?\s*(?:然后|之后|随后)(?:改为|改)?")
_SCHEME = ("MORN", "NOON", "EVE", "NIGHT")
_MEALS = ("AC", "PC", "C")


@dataclass(frozen=True, slots=True)
class Understood:
    """Exactly one of the two is not empty: FHIR R4 dosages, or what has to be asked."""

    dosages: tuple[Mapping[str, Any], ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(slots=True)
class _Heard:
    """What has been heard so far; `asks` are codes of questions."""

    facts: dict[str, Any] = field(default_factory=dict)
    when: list[str] = field(default_factory=list)
    clocks: list[str] = field(default_factory=list)
    days: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)


class _Unclear(Exception):
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def understood(text: str) -> Understood:
    """What a text says without doubt, or what has to be asked. Never raises; takes time in proportion to the text, of which at most 300 characters are read."""
    said = " ".join(unicodedata.normalize("NFKC", text).lower().translate(SIMPLIFIED).split()) if len(text) <= LONGEST * 2 else ""
    if not said or len(said) > LONGEST:
        return Understood(asked=(Asked("free_text_unclear", "", text[:LONGEST]),))
    try:
        parts = [part for part in _THEN.split(said) if part and part.strip(" .,;，。；")]
        dosages = [one for at, part in enumerate(parts) for one in _dosages(part, at + 1 if len(parts) > 1 else 0)]
        if len(parts) > 1:
            dosages = _followed(parts, dosages)
    except _Unclear as unclear:
        return Understood(asked=(Asked(unclear.code, "", text),))
    return Understood(tuple(dosages)) if dosages else Understood(asked=(Asked("free_text_unclear", "", text),))


def _followed(parts: list[str], dosages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A taper: each part but the last must say how long."""
    for one in dosages:
        if one["sequence"] < len(parts) and "boundsDuration" not in one["timing"]["repeat"]:
            raise _Unclear("taper_open")
    return dosages


def _dosages(said: str, sequence: int) -> list[dict[str, Any]]:
    heard, at = _Heard(), 0
    name = NAME.match(said)
    if name and name[1].split()[0] not in NO_NAME:
        at = name.end()
    while at < len(said):
        at = _hear(heard, said, at)
    if heard.asks:
        raise _Unclear(heard.asks[0])
    made = _made(heard)
    return [{**one, "sequence": sequence} if sequence else one for one in made]


def _hear(heard: _Heard, said: str, at: int) -> int:
    """Take the next words; the position after them. Raises _Unclear for words that are not known."""
    if at and said[at - 1].isascii() and said[at - 1].isalpha() and said[at].isascii() and said[at].isalpha():
        raise _Unclear("free_text_unclear")  # within a word: what went before was only its beginning
    best: tuple[int, Any] = (at, None)
    for pattern, says in PATTERNS:
        found = pattern.match(said, at)
        if found and found.end() > best[0] and _whole(said, found.end()):
            best = (found.end(), (says, found))
    for pattern, route in ROUTES:
        found = pattern.match(said, at)
        if found and found.end() > best[0] and _whole(said, found.end()):
            best = (found.end(), route)
    filler = FILLER.match(said, at)
    if filler and filler.end() > best[0] and _whole(said, filler.end()):
        return filler.end()
    end, what = best
    if what is None:
        raise _Unclear("free_text_unclear")
    if isinstance(what, str):
        _set(heard, "route", what)
    else:
        says, found = what
        for key, value in says(found).items():
            _keep(heard, key, value)
    return end


def _whole(said: str, end: int) -> bool:
    """Whether a word ends here."""
    return end >= len(said) or not (said[end - 1].isascii() and said[end - 1].isalpha() and said[end].isascii() and said[end].isalpha())


def _keep(heard: _Heard, key: str, value: Any) -> None:
    if key == "ask":
        heard.asks.append(value)
    elif key == "when":
        heard.when += [one for one in value if one not in heard.when]
    elif key == "clock":
        heard.clocks.append(value)
    elif key == "days":
        heard.days += [one for one in value if one not in heard.days]
    elif key == "rate_if_none":
        heard.facts.setdefault("daily", value)
    elif key != "reason" or value:
        _set(heard, key, value)


def _set(heard: _Heard, key: str, value: Any) -> None:
    """The same said twice is fine, another thing of the same kind is a contradiction."""
    if key in heard.facts and heard.facts[key] != value:
        raise _Unclear("free_text_conflict")
    heard.facts[key] = value


# ------------------------------------------------------------------------------------------------------------------ what was heard, as FHIR


def _made(heard: _Heard) -> list[dict[str, Any]]:
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
            raise _Unclear("free_text_conflict")
        repeat = {"count": 1, "when": ["IMD"]}
    if facts.get("prn"):
        return [_needed(heard, repeat)]
    if not repeat.keys() - {"boundsDuration"}:
        raise _Unclear("how_often")
    if "most" in facts or "least" in facts:
        raise _Unclear("free_text_range")
    return [{"timing": {"repeat": repeat}, **_dose(heard)}]


def _rated(heard: _Heard, repeat: dict[str, Any]) -> None:
    rate = heard.facts.get("rate") or (heard.facts.get("daily") if not (heard.when or heard.clocks or heard.days) else None)
    if rate is None:
        return
    low, high, period, longest, unit = rate
    if low != high or (period != longest and not heard.facts.get("prn")):
        raise _Unclear("free_text_range")
    if low != int(low) or low <= 0 or period <= 0:
        raise _Unclear("free_text_unclear")
    repeat.update({"frequency": int(low), "period": int(period) if period == int(period) else period, "periodUnit": unit})
    if longest != period:
        repeat["periodMax"] = longest


def _named(heard: _Heard, repeat: dict[str, Any]) -> None:
    """Moments of the day and days of the week. Meals without a name fit three times a day, or (morning and evening) twice; else it is asked which."""
    if heard.clocks and heard.when:
        raise _Unclear("free_text_conflict")
    if heard.clocks:
        repeat["timeOfDay"] = sorted(set(heard.clocks))
    if heard.days:
        _on_days(heard, repeat)
    if not heard.when:
        return
    if repeat.get("periodUnit") == "h":
        raise _Unclear("free_text_conflict")
    loose = [code for code in heard.when if code in _MEALS]
    if len(loose) > 1:
        raise _Unclear("free_text_conflict")
    when = list(heard.when)
    named = [code for code in when if code not in _MEALS]
    if loose and "daily" in heard.facts and "rate" not in heard.facts:
        raise _Unclear("free_text_meal")  # "daily after meals": after one of them, or after each
    if loose:
        when = _meals(loose[0], named, repeat)
    elif repeat.get("periodUnit") == "d" and repeat["period"] == 1 and repeat["frequency"] != len(named):
        raise _Unclear("free_text_conflict")
    repeat["when"] = when
    if "offset" in heard.facts:
        repeat["offset"] = heard.facts["offset"]


def _on_days(heard: _Heard, repeat: dict[str, Any]) -> None:
    if repeat.get("periodUnit") in ("h", "mo") or (repeat.get("periodUnit") == "d" and repeat["period"] != 1):
        raise _Unclear("free_text_conflict")
    repeat["dayOfWeek"] = list(heard.days)


def _meals(way: str, named: list[str], repeat: dict[str, Any]) -> list[str]:
    times = repeat.get("frequency", 3 + len(named)) if repeat.get("periodUnit", "d") == "d" and repeat.get("period", 1) == 1 else 1
    if times == 3 + len(named):
        return [way, *named]
    if times == 2 and not named:
        return [way + "M", way + "V"]
    if named and times == len(named) and all(code in ("MORN", "EVE", "NOON") for code in named):
        return [way + {"MORN": "M", "NOON": "D", "EVE": "V"}[code] for code in named]
    raise _Unclear("free_text_meal")


def _schemed(heard: _Heard) -> list[dict[str, Any]]:
    """1-0-1: how many in the morning, at noon, in the evening, at night."""
    if heard.when or heard.clocks or "rate" in heard.facts or heard.facts.get("prn") or not any(heard.facts["scheme"]):
        raise _Unclear("free_text_conflict")
    unit = heard.facts.get("scheme_unit", "")
    if "amount" in heard.facts:
        raise _Unclear("free_text_unclear")
    found = []
    for amount in sorted({one for one in heard.facts["scheme"] if one}):
        when = [code for code, one in zip(_SCHEME, heard.facts["scheme"], strict=True) if one == amount]
        repeat: dict[str, Any] = {"frequency": len(when), "period": 1, "periodUnit": "d", "when": when}
        if "lasts" in heard.facts:
            value, span = heard.facts["lasts"]
            repeat["boundsDuration"] = {"value": value, "unit": span, "code": span}
        found.append({"timing": {"repeat": repeat}, "doseAndRate": [{"doseQuantity": {"value": amount, **({"unit": unit} if unit else {})}}]})
    return found


def _needed(heard: _Heard, repeat: dict[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {"asNeededBoolean": True, **_dose(heard)}
    reason = heard.facts.get("reason", "")
    if reason:
        made = {**_dose(heard), "asNeededCodeableConcept": {"text": reason}}
    if "least" in heard.facts:
        if repeat.get("periodUnit") == "h" and repeat["period"] != heard.facts["least"]:
            raise _Unclear("free_text_conflict")
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
        made["maxDosePerPeriod"] = {"numerator": {"value": many, "unit": unit}, "denominator": {"value": 1, "unit": "d", "code": "d"}}
    return made


def _dose(heard: _Heard) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "amount" in heard.facts:
        low, high, unit = heard.facts["amount"]
        if low > high:
            raise _Unclear("free_text_conflict")
        one = {"doseQuantity": {"value": low, "unit": unit}} if low == high else {"doseRange": {"low": {"value": low, "unit": unit}, "high": {"value": high, "unit": unit}}}
        found["doseAndRate"] = [one]
    if "route" in heard.facts:
        found["route"] = {"text": heard.facts["route"]}
    return found
