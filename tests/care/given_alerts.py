"""This is the place where tests of alerts get what they need: people with alerts, weights that rise, who is on call, ways that work and ways that don't."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core.alerts.desk import Desk, found
from core.alerts.judging import Finding
from core.alerts.rules_table import RULES
from core.care import alert_desk, alerts
from core.care.access import COMMAND_LINE, Action, require
from core.care.on_call_hours import Rota, Shift
from core.care.placing import Whose
from core.domain.papers import PaperKind
from core.errors import NotDelivered
from core.medications.terms import DAYS
from core.ports import Message, Ports
from core.trends.judgement import Severity
from tests.care.given import NOW, bring, bundle, event, parcel, patient

BY_KEY = {rule.key: rule for rule in RULES}
WEEK = "weight_week"


@dataclass
class Ways:
    """Channels that keep what was sent; what is in `dead` (a part of an address) fails, for good where `permanent`."""

    kinds: frozenset[str] = frozenset({"email", "apprise"})
    sent: list[tuple[str, Message]] = field(default_factory=list)
    dead: set[str] = field(default_factory=set)
    permanent: bool = False
    push_key: str = ""

    def check(self, kind: str, address: str) -> None: ...

    def send(self, kind: str, address: str, message: Message) -> str:
        if any(part in address for part in self.dead):
            raise NotDelivered("mail_refused", permanent=self.permanent)
        self.sent.append((address, message))
        return "kept"

    @property
    def to(self) -> list[str]:
        return [address for address, _ in self.sent]


def weight(record_id: str, value: float, at: datetime) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": record_id, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}, "effectiveDateTime": at.isoformat().replace("+00:00", "Z"),
        "valueQuantity": {"value": value, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }  # fmt: skip


def bring_in(ports: Ports, person_id: str, *resources: dict[str, Any], name: str = "more.json") -> None:
    given = bundle(patient("p1", "Own", "CANARY-OWN"), *resources, base="https://own.example/fhir")
    bring(ports, parcel(given, name, "own clinic"), whose=Whose(person_id))


def weights(ports: Ports, person_id: str, gain: float = 3.0, at: datetime = NOW) -> None:
    """80 kg for nine days, and now so much more: an alert that can wait a little."""
    rows = [weight(f"w{days}", 80 + (gain if days == 0 else 0), at - timedelta(days=days)) for days in (9, 6, 3, 1, 0)]
    bring_in(ports, person_id, *rows)


def pressure(record_id: str, upper: float, lower: float, at: datetime) -> dict[str, Any]:
    def half(code: str, value: float) -> dict[str, Any]:
        quantity = {"value": value, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
        return {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": quantity}

    return {
        "resourceType": "Observation", "id": record_id, "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, "effectiveDateTime": at.isoformat().replace("+00:00", "Z"),
        "component": [half("8480-6", upper), half("8462-4", lower)],
    }  # fmt: skip


def desk_of(ports: Ports, person_id: str) -> Desk:
    return alert_desk.read(ports.store.paper(person_id, PaperKind.DESK, alert_desk.KEY, event()))


def flag(ports: Ports, person_id: str, where: str = "") -> str:
    """An ACT_NOW alert, a new one each time; its id."""
    before = desk_of(ports, person_id).raised
    alerts.raise_flag(ports, COMMAND_LINE, person_id, ("chest_pain",), where or f"message:{before}")
    return f"red_flag-{desk_of(ports, person_id).raised}"


def gain(ports: Ports, person_id: str, value: float = 83.0) -> str:
    """An open alert about a gain of weight, put on the desk by hand; its id."""
    grant = require(ports, COMMAND_LINE, Action.RUN_ALERTS, person_id)
    paper, desk = alert_desk.fetch(ports.store, person_id, grant)
    now = ports.clock.now()
    finding = Finding(BY_KEY[WEEK], now, value, Severity.ACT_SOON, 80.0, known_at=now)
    after = alert_desk.put(ports.store, paper, (desk, found(desk, finding)), grant, "x")
    return next(one.alert_id for one in after.open() if one.family == "weight_gain")


def always(panel_id: str, *accounts: str) -> Rota:
    return Rota(panel_id, "Europe/Berlin", (Shift(DAYS, "00:00", "00:00", accounts),))
