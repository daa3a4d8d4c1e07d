"""This is the place where columns of a file's rows become samples, all rows of a piece at once, and every cell is accounted for."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from core.domain.samples import Columns, Parsed, Samples, Tally
from core.errors import FileRefused
from core.sources.wearables.collect import LEAST_NS, MOST_NS, Collector
from core.sources.wearables.csv_numbers import EMPTY, FINE, NOTHING, WRONG, numbers
from core.sources.wearables.csv_rows import Block, Sheet

WHYS = ("", "time_invalid", "time_out_of_reach", "ends_before_start", "sentinel_time")

_Name = TypeVar("_Name", bound=Hashable)
_NAMED_ROWS = 200
"""So many rows that went wrong are named by their line; the others are counted for the whole file."""


@dataclass(frozen=True, slots=True)
class Take:
    """A column whose cells are values of a signal: canonical = cell * mult + add. `lasts` ns is how long each is (-1: as long as
    its row says). `none` are numbers that mean that there was no reading; `states` turns codes into the signal's states."""

    signal: str
    mult: float = 1.0
    add: float = 0.0
    grain: str = ""
    lasts: int = -1
    quality: int = 0
    none: tuple[float, ...] = ()
    states: Mapping[float, int] | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """A column whose cells are known and not kept, and why."""

    why: str
    outcome: str = "not_followed"


@dataclass(slots=True)
class Frame:
    """What holds for each row: `start`, `end` int64 ns, `offset` int16, `why` uint8 (an index of WHYS; 0: the times are good),
    `quality` uint8, `subject` and `device` names; `places` are the rows of each (subject, device)."""

    start: np.ndarray
    end: np.ndarray
    offset: np.ndarray
    why: np.ndarray
    quality: np.ndarray
    subject: Sequence[str]
    device: Sequence[str]
    places: list[tuple[tuple[str, str], np.ndarray]]

    @classmethod
    def of(
        cls, moments: Sequence[tuple[int, int] | None], ends: Sequence[int | None] | None = None,
        subject: Sequence[str] | str = "", device: Sequence[str] | str = "", quality: np.ndarray | None = None,
    ) -> Frame:  # fmt: skip
        """From (ns, offset) of each row (None: no such time) and the ns of the ends (None: as the start)."""
        n = len(moments)
        sound = np.fromiter((one is not None for one in moments), bool, n)
        given = moments if sound.all() else [one or (0, 0) for one in moments]
        try:
            start, offset = np.array(given, np.int64).reshape(n, 2).T.copy()
        except OverflowError:
            start, offset = np.array([(_held(one[0]), one[1]) for one in given if one], np.int64).reshape(n, 2).T.copy()
        end = start.copy()
        if ends is not None:
            end = np.fromiter((s if e is None else _held(e) for s, e in zip(start.tolist(), ends, strict=True)), np.int64, n)
        why = np.where(sound, 0, 1).astype(np.uint8)
        out = (start < LEAST_NS) | (start > MOST_NS) | (end < LEAST_NS) | (end > MOST_NS)
        why[(why == 0) & out] = 2
        why[(why == 0) & (end < start)] = 3
        marks = np.zeros(n, np.uint8) if quality is None else quality
        whose, whence = _each(subject, n), _each(device, n)
        return cls(
            start, end, offset.astype(np.int16), why, marks, whose, whence, list(groups(list(zip(whose, whence, strict=True))))
        )

    def of_rows(self, rows: np.ndarray) -> Frame:
        """The frame of some of its rows."""
        if len(rows) == len(self.start):
            return self
        whose, whence = ([names[row] for row in rows.tolist()] for names in (self.subject, self.device))
        start, end, offset = self.start[rows], self.end[rows], self.offset[rows]
        places = list(groups(list(zip(whose, whence, strict=True))))
        return Frame(start, end, offset, self.why[rows], self.quality[rows], whose, whence, places)


def _held(ns: int) -> int:
    return min(max(ns, -(1 << 62)), 1 << 62)


def _each(text: Sequence[str] | str, n: int) -> Sequence[str]:
    return [text] * n if isinstance(text, str) else text


