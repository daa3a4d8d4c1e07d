"""This is the place where our own plain CSV is read: `time,value,unit,signal` in any order, or a column for each signal.

Long form: each row one value. Wide form: a time column and columns whose names are signals with their unit behind, "weight (kg)";
the unit may be left out where there is only one ("steps"). Optional in both: end, device, subject, quality. Clock: an offset or Z as
written; else local without a zone (FLOATING). A bare day is the whole of it (grain "1d"). Days with slashes or points count only
where the file as a whole shows which part is the month. What we don't know is set apart by row: signal, unit, quality are not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import ABOVE, BELOW, UNSURE, Parsed
from core.domain.signal import Signal
from core.domain.units import linear, ucum
from core.sources.wearables.clock import DAY
from core.sources.wearables.collect import Place
from core.sources.wearables.csv_columns import Books, Column, Frame, Take, groups, no_header, settle
from core.sources.wearables.csv_numbers import FINE, NOTHING, number, numbers
from core.sources.wearables.csv_rows import Block, Sheet, blocks, head_of, look
from core.sources.wearables.csv_times import UNCLEAR, Moment, Times, day_order, epoch, midnight
from core.sources.wearables.form import Format, Member
from core.sources.wearables.plain_names import PARTS, QUALITY, signal_of

_NAMED_UNIT = re.compile(r"(.+?)\s*[(\[](.+)[)\]]")
_BARE_DAY = re.compile(r"\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\s*")
_COUNTS = frozenset({"count", "counts", "1", "#", "次", "个"})


def _part(names: Sequence[str], part: str) -> int:
    wanted = PARTS[part].split("|")
    return next((names.index(name) for name in wanted if name in names), -1)


def _of_header(name: str) -> tuple[Signal, str] | None:
    """The signal and unit that a column's name states."""
    whole = signal_of(name)
    if whole is not None:
        return whole, ""
    found = _NAMED_UNIT.fullmatch(name)
    row = signal_of(found[1]) if found else None
    return (row, found[2]) if row is not None and found else None


def _wanted(names: Sequence[str]) -> bool:
    if len(names) > 200 or (_part(names, "time") < 0 and _part(names, "date") < 0):
        return False
    if all(_part(names, part) >= 0 for part in ("value", "unit", "signal")):
        return True
    known = {_part(names, part) for part in ("time", "date", "end", "device", "subject", "quality")}
    others = [name for at, name in enumerate(names) if at not in known and name]
    return bool(others) and all(_of_header(name) is not None for name in others)


def recognises(head: bytes, name: str) -> bool:
    return look(head, _wanted) is not None


def read(member: Member) -> Parsed:
    sheet = look(head_of(member), _wanted)
    if sheet is None:
        yield from no_header(member.name)
        return
    books = Books(member.name)
    yield from books.closed(_Table(sheet, books).read(member))


@dataclass(frozen=True, slots=True)
class _Written:
    """One value as it stands in a row."""

    signal: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class _When:
    """When a row's values were: None where its time cannot be read, and why."""

    start: Moment | None
    end: int
    grain: str = ""
    why: tuple[str, str] = ("refused", "time_invalid")


