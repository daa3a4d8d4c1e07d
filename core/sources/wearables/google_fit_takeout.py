"""This is the place where Google Fit's JSON is read: the data streams and sessions of a Takeout, and answers of its interface.

Clock: nanoseconds since 1970, UTC only; sessions name an instant (Z) or an offset. Units are fixed by data type (Google Fit data types):
kg, metres, kcal with the basal part, mmol/L, percent, degrees Celsius. What a person typed in comes from the stream "user_input".

A Takeout says many things several times: as each device counted them (raw), and as Google merged them (merge_...). So the device is
the one the file's own stream names; merged streams are "Google Fit". Where they tell of the same time, the ranking of devices decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from core.domain.samples import MANUAL, UTC_ONLY, Columns, Parsed, Samples
from core.domain.signals_table import SLEEP_STAGES
from core.sources.wearables.clock import moment
from core.sources.wearables.collect import Place
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.form import Format, Member
from core.sources.wearables.google_fit_types import ACTIVITIES, SLEEP, SLEEP_NAMES, STREAMS, TYPES, WORKOUT, device_of
from core.sources.wearables.json_fields import (
    BAD_TIME,
    MISSING,
    NO_MEASUREMENT,
    PART,
    UNKNOWN,
    WRONG_KIND,
    Entries,
    Odd,
    When,
    dig,
    epoch,
    listing,
    number,
    text,
    times,
)
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import documents, glance_at
from core.sources.wearables.json_scan import Glance

_SOURCE = re.compile(rb'"(?:Data Source|dataSourceId)"\s*:\s*"((?:[^"\\]|\\.){1,300})"')
_LISTS = ("Data Points", "point")
_HOUR = 3_600_000_000_000


def _is_stream(seen: Glance) -> bool:
    return (
        "Data Points" in seen.names or {"dataSourceId", "minStartTimeNs"} <= seen.names or {"dataSourceId", "point"} <= seen.names
    )


def recognises(head: bytes, name: str) -> bool:
    seen = glance_at(head)
    if seen.root != "{" or seen.health_record:
        return False
    return _is_stream(seen) or {"fitnessActivity", "startTime"} <= seen.names


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    with member.open() as stream:
        seen = glance_at(stream.read(65_536))
    if _is_stream(seen):
        source = _SOURCE.search(seen.text)
        yield from entries.closed(_stream(member, entries, source[1].decode("utf-8", "replace") if source else ""))
    else:
        yield from entries.closed(_sessions(member, entries))


def _stream(member: Member, entries: Entries, source: str) -> Parsed:
    device = device_of(source)
    for piece in listed(member):
        if piece.why:
            entries.fault(piece)
        if piece.key not in _LISTS:
            continue
        quick = _quick(entries, piece.items, device)
        if quick is not None:
            yield from quick
            continue
        for number_, point in enumerate(piece.items, piece.first):
            _point(entries, point, source, device, f"[{number_}]")
        yield from entries.ready()


def _values(point: Mapping[str, Any]) -> list[Any]:
    """The values of a point: `fitValue` in a Takeout, `value` by the interface."""
    found = [dig(one, "value") for one in listing(point, "fitValue")]
    return found or listing(point, "value")


def _quick(entries: Entries, points: list[Any], device: str) -> Iterator[Samples] | None:
    """Points of one type and one origin, all at once; None where one of them is not as it should be."""
    try:
        name = points[0]["dataTypeName"]
        taken = TYPES.get(name, UNKNOWN)
        if isinstance(taken, Odd) or len(taken) != 1 or taken[0].none:
            return None
        if {(point["dataTypeName"], point.get("originDataSourceId")) for point in points} != {
            (name, points[0].get("originDataSourceId"))
        }:
            return None
        field = "fpVal" if "fpVal" in _values(points[0])[0] else "intVal"
        values = [_values(point)[0][field] for point in points]
        start = np.array([int(point["startTimeNanos"]) for point in points], np.int64)
        end = np.array([int(point["endTimeNanos"]) for point in points], np.int64)
        if not set(map(type, values)) <= {int, float}:
            return None
        numbers = np.array(values, np.float64)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError):
        return None
    if not np.isfinite(numbers).all():
        return None
    typed = MANUAL if "user_input" in str(points[0].get("originDataSourceId")) else 0
    columns = Columns.of(start, numbers * taken[0].mult, end, typed, UTC_ONLY)
    return entries.bulk(Place(taken[0].signal, device), columns, name)


def _point(entries: Entries, point: Any, source: str, device: str, at: str) -> None:
    name = text(point, "dataTypeName") or text(source.split(":")[1] if source.count(":") > 1 else "")
    start, end = epoch(dig(point, "startTimeNanos"), 1), epoch(dig(point, "endTimeNanos"), 1)
    when: When | Odd = BAD_TIME if start is None or end is None else When(start, end)
    if not isinstance(point, dict):
        entries.odd("point", Odd("refused", "entry_not_an_object"), at)
        return
    values = _values(point)
    typed = MANUAL if "user_input" in text(point, "originDataSourceId", 300) else 0
    taken = TYPES.get(name) or STREAMS.get(name, UNKNOWN)
    if name.endswith(".summary"):
        taken = Odd("not_followed", "summary_of_others")
    if isinstance(taken, Odd):
        entries.odd(name or "point", taken)
    elif taken is WORKOUT:
        _activity(entries, values, when, typed, at)
    elif taken is SLEEP:
        code = _number(values, 0)
        stage = code if isinstance(code, Odd) else SLEEP[0].codes.get(code, UNKNOWN)
        entries.put(name, Place("sleep_stage", device), when, stage, typed, at)
    else:
        for field in taken:
            value = _number(values, field.index)
            if value is MISSING and field.optional:
                continue
            if field.none and value in field.none:
                value = Odd("not_followed", "no_reading")
            entries.put(name, Place(field.signal, device), when, times(value, field.mult), typed, at)


def _number(values: list[Any], index: int) -> float | Odd:
    value = values[index] if index < len(values) else None
    if value is not None and not isinstance(value, dict):
        return WRONG_KIND
    return next((number(value, name) for name in ("fpVal", "intVal") if dig(value, name) is not None), MISSING)


def _activity(entries: Entries, values: list[Any], when: When | Odd, typed: int, at: str) -> None:
    """A stretch of what the person did, as Google saw it: a sport, sleep, or nothing in particular."""
    code = _number(values, 0)
    what = code if isinstance(code, Odd) else ACTIVITIES.get(int(code), "other")
    if isinstance(what, Odd) or what == "":
        entries.odd("activity", what if isinstance(what, Odd) else NO_MEASUREMENT, at)
    elif what in SLEEP_STAGES:
        entries.put("activity", Place("sleep_stage", "Google Fit"), when, float(SLEEP_STAGES.index(what)), typed, at)
    else:
        entries.put("activity", Place("workout", "Google Fit"), when, sport(what), typed, at)


def _sessions(member: Member, entries: Entries) -> Parsed:
    for piece in documents(member):
        if piece.why:
            entries.fault(piece)
        for one in piece.items:
            _session(entries, one)
    yield from entries.ready()


def _span(one: Any) -> When | Odd:
    begin, over = (moment(dig(one, name)) for name in ("startTime", "endTime"))
    return When(begin[0], over[0], begin[1]) if begin and over else BAD_TIME


def _session(entries: Entries, session: Any) -> None:
    """A workout, or a night with its stages."""
    name, when = text(session, "fitnessActivity").lower(), _span(session)
    device = device_of("raw:session:" + text(session, "application.packageName"))
    entries.odd("aggregate", PART, count=len(listing(session, "aggregate")))
    if not name.startswith("sleep"):
        entries.put("session", Place("workout", device), when, sport(name.replace("biking", "bike")) if name else MISSING)
        return
    slept = 0
    segments = listing(session, "segment")
    for number_, segment in enumerate(segments):
        stage = SLEEP_NAMES.get(text(segment, "fitnessActivity").lower())
        span = _span(segment)
        if stage not in (None, "awake") and isinstance(span, When) and span.end and span.end > span.start:
            slept += span.end - span.start
        value = UNKNOWN if stage is None else float(SLEEP_STAGES.index(stage))
        entries.put("segment", Place("sleep_stage", device), span, value, 0, f"segment[{number_}]")
    if not segments and isinstance(when, When) and when.end:
        slept = when.end - when.start
    entries.put("session", Place("sleep", device, "1d"), when, slept / _HOUR)


FORMAT = Format("google_fit_takeout", recognises, read)
