"""This is the place where answers of iHealth's interface are read.

Dates are seconds since 1970 of the local clock, not of UTC (each entry's LastChangeTime, which is UTC, shows it), with its offset beside
them. Units are numbers for a whole answer: blood pressure 0 mmHg, 1 kPa; glucose 0 mg/dL, 1 mmol/L; weight 0 kg, 1 lb, 2 stone;
distance 0 km, 1 mile. Zero means that a value was not taken. HoursSlept is in minutes. Days of activity are local.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.samples import FLOATING, MANUAL
from core.domain.signals_table import RHYTHM_FLAGS
from core.sources.wearables.clock import DAY, MINUTE
from core.sources.wearables.collect import Place
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.json_fields import (
    BAD_TIME,
    MISSING,
    NOT_KEPT,
    PART,
    UNIT_MISSING,
    UNIT_UNKNOWN,
    Entries,
    Odd,
    When,
    above_zero,
    dig,
    in_unit,
    listing,
    number,
    text,
    times,
)
from core.sources.wearables.json_scan import Glance
from core.sources.wearables.vendor_times import at_local_epoch

DEVICE = "iHealth"
_UNITS: Mapping[str, tuple[str, ...]] = {
    "BPUnit": ("mm[Hg]", "kPa"), "BGUnit": ("mg/dL", "mmol/L"), "WeightUnit": ("kg", "[lb_av]", "[stone_av]"), "DistanceUnit": ("km", "[mi_i]"),
}  # fmt: skip
_FIELDS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    "BPDataList": (("HP", "sbp", "BPUnit"), ("LP", "dbp", "BPUnit"), ("HR", "hr", "")),
    "BGDataList": (("BG", "glucose", "BGUnit"),),
    "BODataList": (("BO", "spo2", ""), ("HR", "hr", "")),
    "WeightDataList": (("WeightValue", "weight", "WeightUnit"), ("FatValue", "body_fat", ""), ("BMI", "bmi", "")),
}
"""(field, signal, which unit of the answer it is in)."""
_LISTS = (*_FIELDS, "ARDataList", "SRDataList", "SPORTDataList")
_NOT_KEPT = ("BoneValue", "MuscaleValue", "WaterValue", "DCI")


def knows(seen: Glance) -> bool:
    return any(name in seen.names for name in _LISTS)


def read(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    """All of one answer."""
    for name, fields in _FIELDS.items():
        for number_, one in enumerate(listing(page, name)):
            _point(entries, page, one, fields, f"{at}{name}[{number_}]")
    for number_, one in enumerate(listing(page, "ARDataList")):
        _day(entries, page, one, f"{at}ARDataList[{number_}]")
    for number_, one in enumerate(listing(page, "SRDataList")):
        when = at_local_epoch(dig(one, "StartTime"), dig(one, "TimeZone"), _given(dig(one, "EndTime")))
        slept = times(number(one, "HoursSlept"), 1 / 60)
        entries.put("HoursSlept", Place("sleep", DEVICE, "1d"), when, slept, _typed(one), f"{at}SRDataList[{number_}]")
    for number_, one in enumerate(listing(page, "SPORTDataList")):
        when = at_local_epoch(dig(one, "SportStartTime"), dig(one, "TimeZone"), _given(dig(one, "SportEndTime")))
        name = text(one, "SportName")
        entries.put(
            "SportName",
            Place("workout", DEVICE),
            when,
            sport(name) if name else MISSING,
            _typed(one),
            f"{at}SPORTDataList[{number_}]",
        )
        if dig(one, "Calories") is not None:
            entries.odd("Calories", PART)


def _given(value: Any) -> Any:
    return "" if value is None else value


def _typed(one: Any) -> int:
    return MANUAL if text(one, "DataSource").lower() == "manual" else 0


def _point(entries: Entries, page: Mapping[str, Any], one: Any, fields: tuple[tuple[str, str, str], ...], at: str) -> None:
    when = at_local_epoch(dig(one, "MDate"), dig(one, "TimeZone"))
    if not isinstance(one, dict):
        entries.odd("entry", Odd("refused", "entry_not_an_object"), at)
        return
    for name, signal, unit in fields:
        if name in one:
            value = above_zero(number(one, name))
            entries.put(name, Place(signal, DEVICE), when, _converted(page, value, unit, signal), _typed(one), at)
    if dig(one, "IsArr") == 1:
        entries.put("IsArr", Place("rhythm_flag", DEVICE), when, float(RHYTHM_FLAGS.index("irregular")), 0, at)
    for name in _NOT_KEPT:
        if one.get(name):
            entries.odd(name, NOT_KEPT)


def _converted(page: Mapping[str, Any], value: float | Odd, unit: str, signal: str) -> float | Odd:
    if not unit or isinstance(value, Odd):
        return value
    code = page.get(unit)
    if code is None:
        return UNIT_MISSING
    if not isinstance(code, int) or isinstance(code, bool) or not 0 <= code < len(_UNITS[unit]):
        return UNIT_UNKNOWN
    return in_unit(value, _UNITS[unit][code], signal)


def _day(entries: Entries, page: Mapping[str, Any], one: Any, at: str) -> None:
    when = at_local_epoch(dig(one, "MDate"), dig(one, "TimeZone"))
    day: When | Odd = BAD_TIME
    if isinstance(when, When):
        local = when.start + (when.offset * MINUTE if when.offset > FLOATING else 0)
        day = When(local // DAY * DAY, local // DAY * DAY + DAY, FLOATING)
    for name, signal, unit in (
        ("Steps", "steps", ""),
        ("Calories", "energy_total", ""),
        ("DistanceTraveled", "distance", "DistanceUnit"),
    ):
        if dig(one, name) is not None:
            value = _converted(page, number(one, name), unit, signal)
            entries.put(name, Place(signal, DEVICE, "1d"), day, value, _typed(one), at)
