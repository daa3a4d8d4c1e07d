"""This is the place where the emergency card is set on one sheet: what a stranger must read, and the same as a QR code."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.domain.records import PersonName
from core.exports.letters import missing
from core.exports.page import Block, Measure, Page
from core.exports.qr import QUIET, code
from core.exports.written import Say

_SIDE = 74.0
"""Millimetres of the code on paper: at version 24 a module is over half a millimetre."""
_MEASURES = (*(Measure(size, 300, length, 300) for size, length in ((11, 200), (10, 160), (9, 120))), Measure(9, 14, 110, 30), Measure(8, 8, 90, 20), Measure(7.5, 4, 60, 10), Measure(7, 1, 30, 4))
_HEIGHT_OF_POINT = 0.3528 * 1.35
_MARGIN, _BOTTOM = 14.0, 297.0 - 28.0
_LEFT = frozenset({"allergies", "contacts", "blood_group", "languages", "implants"})


class Who(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def names(self) -> tuple[PersonName, ...]: ...
    @property
    def synthetic(self) -> bool: ...


class Part(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def entries(self) -> tuple[str, ...]: ...


class Sheet(Protocol):
    """What the sheet says: core/care/emergency_views.py, as far as it is read here."""

    @property
    def made_at(self) -> datetime: ...
    @property
    def person(self) -> Who: ...
    @property
    def sections(self) -> Sequence[Part]: ...
    @property
    def text(self) -> str: ...
    @property
    def cut(self) -> tuple[tuple[str, int], ...]: ...


def emergency_pdf(sheet: Sheet, words: Say, language: str, font_path: Path | None = None) -> bytes:
    """One A4 page. Raises BadInput `font_missing` where the fonts have not the letters of the language or of the name."""
    page = Page.begin(language, font_path, sheet.made_at, words("emergency.title"))
    parts = {one.key: one for one in sheet.sections}
    blocks = {one.key: _block(one, words) for one in sheet.sections if one.key not in ("name", "born", "as_of")}
    left = tuple(block for key, block in blocks.items() if key in _LEFT)
    right = tuple(block for key, block in blocks.items() if key not in _LEFT)
    fitting = (one for one in _MEASURES if page.fits((left, right), _room(one), one))
    measure = next(fitting, _MEASURES[-1])
    born = parts["born"]
    page.head(words("emergency.title"), _name(sheet.person, page, words), f"{born.title} {born.entries[0]}", words("summary.synthetic") if sheet.person.synthetic else "")
    page.columns(left, right, measure)
    _draw_code(page, sheet.text)
    cut = sum(n for _, n in sheet.cut)
    left_out = words("emergency.qr_cut", n=cut) if cut else ""
    as_of = parts["as_of"]
    page.foot((f"{as_of.title}: {'; '.join(as_of.entries)}", words("emergency.qr_paper"), left_out), words("summary.page", page=1, pages=1), words("summary.boxes"))
    return page.finish()


def _block(part: Part, t: Say) -> Block:
    return Block(part.title, part.entries, lasting=part.key in ("allergies", "contacts"), more=lambda n: t("emergency.more", n=n))


def _room(measure: Measure) -> Block:
    """An empty table as high as the code."""
    return Block("", ("",) * math.ceil(_SIDE / (measure.size * _HEIGHT_OF_POINT)))


def _name(who: Who, page: Page, t: Say) -> str:
    """The first of a person's names that can be printed whole."""
    names = [name for name in (who.name, *(other.text for other in who.names)) if name]
    said = next((name for name in names if page.letters.says(name)), "")
    if names and not said:
        raise missing("a font with the letters of this person's name")
    return said or t("person.no_name")


def _draw_code(page: Page, text: str) -> None:
    """Black runs of modules as rectangles: sharp at any size."""
    rows = [list(row) for row in code(text).matrix]
    module = _SIDE / (len(rows) + 2 * QUIET)
    page.pdf.set_fill_color(0, 0, 0)
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            run = next((end for end in range(x, len(row)) if not row[end]), len(row)) - x
            if run:
                page.pdf.rect(_MARGIN + (x + QUIET) * module, _BOTTOM - _SIDE + (y + QUIET) * module, run * module, module, style="F")
            x += max(run, 1)
