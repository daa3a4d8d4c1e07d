"""This is the place where the house knows its kiosks: each with a key of its own that is shown once, revoked by itself, and heard from every minute or so."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.care.access import Action, Grant, require, session_mark
from core.care.devices import digest_of
from core.care.kiosk_papers import Document, change, load
from core.care.medicine_entries import text_within
from core.domain.audit import AuditEvent
from core.domain.people import Actor, Role
from core.errors import BadInput, NotFound, NotPermitted
from core.kiosk.terms import Heartbeat
from core.ports import Ports

PREFIX = "hbk_"
MOST_KIOSKS = 200
MOST_NAME = 80
LATE_AFTER = timedelta(minutes=5)
"""A kiosk that has said nothing for so long is said to be late (house choice; it speaks every minute)."""
WRITE_EVERY = timedelta(minutes=2)
"""A beat that says nothing new is written down so often at most: each writing is a line in the audit trail."""
ACCOUNT = "account:"


@dataclass(frozen=True, slots=True)
class Kiosk:
    """One kiosk: `digest` of its key ("" for one that is an account of the app), who added and who revoked it, and what it said of itself last."""

    kiosk_id: str
    name: str
    place: str
    digest: str = field(repr=False)
    created_at: datetime
    created_by: str
    revoked_at: datetime | None = None
    revoked_by: str = ""
    seen_at: datetime | None = None
    beat: Heartbeat | None = None

    @property
    def is_account(self) -> bool:
        return self.kiosk_id.startswith(ACCOUNT)


@dataclass(frozen=True, slots=True)
class Registry:
    kiosks: tuple[Kiosk, ...] = ()
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewKiosk:
    """A kiosk that was just added; `key` is shown this once and kept nowhere."""

    kiosk: Kiosk
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KioskLine:
    """A kiosk as the administrator sees it. `late`: it should speak and hasn't for too long, or never did."""

    kiosk: Kiosk
    late: bool


@dataclass(frozen=True, slots=True)
class Hand:
    """One kiosk at work: the ports, the proof that it may, which it is."""

    ports: Ports
    grant: Grant
    kiosk_id: str
    name: str

    def event(self, action: str = "", what: str = "", person_id: str = "") -> AuditEvent:
        """The audit line of something this kiosk did."""
        made = self.grant.event(what or self.kiosk_id, person_id)
        return replace(made, action=action) if action else made


DOCUMENT: Document[Registry] = Document("kiosks", Registry())


def listed(ports: Ports, actor: Actor) -> tuple[KioskLine, ...]:
    """Every kiosk there ever was, those at work first. Raises BadInput (document_damaged)."""
    require(ports, actor, Action.MANAGE_KIOSKS)
    now = ports.clock.now()
    found = sorted(load(ports.store, DOCUMENT).kiosks, key=lambda one: (one.revoked_at is not None, one.created_at, one.kiosk_id))
    return tuple(KioskLine(one, _late(one, now)) for one in found)


def add(ports: Ports, actor: Actor, name: str, place: str = "") -> NewKiosk:
    """Let one more kiosk in. Raises BadInput: no name or too long, too many."""
    grant = require(ports, actor, Action.MANAGE_KIOSKS)
    called, where = text_within(name, "name", MOST_NAME), text_within(place, "place", MOST_NAME)
    if not called:
        raise BadInput("kiosk_name", place="name", need=MOST_NAME)
    key = PREFIX + secrets.token_urlsafe(32)
    made = Kiosk(f"k{secrets.token_hex(6)}", called, where, digest_of(key), ports.clock.now(), actor.account_id)

    def changed(before: Registry) -> Registry:
        if sum(one.revoked_at is None for one in before.kiosks) >= MOST_KIOSKS:
            raise BadInput("too_many_entries", place="kiosks", need=MOST_KIOSKS)
        return replace(before, kiosks=(*before.kiosks, made))

    change(ports.store, DOCUMENT, grant.event(made.kiosk_id), changed)
    return NewKiosk(made, key)


def revoke(ports: Ports, actor: Actor, kiosk_id: str) -> None:
    """From now on this kiosk's key opens nothing. What it had sealed and not sent can't be sent any more with it. Raises NotFound."""
    grant = require(ports, actor, Action.MANAGE_KIOSKS)
    now = ports.clock.now()

    def changed(before: Registry) -> Registry:
        if all(one.kiosk_id != kiosk_id or one.is_account for one in before.kiosks):
            raise NotFound("kiosk_not_found", kiosk=kiosk_id)
        after = (
            replace(one, revoked_at=now, revoked_by=actor.account_id)
            if one.kiosk_id == kiosk_id and one.revoked_at is None
            else one
            for one in before.kiosks
        )
        return replace(before, kiosks=tuple(after))

    change(ports.store, DOCUMENT, grant.event(kiosk_id), changed)


def by_key(ports: Ports, key: str) -> Hand:
    """Which kiosk this key is of: the key is the proof, and all it may is what KioskServer names. Raises NotPermitted for one that is unknown or revoked."""
    digest = digest_of(key) if key.startswith(PREFIX) and len(key) < 100 else ""
    found = next(
        (one for one in load(ports.store, DOCUMENT).kiosks if digest and one.digest == digest and one.revoked_at is None), None
    )
    if found is None:
        raise NotPermitted("kiosk_unknown")
    who = f"kiosk:{found.kiosk_id}"
    event = AuditEvent(
        ports.clock.now(), who, Role.KIOSK.value, Action.USE_KIOSK.value, "", "kiosk", found.kiosk_id, session_mark(found.kiosk_id)
    )
    return Hand(ports, Grant(event, None), found.kiosk_id, found.name)


def of_account(ports: Ports, actor: Actor) -> Hand:
    """The kiosk that an account of the app is."""
    grant = require(ports, actor, Action.USE_KIOSK)
    name = grant.account.display_name if grant.account else actor.display_name
    return Hand(ports, grant, f"{ACCOUNT}{actor.account_id}", name)


def heard(hand: Hand, beat: Heartbeat) -> None:
    """Write down that a kiosk lives, and what it says of itself."""
    now = hand.ports.clock.now()
    said = replace(
        beat,
        version=beat.version[:40],
        bluetooth=beat.bluetooth[:20],
        camera=beat.camera[:20],
        queued=max(0, min(beat.queued, 1_000_000)),
    )

    def changed(before: Registry) -> Registry:
        mine = next((one for one in before.kiosks if one.kiosk_id == hand.kiosk_id), None)
        if mine is None:
            if not hand.kiosk_id.startswith(ACCOUNT):
                return before
            mine = Kiosk(hand.kiosk_id, hand.name, "", "", now, hand.kiosk_id.removeprefix(ACCOUNT))
        if (
            mine.beat == said
            and mine.name == (hand.name if mine.is_account else mine.name)
            and mine.seen_at is not None
            and now - mine.seen_at < WRITE_EVERY
        ):
            return before
        after = replace(mine, seen_at=now, beat=said, name=hand.name if mine.is_account else mine.name)
        others = tuple(after if one.kiosk_id == hand.kiosk_id else one for one in before.kiosks)
        return replace(before, kiosks=others if any(one.kiosk_id == hand.kiosk_id for one in before.kiosks) else (*others, after))

    change(hand.ports.store, DOCUMENT, hand.event(what="beat"), changed)


def _late(one: Kiosk, now: datetime) -> bool:
    """An account of the app speaks only while somebody has it open: it is never late."""
    return not one.is_account and one.revoked_at is None and (one.seen_at is None or now - one.seen_at > LATE_AFTER)
