"""This is the place where FHIR's `repeat` becomes a cadence with moments, a spacing, or a question. It raises `Unclear` for what must be asked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from core.domain.time import PartialTime
from core.medications.amounts import Unclear
from core.medications.clocks import MOST_A_DAY, NEEDS_OFFSET, SIGN, WHEN, spread
from core.medications.foreign import length, node, number, text, time_text, whole
from core.medications.steps import EVERY_DAY, Bounds, Cadence, Length, Moment
from core.medications.terms import DAYS

_DAYS = {day: number for number, day in enumerate(DAYS)}
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")
_SPACED = {"s": 1, "min": 60, "h": 3600}
_CALENDAR = ("d", "wk", "mo", "a")
LEAST_SPACING = timedelta(minutes=15)
MOST_COUNT = 5_000
LONGEST_PERIOD = 3_660


@dataclass(frozen=True, slots=True)
class Timed:
    """When, as read: either `moments` on the days of `cadence`, or a `spacing`; `once` for a single dose at the start. `from_start`:
    on which days or at which hours depends on when it began."""

    moments: tuple[Moment, ...] = ()
    cadence: Cadence = EVERY_DAY
    spacing: timedelta | None = None
    once: bool = False
    from_start: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """How often: `low` to `high` times in every `period` (to `period_most`) of `unit`; None where it isn't said."""

    low: int | None
    high: int | None
    period: float | None
    period_most: float | None
    unit: str

    @property
    def said(self) -> bool:
        return self.low is not None or self.period is not None


def rate_of(repeat: Mapping[str, Any]) -> Rate:
    """How often a repeat says. Raises Unclear for numbers that can't be."""
    low, high = _whole(repeat, "frequency"), _whole(repeat, "frequencyMax")
    period, most = _positive(repeat, "period"), _positive(repeat, "periodMax")
    unit = text(repeat.get("periodUnit") or repeat.get("periodUnits"))
    if repeat.get("periodUnit") is not None and unit not in (*_SPACED, *_CALENDAR):
        raise Unclear("unit_unknown", "repeat.periodUnit")
    if period is not None and not unit:
        raise Unclear("unit_unknown", "repeat.periodUnit")
    if unit and period is None:
        period = 1.0
    if high is not None and low is None:
        raise Unclear("frequency_range", "repeat.frequencyMax")
    if (high is not None and low is not None and high < low) or (most is not None and period is not None and most < period):
        raise Unclear("number_unusable", "repeat.frequencyMax" if high is not None and low is not None and high < low else "repeat.periodMax")
    if period is not None and period > LONGEST_PERIOD:
        raise Unclear("number_unusable", "repeat.period")
    return Rate(low, high if high != low else None, period, most if most != period else None, unit)


def _whole(repeat: Mapping[str, Any], key: str) -> int | None:
    if repeat.get(key) is None:
        return None
    found = whole(repeat[key])
    if found is None or found < 1:
        raise Unclear("number_unusable", f"repeat.{key}")
    return found


def _positive(repeat: Mapping[str, Any], key: str) -> float | None:
    if repeat.get(key) is None:
        return None
    found = number(repeat[key])
    if found is None or found <= 0:
        raise Unclear("number_unusable", f"repeat.{key}")
    return found


def timed(repeat: Mapping[str, Any]) -> Timed:
    """When a scheduled repeat is due. Raises Unclear."""
    rate = rate_of(repeat)
    if rate.high is not None:
        raise Unclear("frequency_range", "repeat.frequencyMax")
    if rate.period_most is not None:
        raise Unclear("period_range", "repeat.periodMax")
    named, days = moments(repeat), weekdays(repeat)
    if named and named[0].base == "now":
        return Timed(once=True)
    if rate.unit in _SPACED:
        return _spaced(rate, named, days)
    found = _on_days(rate, named, days)
    return _cycled(repeat, rate, found)


