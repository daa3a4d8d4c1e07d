"""This is the place where a regimen becomes doses: instants in the person's local time, the same however the time asked for is cut.

Named times keep the wall clock, a regular spacing keeps its elapsed hours from its anchor: the start that is written, else when the order was written, else
`anchor`, else the start of what is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from core.medications.calendar_days import end_of, falls_on, first_of, later
from core.medications.clocks import TIMES_A_DAY
from core.medications.steps import Cadence, Moment, Regimen, Step
from core.medications.terms import Due, Habits
from core.medications.zones import EVER, NEVER, at_clock, local, segments, zone_at

__all__ = ["clock_times", "due", "following", "zone_at"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
LONGEST = timedelta(days=366 * 6)
"""The farthest ahead that `following` looks."""


@dataclass(frozen=True, slots=True)
class _Frame:
    """What a step is expanded in: the person's hours, where they are when, the regimen, the instant to count from where nothing is written."""

    regimen: Regimen
    habits: Habits
    anchor: datetime
    ends: dict[int, datetime]


@dataclass(frozen=True, slots=True)
class _Span:
    """When a step holds: from `start` (the local day `day` where it was written as a day) until `end`, exclusive."""

    start: datetime
    end: datetime
    day: date


def due(regimen: Regimen, habits: Habits, start: datetime, end: datetime, anchor: datetime | None = None) -> tuple[Due, ...]:
    """The doses in [start, end), by time. `start` and `end` are aware; `habits.zone` must be a zone there is. Empty where something has to be asked."""
    frame = _Frame(regimen, habits, anchor or start, {})
    found = [one for at in range(len(regimen.steps)) for one in _of_step(frame, at, start, end)]
    found.sort(key=lambda one: (one.at, one.step, one.slot))
    return tuple(found)


def following(regimen: Regimen, habits: Habits, after: datetime, n: int, anchor: datetime | None = None) -> tuple[Due, ...]:
    """The next `n` doses from `after` on; fewer where there are fewer within six years."""
    found: tuple[Due, ...] = ()
    span, start = timedelta(days=8), after
    while len(found) < n and start < after + LONGEST and regimen.steps:
        end = min(start + span, after + LONGEST)
        found += due(regimen, habits, start, end, anchor or after)
        start, span = end, span * 2
    return found[:n]


def _of_step(frame: _Frame, at: int, start: datetime, end: datetime) -> Iterator[Due]:
    step = frame.regimen.steps[at]
    span = _span(frame, at)
    low, high = max(start, span.start), min(end, span.end)
    if low >= high:
        return
    if step.spacing is not None:
        yield from _spaced(step, frame.habits, span, (low, high))
    elif step.instants or step.days:
        yield from _listed(step, frame.habits, (low, high))
    elif step.count is None:
        yield from _clocked(step, frame.habits, span, (low, high))
    else:
        for made in _counted(step, frame.habits, span):
            if made.at >= high:
                return
            if made.at >= low:
                yield made


# ------------------------------------------------------------------------------------------------------------------ from when until when


def _span(frame: _Frame, at: int) -> _Span:
    """The bounds of a step within those of the order."""
    step, habits = frame.regimen.steps[at], frame.habits
    start = max([_beginning(frame, step), *(_end_of(frame, one) for one in step.after)])
    day = start.astimezone(zone_at(habits, start)).date()
    end = NEVER
    if step.bounds.end:
        end = min(end, end_of(habits, step.bounds.end))
    if step.bounds.length is not None:
        end = min(end, later(habits, start, step.bounds.length))
    if frame.regimen.until:
        end = min(end, end_of(habits, frame.regimen.until))
    return _Span(start, end, day)


def _beginning(frame: _Frame, step: Step) -> datetime:
    if step.bounds.start:
        return first_of(frame.habits, step.bounds.start)
    if step.instants or step.days:
        return EVER
    if frame.regimen.authored:
        return first_of(frame.habits, frame.regimen.authored)
    dependent = step.spacing or step.count is not None or step.bounds.length or step.after or _from_start(step.cadence)
    return frame.anchor if dependent else EVER


def _from_start(cadence: Cadence) -> bool:
    """Whether on which days depends on when it began."""
    return bool(cadence.of) or not (cadence.every == 1 and (cadence.unit == "d" or (cadence.unit == "wk" and cadence.weekdays)))


def _end_of(frame: _Frame, at: int) -> datetime:
    """When a step is over, so that the next of a taper begins."""
    if at not in frame.ends:
        step, span = frame.regimen.steps[at], _span(frame, at)
        ends = [span.end]
        if step.count is not None:
            if step.spacing is not None:
                ends.append(span.start + step.spacing * step.count)
            else:
                last = span.start
                for made in _counted(step, frame.habits, span):
                    last = made.at
                ends.append(last + _SECOND)
        if step.instants or step.days:
            ends.append(max([*step.instants, *(end_of(frame.habits, one) for one in step.days)]) + _SECOND)
        frame.ends[at] = min(ends)
    return frame.ends[at]


# ------------------------------------------------------------------------------------------------------------------ regular spacing, lists


