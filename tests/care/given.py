"""This is the place where the tests of the use cases get their surroundings: a clock that is set, people, accounts, a store."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any, cast

from core.care.access import COMMAND_LINE
from core.care.parcels import Parcel, Watch, import_parcels
from core.care.placing import Whose
from core.domain.audit import AuditEvent
from core.domain.people import Account, Actor, Panel, Role, Session
from core.domain.records import PersonName, PersonProfile
from core.ports import Ports, Store, Upload
from core.wiring import FilesWhenAsked
from tests.care.memory_store import MemoryStore

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


@dataclass
class SetClock:
    """A clock that stands where it was set."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def wait(self, **span: float) -> None:
        self.at += timedelta(**span)


@dataclass
class QuickPasswords:
    """Fast hashing for tests, counting how much work was done."""

    work: list[str] = field(default_factory=list)

    def hash(self, password: str) -> str:
        self.work.append("hash")
        return "quick:" + hashlib.sha256(password.encode()).hexdigest()

    def verify(self, password_hash: str, password: str) -> bool:
        self.work.append("verify")
        return password_hash == "quick:" + hashlib.sha256(password.encode()).hexdigest()


class PlainExporter:
    """Writes records in the simplest way there is."""

    def csv(self, records: Any, say: Any) -> bytes:
        return "\n".join(record.record_id for record in records).encode()

    def bundle(self, person: Any, originals: Any, now: Any) -> tuple[bytes, tuple[tuple[str, str], ...]]:
        return b"[" + b",".join(original.raw for original in originals) + b"]", ()

    def pdf(self, summary: Any, say: Any, language: str) -> bytes:
        return repr(summary).encode()

    def why_odd(self, original: bytes) -> tuple[str, ...]:
        return ()

    def emergency_pdf(self, sheet: Any, say: Any, language: str) -> bytes:
        return repr(sheet).encode()

    def sheet_pdf(self, sheet: Any, say: Any, language: str) -> bytes:
        return repr(sheet).encode()

    def qr(self, text: str) -> bytes:
        return text.encode()


def ports_with(store: Store | None = None, *, demo: bool = False) -> Ports:
    """Ports of a test: everything real but the clock, the passwords' slowness, the paper, and (unless given) the store."""
    nowhere = cast(Any, SimpleNamespace())
    kept = store if store is not None else MemoryStore()
    return Ports(cast(Store, kept), SetClock(), FilesWhenAsked(), nowhere, QuickPasswords(), PlainExporter(), demo=demo)


def clock(ports: Ports) -> SetClock:
    return cast(SetClock, ports.clock)


def profile(family: str, given: str, born: str = "1970-04-02", gender: str = "female", **more: Any) -> PersonProfile:
    return PersonProfile((PersonName(f"{given} {family}", family, (given,), "official"),), born, gender, synthetic=True, **more)


def event(action: str = "test", subject: str = "") -> AuditEvent:
    return AuditEvent(NOW, "system", "system", action, subject, "system")


def add_person(ports: Ports, family: str = "Example", given: str = "Casey", **more: Any) -> str:
    return ports.store.add_person(profile(family, given, **more), event()).person_id


def add_account(ports: Ports, role: Role, username: str, *, persons: tuple[str, ...] = (), **more: Any) -> Account:
    account = Account("", role, username, username.title(), persons, **more)
    return ports.store.add_account(account, ports.passwords.hash("a good password"), event())


def signed_in(ports: Ports, account: Account, session_id: str = "") -> Actor:
    """An actor with a living session."""
    now = ports.clock.now()
    session = Session(session_id or f"session-of-{account.username}", account.account_id, now, now, now + timedelta(hours=12))
    ports.store.open_session(session, event())
    return Actor(account.account_id, account.role, session.session_id, account.display_name)


def add_panel(ports: Ports, name: str, persons: tuple[str, ...], coordinator: Account) -> Panel:
    panel = ports.store.save_panel(Panel("", name, persons, (coordinator.account_id,)), event())
    ports.store.update_account(replace(coordinator, panels=(*coordinator.panels, panel.panel_id)), event())
    return panel


def patient(
    record_id: str = "p1", family: str = "Example", given: str = "Casey", born: str = "1970-04-02", **more: Any
) -> dict[str, Any]:
    return {
        "resourceType": "Patient", "id": record_id, "name": [{"family": family, "given": [given]}], "birthDate": born, **more,
    }  # fmt: skip


def heart_rate(record_id: str, value: float = 72, subject: str = "Patient/p1", **more: Any) -> dict[str, Any]:
    about = {"subject": {"reference": subject}} if subject else {}
    return {
        "resourceType": "Observation", "id": record_id, "status": "final", **about,
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}]},
        "effectiveDateTime": "2026-11-10T08:15:00Z",
        "valueQuantity": {"value": value, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}, **more,
    }  # fmt: skip


def bundle(*resources: dict[str, Any], base: str = "https://clinic.example.org/fhir") -> bytes:
    """A collection Bundle; with a base every entry has an address there."""
    entries = [
        {"fullUrl": f"{base}/{r['resourceType']}/{r['id']}", "resource": r} if base and "id" in r else {"resource": r}
        for r in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def parcel(content: bytes, name: str = "file.json", label: str = "") -> Parcel:
    return Parcel(name, (Upload(name, BytesIO(content)),), label)


def bring(ports: Ports, *contents: bytes | Parcel, whose: Whose = Whose(), watch: Watch = Watch()) -> Any:
    """Import as the command line does."""
    parcels = [one if isinstance(one, Parcel) else parcel(one, f"file{at}.json") for at, one in enumerate(contents)]
    return import_parcels(ports, COMMAND_LINE, whose, parcels, watch)
