"""This is the place where SampledData is read: a series within one value, kept as sent where it can become samples, or why it can't.

R4 says `period` in milliseconds; R5 `interval` with `intervalUnit`, or single `offsets`. What holds for all of a series sets it apart
(no step, several dimensions, no unit, no moment to begin at); of single words that are no number, and of "L" and "U" without the limit
they stand for, only those are left out, and it is noted. Limits are numbers like those of the data: factor and origin belong to them
as well (Personal Health Device guide of HL7: the scaled values of the device).
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from core.domain.records import Sampled, Value
from core.domain.signal import Signal
from core.domain.time import PartialTime
from core.sources.fhir.foreign import Node, Notes, clean
from core.sources.fhir.quantities import Measured, number_of, unit_for

STEPS_MS = {"ms": 1.0, "s": 1000.0, "min": 60_000.0, "h": 3_600_000.0, "d": 86_400_000.0, "us": 0.001, "": 0.0}
ERROR, BELOW, ABOVE = "E", "L", "U"
_DRAWN = ("event", "average", "cumulative")


def series_of(value: Node, row: Signal | None, notes: Notes, at: str) -> tuple[Measured, Sampled | None]:
    """The unit of a series and, for a signal that is counted in numbers, what it holds; a series of anything else is only kept."""
    origin = value.get("origin")
    origin = origin if type(origin) is dict else {}
    written = origin.get("unit") or origin.get("code")
    shown = clean(written) if type(written) is str else ""
    if row is None or row.kind not in _DRAWN or not row.unit:
        return Measured(unit=shown), None
    unit = unit_for(_text(origin, "system"), _text(origin, "code"), _text(origin, "unit"), row.key)
    if unit.problem:
        return Measured(unit=unit.code or shown, problem=unit.problem), None
    if value.get("dimensions") not in (1, None):
        return Measured(unit=unit.code, problem="series_many_dimensions"), None
    zero = number_of(origin.get("value"))
    factor = 1.0 if value.get("factor") is None else number_of(value["factor"])
    if zero is None or not factor:
        return Measured(unit=unit.code, problem="number_missing"), None
    offsets = _text(value, "offsets")
    step = _step(value, offsets)
    if not step:
        return Measured(unit=unit.code, problem="series_step_missing"), None
    low, high = (number_of(value.get(key)) for key in ("lowerLimit", "upperLimit"))
    held = Sampled(" ".join(_text(value, "data").split()), step, zero, factor, low, high, " ".join(offsets.split()))
    good, lost = _legible(held)
    if not good:
        return Measured(unit=unit.code, problem="series_unreadable"), None
    if lost:
        notes.add("series_part_unread", f"{at}.data")
    return Measured(unit=unit.code), held


def placed(values: tuple[Value, ...], start: str, notes: Notes) -> tuple[Value, ...]:
    """The values of a record that begins at `start` (FHIR text): a series needs a moment to begin at, a day is none."""
    if all(value.sampled is None for value in values):
        return values
    time = PartialTime.parse(start)
    if time is not None and time.precision == "instant":
        return values
    notes.add("series_not_placed", "effective")
    return tuple(value if value.sampled is None else replace(value, sampled=None, problem="series_not_placed") for value in values)


def stated(held: Sampled) -> str:
    """One spelling for what a series states, whatever its length."""
    parts = [held.step_ms, held.origin, held.factor, held.low, held.high, held.at, held.data]
    return hashlib.sha256("|".join(map(str, parts)).encode("utf-8", "replace")).hexdigest()[:32]


def _step(value: Node, offsets: str) -> float:
    """Milliseconds from one sample to the next, or of one unit of the offsets; 0 where that isn't said."""
    period = number_of(value.get("period"))
    if period is not None:
        return max(period, 0.0)
    unit = STEPS_MS.get(_text(value, "intervalUnit"), 0.0)
    if offsets:
        return unit
    interval = number_of(value.get("interval"))
    return 0.0 if interval is None else max(interval * unit, 0.0)


def _legible(held: Sampled) -> tuple[int, int]:
    """(words that say something of a time, words that are lost)."""
    words = held.data.split(" ") if held.data else []
    good = lost = 0
    for word in words:
        known = word == ERROR or (word == BELOW and held.low is not None) or (word == ABOVE and held.high is not None)
        if known or _is_number(word):
            good += 1
        else:
            lost += 1
    if held.at:
        times = sum(map(_is_number, held.at.split(" ")))
        lost += abs(len(words) - times)
        good = min(good, times)
    return good, lost


def _is_number(word: str) -> bool:
    try:
        return abs(float(word)) < float("inf") and "_" not in word
    except ValueError:
        return False


def _text(node: Node, key: str) -> str:
    value = node.get(key)
    return value if type(value) is str else ""
