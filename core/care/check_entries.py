"""This is the place where what comes with a photo or a decision is looked at before it is kept: places, answers, texts, and how many there may be."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care.medicine_entries import known, room
from core.domain.checks import (
    BODY_PLACES,
    COINS,
    PHOTO_KINDS,
    RHYTHM_CLASSES,
    SKIN_CLASSES,
    SYMPTOMS,
    CheckKind,
    KeptCheck,
    SkinFacts,
    Spot,
)
from core.errors import BadInput

MOST_OPEN = 40
"""Checks of one person that wait for a model or for the team."""
MOST_CHECKS = 5_000
MOST_SPOTS = 60
MOST_NOTE = 500
MOST_WORDS = 1_000
MOST_LABEL = 60
MOST_AGE = 125
VIEWS = ("front", "back")
LABELS = {CheckKind.SKIN: SKIN_CLASSES, CheckKind.WOUND: (), CheckKind.RHYTHM: RHYTHM_CLASSES}
"""What a clinician may call it, by kind; "other" and "" always."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What comes with a photo: the spot it is of ("" none), what the person says of it, a word to the team, the check that asked for another photo
    ("" none), `coin` of COINS that lies beside a wound ("" none), `anyway`: send it though it is poor; `taken_at` when it was made, as `look` read it from the file (None: not known)."""

    spot_id: str = ""
    facts: SkinFacts | None = None
    note: str = ""
    answers: str = ""
    anyway: bool = False
    taken_at: datetime | None = None
    coin: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a clinician says: `label` what it is (see LABELS), `reason` a code, `text` words to the person."""

    label: str = ""
    reason: str = ""
    text: str = ""


def looked_at(kind: CheckKind, sent: Sent, now: datetime) -> Sent:
    """What comes with a photo, as it may be kept. Raises BadInput."""
    if kind not in PHOTO_KINDS:
        raise BadInput("bad_choice", place="kind", need=" ".join(PHOTO_KINDS))
    facts = facts_within(sent.facts) if kind is CheckKind.SKIN and sent.facts is not None else None
    taken_at = (
        sent.taken_at
        if sent.taken_at is not None and sent.taken_at.tzinfo is not None and sent.taken_at <= now + timedelta(days=1)
        else None
    )
    known(sent.coin, ("", *COINS), "coin")
    coin = sent.coin if kind is CheckKind.WOUND else ""
    return replace(sent, facts=facts, note=words(sent.note, "note", MOST_NOTE), taken_at=taken_at, coin=coin)


def facts_within(facts: SkinFacts) -> SkinFacts:
    """Raises BadInput for an age nobody has, a skin type there isn't, or a place or symptom nobody was asked about."""
    if facts.age is not None and not 0 <= facts.age <= MOST_AGE:
        raise BadInput("number_outside", place="age", need=f"0 - {MOST_AGE}")
    if facts.skin_type is not None and not 1 <= facts.skin_type <= 6:
        raise BadInput("number_outside", place="skin_type", need="1 - 6")
    known(facts.place, ("", *BODY_PLACES), "place")
    for code in facts.symptoms:
        known(code, SYMPTOMS, "symptoms")
    return replace(facts, symptoms={code: bool(said) for code, said in facts.symptoms.items()})


def spot_within(spot: Spot) -> Spot:
    """A spot as it may be kept. Raises BadInput."""
    if spot.kind not in PHOTO_KINDS:
        raise BadInput("bad_choice", place="kind", need=" ".join(PHOTO_KINDS))
    known(spot.place, BODY_PLACES, "place")
    known(spot.view, VIEWS, "view")
    if not all(math.isfinite(one) and 0 <= one <= 1 for one in (spot.x, spot.y)):
        raise BadInput("number_outside", place="x, y", need="0 - 1")
    return replace(spot, x=float(spot.x), y=float(spot.y), label=words(spot.label, "label", MOST_LABEL).replace("\n", " "))


def said_within(kind: CheckKind, said: Said) -> Said:
    """A decision's words and label, as they may be kept. Raises BadInput."""
    known(said.label, ("", *LABELS[kind], "other"), "label")
    return replace(said, text=words(said.text, "text", MOST_WORDS))


def words(text: str, place: str, most: int) -> str:
    """A text in lines, without blanks at their ends. Raises BadInput for one that is too long or holds what can't be printed."""
    lines = [" ".join(line.split()) for line in text.strip().splitlines()]
    cleaned = "\n".join(lines)
    if len(cleaned) > most or not all(line.isprintable() for line in lines):
        raise BadInput("text_too_long", place=place, need=most)
    return cleaned


def room_for_one(before: tuple[KeptCheck, ...], waiting: int) -> None:
    """Raises BadInput where there is no room for one more check."""
    room(before, MOST_CHECKS, "checks")
    if waiting >= MOST_OPEN:
        raise BadInput("too_many_waiting", place="checks", need=MOST_OPEN)
