"""This is the place where a night, an exercise and a weight are read as Fitbit writes them, in its archive and by its API alike.

Sleep: local clock without a zone. Levels are classic (asleep, restless, awake) or stages (wake, light, deep, rem); "shortData" are wakings
of at most three minutes that Fitbit lays over the stages. What a night says of itself in sum (minutes asleep, of each stage) is grain
"1d" over the night. Weights: pounds in the archive, kilograms by the API without a language header (Fitbit Web API, "Unit systems").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from core.domain.samples import FLOATING, MANUAL, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.clock import SECOND, moment
from core.sources.wearables.collect import Place
from core.sources.wearables.json_fields import (
    BAD_TIME,
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
    text,
    times,
)  # fmt: skip

DEVICE = "Fitbit"
POUND = 0.45359237
Clock = Callable[[str], tuple[int, int] | None]
"""Reads a time with its clock, as `clock.moment`."""

_STAGES = {
    "asleep": "asleep",
    "restless": "restless",
    "awake": "awake",
    "wake": "awake",
    "light": "light",
    "deep": "deep",
    "rem": "rem",
}
_SUMS = {"deep": "sleep_deep", "light": "sleep_light", "rem": "sleep_rem"}
_MILLISECOND = SECOND // 1000
_NIGHT_NOT_KEPT = ("minutesToFallAsleep", "minutesAwake", "minutesAfterWakeup", "timeInBed", "efficiency")
_SPORTS = {
    "walk": "walking", "treadmill": "walking", "run": "running", "hike": "hiking", "bike": "cycling", "biking": "cycling", "cycling": "cycling",
    "spinning": "cycling", "swim": "swimming", "weights": "strength", "strength": "strength", "yoga": "yoga", "pilates": "yoga",
    "row": "rowing", "elliptical": "elliptical", "soccer": "team_sport", "football": "team_sport", "basketball": "team_sport",
    "volleyball": "team_sport", "hockey": "team_sport", "rugby": "team_sport", "baseball": "team_sport",
}  # fmt: skip


def sport(name: str) -> float:
    """A sport by its name, as a value of `workout`."""
    words = name.lower()
    return float(WORKOUTS.index(next((what for word, what in _SPORTS.items() if word in words), "other")))


def night(entries: Entries, item: Mapping[str, Any], at: str, clock: Clock) -> None:
    """The stages of a sleep, and its sums."""
    typed = MANUAL if text(item, "logType").lower() == "manual" else 0
    begin, over = _local(item.get("startTime"), clock), _local(item.get("endTime"), clock)
    lasts = number(item, "duration")
    if begin and not over and not isinstance(lasts, Odd):
        over = begin[0] + int(lasts * _MILLISECOND), begin[1]
    when: When | Odd = When(begin[0], over[0], begin[1]) if begin and over else BAD_TIME
    _stages(entries, item, at, clock, typed)
    if "minutesAsleep" in item:
        slept = times(number(item, "minutesAsleep"), 1 / 60)
        entries.put("minutesAsleep", Place("sleep", DEVICE, "1d"), when, slept, typed, at)
    for name, signal in _SUMS.items():
        if dig(item, f"levels.summary.{name}.minutes") is not None:
            entries.put(
                name, Place(signal, DEVICE, "1d"), when, times(number(item, f"levels.summary.{name}.minutes"), 1 / 60), typed, at
            )
    for name in _NIGHT_NOT_KEPT:
        if item.get(name) is not None:
            entries.odd(name, NOT_KEPT)


def _stages(entries: Entries, item: Mapping[str, Any], at: str, clock: Clock, typed: int) -> None:
    short = [_stage(one, clock) for one in listing(item, "levels.shortData")]
    wakings = sorted(
        (when.start, when.end) for when, value in short if isinstance(when, When) and when.end and not isinstance(value, Odd)
    )
    place = Place("sleep_stage", DEVICE)
    for number_, one in enumerate(listing(item, "levels.data")):
        when, value = _stage(one, clock)
        if not isinstance(when, When) or when.end is None or isinstance(value, Odd):
            entries.put("level", place, when, value, typed, f"{at}.data[{number_}]")
            continue
        for start, end in _without(when.start, when.end, wakings):
            entries.put("level", place, When(start, end, when.offset), value, typed, at)
    for number_, (when, value) in enumerate(short):
        entries.put("level", place, when, value, typed, f"{at}.shortData[{number_}]")


def _stage(one: Any, clock: Clock) -> tuple[When | Odd, float | Odd]:
    seconds = number(one, "seconds")
    begin = _local(dig(one, "dateTime"), clock)
    level = _STAGES.get(text(one, "level").lower())
    value = float(SLEEP_STAGES.index(level)) if level else UNKNOWN if dig(one, "level") else MISSING
    if isinstance(seconds, Odd) or not 0 <= seconds < 1e7:
        return MISSING if isinstance(seconds, Odd) else BAD_TIME, value
    return When(begin[0], begin[0] + int(seconds * SECOND), begin[1]) if begin else BAD_TIME, value


def _without(start: int, end: int, holes: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """An interval without the holes (ascending) in it; all of it where nothing else would be left."""
    left, at = [], start
    for begin, over in holes:
        if begin < end and over > at:
            if begin > at:
                left.append((at, begin))
            at = max(at, over)
    if at < end:
        left.append((at, end))
    return left or [(start, end)]


def _local(value: Any, clock: Clock) -> tuple[int, int] | None:
    return (moment(value) or clock(value)) if isinstance(value, str) else None


def exercise(entries: Entries, item: Mapping[str, Any], at: str, clock: Clock, *, utc: bool) -> None:
    """One exercise: its kind over its time. What it says of steps, energy and hearts is part of what is recorded by the minute."""
    name = text(item, "activityName") or text(item, "name") or text(item, "activityParentName")
    begin, lasts = _local(_begins(item), clock), number(item, "duration")
    if begin and utc and begin[1] == FLOATING:
        begin = begin[0], UTC_ONLY
    when: When | Odd = BAD_TIME
    if begin and not isinstance(lasts, Odd) and 0 <= lasts < 1e12:
        when = When(begin[0], begin[0] + int(lasts * _MILLISECOND), begin[1])
    elif isinstance(lasts, Odd):
        when = lasts
    typed = MANUAL if text(item, "logType").lower() in ("manual", "mobile_manual") or item.get("hasStartTime") is False else 0
    entries.put("exercise", Place("workout", DEVICE), when, sport(name) if name else MISSING, typed, at)
    for part in ("steps", "calories", "distance", "averageHeartRate"):
        if item.get(part) is not None:
            entries.odd(part, PART)


def _begins(item: Mapping[str, Any]) -> Any:
    if isinstance(item.get("startDate"), str) and isinstance(item.get("startTime"), str):
        return f"{item['startDate']}T{item['startTime']}"
    return item.get("startTime")


def weight(entries: Entries, item: Mapping[str, Any], at: str, clock: Clock, *, pounds: bool) -> None:
    """A weight with BMI and body fat. Typed in where its source says so ("Web", or the app)."""
    day, hour = item.get("date"), item.get("time")
    begin = _local(f"{day} {hour}" if isinstance(day, str) and isinstance(hour, str) else day, clock)
    when: When | Odd = When(begin[0], None, begin[1]) if begin else BAD_TIME
    typed = MANUAL if text(item, "source").lower() in ("web", "mobile", "manual") else 0
    bmi = above_zero(number(item, "bmi", written=True)) if item.get("bmi") is not None else None
    kilograms = times(above_zero(number(item, "weight", written=True)), POUND if pounds else 1.0)
    if not isinstance(kilograms, Odd) and isinstance(bmi, float) and not 1.4 <= (kilograms / bmi) ** 0.5 <= 2.3:
        kilograms = Odd("quarantined", "unit_doubtful")
    entries.put("weight", Place("weight", DEVICE), when, kilograms, typed, at)
    if bmi is not None:
        entries.put("bmi", Place("bmi", DEVICE), when, bmi, typed, at)
    if item.get("fat") is not None:
        entries.put("fat", Place("body_fat", DEVICE), when, above_zero(number(item, "fat", written=True)), typed, at)
