"""This is the place where the next two days of a person are planned: doses, and what they are to be reminded of. As often as one likes, with the same result."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from core.care import medicine_book, reminder_book, visit_records
from core.care.access import Action, Grant, require
from core.care.medicine_orders import HeldOrder, Orders, living
from core.care.stock_facts import refills
from core.domain.doses import Plan, PlannedDose, PlannedReminder, PlanOutcome
from core.domain.people import Actor, Role
from core.domain.records import Standing
from core.domain.time import PartialTime
from core.medications.book import Book, Measuring, ReminderBook
from core.medications.expanding import due
from core.medications.terms import DAYS, Habits
from core.medications.zones import at_clock, zone_at
from core.ports import Ports

AHEAD = timedelta(hours=48)
AGAIN = timedelta(hours=12)
LOOKED_BACK = timedelta(days=7)
VISITS_AHEAD = timedelta(days=9)
_AHEAD_STATES = frozenset({"proposed", "pending", "booked", "arrived", "checked-in", "waitlist", ""})


def plan(ports: Ports, actor: Actor, person_id: str) -> PlanOutcome:
    """Lay down what is due in the next 48 hours. Raises BadInput (drawer_damaged) where what the person keeps can't be read: then nothing changes."""
    grant = require(ports, actor, _action(actor), person_id)
    now = ports.clock.now()
    book = medicine_book.load(ports.store, person_id, grant)
    reminding = reminder_book.load(ports.store, person_id, grant)
    habits, known = medicine_book.habits_of(ports, person_id, book)
    orders = living(ports, person_id, grant, book, now)
    start, until = _start(ports, person_id, now), now + AHEAD
    doses = doses_of(orders, habits, start, until) if known else ()
    reminders = [*_of_doses(doses, orders, reminding), *_visits(ports, person_id, grant, reminding, (start, now + VISITS_AHEAD))]
    if known:
        reminders += [*_measuring(reminding, habits, (start, until)), *_refills(ports, person_id, grant, (orders, book, habits, reminding), (start, until))]
    made = Plan(start, now + VISITS_AHEAD, doses, tuple(reminders), now + AGAIN, _why(orders))
    return ports.store.put_plan(person_id, made, grant.event("plan"))


def keep_up(ports: Ports, actor: Actor, person_id: str, until: datetime) -> None:
    """Plan anew only where that is due, or where the plan there is does not reach `until` (at most 48 hours from now): looking again costs nothing."""
    require(ports, actor, _action(actor), person_id)
    now, planned = ports.clock.now(), ports.store.planned_until(person_id)
    reaches = planned is not None and planned - VISITS_AHEAD + AHEAD >= min(until, now + AHEAD)
    if not reaches or ports.store.plan_is_due(person_id, now):
        plan(ports, actor, person_id)


def _action(actor: Actor) -> Action:
    return Action.RUN_REMINDERS if actor.role is Role.SYSTEM else Action.VIEW_RECORD


def doses_of(orders: Orders, habits: Habits, start: datetime, until: datetime) -> tuple[PlannedDose, ...]:
    """Every dose that is due in [start, until)."""
    found = []
    for held in orders.current:
        if not held.found.plans:
            continue
        for one in due(held.found.regimen, habits, start, until):
            amount = (one.amount.low, one.amount.high, one.amount.unit) if one.amount else None
            zone = str(zone_at(habits, one.at))
            found.append(PlannedDose(f"{held.medicine_id}/{one.slot}", held.medicine_id, held.title, one.at, zone, amount, one.text, held.choices.critical))
    return tuple(sorted(found, key=lambda one: (one.at, one.title, one.slot)))


def _start(ports: Ports, person_id: str, now: datetime) -> datetime:
    """From now on; after a time in which nobody planned, from where the doses of the last plan ended, so that what was missed is not passed over."""
    until = ports.store.planned_until(person_id)
    return now if until is None else max(now - LOOKED_BACK, min(now, until - VISITS_AHEAD + AHEAD))


