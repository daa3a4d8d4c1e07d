"""This is the place where visits lie of which nobody knows yet whose they are: sealed as they came, until a coordinator says whose, or why they are thrown away."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import msgspec

from core.care import kiosk_secrets
from core.care.access import Action, require
from core.care.kiosk_intake_parts import Opened, begin, opened
from core.care.kiosk_papers import Document, change, load
from core.care.kiosk_registry import Hand
from core.care.medicine_entries import text_within
from core.domain.people import Actor
from core.errors import BadInput, Conflict, NotFound
from core.kiosk.sealing import seal
from core.kiosk.terms import Collected, Proof, Reading, SealedVisit
from core.ports import Ports

WAITING, MATCHED, DISCARDED = "waiting", "matched", "discarded"
MOST_WAITING = 300
MOST_WHY = 300
KEPT_FOR = timedelta(days=120)
"""How long it is remembered what became of one."""
BODY = "kiosk.visit."


@dataclass(frozen=True, slots=True)
class Waiting:
    """A visit nobody is known for: at which kiosk, when, why ("offline": nobody could be asked, "proof": it fits nobody, or several, "ticket": it is over); what became of
    it, by whom and why."""

    visit_id: str
    kiosk_id: str
    kiosk: str
    started_at: datetime
    received_at: datetime
    why: str
    state: str = WAITING
    by: str = ""
    by_name: str = ""
    ended_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unmatched:
    waiting: tuple[Waiting, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class Contents:
    """What a coordinator sees of one, to find out whose it is: what was said of who it is, and the readings."""

    line: Waiting
    proof: Proof | None
    readings: tuple[Reading, ...]
    danger: tuple[str, ...]
    notes: tuple[str, ...] = field(default=(), repr=False)


DOCUMENT: Document[Unmatched] = Document("kiosk.unmatched", Unmatched())


def put(hand: Hand, found: Collected, why: str) -> str:
    """Keep a visit for the team; "kept_before" where it is known already. The visit first, the list second: what is on the list is there."""
    now = hand.ports.clock.now()
    known = next((one for one in load(hand.ports.store, DOCUMENT).waiting if one.visit_id == found.visit_id), None)
    if known is not None:
        return "unmatched" if known.state == WAITING else "kept_before"
    word = kiosk_secrets.of_house(hand.ports.store, hand.event(what="kiosk_key"))
    sealed = seal(word.public, found, now)
    hand.ports.store.put_house_document(
        name_of(found.visit_id), msgspec.json.encode(sealed), hand.event("kiosk_visit", "unmatched")
    )
    line = Waiting(found.visit_id, hand.kiosk_id, hand.name, found.started_at, now, why)

    def changed(before: Unmatched) -> Unmatched:
        if any(one.visit_id == line.visit_id for one in before.waiting):
            return before
        if sum(one.state == WAITING for one in before.waiting) >= MOST_WAITING:
            raise BadInput("too_many_entries", place="kiosk.unmatched", need=MOST_WAITING)
        living = tuple(one for one in before.waiting if one.state == WAITING or now - one.received_at < KEPT_FOR)
        return replace(before, waiting=(*living, line))

    change(hand.ports.store, DOCUMENT, hand.event("kiosk_visit", "unmatched"), changed)
    return "unmatched"


def knows(hand: Hand, visit_id: str) -> bool:
    """Whether this visit came to the team before."""
    return any(one.visit_id == visit_id for one in load(hand.ports.store, DOCUMENT).waiting)


def name_of(visit_id: str) -> str:
    return f"{BODY}{visit_id}"[:64]


def listed(ports: Ports, actor: Actor) -> tuple[Waiting, ...]:
    """What waits for somebody to say whose it is, the oldest first. Raises BadInput (document_damaged)."""
    require(ports, actor, Action.SORT_KIOSK_VISITS)
    return tuple(one for one in load(ports.store, DOCUMENT).waiting if one.state == WAITING)


def look(ports: Ports, actor: Actor, visit_id: str) -> Contents:
    """One of them, opened. Raises NotFound; BadInput where it can't be read."""
    grant = require(ports, actor, Action.SORT_KIOSK_VISITS)
    line = _one(load(ports.store, DOCUMENT), visit_id)
    ports.store.append_audit(grant.event(f"look:{visit_id}"[:64]))
    found = _body(ports, _hand(ports, actor, line), line)
    notes = (*found.collected.contact.values(), *found.collected.medicines_added, *found.collected.allergies_added)
    return Contents(line, found.collected.proof, found.collected.readings, found.collected.danger, notes)


