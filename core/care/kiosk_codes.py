"""This is the place where a check-in code is made in the app, and found again at a kiosk: eight signs that can't be mistaken for one another, for one person, for a
stated time, for one visit. Only a digest is kept; whoever makes another one takes the earlier one back."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.care import kiosk_clinic, kiosk_secrets
from core.care.access import Action, require
from core.care.kiosk_papers import Document, change, load
from core.care.kiosk_registry import Hand
from core.domain.people import Actor
from core.errors import Conflict
from core.ports import Ports

SIGNS = "ACDEFHJKLMNPQRTVWXY346789"
"""Without those that look alike: 0 O, 1 I, 2 Z, 5 S, 6 G, 8 B, U V (one of each of the last three stays)."""
LENGTH = 8
QR_PREFIX = "HEALTHBOARD-CHECK-IN:"
MOST_ENTRIES = 3
"""How often one may come in by the same code until a visit was handed in: somebody who was interrupted comes back."""
KEPT_FOR = timedelta(days=8)
"""How long a code that is over is remembered: a visit that was made without the server comes in later."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it is kept: by its digest, for whom, made by which account, from when until when; how often somebody came in by it; the visit it ended with."""

    digest: str
    person_id: str
    made_at: datetime
    ends_at: datetime
    by: str
    entries: int = 0
    visit_id: str = ""
    revoked_at: datetime | None = None

    def opens(self, now: datetime) -> bool:
        return self.revoked_at is None and not self.visit_id and self.entries < MOST_ENTRIES and self.made_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class Codes:
    codes: tuple[Code, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class CheckIn:
    """A code that was just made, shown this once: in two halves to read, and as a picture to hold before the camera (PNG)."""

    code: str = field(repr=False)
    qr: bytes = field(repr=False)
    ends_at: datetime

    @property
    def spaced(self) -> str:
        return f"{self.code[:4]} {self.code[4:]}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether the person has a code that can be used now, and until when."""

    ends_at: datetime | None = None
    by: str = ""


DOCUMENT: Document[Codes] = Document("kiosk.codes", Codes())


def make(ports: Ports, actor: Actor, person_id: str) -> CheckIn:
    """A new code for a person's next visit; one that was not used is taken back."""
    grant = require(ports, actor, Action.MAKE_CHECK_IN_CODE, person_id)
    now, event = ports.clock.now(), grant.event("check_in_code")
    word = kiosk_secrets.of_house(ports.store, event)
    minutes = load(ports.store, kiosk_clinic.DOCUMENT).code_minutes
    text = "".join(secrets.choice(SIGNS) for _ in range(LENGTH))
    made = Code(word.digest("code", text), person_id, now, now + timedelta(minutes=minutes), actor.account_id)

    def changed(before: Codes) -> Codes:
        if any(one.digest == made.digest for one in before.codes):
            raise Conflict("check_in_code_taken", place="code", need="one more try")
        return replace(before, codes=(*_taken_back(before, person_id, now).codes, made))

    change(ports.store, DOCUMENT, event, changed)
    return CheckIn(text, ports.exporter.qr(f"{QR_PREFIX}{text}"), made.ends_at)


def standing(ports: Ports, actor: Actor, person_id: str) -> Standing:
    """Whether there is a code for this person; which one nobody can say any more."""
    require(ports, actor, Action.MAKE_CHECK_IN_CODE, person_id)
    now = ports.clock.now()
    found = next((one for one in load(ports.store, DOCUMENT).codes if one.person_id == person_id and one.opens(now)), None)
    return Standing(found.ends_at, found.by) if found else Standing()


def revoke(ports: Ports, actor: Actor, person_id: str) -> None:
    """Take this person's code back. It is no error where there is none."""
    grant = require(ports, actor, Action.MAKE_CHECK_IN_CODE, person_id)
    now = ports.clock.now()
    change(ports.store, DOCUMENT, grant.event("check_in_code"), lambda before: _taken_back(before, person_id, now))


def plain(text: str) -> str:
    """The code in what somebody typed or held before the camera; "" where there is none."""
    found = text.strip().upper()[:100].removeprefix(QR_PREFIX)
    found = "".join(one for one in found if not one.isspace() and one not in "-·")
    return found if len(found) == LENGTH and set(found) <= set(SIGNS) else ""


def found(hand: Hand, text: str, at: datetime) -> Code | None:
    """The code that opened at that time, None where there was none."""
    word = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key"))
    digest = word.digest("code", plain(text))
    known = {one.digest: one for one in load(hand.ports.store, DOCUMENT).codes}
    code = known.get(digest)
    return code if code is not None and code.opens(at) else None


def ended_with(hand: Hand, text: str, visit_id: str) -> Code | None:
    """The code that this very visit was handed in with: so the same visit, sent again, finds the same person."""
    word = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key"))
    digest = word.digest("code", plain(text))
    return next((one for one in load(hand.ports.store, DOCUMENT).codes if one.digest == digest and one.visit_id == visit_id), None)


def entered(hand: Hand, code: Code) -> bool:
    """Count that somebody came in by it; False where others were faster and it is used up."""
    now, done = hand.ports.clock.now(), [False]

    def changed(before: Codes) -> Codes:
        mine = next((one for one in before.codes if one.digest == code.digest), None)
        done[0] = mine is not None and mine.opens(now)
        return _with(before, replace(mine, entries=mine.entries + 1)) if mine is not None and done[0] else before

    change(hand.ports.store, DOCUMENT, hand.event(what="check_in_code", person_id=code.person_id), changed)
    return done[0]


def ended(hand: Hand, digest: str, visit_id: str) -> None:
    """The visit this code was for has been handed in: it opens nothing any more."""

    def changed(before: Codes) -> Codes:
        mine = next((one for one in before.codes if one.digest == digest and not one.visit_id), None)
        return _with(before, replace(mine, visit_id=visit_id)) if mine is not None else before

    change(hand.ports.store, DOCUMENT, hand.event(what="check_in_code"), changed)


def _with(before: Codes, after: Code) -> Codes:
    return replace(before, codes=tuple(after if one.digest == after.digest else one for one in before.codes))


def _taken_back(before: Codes, person_id: str, now: datetime) -> Codes:
    """Without this person's unused code, and without what has been over for long."""
    living = (one for one in before.codes if now < one.ends_at + KEPT_FOR)
    return replace(
        before,
        codes=tuple(replace(one, revoked_at=now) if one.person_id == person_id and one.opens(now) else one for one in living),
    )
