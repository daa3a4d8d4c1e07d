"""This is the place where answers of Jawbone UP's interface are read (the service ended in 2018; its exports live on).

Times are seconds since 1970 with the zone in `details.tz`, a name, "GMT-0600" or seconds (none: the instant only). Days and the hours in
`hourly_totals` are local. Weights and lean mass are kilograms, distances metres, calories of moves active ones; "sound" is deep sleep.
Zero of a body measure or of a stage means that it was not taken. Of a workout, steps and energy are part of the day's moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.sources.wearables.collect import Place
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.json_fields import (
    NO_READING,
    NOT_KEPT,
    PART,
    UNKNOWN,
    Entries,
    Odd,
    above_zero,
    dig,
    listing,
    number,
    text,
    times,
)
from core.sources.wearables.json_scan import Glance
from core.sources.wearables.vendor_times import at_epoch, day_of, hour_of

DEVICE = "Jawbone UP"
_BODY = {"weight": "weight", "body_fat": "body_fat", "bmi": "bmi", "lean_mass": "lean_mass"}
_MOVES = {
    "steps": ("steps", 1.0),
    "distance": ("distance", 1.0),
    "calories": ("energy_active", 1.0),
    "active_time": ("active_minutes", 1 / 60),
}
_STAGES = {"sound": "sleep_deep", "light": "sleep_light", "rem": "sleep_rem"}
_SPORTS = {
    1: "walk", 2: "run", 3: "weights", 6: "yoga", 7: "pilates", 8: "strength", 13: "swim", 14: "bike", 15: "elliptical", 19: "basketball",
    21: "soccer", 24: "hike", 26: "bike",
}  # fmt: skip


def knows(seen: Glance) -> bool:
    return {"meta", "data"} <= seen.names and b'"user_xid"' in seen.text


def read(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    """All of one answer."""
    for number_, item in enumerate(listing(page, "data.items")):
        where = f"{at}items[{number_}]"
        details = dig(item, "details") if isinstance(dig(item, "details"), dict) else {}
        if not isinstance(item, dict):
            entries.odd("entry", Odd("refused", "entry_not_an_object"), where)
        elif "resting_heartrate" in item:
            resting = above_zero(number(item, "resting_heartrate"))
            entries.put("resting_heartrate", Place("rhr", DEVICE, "1d"), day_of(item.get("date")), resting, 0, where)
        elif item.get("type") == "body" or "body_fat" in item:
            _body(entries, item, where)
        elif "asleep_time" in details or "awakenings" in details:
            _night(entries, item, where)
        elif item.get("type") == "move" or "hourly_totals" in details or "bmr_day" in details:
            _moves(entries, item, details, where)
        elif item.get("type") == "workout" or "meters" in details or "bg_active_time" in details:
            _workout(entries, item, details, where)
        else:
            entries.odd("item", UNKNOWN, where)


def _body(entries: Entries, item: Mapping[str, Any], at: str) -> None:
    when = at_epoch(item.get("time_created"), dig(item, "details.tz"))
    for name, signal in _BODY.items():
        if item.get(name) is not None:
            entries.put(name, Place(signal, DEVICE), when, above_zero(number(item, name)), 0, at)
    if item.get("waistline"):
        entries.odd("waistline", NOT_KEPT)


def _night(entries: Entries, item: Mapping[str, Any], at: str) -> None:
    when = at_epoch(item.get("time_created"), dig(item, "details.tz"), item.get("time_completed") or "")
    lasts, awake = number(item, "details.duration"), number(item, "details.awake")
    slept = lasts if isinstance(lasts, Odd) else awake if isinstance(awake, Odd) else (lasts - awake) / 3600
    entries.put("duration", Place("sleep", DEVICE, "1d"), when, slept, 0, at)
    for name, signal in _STAGES.items():
        value = number(item, f"details.{name}")
        if not isinstance(value, Odd):
            entries.put(name, Place(signal, DEVICE, "1d"), when, NO_READING if value == 0 else value / 3600, 0, at)


def _moves(entries: Entries, item: Mapping[str, Any], details: Mapping[str, Any], at: str) -> None:
    for name, (signal, mult) in _MOVES.items():
        if details.get(name) is not None:
            entries.put(name, Place(signal, DEVICE, "1d"), day_of(item.get("date")), times(number(details, name), mult), 0, at)
    hours = details.get("hourly_totals")
    for digits, hour in hours.items() if isinstance(hours, dict) else ():
        for name, (signal, mult) in _MOVES.items():
            if dig(hour, name) is not None:
                entries.put(
                    name, Place(signal, DEVICE, "1h"), hour_of(digits), times(number(hour, name), mult), 0, f"{at}.{digits[:20]}"
                )


def _workout(entries: Entries, item: Mapping[str, Any], details: Mapping[str, Any], at: str) -> None:
    when = at_epoch(item.get("time_created"), details.get("tz"), item.get("time_completed") or "")
    kind = item.get("sub_type")
    name = _SPORTS.get(kind, "") if isinstance(kind, int) else text(item, "title")
    entries.put("workout", Place("workout", DEVICE), when, sport(name), 0, at)
    for part in ("steps", "meters", "calories"):
        if details.get(part) is not None:
            entries.odd(part, PART)
