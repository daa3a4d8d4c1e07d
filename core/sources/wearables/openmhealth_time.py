"""This is the place where the time frames of Open mHealth and IEEE 1752.1 are read.

A frame is a moment or an interval: start and end, or one of them and a duration. The offset of the local clock stands in every time
("Z": the instant only); without one the clock floats. A day with a part of it ("morning"), a day alone and months as a duration
say no time that could be counted with: quarantined. Nothing stands in for a frame that is not there, not even when the point was made.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.domain.samples import FLOATING
from core.sources.wearables.clock import DAY, HOUR, MINUTE, SECOND, moment
from core.sources.wearables.json_fields import BAD_TIME, Odd, When, number
from core.sources.wearables.openmhealth_table import DURATION

MISSING_TIME = Odd("refused", "time_missing")
UNCLEAR_TIME = Odd("quarantined", "time_unclear")
_BARE_DAY = re.compile(r"\s*\d{4}-\d{1,2}-\d{1,2}\s*")
_STEPS = (("1min", MINUTE), ("5min", 5 * MINUTE), ("15min", 15 * MINUTE), ("1h", HOUR))


def frame_of(body: Mapping[str, Any]) -> When | Odd:
    """The time that a body says it is about."""
    frame = next((body[name] for name in ("effective_time_frame", "sleep_stage_time_frame") if body.get(name) is not None), None)
    if frame is None:
        return MISSING_TIME
    if not isinstance(frame, dict):
        return BAD_TIME
    at, span = frame.get("date_time"), frame.get("time_interval")
    if (at is None) == (span is None):
        return BAD_TIME if at is not None or frame else MISSING_TIME
    if at is not None:
        found = _moment(at)
        return found if isinstance(found, Odd) else When(found[0], None, found[1])
    return _interval(span) if isinstance(span, dict) else BAD_TIME


def _interval(span: Mapping[str, Any]) -> When | Odd:
    if "part_of_day" in span and "date" in span:
        return UNCLEAR_TIME
    start, end = (_moment(span[name]) if span.get(name) is not None else None for name in ("start_date_time", "end_date_time"))
    if isinstance(start, Odd):
        return start
    if isinstance(end, Odd):
        return end
    if start is not None and end is not None:
        return When(start[0], end[0], start[1]) if (start[1] == FLOATING) == (end[1] == FLOATING) else BAD_TIME
    lasts = _lasts(span.get("duration"))
    if isinstance(lasts, Odd):
        return lasts
    if start is not None:
        return When(start[0], start[0] + lasts, start[1])
    return When(end[0] - lasts, end[0], end[1]) if end is not None else BAD_TIME


def _moment(value: Any) -> tuple[int, int] | Odd:
    if isinstance(value, str) and len(value) < 40 and _BARE_DAY.fullmatch(value):
        return UNCLEAR_TIME
    return moment(value) or BAD_TIME


def _lasts(duration: Any) -> int | Odd:
    value = number(duration, "value")
    unit = duration.get("unit") if isinstance(duration, dict) else None
    if isinstance(value, Odd) or not isinstance(unit, str):
        return BAD_TIME
    if unit in ("Mo", "yr"):
        return UNCLEAR_TIME
    if unit not in DURATION.units:
        return Odd("quarantined", "unit_unknown")
    seconds = value * DURATION.units[unit][0]
    return round(seconds * SECOND) if 0 <= seconds < 1e10 else BAD_TIME


def grain_of(when: When, average: bool) -> str:
    """The grain of a value over a time: a mean is a summary over the next step that holds it; a sum over a whole day is a day's."""
    lasts = 0 if when.end is None else when.end - when.start
    if average and lasts > 0:
        return next((grain for grain, step in _STEPS if lasts <= step), "1d")
    return "1d" if 23 * HOUR <= lasts <= DAY + HOUR else ""
