"""This is the place where the doses of a day are shown and answered: taken, taken earlier, skipped and why, not now; and what is taken when needed is logged.

An answer can be given for doses of the last 62 days and of the next 12 hours. "Taken" without a time is now, where the dose was due within 12 hours; of an older
one it is only known that it was taken. A time lies between a day before the dose was due and now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from core.care import dose_lines, dose_plan, medicine_book
from core.care import medicine_entries as entries
from core.care.access import Action, Grant, require
from core.care.dose_views import DosePart, DosesView
from core.care.freshness import revision as revision
from core.care.medicine_orders import HeldOrder, Orders, living
from core.domain.doses import REMINDER_MOVES, DoseAnswer, DoseState, KeptDose, PlannedDose, ReminderState
from core.domain.people import Actor, Role
from core.errors import BadInput, Conflict, NotFound
from core.medications.administrations import REASONS
from core.medications.limits_of_need import allowed
from core.medications.terms import Amount, Habits
from core.medications.zones import midnight, zone_at
from core.ports import Ports

NEAR = timedelta(hours=12)
EARLIEST = timedelta(hours=24)
ANSWERED_FOR = dose_lines.LONGEST_PER
MOST_AT_ONCE = 60
MOST_SNOOZE = 240
LEAST_SNOOZE = 5
_CLOCKS_DIFFER = timedelta(minutes=2)
"""A telephone's clock may be this far ahead."""


@dataclass(frozen=True, slots=True)
class LoggedNeed:
    """What came of logging a dose as needed: kept (`dose`), or not yet: `why_not` says what the order has against it ("too_soon", "day_full") until
    `next_from`; asked again with `anyway` it is kept all the same."""

    dose: KeptDose | None
    why_not: str = ""
    next_from: datetime | None = None


def day(ports: Ports, actor: Actor, person_id: str, day: date | None = None) -> DosesView:
    """The doses of a local day of the person (None: today where they are). The plan is made anew first where something changed. Raises
    BadInput for a day out of reach, or where what the person keeps is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    book = medicine_book.load(ports.store, person_id, grant)
    habits, known = medicine_book.habits_of(ports, person_id, book)
    today = now.astimezone(zone_at(habits, now)).date()
    day = day or today
    if not today - timedelta(days=400) <= day <= today + timedelta(days=2):
        raise BadInput("day_impossible", place="day", need="a day until the day after tomorrow")
    dose_plan.keep_up(ports, actor, person_id, midnight(habits, day + timedelta(days=1)))
    orders = living(ports, person_id, grant, book, now)
    parts = _parts(ports, person_id, grant, (habits, day), now)
    recent = ports.store.doses(person_id, now - ANSWERED_FOR, now + timedelta(seconds=1), grant.event("doses")) if day == today else ()
    return DosesView(
        revision=ports.store.revision(person_id),
        made_at=now,
        day=day,
        zone=zone_at(habits, midnight(habits, day) + timedelta(hours=12)).key,
        parts=parts,
        needed=dose_lines.needed(orders, dose_lines.by_medicine(recent), now, today) if day == today else (),
        asks=dose_lines.asks(orders) if day == today else (),
        may_log=actor.role in (Role.PATIENT, Role.SYSTEM),
        gap=_gap(orders, parts),
        zone_known=known,
    )


def answer(  # noqa: PLR0913
    ports: Ports,
    actor: Actor,
    person_id: str,
    dose_ids: Sequence[str],
    state: DoseState,
    taken_at: datetime | None = None,
    reason: str = "",
    text: str = "",
    amount: tuple[float, float, str] | None = None,
) -> tuple[KeptDose, ...]:
    """Say of one or several doses that they were TAKEN, SKIPPED (with one of REASONS, or ""), or take the answer back (PLANNED). Raises NotFound for
    a dose that is not there, BadInput for a time that can't be, Conflict for one that ended: then nothing is kept of any of them."""
    grant = require(ports, actor, Action.LOG_DOSE, person_id)
    now = ports.clock.now()
    if state not in (DoseState.TAKEN, DoseState.SKIPPED, DoseState.PLANNED):
        raise BadInput("bad_choice", place="state", need="taken skipped planned")
    if state is DoseState.SKIPPED:
        entries.known(reason, ("", *REASONS), "reason")
    said = entries.text_within(text, "text")
    found = _found(ports, person_id, grant, dose_ids)
    given = [(one, DoseAnswer(state, _when(one, state, taken_at, now), said_at=now)) for one in found]
    reason = reason if state is DoseState.SKIPPED else ""
    who = actor.account_id
    return tuple(
        ports.store.answer_dose(person_id, one.dose_id, replace(made, reason=reason, text=said, amount=amount, said_by=who), grant.event(one.dose_id))
        for one, made in given
    )