def _why(orders: Orders) -> dict[str, str]:
    """What ended the doses of a medicine, by its id."""
    found = {one.medicine_id: one.found.why for one in orders.all if one.found.why}
    return {**found, **{one.medicine_id: "unclear" for one in orders.current if one.found.regimen.asked}}


def _of_doses(doses: Iterable[PlannedDose], orders: Orders, book: ReminderBook) -> list[PlannedReminder]:
    """One reminder for each moment, for all doses due then that are to be reminded of."""
    by_id = {one.medicine_id: one for one in orders.all}
    moments: dict[datetime, list[PlannedDose]] = {}
    for one in doses:
        if by_id[one.medicine_id].choices.reminded and book.kind("dose").on:
            moments.setdefault(one.at.astimezone(UTC), []).append(one)
    return [_one(at, group, by_id, book) for at, group in moments.items()]


def _one(at: datetime, group: Sequence[PlannedDose], by_id: dict[str, HeldOrder], book: ReminderBook) -> PlannedReminder:
    lead = max(book.kind("dose").lead, *(by_id[one.medicine_id].choices.lead for one in group))
    critical = any(one.critical for one in group)
    return PlannedReminder(f"dose@{at:%Y-%m-%dT%H:%M:%SZ}", "dose", at, at - timedelta(minutes=lead), tuple(one.slot for one in group), critical)


def _measuring(book: ReminderBook, habits: Habits, window: tuple[datetime, datetime]) -> list[PlannedReminder]:
    return [
        PlannedReminder(f"{one.kind}@{one.what}@{at:%Y-%m-%dT%H:%M:%SZ}", one.kind, at, at - timedelta(minutes=book.kind(one.kind).lead), (one.what,))
        for one in book.measuring
        if book.kind(one.kind).on
        for at in _times(one, habits, window)
    ]


def _times(one: Measuring, habits: Habits, window: tuple[datetime, datetime]) -> list[datetime]:
    start, until = window
    first, found = start.astimezone(zone_at(habits, start)).date() - timedelta(days=1), []
    for ahead in range((until - start).days + 3):
        day = first + timedelta(days=ahead)
        if one.days and DAYS[day.weekday()] not in one.days:
            continue
        found += [at_clock(habits, day, at.hour * 3600 + at.minute * 60).astimezone(UTC) for at in one.times]
    return [at for at in found if start <= at < until]


def _visits(ports: Ports, person_id: str, grant: Grant, book: ReminderBook, window: tuple[datetime, datetime]) -> list[PlannedReminder]:
    found = []
    if not book.kind("visit").on:
        return []
    records = ports.store.records(person_id, grant.event("plan"), kinds=("Appointment",))
    ours = visit_records.made_here(ports, person_id, grant, records)  # these have reminders of their own (core/care/visit_letters.py)
    for record in (one for one in records if one.record_id not in ours):
        start = PartialTime.parse(record.item.start)
        if record.standing is not Standing.CURRENT or record.item.status not in _AHEAD_STATES or start is None or start.precision != "instant":
            continue
        if window[0] <= start.earliest < window[1]:
            remind_at = start.earliest - timedelta(minutes=book.kind("visit").lead)
            found.append(PlannedReminder(f"visit@{record.record_id}", "visit", start.earliest, remind_at, (record.record_id,)))
    return found


def _refills(
    ports: Ports, person_id: str, grant: Grant, of: tuple[Orders, Book, Habits, ReminderBook], window: tuple[datetime, datetime]
) -> list[PlannedReminder]:
    """A refill is asked for while there is time, at an hour when one can act; said again on the days after, as long as none was counted."""
    orders, book, habits, reminding = of
    if not reminding.kind("refill").on:
        return []
    found = []
    for medicine_id, at in refills(ports, person_id, grant, (orders, book, habits), ports.clock.now()):
        if window[0] <= at < window[1]:
            found.append(PlannedReminder(f"refill@{medicine_id}@{at:%Y-%m-%d}", "refill", at.astimezone(UTC), at.astimezone(UTC), (medicine_id,)))
    return found
