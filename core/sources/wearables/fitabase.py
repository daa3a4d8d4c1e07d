"""This is the place where Fitabase exports of Fitbit data are read: one table a file, many people in each.

Clock: local without a zone (FLOATING), month first. Units by Fitabase's data dictionary (2021): distances in kilometres, calories
are all energy (basal too), METs ten times too large. "Active minutes" are the very and the fairly active ones together, as
Fitbit counts them; light activity is not among them. The daily tables repeat one another: same device, grain and day, so
that the store meets the same sample again and not another. A file of minutes is a row an hour (wide) or a row a minute (narrow).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from core.domain.samples import MANUAL, Parsed
from core.sources.wearables.clock import DAY, HOUR, MINUTE
from core.sources.wearables.csv_columns import Books, Column, Frame, Leave, Take, no_header, settle, take
from core.sources.wearables.csv_numbers import EMPTY, numbers
from core.sources.wearables.csv_rows import Block, Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Times
from core.sources.wearables.form import Format, Member

_DEVICE = "Fitbit"
_GRAINS = {"activityminute": ("1min", MINUTE), "activityhour": ("1h", HOUR)} | dict.fromkeys(
    ("activityday", "activitydate", "sleepday"), ("1d", DAY)
)
_AT = (*_GRAINS, "date", "time")
_PART, _KEPT_NOT = Leave("part_of_another"), Leave("signal_not_kept")
_STAGES = {1.0: 2, 2.0: 6, 3.0: 1}
"""Fitbit's asleep, restless and awake, as SLEEP_STAGES."""
_LB = 0.45359237
_WIDE = re.compile(r"(steps|calories|intensity|mets|value)(\d\d)")

_SAME = Leave("same_as_another", "duplicate")
_COLUMNS: dict[str, Take | Leave] = {
    "steps": Take("steps"),
    "steptotal": Take("steps"),
    "totalsteps": Take("steps"),
    "calories": Take("energy_total"),
    "intensity": Take("intensity"),
    "totalintensity": Take("intensity"),
    "averageintensity": _SAME,
    "mets": _KEPT_NOT,
    "totaldistance": Take("distance", 1000.0),
    "sedentaryminutes": Take("sedentary_minutes"),
    "lightlyactiveminutes": _KEPT_NOT,
    "totalminutesasleep": Take("sleep", 1 / 60),
    "totalsleeprecords": Leave("not_a_measurement"),
    "totaltimeinbed": _KEPT_NOT,
    "restingheartrate": Take("rhr", none=(0.0,)),
    "weightkg": Take("weight", lasts=0),
    "fat": Take("body_fat", lasts=0, none=(0.0,)),
    "bmi": Take("bmi", lasts=0, none=(0.0,)),
    "trackerdistance": _PART,
    "loggedactivitiesdistance": _PART,
    "veryactivedistance": _PART,
    "moderatelyactivedistance": _PART,
    "lightactivedistance": _PART,
    "sedentaryactivedistance": _PART,
}
_VALUES = {"time": Take("hr", lasts=0, none=(0.0, -1.0)), "date": Take("sleep_stage", lasts=MINUTE, states=_STAGES)}
"""What the column "value" is: heart_rate_seconds has Time, minuteSleep has date."""
_ACTIVE = ("veryactiveminutes", "fairlyactiveminutes")


def _wanted(names: Sequence[str]) -> bool:
    if "id" not in names or not any(at in names for at in _AT):
        return False
    if set(names) in ({"id", "time", "value"}, {"id", "date", "value", "logid"}):
        return True
    grained = any(at in names for at in _GRAINS)
    values = [name for name in names if name in _COLUMNS or name in _ACTIVE or _WIDE.fullmatch(name)]
    return bool(values) if grained else "weightkg" in names or "weightpounds" in names


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Table(sheet, books).read(member))


