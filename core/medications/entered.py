"""This is the place where what a person says about how they take a medicine becomes FHIR dosages: what the form holds, and nothing beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.medications.book import Dosages

KINDS = ("daily", "weekdays", "every_days", "hours", "cycle", "needed")
"""How often (`form.kind.<code>`): at clock times every day, on weekdays, every so many days, every so many hours, so many days on and off, when needed."""
TIMED = ("daily", "weekdays", "every_days", "cycle")
"""The kinds that have clock times."""
MOST_TIMES = 12
UNITS = ("tablet", "capsule", "mL", "drop", "puff", "unit", "mg", "patch", "sachet", "pill")
"""What is counted, as FHIR `unit` (`dose_unit.<code>`)."""


@dataclass(frozen=True, slots=True)
class Entered:
    """How a medicine is taken, as the form holds it. `kind` is one of KINDS; `times` clock times where the person is; `every` days or hours between;
    `days` weekdays ("mon" ...); `on` and `off` days of a cycle; `amount` of `unit` (None: not said); `least` hours between and `most` doses in
    24 hours where needed; `first` the clock time that hours are counted from; `each` the amounts of `unit` at each of `times`, in place of `amount`, where
    they differ."""

    kind: str = "daily"
    times: tuple[time, ...] = ()
    every: int = 0
    days: tuple[str, ...] = ()
    on: int = 0
    off: int = 0
    amount: float | None = None
    unit: str = ""
    start: date | None = None
    end: date | None = None
    least: int = 0
    most: int = 0
    first: time | None = None
    reason: str = ""
    each: tuple[float, ...] = ()


def wanting(one: Entered) -> str:
    """What is still to be said before this is a schedule (`form.wanting.<code>`), "" where it is one."""
    if one.kind in TIMED and not one.times:
        return "times"
    if one.each and (
        one.kind not in TIMED or len(one.each) != len(one.times) or len(set(one.times)) != len(one.times) or min(one.each) <= 0
    ):
        return "each"
    if one.kind == "weekdays" and not one.days:
        return "days"
    if one.kind in ("every_days", "hours") and one.every < 1:
        return "every"
    if one.kind == "cycle" and (one.on < 1 or one.off < 1):
        return "cycle"
    if one.kind in ("every_days", "hours", "cycle") and one.start is None:
        return "start"
    if one.start is not None and one.end is not None and one.end < one.start:
        return "end"
    return ""


def dosages(one: Entered, zone: str) -> Dosages:
    """The FHIR R4 dosages of it; `zone` is where the person is, for what is counted in hours. () while something is wanting."""
    if wanting(one):
        return ()
    if one.each:  # a different amount at each time: one instruction for each amount
        shared = {amount: tuple(at for at, many in zip(one.times, one.each, strict=True) if many == amount) for amount in one.each}
        return tuple(
            made for amount, times in shared.items() for made in dosages(replace(one, each=(), amount=amount, times=times), zone)
        )
    if one.kind == "needed":
        return (_needed(one),)
    if one.kind in ("every_days", "cycle"):  # several times on days that are counted: one instruction each
        return tuple(_timed(one, {"timeOfDay": [_clock(at)], **_counted(one)}) for at in sorted(set(one.times)))
    if one.kind == "hours":
        begins = datetime.combine(one.start or date.min, one.first or time(8, 0), ZoneInfo(zone))
        return (_timed(one, {"frequency": 1, "period": one.every, "periodUnit": "h"}, begins.isoformat()),)
    named = sorted(set(one.times))
    repeat: dict[str, Any] = {"frequency": len(named), "period": 1, "periodUnit": "d", "timeOfDay": [_clock(at) for at in named]}
    if one.kind == "weekdays":
        repeat["dayOfWeek"] = list(dict.fromkeys(one.days))
    return (_timed(one, repeat),)


def _counted(one: Entered) -> dict[str, Any]:
    if one.kind == "every_days":
        return {"frequency": 1, "period": one.every, "periodUnit": "d"}
    return {"frequency": 1, "period": one.on + one.off, "periodUnit": "d", "duration": one.on, "durationUnit": "d"}


def _timed(one: Entered, repeat: Mapping[str, Any], begins: str = "") -> Mapping[str, Any]:
    bounds = {"start": begins or (one.start.isoformat() if one.start else ""), "end": one.end.isoformat() if one.end else ""}
    kept = {name: text for name, text in bounds.items() if text}
    return {"timing": {"repeat": {**repeat, **({"boundsPeriod": kept} if kept else {})}}, **_amount(one)}


def _needed(one: Entered) -> Mapping[str, Any]:
    made: dict[str, Any] = {"asNeededBoolean": True} if not one.reason else {"asNeededCodeableConcept": {"text": one.reason}}
    if one.least > 0:
        made["timing"] = {"repeat": {"frequency": 1, "period": one.least, "periodUnit": "h"}}
    elif one.most > 0:
        made["timing"] = {"repeat": {"frequency": one.most, "period": 1, "periodUnit": "d"}}
    if one.most > 0 and one.amount:
        most = {
            "numerator": {"value": one.amount * one.most, "unit": one.unit},
            "denominator": {"value": 1, "unit": "d", "code": "d"},
        }
        made["maxDosePerPeriod"] = most
    return {**made, **_amount(one)}


def _amount(one: Entered) -> dict[str, Any]:
    return {"doseAndRate": [{"doseQuantity": {"value": one.amount, "unit": one.unit}}]} if one.amount else {}


def _clock(at: time) -> str:
    return f"{at:%H:%M}:00"
