"""This is the place where kept doses become the lines of a day: its parts, how each dose stands, what an order allows when needed. Pure.

House choices: a dose is "due" from an hour before until an hour after its time; morning is from 5, midday from 11, evening from 16, night from 21 o'clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.care.dose_views import AskLine, DoseLine, DosePart, NeededLine
from core.care.medicine_orders import HeldOrder, Orders
from core.domain.doses import DoseState, KeptDose, Reminder, ReminderState
from core.medications.adherence import day_of
from core.medications.limits_of_need import TakenDose, allowed, at_least
from core.medications.terms import Amount, AsNeeded

DUE_FOR = timedelta(minutes=60)
PARTS = (("morning", 5), ("midday", 11), ("evening", 16), ("night", 21))
LONGEST_PER = timedelta(days=62)
"""How far back doses are looked at for what an order allows."""


def local_day(dose: KeptDose) -> date:
    """The person's day a dose belongs to: when it was due; one as needed, when it was taken."""
    return day_of(dose)


def parts(doses: Iterable[KeptDose], reminders: Sequence[Reminder], now: datetime) -> tuple[DosePart, ...]:
    """The doses of a day by its parts. A night that is all before five comes first."""
    told = _by_slot(reminders)
    found: dict[str, list[DoseLine]] = {}
    for dose in sorted(doses, key=lambda one: (one.planned.at, one.planned.title, one.planned.slot)):
        if dose.planned.as_needed and dose.state is not DoseState.TAKEN:
            continue  # an extra dose whose answer was taken back: there was none
        found.setdefault(_part(dose), []).append(line(dose, told.get(dose.planned.slot, ()), now))
    order = [code for code, _ in PARTS]
    night = found.get("night", [])
    if night and all(_hour(one.at) < PARTS[0][1] for one in night):
        order = ["night", *order[:-1]]
    return tuple(DosePart(code, tuple(found[code])) for code in order if code in found)


def line(dose: KeptDose, reminders: Sequence[Reminder], now: datetime) -> DoseLine:
    """One dose as a line."""
    planned, answer = dose.planned, dose.answer
    missed = next((one for one in reminders if one.state is ReminderState.MISSED), None)
    return DoseLine(
        dose_id=dose.dose_id,
        medicine_id=planned.medicine_id,
        title=planned.title,
        amount=(answer.amount if answer and answer.amount else None) or planned.amount,
        text=planned.text,
        at=planned.at.astimezone(ZoneInfo(planned.zone)),
        state=state_of(dose, now),
        taken_at=answer.taken_at if answer else None,
        reason=answer.reason if answer else "",
        why=dose.why,
        critical=planned.critical,
        sent=max((one.round for one in reminders), default=0),
        maybe_twice=any(sent.maybe_twice for one in reminders for sent in one.deliveries),
        missed_why=missed.why if missed else "",
    )


def state_of(dose: KeptDose, now: datetime) -> str:
    """ "later", "due", "unlogged", "taken", "skipped" or "ended"."""
    if dose.state is not DoseState.PLANNED:
        return dose.state.value
    if dose.planned.at > now + DUE_FOR:
        return "later"
    return "due" if dose.planned.at >= now - DUE_FOR else "unlogged"


def asks(orders: Orders) -> tuple[AskLine, ...]:
    """The first question about each medicine that can't be planned; two orders for one medicine are one question."""
    found: dict[str, AskLine] = {}
    for one in orders.current:
        asked = one.found.regimen.asked
        if asked:
            key = one.found.order.key if asked[0].code == "two_orders" else one.medicine_id
            found.setdefault(key, AskLine(one.medicine_id, one.title, asked[0]))
    return tuple(found.values())


def needed(orders: Orders, taken: Mapping[str, Sequence[KeptDose]], now: datetime, today: date) -> tuple[NeededLine, ...]:
    """What may be taken when needed, one line for each medicine that is taken now."""
    return tuple(
        _needed(one, need_of(one), taken.get(one.medicine_id, ()), (now, today)) for one in orders.current if one.found.state == "current" and one.found.regimen.as_needed
    )


def need_of(order: HeldOrder) -> AsNeeded:
    """What an order allows when needed; of several instructions about one medicine the strictest limits count."""
    first, *others = order.found.regimen.as_needed
    for one in others:
        least = max((each for each in (first.least_between, one.least_between) if each is not None), default=None)
        if first.most_doses is None or (one.most_doses is not None and one.per >= first.per and one.most_doses < first.most_doses):
            first = replace(first, most_doses=one.most_doses, per=one.per if one.most_doses is not None else first.per)
        first = replace(first, least_between=least)
    return first


def taken_doses(doses: Iterable[KeptDose]) -> list[TakenDose]:
    """Those that were logged as taken: when (where nobody said, when they were due), how much."""
    return [TakenDose(taken_at(one), (one.answer.amount if one.answer else None) or one.planned.amount) for one in doses if one.state is DoseState.TAKEN]


def taken_at(dose: KeptDose) -> datetime:
    """When it was taken, as far as is known."""
    return dose.answer.taken_at if dose.answer is not None and dose.answer.taken_at is not None else dose.planned.at


def by_medicine(doses: Iterable[KeptDose]) -> dict[str, list[KeptDose]]:
    """Doses by medicine id."""
    found: dict[str, list[KeptDose]] = {}
    for one in doses:
        found.setdefault(one.planned.medicine_id, []).append(one)
    return found


def as_written(amount: Amount | None) -> tuple[float, float, str] | None:
    """An amount as the views hold it."""
    return None if amount is None else (amount.low, amount.high, amount.unit)


def _needed(order: HeldOrder, need: AsNeeded, doses: Sequence[KeptDose], at: tuple[datetime, date]) -> NeededLine:
    now, today = at
    found = allowed(need, taken_doses(doses), now)
    return NeededLine(
        medicine_id=order.medicine_id,
        title=order.title,
        amount=as_written(need.amount),
        reason=need.reason,
        least_minutes=at_least(need.least_between),
        most_doses=need.most_doses,
        most_amount=as_written(need.most_amount),
        per_hours=round(need.per.total_seconds() / 3600),
        last_at=found.last_at,
        today=sum(one.state is DoseState.TAKEN and local_day(one) == today for one in doses),
        next_from=found.next_from,
        why_not=found.why_not,
    )


def _by_slot(reminders: Iterable[Reminder]) -> dict[str, list[Reminder]]:
    found: dict[str, list[Reminder]] = {}
    for one in reminders:
        if one.planned.kind == "dose":
            for slot in one.planned.subjects:
                found.setdefault(slot, []).append(one)
    return found


def _part(dose: KeptDose) -> str:
    hour = _hour(dose.planned.at.astimezone(ZoneInfo(dose.planned.zone)))
    return next((code for code, start in reversed(PARTS) if hour >= start), "night")


def _hour(at: datetime) -> int:
    return at.hour