class _Table:
    def __init__(self, sheet: Sheet, books: Books) -> None:
        self._sheet, self._books, self._times = sheet, books, Times()
        self._at = next(name for name in _AT if name in sheet.names)
        self._grain, self._lasts = _GRAINS.get(self._at, ("", 0))
        found = [(int(match[2]), at, match[1]) for at, name in enumerate(sheet.names) if (match := _WIDE.fullmatch(name))]
        self._wide = [(minute, at, what) for minute, at, what in found if minute < 60]
        self._plan = self._planned()

    def _planned(self) -> dict[int, Take | Leave]:
        names, plan = self._sheet.names, dict[int, Take | Leave]()
        for at, name in enumerate(names):
            what = _COLUMNS.get(name) or (_VALUES.get(self._at) if name == "value" else None)
            if isinstance(what, Take) and what.lasts < 0:
                what = Take(what.signal, what.mult, what.add, self._grain, self._lasts, what.quality, what.none)
            if what is not None:
                plan[at] = what
        structural = {"id", "logid", "ismanualreport", "weightpounds", self._at, *_ACTIVE}
        for at, name in enumerate(names):
            if at not in plan and name and name not in structural and not _WIDE.fullmatch(name):
                plan[at] = Leave("unknown_type")
        return plan

    def read(self, member: Member) -> Parsed:
        for block in blocks(member, self._sheet):
            if not block.rows:
                self._books.faults(block)
                continue
            columns = block.columns
            frame = self._frame(columns)
            yield from take(block, frame, self._plan, self._sheet, self._books)
            yield from self._active(block, columns, frame)
            yield from self._pounds(block, columns, frame)
            if self._wide:
                yield from self._minutes(block, columns, frame)

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        moments = [self._times.local(text) for text in columns[self._sheet.names.index(self._at)]]
        subject = [text.strip() for text in columns[self._sheet.names.index("id")]]
        quality = np.zeros(len(moments), np.uint8)
        if (manual := self._sheet.index("ismanualreport")) >= 0:
            quality = np.array([MANUAL if text.strip().lower() in ("true", "1") else 0 for text in columns[manual]], np.uint8)
        return Frame.of(moments, None, subject, _DEVICE, quality)

    def _active(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """Very and fairly active minutes, which make one value."""
        at = [self._sheet.index(name) for name in _ACTIVE]
        if min(at) < 0:
            for one in (index for index in at if index >= 0):
                yield from take(Block(block.lines, block.rows), frame, {one: Leave("part_missing")}, self._sheet, self._books)
            return
        (very, state), (fairly, other) = (numbers(columns[one], self._sheet.delimiter != ",") for one in at)
        kind = self._sheet.header[at[0]]
        worst = np.maximum(state, other)
        alone = (worst == EMPTY) & (state != other)
        for row in np.flatnonzero(alone).tolist():
            self._books.row(block.lines[row], kind, "not_followed", "part_missing", subject=frame.subject[row])
        worst = np.where(alone, EMPTY, worst).astype(np.uint8)
        what = Take("active_minutes", grain=self._grain, lasts=self._lasts)
        yield from settle(Column(kind, what, very + fairly, worst), frame, block.lines, self._books)
        for (subject, _), rows in frame.places:
            both = np.count_nonzero((worst[rows] != EMPTY) & (other[rows] != EMPTY) & (state[rows] != EMPTY))
            self._books.all(self._sheet.header[at[1]], "not_followed", "part_of_another", int(both), subject)

    def _pounds(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """The weight in pounds, where the row has none in kilograms; else it is the same weight."""
        at, other = self._sheet.index("weightpounds"), self._sheet.index("weightkg")
        if at < 0:
            return
        values, state = numbers(columns[at], self._sheet.delimiter != ",")
        if other >= 0:
            has = np.array([bool(cell.strip()) for cell in columns[other]]) & (state != EMPTY)
            for (subject, _), rows in frame.places:
                self._books.all(self._sheet.header[at], _SAME.outcome, _SAME.why, int(np.count_nonzero(has[rows])), subject)
            state = np.where(has, EMPTY, state).astype(np.uint8)
        yield from settle(
            Column(self._sheet.header[at], Take("weight", _LB, lasts=0), values, state), frame, block.lines, self._books
        )

    def _minutes(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """The sixty columns of an hour, as rows of a minute."""
        n, kind = len(block.rows), self._wide[0][2]
        mine = [(minute, at) for minute, at, what in self._wide if what == kind]
        parts = [numbers(columns[at], self._sheet.delimiter != ",") for _, at in mine]
        values = np.stack([one for one, _ in parts], axis=1).ravel()
        state = np.stack([one for _, one in parts], axis=1).ravel()
        each = np.repeat(np.arange(n), len(mine))
        start = frame.start[each] + np.tile(np.array([minute for minute, _ in mine]) * MINUTE, n)
        subject = [frame.subject[row] for row in each.tolist()] if len(set(frame.subject)) > 1 else [frame.subject[0]] * len(each)
        places = [(whose, np.flatnonzero(np.isin(each, rows))) for whose, rows in frame.places]
        minutes = Frame(
            start, start, frame.offset[each], frame.why[each], frame.quality[each], subject, [_DEVICE] * len(each), places
        )
        lines = [block.lines[row] for row in each.tolist()]
        what = _COLUMNS.get("steps" if kind == "value" else kind, _KEPT_NOT)
        if isinstance(what, Leave):
            self._books.all(kind, what.outcome, what.why, int(np.count_nonzero(state != EMPTY)))
            return
        what = Take(what.signal, what.mult, what.add, "1min", MINUTE)
        yield from settle(Column(kind, what, values, state), minutes, lines, self._books)


FORMAT = Format("fitabase", recognises, read)
