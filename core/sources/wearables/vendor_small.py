"""This is the place where answers of three small interfaces are read: Misfit, Moves and RunKeeper.

Misfit: times with an offset, distances in miles, sleep 1 awake, 2 asleep, 3 deep (each until the next). Moves: times with an offset, days
local, metres; what moves a person in a vehicle ("transport") is no distance of theirs. RunKeeper: the local clock with `utc_offset` hours
beside it (missing: the clock floats), metres and kcal; entry_mode "Web" was typed in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.samples import FLOATING, MANUAL
from core.domain.signals_table import SLEEP_STAGES
from core.sources.wearables.clock import MINUTE, moment, wall
from core.sources.wearables.collect import Place
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.json_fields import (
    BAD_TIME,
    MISSING,
    NO_MEASUREMENT,
    NOT_KEPT,
    PART,
    UNKNOWN,
    Entries,
    Odd,
    When,
    dig,
    listing,
    number,
    text,
    times,
)
from core.sources.wearables.json_scan import Glance
from core.sources.wearables.vendor_times import compact, day_of, lasting, offset_of

_MILE = 1609.344
_MISFIT = {1: "awake", 2: "asleep", 3: "deep"}
_UNCLEAR = Odd("quarantined", "time_unclear")
_SCORE = Odd("not_followed", "score_not_kept")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WRITTEN = re.compile(r"(?:\w{3},\s*)?(\d{1,2}) (\w{3}) (\d{4}) (\d{1,2}):(\d{2}):(\d{2})")


def knows_misfit(seen: Glance) -> bool:
    if seen.names not in ({"sessions"}, {"summary"}, {"sleeps"}):
        return False
    return any(one in seen.text for one in (b'"activityType"', b'"activityCalories"', b'"sleepDetails"', b'"points"'))


def read_misfit(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    for number_, one in enumerate(listing(page, "sessions")):
        name = text(one, "activityType")
        when = lasting(_moment(dig(one, "startTime")), dig(one, "duration"))
        entries.put("session", Place("workout", "Misfit"), when, sport(name) if name else MISSING, 0, f"{at}sessions[{number_}]")
        entries.odd("session", PART, count=sum(dig(one, part) is not None for part in ("steps", "calories", "distance")))
    for number_, one in enumerate(listing(page, "summary")):
        where, day = f"{at}summary[{number_}]", day_of(dig(one, "date"))
        for name, signal, mult in (
            ("steps", "steps", 1.0),
            ("distance", "distance", _MILE),
            ("activityCalories", "energy_active", 1.0),
        ):
            if dig(one, name) is not None:
                entries.put(name, Place(signal, "Misfit", "1d"), day, times(number(one, name), mult), 0, where)
        entries.odd("calories", NOT_KEPT, count=int(dig(one, "calories") is not None))
        entries.odd("points", _SCORE, count=int(dig(one, "points") is not None))
    for number_, one in enumerate(listing(page, "sleeps")):
        _misfit_night(entries, one, f"{at}sleeps[{number_}]")


def _moment(value: Any) -> tuple[int, int] | None:
    return moment(value) if isinstance(value, str) else None


def _misfit_night(entries: Entries, one: Any, at: str) -> None:
    night = lasting(_moment(dig(one, "startTime")), dig(one, "duration"))
    details = listing(one, "sleepDetails")
    begins = [_moment(dig(detail, "datetime")) for detail in details]
    slept = 0
    for number_, (detail, begin) in enumerate(zip(details, begins, strict=True)):
        after = begins[number_ + 1] if number_ + 1 < len(begins) else None
        end = after[0] if after else night.end if isinstance(night, When) and number_ + 1 == len(begins) else None
        inside = isinstance(night, When) and begin and end and night.end and night.start <= begin[0] <= end <= night.end
        code = dig(detail, "value")
        stage = _MISFIT.get(code) if isinstance(code, int) else None
        value = float(SLEEP_STAGES.index(stage)) if stage else UNKNOWN
        when: When | Odd = When(begin[0], end, begin[1]) if begin and end and inside else BAD_TIME
        if isinstance(when, When) and end and stage in ("asleep", "deep"):
            slept += end - when.start
        entries.put("sleepDetails", Place("sleep_stage", "Misfit"), when, value, 0, f"{at}[{number_}]")
    if slept:
        entries.put("sleep", Place("sleep", "Misfit", "1d"), night, slept / (60 * MINUTE), 0, at)


def knows_moves(seen: Glance) -> bool:
    return seen.root == "[" and {"date", "segments"} <= seen.names and b'"caloriesIdle"' in seen.text


def read_moves(entries: Entries, day: Mapping[str, Any], at: str) -> None:
    """One day: its sums, and what was done when."""
    whole = day_of(day.get("date"))
    sums = [one for one in listing(day, "summary") if isinstance(one, dict) and text(one, "group") != "transport"]
    for name, signal in (("steps", "steps"), ("distance", "distance"), ("calories", "energy_active")):
        values = [number(one, name) for one in sums if one.get(name) is not None]
        good = [value for value in values if not isinstance(value, Odd)]
        if values:
            entries.put(name, Place(signal, "Moves", "1d"), whole, sum(good) if len(good) == len(values) else values[0], 0, at)
            entries.odd(name, PART, count=len(values) - 1)
    if day.get("caloriesIdle") is not None:
        entries.put("caloriesIdle", Place("energy_basal", "Moves", "1d"), whole, number(day, "caloriesIdle"), 0, at)
    for number_, segment in enumerate(listing(day, "segments")):
        for one in listing(segment, "activities"):
            _moved(entries, one, f"{at}.segments[{number_}]")


def _moved(entries: Entries, one: Any, at: str) -> None:
    if text(one, "group") == "transport":
        entries.odd("transport", NO_MEASUREMENT)
        return
    begin, over = compact(dig(one, "startTime")), compact(dig(one, "endTime"))
    when: When | Odd = When(begin[0], over[0], begin[1]) if begin and over else BAD_TIME
    if dig(one, "startTime") is None:
        when = _UNCLEAR
    typed = MANUAL if dig(one, "manual") is True else 0
    name = text(one, "activity")
    entries.put("activity", Place("workout", "Moves"), when, sport(name) if name else MISSING, typed, at)
    for field, signal in (("steps", "steps"), ("distance", "distance"), ("calories", "energy_active")):
        if dig(one, field) is not None:
            entries.put(field, Place(signal, "Moves"), when, number(one, field), typed, at)


def knows_runkeeper(seen: Glance) -> bool:
    return (
        "items" in seen.names
        and b'"start_time"' in seen.text
        and any(one in seen.text for one in (b"fitnessActivities", b'"tracking_mode"'))
    )


def read_runkeeper(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    for number_, one in enumerate(listing(page, "items")):
        where, when = f"{at}items[{number_}]", _run(one)
        typed = MANUAL if text(one, "entry_mode").lower() == "web" else 0
        name = text(one, "type")
        entries.put("type", Place("workout", "RunKeeper"), when, sport(name) if name else MISSING, typed, where)
        for field, signal in (("total_distance", "distance"), ("total_calories", "energy_active")):
            if dig(one, field) is not None:
                entries.put(field, Place(signal, "RunKeeper"), when, number(one, field), typed, where)


def _run(one: Any) -> When | Odd:
    found = _WRITTEN.fullmatch(text(one, "start_time"))
    if found is None or found[2].lower() not in _MONTHS:
        return BAD_TIME
    month = _MONTHS.index(found[2].lower()) + 1
    at = wall(int(found[3]), month, int(found[1]), int(found[4]), int(found[5]), int(found[6]))
    if at is None:
        return BAD_TIME
    offset = offset_of(dig(one, "utc_offset"), at)
    begin = (at - offset * MINUTE, offset) if offset > FLOATING else (at, FLOATING)
    return lasting(begin, dig(one, "duration"))
