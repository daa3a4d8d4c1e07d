"""This is the place where an A4 page is measured and drawn; nothing here knows what a record is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from fpdf import FPDF, ViewerPreferences
from fpdf.drawing_primitives import DeviceRGB
from fpdf.enums import TextMode, XPos, YPos

from core.exports.letters import BOX, FAMILY, Letters, load, missing

_MARGIN, _WIDTH, _HEIGHT = 14.0, 210.0, 297.0
_INNER = _WIDTH - 2 * _MARGIN
_GAP = 8.0
_TOP, _FOOT = 44.0, 26.0
_SPLIT = (0.25, 0.22, 0.34, 0.19)
"""Shares of the width of what was measured, value, when, source."""
_POINT = 0.3528
_LEADING, _ROW = 1.35, 1.25
"""A line is this much higher than its letters, a row of a table this much higher than a line."""
_INK, _MUTED, _ACCENT, _WARN, _RULE = (27, 36, 38), (74, 86, 89), (11, 95, 102), (156, 61, 0), (205, 211, 212)
"""The light tokens of the screens (core/ui/tokens.py): ink, muted ink, accent, act soon; and a hairline."""


def _nothing_more(count: int) -> str:
    return f"+{count}"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: what, value, when, source."""

    cells: tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Block:
    """A titled list, or a table. `lasting` is cut last; `more` says how many have no room."""

    title: str
    lines: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    lasting: bool = False
    more: Callable[[int], str] = _nothing_more


@dataclass(frozen=True, slots=True)
class Measure:
    """How tightly a page is set: type size in points, how many entries a list keeps, how many characters an entry, how
    many entries a lasting list keeps."""

    size: float
    most: int
    length: int
    lasting: int


@dataclass(frozen=True, slots=True)
class _Style:
    size: float
    colour: tuple[int, int, int] = _INK
    bold: bool = False


