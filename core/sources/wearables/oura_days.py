"""This is the place where what an Oura day says besides its sums is read: when the ring was worn, and the minutes of brisker activity.

`class_5_min` is a digit for each five minutes from the day's own beginning (4 in the morning): 0 the ring was off, 1 to 5 it was worn. Medium
and high activity together are the active minutes (v2: seconds; v1: minutes).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from core.sources.wearables.clock import MINUTE, moment
from core.sources.wearables.collect import Place
from core.sources.wearables.json_fields import BAD_TIME, PART, WRONG_KIND, Entries, Odd, When, number

CLASSES = ("class_5_min", "class_5min")
_ACTIVE = (("medium_activity_time", "high_activity_time", 1 / 60), ("medium", "high", 1.0))
READ_HERE = frozenset({*CLASSES, *(name for medium, high, _ in _ACTIVE for name in (medium, high))})
_STEP = 5 * MINUTE


def day_besides(entries: Entries, item: Mapping[str, Any], day: When | Odd, at: str) -> None:
    """The fields of `READ_HERE`."""
    for medium, high, mult in _ACTIVE:
        if item.get(medium) is None and item.get(high) is None:
            continue
        one, other = number(item, medium), number(item, high)
        both = one if isinstance(one, Odd) else other if isinstance(other, Odd) else (one + other) * mult
        entries.put(medium, Place("active_minutes", "Oura", "1d"), day, both, 0, at)
        entries.odd(high, PART, count=int(item.get(high) is not None))
    for name in CLASSES:
        if item.get(name) is not None:
            _worn(entries, name, item, at)


def _worn(entries: Entries, name: str, item: Mapping[str, Any], at: str) -> None:
    begin = next((moment(item[one]) for one in ("timestamp", "day_start") if isinstance(item.get(one), str)), None)
    if not isinstance(item[name], str):
        entries.odd(name, WRONG_KIND, at)
        return
    for first, past, worn in _stretches(item[name][:2000]):
        when: When | Odd = When(begin[0] + first * _STEP, begin[0] + past * _STEP, begin[1]) if begin else BAD_TIME
        entries.put(name, Place("worn", "Oura"), when, float(worn), 0, at)


def _stretches(classes: str) -> Iterator[tuple[int, int, bool]]:
    """(first, past the last five minutes, whether the ring was worn); a sign that is no class says nothing."""
    at = 0
    for kind, group in groupby(classes, key=lambda sign: "off" if sign == "0" else "on" if sign in "12345" else ""):
        length = len(list(group))
        if kind:
            yield at, at + length, kind == "on"
        at += length
