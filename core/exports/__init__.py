"""This is the place where what a person sees is written into files to take away: a table, a FHIR Bundle, a page to print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from core.domain.records import Original, Person, Record
from core.exports.bundle import fhir_bundle
from core.exports.strict import faults_in
from core.exports.table import records_csv
from core.exports.written import Say

if TYPE_CHECKING:
    from core.exports.emergency import Sheet
    from core.exports.sheet import Sheet as Lines
    from core.exports.summary import Summary


@dataclass(frozen=True, slots=True)
class Exports:
    """The exporter of core/ports.py. `font_path` is a font for the PDF; none: the Noto Sans CJK that is installed with us."""

    font_path: Path | None = None

    def csv(self, records: Iterable[Record], words: Say) -> bytes:
        """One row a value, as a spreadsheet reads it."""
        return records_csv(records, words)

    def bundle(self, person: Person, originals: Iterable[Original], now: datetime) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        """A FHIR R4 Bundle of the originals, and (record id, reason) of those that aren't strictly R4 and are marked in it."""
        return fhir_bundle(person, originals, now)

    def why_odd(self, original: bytes) -> tuple[str, ...]:
        """What a strict R4 reading finds wrong with one record: "path: need", without its values."""
        return tuple(str(fault) for fault in faults_in(original))

    def pdf(self, summary: object, words: Say, language: str) -> bytes:
        """One A4 page: who, allergies, problems, medicines, newest readings with their age, whom to call."""
        from core.exports.summary import summary_pdf  # its fonts take a quarter of a second to import: only who prints waits

        return summary_pdf(cast("Summary", summary), words, language, self.font_path)

    def emergency_pdf(self, sheet: object, words: Say, language: str) -> bytes:
        """One A4 page: the emergency card, and the same as a QR code."""
        from core.exports.emergency import emergency_pdf  # as above

        return emergency_pdf(cast("Sheet", sheet), words, language, self.font_path)

    def sheet_pdf(self, sheet: object, words: Say, language: str) -> bytes:
        """One A4 page of a few headed lines: what a visit at a kiosk sent."""
        from core.exports.sheet import sheet_pdf  # as above

        return sheet_pdf(cast("Lines", sheet), words, language, self.font_path)

    def qr(self, text: str) -> bytes:
        """A text as a QR code (PNG) that holds all of it."""
        from core.exports.qr import png

        return png(text)