@dataclass
class Page:
    """A page being drawn, from the top down."""

    pdf: Any
    letters: Letters
    dots: str = "..."
    y: float = _TOP
    boxes: bool = False

    @classmethod
    def begin(cls, language: str, font_path: Path | None, made_at: datetime, title: str) -> Page:
        """An empty page whose letters can say the title. Raises BadInput `font_missing`."""
        pdf: Any = FPDF(format="A4", unit="mm")
        pdf.set_auto_page_break(False)
        pdf.set_margin(_MARGIN)
        pdf.set_creation_date(made_at)
        pdf.set_lang(language.replace("_", "-"))
        pdf.set_title(title)
        pdf.set_creator("Healthboard")
        pdf.viewer_preferences = ViewerPreferences(display_doc_title=True)
        letters = load(pdf, language, font_path)
        if not letters.says(title):
            raise missing(f"a font with the letters of {language}")
        pdf.add_page()
        return cls(pdf, letters, "…" if language.startswith(("zh", "ja")) else "...")

    def head(self, title: str, name: str, about: str, warning: str) -> None:
        self._text((_MARGIN, 12), _INNER, title, _Style(9, _ACCENT))
        self._text((_MARGIN, 17), _INNER, name, _Style(18, _INK, True))
        self._text((_MARGIN, 28), _INNER, about, _Style(10.5, _INK))
        if warning:
            self._text((_MARGIN, 34.5), _INNER, warning, _Style(9.5, _WARN, True))
        self._rule(_TOP - 3)

    def fits(self, columns: tuple[Sequence[Block], Sequence[Block]], table: Block, measure: Measure) -> bool:
        """Whether all that this measure keeps has room."""
        room = _HEIGHT - _FOOT - _TOP - self._table_height(table, measure)
        width = (_INNER - _GAP) / 2
        return all(self._stacks(column, width, measure, room) for column in columns)

    def _stacks(self, column: Sequence[Block], width: float, measure: Measure, room: float) -> bool:
        """Whether a column has room. Breaking lines takes time: at one line each it must fit before that is tried."""
        if sum(_least(block, measure) for block in column) > room:
            return False
        for block in column:
            room -= self._height(block, width, measure)
            if room < 0:
                return False
        return True

    def columns(self, left: Sequence[Block], right: Sequence[Block], measure: Measure) -> None:
        width = (_INNER - _GAP) / 2
        start, ends = self.y, []
        for x, column in ((_MARGIN, left), (_MARGIN + width + _GAP, right)):
            self.y = start
            for block in column:
                self._block(block, x, width, measure)
            ends.append(self.y)
        self.y = max(ends)

    def table(self, block: Block, measure: Measure) -> None:
        line = _line_height(measure.size)
        self._text((_MARGIN, self.y), _INNER, block.title, _Style(measure.size + 1.5, _ACCENT, True))
        self.y += line * 1.5
        if not block.rows:
            for text in block.lines:
                self._text((_MARGIN, self.y), _INNER, text, _Style(measure.size, _INK))
        high = line * _ROW
        room = max(1, int((_HEIGHT - _FOOT - self.y) // high) - 1)
        kept = block.rows if len(block.rows) <= min(room, measure.most) else block.rows[: min(room, measure.most)]
        for row in kept:
            self._rule(self.y)
            x = _MARGIN
            for share, cell in zip(_SPLIT, row.cells, strict=True):
                width = share * _INNER
                text = self._narrow(cell, width - 2, measure.size)
                self._text((x, self.y + (high - line) / 2), width, text, _Style(measure.size, _INK))
                x += width
            self.y += high
        if len(kept) < len(block.rows):
            self._text((_MARGIN, self.y), _INNER, block.more(len(block.rows) - len(kept)), _Style(measure.size, _MUTED))

    def foot(self, lines: Sequence[str], number: str, boxes: str) -> None:
        """The last lines, the page's number beside the first; `boxes` is said where a box stands for a character."""
        y = _HEIGHT - _FOOT + 5
        self._rule(y - 2)
        for line in filter(None, (*lines, boxes) if self.boxes else lines):
            self._text((_MARGIN, y), _INNER * 0.85, line, _Style(8, _MUTED))
            y += 4
        self.pdf.set_xy(_MARGIN, _HEIGHT - _FOOT + 5)
        self.pdf.set_font_size(8)
        self.pdf.cell(_INNER, _line_height(8), self._printable(number), align="R")

    def finish(self) -> bytes:
        return bytes(self.pdf.output())

    def _block(self, block: Block, x: float, width: float, measure: Measure) -> None:
        line = _line_height(measure.size)
        self._text((x, self.y), width, block.title, _Style(measure.size + 1.5, _ACCENT, True))
        self.y += line * 1.5
        for text in self._entries(block, measure):
            self.pdf.set_text_color(*_INK)
            self.pdf.set_font(FAMILY, size=measure.size)
            self.pdf.set_xy(x, self.y)
            self.pdf.multi_cell(width, line, text, align="L", new_x=XPos.LEFT, new_y=YPos.NEXT)
            self.y = self.pdf.get_y() + line * 0.15
        self.y += line * 0.8

    def _entries(self, block: Block, measure: Measure) -> list[str]:
        most = _most(block, measure)
        kept = [self._cut(text, measure.length) for text in block.lines[:most]]
        if len(block.lines) > most:
            kept.append(self._printable(block.more(len(block.lines) - most)))
        return kept

    def _height(self, block: Block, width: float, measure: Measure) -> float:
        line = _line_height(measure.size)
        self.pdf.set_font(FAMILY, size=measure.size)
        lines = (
            self.pdf.multi_cell(width, line, text, dry_run=True, output="LINES", align="L")
            for text in self._entries(block, measure)
        )
        return sum(len(found) * line + line * 0.15 for found in lines) + line * 2.3

    def _table_height(self, block: Block, measure: Measure) -> float:
        rows = min(len(block.rows), measure.most) + (len(block.rows) > measure.most)
        return _line_height(measure.size) * (max(rows * _ROW, len(block.lines)) + 2.5)

    def _text(self, place: tuple[float, float], width: float, text: str, style: _Style) -> None:
        self.pdf.set_font(FAMILY, size=style.size)
        self.pdf.set_text_color(*style.colour)
        self.pdf.set_xy(*place)
        with self.pdf.local_context(**(_heavy(style) if style.bold else {})):
            self.pdf.cell(width, _line_height(style.size), self._narrow(text, width, style.size), align="L")

    def _rule(self, y: float) -> None:
        self.pdf.set_draw_color(*_RULE)
        self.pdf.line(_MARGIN, y, _WIDTH - _MARGIN, y)

    def _narrow(self, text: str, width: float, size: float) -> str:
        """The text, shortened, visibly, where it is wider than that."""
        text = self._printable(text)
        self.pdf.set_font(FAMILY, size=size)
        if self.pdf.get_string_width(text) <= width:
            return text
        kept = bisect_right(range(len(text)), width, key=lambda end: self.pdf.get_string_width(text[:end] + self.dots))
        return text[: max(0, kept - 1)].rstrip() + self.dots

    def _cut(self, text: str, length: int) -> str:
        text = self._printable(text)
        return text if len(text) <= length else text[: length - 1].rstrip() + self.dots

    def _printable(self, text: str) -> str:
        said = self.letters.printable(text)
        self.boxes = self.boxes or said.count(BOX) > text.count(BOX)
        return said


def _most(block: Block, measure: Measure) -> int:
    return measure.lasting if block.lasting else measure.most


def _least(block: Block, measure: Measure) -> float:
    """The height of a block whose entries take a line each."""
    return _line_height(measure.size) * (1.15 * min(len(block.lines), _most(block, measure)) + 2.3)


def _line_height(size: float) -> float:
    return size * _POINT * _LEADING


def _heavy(style: _Style) -> dict[str, Any]:
    """The regular face with its outline drawn too: there is one face for all languages, and it isn't bold."""
    return {
        "text_mode": TextMode.FILL_STROKE,
        "line_width": style.size * 0.012,
        "draw_color": DeviceRGB(*(part / 255 for part in style.colour)),
    }
