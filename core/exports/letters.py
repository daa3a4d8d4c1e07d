"""This is the place where the letters of the printed page come from, and where it is known which characters they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from fontTools.ttLib import TTLibError
from fpdf import FPDF

from core.errors import BadInput

FAMILY = "page"
BOX = "□"
_SPARE = "spare"
_PACKAGE, _FILE = "noto_cjk_sans_otc", "NotoSansCJK-Regular.ttc"
_INSTALLED = (
    Path("/usr/share/fonts/opentype/noto") / _FILE,
    Path("/usr/share/fonts/noto-cjk") / _FILE,
    Path("/usr/share/fonts/google-noto-cjk") / _FILE,
)
_FACES = {"zh_Hant": 3, "zh_TW": 3, "ja": 0, "ko": 1}
_SIMPLIFIED = 2
"""Faces of the Noto Sans CJK collection: Japanese, Korean, simplified and traditional Chinese; all hold Latin, Greek, Cyrillic."""
_RAISED = re.compile("[\u00b2\u00b3\u00b9\u2070\u2074-\u207b]+")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})


@dataclass(frozen=True, slots=True)
class Letters:
    """The characters a page can hold."""

    known: frozenset[int]

    def says(self, text: str) -> bool:
        """Whether every letter and digit of the text can be printed."""
        return all(self._holds(char) for char in unicodedata.normalize("NFC", text) if char.isalnum())

    def printable(self, text: str) -> str:
        """The text on one line; a raised exponent that can't be printed is written "^9", any other such character as a box."""
        text = " ".join(unicodedata.normalize("NFC", text).split())
        text = _RAISED.sub(lambda found: found[0] if self._all(found[0]) else _exponent(found[0]), text)
        return "".join(self._near(char) for char in text if unicodedata.category(char) not in ("Cc", "Cf") and not _selects(char))

    def _near(self, char: str) -> str:
        if self._holds(char):
            return char
        plain = unicodedata.normalize("NFKC", char)
        return plain if self._all(plain) else BOX

    def _all(self, text: str) -> bool:
        return all(self._holds(char) for char in text)

    def _holds(self, char: str) -> bool:
        """Letters written from the right are not held: they would come out in the wrong order and shape."""
        return ord(char) in self.known and unicodedata.bidirectional(char) not in _RIGHT_TO_LEFT


def load(pdf: FPDF, language: str, font_path: Path | None) -> Letters:
    """Give the page its letters: the font of the settings first, then the Noto Sans CJK of our requirements or of this machine.

    Raises BadInput `font_missing` where there is none, or the one of the settings is no font.
    """
    fonts = {}
    if font_path is not None:
        fonts[FAMILY] = _add(pdf, FAMILY, font_path, language)
    own = _own()
    if own is not None:
        family = _SPARE if fonts else FAMILY
        fonts[family] = _add(pdf, family, own, language)
    if not fonts:
        raise missing("a font file, or the package noto-cjk-sans-otc")
    if _SPARE in fonts:
        pdf.set_fallback_fonts([_SPARE])
    return Letters(frozenset().union(*fonts.values()))


def missing(need: str) -> BadInput:
    """The error of a page that can't be printed with the fonts there are."""
    return BadInput("font_missing", place="HEALTHBOARD_FONT_PATH", need=need)


def _add(pdf: Any, family: str, path: Path, language: str) -> Iterable[int]:
    try:
        pdf.add_font(family, fname=path, collection_font_number=_face(language, path))
    except (OSError, TTLibError, KeyError, ValueError) as error:
        raise missing("a TrueType or OpenType font file that can be read") from error
    return frozenset(pdf.fonts[family].cmap)


def _own() -> Path | None:
    spec = find_spec(_PACKAGE)
    carried = [Path(place) / _FILE for place in spec.submodule_search_locations or ()] if spec else []
    return next((path for path in (*carried, *_INSTALLED) if path.is_file()), None)


def _face(language: str, path: Path) -> int:
    """Which face of a collection; a font of somebody else's is taken by its first."""
    return _FACES.get(language, _SIMPLIFIED) if path.name.startswith("NotoSansCJK") and path.suffix == ".ttc" else 0


def _exponent(raised: str) -> str:
    return "^" + unicodedata.normalize("NFKC", raised).replace("\u2212", "-")


def _selects(char: str) -> bool:
    """Whether this only chooses a variant of the character before it."""
    return "\ufe00" <= char <= "\ufe0f"
