"""This is the place where what a person enters about their medicines is looked at before it is kept: sizes, texts, dosages that leave nothing open."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from core.domain.codes import ATC, RXNORM
from core.errors import BadInput
from core.medications.book import Dosages, OwnMedicine
from core.medications.book_json import SORTS
from core.medications.reading import regimen

MOST_MARKED = 400
"""Medicines with an answer, a choice or a stock of their own."""
MOST_TITLE = 120
MOST_TEXT = 500
MOST_DOSAGES = 20
MOST_DOSAGE_BYTES = 20_000
MOST_ID = 300
T = TypeVar("T")


def looked_at(own: OwnMedicine) -> OwnMedicine:
    """A medicine as it may be kept. One without dosages is kept too: it is checked and listed, and not planned. Raises BadInput."""
    title = text_within(own.title, "title", MOST_TITLE)
    if not title:
        raise BadInput("title_needed", place="title", need=MOST_TITLE)
    known(own.sort, SORTS, "sort")
    known(own.system, ("", ATC, RXNORM), "system")
    if own.until is not None and own.since is not None and own.until < own.since:
        raise BadInput("day_before_start", place="until", need="a day after the first")
    code = text_within(own.code, "code", 40)
    dosages = clear(own.dosages) if own.dosages else ()
    return replace(own, title=title, code=code, system=own.system if code else "", reason=text_within(own.reason, "reason"), dosages=dosages)


def clear(dosages: Dosages, *, anchored: bool = True) -> Dosages:
    """Dosages that leave nothing open (`anchored`: something else says from which day on). Raises BadInput: `need` is the code of the first question (`ask.<code>`)."""
    if not dosages or len(dosages) > MOST_DOSAGES:
        raise BadInput("dosage_needed", place="dosages", need=f"1 - {MOST_DOSAGES}")
    try:
        size = len(json.dumps([dict(one) for one in dosages], allow_nan=False))
    except (TypeError, ValueError, RecursionError):
        raise BadInput("dosage_needed", place="dosages", need="FHIR dosages") from None
    if size > MOST_DOSAGE_BYTES:
        raise BadInput("dosage_needed", place="dosages", need=f"{MOST_DOSAGE_BYTES} bytes")
    asked = regimen(list(dosages), anchored=anchored).asked
    if asked:
        raise BadInput("still_unclear", place=asked[0].place or "dosages", need=asked[0].code)
    return tuple(dict(one) for one in dosages)


def text_within(text: str, place: str, most: int = MOST_TEXT) -> str:
    """A text without blanks at its ends. Raises BadInput for one that is too long or no text."""
    cleaned = " ".join(text.split())
    if len(cleaned) > most or not cleaned.isprintable():
        raise BadInput("text_too_long", place=place, need=most)
    return cleaned


def medicine(medicine_id: str) -> None:
    """Raises BadInput for what is no id of a medicine."""
    if not medicine_id or len(medicine_id) > MOST_ID:
        raise BadInput("bad_choice", place="medicine", need="an id")


def marked(marks: Mapping[str, T], key: str, one: T) -> dict[str, T]:
    """The marks with this one. Raises BadInput where there are too many medicines."""
    after = {**marks, key: one}
    room(tuple(after)[1:], MOST_MARKED, "medicines")
    return after


def room(have: Sequence[object], most: int, place: str) -> None:
    """Raises BadInput where there is none for one more."""
    if len(have) >= most:
        raise BadInput("too_many_entries", place=place, need=most)


def known(found: str, among: Sequence[str], place: str) -> None:
    """Raises BadInput for a choice there isn't."""
    if found not in among:
        raise BadInput("bad_choice", place=place, need=" ".join(one for one in among if one))
