"""This is the place where the JSON of a Fitbit archive is read (Google Takeout, or Fitbit's own export of an account).

Clocks: what is recorded by the minute or finer (steps, distance, calories, altitude, heart_rate), and when an exercise began, is in UTC
without a zone (UTC_ONLY). What belongs to a day (resting heart rate, minutes of activity, zones, VO2max), sleep and weights are local
(FLOATING). Days are written month/day/year. Units are fixed: distance in centimetres, calories in kcal with the basal part, weights in
pounds; a weight whose BMI does not fit pounds is quarantined. A heart rate of confidence 0 is a guess of the tracker (UNSURE).

Very and moderately active minutes are the day's active minutes, in two files: each is a sample of the day, the latter ending a
nanosecond earlier so that both are kept and add up. A short waking ("shortData") is cut out of the stage around it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.domain.samples import ESTIMATED, FLOATING, UNSURE, UTC_ONLY, Columns, Parsed, Samples
from core.sources.wearables.clock import DAY, MINUTE
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_times import Times
from core.sources.wearables.fitbit_records import DEVICE, exercise, night, weight
from core.sources.wearables.form import Format, Member
from core.sources.wearables.json_fields import BAD_TIME, NO_READING, NOT_KEPT, UNKNOWN, WRONG_KIND, Entries, Odd, When, dig, number
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import glance_at
from core.sources.wearables.json_scan import Glance


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file of one kind holds: `path` where in "value" the number stands, `lasts` ns (0: an instant), `utc` its clock;
    `none` whether zero means that nothing was read."""

    signal: str
    mult: float = 1.0
    path: str = ""
    grain: str = ""
    lasts: int = 0
    utc: bool = False
    quality: int = 0
    none: bool = False

    @property
    def place(self) -> Place:
        return Place(self.signal, DEVICE, self.grain)


def _minute(signal: str, mult: float = 1.0) -> Kind:
    return Kind(signal, mult, grain="1min", lasts=MINUTE, utc=True)


def _day(signal: str, path: str = "", quality: int = 0, none: bool = False, lasts: int = DAY) -> Kind:
    return Kind(signal, 1.0, path, "1d", lasts, quality=quality, none=none)


KINDS: Mapping[str, Kind | Odd] = {
    "steps": _minute("steps"),
    "distance": _minute("distance", 0.01),
    "calories": _minute("energy_total"),
    "heart_rate": Kind("hr", path="bpm", utc=True, none=True),
    "resting_heart_rate": _day("rhr", "value", none=True),
    "very_active_minutes": _day("active_minutes"),
    "moderately_active_minutes": _day("active_minutes", lasts=DAY - 1),
    "sedentary_minutes": _day("sedentary_minutes"),
    "demographic_vo2_max": _day("vo2max", "filteredDemographicVO2Max|demographicVO2Max", ESTIMATED, True),
    "run_vo2_max": _day("vo2max", "filteredRunVO2Max|runVO2Max", ESTIMATED, True),
    "lightly_active_minutes": NOT_KEPT,
    "altitude": NOT_KEPT,
    "time_in_heart_rate_zones": NOT_KEPT,
    "estimated_oxygen_variation": NOT_KEPT,
    "swim_lengths_data": NOT_KEPT,
    "height": NOT_KEPT,
    "sleep": UNKNOWN,
    "exercise": UNKNOWN,
    "weight": UNKNOWN,
}
"""By the name of the file. The last three hold records of their own form; anything else in them is unknown."""
_BY_VALUE = {
    "bpm": "heart_rate",
    "error": "resting_heart_rate",
    "valuesInZones": "time_in_heart_rate_zones",
    "demographicVO2Max": "demographic_vo2_max",
    "runVO2Max": "run_vo2_max",
    "lapDurationSec": "swim_lengths_data",
}
_NAME = re.compile(r"([a-z][a-z_0-9]*?)(?:[-_ ]\d.*|\(\d+\))?\.json")
_AMERICAN = re.compile(rb'"dateTime"\s*:\s*"\d{1,2}/\d{1,2}/\d{2,4}[ "]')
_RECORDS = ({"logId", "dateOfSleep", "levels"}, {"logId", "weight", "bmi", "date"}, {"logId", "activityName", "activityTypeId"})


def _kind_of(name: str) -> str:
    found = _NAME.fullmatch(name.replace("\\", "/").rsplit("/", 1)[-1].lower())
    return found[1] if found and found[1] in KINDS else ""


