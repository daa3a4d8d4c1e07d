"""This is the place where files of comma-separated values are taken apart into rows, a bad row losing only itself.

What is tolerated, because exports of devices do it: UTF-8 with or without its mark, UTF-16, Latin-1; commas, semicolons or tabs; any
line ends; lines before the header; NUL bytes; quotes that are opened and never closed; rows that end early or in an empty cell
too many; a last line that was cut off. A file goes through in pieces; what is held is one piece and a line that is not over yet.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from core.errors import FileRefused
from core.sources.wearables.form import HEAD_BYTES, Member

DELIMITERS = (",", ";", "\t")
LONGEST_LINE = 1_000_000
"""Characters; a longer line is no row of an export."""
LINES_IN_A_ROW = 40
"""How many lines a quoted text may run over."""
_LONGEST_NAME = 80
PREAMBLE = 60
"""Among how many lines the header is looked for."""

Wanted = Callable[[Sequence[str]], bool]
"""Whether these folded names are the header that a format looks for."""

csv.field_size_limit(LONGEST_LINE)
_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")


@dataclass(frozen=True, slots=True)
class Sheet:
    """How a file is written: `header` the names as they stand there, `names` the same folded, `line` the header's number
    (from 1), `preamble` the lines before it."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    names: tuple[str, ...]
    line: int
    preamble: tuple[str, ...] = ()

    def index(self, *names: str) -> int:
        """The first column that has one of these folded names, or -1."""
        return next((self.names.index(name) for name in names if name in self.names), -1)


@dataclass(slots=True)
class Block:
    """Rows of one piece of a file, each as wide as the header: `lines` their numbers, `short` those that ended early. `faults` are
    (line, why) of what is no row."""

    lines: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    short: set[int] = field(default_factory=set)
    faults: list[tuple[int, str]] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, ...]]:
        return list(zip(*self.rows, strict=True))


def fold(name: str) -> str:
    """A column's name without case, quotes and spaces too many."""
    return _SPACE.sub(" ", name).strip().strip('"').strip().casefold()


def head_of(member: Member) -> bytes:
    """The first bytes of a file."""
    with member.open() as stream:
        return stream.read(HEAD_BYTES)


