"""This is the place where a few headed lines are set on one sheet of paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

from core.exports.page import Block, Measure, Page
from core.exports.written import Say

_MEASURES = tuple(Measure(size, 60, 300, 60) for size in (11.0, 10.0, 9.0, 8.0))


class Part(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...


class Sheet(Protocol):
    """What the sheet says: core/care/kiosk_sheet.py, as far as it is read here."""

    @property
    def title(self) -> str: ...
    @property
    def about(self) -> str: ...
    @property
    def left(self) -> Sequence[Part]: ...
    @property
    def right(self) -> Sequence[Part]: ...
    @property
    def foot(self) -> Sequence[str]: ...
    @property
    def made_at(self) -> datetime: ...


def sheet_pdf(sheet: Sheet, words: Say, language: str, font_path: Path | None = None) -> bytes:
    """One A4 page. Raises BadInput `font_missing` where the fonts have not the letters of the language."""
    page = Page.begin(language, font_path, sheet.made_at, sheet.title)
    left, right = (
        tuple(Block(one.title, one.lines, lasting=True, more=lambda n: words("emergency.more", n=n)) for one in side)
        for side in (sheet.left, sheet.right)
    )
    measure = next((one for one in _MEASURES if page.fits((left, right), Block(""), one)), _MEASURES[-1])
    page.head("Healthboard", sheet.title, sheet.about, "")
    page.columns(left, right, measure)
    page.foot(sheet.foot, words("summary.page", page=1, pages=1), words("summary.boxes"))
    return page.finish()
