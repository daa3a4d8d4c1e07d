"""This is the place where a sealed visit is opened and looked at, and begun for a person; who that is, is found out elsewhere (core/care/kiosk_intake.py)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from core.care import kiosk_apply, kiosk_checked, kiosk_journal, kiosk_secrets
from core.care.kiosk_journal import KioskVisit
from core.care.kiosk_registry import Hand
from core.kiosk import sealing
from core.kiosk.terms import Collected, SealedVisit


@dataclass(frozen=True, slots=True)
class Opened:
    """A visit as it may be kept, and what was left out of it (codes)."""

    collected: Collected
    left_out: tuple[str, ...]


def opened(hand: Hand, visit: SealedVisit, now: datetime) -> Opened:
    """Raises BadInput where it can't be opened, or not be kept at all."""
    word = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key"))
    found = sealing.opened(word.private, visit)
    collected, odd = kiosk_checked.looked_at(found, now)
    return Opened(replace(collected, kiosk_id=hand.kiosk_id), odd)


def begin(hand: Hand, person_id: str, found: Opened, code: str) -> tuple[KioskVisit, bool]:
    """Take a visit in for this person; and whether it had been taken in before. Raises SourceUnavailable where it has to be sent again."""
    store, one, now = hand.ports.store, found.collected, hand.ports.clock.now()
    word = kiosk_secrets.of_house(store, hand.event(what="kiosk_key"))
    work = kiosk_apply.Work(hand, person_id, one, code, word)
    new = KioskVisit(
        one.visit_id, hand.kiosk_id, hand.name, one.language, one.started_at, one.finished_at or one.started_at, now,
        sent=kiosk_apply.summed_up(one, found.left_out),
    )  # fmt: skip
    begun = kiosk_journal.put(store, person_id, new, work.grant.event("begun"))
    if begun.state == kiosk_journal.KEPT:
        return begun, True
    return kiosk_apply.take_in(work, begun, found.left_out), False