def encoding_of(head: bytes) -> str:
    """The encoding a text is written in, by its first bytes."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[0:2000:2].count(0), head[1:2000:2].count(0)
    if max(even, odd) > len(head[:2000]) // 5 and min(even, odd) * 20 < max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        wrong = head.decode("utf-8", "replace").count("\ufffd")
        right = sum(1 for letter in head.decode("utf-8", "ignore") if ord(letter) > 127)
        return "utf-8-sig" if right > wrong else "latin-1"
    return "utf-8-sig"


def look(head: bytes, wanted: Wanted) -> Sheet | None:
    """How a file is written, where among its first lines stands a header that is wanted; else None."""
    encoding = encoding_of(head)
    text = codecs.getincrementaldecoder(encoding)("replace").decode(head).replace("\0", "")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:PREAMBLE]
    for at, line in enumerate(lines):
        for delimiter in DELIMITERS:
            if delimiter not in line or len(line) > LONGEST_LINE:
                continue
            header = tuple(cell.strip().strip("\ufeff")[:_LONGEST_NAME] for cell in _cells(line, delimiter))
            names = tuple(fold(cell) for cell in header)
            if wanted(names):
                return Sheet(encoding, delimiter, header, names, at + 1, tuple(lines[:at]))
    return None


def blocks(member: Member, sheet: Sheet) -> Iterator[Block]:
    """The rows below the header. FileRefused of the stream passes, after what was read before it."""
    rows = _Rows(sheet)
    refused: FileRefused | None = None
    decoder = codecs.getincrementaldecoder(sheet.encoding)("replace")
    rest = ""
    try:
        for piece in member.chunks():
            text = rest + decoder.decode(piece)
            held = "\r" if text.endswith("\r") else ""  # perhaps the first half of a line's end
            lines = _lines(text[:-1] if held else text)
            rest = lines.pop() + held
            if len(rest) > LONGEST_LINE:
                rest = rest[: LONGEST_LINE + 1] + held  # no more of it than it takes to call it too long
            yield rows.take(lines)
    except FileRefused as error:
        refused = error
    yield rows.take(_lines(rest), ended=True)
    if refused:
        raise refused


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cells(line: str, delimiter: str) -> list[str]:
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


class _Rows:
    """Goes through lines one after the other and keeps count."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet, self._width = sheet, len(sheet.header)
        self._line = 0
        self._waiting: list[str] = []

    def take(self, lines: list[str], ended: bool = False) -> Block:
        """The rows of these lines; `ended`: no more will come, and the last one had no end of line."""
        if (plain := self._plain(lines)) is not None:
            return plain
        lines = self._waiting + lines
        self._waiting = []
        block, at = Block(), 0
        while at < len(lines):
            line = lines[at].replace("\0", "") if "\0" in lines[at] else lines[at]
            number = self._line + 1
            if number <= self._sheet.line or not line.strip():
                used, row = 1, None
            elif len(line) > LONGEST_LINE:
                used, row = 1, None
                block.faults.append((number, "line_too_long"))
            elif '"' not in line:
                used, row = 1, line.split(self._sheet.delimiter)
            else:
                used, row = self._quoted(lines, at, ended)
                if not used:
                    self._waiting = lines[at:]
                    break
                if row is None:
                    block.faults.append((number, "cut_short" if ended and at == len(lines) - 1 else "quote_not_closed"))
            if row is not None:
                self._place(block, number, row, cut=ended and at + used == len(lines))
            self._line += used
            at += used
        return block

    def _plain(self, lines: list[str]) -> Block | None:
        """The block of lines in which nothing is out of the ordinary, as nearly all of a long file are; else None."""
        if self._waiting or self._line < self._sheet.line or not lines:
            return None
        rows = [line.split(self._sheet.delimiter) for line in lines]
        first = self._sheet.header[0]
        if any(len(row) != self._width or row[0] == first for row in rows):
            return None
        whole = "".join(lines)
        if '"' in whole or "\0" in whole or len(whole) > LONGEST_LINE:
            return None
        numbers = list(range(self._line + 1, self._line + len(lines) + 1))
        self._line += len(lines)
        return Block(numbers, rows)

    def _quoted(self, lines: list[str], at: int, ended: bool) -> tuple[int, list[str] | None]:
        """How many lines the row at `at` takes, and its cells (None: it is none). 0 lines: more must come first."""
        for more in range(1, LINES_IN_A_ROW + 1):
            if at + more > len(lines):
                return (1, None) if ended else (0, None)
            several = [one.replace("\0", "") + "\n" for one in lines[at : at + more]]
            reader = csv.reader([*several, ""], delimiter=self._sheet.delimiter)
            try:
                row = next(reader)
            except (csv.Error, StopIteration):
                return 1, None
            if reader.line_num <= more:
                fits = more == 1 or len(row) in (self._width, self._width + 1)
                return (more, row) if fits else (1, None)
        return 1, None

    def _place(self, block: Block, number: int, row: list[str], cut: bool) -> None:
        width = self._width
        if len(row) > width:
            if any(cell.strip() for cell in row[width:]):
                block.faults.append((number, "too_many_cells"))
                return
            del row[width:]
        elif len(row) < width:
            if cut:
                block.faults.append((number, "cut_short"))
                return
            block.short.add(number)
            row.extend([""] * (width - len(row)))
        if row[0] == self._sheet.header[0] and tuple(fold(cell) for cell in row) == self._sheet.names:
            return  # several exports, one after the other
        if any(row) and any(cell.strip() for cell in row):
            block.lines.append(number)
            block.rows.append(row)
