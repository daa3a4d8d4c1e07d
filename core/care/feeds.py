"""This is the place where a person gets an address their telephone's calendar reads, and takes it back."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from core.care import medicine_book, reminder_book, visit_calendar
from core.care.access import Action, Grant, require, session_mark
from core.care.devices import digest_of
from core.care.dose_plan import doses_of
from core.care.feed_sheet import SHOWN_FOR, Coming, drawn
from core.care.medicine_orders import living
from core.domain.audit import AuditEvent
from core.domain.calendar import CalendarSheet
from core.domain.doses import DoseState, Feed
from core.domain.people import Actor, Role
from core.errors import BadInput, NotFound
from core.medications.reminder_json import DETAILS
from core.ports import Ports, Say

MOST_FEEDS = 10
MOST_NAME = 80
SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
"""32 random bytes, base64url."""
JUST_NOW = timedelta(hours=1)
"""How long a moment that is past stays in the calendar: an alarm that rings while the telephone looks again is not taken away."""


@dataclass(frozen=True, slots=True)
class NewFeed:
    """A calendar that was just made; `secret` is part of its address, shown this once and kept nowhere."""

    feed: Feed
    secret: str = field(repr=False)

    @property
    def path(self) -> str:
        return f"/calendar/{self.secret}.ics"


def make(ports: Ports, actor: Actor, person_id: str, label: str, detail: str = "discreet") -> NewFeed:
    """A new calendar address for one telephone. Raises BadInput for a name that is empty or too long, or too many of them."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    name = " ".join(label.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise BadInput("bad_channel_name", place="label", need=MOST_NAME)
    if detail not in DETAILS:
        raise BadInput("bad_choice", place="detail", need=" ".join(DETAILS))
    living = [one for one in ports.store.feeds(person_id, grant.event("feeds")) if one.revoked_at is None]
    if len(living) >= MOST_FEEDS:
        raise BadInput("too_many_channels", place="feeds", need=MOST_FEEDS)
    secret = secrets.token_urlsafe(32)
    feed = Feed("", person_id, name, ports.clock.now(), detail=detail)
    return NewFeed(ports.store.add_feed(feed, digest_of(secret), grant.event("feed")), secret)


def listed(ports: Ports, actor: Actor, person_id: str) -> tuple[Feed, ...]:
    """The living addresses, the oldest first: their names and when they were read last, never the address."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return tuple(one for one in ports.store.feeds(person_id, grant.event("feeds")) if one.revoked_at is None)


def revoke(ports: Ports, actor: Actor, person_id: str, feed_id: str) -> None:
    """From now on the address leads nowhere. Raises NotFound."""
    grant = require(ports, actor, Action.EDIT_REMINDERS, person_id)
    ports.store.revoke_feed(person_id, feed_id, grant.event(feed_id))


def sheet(ports: Ports, secret: str, words_of: Callable[[str], Say]) -> CalendarSheet:
    """The calendar behind a secret: the secret is the proof, and all it may is to read the coming doses and visits of its person. Each reading leaves
    audit lines. Raises NotFound."""
    feed, now = _known(ports, secret), ports.clock.now()
    grant = _grant(feed, now)
    book = reminder_book.load(ports.store, feed.person_id, grant)
    language = book.language or "en"
    coming = _coming(ports, feed.person_id, grant, now) if book.kind("dose").on else ()
    say = words_of(language)
    found = drawn(say, feed, coming, language, now, ports.public_url)
    visits = visit_calendar.coming(ports, feed.person_id, grant, now - JUST_NOW) if book.kind("visit").on else ()
    return replace(found, moments=(*found.moments, *visit_calendar.moments(say, feed.person_id, visits, feed.detail)))


def _coming(ports: Ports, person_id: str, grant: Grant, now: datetime) -> tuple[Coming, ...]:
    """What is planned and not answered, and beyond the plan what the schedules say; without the medicines that are not to be reminded of."""
    start, end = now - JUST_NOW, now + SHOWN_FOR
    medicines = medicine_book.load(ports.store, person_id, grant)
    habits, known = medicine_book.habits_of(ports, person_id, medicines)
    orders = living(ports, person_id, grant, medicines, now)
    kept = {one.planned.slot: one for one in ports.store.doses(person_id, start, end, grant.event("calendar")) if not one.planned.as_needed}
    ahead = {one.slot: one for one in doses_of(orders, habits, now, end)} if known else {}
    planned = {**ahead, **{slot: one.planned for slot, one in kept.items()}}
    by_id = {one.medicine_id: one.choices for one in orders.all}
    found = []
    for slot, one in planned.items():
        chosen = by_id.get(one.medicine_id)
        over = slot in kept and kept[slot].state is not DoseState.PLANNED
        if not over and (chosen is None or chosen.reminded):
            found.append(Coming(one.at, slot, one.title, chosen.lead if chosen else 0))
    return tuple(sorted(found, key=lambda one: (one.at, one.title, one.slot)))


def _grant(feed: Feed, now: datetime) -> Grant:
    who = f"calendar:{feed.feed_id}"[:64]
    event = AuditEvent(now, who, Role.SYSTEM.value, Action.VIEW_RECORD.value, feed.person_id, "system", feed.feed_id, session_mark(feed.feed_id))
    return Grant(event, None)


def _known(ports: Ports, secret: str) -> Feed:
    """Whose calendar a secret opens; NotFound is the same for one that never was and one that was revoked."""
    feed = ports.store.feed_of(digest_of(secret)) if SECRET.fullmatch(secret) else None
    if feed is None or feed.revoked_at is not None:
        raise NotFound("feed_not_found")
    now = ports.clock.now()
    ports.store.touch_feed(feed.feed_id, now)
    return replace(feed, seen_at=now)
