"""This is the place where Oura's JSON is read: the export of an account, and answers of its interface (API v2, and v1 of older exports).

Clocks: a period of sleep, a workout and the lists inside them have their local offset. Heart rates of the day are written in UTC
("+00:00", whoever wears the ring), so that the offset says nothing of the local clock: UTC_ONLY. What belongs to a day (`day`,
`summary_date`) is of that local day (FLOATING, grain "1d").

As in Oura's tables: the average heart rate of a night is `rhr`, HRV is RMSSD, scores, the lowest heart rate and METs are counted and not
kept, targets are no measurements. `sleep_phase_5_min` has a letter for five minutes: 1 deep, 2 light, 3 REM, 4 awake. Items of a list
that are null are no entries. A period of the type "deleted" or "rest" was taken back by the person. What a record means is told by its
own fields, not by the name of its list. Written from Oura's documentation; no real file was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.samples import FLOATING, MANUAL, UTC_ONLY, Parsed
from core.domain.signals_table import SLEEP_STAGES
from core.sources.wearables.clock import DAY, MINUTE, SECOND, moment
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_times import midnight
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.form import Format, Member
from core.sources.wearables.json_fields import (
    BAD_TIME,
    NO_READING,
    NOT_KEPT,
    PART,
    UNKNOWN,
    WRONG_KIND,
    Entries,
    Odd,
    When,
    number,
    text,
    times,
)  # fmt: skip
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import DOCUMENT, glance_at
from core.sources.wearables.oura_days import READ_HERE, day_besides
from core.sources.wearables.oura_fields import FIELDS, GRAINS, LEFT, LISTS, MOMENTS, PHASES, SCORE, STRUCTURAL, TAKEN_BACK, Field

_DEVICE = "Oura"
_STAGES = {"1": "deep", "2": "light", "3": "rem", "4": "awake"}
_ROOTS = frozenset({
    "data", "next_token", "sleep", "daily_sleep", "daily_activity", "daily_readiness", "daily_spo2", "daily_stress", "daily_resilience",
    "daily_cardiovascular_age", "heartrate", "heart_rate", "workout", "workouts", "session", "sessions", "vo2_max", "vO2_max", "sleep_time",
    "temperature", "tag", "enhanced_tag", "rest_mode_period", "ring_configuration", "personal_info", "activity", "readiness", "profile",
    "ideal_bedtimes", "bedtime", "spo2", "email", "restful_periods", "ring_battery_level",
})  # fmt: skip
_TELLING = (
    {"bedtime_start", "total_sleep_duration"}, {"bedtime_start", "sleep_phase_5_min"}, {"bedtime_start", "hypnogram_5min"},
    {"day", "equivalent_walking_distance"}, {"day", "contributors", "score"}, {"day", "temperature_deviation"}, {"day", "spo2_percentage"},
    {"bpm", "source", "timestamp"}, {"day", "vo2_max"}, {"start_datetime", "end_datetime", "activity"}, {"timestamp", "skin_temp"},
    {"start_datetime", "end_datetime", "heart_rate", "mood"}, {"summary_date", "cal_active"}, {"summary_date", "score_temperature"},
)  # fmt: skip
_NAME = re.compile(rb'"([A-Za-z_0-9]{1,40})"\s{0,20}:')
_MOST_ITEMS = 100_000


def recognises(head: bytes, name: str) -> bool:
    seen = glance_at(head)
    if not seen.root or seen.health_record or (seen.root == "{" and not seen.names & _ROOTS and "day" not in seen.names):
        return False
    if seen.names == {"data", "next_token"} and b'"data":[]' in seen.text.replace(b" ", b"").replace(b"\n", b""):
        return True
    names = {found.decode() for found in _NAME.findall(seen.text)}
    return any(telling <= names for telling in _TELLING)


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    yield from entries.closed(_file(member, entries))


def _file(member: Member, entries: Entries) -> Parsed:
    for piece in listed(member):
        if piece.why:
            entries.fault(piece)
        for position, item in enumerate(piece.items, piece.first):
            if piece.key != DOCUMENT:
                _record(entries, item, f"{piece.key}[{position}]")
            elif isinstance(item, dict):
                _around(entries, item)
        yield from entries.ready()


def _around(entries: Entries, item: Mapping[str, Any]) -> None:
    """The object around the lists: a single record, or what an account says of its owner."""
    if _day_of(item) or "bedtime_start" in item:
        _record(entries, item, DOCUMENT)
        return
    for name, value in item.items():
        if isinstance(value, dict):
            entries.odd(name, Odd("not_followed", "profile"))


def _record(entries: Entries, item: Any, at: str) -> None:
    if not isinstance(item, dict):
        entries.odd("record", Odd("refused", "entry_not_an_object"), at)
    elif "bedtime_start" in item and text(item, "type") in TAKEN_BACK:
        entries.odd("period", Odd("not_followed", "taken_back"))
    elif not any(
        isinstance(item.get(name), str) for name in ("day", "summary_date", "date", "timestamp", "bedtime_start", "start_datetime")
    ):
        entries.odd("record", Odd("not_followed", "profile") if "email" in item else UNKNOWN)
    else:
        _fields(entries, item, at)


def _fields(entries: Entries, item: Mapping[str, Any], at: str) -> None:
    period, day = _period(item), _day_when(item)
    if "activity" in item and "start_datetime" in item:
        typed = MANUAL if text(item, "source").lower() == "manual" else 0
        name = text(item, "activity")
        entries.put("activity", Place("workout", _DEVICE), period or BAD_TIME, sport(name) if name else UNKNOWN, typed, at)
    if item.get("spo2_percentage") is not None:
        found = item["spo2_percentage"]
        value = _nonzero(number(found, "average") if isinstance(found, dict) else number(found))
        entries.put("spo2_percentage", Place("spo2", _DEVICE, "1d"), day, value, 0, at)
    day_besides(entries, item, day, at)
    for name, value in item.items():
        if value is None or name in STRUCTURAL or name in READ_HERE:
            continue
        if (field := FIELDS.get(name)) is not None and not (name == "activity" or isinstance(value, dict | list)):
            when = day if field.day or period is None else period
            entries.put(name, Place(field.signal, _DEVICE, "1d"), when, _value(field, value), field.quality, at)
        elif (field := MOMENTS.get(name)) is not None:
            entries.put(name, Place(field.signal, _DEVICE), _instant(item), _value(field, value), field.quality, at)
        elif name in LISTS:
            _items(entries, name, item, at)
        elif name in PHASES:
            _phases(entries, name, value, item, at)
        else:
            _left(entries, name, value)


def _left(entries: Entries, name: str, value: Any) -> None:
    """A field that is not kept: once, or once for each value of a list."""
    odd = SCORE if name == "score" or name.startswith("score_") or name.endswith(("_score", "_score_delta")) else LEFT.get(name)
    if odd is None and (isinstance(value, bool) or not isinstance(value, int | float | dict | list)):
        return
    items = value.get("items") if isinstance(value, dict) else value
    count = sum(one is not None for one in items) if isinstance(items, list) else 1
    entries.odd(name, odd or NOT_KEPT, count=count)


def _value(field: Field, value: Any) -> float | Odd:
    found = number(value)
    return times(found if field.zero else _nonzero(found), field.mult)


def _nonzero(value: float | Odd) -> float | Odd:
    return NO_READING if value == 0 else value


def _day_of(item: Mapping[str, Any]) -> tuple[int, int] | None:
    written = next((item[name] for name in ("day", "summary_date", "date") if isinstance(item.get(name), str)), None)
    return midnight(moment(written))


def _day_when(item: Mapping[str, Any]) -> When | Odd:
    day = _day_of(item) or midnight(moment(item.get("timestamp")))
    return When(day[0], day[0] + DAY, FLOATING) if day else BAD_TIME


def _period(item: Mapping[str, Any]) -> When | Odd | None:
    """From when to when a period of sleep or a workout was; None where the record is none."""
    for begin, over in (("bedtime_start", "bedtime_end"), ("start_datetime", "end_datetime")):
        if begin in item:
            start, end = moment(item.get(begin)), moment(item.get(over))
            return When(start[0], end[0], start[1]) if start and end else BAD_TIME
    return None


def _instant(item: Mapping[str, Any]) -> When | Odd:
    at = moment(item.get("timestamp"))
    return When(at[0], None, at[1] or UTC_ONLY) if at else BAD_TIME


def _begins(item: Mapping[str, Any]) -> tuple[int, int] | None:
    return moment(item.get("bedtime_start")) or moment(item.get("start_datetime"))


def _items(entries: Entries, name: str, item: Mapping[str, Any], at: str) -> None:
    """A list at an interval: `{"interval": 300, "items": [...], "timestamp": ...}`, or v1's plain list from the beginning of the period."""
    value = item[name]
    if isinstance(value, dict):
        step, items, start = number(value, "interval"), value.get("items"), moment(value.get("timestamp")) or _begins(item)
    else:
        step, items, start = 300.0, value, _begins(item)
    if isinstance(step, Odd) or not 1 <= step <= 3600 or not isinstance(items, list):
        entries.odd(name, WRONG_KIND, at)
        return
    place = Place(LISTS[name], _DEVICE, GRAINS.get(int(step), "") if step == int(step) else "")
    for position, one in enumerate(items[:_MOST_ITEMS]):
        if one is not None:
            begin = start[0] + int(position * step * SECOND) if start else 0
            when = When(begin, begin + int(step * SECOND), start[1]) if start else BAD_TIME
            entries.put(name, place, when, _nonzero(number(one)), 0, at)
    entries.odd(name, Odd("refused", "too_large"), at, max(0, len(items) - _MOST_ITEMS))


def _phases(entries: Entries, name: str, value: Any, item: Mapping[str, Any], at: str) -> None:
    start = _begins(item)
    if not isinstance(value, str):
        entries.odd(name, WRONG_KIND, at)
        return
    if name != PHASES[0] and isinstance(item.get(PHASES[0]), str):
        entries.odd(name, PART)
        return
    for position, letter in enumerate(value[:_MOST_ITEMS]):
        stage = _STAGES.get(letter)
        begin = start[0] + position * 5 * MINUTE if start else 0
        when = When(begin, begin + 5 * MINUTE, start[1]) if start else BAD_TIME
        entries.put(name, Place("sleep_stage", _DEVICE), when, float(SLEEP_STAGES.index(stage)) if stage else UNKNOWN, 0, at)


FORMAT = Format("oura_json", recognises, read)
