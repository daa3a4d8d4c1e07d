"""This is the place where each medicine becomes a card: how it is taken, what for, since when, what is left, what the checks found, what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.care import medicine_book, medicine_checks, requests, stock_facts
from core.care.access import Action, allowed, require
from core.care.dose_views import CardsView, MedicineCard, StockView
from core.care.freshness import revision as revision
from core.care.lines import Frame, person_view
from core.care.medicine_lines import line_of
from core.care.medicine_orders import KINDS, HeldOrder, Orders, living
from core.care.views import Fact, MedicineLine
from core.domain.doses import Request
from core.domain.people import Actor
from core.domain.records import Record, Standing
from core.medications.book import Book
from core.medications.expanding import following
from core.medications.findings import Checked
from core.medications.reading import regimen
from core.medications.saying import how
from core.medications.steps import Regimen
from core.medications.supply import Supply
from core.medications.terms import Habits
from core.ports import Ports

_UNREAD = frozenset({"unknown_medicine", "ambiguous_medicine", "partly_known_medicine", "unread_record", "table_unavailable"})


@dataclass(frozen=True, eq=False)
class _Shelf:
    """What every card is made from."""

    book: Book
    habits: Habits
    zone_known: bool
    frame: Frame
    checked: Checked
    supplies: dict[str, Supply]
    requests: tuple[Request, ...]


def view(ports: Ports, actor: Actor, person_id: str) -> CardsView:
    """The Medicines page: what holds now or waits for an answer, then what was. Raises BadInput where what the person keeps is damaged."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    book = medicine_book.load(ports.store, person_id, grant)
    habits, zone_known = medicine_book.habits_of(ports, person_id, book)
    orders = living(ports, person_id, grant, book, now)
    frame = Frame(now, ports.store.preferences(actor.account_id), person.synthetic or person.profile.synthetic)
    checked = medicine_checks.checked(ports, actor, person_id, orders.held(now))
    supplies = stock_facts.supplies(ports, person_id, grant, (orders, book, habits), now)
    shelf = _Shelf(book, habits, zone_known, frame, checked, supplies, requests.of_person(ports, person_id, grant))
    apart = [one for one in ports.store.records(person_id, grant.event("medicines"), kinds=KINDS) if one.standing is Standing.QUARANTINED]
    current, other = _cards(orders, shelf)
    return CardsView(
        revision=revision_now,
        made_at=now,
        person=person_view(person, now),
        current=tuple(current),
        other=(*other, *(_set_apart(one, frame) for one in apart)),
        checked=checked,
        may_edit=allowed(actor.role, Action.EDIT_MEDICINES),
        habits=habits,
        book=book,
    )


def said_how(found: Regimen, habits: Habits) -> tuple[Fact, ...]:
    """How a regimen says it is taken, one fact an instruction."""
    return tuple(Fact(key, facts) for key, facts in how(found, habits))


def order_regimen(one: HeldOrder, *, own_words: bool = False) -> Regimen:
    """How an order says it is taken, also where it is not planned; `own_words` of the record alone, without what the person said."""
    order = one.found.order
    return regimen(list(order.dosages if own_words else one.found.dosages), order.authored, order.until)


def written(one: HeldOrder) -> tuple[str, ...]:
    """The order's own words of how it is taken."""
    if one.record is not None:
        return tuple(text for key, text in one.record.item.detail if key == "dosage")
    texts = (each.get("text") for each in one.found.order.dosages)
    return tuple(text for text in texts if isinstance(text, str) and text)


def _cards(orders: Orders, shelf: _Shelf) -> tuple[list[MedicineCard], list[MedicineCard]]:
    """One card for each order that holds; of medicines of which none does, one for the newest, among what nobody can say or what was."""
    groups: dict[str, list[HeldOrder]] = {}
    for one in orders.all:
        groups.setdefault(one.found.order.key, []).append(one)
    current: list[MedicineCard] = []
    other: list[MedicineCard] = []
    for group in groups.values():
        holding = [one for one in group if one.living]
        shown = holding or [one for one in group if one.found.state == "unclear"][:1] or group[:1]
        rest = [one for one in group if one not in shown]
        for at, one in enumerate(shown):
            made = _card(one, shelf, rest if at == 0 else ())
            (current if holding or one.found.state == "unclear" else other).append(made)
    return current, other


def _card(one: HeldOrder, shelf: _Shelf, before: Sequence[HeldOrder]) -> MedicineCard:
    line = line_of(one.record, shelf.frame) if one.record is not None else None
    now, own, order = shelf.frame.now, one.own, one.found.order
    return MedicineCard(
        medicine_id=one.medicine_id,
        title=one.title,
        source="record" if line is not None else "own",
        sort=own.sort if own is not None else "medicine",
        how=said_how(order_regimen(one), shelf.habits),
        written=written(one),
        reason=line.reason if line is not None else own.reason if own is not None else "",
        prescriber=line.prescriber if line is not None else "",
        since=line.start if line is not None else order.authored[:10],
        until=order.until,
        now=one.found.state,
        next_at=_next(one, shelf, now),
        stock=_stock(one, shelf),
        asks=one.found.regimen.asked,
        notes=tuple(Fact(f"schedule_note.{each.code}", {"text": each.text}) for each in one.found.regimen.notes),
        findings=tuple(each for each in shelf.checked.findings if one.medicine_id in each.medicines),
        requests=tuple(each for each in shelf.requests if each.about == one.medicine_id),
        history=tuple(_earlier(each, shelf.frame) for each in before if each.record is not None),
        taking=one.choices.taking,
        critical=one.choices.critical,
        reminded=one.choices.reminded,
        checked=not one.living or _is_checked(one.medicine_id, shelf.checked),
        line=line,
        own=own,
    )


def _next(one: HeldOrder, shelf: _Shelf, now: datetime) -> datetime | None:
    """The next dose, where it is known when and where."""
    if not one.found.plans or not shelf.zone_known:
        return None
    return next((each.at for each in following(one.found.regimen, shelf.habits, now, 1)), None)


def _stock(one: HeldOrder, shelf: _Shelf) -> StockView | None:
    counted, found = shelf.book.stock.get(one.medicine_id), shelf.supplies.get(one.medicine_id)
    if counted is None or found is None:
        return None
    return StockView(found.left, counted.unit, counted.at, found.runs_out, found.refill_by, found.state, found.assumed, counted.lead_days)


def _is_checked(medicine_id: str, checked: Checked) -> bool:
    """Whether the checks could tell what is in it; with a table missing, none is checked."""
    left = any(one.medicine_id == medicine_id and one.why in _UNREAD for one in checked.not_checked)
    return checked.state != "unavailable" and not left


def _earlier(one: HeldOrder, frame: Frame) -> MedicineLine:
    assert one.record is not None
    line = line_of(one.record, frame)
    return replace(line, now="superseded") if one.found.state == "superseded" else line


def _set_apart(record: Record, frame: Frame) -> MedicineCard:
    """A record that can't be used as it is: shown, never planned."""
    line = line_of(record, frame)
    return MedicineCard(
        medicine_id=record.record_id, title=line.line.title, source="record", sort="medicine", how=(), written=line.dosage, reason=line.reason,
        prescriber=line.prescriber, since=line.start, until=line.end, now="unknown", next_at=None, stock=None, asks=(), notes=(), findings=(), requests=(),
        history=(), checked=False, line=line,
    )  # fmt: skip