def match(ports: Ports, actor: Actor, person_id: str, visit_id: str) -> None:
    """Say whose it is: it is taken in as any other. Raises NotFound; Conflict where a colleague was faster; SourceUnavailable where it has to be tried again."""
    grant = require(ports, actor, Action.MATCH_KIOSK_VISIT, person_id)
    line = _one(load(ports.store, DOCUMENT), visit_id)
    if line.state != WAITING:
        raise Conflict("kiosk_visit_sorted", visit=visit_id[:40])
    hand = _hand(ports, actor, line)
    begin(hand, person_id, _body(ports, hand, line), "")
    _end(ports, actor, line, (MATCHED, person_id))
    ports.store.put_house_document(name_of(visit_id), b"", grant.event(f"matched:{visit_id}"[:64]))


def discard(ports: Ports, actor: Actor, visit_id: str, why: str) -> None:
    """Throw one away, with a reason that is kept. Raises BadInput without one; NotFound; Conflict."""
    grant = require(ports, actor, Action.SORT_KIOSK_VISITS)
    reason = text_within(why, "why", MOST_WHY)
    if not reason:
        raise BadInput("reason_needed", place="why", need="a reason the team can read")
    line = _one(load(ports.store, DOCUMENT), visit_id)
    _end(ports, actor, line, (DISCARDED, reason))
    ports.store.put_house_document(name_of(visit_id), b"", grant.event(f"discarded:{visit_id}"[:64]))


def _hand(ports: Ports, actor: Actor, line: Waiting) -> Hand:
    """The kiosk it came from, in the hands of who sorts it."""
    return Hand(ports, require(ports, actor, Action.SORT_KIOSK_VISITS), line.kiosk_id, line.kiosk)


def _body(ports: Ports, hand: Hand, line: Waiting) -> Opened:
    raw = ports.store.house_document(name_of(line.visit_id))
    try:
        sealed = msgspec.json.decode(raw, type=SealedVisit) if raw else None
    except msgspec.MsgspecError:
        sealed = None
    if sealed is None:
        raise BadInput("document_damaged", place=name_of(line.visit_id), need="restore a backup, or discard it")
    return opened(hand, sealed, line.received_at)


def _end(ports: Ports, actor: Actor, line: Waiting, how: tuple[str, str]) -> None:
    grant = require(ports, actor, Action.SORT_KIOSK_VISITS)
    now, name = ports.clock.now(), (grant.account.display_name if grant.account else actor.display_name)

    def changed(before: Unmatched) -> Unmatched:
        mine = _one(before, line.visit_id)
        if mine.state != WAITING:
            raise Conflict("kiosk_visit_sorted", visit=line.visit_id[:40])
        after = replace(mine, state=how[0], by=actor.account_id, by_name=name, ended_at=now, reason=how[1])
        return replace(before, waiting=tuple(after if one.visit_id == line.visit_id else one for one in before.waiting))

    change(ports.store, DOCUMENT, grant.event(f"{how[0]}:{line.visit_id}"[:64]), changed)


def _one(of: Unmatched, visit_id: str) -> Waiting:
    found = next((one for one in of.waiting if one.visit_id == visit_id), None)
    if found is None:
        raise NotFound("kiosk_visit_not_found", visit=visit_id[:40])
    return found
