"""This is the place where it is gathered what is left of each medicine that was counted, and when to ask for more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from core.care.access import Grant
from core.care.medicine_orders import HeldOrder, Orders
from core.domain.doses import DoseState
from core.medications.book import Book
from core.medications.supply import Logged, Supply, supply
from core.medications.terms import Habits
from core.ports import Ports

EARLY = timedelta(hours=24)
"""How long before it is due a dose may have been taken."""


def supplies(ports: Ports, person_id: str, grant: Grant, of: tuple[Orders, Book, Habits], now: datetime) -> dict[str, Supply]:
    """What is left, by medicine id, of those that were counted."""
    orders, book, habits = of
    counted = {one.medicine_id: (one, book.stock[one.medicine_id]) for one in orders.all if one.medicine_id in book.stock}
    if not counted:
        return {}
    first = min(stock.at for _, stock in counted.values())
    doses = ports.store.doses(person_id, first - EARLY, now + EARLY, grant.event("stock"))
    return {
        medicine_id: supply(stock, [logged for one_at, logged in _taken(doses, medicine_id, now) if one_at >= stock.at], _plan(one, habits), now)
        for medicine_id, (one, stock) in counted.items()
    }


def refills(ports: Ports, person_id: str, grant: Grant, of: tuple[Orders, Book, Habits], now: datetime) -> Iterator[tuple[str, datetime]]:
    """(medicine id, when to ask for more) of those that hold."""
    holding = {one.medicine_id for one in of[0].current}
    for medicine_id, found in supplies(ports, person_id, grant, of, now).items():
        if found.ask_at is not None and medicine_id in holding:
            yield medicine_id, found.ask_at


def _plan(one: HeldOrder, habits: Habits) -> tuple:
    return one.found.regimen, habits, None


def _taken(doses: tuple, medicine_id: str, now: datetime) -> Iterator[tuple[datetime, Logged]]:
    for one in doses:
        if one.planned.medicine_id != medicine_id:
            continue
        if one.state is DoseState.TAKEN:
            amount = one.answer.amount if one.answer and one.answer.amount else one.planned.amount
            at = one.answer.taken_at if one.answer and one.answer.taken_at else one.planned.at
            yield at, Logged(amount, ahead=one.planned.at > now)
        elif one.state is DoseState.PLANNED and not one.planned.as_needed and one.planned.at <= now:
            yield one.planned.at, Logged(one.planned.amount, assumed=True)
