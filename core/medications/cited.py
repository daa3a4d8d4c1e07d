"""This is the place where a table names what its rows rest on, and where words and codes of a record are held against a row's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

import msgspec

from core.domain.codes import Concept
from core.medications.findings import Severity, Source
from core.medications.tables import Sheet

Status = Literal["verified", "digest", "memory"]
MEMORY = "memory"


class Cited(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a row rests on: a short citation, the date or version of what was read, and how it was read (findings.Source)."""

    citation: str
    date: str
    status: Status

    def source(self, status: str = "") -> Source:
        """As findings carry it; with `status` where a row is less sure than its source."""
        return Source(self.citation, self.date, status or self.status)


class CitedSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table whose rows name one of its `sources`."""

    sources: dict[str, Cited]


def sound(sheet: CitedSheet, named: Iterable[tuple[str, str, int]]) -> None:
    """Raises ValueError where an id stands twice, a source isn't there or a severity is none. `named` are (id, source, severity) of all rows."""
    seen: set[str] = set()
    for key, source, severity in named:
        if not key or key in seen or source not in sheet.sources:
            raise ValueError("a row without an id or a source of its own")
        Severity(severity)
        seen.add(key)


def texts(concept: Concept) -> tuple[str, ...]:
    """All that the record calls it, in small letters."""
    return tuple(text.casefold() for text in dict.fromkeys([concept.text, *(one.display for one in concept.codings)]) if text)


def says(concept: Concept, words: Iterable[str]) -> bool:
    """Whether one of the words stands in what the record calls it: whole words in Latin script, anywhere in Chinese."""
    said = texts(concept)
    return any(_pattern(word).search(text) for word in words for text in said)


def only_says(concept: Concept, words: Iterable[str], fillers: Iterable[str]) -> bool:
    """Whether one of its names is made of such words and fillers alone: "Allergy to peanuts (substance)", but not "milk of magnesia"."""
    known, small = sorted(words, key=len, reverse=True), tuple(fillers)
    for text in texts(concept):
        rest = text
        for word in (*known, *small):
            rest = _pattern(word).sub(" ", rest)
        if rest != text and says(concept, known) and not any(letter.isalnum() for letter in rest):
            return True
    return False


def any_says(said: Iterable[str], words: Iterable[str]) -> bool:
    """The same for plain words of the record."""
    small = [text.casefold() for text in said]
    return any(_pattern(word).search(text) for word in words for text in small)


def coded(concept: Concept, codes: Iterable[str]) -> bool:
    """Whether it carries one of the codes (of whatever system: SNOMED's, RxNorm's and HL7's look different)."""
    wanted = set(codes)
    return any(one.code in wanted for one in concept.codings)


@lru_cache(maxsize=2048)
def _pattern(word: str) -> re.Pattern[str]:
    small = word.casefold()
    return re.compile(rf"(?<![a-z]){re.escape(small)}(?![a-z])") if small.isascii() else re.compile(re.escape(small))
