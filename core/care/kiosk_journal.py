"""This is the place where it is written down, in a drawer of the person, which visits at a kiosk came in and how far each has been taken in.

A visit is taken in step by step; each step can be done twice without harm, and is marked when it is done. Whoever dies between two steps is followed by the same visit,
sent again: what is marked isn't done again, what isn't is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from core.domain.audit import AuditEvent
from core.errors import BadInput, Conflict
from core.kiosk.terms import Reading
from core.ports import Store

DRAWER = "kiosk_visits"
OPEN, KEPT = "open", "kept"
MOST_KEPT = 300
"""Visits that are remembered (weekly ones: six years); the contents of the newest DETAILED of them."""
DETAILED = 20
TRIES = 20


@dataclass(frozen=True, slots=True)
class Sent:
    """What a visit sent, for whoever takes it home: the readings, how many answers, photos and questionnaires, and what of it went to the team."""

    readings: tuple[Reading, ...] = ()
    confirmed: int = 0
    to_team: int = 0
    forms: tuple[str, ...] = ()
    photos: int = 0
    danger: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KioskVisit:
    """One visit: where and when, in which language, its steps that are done, what it sent."""

    visit_id: str
    kiosk_id: str
    kiosk: str
    language: str
    started_at: datetime
    finished_at: datetime
    received_at: datetime
    state: str = OPEN
    done: tuple[str, ...] = ()
    sent: Sent = field(default_factory=Sent)


@dataclass(frozen=True, slots=True)
class Journal:
    visits: tuple[KioskVisit, ...] = ()
    version: int = 1

    def of(self, visit_id: str) -> KioskVisit | None:
        return next((one for one in self.visits if one.visit_id == visit_id), None)


def load(store: Store, person_id: str, event: AuditEvent) -> Journal:
    """Raises BadInput (drawer_damaged)."""
    return _read(store.drawer(person_id, DRAWER, event))


def put(store: Store, person_id: str, visit: KioskVisit, event: AuditEvent) -> KioskVisit:
    """The visit as it is written down: begun here, or as it stands already."""
    return _change(store, person_id, event, visit.visit_id, lambda before: before or visit)


def mark(store: Store, person_id: str, visit_id: str, event: AuditEvent, step: str, left_out: tuple[str, ...] = ()) -> KioskVisit:
    """A step is done (`left_out`: what of it could not be kept, as codes)."""

    def changed(before: KioskVisit | None) -> KioskVisit:
        mine = _there(before)
        sent = replace(mine.sent, left_out=tuple(dict.fromkeys((*mine.sent.left_out, *left_out))))
        return mine if step in mine.done else replace(mine, done=(*mine.done, step), sent=sent)

    return _change(store, person_id, event, visit_id, changed)


def finish(store: Store, person_id: str, visit_id: str, event: AuditEvent) -> KioskVisit:
    """All steps are done."""
    return _change(store, person_id, event, visit_id, lambda before: replace(_there(before), state=KEPT))


def _change(
    store: Store, person_id: str, event: AuditEvent, visit_id: str, changed: Callable[[KioskVisit | None], KioskVisit]
) -> KioskVisit:
    for left in range(TRIES, 0, -1):
        raw = store.drawer(person_id, DRAWER, event)
        journal = _read(raw)
        before = journal.of(visit_id)
        after = changed(before)
        if after == before:
            return after
        visits = tuple(after if one.visit_id == visit_id else one for one in journal.visits) if before else (*journal.visits, after)
        try:
            store.put_in_drawer(person_id, DRAWER, msgspec.json.encode(replace(journal, visits=_shortened(visits))), event, was=raw)
        except Conflict:
            if left == 1:
                raise
        else:
            return after
    raise AssertionError


def _shortened(visits: tuple[KioskVisit, ...]) -> tuple[KioskVisit, ...]:
    """Nothing that is still open is shortened."""
    late = visits[-MOST_KEPT:]
    forgotten = tuple(one for one in visits[:-MOST_KEPT] if one.state == OPEN)
    old, new = (*forgotten, *late[:-DETAILED]), late[-DETAILED:]
    return (*(replace(one, sent=Sent()) if one.state == KEPT else one for one in old), *new)


def _there(one: KioskVisit | None) -> KioskVisit:
    if one is None:
        raise Conflict("document_changed", place=DRAWER)
    return one


def _read(raw: bytes) -> Journal:
    if not raw:
        return Journal()
    try:
        return msgspec.json.decode(raw, type=Journal)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise BadInput("drawer_damaged", place=DRAWER, need="restore a backup") from None
