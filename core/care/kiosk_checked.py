"""This is the place where a visit that was opened is looked at before anything of it is kept: a kiosk is a stranger, whatever its key. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from math import isfinite

from core.domain.checks import PHOTO_KINDS
from core.domain.signals import SIGNALS
from core.emergency.flags import BY_KEY as FLAGS
from core.errors import BadInput
from core.kiosk.collecting import doubts
from core.kiosk.terms import Collected, Device, Photo, Reading
from core.kiosk.wire import good_id
from core.questionnaires.instruments import BY_KEY as FORMS

MOST_READINGS, MOST_PHOTOS, MOST_ANSWERS, MOST_FORMS, MOST_ADDED = 60, 4, 200, 10, 20
MOST_TEXT, MOST_KEY, MOST_PHOTO_BYTES, MOST_ITEMS = 500, 64, 12_000_000, 120
LONGEST_VISIT = timedelta(hours=4)
AHEAD, LONG_AGO = timedelta(minutes=10), timedelta(days=31)
"""How far a kiosk's clock may be ahead, and how old a visit may be that comes in late."""
PHOTO_NAMES = frozenset(one.value for one in PHOTO_KINDS)


def looked_at(found: Collected, now: datetime) -> tuple[Collected, tuple[str, ...]]:
    """The visit with nothing in it that can't be kept, and what was left out of it, as codes. Raises BadInput where it can't be kept at all: `place` says where."""
    if not good_id(found.visit_id):
        raise _bad("visit_id", "an id")
    if found.consented_at is None:
        raise BadInput("kiosk_no_consent", place="consented_at", need="consent for today")
    finished = found.finished_at or found.started_at
    for place, at in (("started_at", found.started_at), ("finished_at", finished), ("consented_at", found.consented_at)):
        if at.tzinfo is None or not now - LONG_AGO <= at <= now + AHEAD:
            raise _bad(place, "a time of the last month that is not ahead of now")
    if not found.started_at <= finished <= found.started_at + LONGEST_VISIT:
        raise _bad("finished_at", "an end after the beginning, on the same visit")
    for place, many, most in (
        ("readings", found.readings, MOST_READINGS), ("photos", found.photos, MOST_PHOTOS), ("questionnaires", found.questionnaires, MOST_FORMS),
        ("contact", found.contact, MOST_ANSWERS), ("medicines", found.medicines, MOST_ANSWERS), ("allergies", found.allergies, MOST_ANSWERS),
        ("medicines_added", found.medicines_added, MOST_ADDED), ("allergies_added", found.allergies_added, MOST_ADDED), ("danger", found.danger, MOST_ADDED),
    ):  # fmt: skip
        if len(many) > most:
            raise _bad(place, f"at most {most}")
    odd: list[str] = []
    kept = replace(
        found,
        language=found.language
        if len(found.language) <= 20 and found.language.replace("_", "").replace("-", "").isalnum()
        else "en",
        readings=tuple(_readings(found, odd)),
        contact=_answers(found.contact, "contact", odd),
        medicines=_answers(found.medicines, "medicines", odd),
        allergies=_answers(found.allergies, "allergies", odd),
        medicines_added=_texts(found.medicines_added, "medicines_added", odd),
        allergies_added=_texts(found.allergies_added, "allergies_added", odd),
        questionnaires=_forms(found.questionnaires, odd),
        photos=tuple(_photos(found.photos, odd)),
        danger=_danger(found.danger, odd),
        finished_at=finished,
    )
    return kept, tuple(dict.fromkeys(odd))


def _readings(found: Collected, odd: list[str]) -> Iterable[Reading]:
    """Those of this visit with values that can be; a device's words cut to a length."""
    for one in found.readings:
        early, late = found.started_at - AHEAD, (found.finished_at or found.started_at) + AHEAD
        whole = bool(one.values) and all(signal in SIGNALS and isfinite(value) for signal, value in one.values.items())
        if one.at.tzinfo is None or not early <= one.at <= late:
            odd.append("reading_time")
        elif one.how not in ("typed", "bluetooth") or not whole or doubts(one.measure, one.values):
            odd.append("reading_value")
        else:
            flags = tuple(text for text in (_short(flag, MOST_KEY) for flag in one.flags[:20]) if text)
            yield replace(one, flags=flags, device=_device(one.device))


def _device(one: Device | None) -> Device | None:
    if one is None:
        return None
    maker, model, serial = (_short(text, 80) for text in (one.maker, one.model, one.serial))
    return Device(maker, model, serial, one.validated if one.validated in ("yes", "no", "unknown") else "unknown")


def _answers(found: Mapping[str, str], place: str, odd: list[str]) -> dict[str, str]:
    kept = {
        key: _short(text, MOST_TEXT)
        for key, text in found.items()
        if 0 < len(key) <= MOST_KEY and key.isprintable() and len(text) <= MOST_TEXT
    }
    if len(kept) < len(found):
        odd.append(place)
    return kept


def _texts(found: Iterable[str], place: str, odd: list[str]) -> tuple[str, ...]:
    every = tuple(found)
    kept = tuple(made for one in every if len(one) <= MOST_TEXT and (made := _short(one, MOST_TEXT)))
    if len(kept) < len(every):
        odd.append(place)
    return kept


def _forms(found: Mapping[str, Mapping[str, object]], odd: list[str]) -> dict[str, dict[str, object]]:
    """Ours alone; whether the answers fit is asked of the form itself (core/questionnaires/answering.py)."""
    kept: dict[str, dict[str, object]] = {}
    for key, answers in found.items():
        fits = (
            key in FORMS
            and 0 < len(answers) <= MOST_ITEMS
            and all(len(item) <= MOST_KEY and _plain(one) for item, one in answers.items())
        )
        if fits:
            kept[key] = dict(answers)
        else:
            odd.append("questionnaires")
    return kept


def _plain(answer: object) -> bool:
    if isinstance(answer, str):
        return len(answer) <= 2000
    if isinstance(answer, list | tuple):
        return len(answer) <= 50 and all(isinstance(one, str) and len(one) <= 200 for one in answer)
    return answer is None or isinstance(answer, bool | int | float)


def _photos(found: Iterable[Photo], odd: list[str]) -> Iterable[Photo]:
    for one in found:
        if one.kind in PHOTO_NAMES and 0 < len(one.content) <= MOST_PHOTO_BYTES:
            yield replace(one, note=_short(one.note, MOST_TEXT))
        else:
            odd.append("photos")


def _danger(found: Iterable[str], odd: list[str]) -> tuple[str, ...]:
    """Signs we know. One we don't know is no reason to be quiet: see `left_out` "danger", for which the desk is called all the same."""
    every = tuple(dict.fromkeys(found))
    if any(one not in FLAGS for one in every):
        odd.append("danger")
    return tuple(one for one in every if one in FLAGS)


def _short(text: str, most: int) -> str:
    """One line without anything that isn't printed."""
    return " ".join("".join(one if one.isprintable() else " " for one in text[: most * 2]).split())[:most]


def _bad(place: str, need: str) -> BadInput:
    return BadInput("kiosk_visit_unfit", place=place, need=need)
