"""This is the place where guessing at a kiosk is slowed down: by kiosk, by whom somebody claims to be, and for the whole house.

Each try is written down before it is looked at, so that tries made at the same moment count as well; one that succeeded is taken off again. Whether a person exists
makes no difference to anything that happens here.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care.kiosk_papers import Document, change
from core.care.kiosk_registry import Hand
from core.domain.audit import AuditEvent

BY_KIOSK = (8, timedelta(minutes=10))
BY_CLAIM = (4, timedelta(hours=1))
BY_HOUSE = (100, timedelta(hours=1))
"""So many tries that failed, in so long, and no more (house choices: somebody who mistypes gets there; four digits out of ten thousand are not found)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: `claim` is a digest of whom somebody said to be ("" for a code, which names nobody)."""

    key: str
    at: datetime
    kiosk_id: str
    claim: str


@dataclass(frozen=True, slots=True)
class Attempts:
    attempts: tuple[Attempt, ...] = ()
    version: int = 1


DOCUMENT: Document[Attempts] = Document("kiosk.tries", Attempts())


def begun(hand: Hand, claim: str, event: AuditEvent) -> str:
    """Write a try down; the key to take it off with where it succeeds, "" where there may be none now."""
    now = hand.ports.clock.now()
    made = Attempt(secrets.token_hex(8), now, hand.kiosk_id, claim)

    def changed(before: Attempts) -> Attempts:
        recent = tuple(one for one in before.attempts if now - one.at < max(BY_CLAIM[1], BY_HOUSE[1], BY_KIOSK[1]))
        return replace(before, attempts=(*recent, made) if has_room(recent, made) else recent)

    kept = change(hand.ports.store, DOCUMENT, event, changed)
    return made.key if any(one.key == made.key for one in kept.attempts) else ""


def succeeded(hand: Hand, key: str, event: AuditEvent) -> None:
    """Take a try off again."""
    change(
        hand.ports.store,
        DOCUMENT,
        event,
        lambda before: replace(before, attempts=tuple(one for one in before.attempts if one.key != key)),
    )


def has_room(recent: Iterable[Attempt], one: Attempt) -> bool:
    """Whether this try may be made beside those. Pure."""
    others = tuple(recent)

    def so_many(limit: tuple[int, timedelta], same: Iterable[Attempt]) -> bool:
        return sum(one.at - other.at < limit[1] for other in same) < limit[0]

    mine, claimed = (x for x in others if x.kiosk_id == one.kiosk_id), (x for x in others if one.claim and x.claim == one.claim)
    return so_many(BY_KIOSK, mine) and so_many(BY_CLAIM, claimed) and so_many(BY_HOUSE, others)