def recognises(head: bytes, name: str) -> bool:
    """A list of values by an American date and time, or of nights, weights or exercises; an empty list by its name only."""
    seen: Glance = glance_at(head)
    if seen.root != "[" or seen.health_record:
        return False
    if {"dateTime", "value"} <= seen.names <= {"dateTime", "value", "dataSource"}:
        return _AMERICAN.search(seen.text) is not None
    if any(names <= seen.names for names in _RECORDS):
        return True
    return b"".join(seen.text.split()) == b"[]" and bool(_kind_of(name))


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    yield from entries.closed(_File(entries, _kind_of(member.name)).read(member))


class _File:
    def __init__(self, entries: Entries, kind: str) -> None:
        self._entries, self._kind, self._times = entries, kind, Times()

    def read(self, member: Member) -> Parsed:
        for piece in listed(member):
            if piece.why:
                self._entries.fault(piece)
            quick = self._quick(piece.items)
            if quick is not None:
                yield from quick
                continue
            for number_, item in enumerate(piece.items, piece.first):
                self._one(f"[{number_}]", item)
            yield from self._entries.ready()

    def _what(self, item: Mapping[str, Any]) -> str:
        value = item.get("value")
        if isinstance(value, dict):
            return next((kind for name, kind in _BY_VALUE.items() if name in value), "")
        return self._kind

    def _quick(self, items: list[Any]) -> Iterator[Samples] | None:
        """Values that are alike, all at once; None where one of them is not as it should be."""
        try:
            kind = KINDS.get(self._what(items[0]))
            if not isinstance(kind, Kind) or "|" in kind.path:
                return None
            values = [item["value"] for item in items]
            quality: Any = kind.quality
            if kind.path == "bpm":
                quality = np.array([UNSURE if value["confidence"] == 0 else 0 for value in values], np.uint8)
            if kind.path:
                values = [value[kind.path] for value in values]
            if set(map(type, values)) - {int, float, str}:
                return None
            numbers = np.array([float(value) for value in values])
            moments = [self._times.local(item["dateTime"]) for item in items]
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
            return None
        if None in moments or not np.isfinite(numbers).all() or (kind.none and bool((numbers <= 0).any())):
            return None
        if any(isinstance(value, str) and "_" in value for value in values):
            return None
        start = np.array([moment[0] for moment in moments if moment], np.int64)
        offset = np.array([_offset(moment[1], kind) for moment in moments if moment], np.int16)
        columns = Columns.of(start, numbers * kind.mult, start + kind.lasts, quality, offset)
        return self._entries.bulk(kind.place, columns, self._kind)

    def _one(self, at: str, item: Any) -> None:
        if not isinstance(item, dict):
            self._entries.odd("entry", Odd("refused", "entry_not_an_object"), at)
        elif "dateOfSleep" in item or "levels" in item:
            night(self._entries, item, at, self._times.local)
        elif "activityTypeId" in item or "activityName" in item:
            exercise(self._entries, item, at, self._times.local, utc=True)
        elif "weight" in item and "date" in item:
            weight(self._entries, item, at, self._times.local, pounds=True)
        else:
            self._value(at, item)

    def _value(self, at: str, item: Mapping[str, Any]) -> None:
        name = self._what(item)
        kind = KINDS.get(name, UNKNOWN)
        if not isinstance(kind, Kind):
            self._entries.odd(name or "value", kind, at)
            return
        if kind.path and not isinstance(item.get("value"), dict):
            self._entries.odd(name, WRONG_KIND, at)
            return
        found: float | Odd = number(item.get("value"), written=True)
        for path in kind.path.split("|") if kind.path else ():
            found = number(item["value"], path, written=True)
            if not isinstance(found, Odd):
                break
        if kind.none and (found == 0 or found == -1 or (dig(item, "value.value") is None and kind.signal == "rhr")):
            found = NO_READING
        moment = self._times.local(item["dateTime"]) if isinstance(item.get("dateTime"), str) else None
        when = When(moment[0], moment[0] + kind.lasts, _offset(moment[1], kind)) if moment else BAD_TIME
        if isinstance(found, float):
            found *= kind.mult
        quality = kind.quality | (UNSURE if kind.path == "bpm" and dig(item, "value.confidence") == 0 else 0)
        self._entries.put(name, kind.place, when, found, quality, at)


def _offset(offset: int, kind: Kind) -> int:
    return UTC_ONLY if kind.utc and offset == FLOATING else offset


FORMAT = Format("fitbit_takeout", recognises, read)