def _spaced(rate: Rate, named: tuple[Moment, ...], days: frozenset[int]) -> Timed:
    if named or days:
        raise Unclear("spacing_and_times", "repeat")
    spacing = timedelta(seconds=(rate.period or 1.0) * _SPACED[rate.unit] / (rate.low or 1))
    if spacing < LEAST_SPACING:
        raise Unclear("too_often", "repeat.period")
    return Timed(spacing=spacing, from_start=True)


def _on_days(rate: Rate, named: tuple[Moment, ...], days: frozenset[int]) -> Timed:
    if not rate.said and not named and not days:
        raise Unclear("how_often", "repeat")
    unit, period, times = rate.unit or "d", rate.period or 1.0, rate.low
    if unit == "wk" and not days and times is not None and times % 7 == 0 and period == 1:
        unit, times = "d", times // 7
    if period != int(period):
        unit, period, times = _fraction(unit, period, times)
    every = int(period)
    if unit == "d" and every == 1:
        return Timed(_named(named, times), Cadence("d", 1, days))
    if unit == "wk" and days:
        a_day = _per_day(times, len(days))
        return Timed(_named(named, a_day), Cadence("wk", every, days), from_start=every > 1)
    if days:
        raise Unclear("days_and_period", "repeat.dayOfWeek")
    if times not in (None, 1):
        raise Unclear("which_days", "repeat.frequency", "days")
    return Timed(_named(named, 1), Cadence(unit, every), from_start=True)


def _fraction(unit: str, period: float, times: int | None) -> tuple[str, float, int]:
    """Half a day is twice a day; other fractions are asked about."""
    a_day = (times or 1) / period
    if unit != "d" or period > 1 or abs(a_day - round(a_day)) > 1e-9:
        raise Unclear("number_unusable", "repeat.period")
    return "d", 1.0, round(a_day)


def _per_day(times: int | None, days: int) -> int | None:
    """How often on each of the named days of a week."""
    if times is None:
        return None
    if times % days:
        raise Unclear("days_and_frequency", "repeat.dayOfWeek")
    return times // days


def _named(named: tuple[Moment, ...], times: int | None) -> tuple[Moment, ...]:
    """The moments of a day: those named, as many as it is to be taken; else the usual clock."""
    if named:
        if times is not None and times != len(named):
            raise Unclear("times_and_frequency", "repeat.frequency", "times")
        return named
    if (times or 1) > MOST_A_DAY:
        raise Unclear("too_often", "repeat.frequency")
    return spread(times or 1)


def _cycled(repeat: Mapping[str, Any], rate: Rate, found: Timed) -> Timed:
    """A `duration` of days within a longer period: so many days on, of so many. A shorter one is how long a dose takes."""
    lasts = length(repeat.get("duration"), repeat.get("durationUnit"))
    if lasts is None and repeat.get("duration") is not None:
        raise Unclear("number_unusable", "repeat.duration")
    days = {"d": 1, "wk": 7}
    if lasts is None or lasts.unit not in days or rate.unit not in days:
        if lasts is not None and lasts.unit in ("mo", "a"):
            raise Unclear("cycle_unclear", "repeat.duration")
        return found
    on, of = lasts.value * days[lasts.unit], (rate.period or 1.0) * days[rate.unit]
    if on <= 1 and of <= 1:
        return found
    if on != int(on) or of != int(of) or on > of or rate.low not in (None, 1) or found.cadence.weekdays or repeat.get("durationMax") is not None:
        raise Unclear("cycle_unclear", "repeat.duration")
    return replace(found, cadence=Cadence("d", 1, frozenset(), int(on), int(of)), from_start=True)


def moments(repeat: Mapping[str, Any]) -> tuple[Moment, ...]:
    """The times of day that are named, in order, each once."""
    codes, times, offset = _listed(repeat, "when"), _listed(repeat, "timeOfDay"), repeat.get("offset")
    if codes and times:
        raise Unclear("when_and_times", "repeat.timeOfDay", "times")
    if offset is not None and not codes:
        raise Unclear("offset_unusable", "repeat.offset", "times")
    if codes == ["IMD"]:
        return (Moment(0, "now"),)
    found = [_clock(one) for one in times] + [one for code in codes for one in _when(code, offset)]
    if len(found) > 24:
        raise Unclear("too_often", "repeat.timeOfDay")
    return tuple(dict.fromkeys(found))


