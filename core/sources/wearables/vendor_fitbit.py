"""This is the place where answers of Fitbit's interface are read.

All times are the person's local clock without a zone (FLOATING); units are metric, as the interface gives them without a language header
(kilometres, kilograms). The summary of a day without its date cannot be placed; goals are counted and never values. Values by the minute
("...-intraday") have their day in the daily list beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.domain.samples import FLOATING
from core.sources.wearables.clock import MINUTE, moment
from core.sources.wearables.collect import Place
from core.sources.wearables.fitbit_records import DEVICE, exercise, night, weight
from core.sources.wearables.json_fields import (
    BAD_TIME,
    GOAL,
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
)
from core.sources.wearables.json_scan import Glance
from core.sources.wearables.vendor_times import day_of

_DAILY: Mapping[str, tuple[str, float] | Odd] = {
    "steps": ("steps", 1.0), "distance": ("distance", 1000.0), "calories": ("energy_total", 1.0), "floors": ("floors", 1.0),
    "minutesSedentary": ("sedentary_minutes", 1.0), "minutesVeryActive": ("active_minutes", 1.0), "minutesFairlyActive": ("active_minutes", 1.0),
    "minutesLightlyActive": NOT_KEPT, "elevation": NOT_KEPT, "caloriesBMR": ("energy_basal", 1.0), "activityCalories": NOT_KEPT,
}  # fmt: skip
_UNDATED = Odd("quarantined", "time_unclear")
_SAME = Odd("duplicate", "same_as_another")
_SUMMARY = Odd("not_followed", "summary_of_others")
_STEPS = {
    ("minute", 1): ("1min", MINUTE),
    ("minute", 5): ("5min", 5 * MINUTE),
    ("minute", 15): ("15min", 15 * MINUTE),
    ("second", 1): ("", 0),
}


def knows(seen: Glance) -> bool:
    if any(name.startswith("activities-") for name in seen.names) or {"activities", "summary"} <= seen.names:
        return b'"summary"' in seen.text or any(name.startswith("activities-") for name in seen.names)
    empty = seen.text.replace(b" ", b"").replace(b"\n", b"").replace(b"\r", b"")
    if "sleep" in seen.names and seen.names <= {"sleep", "summary", "meta", "pagination"}:
        return b'"dateOfSleep"' in seen.text or b'{"sleep":[]' in empty
    return seen.names == {"weight"} and (b'"logId"' in seen.text or empty == b'{"weight":[]}')


def read(entries: Entries, page: Mapping[str, Any], at: str) -> None:
    """All of one answer."""
    for number_, one in enumerate(listing(page, "sleep")):
        if isinstance(one, dict):
            night(entries, one, f"{at}sleep[{number_}]", moment)
        else:
            entries.odd("entry", Odd("refused", "entry_not_an_object"), f"{at}sleep[{number_}]")
    for number_, one in enumerate(listing(page, "weight")):
        if isinstance(one, dict):
            weight(entries, one, f"{at}weight[{number_}]", moment, pounds=False)
        else:
            entries.odd("entry", Odd("refused", "entry_not_an_object"), f"{at}weight[{number_}]")
    for number_, one in enumerate(listing(page, "activities")):
        if isinstance(one, dict):
            exercise(entries, one, f"{at}activities[{number_}]", moment, utc=False)
        else:
            entries.odd("entry", Odd("refused", "entry_not_an_object"), f"{at}activities[{number_}]")
    _counted(entries, page)
    for name in page:
        if name.startswith("activities-") and name.endswith("-intraday"):
            _intraday(entries, page, name.removesuffix("-intraday"), at)
        elif name.startswith("activities-"):
            _daily(entries, page, name, at)


def _counted(entries: Entries, page: Mapping[str, Any]) -> None:
    """Goals, and sums of a day that the answer does not name."""
    goals, summary = page.get("goals"), page.get("summary")
    entries.odd("goals", GOAL, count=len(goals) if isinstance(goals, dict) else 0)
    if isinstance(summary, dict) and "sleep" in page:
        entries.odd("summary", PART, count=len(summary))
    elif isinstance(summary, dict):
        entries.odd("summary", _UNDATED, count=sum(not isinstance(value, list | dict) for value in summary.values()))
        entries.odd("distances", _UNDATED, count=len(listing(summary, "distances")))


def _daily(entries: Entries, page: Mapping[str, Any], name: str, at: str) -> None:
    what = name.removeprefix("activities-")
    for number_, one in enumerate(listing(page, name)):
        where, day = f"{at}{name}[{number_}]", day_of(dig(one, "dateTime"))
        if what == "heart":
            _heart(entries, one, day, where)
            continue
        found = _SAME if what.startswith("tracker") else _DAILY.get(what, UNKNOWN)
        if isinstance(found, Odd):
            entries.odd(name, found)
            continue
        signal, mult = found
        if what == "minutesFairlyActive" and isinstance(day, When) and day.end:
            day = day._replace(end=day.end - 1)  # as in the archive: two parts of the day's active minutes
        entries.put(name, Place(signal, DEVICE, "1d"), day, times(number(one, "value", written=True), mult), 0, where)


def _heart(entries: Entries, one: Any, day: When | Odd, at: str) -> None:
    resting = dig(one, "value.restingHeartRate")
    if resting is not None:
        entries.put("restingHeartRate", Place("rhr", DEVICE, "1d"), day, above_zero(number(resting)), 0, at)
    elif not isinstance(dig(one, "value"), dict):
        entries.odd("activities-heart", _SUMMARY)
    zones = listing(one, "value.heartRateZones") or listing(one, "heartRateZones")
    entries.odd("heartRateZones", NOT_KEPT, count=len(zones))


def _intraday(entries: Entries, page: Mapping[str, Any], name: str, at: str) -> None:
    what = name.removeprefix("activities-")
    found = ("hr", 1.0) if what == "heart" else _DAILY.get(what, UNKNOWN)
    days = listing(page, name)
    day = text(days[0], "dateTime") if len(days) == 1 else ""
    step = dig(page, f"{name}-intraday.datasetInterval")
    grain, lasts = _STEPS.get((text(page, f"{name}-intraday.datasetType"), step), ("", 0)) if isinstance(step, int) else ("", 0)
    for number_, one in enumerate(listing(page, f"{name}-intraday.dataset")):
        if isinstance(found, Odd):
            entries.odd(f"{name}-intraday", found)
            continue
        begin = moment(f"{day}T{text(one, 'time')}") if len(day) == 10 and dig(one, "time") else None
        when: When | Odd = BAD_TIME
        if begin and begin[1] == FLOATING:
            when = When(begin[0], begin[0] + lasts if lasts else None, FLOATING)
        elif not day:
            when = _UNDATED
        value = times(number(one, "value", written=True), found[1])
        value = above_zero(value) if what == "heart" else value
        entries.put(f"{name}-intraday", Place(found[0], DEVICE, grain), when, value, 0, f"{at}{name}[{number_}]")
