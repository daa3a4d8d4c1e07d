"""This is the place where the times in files of comma-separated values are read: ISO, American, or in an order the file gives away.

`12/03/2021` is a day in March or in December. A file is asked as a whole: a part above 12 can be no month, an AM or PM is
American, and the days of one sensor stand close together under the right reading only. Where nothing tells, nobody guesses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import TypeVar

from core.domain.samples import FLOATING, UTC_ONLY
from core.sources.wearables.clock import DAY, HOUR, MINUTE, SECOND, moment, wall

_T = TypeVar("_T")
Moment = tuple[int, int]
"""(ns, offset) as in core/domain/samples.py."""

DAY_FIRST, MONTH_FIRST, YEAR_FIRST, UNCLEAR = "day_first", "month_first", "year_first", "unclear"

_REST = re.compile(r"[\sT,]*(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*([AaPp])?\.?[Mm]?\.?\s*")
_TRIPLE = re.compile(r"\s*(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?!\d)")
_MANY = 200_000


class Times:
    """Reads times of one file, keeping days and clock readings that it has met before."""

    def __init__(self, order: str = MONTH_FIRST) -> None:
        self.order = order
        self._days: dict[str, int | None] = {}
        self._clocks: dict[str, Moment | None] = {}

    def iso(self, text: str) -> Moment | None:
        """An ISO time with or without an offset, as `clock.moment` reads it."""
        text = text.strip()
        if len(text) < 12:
            return moment(text)
        day = self._kept(self._days, text[:10], _iso_day)
        rest = self._kept(self._clocks, text[10:], _iso_rest)
        return None if day is None or rest is None else (day + rest[0], rest[1])

    def local(self, text: str) -> Moment | None:
        """A day in the file's order with a clock reading behind it, "4/12/2016 1:05:00 AM" or "13-02-2021 14:05", or an ISO time."""
        text = text.strip()
        day, space, rest = text.partition(" ")
        known_day, known_clock = self._days.get(day), self._clocks.get(rest)
        if known_day is not None and known_clock is not None:
            return known_day + known_clock[0], known_clock[1]
        if space and not day[:4].isdigit():
            ns = self._kept(self._days, day, self._day)
            clock = self._kept(self._clocks, rest, _clock)
            return None if ns is None or clock is None else (ns + clock[0], FLOATING)
        if day[:4].isdigit() and (found := self.iso(text.replace("/", "-"))):
            return found
        found_day = self._kept(self._days, text, self._day)
        return None if found_day is None else (found_day, FLOATING)

    def _day(self, text: str) -> int | None:
        found = _TRIPLE.fullmatch(text)
        if found is None:
            return None
        first, second, third = int(found[1]), int(found[2]), int(found[3])
        if len(found[1]) == 4:
            return wall(first, second, third)
        year = third if len(found[3]) == 4 else 2000 + third
        if len(found[3]) not in (2, 4) or self.order == UNCLEAR:
            return wall(year, second, second) if self.order == UNCLEAR and first == second else None
        return wall(year, second, first) if self.order == DAY_FIRST else wall(year, first, second)

    @staticmethod
    def _kept(known: dict[str, _T], text: str, read: Callable[[str], _T]) -> _T:
        if text in known:
            return known[text]
        if len(known) > _MANY:
            known.clear()
        known[text] = found = read(text)
        return found


def _iso_day(text: str) -> int | None:
    found = moment(text)
    return None if found is None or len(text) != 10 else found[0]


def _iso_rest(text: str) -> Moment | None:
    return moment("1970-01-01" + text)


def _clock(text: str) -> Moment | None:
    found = _REST.fullmatch(text)
    if found is None:
        return None
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[4] or "").upper()
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "P" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return hour * HOUR + minute * MINUTE + second * SECOND, FLOATING


def epoch(text: str) -> Moment | None:
    """Seconds (10 digits) or milliseconds (13 digits) since 1970, UTC."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()) or len(text) not in (10, 13):
        return None
    return int(text) * (SECOND if len(text) == 10 else SECOND // 1000), UTC_ONLY


def day_order(texts: Iterable[str]) -> str:
    """In which order the days of a file are written, by all of its times (each once is enough), or UNCLEAR."""
    seen: set[tuple[int, int, int]] = set()
    halves = year_first = False
    for text in texts:
        found = _TRIPLE.match(text)
        if found is None:
            continue
        if len(found[1]) == 4:
            year_first = True
            continue
        halves = halves or bool(re.search(r"\d\s*[AaPp]\.?[Mm]", text))
        seen.add((int(found[1]), int(found[2]), int(found[3])))
    day_first = any(first > 12 and second <= 12 for first, second, _ in seen)
    month_first = any(second > 12 and first <= 12 for first, second, _ in seen)
    if day_first != month_first:
        return DAY_FIRST if day_first else MONTH_FIRST
    if day_first:
        return UNCLEAR  # it contradicts itself
    if not seen:
        return YEAR_FIRST if year_first else UNCLEAR
    return MONTH_FIRST if halves else _closest(seen)


_CLOSER = 5


def _closest(seen: set[tuple[int, int, int]]) -> str:
    """The order under which three days or more stand at least five times closer together."""
    as_day_first = _span((year, second, first) for first, second, year in seen)
    as_month_first = _span((year, first, second) for first, second, year in seen)
    if len(seen) < 3 or as_day_first is None or as_month_first is None:
        return UNCLEAR
    if as_day_first * _CLOSER <= as_month_first:
        return DAY_FIRST
    return MONTH_FIRST if as_month_first * _CLOSER <= as_day_first else UNCLEAR


def _span(days: Iterable[tuple[int, int, int]]) -> int | None:
    try:
        ordinals = [date(year if year > 99 else 2000 + year, month, day).toordinal() for year, month, day in days]
    except ValueError:
        return None
    return max(ordinals) - min(ordinals)


def midnight(at: Moment | None) -> Moment | None:
    """The local midnight before, by the clock that was written (FLOATING), as a summary of a day begins then."""
    if at is None:
        return None
    local = at[0] + (at[1] * MINUTE if at[1] > FLOATING else 0)
    return local // DAY * DAY, FLOATING
