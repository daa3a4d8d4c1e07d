"""This is the place where the doses a person logged become records to take away: one FHIR MedicationAdministration each."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from core.care import medicine_book
from core.care.access import Grant
from core.care.medicine_orders import HeldOrder, living
from core.care.questionnaire_records import subject_of
from core.domain.codes import Concept
from core.domain.records import Original
from core.errors import BadInput
from core.medications.administrations import About, administration
from core.medications.book import Book
from core.ports import Ports

KIND = "MedicationAdministration"
_FROM = datetime(1970, 1, 1, tzinfo=UTC)


def administrations(ports: Ports, person_id: str, grant: Grant, known: Collection[str] = ()) -> tuple[Original, ...]:
    """Every dose that was logged as taken or skipped, but those that are in the record under that name already (`known`: an earlier export that was
    brought in again)."""
    now = ports.clock.now()
    doses = ports.store.doses(person_id, _FROM, now + timedelta(days=2), grant.event("doses"))
    if not doses:
        return ()
    by_id = {one.medicine_id: one for one in living(ports, person_id, grant, _book(ports, person_id, grant), now).all}
    requests = {one.record_id: _reference(one) for one in ports.store.originals(person_id, grant.event("doses"), kinds=("MedicationRequest",))}
    subject = subject_of(ports, person_id, grant)
    found = []
    for dose in doses:
        order = by_id.get(dose.planned.medicine_id)
        concept = order.concept if order is not None else Concept(text=dose.planned.title)
        made = administration(dose, About(concept, subject, _order(order, requests)))
        if made is not None and f"{KIND}/{made['id']}" not in known:
            found.append(Original(dose.dose_id, json.dumps(made, ensure_ascii=False).encode(), "", f"{KIND}/{made['id']}"))
    return tuple(found)


def _book(ports: Ports, person_id: str, grant: Grant) -> Book:
    """The person's own list where it can be read: a damaged drawer must not keep anybody from taking their record away."""
    try:
        return medicine_book.load(ports.store, person_id, grant)
    except BadInput:
        return Book()


def _order(order: HeldOrder | None, requests: dict[str, str]) -> str:
    return requests.get(order.record.record_id, "") if order is not None and order.record is not None else ""


def _reference(one: Original) -> str:
    if not one.origin_id:
        return ""
    return f"{one.origin.rstrip('/')}/{one.origin_id}" if one.origin.startswith(("http://", "https://")) else one.origin_id
