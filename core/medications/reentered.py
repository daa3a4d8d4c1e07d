"""This is the place where a schedule that the form made is put back into the form, so that changing it begins with what holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from core.medications.book import Dosages
from core.medications.entered import Entered, dosages

_ORDER = {"daily": 0, "weekdays": 1, "every_days": 2, "cycle": 3}


def entered_of(kept: Dosages, zone: str) -> Entered | None:
    """What the form held when it made these dosages for somebody in that zone; None where it did not make them: nothing is read into the words of others."""
    try:
        found = _needed(kept[0]) if "asNeededBoolean" in kept[0] or "asNeededCodeableConcept" in kept[0] else _timed(kept)
        same = dosages(found, zone) == tuple(kept)
    except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
        return None
    return found if same else None


def _needed(one: Mapping[str, Any]) -> Entered:
    amount, unit = _amount(one)
    repeat = one.get("timing", {}).get("repeat", {})
    most = one["maxDosePerPeriod"]["numerator"]["value"] / amount if "maxDosePerPeriod" in one and amount else 0
    least = int(repeat["period"]) if repeat.get("periodUnit") == "h" else 0
    most = most or (int(repeat["frequency"]) if repeat.get("periodUnit") == "d" else 0)
    return Entered(
        "needed",
        amount=amount,
        unit=unit,
        least=least,
        most=round(most),
        reason=one.get("asNeededCodeableConcept", {}).get("text", ""),
    )


def _timed(kept: Dosages) -> Entered:
    """All of them are one schedule: they differ in nothing but clock times and amounts."""
    parts = [_one(each) for each in kept]
    first = parts[0]
    if any(replace(each, times=first.times, amount=first.amount) != first for each in parts):
        raise ValueError("more than one schedule")
    if first.kind not in _ORDER:
        return first
    pairs = sorted((at, each.amount) for each in parts for at in each.times)
    amounts = tuple(many for _, many in pairs if many is not None)
    times = tuple(at for at, _ in pairs)
    if len(set(amounts)) < 2:
        return replace(first, times=times)
    in_order = [(at, each.amount) for each in parts for at in each.times]  # as they were made: by amount, in the order of the form
    return replace(
        first, times=tuple(at for at, _ in in_order), amount=None, each=tuple(many for _, many in in_order if many is not None)
    )


def _one(kept: Mapping[str, Any]) -> Entered:
    repeat = kept["timing"]["repeat"]
    amount, unit = _amount(kept)
    bounds = repeat.get("boundsPeriod", {})
    end = date.fromisoformat(bounds["end"]) if "end" in bounds else None
    begins = str(bounds.get("start", ""))
    if repeat["periodUnit"] == "h":
        at = datetime.fromisoformat(begins)
        return Entered("hours", every=int(repeat["period"]), amount=amount, unit=unit, start=at.date(), end=end, first=at.time())
    start = date.fromisoformat(begins) if begins else None
    times = tuple(time.fromisoformat(at) for at in repeat["timeOfDay"])
    made = Entered("daily", times, amount=amount, unit=unit, start=start, end=end)
    if "dayOfWeek" in repeat:
        return replace(made, kind="weekdays", days=tuple(repeat["dayOfWeek"]))
    if "duration" in repeat:
        return replace(made, kind="cycle", on=int(repeat["duration"]), off=int(repeat["period"]) - int(repeat["duration"]))
    return made if repeat["period"] == 1 else replace(made, kind="every_days", every=int(repeat["period"]))


def _amount(one: Mapping[str, Any]) -> tuple[float | None, str]:
    if "doseAndRate" not in one:
        return None, ""
    quantity = one["doseAndRate"][0]["doseQuantity"]
    return float(quantity["value"]), str(quantity.get("unit", ""))