def _listed(repeat: Mapping[str, Any], key: str) -> list[str]:
    given = repeat.get(key)
    if given is None:
        return []
    values = given if isinstance(given, list | tuple) else [given]
    found = [text(one) for one in values if one is not None]
    if not all(found) or len(found) > 50:
        raise Unclear("time_unusable", f"repeat.{key}", "times")
    return found


def _clock(said: str) -> Moment:
    found = _TIME.fullmatch(said)
    if found is None:
        raise Unclear("time_unusable", "repeat.timeOfDay", "times")
    return Moment(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0))


def _when(code: str, offset: object) -> tuple[Moment, ...]:
    if code not in WHEN:
        raise Unclear("when_unknown", "repeat.when", "times")
    if offset is None:
        if code in NEEDS_OFFSET:
            raise Unclear("offset_needed", "repeat.offset", "times")
        return WHEN[code]
    minutes = whole(offset)
    if code not in SIGN or minutes is None or not 0 <= minutes <= 1440:
        raise Unclear("offset_unusable", "repeat.offset", "times")
    return tuple(Moment(SIGN[code] * minutes * 60, one.base) for one in WHEN[code])


def weekdays(repeat: Mapping[str, Any]) -> frozenset[int]:
    """The days of the week that are named."""
    found = _listed(repeat, "dayOfWeek")
    if any(one.lower() not in _DAYS for one in found):
        raise Unclear("day_unknown", "repeat.dayOfWeek", "days")
    return frozenset(_DAYS[one.lower()] for one in found)


def bounds(repeat: Mapping[str, Any]) -> tuple[Bounds, tuple[str, ...]]:
    """From when until when, and codes of what was assumed. Raises Unclear for a bound that can't be read: an order without its end is another order."""
    if repeat.get("boundsPeriod") is not None:
        period = node(repeat["boundsPeriod"])
        for key in ("start", "end"):
            if period.get(key) is not None and not time_text(period[key]) and not (key == "end" and _for_ever(period[key])):
                raise Unclear("bounds_unusable", f"repeat.boundsPeriod.{key}", "start")
        found = Bounds(time_text(period.get("start")), time_text(period.get("end")))
        if found.start and found.end and PartialTime(found.start).earliest > PartialTime(found.end).until:
            raise Unclear("bounds_unusable", "repeat.boundsPeriod", "start")
        return found, ()
    if repeat.get("boundsDuration") is not None:
        return Bounds(length=_length(repeat["boundsDuration"], "boundsDuration")), ()
    if repeat.get("boundsRange") is not None:
        spread_of = node(repeat["boundsRange"])
        high = spread_of.get("high")
        if high is None:
            if spread_of.get("low") is None:
                raise Unclear("bounds_unusable", "repeat.boundsRange")
            return Bounds(), ("bounds_range_open",)
        return Bounds(length=_length(high, "boundsRange.high")), ("bounds_range",) if spread_of.get("low") is not None else ()
    return Bounds(), ()


def _for_ever(end: object) -> bool:
    """9999-12-31 is how many systems write that there is no end."""
    found = PartialTime.parse(end)
    return found is not None and found.earliest.year > 2200


def _length(given: object, place: str) -> Length:
    found = node(given)
    made = length(found.get("value"), found.get("code") or found.get("unit"))
    months = {"mo": 1, "a": 12}.get(made.unit) if made is not None else None
    if made is None or (months and made.value * months != int(made.value * months)):  # half a month is no number of days
        raise Unclear("bounds_unusable", f"repeat.{place}")
    return made


def count(repeat: Mapping[str, Any]) -> int | None:
    """How many doses in all."""
    found = _whole(repeat, "count")
    most = _whole(repeat, "countMax")
    if most is not None and most != found:
        raise Unclear("count_range", "repeat.countMax")
    if found is not None and found > MOST_COUNT:
        raise Unclear("number_unusable", "repeat.count")
    return found
