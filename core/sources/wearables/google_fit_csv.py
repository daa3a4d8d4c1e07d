"""This is the place where the tables of "Daily activity metrics" in a Google Fit archive are read.

A file of one day has a row for each quarter of an hour with its clock and offset ("00:00:00.000+01:00"): the instants are true and the
offset is known. The day stands in the file's name alone ("2021-05-01.csv"); without it the times are refused. The last row ends at
midnight of the next day. The file of all days ("Daily activity metrics.csv", "Daily Summaries.csv") has a `Date`, of the local day
(FLOATING, grain "1d").

All is what Google Fit merged of a person's devices and apps: the device is "Google Fit". Units are in the columns' names; a column
without one is quarantined. Calories hold the basal part (Google Fit: calories "burned ... including basal metabolic rate"). Move minutes are
`active_minutes`, of any intensity. Averages are kept, the least and the most are parts of them; heart points, speeds and durations
of an activity are counted and not kept; corners of a map are a route. Written from documented columns; English names only; no
real file was at hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.domain.samples import Parsed
from core.domain.signals import SIGNALS
from core.domain.units import linear, ucum
from core.sources.wearables.clock import DAY, moment
from core.sources.wearables.csv_columns import Books, Frame, Leave, Take, no_header, take
from core.sources.wearables.csv_rows import Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Moment, Times, midnight
from core.sources.wearables.form import Format, Member

DEVICE = "Google Fit"
_TELLING = frozenset({"move minutes count", "heart points", "heart minutes"})
_USUAL = frozenset({"calories (kcal)", "distance (m)", "average heart rate (bpm)", "average weight (kg)", "average speed (m/s)"})
_UNITS = {
    "distance": "distance", "calories": "energy_total", "average heart rate": "hr", "average weight": "weight", "average height": "height",
    "average oxygen saturation": "spo2", "average systolic blood pressure": "sbp", "average diastolic blood pressure": "dbp",
    "average body fat percentage": "body_fat", "average blood glucose": "glucose", "average blood glucose level": "glucose",
    "average body temperature": "temp",
}  # fmt: skip
"""Columns whose unit stands behind their name in brackets."""
_COUNTS = {"step count": "steps", "move minutes count": "active_minutes"}
_SLEEP = {
    "sleep duration": "sleep", "sleeping duration": "sleep", "light sleeping duration": "sleep_light", "deep sleeping duration": "sleep_deep",
    "rem sleeping duration": "sleep_rem",
}  # fmt: skip
_NO_ZERO = frozenset({"hr", "weight", "height", "spo2", "sbp", "dbp", "body_fat", "glucose", "temp"})
_NAME = re.compile(r"([^()]*?)\s*(?:\(([^()]*)\))?")
_DAY_NAME = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")
_NOT_KEPT, _PART = Leave("signal_not_kept"), Leave("part_of_another")


def _wanted(names: Sequence[str]) -> bool:
    have = frozenset(names)
    if not ({"start time", "end time"} <= have or "date" in have):
        return False
    return bool(have & _TELLING) or ("step count" in have and bool(have & _USUAL))


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Table(sheet, books, member.name).read(member))


class _Table:
    def __init__(self, sheet: Sheet, books: Books, name: str) -> None:
        self._sheet, self._books, self._times = sheet, books, Times()
        self._daily = sheet.index("start time") < 0
        found = _DAY_NAME.search(name.replace("\\", "/").rsplit("/", 1)[-1])
        self._day = found[1] if found else ""
        own = {sheet.index("date"), sheet.index("start time"), sheet.index("end time")}
        self._plan = {at: self._what(column) for at, column in enumerate(sheet.names) if at not in own and column}

    def _what(self, column: str) -> Take | Leave:
        grain = "1d" if self._daily else "15min"
        parts = _NAME.fullmatch(column)
        name, unit = (parts[1], (parts[2] or "").strip()) if parts else (column, "")
        if name in _COUNTS:
            return Take(_COUNTS[name], grain=grain)
        if name in _SLEEP:
            mult = {"ms": 1 / 3_600_000, "s": 1 / 3600, "min": 1 / 60, "h": 1.0}.get(unit)
            return _PART if not self._daily else Take(_SLEEP[name], mult, grain="1d", none=(0.0,)) if mult else _unit_odd(unit)
        if (signal := _UNITS.get(name)) is not None:
            code = ucum(unit) if unit else None
            factors = linear(code, SIGNALS[signal].unit, signal) if code else None
            if factors is None:
                return _unit_odd(unit)
            return Take(signal, factors[0], factors[1], grain, none=(0.0,) if signal in _NO_ZERO else ())
        if "latitude" in name or "longitude" in name:
            return Leave("workout_route")
        return _PART if name.startswith(("max ", "min ")) else _NOT_KEPT

    def read(self, member: Member) -> Parsed:
        for block in blocks(member, self._sheet):
            if not block.rows:
                self._books.faults(block)
                continue
            yield from take(block, self._frame(block.columns), self._plan, self._sheet, self._books)

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        if self._daily:
            days = [midnight(self._times.iso(text)) for text in columns[self._sheet.index("date")]]
            return Frame.of(days, [one[0] + DAY if one else 0 for one in days], "", DEVICE)
        starts = [self._clock(text) for text in columns[self._sheet.index("start time")]]
        ends = [self._clock(text) for text in columns[self._sheet.index("end time")]]
        both = [start if end else None for start, end in zip(starts, ends, strict=True)]
        over = [_after(start, end) for start, end in zip(starts, ends, strict=True)]
        return Frame.of(both, over, "", DEVICE)

    def _clock(self, text: str) -> Moment | None:
        """A clock reading of the file's day, "13:45:00.000+01:00"."""
        text = text.strip()
        if len(text) > 12 and text[4:5] == "-":
            return self._times.iso(text)
        return moment(f"{self._day}T{text}") if self._day and text else None


def _after(start: Moment | None, end: Moment | None) -> int:
    """When a row ends: midnight of the next day where the clock went round."""
    if start is None or end is None:
        return 0
    return end[0] + DAY if end[0] <= start[0] else end[0]


def _unit_odd(unit: str) -> Leave:
    return Leave("unit_unknown" if unit else "unit_missing", "quarantined")


FORMAT = Format("google_fit_csv", recognises, read)