def log_needed(  # noqa: PLR0913
    ports: Ports,
    actor: Actor,
    person_id: str,
    medicine_id: str,
    taken_at: datetime | None = None,
    amount: tuple[float, float, str] | None = None,
    anyway: bool = False,
) -> LoggedNeed:
    """Log a dose that was taken because it was needed. Where the order would not allow it yet, nothing is kept unless `anyway`: what was taken is
    taken, and better known. The same minute again is the same dose. Raises NotFound for a medicine that isn't taken when needed, BadInput for a time that can't be."""
    grant = require(ports, actor, Action.LOG_DOSE, person_id)
    now = ports.clock.now()
    at = taken_at or now
    if at.tzinfo is None or at > now + _CLOCKS_DIFFER:
        raise BadInput("time_in_future", place="taken_at", need="a time until now")
    if at < now - EARLIEST:
        raise BadInput("time_too_early", place="taken_at", need="a time of the last 24 hours")
    book = medicine_book.load(ports.store, person_id, grant)
    habits, _ = medicine_book.habits_of(ports, person_id, book)
    order = _needed_order(living(ports, person_id, grant, book, now), medicine_id)
    need = dose_lines.need_of(order)
    earlier = ports.store.doses(person_id, at - ANSWERED_FOR, at + timedelta(seconds=1), grant.event("doses"))
    mine = dose_lines.taken_doses(one for one in earlier if one.planned.medicine_id == medicine_id)
    found = allowed(need, mine, at, Amount(*amount) if amount else None)
    if found.why_not and not anyway:
        return LoggedNeed(None, found.why_not, found.next_from)
    utc = at.astimezone(UTC)
    much = amount or dose_lines.as_written(need.amount)
    slot = f"{medicine_id}/need@{utc:%Y-%m-%dT%H:%MZ}"
    dose = PlannedDose(slot, medicine_id, order.title, utc, zone_at(habits, at).key, much, need.text, as_needed=True)
    kept = DoseAnswer(DoseState.TAKEN, utc, amount=amount, said_at=now, said_by=actor.account_id)
    return LoggedNeed(ports.store.log_dose(person_id, dose, kept, grant.event(medicine_id)), found.why_not, found.next_from)


def snooze(ports: Ports, actor: Actor, person_id: str, ids: Sequence[str], minutes: int) -> int:
    """Be reminded of these doses (or by these reminders) again in so many minutes; how many reminders that was. Raises NotFound where none is open."""
    grant = require(ports, actor, Action.LOG_DOSE, person_id)
    if not LEAST_SNOOZE <= minutes <= MOST_SNOOZE:
        raise BadInput("number_impossible", place="minutes", need=f"{LEAST_SNOOZE} - {MOST_SNOOZE}")
    now = ports.clock.now()
    start, end = now - EARLIEST, now + timedelta(days=2)
    slots = {one.planned.slot for one in ports.store.doses(person_id, start, end, grant.event("snooze")) if one.dose_id in ids}
    changed = 0
    for one in ports.store.reminders(person_id, start, end, grant.event("snooze")):
        meant = one.reminder_id in ids or bool(slots & set(one.planned.subjects))
        if meant and one.next_at is not None and ReminderState.SNOOZED in REMINDER_MOVES[one.state]:
            later = replace(one, state=ReminderState.SNOOZED, next_at=now + timedelta(minutes=minutes), why="snoozed")
            ports.store.change_reminder(person_id, later, grant.event(one.reminder_id))
            changed += 1
    if not changed:
        raise NotFound("nothing_to_snooze")
    return changed


# ------------------------------------------------------------------------------------------------------------------ parts


def _parts(ports: Ports, person_id: str, grant: Grant, of: tuple[Habits, date], now: datetime) -> tuple[DosePart, ...]:
    habits, day = of
    start, end = midnight(habits, day) - timedelta(days=1), midnight(habits, day + timedelta(days=1)) + timedelta(days=1)
    doses = [one for one in ports.store.doses(person_id, start, end, grant.event("doses")) if dose_lines.local_day(one) == day]
    reminders = ports.store.reminders(person_id, start, end, grant.event("doses")) if doses else ()
    return dose_lines.parts(doses, reminders, now)


def _gap(orders: Orders, parts: Sequence[DosePart]) -> str:
    """Why nothing is planned where nothing is."""
    if parts:
        return ""
    if not orders.current:
        return "no_medicines"
    open_still = any(one.found.regimen.asked for one in orders.current)
    planned = any(one.found.plans or one.found.regimen.as_needed for one in orders.current)
    return "all_unclear" if open_still and not planned else ""


def _found(ports: Ports, person_id: str, grant: Grant, dose_ids: Sequence[str]) -> tuple[KeptDose, ...]:
    entries.room(dose_ids[1:], MOST_AT_ONCE, "doses")
    now = ports.clock.now()
    kept = {one.dose_id: one for one in ports.store.doses(person_id, now - ANSWERED_FOR, now + timedelta(days=3), grant.event("doses"))}
    for one in dose_ids:
        if one not in kept:
            raise NotFound("dose_not_found", dose=one)
        if kept[one].state is DoseState.ENDED:
            raise Conflict("dose_ended", dose=one)
        if kept[one].planned.at > now + NEAR:
            raise BadInput("dose_too_early", place="doses", need="a dose of the next 12 hours")
    return tuple(kept[one] for one in dict.fromkeys(dose_ids))


def _when(dose: KeptDose, state: DoseState, given: datetime | None, now: datetime) -> datetime | None:
    """When it was taken. Raises BadInput for a time that can't be."""
    if state is not DoseState.TAKEN:
        return None
    if given is None:
        return now if abs(now - dose.planned.at) <= NEAR else None
    if given.tzinfo is None or given > now + _CLOCKS_DIFFER:
        raise BadInput("time_in_future", place="taken_at", need="a time until now")
    if given < dose.planned.at - EARLIEST:
        raise BadInput("time_too_early", place="taken_at", need="a time not more than a day before it was due")
    return given.astimezone(UTC)


def _needed_order(orders: Orders, medicine_id: str) -> HeldOrder:
    found = next((one for one in orders.current if one.medicine_id == medicine_id and one.found.regimen.as_needed), None)
    if found is None:
        raise NotFound("medicine_not_found", medicine=medicine_id)
    return found