class _Table:
    def __init__(self, sheet: Sheet, books: Books) -> None:
        self._sheet, self._books, self._times = sheet, books, Times()
        self._at = {part: _part(sheet.names, part) for part in PARTS}
        self._long = all(self._at[part] >= 0 for part in ("value", "unit", "signal"))
        taken = {self._at[part] for part in ("time", "date", "end", "device", "subject", "quality")}
        self._wide: dict[int, tuple[Signal, str]] = {}
        if not self._long:
            for index, name in enumerate(sheet.names):
                found = _of_header(sheet.header[index].strip()) or _of_header(name)
                if index not in taken and found:
                    self._wide[index] = found
        self._signals: dict[str, Signal | None] = {}
        self._factors: dict[tuple[str, str], tuple[float, float] | str] = {}

    def read(self, member: Member) -> Parsed:
        self._times.order = day_order(self._days(member))
        for block in blocks(member, self._sheet):
            self._books.faults(block)
            if block.rows and self._at["end"] < 0 and self._at["date"] < 0:
                yield from self._together(block)
            for line, row in zip(block.lines, block.rows, strict=True):
                self._row(line, row, line in block.short)
            yield from self._books.collector.ready()

    def _days(self, member: Member) -> Iterator[str]:
        """Every time of the file, each day once; nothing where the first rows show that the year stands first."""
        seen: set[str] = set()
        for block in blocks(member, self._sheet):
            for row in block.rows:
                text = self._cell(row, "date") if self._at["date"] >= 0 else self._cell(row, "time")
                if text[:10] not in seen and len(seen) < 100_000:
                    seen.add(text[:10])
                    yield text
            if seen and all(text[:4].isdigit() for text in seen):
                return

    def _cell(self, row: list[str], part: str) -> str:
        return row[self._at[part]].strip() if self._at[part] >= 0 else ""

    def _together(self, block: Block) -> Parsed:
        """The samples of all rows that are plain: a time that is more than a day, a number, a unit that fits. They are taken out of
        the block; what is left is looked at row by row."""
        columns, n = block.columns, len(block.rows)
        stamps = [text.strip() for text in columns[self._at["time"]]]
        moments = [self._times.local(text) for text in stamps]
        sound = np.array([one is not None and len(text) > 10 for one, text in zip(moments, stamps, strict=True)])
        quality = [QUALITY.get(text.strip().lower(), UNSURE) for text in self._texts(columns, "quality")]
        frame = Frame.of(
            moments, None, self._texts(columns, "subject"), self._texts(columns, "device"), np.array(quality, np.uint8)
        )
        done = np.zeros(n, bool)
        for rows, signal, unit, at in self._alike(columns):
            factors = self._converted(signal, unit)
            if signal.states or isinstance(factors, str):
                continue
            values, state = numbers([columns[at][row] for row in rows.tolist()], self._sheet.delimiter != ",")
            good = (state == FINE) & sound[rows]
            mine = rows[good]
            column = Column(signal.key, Take(signal.key, *factors), values[good], np.zeros(len(mine), np.uint8))
            yield from settle(column, frame.of_rows(mine), [block.lines[row] for row in mine.tolist()], self._books)
            done[mine] = True
            for row in mine.tolist() if self._wide else ():
                block.rows[row][at] = ""
        rest = [row for row in range(n) if not done[row] or any(block.rows[row][at].strip() for at in self._wide)]
        block.lines, block.rows = [block.lines[row] for row in rest], [block.rows[row] for row in rest]

    def _texts(self, columns: list[tuple[str, ...]], part: str) -> list[str]:
        return [text.strip() for text in columns[self._at[part]]] if self._at[part] >= 0 else [""] * len(columns[0])

    def _alike(self, columns: list[tuple[str, ...]]) -> Iterator[tuple[np.ndarray, Signal, str, int]]:
        """(rows, signal, unit, column of the values) for all that are of one signal in one unit."""
        if not self._long:
            every = np.arange(len(columns[0]))
            yield from ((every, signal, unit, at) for at, (signal, unit) in self._wide.items())
            return
        pairs = list(zip(self._texts(columns, "signal"), self._texts(columns, "unit"), strict=True))
        for (written, unit), rows in groups(pairs):
            if (signal := self._signal(written)) is not None:
                yield rows, signal, unit, self._at["value"]

    def _signal(self, written: str) -> Signal | None:
        if written not in self._signals:
            if len(self._signals) > 10_000:
                self._signals.clear()
            self._signals[written] = signal_of(written)
        return self._signals[written]

    def _row(self, line: int, row: list[str], short: bool) -> None:
        if self._long:
            given = [_Written(self._cell(row, "signal"), self._cell(row, "value"), self._cell(row, "unit"))]
            if given[0].value.lower() in NOTHING:
                why = "too_few_cells" if short else "value_missing"
                self._books.row(line, "row", "refused", why, subject=self._cell(row, "subject"))
                return
        else:
            given = [_Written(signal.key, row[at].strip(), unit) for at, (signal, unit) in self._wide.items()]
            given = [one for one in given if one.value.lower() not in NOTHING]
            if not given and short:
                self._books.row(line, "row", "refused", "too_few_cells", subject=self._cell(row, "subject"))
        when = self._when(row)
        for one in given:
            self._value(line, row, one, when)

    def _when(self, row: list[str]) -> _When:
        clock, day = self._cell(row, "time"), self._cell(row, "date")
        text = f"{day} {clock}".strip() if day and clock and not re.match(r"\d{4}-|\d{1,2}[-/.]\d", clock) else clock or day
        start = self._times.local(text) or epoch(text)
        if start is None:
            unclear = self._times.order == UNCLEAR and re.match(r"\d{1,2}[-/.]\d{1,2}[-/.]\d", text)
            return _When(None, 0, why=("quarantined", "date_order_unclear") if unclear else ("refused", "time_invalid"))
        if written := self._cell(row, "end"):
            end = self._times.local(written) or epoch(written)
            return _When(start if end else None, end[0] if end else 0)
        if _BARE_DAY.fullmatch(text) and (night := midnight(start)):
            return _When(night, night[0] + DAY, "1d")
        return _When(start, start[0])

    def _value(self, line: int, row: list[str], one: _Written, when: _When) -> None:
        subject, quality = self._cell(row, "subject"), QUALITY.get(self._cell(row, "quality").lower())
        signal = self._signal(one.signal)
        if signal is None:
            self._books.row(line, "row", "quarantined", "signal_unknown", subject=subject)
            return
        state = self._state(signal, one.value)
        bare, limit = (one.value[1:], BELOW if one.value[0] == "<" else ABOVE) if one.value[0] in "<>" else (one.value, 0)
        value = float(state) if state >= 0 else number(bare, self._sheet.delimiter != ",")
        factors = (1.0, 0.0) if state >= 0 else self._converted(signal, one.unit)
        if when.start is None:
            self._books.row(line, signal.key, *when.why, subject=subject)
        elif value is None or (signal.states and state < 0):
            self._books.row(line, signal.key, "refused", "not_a_number", subject=subject)
        elif isinstance(factors, str):
            self._books.row(line, signal.key, "quarantined", factors, subject=subject)
        else:
            marks = (UNSURE if quality is None else quality) | limit
            place = Place(signal.key, self._cell(row, "device"), when.grain, subject, self._books.path)
            canonical = value * factors[0] + factors[1]
            self._books.collector.add(place, when.start[0], canonical, end=when.end, quality=marks, offset=when.start[1])

    @staticmethod
    def _state(signal: Signal, value: str) -> int:
        """The number of a state, given by its name or as that number; -1 where it is none."""
        word = value.casefold().replace(" ", "_")
        if word in signal.states:
            return signal.states.index(word)
        return int(word) if word.isascii() and word.isdigit() and len(word) < 3 and int(word) < len(signal.states) else -1

    def _converted(self, signal: Signal, unit: str) -> tuple[float, float] | str:
        """(mult, add) into the signal's unit, or why there is none."""
        key = (signal.key, unit)
        if key not in self._factors:
            if len(self._factors) > 10_000:
                self._factors.clear()
            counted = signal.unit.startswith("{")
            code = ucum(unit)
            if not unit or (counted and unit.lower() in _COUNTS):
                self._factors[key] = (1.0, 0.0) if counted else "unit_missing"
            else:
                self._factors[key] = "unit_unknown" if code is None else linear(code, signal.unit, signal.key) or "unit_unfit"
        return self._factors[key]


FORMAT = Format("plain_csv", recognises, read)
