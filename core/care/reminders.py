"""This is the place where a person sees how they are reminded and what was sent lately, also what did not go out and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from core.care import medicine_book, reminder_book
from core.care.access import Action, Grant, require
from core.care.dose_views import ReminderLine, RemindersView
from core.domain.doses import Reminder
from core.domain.people import Actor, Role
from core.errors import BadInput
from core.medications.book import Channel, ReminderBook, Trip
from core.medications.terms import Habits
from core.ports import Ports

LOOKED_BACK = timedelta(days=7)
MOST_LINES = 40


def view(ports: Ports, actor: Actor, person_id: str) -> RemindersView:
    """The settings with what was sent in the last seven days, newest first. Who only reads sees no addresses. A drawer that is damaged is
    said (`damaged`), and the settings then shown are the usual ones, which are not in force."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    may_edit = actor.role in (Role.PATIENT, Role.SYSTEM)
    damaged = False
    try:
        book = reminder_book.load(ports.store, person_id, grant)
    except BadInput:
        book, damaged = ReminderBook(), True
    habits, trips = _habits(ports, person_id, grant)
    feeds = tuple(one for one in ports.store.feeds(person_id, grant.event("feeds")) if one.revoked_at is None)
    return RemindersView(
        revision=ports.store.revision(person_id),
        made_at=now,
        book=book if may_edit else _without_addresses(book),
        habits=habits,
        trips=trips,
        recent=_recent(ports, person_id, grant, now),
        can=ports.channels.kinds if ports.channels else frozenset(),
        feeds=feeds,
        may_edit=may_edit,
        worker_seen_at=ports.store.last_beat(),
        damaged=damaged,
    )


def _habits(ports: Ports, person_id: str, grant: Grant) -> tuple[Habits, tuple[Trip, ...]]:
    """The person's hours and journeys; the usual ones where their drawer can't be read (the Medicines page says so)."""
    try:
        book = medicine_book.load(ports.store, person_id, grant)
    except BadInput:
        return Habits(), ()
    return medicine_book.habits_of(ports, person_id, book)[0], book.trips


def _recent(ports: Ports, person_id: str, grant: Grant, now: datetime) -> tuple[ReminderLine, ...]:
    start, end = now - LOOKED_BACK, now + timedelta(minutes=1)
    titles = {one.planned.slot: one.planned.title for one in ports.store.doses(person_id, start, end, grant.event("reminders"))}
    found = ports.store.reminders(person_id, start, end, grant.event("reminders"))
    newest = sorted(found, key=lambda one: one.planned.due_at, reverse=True)[:MOST_LINES]
    return tuple(_line(one, titles) for one in newest)


def _line(one: Reminder, titles: dict[str, str]) -> ReminderLine:
    planned = one.planned
    named = tuple(dict.fromkeys(titles[subject] for subject in planned.subjects if subject in titles))
    return ReminderLine(one.reminder_id, planned.kind, planned.due_at, one.state.value, one.round, named, one.deliveries, one.why, planned.critical)


def _without_addresses(book: ReminderBook) -> ReminderBook:
    def bare(channel: Channel) -> Channel:
        return replace(channel, address="")

    helpers = tuple(replace(one, channel=bare(one.channel)) for one in book.helpers)
    return replace(book, channels=tuple(map(bare, book.channels)), helpers=helpers, raw=b"")
