"""This is the place where a person answers what an order leaves open: how they take it, or which of several orders for one medicine holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.care import medicine_book
from core.care.access import Action, require
from core.care.medicine_orders import HeldOrder, Orders, living
from core.domain.people import Actor
from core.errors import NotFound
from core.medications.book import Answered, Dosages
from core.medications.reading import regimen
from core.medications.saying import Said, how
from core.ports import Ports


@dataclass(frozen=True, slots=True)
class Option:
    """One of several orders for a medicine: its id, its title, the record's own words, since when (a FHIR time) and from whom."""

    medicine_id: str
    title: str
    how: tuple[Said, ...]
    written: tuple[str, ...]
    since: str


def options(ports: Ports, actor: Actor, person_id: str, medicine_id: str) -> tuple[Option, ...]:
    """The living orders for the same medicine as this one, the newest first. Raises NotFound."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    book = medicine_book.load(ports.store, person_id, grant)
    habits, _ = medicine_book.habits_of(ports, person_id, book)
    orders = living(ports, person_id, grant, book, ports.clock.now())
    mine = _held(orders, medicine_id)
    same = [one for one in orders.current if one.found.order.key == mine.found.order.key]
    return tuple(
        Option(one.medicine_id, one.title, how(regimen(list(one.found.dosages), one.found.order.authored), habits), _written(one), one.found.order.authored)
        for one in same
    )  # fmt: skip


def choose(ports: Ports, actor: Actor, person_id: str, medicine_id: str, chosen: Sequence[str]) -> None:
    """Of the orders for this medicine, those the person takes. Raises NotFound."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    mine = _held(living(ports, person_id, grant, medicine_book.load(ports.store, person_id, grant), ports.clock.now()), medicine_id)
    medicine_book.choose_both(ports, actor, person_id, mine.found.order.key, chosen)


def say_how(ports: Ports, actor: Actor, person_id: str, medicine_id: str, dosages: Dosages) -> None:
    """Keep how the person says they take what an order of the record is about, in place of its own instructions and as long as those stay as they
    are. Raises NotFound; BadInput where something is left open."""
    grant = require(ports, actor, Action.EDIT_MEDICINES, person_id)
    mine = _held(living(ports, person_id, grant, medicine_book.load(ports.store, person_id, grant), ports.clock.now()), medicine_id)
    asked = tuple(dict.fromkeys(one.code for one in mine.found.regimen.asked))
    medicine_book.answer(ports, actor, person_id, medicine_id, Answered(mine.found.order.digest, asked, dosages, "", ports.clock.now()))


def _held(orders: Orders, medicine_id: str) -> HeldOrder:
    found = next((one for one in orders.all if one.medicine_id == medicine_id), None)
    if found is None:
        raise NotFound("medicine_not_found", medicine=medicine_id)
    return found


def _written(one: HeldOrder) -> tuple[str, ...]:
    """How the order says it is taken, in its own words."""
    return tuple(text for key, text in one.record.item.detail if key == "dosage") if one.record else ()
