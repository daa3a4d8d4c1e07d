"""This is the place where it is read how much is taken at once, how fast, and what must not be exceeded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from core.medications.foreign import duration, node, nodes, number, text, title
from core.medications.terms import Amount

_ORDERED = "ordered"


class Unclear(Exception):
    """The order says something that can't be used: a code and the element."""

    def __init__(self, code: str, place: str = "", needs: str = "schedule", options: tuple[str, ...] = ()) -> None:
        super().__init__(code)
        self.code, self.place, self.needs, self.options = code, place, needs, options


def amount(dosage: Mapping[str, Any]) -> Amount | None:
    """The dose of a Dosage (R4, or STU3's own place); None where none is written. Raises Unclear for one that can't be."""
    found = {one for where, place in _where(dosage) if (one := _dose(where, place))}
    if len(found) > 1:
        ordered = {one for where, place in _where(dosage) if title(where.get("type")).lower() == _ORDERED and (one := _dose(where, place))}
        if len(ordered) != 1:
            raise Unclear("two_doses", "doseAndRate", "amount")
        found = ordered
    return next(iter(found), None)


def _where(dosage: Mapping[str, Any]) -> list[tuple[Mapping[str, Any], str]]:
    return [*((one, f"doseAndRate[{at}].") for at, one in enumerate(nodes(dosage.get("doseAndRate")))), (dosage, "")]


def _dose(where: Mapping[str, Any], place: str) -> Amount | None:
    for key in ("doseQuantity", "doseSimpleQuantity"):
        if where.get(key) is not None:
            return quantity(where[key], place + key)
    if where.get("doseRange") is None:
        return None
    low, high = node(where["doseRange"]).get("low"), node(where["doseRange"]).get("high")
    if low is None or high is None:
        raise Unclear("dose_range_open", place + "doseRange", "amount")
    one, other = quantity(low, place + "doseRange.low"), quantity(high, place + "doseRange.high")
    if one is None or other is None or (one.unit and other.unit and one.unit != other.unit) or one.low > other.high:
        raise Unclear("dose_unusable", place + "doseRange", "amount")
    return Amount(one.low, other.high, one.unit or other.unit, one.code or other.code)


def quantity(given: object, place: str) -> Amount | None:
    """A Quantity as an amount; None where it has no value. Raises Unclear for a value that can't be a dose."""
    found = node(given)
    if found.get("value") is None:
        return None
    value = number(found.get("value"))
    if value is None or not 0 < value < 1e7 or text(found.get("comparator")):
        raise Unclear("dose_unusable", place, "amount")
    return Amount(value, value, text(found.get("unit")) or text(found.get("code")), text(found.get("code")))


def rate(dosage: Mapping[str, Any]) -> str:
    """How fast it runs in, in short ("100 mL / 1 h"); "" where nothing is said."""
    for where in [*nodes(dosage.get("doseAndRate")), dosage]:
        ratio = node(where.get("rateRatio"))
        if ratio:
            return " / ".join(filter(None, (_words(ratio.get("numerator")), _words(ratio.get("denominator")))))
        spread = node(where.get("rateRange"))
        if spread:
            return "-".join(filter(None, (_words(spread.get("low")), _words(spread.get("high")))))
        for key in ("rateQuantity", "rateSimpleQuantity"):
            if where.get(key) is not None:
                return _words(where[key])
    return ""


def _words(given: object) -> str:
    found = node(given)
    value = number(found.get("value"))
    return "" if value is None else f"{value:g} {text(found.get('unit')) or text(found.get('code'))}".strip()


def most(dosage: Mapping[str, Any]) -> tuple[Amount, timedelta] | None:
    """`maxDosePerPeriod`: the first that can be used, as an amount within a time."""
    for ratio in nodes(dosage.get("maxDosePerPeriod")):
        found, per = quantity(ratio.get("numerator"), "maxDosePerPeriod.numerator"), duration(ratio.get("denominator"))
        if found is not None and per is not None:
            days = {"d": 1, "wk": 7, "mo": 30, "a": 365}.get(per.unit)
            return found, timedelta(days=per.value * days) if days else timedelta(seconds=per.value)
    return None
