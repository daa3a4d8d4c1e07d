"""This is the place where what the record says about medicines is held against what the person says they take, difference by difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from core.care import medicine_book, requests
from core.care.access import Action, allowed, require
from core.care.dose_views import Difference, ReconciliationView
from core.care.fills import Named
from core.care.freshness import revision as revision
from core.care.medicine_cards import order_regimen, said_how, written
from core.care.medicine_orders import HeldOrder, living
from core.domain.doses import DoseState, Request
from core.domain.people import Actor
from core.medications.book import Book
from core.medications.terms import Habits
from core.ports import Ports

LOGGED_LATELY = timedelta(days=28)
"""A dose logged as taken within this time says that the person takes it (house)."""
ORDER = ("two_orders", "stopped_but_taken", "not_taking", "differently", "not_on_record", "unclear", "same")


@dataclass(frozen=True, eq=False)
class _Sides:
    """What every line is made from: `taken` are the ids of medicines of which a dose was logged lately, `same` what they are compared by."""

    book: Book
    habits: Habits
    requests: tuple[Request, ...]
    taken: frozenset[str]
    same: Mapping[str, str]


def view(ports: Ports, actor: Actor, person_id: str) -> ReconciliationView:
    """Every medicine that either side names, what differs first. Where the person has said nothing about one and logged no dose of it, that is "unclear",
    not "the same". Raises BadInput where what the person keeps is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    book = medicine_book.load(ports.store, person_id, grant)
    habits, _ = medicine_book.habits_of(ports, person_id, book)
    orders = living(ports, person_id, grant, book, now)
    named = Named(ports)
    lately = ports.store.doses(person_id, now - LOGGED_LATELY, now + timedelta(days=1), grant.event("reconciliation"))
    sides = _Sides(
        book, habits, requests.of_person(ports, person_id, grant),
        frozenset(one.planned.medicine_id for one in lately if one.state is DoseState.TAKEN),
        {one.medicine_id: named.key(one.concept) for one in orders.all},
    )  # fmt: skip
    lines = [*_of_record([one for one in orders.all if one.record is not None], sides), *_of_own(orders.all, sides)]
    return ReconciliationView(
        revision=ports.store.revision(person_id),
        made_at=now,
        lines=tuple(sorted(lines, key=lambda one: (ORDER.index(one.kind), one.title.casefold()))),
        may_edit=allowed(actor.role, Action.EDIT_MEDICINES),
        team=requests.has_team(ports, person_id),
    )


def _of_record(held: Sequence[HeldOrder], sides: _Sides) -> list[Difference]:
    found: list[Difference] = []
    asked: set[str] = set()
    holding = {one.found.order.key for one in held if one.living}
    for one in held:
        key = one.found.order.key
        kind = _kind(one, sides)
        if one.living or one.found.state == "unclear":
            if kind == "two_orders" and key in asked:
                continue
            asked.add(key if kind == "two_orders" else "")
            found.append(_line(kind, one, sides))
        elif kind == "stopped_but_taken" and key not in holding and key not in asked:
            asked.add(key)
            found.append(_line(kind, one, sides))
    return found


def _kind(one: HeldOrder, sides: _Sides) -> str:
    taking = one.choices.taking
    if not one.living and one.found.state != "unclear":
        return "stopped_but_taken" if one.found.state in ("stopped", "on_hold") and taking in ("yes", "differently") else ""
    if any(each.code == "two_orders" for each in one.found.regimen.asked):
        return "two_orders"
    if one.found.state == "not_taking":
        return "not_taking"
    if taking == "differently" or _said_otherwise(one):
        return "differently"
    if one.found.state == "unclear" or one.found.regimen.asked:
        return "unclear"
    return "same" if taking == "yes" or one.medicine_id in sides.taken else "unclear"


def _said_otherwise(one: HeldOrder) -> bool:
    """Whether the person said other times or doses than an order that left nothing open."""
    return one.found.dosages != one.found.order.dosages and not order_regimen(one, own_words=True).asked


def _of_own(held: Iterable[HeldOrder], sides: _Sides) -> list[Difference]:
    """What was added by hand and is still taken: on record too, ended there, or not there at all."""
    every = list(held)
    on_record = {sides.same[one.medicine_id] for one in every if one.record is not None and one.living}
    ended = {sides.same[one.medicine_id] for one in every if one.record is not None and one.found.state in ("stopped", "on_hold")}
    found = []
    for one in every:
        if one.own is None or not one.living or one.found.state == "not_taking":
            continue
        same = sides.same[one.medicine_id]
        kind = "differently" if same in on_record else "stopped_but_taken" if same in ended else "not_on_record"
        found.append(_line(kind, one, sides))
    return found


def _line(kind: str, one: HeldOrder, sides: _Sides) -> Difference:
    answered = sides.book.answers.get(one.medicine_id)
    own = one.own is not None
    person = (*(written(one) if own else ()), *((answered.said,) if answered and answered.said else ()), *((one.choices.why,) if one.choices.why else ()))
    theirs = own or one.found.dosages != one.found.order.dosages
    return Difference(
        kind=kind,
        medicine_id=one.medicine_id,
        title=one.title,
        record=() if own else written(one),
        person=person,
        asked=requests.latest(sides.requests, "question", one.medicine_id),
        record_how=() if own else said_how(order_regimen(one, own_words=True), sides.habits),
        person_how=said_how(order_regimen(one), sides.habits) if theirs or kind == "same" else (),
    )
