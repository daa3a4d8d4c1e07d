"""This is the place where the worker's use case is: plans are made anew, reminders that are due go out, each message written down before it leaves."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care import dose_plan, medicine_book, messages, reminder_book
from core.care.access import COMMAND_LINE, Action, Grant, require
from core.domain.doses import Delivery, Reminder, ReminderState
from core.domain.people import Actor
from core.errors import BadInput, Conflict, NotDelivered, NotFound, StoreDamaged
from core.medications.book import ReminderBook
from core.medications.reminding import Send, Step, after_failure, decide
from core.ports import Message, Ports, Say

LOG = logging.getLogger("healthboard.worker")
LEASE = timedelta(minutes=2)
MANY = 50
DAMAGED_AGAIN = timedelta(hours=1)

Words = Callable[[str], Say]
"""The words of a language ("": the usual one)."""


@dataclass(frozen=True, slots=True)
class Done:
    """What one round of the worker did."""

    planned: int = 0
    looked_at: int = 0
    sent: int = 0
    failed: int = 0
    missed: int = 0

    def __add__(self, other: Done) -> Done:
        return Done(*(getattr(self, name) + getattr(other, name) for name in ("planned", "looked_at", "sent", "failed", "missed")))


@dataclass(frozen=True, slots=True)
class Shift:
    """Who works, in which words, and until when something may be begun: what is begun late in a lease could still be under way when the lease is over,
    and would go out twice. What is left lying is taken up when the lease is over."""

    worker_id: str
    words: Words
    until: datetime


def run_once(ports: Ports, actor: Actor, worker_id: str, words: Words, lease: timedelta = LEASE) -> Done:
    """Make plans and send reminders that are due by now, as far as this worker gets them. One person's trouble stops nobody else's reminders."""
    require(ports, actor, Action.RUN_REMINDERS)
    now = ports.clock.now()
    ports.store.beat(worker_id, now)
    done = Done()
    for person_id in ports.store.claim_plans(worker_id, now, lease, MANY):
        done += _planned(ports, person_id)
    claimed_at = ports.clock.now()
    shift = Shift(worker_id, words, claimed_at + lease / 2)
    for reminder in ports.store.claim_reminders(worker_id, claimed_at, lease, MANY):
        try:
            done += _looked_at(ports, shift, reminder)
        except (NotFound, StoreDamaged) as error:
            LOG.warning("The reminder %s can't be looked at: %s; tried again when the lease is over", reminder.reminder_id, error.code)
    return done


def _planned(ports: Ports, person_id: str) -> Done:
    try:
        dose_plan.plan(ports, COMMAND_LINE, person_id)
    except (BadInput, Conflict, NotFound, StoreDamaged) as error:
        LOG.warning("No plan could be made for %s: %s; tried again when the lease is over", person_id, error.code)
        return Done()
    return Done(planned=1)


def _looked_at(ports: Ports, shift: Shift, reminder: Reminder) -> Done:
    now = ports.clock.now()
    if now > shift.until:
        return Done()
    grant = require(ports, COMMAND_LINE, Action.RUN_REMINDERS, reminder.person_id)
    try:
        book = reminder_book.load(ports.store, reminder.person_id, grant)
        habits, _ = medicine_book.habits_of(ports, reminder.person_id, medicine_book.load(ports.store, reminder.person_id, grant))
    except BadInput as error:
        LOG.warning("The settings of %s can't be read: %s; the reminder waits", reminder.person_id, error.code)
        ports.store.settle_reminder(shift.worker_id, replace(reminder, next_at=now + DAMAGED_AGAIN, why=error.code), now)
        return Done(looked_at=1)
    step = decide(reminder, book, habits, now)
    sent, failed, retry_at = _sent(ports, shift, reminder, (step, book, grant))
    if sent < 0:
        return Done(looked_at=1)
    settled = _settled(reminder, step, (sent, failed, retry_at), now)
    ports.store.settle_reminder(shift.worker_id, settled, ports.clock.now())
    return Done(0, 1, sent, failed, int(settled.state is ReminderState.MISSED))


def _settled(reminder: Reminder, step: Step, of: tuple[int, int, datetime | None], now: datetime) -> Reminder:
    _, failed, retry_at = of
    next_at = min(step.next_at, retry_at) if step.next_at and retry_at else step.next_at
    why = step.why or ("some_failed" if failed else "")
    return replace(reminder, state=step.state, round=step.round, next_at=next_at, why=why)


_Sending = tuple[Step, ReminderBook, Grant]


def _sent(ports: Ports, shift: Shift, reminder: Reminder, of: _Sending) -> tuple[int, int, datetime | None]:
    """How many went out, how many did not, when to try those again; -1 where another has the reminder now, or will have."""
    step = of[0]
    sent = failed = 0
    retry_at: datetime | None = None
    for one in step.sends:
        if ports.clock.now() > shift.until:
            return -1, failed, None
        message = _message(ports, shift.words, reminder, (one, *of))
        wanted = Delivery("", one.round, one.name, one.recipient, "sending", message.message_id)
        begun = ports.store.begin_delivery(shift.worker_id, reminder, wanted, ports.clock.now())
        if begun is None:
            return -1, failed, None
        if begun.state != "sending":
            continue  # went out before the worker that sent it could say so
        ended = _deliver(ports, one, replace(message, message_id=begun.message_id), begun)
        ports.store.end_delivery(shift.worker_id, reminder, ended, ports.clock.now())
        sent += ended.state == "sent"
        failed += ended.state != "sent"
        if ended.next_at is not None:
            retry_at = min(retry_at, ended.next_at) if retry_at else ended.next_at
    return sent, failed, retry_at


def _deliver(ports: Ports, one: Send, message: Message, begun: Delivery) -> Delivery:
    if one.channel is None:
        return replace(begun, state="sent")
    try:
        if ports.channels is None:
            raise NotDelivered("channel_not_set_up", permanent=True, kind=one.channel.kind)
        ports.channels.send(one.channel.kind, one.channel.address, message)
    except NotDelivered as error:
        state, next_at = after_failure(begun, ports.clock.now(), permanent=error.permanent)
        return replace(begun, state=state, next_at=next_at, why=error.code)
    return replace(begun, state="sent", at=ports.clock.now())


def _message(ports: Ports, words: Words, reminder: Reminder, of: tuple[Send, Step, ReminderBook, Grant]) -> Message:
    one, _, book, grant = of
    say = words(book.language)
    titles = _titles(ports, reminder, grant, say)
    if one.helper is not None:
        profile = ports.store.person(reminder.person_id, grant.event("reminder")).profile
        who = profile.name if book.detail == "names" else ""
        return messages.helper_message(say, reminder, book, titles, who or say("message.somebody"), ports.public_url)
    return messages.message(say, reminder, book, titles, max(one.round, 1), ports.public_url)


def _titles(ports: Ports, reminder: Reminder, grant: Grant, say: Say) -> list[str]:
    planned = reminder.planned
    if planned.kind == "dose":
        doses = ports.store.doses(reminder.person_id, planned.due_at, planned.due_at + timedelta(seconds=1), grant.event("reminder"))
        return [one.planned.title for one in doses if one.planned.slot in planned.subjects]
    if planned.kind == "measure":
        return [say.first(f"signal.{subject}", "message.measure_other") for subject in planned.subjects]
    return []
