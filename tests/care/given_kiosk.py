"""This is the place where the tests of kiosks get a clinic: a person who can be known, a kiosk with a key, a check-in code, and what a visit collects."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from core.care import kiosk_clinic, kiosk_codes, kiosk_desk, kiosk_intake, kiosk_papers, kiosk_registry
from core.care.access import COMMAND_LINE
from core.care.kiosk_server import KeyServer, LocalServer
from core.domain.people import Role
from core.domain.records import PersonName, PersonProfile
from core.kiosk.sealing import seal
from core.kiosk.terms import Collected, Device, Heartbeat, Measure, Proof, Reading, SealedVisit, Welcomed
from core.medications.book import OwnMedicine
from core.ports import Ports
from tests.care.given import add_account, add_panel, event, ports_with, signed_in

BORN = "1948-03-12"
PROOF = Proof("birth", birth_date=BORN, initials="M.E.", factor="0133")


@dataclass
class Clinic:
    """A house with kiosks."""

    ports: Ports
    person: str
    coordinator: Any
    administrator: Any
    local: LocalServer
    key: str
    keyed: KeyServer

    def code(self) -> str:
        return kiosk_codes.make(self.ports, COMMAND_LINE, self.person).code

    def known(self, server: LocalServer | None = None) -> Welcomed:
        return (server or self.local).identify(Proof("code", code=self.code()), "en")

    def sealed(self, collected: Collected, server: LocalServer | None = None) -> SealedVisit:
        return seal((server or self.local).hello(Heartbeat("1")).public_key, collected, self.ports.clock.now())


def clinic(store: Any = None, **more: Any) -> Clinic:
    ports = replace(ports_with(store), public_url="https://clinic.example.org", **more)
    names = (PersonName("Margaret Ellis", "Ellis", ("Margaret",), "official"),)
    profile = PersonProfile(
        names, BORN, "female", phones=("+44 20 7946 0133",), address="12 High Street, London SW1A 1AA, GB", synthetic=True
    )
    person = ports.store.add_person(profile, event()).person_id
    kiosk = signed_in(ports, add_account(ports, Role.KIOSK, "kiosk"))
    coordinator = add_account(ports, Role.COORDINATOR, "coordinator")
    add_panel(ports, "Panel", (person,), coordinator)
    administrator = signed_in(ports, add_account(ports, Role.ADMINISTRATOR, "administrator"))
    kiosk_clinic.save(ports, COMMAND_LINE, kiosk_clinic.Settings(name="Clinic", desk="by the door", forms=("phq-2",)))
    new = kiosk_registry.add(ports, administrator, "Hall", "Ground floor")
    return Clinic(
        ports, person, signed_in(ports, coordinator), administrator, LocalServer(ports, kiosk), new.key, KeyServer(ports, new.key)
    )


def collected(of: Clinic, welcomed: Welcomed | None = None, **more: Any) -> Collected:
    now = of.ports.clock.now()
    device = Device("Maker", "Cuff", "123")
    readings = (
        Reading(Measure.BLOOD_PRESSURE, {"sbp": 131.0, "dbp": 79.0, "hr": 70.0}, now - timedelta(minutes=3), "bluetooth", device),
        Reading(Measure.BLOOD_PRESSURE, {"sbp": 127.0, "dbp": 77.0}, now - timedelta(minutes=2), "bluetooth", device),
        Reading(Measure.WEIGHT, {"weight": 71.4}, now - timedelta(minutes=1), "typed"),
    )
    made = Collected(
        welcomed.visit_id if welcomed else "offline-visit-1", "", now - timedelta(minutes=8), "en", welcomed.ticket if welcomed else "",
        consented_at=now - timedelta(minutes=7), readings=readings, finished_at=now,
    )  # fmt: skip
    return replace(made, **more)


def own_medicine(title: str) -> OwnMedicine:
    return OwnMedicine("", title, since=date(2026, 1, 1))


def kiosk_of(ports: Ports) -> str:
    """A kiosk that was just added."""
    return kiosk_registry.add(ports, COMMAND_LINE, "Hall").kiosk.kiosk_id


def desk_call(ports: Ports) -> str:
    """A call that nobody has answered."""
    hand = kiosk_registry.of_account(ports, COMMAND_LINE)
    call_id = f"c{uuid4().hex}"
    kiosk_desk.put(hand, "asked", "", call_id)
    return (
        call_id
        if any(one.call_id == call_id for one in kiosk_papers.load(ports.store, kiosk_desk.DOCUMENT).calls)
        else _open_call(ports)
    )


def _open_call(ports: Ports) -> str:
    return next(one.call_id for one in kiosk_papers.load(ports.store, kiosk_desk.DOCUMENT).calls if one.answered_at is None)


def damaged_desk(ports: Ports) -> Ports:
    """The same with a list of calls that can't be read."""
    ports.store.put_house_document(kiosk_desk.DOCUMENT.name, b"{", event())
    return ports


def unmatched(ports: Ports) -> str:
    """A visit that is nobody's yet."""
    hand, now = kiosk_registry.of_account(ports, COMMAND_LINE), ports.clock.now()
    visit_id = f"o-{uuid4().hex}"
    key = kiosk_clinic.told(hand).public_key
    kiosk_intake.receive(hand, seal(key, Collected(visit_id, "", now, "en", consented_at=now, finished_at=now), now))
    return visit_id