class Books:
    """The account of one file: what became no sample, by row where they are few."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.collector = Collector(batch=1)  # its `ready` gives what has gathered
        self._named: set[int] = set()

    def row(self, line: int, kind: str, outcome: str, why: str, count: int = 1, subject: str = "") -> None:
        """Entries of one row."""
        if len(self._named) < _NAMED_ROWS:
            self._named.add(line)
        where = f"{self.path}:{line}" if line in self._named else self.path
        self.collector.odd(where, kind, outcome, why, count, subject)

    def all(self, kind: str, outcome: str, why: str, count: int, subject: str = "") -> None:
        """Entries of the whole file."""
        self.collector.odd(self.path, kind, outcome, why, int(count), subject)

    def faults(self, block: Block) -> None:
        for line, why in block.faults:
            self.row(line, "row", "refused", why)

    def nothing_in(self, block: Block, given: np.ndarray) -> None:
        """Rows that ended before anything that is an entry (`given`: which rows hold one)."""
        for line, has in zip(block.lines, given, strict=True):
            if not has and line in block.short:
                self.row(line, "row", "refused", "too_few_cells")

    def closed(self, parsed: Parsed) -> Parsed:
        """What a reader yields, then the account, also where the stream was refused on the way."""
        try:
            yield from parsed
        except FileRefused:
            yield from self.collector.rest()
            raise
        yield from self.collector.rest()


def no_header(path: str) -> Iterator[Tally]:
    """The account of a file in which the header was not found."""
    yield Tally(path, "file", "refused", "header_missing")


def take(block: Block, frame: Frame, plan: Mapping[int, Take | Leave], sheet: Sheet, books: Books) -> Parsed:
    """The samples of the columns that `plan` names by their index; their other cells into the books."""
    books.faults(block)
    if not block.rows:
        return
    columns = block.columns
    given = np.zeros(len(block.rows), bool)
    for at, what in plan.items():
        kind = sheet.header[at] or f"column {at + 1}"
        if isinstance(what, Leave):
            has = np.fromiter((cell.strip().lower() not in NOTHING for cell in columns[at]), bool, len(block.rows))
            given |= has
            _leave(frame, has, kind, what, books)
        else:
            values, state = numbers(columns[at], sheet.delimiter != ",")
            given |= state != EMPTY
            yield from settle(Column(kind, what, values, state), frame, block.lines, books)
    books.nothing_in(block, given)


def _leave(frame: Frame, has: np.ndarray, kind: str, what: Leave, books: Books) -> None:
    for subject, rows in groups(frame.subject):
        books.all(kind, what.outcome, what.why, int(np.count_nonzero(has[rows])), subject)


@dataclass(frozen=True, slots=True)
class Column:
    """The cells of one column as numbers: `values` float64 and `state` uint8 (FINE, EMPTY, WRONG), one for each row of a frame."""

    kind: str
    what: Take
    values: np.ndarray
    state: np.ndarray


def settle(column: Column, frame: Frame, lines: Sequence[int], books: Books) -> Parsed:
    """The samples of one column; cells that are none into the books."""
    what, values = column.what, column.values
    fine = column.state == FINE
    odd: list[tuple[np.ndarray, str, str]] = [(column.state == WRONG, "refused", "not_a_number")]
    for code in range(1, len(WHYS)):
        odd.append((fine & (frame.why == code), "refused", WHYS[code]))
    fine = fine & (frame.why == 0)
    if what.none:
        nothing = fine & np.isin(values, what.none)
        odd.append((nothing, "not_followed", "no_reading"))
        fine &= ~nothing
    if what.states is not None:
        named = np.array([what.states.get(value, -1) for value in values.tolist()], dtype=np.float64)
        odd.append((fine & (named < 0), "not_followed", "unknown_type"))
        fine &= named >= 0
        values = named
    with np.errstate(over="ignore", invalid="ignore"):
        canonical = values * what.mult + what.add
    odd.append((fine & ~np.isfinite(canonical), "refused", "not_a_number"))
    fine &= np.isfinite(canonical)
    for mask, outcome, why in odd:
        for row in np.flatnonzero(mask).tolist():
            books.row(lines[row], column.kind, outcome, why, subject=frame.subject[row])
    yield from _samples(what, canonical, fine, frame, books.path)


def _samples(what: Take, values: np.ndarray, fine: np.ndarray, frame: Frame, path: str) -> Iterator[Samples]:
    if not fine.any():
        return
    end = frame.end if what.lasts < 0 else frame.start + what.lasts
    marks = frame.quality | np.uint8(what.quality)
    whole = Columns(frame.start, end, values, marks, frame.offset)
    for (subject, device), rows in frame.places:
        mine = rows[fine[rows]]
        if len(mine):
            yield Samples(what.signal, whole.take(mine), device, what.grain, subject, path)


def groups(names: Sequence[_Name]) -> Iterator[tuple[_Name, np.ndarray]]:
    """(name, its rows ascending) for each name, in the order in which they first come."""
    if len(set(names)) <= 1:
        if len(names):
            yield names[0], np.arange(len(names))
        return
    found: dict[_Name, list[int]] = {}
    for row, name in enumerate(names):
        found.setdefault(name, []).append(row)
    for name, rows in found.items():
        yield name, np.asarray(rows, dtype=np.int64)
