"""This is the place where the demo gets something for its alerts: Robert's weight rises over night, Margaret forgets a pill that matters, and Robert's mail is dead.

Nothing is put on anybody's desk here: the worker finds all of it, as it would for anybody.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from core.care import on_call, reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.care.on_call_hours import Rota, Shift
from core.care.parcels import Parcel, import_parcels
from core.care.placing import Whose
from core.domain.doses import DoseAnswer, DoseState
from core.medications.book import Channel
from core.medications.reminder_json import written
from core.medications.terms import DAYS
from core.ports import Ports, Upload

OLD, FAST = "margaret-ellis", "robert-hayes"
CLINICIAN = "demo-coordinator"
ZONE = "America/New_York"
SCALE = "bathroom-scale.json"
RISEN_KG = 90.1
DEAD = Channel("demo-dead", "email", "robert.hayes@example.invalid")
"""No address under .invalid is ever anybody's (RFC 2606)."""
LATE = timedelta(days=2)


def add(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """For the people of the demo by slug."""
    if FAST in person_ids:
        _weight(ports, person_ids[FAST])
        _dead_mail(ports, person_ids[FAST])
    if OLD in person_ids:
        _forgotten(ports, person_ids[OLD])
    _office_hours(ports)


def _weight(ports: Ports, person_id: str) -> None:
    """What a scale at home measured an hour ago."""
    at = ports.clock.now() - timedelta(hours=1)
    profile = ports.store.person(person_id, require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id).event("demo")).profile
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": "p",
        "name": [{"text": profile.name}],
        "gender": profile.gender,
        "birthDate": profile.birth_date,
    }
    weight: dict[str, Any] = {
        "resourceType": "Observation", "id": "w-now", "status": "final", "subject": {"reference": "Patient/p"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body weight"}]},
        "effectiveDateTime": at.isoformat(timespec="seconds"),
        "valueQuantity": {"value": RISEN_KG, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }  # fmt: skip
    entries = [
        {"fullUrl": f"https://scale.example.org/fhir/{one['resourceType']}/{one['id']}", "resource": one}
        for one in (patient, weight)
    ]
    content = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()
    import_parcels(
        ports, COMMAND_LINE, Whose(person_id), [Parcel(SCALE, (Upload(SCALE, BytesIO(content)),), "Bathroom scale", "demo")]
    )


def _dead_mail(ports: Ports, person_id: str) -> None:
    grant = require(ports, COMMAND_LINE, Action.EDIT_REMINDERS, person_id)
    book = reminder_book.load(ports.store, person_id, grant)
    if DEAD not in book.channels:
        made = replace(book, channels=(*book.channels, DEAD))
        ports.store.put_in_drawer(person_id, reminder_book.DRAWER, written(made), grant.event("demo"), was=book.raw)


def _forgotten(ports: Ports, person_id: str) -> None:
    """The newest dose of a medicine that matters was skipped."""
    grant = require(ports, COMMAND_LINE, Action.LOG_DOSE, person_id)
    now = ports.clock.now()
    doses = [one for one in ports.store.doses(person_id, now - LATE, now, grant.event("demo")) if one.planned.critical]
    if doses:
        said = DoseAnswer(DoseState.SKIPPED, None, "forgot", said_at=now, said_by="demo")
        ports.store.answer_dose(person_id, doses[-1].dose_id, said, grant.event("demo"))


def _office_hours(ports: Ports) -> None:
    """The demo's coordinator is on call by day and evening; the night is a gap, and the page says so."""
    found = ports.store.account_by_username(CLINICIAN)
    if found is None or on_call.load(ports.store).rotas:
        return
    for panel_id in found[0].panels[:1]:
        on_call.set_rota(ports, COMMAND_LINE, Rota(panel_id, ZONE, (Shift(DAYS, "07:00", "22:00", (found[0].account_id,)),)))
