"""This is the place where answers of Withings' interface are read: body measures, days, minutes, nights.

A measure is value * 10^unit of the unit that its type has (Withings API, measure types). Category 2 is a goal. `attrib` 1 is a measure
that may be somebody else's: quarantined; 2 and 4 were typed in. Dates are seconds since 1970, with the zone's name beside them (in
the body, or in each entry); days are local. Calories are active ones. Sleep states: 0 awake, 1 light, 2 deep, 3 REM.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.samples import MANUAL, UNSURE
from core.domain.signals_table import SLEEP_STAGES
from core.sources.wearables.collect import Place
from core.sources.wearables.json_fields import (
    BAD_TIME,
    GOAL,
    MISSING,
    NOT_KEPT,
    PART,
    UNKNOWN,
    Entries,
    Odd,
    When,
    above_zero,
    dig,
    listing,
    number,
    times,
)
from core.sources.wearables.json_scan import Glance
from core.sources.wearables.vendor_times import at_epoch, day_of, lasting

DEVICE = "Withings"
_TYPES: Mapping[int, tuple[str, float]] = {
    1: ("weight", 1.0), 4: ("height", 100.0), 5: ("lean_mass", 1.0), 6: ("body_fat", 1.0), 9: ("dbp", 1.0), 10: ("sbp", 1.0), 11: ("hr", 1.0),
    54: ("spo2", 1.0), 71: ("temp", 1.0), 73: ("skin_temp", 1.0), 123: ("vo2max", 1.0),
}  # fmt: skip
_KNOWN_TYPES = frozenset(
    {8, 12, 76, 77, 88, 91, 130, 135, 136, 137, 138, 139, 155, 167, 168, 169, 170, 174, 175, 196, 226, 227, 229}
)
_DAILY = {
    "steps": ("steps", 1.0),
    "distance": ("distance", 1.0),
    "calories": ("energy_active", 1.0),
    "totalcalories": ("energy_total", 1.0),
}
_BY_MINUTE = {
    "steps": "steps",
    "distance": "distance",
    "calories": "energy_active",
    "heart_rate": "hr",
    "spo2_auto": "spo2",
    "rmssd": "hrv_rmssd",
    "sdnn1": "hrv_sdnn",
}
_NIGHT = {"lightsleepduration": "sleep_light", "deepsleepduration": "sleep_deep", "remsleepduration": "sleep_rem"}
_NIGHT_LEVELS = {"hr_average": "hr", "rr_average": "rr"}
_STATES = {0: "awake", 1: "light", 2: "deep", 3: "rem"}
_OWNER_UNCLEAR = Odd("quarantined", "owner_unclear")


def knows(seen: Glance) -> bool:
    return {"status", "body"} <= seen.names and any(one in seen.text for one in (b'"measuregrps"', b'"activities"', b'"series"'))


def read(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    """All of one answer."""
    zone = dig(page, "body.timezone")
    for number_, group in enumerate(listing(page, "body.measuregrps")):
        _group(entries, group, zone, f"{at}measuregrps[{number_}]")
    for number_, day in enumerate(listing(page, "body.activities")):
        _day(entries, day, f"{at}activities[{number_}]")
    series = dig(page, "body.series")
    if isinstance(series, dict):
        for second, values in series.items():
            _minutes(entries, second, values, f"{at}series.{second}")
    for number_, one in enumerate(listing(page, "body.series")):
        if isinstance(one, dict) and isinstance(one.get("data"), dict):
            _night(entries, one, f"{at}series[{number_}]")
        else:
            _state(entries, one, f"{at}series[{number_}]")


def _group(entries: Entries, group: Any, zone: Any, at: str) -> None:
    category, attrib = dig(group, "category"), dig(group, "attrib")
    typed = MANUAL | (UNSURE if attrib == 4 else 0) if attrib in (2, 4) else 0
    when = at_epoch(dig(group, "date"), dig(group, "timezone") or zone)
    for number_, measure in enumerate(listing(group, "measures")):
        kind, exponent = dig(measure, "type"), number(measure, "unit")
        kind = kind if isinstance(kind, int) and not isinstance(kind, bool) and 0 <= kind < 10_000 else -1
        name = f"type {kind}" if kind >= 0 else "measure"
        signal, mult = _TYPES.get(kind, ("", 1.0))
        value: float | Odd = number(measure, "value")
        if not isinstance(value, Odd):
            value = exponent if isinstance(exponent, Odd) else _scaled(value, exponent) * mult if abs(exponent) <= 20 else MISSING
        if category == 2:
            entries.odd(name, GOAL)
        elif category != 1:
            entries.odd(name, Odd("quarantined", "unclear"), f"{at}[{number_}]")
        elif attrib == 1:
            entries.odd(name, _OWNER_UNCLEAR, f"{at}[{number_}]")
        elif not signal:
            entries.odd(name, NOT_KEPT if kind in _KNOWN_TYPES else UNKNOWN)
        else:
            entries.put(name, Place(signal, DEVICE), when, above_zero(value), typed, f"{at}[{number_}]")


def _scaled(value: float, exponent: float) -> float:
    """value * 10^exponent, as it would be written (74.126, not 74.12600000000001)."""
    return value / 10.0**-exponent if exponent < 0 else value * 10.0**exponent


def _day(entries: Entries, day: Any, at: str) -> None:
    when = day_of(dig(day, "date"))
    for name, (signal, mult) in _DAILY.items():
        if dig(day, name) is not None:
            entries.put(name, Place(signal, DEVICE, "1d"), when, times(number(day, name), mult), 0, at)
    moderate, intense = number(day, "moderate"), number(day, "intense")
    if not isinstance(moderate, Odd) and not isinstance(intense, Odd):
        entries.put("moderate", Place("active_minutes", DEVICE, "1d"), when, (moderate + intense) / 60, 0, at)
        entries.odd("intense", PART)
    for name in ("soft", "elevation", "hr_average", "hr_min", "hr_max"):
        if dig(day, name) is not None:
            entries.odd(name, NOT_KEPT)


def _minutes(entries: Entries, second: str, values: Any, at: str) -> None:
    begin = at_epoch(second, None)
    lasts = dig(values, "duration")
    when = begin if lasts is None or isinstance(begin, Odd) else lasting((begin.start, begin.offset), lasts)
    for name, signal in _BY_MINUTE.items():
        if dig(values, name) is not None:
            entries.put(name, Place(signal, DEVICE), when, number(values, name), 0, at)
    for name in ("elevation", "stroke", "pool_lap"):
        if dig(values, name) is not None:
            entries.odd(name, NOT_KEPT)


def _night(entries: Entries, night: Mapping[str, Any], at: str) -> None:
    when = at_epoch(night.get("startdate"), night.get("timezone"), night.get("enddate"))
    parts = [number(night, f"data.{name}") for name in _NIGHT]
    known = [part for part in parts if not isinstance(part, Odd)]
    if not isinstance(parts[0], Odd) and not isinstance(parts[1], Odd):  # REM is not told by all devices
        entries.put("sleep", Place("sleep", DEVICE, "1d"), when, sum(known) / 3600, 0, at)
    for name, signal in _NIGHT.items():
        if dig(night, f"data.{name}") is not None:
            entries.put(name, Place(signal, DEVICE, "1d"), when, times(number(night, f"data.{name}"), 1 / 3600), 0, at)
    for name, signal in _NIGHT_LEVELS.items():
        if dig(night, f"data.{name}") is not None:
            entries.put(name, Place(signal, DEVICE, "1d"), when, above_zero(number(night, f"data.{name}")), 0, at)
    rest = set(dig(night, "data") or {}) - set(_NIGHT) - set(_NIGHT_LEVELS)
    entries.odd("night", NOT_KEPT, count=len(rest))


def _state(entries: Entries, one: Any, at: str) -> None:
    state = dig(one, "state")
    name = _STATES.get(state) if isinstance(state, int) and not isinstance(state, bool) else None
    value = float(SLEEP_STAGES.index(name)) if name else MISSING if state is None else UNKNOWN
    ends = dig(one, "enddate")
    when: When | Odd = BAD_TIME if ends is None else at_epoch(dig(one, "startdate"), dig(one, "timezone"), ends)
    entries.put("state", Place("sleep_stage", DEVICE), when, value, 0, at)
