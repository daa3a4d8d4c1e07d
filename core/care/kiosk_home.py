"""This is the place where somebody takes home what they sent in one visit: by an address that is open for a short time, on the one device that opened it first."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.care import kiosk_clinic, kiosk_journal
from core.care.access import Grant, session_mark
from core.care.devices import digest_of
from core.care.kiosk_journal import KioskVisit
from core.care.kiosk_papers import Document, change, load
from core.care.kiosk_registry import Hand
from core.care.kiosk_secrets import Secrets
from core.domain.audit import AuditEvent
from core.domain.people import Preferences, Role
from core.errors import BadInput, NotFound
from core.ports import Ports

PATH = "/take-home/"
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 bytes, base64url."""
TAKEN = "kiosk_taken_home"


@dataclass(frozen=True, slots=True)
class Link:
    """An address as it is kept: by its digest; whose visit; until when; the digest of what the first device was given ("" nobody has opened it)."""

    digest: str
    person_id: str
    visit_id: str
    ends_at: datetime
    device: str = ""


@dataclass(frozen=True, slots=True)
class Links:
    links: tuple[Link, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class TakenHome:
    """What is shown: the visit and what it sent, in whose units, until when; `device` is what the browser keeps ("" it has it already)."""

    visit: KioskVisit
    clinic: str
    preferences: Preferences
    ends_at: datetime
    device: str = field(default="", repr=False)


DOCUMENT: Document[Links] = Document("kiosk.links", Links())


def made(hand: Hand, word: Secrets, person_id: str, visit_id: str) -> str:
    """The path of a visit's address: the same each time it is asked for, so that a receipt that got lost can be given again."""
    now = hand.ports.clock.now()
    secret = word.derived("take home", visit_id)
    minutes = load(hand.ports.store, kiosk_clinic.DOCUMENT).link_minutes
    new = Link(digest_of(secret), person_id, visit_id, now + timedelta(minutes=minutes))

    def changed(before: Links) -> Links:
        living = tuple(one for one in before.links if now < one.ends_at + timedelta(days=8))
        if any(one.digest == new.digest for one in living):
            return replace(before, links=living)
        return replace(before, links=(*living, new))

    change(hand.ports.store, DOCUMENT, hand.event("kiosk_visit", "take_home", person_id), changed)
    return f"{PATH}{secret}"


def opened(ports: Ports, secret: str, device: str) -> TakenHome:
    """What an address shows to the device that asks: the secret is the proof, and all it may is to see this visit. Raises NotFound, the same for an address that never
    was, one that is over, and one that another device opened first."""
    now = ports.clock.now()
    digest, given = digest_of(secret), secrets.token_urlsafe(32)
    event = AuditEvent(now, "take-home", Role.KIOSK.value, TAKEN, "", "kiosk", "", session_mark(secret))
    if not SECRET.fullmatch(secret) or all(one.digest != digest for one in load(ports.store, DOCUMENT).links):
        raise NotFound("take_home_not_found")

    def changed(before: Links) -> Links:
        mine = next((one for one in before.links if one.digest == digest and now < one.ends_at), None)
        if mine is None or (mine.device and mine.device != digest_of(device)):
            raise NotFound("take_home_not_found")
        if mine.device:
            return before
        return replace(before, links=tuple(replace(one, device=digest_of(given)) if one is mine else one for one in before.links))

    kept = next(one for one in change(ports.store, DOCUMENT, event, changed).links if one.digest == digest)
    grant = Grant(replace(event, subject_id=kept.person_id, what=kept.visit_id[:40]), None)
    try:
        visit = kiosk_journal.load(ports.store, kept.person_id, grant.event()).of(kept.visit_id)
    except (BadInput, NotFound):
        visit = None
    if visit is None:
        raise NotFound("take_home_not_found")
    mine = [
        one
        for one in ports.store.accounts(grant.event("accounts"))
        if one.role is Role.PATIENT and one.persons == (kept.person_id,)
    ]
    preferences = ports.store.preferences(mine[0].account_id) if mine else Preferences()
    name = load(ports.store, kiosk_clinic.DOCUMENT).name
    return TakenHome(visit, name, preferences, kept.ends_at, given if kept.device == digest_of(given) else "")
