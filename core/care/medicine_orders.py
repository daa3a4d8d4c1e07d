"""This is the place where a person's orders and own medicines are found in the record and the book, and sorted out: what holds, and how it is taken."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from core.care.access import Grant
from core.care.lines import when_of
from core.care.medicine_facts import Held, asks_for_medicine
from core.care.plain import medicine_now
from core.care.today import same_medicine
from core.domain.codes import Coding, Concept
from core.domain.records import Original, Record, Standing
from core.medications.book import Book, Choices, OwnMedicine
from core.medications.daily_dose import daily_of
from core.medications.orders import LIVING, Answers, Order, Sorted, sorted_out
from core.ports import Ports

KINDS = ("MedicationRequest", "MedicationStatement")
_NO_ORDER = frozenset({"draft", "entered-in-error", "cancelled"})


@dataclass(frozen=True, slots=True)
class HeldOrder:
    """An order with where it comes from: the record's (`record`) or the person's own list (`own`), and what the person chose about it."""

    found: Sorted
    concept: Concept
    choices: Choices
    record: Record | None = None
    own: OwnMedicine | None = None
    route: str = ""

    @property
    def medicine_id(self) -> str:
        return self.found.order.medicine_id

    @property
    def title(self) -> str:
        return self.found.order.title

    @property
    def living(self) -> bool:
        """Whether it holds now or will, taken or not."""
        return self.found.state in (*LIVING, "not_taking")


@dataclass(frozen=True, slots=True)
class Orders:
    """Every order, the newest first."""

    all: tuple[HeldOrder, ...]

    @property
    def current(self) -> tuple[HeldOrder, ...]:
        return tuple(one for one in self.all if one.living)

    def held(self, now: datetime) -> tuple[Held, ...]:
        """What the safety checks are asked about: all that holds, also what the person says they don't take and what nobody can say holds (rather one
        check too many), with how much a day it comes to."""
        return tuple(
            Held(one.medicine_id, one.concept, one.route, one.found.state == "not_taking", daily_of(one.title, one.found.regimen, now))
            for one in self.all
            if one.living or (one.found.state == "unclear" and not one.found.by)
        )


def living(ports: Ports, person_id: str, grant: Grant, book: Book, now: datetime) -> Orders:
    """All orders of the record and all own medicines."""
    event = grant.event("medicines")
    records = {one.record_id: one for one in ports.store.records(person_id, event, kinds=KINDS) if one.standing is Standing.CURRENT}
    raws = {(one.shown_as or one.record_id): one for one in ports.store.originals(person_id, event, kinds=KINDS) if not one.shown_as}
    made = [_of_record(record, raws.get(record_id), now) for record_id, record in records.items()]
    made = [(order, record) for order, record in made if record.item.status not in _NO_ORDER and asks_for_medicine(record.item)]
    made.sort(key=lambda pair: (when_of(pair[1]), pair[0].medicine_id), reverse=True)
    own = [(_of_own(one, now), one) for one in book.own]
    answers = Answers(
        {medicine_id: (one.of, one.dosages) for medicine_id, one in book.answers.items()}, book.both,
        *(frozenset(medicine_id for medicine_id, one in book.choices.items() if one.taking == said) for said in ("no", "yes")),
    )  # fmt: skip
    by_id = {order.medicine_id: record for order, record in made}
    of_own = {order.medicine_id: one for order, one in own}
    sorted_orders = sorted_out([order for order, _ in made], answers) + sorted_out([order for order, _ in own], answers)
    return Orders(tuple(_held(one, by_id.get(one.order.medicine_id), of_own.get(one.order.medicine_id), book) for one in sorted_orders))


def _held(found: Sorted, record: Record | None, own: OwnMedicine | None, book: Book) -> HeldOrder:
    choices = book.choices.get(found.order.medicine_id, Choices())
    if record is not None:
        route = next((text for key, text in record.item.detail if key == "route"), "")
        return HeldOrder(found, record.item.concept, choices, record, None, route)
    codings = (Coding(own.system, own.code, own.title),) if own and own.code else ()
    return HeldOrder(found, Concept(codings, own.title if own else found.order.title), choices, None, own)


def medicine_id_of(record: Record, original: Original | None) -> str:
    """The same for every version of one source record; by its content where the source gives it no id."""
    if original is not None and original.origin_id:
        name = f"{original.origin}|{original.origin_id}"
    else:
        name = f"{record.item.kind}|{same_medicine(record.item.concept)}|{record.item.start}|{record.record_id if original is None else hashlib.sha256(original.raw).hexdigest()}"
    return "m" + hashlib.sha256(name.encode()).hexdigest()[:24]


def _of_record(record: Record, original: Original | None, now: datetime) -> tuple[Order, Record]:
    raw = _json(original.raw if original else b"")
    given = raw.get("dosageInstruction") if raw.get("dosageInstruction") is not None else raw.get("dosage")
    dosages = tuple(one for one in (given if isinstance(given, list) else [given]) if isinstance(one, Mapping))
    prior = raw.get("priorPrescription")
    names = tuple(str(one.get("reference", "")).split("/_history")[0] for one in (prior if isinstance(prior, list) else [prior]) if isinstance(one, Mapping))
    intent = raw.get("intent")
    order = Order(
        medicine_id_of(record, original), same_medicine(record.item.concept), record.item.concept.title, record.item.kind, dosages,
        record.item.start, record.item.end, medicine_now(record.item, now), intent if isinstance(intent, str) else "",
        original.origin_id if original else "", names,
    )  # fmt: skip
    return order, record


def _of_own(one: OwnMedicine, now: datetime) -> Order:
    over = one.until is not None and one.until < now.date()
    since = one.since.isoformat() if one.since else one.added_at.isoformat() if one.added_at else ""
    until = one.until.isoformat() if one.until else ""
    return Order(one.medicine_id, f"own|{one.medicine_id}", one.title, "own", tuple(one.dosages), since, until, "stopped" if over else "current")


def _json(raw: bytes) -> Mapping[str, Any]:
    try:
        found = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, Mapping) else {}
