"""This is the place where the demo's people add medicines by hand, count what is left, and have logged some weeks of doses, so that the pages have something to show."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

from core.care import medicine_book
from core.care.access import COMMAND_LINE, Action, require
from core.care.dose_plan import doses_of
from core.care.medicine_orders import HeldOrder, Orders, living
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.domain.doses import DoseAnswer, DoseState, KeptDose, Plan
from core.medications.book import OwnMedicine, Stock
from core.medications.entered import Entered, dosages
from core.ports import Ports, Upload

LOGGED_FOR = timedelta(days=24)
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"


@dataclass(frozen=True, slots=True)
class Own:
    """One that somebody added by hand: what it is, how it is taken, how many were counted (0: not counted)."""

    title: str
    sort: str
    taken: Entered
    code: str = ""
    reason: str = ""
    counted: float = 0


OWN: Mapping[str, tuple[Own, ...]] = {
    "margaret-ellis": (
        Own("Vitamin D3 1000 IU", "supplement", Entered("daily", (time(8),), amount=1, unit="tablet"), reason="bones", counted=90),
        Own("Acetaminophen 325 mg", "medicine", Entered("needed", amount=1, unit="tablet", least=6, most=4, reason="pain"), "313782"),
    ),
    "wang-jianguo": (Own("复方丹参滴丸", "traditional", Entered("daily", (time(8), time(14), time(20)), amount=10, unit="丸"), reason="胸闷", counted=270),),
}
COUNTED: Mapping[str, tuple[tuple[str, float, str], ...]] = {
    "margaret-ellis": (("amlodipine", 5, "tablet"), ("losartan", 60, "tablet")),
    "wang-jianguo": (("二甲双胍", 36, "片"),),
}
"""Part of a title, how many, of what: one of each person soon runs out."""

CRITICAL: Mapping[str, str] = {"margaret-ellis": "losartan"}
"""Part of the title of a medicine whose doses matter so much that somebody is told where one is missed."""


def add(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """For the people of the demo by slug."""
    for slug, added in OWN.items():
        if slug not in person_ids:
            continue
        person_id = person_ids[slug]
        now = ports.clock.now()
        if slug == "margaret-ellis":
            _pharmacy(ports, person_id, now.date())
        _own(ports, person_id, added, (now - LOGGED_FOR).date())
        _matters(ports, person_id, CRITICAL.get(slug, ""))
        orders = _orders(ports, person_id)
        _logged(ports, person_id, orders, now)
        _counted(ports, person_id, (orders, COUNTED[slug], added))


def _own(ports: Ports, person_id: str, added: tuple[Own, ...], since: date) -> None:
    zone = ports.store.series_choices(person_id).zone or "UTC"
    for one in added:
        system = RXNORM if one.code else ""
        made = OwnMedicine("", one.title, one.sort, system, one.code, dosages(one.taken, zone), one.reason, since)
        medicine_book.add_own(ports, COMMAND_LINE, person_id, made)


def _matters(ports: Ports, person_id: str, name: str) -> None:
    found = next((one for one in _orders(ports, person_id).current if name and name in one.title.casefold()), None)
    if found is not None:
        medicine_book.choose(ports, COMMAND_LINE, person_id, found.medicine_id, replace(found.choices, critical=True))


def _orders(ports: Ports, person_id: str) -> Orders:
    grant = require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id)
    return living(ports, person_id, grant, medicine_book.load(ports.store, person_id, grant), ports.clock.now())


def _logged(ports: Ports, person_id: str, orders: Orders, now: datetime) -> None:
    """Doses of the last weeks, planned as they would have been, and answered as people do: mostly, now and then not at all."""
    grant = require(ports, COMMAND_LINE, Action.LOG_DOSE, person_id)
    habits, _ = medicine_book.habits_of(ports, person_id, medicine_book.load(ports.store, person_id, grant))
    start, until = now - LOGGED_FOR, now - timedelta(hours=3)
    event = grant.event("demo")
    ports.store.put_plan(person_id, Plan(start, until, doses_of(orders, habits, start, until), (), now), event)
    for at, dose in enumerate(ports.store.doses(person_id, start, until, event)):
        answer = _answer(at, dose, now)
        if answer is not None:
            ports.store.answer_dose(person_id, dose.dose_id, answer, event)


def _answer(at: int, dose: KeptDose, now: datetime) -> DoseAnswer | None:
    if at % 9 == 4:
        return None
    if at % 17 == 3:
        reason = ("forgot", "side_effects", "away")[at % 3]
        return DoseAnswer(DoseState.SKIPPED, None, reason, said_at=now, said_by="demo")
    taken_at = dose.planned.at + timedelta(minutes=at * 7 % 45 if at % 6 else 110)
    return DoseAnswer(DoseState.TAKEN, min(taken_at, now), said_at=now, said_by="demo")


def _counted(ports: Ports, person_id: str, what: tuple[Orders, tuple[tuple[str, float, str], ...], tuple[Own, ...]]) -> None:
    orders, counted, added = what
    wanted = [*counted, *((one.title, one.counted, one.taken.unit) for one in added if one.counted)]
    for name, count, unit in wanted:
        found = next((one for one in orders.current if name in one.title.casefold() or name == one.title), None)
        if found is not None:
            _count(ports, person_id, found, Stock(count, unit, ports.clock.now()))


def _count(ports: Ports, person_id: str, found: HeldOrder, stock: Stock) -> None:
    medicine_book.count_stock(ports, COMMAND_LINE, person_id, found.medicine_id, stock)


def _pharmacy(ports: Ports, person_id: str, today: date) -> None:
    """What a pharmacy would send: supplies that were handed over, and one order that leaves open how it is taken."""
    profile = ports.store.person(person_id, require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id).event("demo")).profile
    patient: dict[str, Any] = {"resourceType": "Patient", "id": "p", "name": [{"text": profile.name}], "gender": profile.gender, "birthDate": profile.birth_date}
    spray: dict[str, Any] = {
        "resourceType": "MedicationRequest", "id": "spray", "status": "active", "intent": "order", "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"text": "fluticasone 50 MCG nasal spray"},
        "authoredOn": (today - timedelta(days=9)).isoformat(), "requester": {"display": "Dr Elena Ruiz"}, "reasonCode": [{"text": "Hay fever"}],
        "dosageInstruction": [{"text": "Use as directed"}],
    }  # fmt: skip
    handed = [_handed(title, code, today - timedelta(days=ago)) for title, code, days in SUPPLIES for ago in days]
    entries = [{"fullUrl": f"https://pharmacy.example.org/fhir/{one['resourceType']}/{one['id']}", "resource": one} for one in (patient, spray, *handed)]
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    name = "corner-pharmacy.json"
    import_parcels(ports, COMMAND_LINE, Whose(person_id), [Parcel(name, (Upload(name, BytesIO(content)),), "Corner Pharmacy", "demo")])


SUPPLIES = (("Amlodipine 5 MG Oral Tablet", "197361", (268, 178, 86)), ("atorvastatin 20 MG tablet", "83367", (310, 205, 84)))
"""Title, RxNorm code, days ago on which 90 days' supply was handed over."""


def _handed(title: str, code: str, on: date) -> dict[str, Any]:
    return {
        "resourceType": "MedicationDispense", "id": f"d{code}-{on.isoformat()}", "status": "completed", "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code}], "text": title},
        "quantity": {"value": 90, "unit": "tablet"}, "daysSupply": {"value": 90, "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"},
        "whenHandedOver": on.isoformat(),
    }  # fmt: skip
