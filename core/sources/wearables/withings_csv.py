"""This is the place where the tables of a Withings data export are read, by the columns of each and, where those are alike, its name.

weight.csv, bp.csv, height.csv, manual_spo2.csv: local clock without a zone (FLOATING). aggregates_*.csv: the local day. sleep.csv,
activities.csv and raw_*.csv: an offset as written. Units stand in the header of weight.csv and height.csv; the others' are those
of the export's README (beats/min, mmHg, metres, kcal, seconds). raw_*.csv: a row is a start with lists of durations and values, one after
the other. Fat mass becomes a share of the weight beside it (the scale shows both). A night is one entry beside its parts: light, deep
and REM together. Routes are not followed; column names are covered in English only. Written from the export's README and public examples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from core.domain.samples import Parsed
from core.domain.signals import SIGNALS
from core.domain.signals_table import WORKOUTS as KINDS
from core.domain.units import linear, ucum
from core.sources.wearables.clock import SECOND
from core.sources.wearables.csv_columns import Books, Column, Frame, Leave, Take, no_header, settle, take
from core.sources.wearables.csv_numbers import EMPTY, FINE, WRONG, numbers
from core.sources.wearables.csv_rows import Block, Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import Moment, Times, midnight
from core.sources.wearables.form import Format, Member
from core.sources.wearables.withings_tables import BODY, BY_NAME, HOURS, KEPT_NOT, PLAIN, WORKOUTS

_DEVICE = "Withings"
_UNIT = re.compile(r"(.+?) \((.+)\)")
_LISTED = re.compile(r"\[([^\[\]]*)\]")
_FEET = re.compile(r"(\d+)\s*'\s*(\d+(?:\.\d+)?)?\s*(?:''|\")?")


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1].lower().removesuffix(".csv")


def _kind(names: Sequence[str]) -> str:
    """Which of the tables this header is of, or ""."""
    have = set(names)
    if {"start", "duration", "value"} <= have and len(names) == 3:
        return "raw"
    if {"from", "to"} <= have:
        if have & {"light (s)", "deep (s)", "rem (s)"}:
            return "sleep"
        return "activities" if "activity type" in have else ""
    if names[:1] == ("date",):
        if {"systolic", "diastolic"} <= have or any(name.startswith("fat mass (") for name in names):
            return "dated"
        if any(found and found[1] in BODY for found in map(_UNIT.fullmatch, names)) and "comments" in have:
            return "dated"
        if names == ("date", "value"):
            return "daily"
    return ""


def _wanted(names: Sequence[str]) -> bool:
    return bool(_kind(tuple(names)))


def recognises(head: bytes, name: str) -> bool:
    sheet = look(head, _wanted)
    if sheet is None:
        return False
    return _kind(sheet.names) != "daily" or _base(name).startswith(("aggregates_", "manual_"))


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
        self._kind, self._named = _kind(sheet.names), _base(books.path)

    def read(self, member: Member) -> Parsed:
        plan = self._planned()
        for block in blocks(member, self._sheet):
            if not block.rows:
                self._books.faults(block)
                continue
            columns = block.columns
            if self._kind == "raw":
                yield from self._raw(block, columns)
                continue
            frame = self._frame(columns)
            yield from take(block, frame, plan, self._sheet, self._books)
            if self._kind == "sleep":
                yield from self._nights(block, columns, frame)
            if self._kind == "activities":
                yield from self._workouts(block, columns, frame)
            yield from self._fat(block, columns, frame)
            yield from self._feet(block, columns, frame)

    def _frame(self, columns: list[tuple[str, ...]]) -> Frame:
        at = self._sheet.index("from", "date")
        starts: list[Moment | None] = [self._times.iso(text) for text in columns[at]]
        if self._named.startswith("aggregates_"):
            starts = [midnight(one) for one in starts]
        ends = None
        if (to := self._sheet.index("to")) >= 0:
            moments = [self._times.iso(text) for text in columns[to]]
            starts = [start if end else None for start, end in zip(starts, moments, strict=True)]
            ends = [end[0] if end else 0 for end in moments]
        return Frame.of(starts, ends, "", _DEVICE)

    def _planned(self) -> dict[int, Take | Leave]:
        plan: dict[int, Take | Leave] = {}
        structural = {"date", "from", "to", "from (manual)", "to (manual)", "timezone", "activity type", "modified"}
        for at, name in enumerate(self._sheet.names):
            what = self._by_name() if name == "value" else PLAIN.get(name) or self._with_unit(at)
            if what is not None:
                plan[at] = what
            elif name and name not in structural and not name.startswith(("fat mass (", "height (")):
                plan[at] = KEPT_NOT
        return plan

    def _by_name(self) -> Take | Leave:
        if self._named.startswith("raw_location_"):
            return Leave("workout_route")
        return BY_NAME.get(self._named, Leave("unknown_type"))

    def _with_unit(self, at: int) -> Take | Leave | None:
        found = _UNIT.fullmatch(self._sheet.names[at])
        signal = BODY.get(found[1]) if found else None
        if found is None or signal is None or (signal == "height" and found[2] == "in"):
            return None
        unit = ucum(found[2])
        factors = linear(unit, SIGNALS[signal].unit, signal) if unit else None
        return Take(signal, *factors) if factors else Leave("unit_unknown", "quarantined")

    def _nights(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """Each night: what was slept in all."""
        parts = [self._sheet.index(name) for name in ("light (s)", "deep (s)", "rem (s)")]
        read = [numbers(columns[at]) for at in parts if at >= 0]
        total = np.sum([values for values, _ in read], axis=0)
        state = np.max([one for _, one in read], axis=0).astype(np.uint8)
        for row in np.flatnonzero(state != FINE).tolist():
            self._books.row(block.lines[row], "night", "not_followed", "part_missing")
        state = np.where(state == FINE, FINE, EMPTY).astype(np.uint8)
        yield from settle(Column("night", Take("sleep", HOURS, grain="1d"), total, state), frame, block.lines, self._books)

    def _workouts(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        words = [text.strip().lower() for text in columns[self._sheet.index("activity type")]]
        values = np.array([float(KINDS.index(WORKOUTS.get(word, "other"))) for word in words])
        state = np.array([FINE if word else EMPTY for word in words], np.uint8)
        yield from settle(Column("Activity type", Take("workout"), values, state), frame, block.lines, self._books)

    def _fat(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        at = next((at for at, name in enumerate(self._sheet.names) if name.startswith("fat mass (")), -1)
        beside = next((at for at, name in enumerate(self._sheet.names) if name.startswith("weight (")), -1)
        if at < 0:
            return
        fat, state = numbers(columns[at])
        weight, other = numbers(columns[beside]) if beside >= 0 else (np.ones(len(fat)), np.full(len(fat), EMPTY, np.uint8))
        unit, same = self._sheet.names[at].partition("(")[2], beside >= 0 and self._sheet.names[beside].partition("(")[2]
        alone = (state == FINE) & ((other != FINE) | (weight <= 0) | (unit != same))
        for row in np.flatnonzero(alone).tolist():
            self._books.row(block.lines[row], self._sheet.header[at], "not_followed", "part_missing")
        state = np.where(alone, EMPTY, state).astype(np.uint8)
        share = fat / np.where(weight > 0, weight, 1.0)
        yield from settle(Column(self._sheet.header[at], Take("body_fat", 100.0), share, state), frame, block.lines, self._books)

    def _feet(self, block: Block, columns: list[tuple[str, ...]], frame: Frame) -> Parsed:
        """A height in inches, or feet and inches ("5' 10.0''")."""
        at = self._sheet.index("height (in)")
        if at < 0:
            return
        values, state = numbers(columns[at])
        for row in np.flatnonzero(state == WRONG).tolist():
            if found := _FEET.fullmatch(columns[at][row].strip()):
                values[row], state[row] = 12 * float(found[1]) + float(found[2] or 0), FINE
        yield from settle(Column(self._sheet.header[at], Take("height", 2.54), values, state), frame, block.lines, self._books)

    def _raw(self, block: Block, columns: list[tuple[str, ...]]) -> Parsed:
        """Rows of lists: each value lasts as long as its duration, from where the one before ended."""
        self._books.faults(block)
        what, header = self._by_name(), self._sheet.header[self._sheet.index("value")]
        lines, starts, ends, cells = [], list[Moment | None](), list[int | None](), []
        at, lasts, value = (self._sheet.index(name) for name in ("start", "duration", "value"))
        for line, row in zip(block.lines, block.rows, strict=True):
            listed, times = list(_items(row[value])), list(_items(row[lasts]))
            if isinstance(what, Leave):
                self._books.all(header, what.outcome, what.why, len(listed))
                continue
            start, (seconds, state) = self._times.iso(row[at]), numbers(times)
            if len(times) != len(listed) or not listed or (state != FINE).any() or (abs(seconds) > 1e7).any():
                self._books.row(line, header, "refused", "list_uneven", max(1, len(listed)))
                continue
            gone = 0
            for text, second in zip(listed, seconds.tolist(), strict=True):
                lines.append(line)
                starts.append((start[0] + gone, start[1]) if start else None)
                gone += int(second * SECOND)
                ends.append(start[0] + gone if start else None)
                cells.append(text)
        if cells and isinstance(what, Take):
            frame = Frame.of(starts, ends, "", _DEVICE)
            yield from settle(Column(header, what, *numbers(cells)), frame, lines, self._books)


def _items(cell: str) -> Iterator[str]:
    found = _LISTED.fullmatch(cell.strip())
    inside = found[1] if found else cell
    yield from (text.strip() for text in inside.split(",") if text.strip())


FORMAT = Format("withings_csv", recognises, read)
