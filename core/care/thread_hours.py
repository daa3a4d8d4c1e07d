"""This is the place where administrators say when the team is there and how fast it answers; from nothing that was set, nothing is promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from core.care.access import Action, require
from core.care.thread_views import Offices
from core.domain.office import LONGEST_PROMISE, Day, OfficeHours, is_open, next_open, promised
from core.domain.people import Actor
from core.errors import BadInput
from core.ports import Ports, Store

DOCUMENT = "messages.hours"
MOST_CLOSED = 100


@dataclass(frozen=True, slots=True)
class KeptHours:
    """The hours as they are kept, with the bytes they were read from (`raw`), so that of two administrators one hears of the other. `damaged`: they can't be read."""

    hours: OfficeHours | None
    raw: bytes = b""
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class _Document:
    zone: str
    days: tuple[Day, ...]
    promise_minutes: int
    closed: tuple[date, ...] = ()
    version: int = 1


def load(ports: Ports, actor: Actor) -> KeptHours:
    """What was set; where that can't be read, it is said to be damaged, and may be set anew."""
    require(ports, actor, Action.VIEW_OFFICE_HOURS)
    try:
        return kept(ports.store)
    except BadInput:
        return KeptHours(None, ports.store.house_document(DOCUMENT), damaged=True)


def save(ports: Ports, actor: Actor, hours: OfficeHours, was: bytes) -> None:
    """Keep the hours. Raises BadInput; Conflict where somebody else changed them meanwhile."""
    grant = require(ports, actor, Action.SET_OFFICE_HOURS)
    _check(hours)
    body = msgspec.json.encode(_Document(hours.zone, hours.days, hours.promise_minutes, tuple(sorted(set(hours.closed)))))
    ports.store.put_house_document(DOCUMENT, body, grant.event("office_hours"), was=was)


def now_there(ports: Ports, actor: Actor) -> Offices:
    """How it stands at this moment, and by when a message written now is answered."""
    require(ports, actor, Action.VIEW_OFFICE_HOURS)
    return offices(ports.store, ports.clock.now())


def kept(store: Store) -> KeptHours:
    """For a use case that has asked already. Raises BadInput (document_damaged)."""
    raw = store.house_document(DOCUMENT)
    if not raw:
        return KeptHours(None)
    try:
        found = msgspec.json.decode(raw, type=_Document)
        hours = OfficeHours(found.zone, found.days, found.promise_minutes, found.closed)
        _check(hours)
    except (msgspec.DecodeError, BadInput):
        raise BadInput("document_damaged", place="office_hours", need="set them anew") from None
    return KeptHours(hours, raw)


def offices(store: Store, now: datetime) -> Offices:
    """What can be said of the hours now; where the document can't be read: nothing, and so nothing is promised."""
    try:
        hours = kept(store).hours
    except BadInput:
        return Offices()
    if hours is None:
        return Offices()
    there = is_open(hours, now)
    return Offices(hours, there, None if there else next_open(hours, now), promised(hours, now))


def _check(hours: OfficeHours) -> None:
    try:
        ZoneInfo(hours.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("bad_choice", place="zone", need="a time zone name") from None
    if not hours.zone or len(hours.days) != 7:
        raise BadInput("bad_choice", place="days", need="seven days")
    if any(day is not None and (day[0] >= day[1] or any(clock.tzinfo for clock in day)) for day in hours.days):
        raise BadInput("office_day", place="days", need="an end after the beginning")
    if not timedelta(0) <= timedelta(minutes=hours.promise_minutes) <= LONGEST_PROMISE:
        raise BadInput("office_promise", place="promise", need=int(LONGEST_PROMISE.total_seconds() // 3600))
    if len(hours.closed) > MOST_CLOSED:
        raise BadInput("too_many_entries", place="closed", need=MOST_CLOSED)
