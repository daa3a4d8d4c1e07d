"""This is the place where what was measured becomes readings that may be compared: one unit for each signal, a guard range, in order, each once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import isfinite

from core.alerts.rules import EVENT_SIGNALS
from core.domain.signals import SIGNALS
from core.domain.units import convert, ucum
from core.errors import BadInput


@dataclass(frozen=True, slots=True)
class Reading:
    """One value in its signal's canonical unit. `day` is the local day as a number (date.toordinal); `line` is where it came from."""

    at: datetime
    day: int
    signal: str
    value: float
    line: int = 0


@dataclass(frozen=True, slots=True)
class Issue:
    """Something about the data that no alert is made of: a code, the line, when, the signal."""

    code: str
    line: int = 0
    at: datetime | None = None
    signal: str = ""
    need: str = ""


def reading(when: tuple[datetime, tzinfo], signal: str, number: float, unit: str, line: int = 0) -> Reading | Issue:
    """The reading in its canonical unit; an Issue where its value is outside the guard range. Raises BadInput for a signal or unit nobody knows."""
    at, zone = when
    key = signal.strip().lower()
    if not isfinite(number):
        raise BadInput("bad_row", place=f"line {line}", need="value: a number")
    value = _canonical(key, number, unit, line)
    instant = at.astimezone(UTC)
    low, high = EVENT_SIGNALS[key] if key in EVENT_SIGNALS else SIGNALS[key].plausible or (-1e12, 1e12)
    if not low <= value <= high:
        return Issue("implausible", line, instant, key, "a value that can be: it is kept, and no alert is made of it")
    return Reading(instant, at.astimezone(zone).toordinal(), key, value, line)


def _canonical(key: str, number: float, unit: str, line: int) -> float:
    if key in EVENT_SIGNALS:
        if unit.strip() not in ("", "1", "{score}", "{finding}"):
            raise BadInput("bad_row", place=f"line {line}", need=f"no unit for {key}")
        if number != int(number):
            raise BadInput("bad_row", place=f"line {line}", need=f"a whole number for {key}")
        return number
    row = SIGNALS.get(key)
    if row is None or row.kind == "waveform" or row.category == "panel" or not row.unit:
        raise BadInput(
            "bad_row", place=f"line {line}", need="signal: a key of the table of signals, such as weight, sbp, hr, spo2, glucose"
        )
    code = ucum(unit)
    value = convert(number, code, row.unit, key) if code else None
    if value is None:
        raise BadInput("bad_row", place=f"line {line}", need=f"unit: one of {key}, such as {row.unit}")
    return value


def in_order(readings: Iterable[Reading]) -> tuple[list[Reading], list[Issue]]:
    """By time, each once: the same signal, instant and value a second time is a duplicate (also in another unit, to a gram), and is told."""
    kept: list[Reading] = []
    issues: list[Issue] = []
    latest: dict[str, tuple[datetime, set[float]]] = {}
    for one in sorted(readings, key=lambda item: (item.at, item.line, item.signal, item.value)):  # whatever order they came in
        at, values = latest.get(one.signal, (one.at, set()))
        if at != one.at:
            values = set()
        if round(one.value, 3) in values:
            issues.append(Issue("duplicate", one.line, one.at, one.signal))
            continue
        values.add(round(one.value, 3))
        latest[one.signal] = (one.at, values)
        kept.append(one)
    return kept, issues