def _spaced(step: Step, habits: Habits, span: _Span, window: tuple[datetime, datetime]) -> Iterator[Due]:
    low, high = window
    spacing = step.spacing or _DAY
    number = max(0, -((span.start - low) // spacing))
    here = None if habits.moves else zone_at(habits, low)
    while (at := span.start + spacing * number) < high and (step.count is None or number < step.count):
        if at >= low:
            yield Due(at.astimezone(here or zone_at(habits, at)), f"{step.index}#{number}", step.index, step.amount, step.text, step.rate)
        number += 1


def _listed(step: Step, habits: Habits, window: tuple[datetime, datetime]) -> Iterator[Due]:
    usual = TIMES_A_DAY[1][0].seconds
    instants = [*step.instants, *(at_clock(habits, date.fromisoformat(one), usual) for one in step.days)]
    for number, at in enumerate(instants if step.count is None else sorted(instants)[: step.count]):
        if window[0] <= at < window[1]:
            slot = f"{step.index}!{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if number < len(step.instants) else f"{step.index}!{step.days[number - len(step.instants)]}"
            yield Due(at.astimezone(zone_at(habits, at)), slot, step.index, step.amount, step.text, step.rate)


# ------------------------------------------------------------------------------------------------------------------ named times


@lru_cache(maxsize=10_000)
def _clock_times(moments: tuple[Moment, ...], hours: tuple[time, ...]) -> tuple[int, ...]:
    """The moments as seconds after midnight, in order, each once, by the person's hours (wake, breakfast, lunch, dinner, sleep)."""
    wake, breakfast, lunch, dinner, sleep = (at.hour * 3600 + at.minute * 60 + at.second for at in hours)
    base = {"": 0, "wake": wake, "breakfast": breakfast, "lunch": lunch, "dinner": dinner, "sleep": sleep if sleep > wake else sleep + 86_400}
    return tuple(sorted({base[one.base] + one.seconds for one in moments}))


def clock_times(moments: tuple[Moment, ...], habits: Habits) -> tuple[int, ...]:
    """Moments as seconds after midnight (beyond a day where a bedtime is after twelve), in order, each once."""
    return _clock_times(moments, (habits.wake, habits.breakfast, habits.lunch, habits.dinner, habits.sleep))


def _clocked(step: Step, habits: Habits, span: _Span, window: tuple[datetime, datetime]) -> Iterator[Due]:
    """Named times on the days of the cadence. A moment may lie beyond its day's midnight (a bedtime after twelve), so days around are looked at too."""
    low, high = window
    times = clock_times(step.moments, habits)
    if not habits.moves:
        first = low.toordinal() - 2
        last = min(high.toordinal() + 2, 3_652_000)
        yield from _plain(step, habits.zone, (first, last, _unix(low), _unix(high)), (span, times))
        return
    for day in range(low.toordinal() - 2, min(high.toordinal() + 3, 3_652_000)):
        if not falls_on(step.cadence, span.day, day):
            continue
        for seconds in times:
            at = _travelling(habits, day, seconds)
            if at is not None and low <= at < high:
                yield _named(step, at, day, seconds)


def _plain(step: Step, zone: str, window: tuple[int, int, int, int], of: tuple[_Span, tuple[int, ...]]) -> Iterator[Due]:
    """For somebody who stays in one zone, in whole seconds: this is where planning many people spends its time."""
    first, last, low, high = window
    span, times = of
    daily = step.cadence.unit == "d" and step.cadence.every == 1 and not step.cadence.of and not step.cadence.weekdays
    for day in range(first, last + 1):
        if not daily and not falls_on(step.cadence, span.day, day):
            continue
        for seconds in times:
            made = local(zone, day, seconds)
            if made is not None and low <= made[0] < high:
                yield _named(step, made[1], day, seconds)


def _named(step: Step, at: datetime, day: int, seconds: int) -> Due:
    return Due(at, f"{step.index}@{_slot(day, seconds)}", step.index, step.amount, step.text, step.rate)


@lru_cache(maxsize=200_000)
def _slot(day: int, seconds: int) -> str:
    """The name of a clock time of a day, the same whatever the zone: "2026-03-29T08:00"."""
    whole, rest = divmod(seconds, 86_400)
    at = datetime.combine(date.fromordinal(day + whole), time()) + timedelta(seconds=rest)
    said = at.isoformat(timespec="minutes" if rest % 60 == 0 else "seconds")
    return said if whole == 0 else f"{said}/{date.fromordinal(day).isoformat()}"


def _unix(at: datetime) -> int:
    """Whole seconds since 1970, rounded up: clock times are whole seconds."""
    return -((_EPOCH - at) // _SECOND)


def _travelling(habits: Habits, day: int, seconds: int) -> datetime | None:
    """A clock time on a journey: where it comes twice the first counts; where the journey leaps over it (the day is shorter) it is not due, since the next
    is not far and two at once would be a double dose."""
    for start, end, zone in segments(habits):
        made = local(zone, day, seconds)
        if made is None:
            continue
        if made[1] < start:
            return None
        if made[1] < end:
            return made[1]
    return None


def _counted(step: Step, habits: Habits, span: _Span) -> Iterator[Due]:
    """The first `count` doses from the start of the step on, lazily."""
    left, day = step.count or 0, span.day.toordinal() - 1
    times = clock_times(step.moments, habits)
    last = min(span.end.toordinal() + 2, day + 400_000)
    while left > 0 and day <= last:
        if falls_on(step.cadence, span.day, day):
            for seconds in times:
                at = _travelling(habits, day, seconds) if habits.moves else _at(habits.zone, day, seconds)
                if at is not None and span.start <= at < span.end and left > 0:
                    left -= 1
                    yield _named(step, at, day, seconds)
        day += 1


def _at(zone: str, day: int, seconds: int) -> Any:
    made = local(zone, day, seconds)
    return None if made is None else made[1]
