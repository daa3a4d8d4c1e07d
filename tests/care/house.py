"""This is the place where a small house stands: two people with records, and an account of every role."""

from __future__ import annotations

from dataclasses import dataclass

from core.care.placing import Whose
from core.domain.people import Account, Actor, Panel, Role
from core.ports import Ports
from tests.care.given import (
    add_account,
    add_panel,
    add_person,
    bring,
    bundle,
    event,
    heart_rate,
    parcel,
    patient,
    ports_with,
    signed_in,
)

OWN_CANARY, OTHER_CANARY = "CANARY-OWN", "CANARY-OTHER"


@dataclass(frozen=True)
class House:
    """The ports, the person everybody is about (`own`), somebody else (`other`), ids within, and actors by role."""

    ports: Ports
    own: str
    other: str
    record: str
    source: str
    imported: str
    panel: Panel
    accounts: dict[Role, Account]
    actors: dict[Role, Actor]


def build(ports: Ports | None = None) -> House:
    """A house with records for both people."""
    ports = ports or ports_with()
    own = add_person(ports, "Own", f"{OWN_CANARY}")
    other = add_person(ports, "Other", f"{OTHER_CANARY}", born="1980-01-01")
    for person_id, base in ((own, "https://own.example/fhir"), (other, "https://other.example/fhir")):
        given = OWN_CANARY if person_id == own else OTHER_CANARY
        person = patient("p1", "Own" if person_id == own else "Other", given, "1970-04-02" if person_id == own else "1980-01-01")
        rate = heart_rate("o1", note=[{"text": f"{given} note"}])
        bring(ports, parcel(bundle(person, rate, base=base), "visit.json", f"{given} clinic"), whose=Whose(person_id))
    accounts = {
        Role.PATIENT: add_account(ports, Role.PATIENT, "patient", persons=(own,)),
        Role.CAREGIVER: add_account(ports, Role.CAREGIVER, "caregiver", persons=(own,)),
        Role.COORDINATOR: add_account(ports, Role.COORDINATOR, "coordinator"),
        Role.ADMINISTRATOR: add_account(ports, Role.ADMINISTRATOR, "administrator"),
        Role.KIOSK: add_account(ports, Role.KIOSK, "kiosk"),
    }
    panel = add_panel(ports, "Panel", (own,), accounts[Role.COORDINATOR])
    accounts[Role.COORDINATOR] = ports.store.account(accounts[Role.COORDINATOR].account_id)
    actors = {role: signed_in(ports, account) for role, account in accounts.items()}
    record = next(r.record_id for r in ports.store.records(own, event()) if r.item.kind == "Observation")
    source = ports.store.sources(own, event())[0].source_id
    imported = ports.store.ledgers(own, event())[0].import_id
    return House(ports, own, other, record, source, imported, panel, accounts, actors)
