"""This is the place where a picture learns why something is missing in it: the reason of every gap, and the sentence about all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from core.care import missing
from core.care.counting import Reader
from core.care.missing import DayLine
from core.care.picture_views import Part
from core.care.sight import Sight
from core.care.views import Gap
from core.domain.people import Actor
from core.trends.columns import instant, ns
from core.trends.days import day_span
from core.trends.missing import NOT_MISSING

UP_TO_DAYS = 190.0
"""Half a year; a year takes longer to explain than to draw, and has its own view (missing days)."""
_THERE = frozenset({"received", "partly", "duplicate_discarded"})


def explained(reader: Reader, actor: Actor, sight: Sight, part: Part) -> Part:
    """The part with the reasons of its gaps. Of longer stretches than half a year, and of what no device delivers, nothing is asked."""
    if sight.days > UP_TO_DAYS or not any(device.on for device in part.devices) or not sight.streams.get(part.signal):
        return part
    first, last = _day(sight, sight.start), _day(sight, min(sight.end, sight.kept.made_at) - timedelta(microseconds=1))
    view = missing.calendar(reader.ports, actor, reader.person_id, part.signal, first, last)
    lines = {line.day: line for line in view.days}
    gaps = _days(sight, view.days) if part.every == "1d" else tuple(_reasoned(sight, gap, lines) for gap in part.trend.gaps)
    return replace(part, trend=replace(part.trend, gaps=gaps), missing=view.said)


def _day(sight: Sight, at: datetime) -> date:
    return at.astimezone(sight.zone or UTC).date()


def _days(sight: Sight, lines: tuple[DayLine, ...]) -> tuple[Gap, ...]:
    """Days in a row that are missing for one reason are one gap; days on which nothing was expected are none."""
    found: list[tuple[date, date, str]] = []
    for line in lines:
        if line.state in _THERE or line.why in NOT_MISSING:
            continue
        if found and found[-1][1] + timedelta(days=1) == line.day and found[-1][2] == line.why:
            found[-1] = (found[-1][0], line.day, line.why)
        else:
            found.append((line.day, line.day, line.why))
    return tuple(Gap("", _begins(sight, first), _ends(sight, last), f"missing.why.{why}") for first, last, why in found)


def _reasoned(sight: Sight, gap: Gap, lines: Mapping[date, DayLine]) -> Gap:
    """A silence of hours with the reason of the day in its middle, where that day lacks something."""
    middle = _day(sight, instant((gap.start + gap.end) // 2))
    line = lines.get(middle)
    return replace(gap, why=f"missing.why.{line.why}") if line and line.state not in ("received", "duplicate_discarded") else gap


def _begins(sight: Sight, day: date) -> int:
    return max(day_span(day, sight.zone)[0], ns(sight.start))


def _ends(sight: Sight, day: date) -> int:
    return min(day_span(day, sight.zone)[1], ns(sight.end))
