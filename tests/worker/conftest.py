"""This is the place where tests of the worker get a mail server, a person who is to be reminded, and both databases."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.care import reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.care.parcels import import_parcels
from core.care.placing import Whose
from core.care.series_choices import set_zone
from core.medications.book import Channel, Kind, ReminderBook
from core.medications.reminder_json import written
from core.ports import Ports
from core.settings import Settings
from core.wiring import build
from tests.care.given import bundle, parcel, patient
from tests.store.conftest import databases as databases
from tests.store.conftest import settings as settings

MAIL = Channel("mail", "email", "own@example.org")


class Post:
    """A mail server that keeps what comes, and (`deadly`) kills whoever brings it before it answers."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[tuple[float, str]] = []
        self.deadly: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((time.monotonic(), str(message_from_bytes(envelope.content)["Message-ID"])))
        if self.deadly is not None:
            os.kill(self.deadly.pid, signal.SIGKILL)
            self.deadly = None
        return "250 OK"


@pytest.fixture
def post() -> Iterator[Post]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Post(port)
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


def prepare(chosen: Settings, *due_at: datetime) -> tuple[Ports, str]:
    """A person with doses at these moments, who is reminded by e-mail, in one round."""
    ports = build(chosen)
    order = {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Amlodipine"}, "authoredOn": "2026-01-01",
        "dosageInstruction": [{"timing": {"event": [at.isoformat().replace("+00:00", "Z") for at in due_at]}}],
    }  # fmt: skip
    import_parcels(ports, COMMAND_LINE, Whose(), [parcel(bundle(patient("p1", "Own", "Ada", "1970-04-02"), order), "a.json")])
    grant = require(ports, COMMAND_LINE, Action.ADD_PERSON)
    (person,) = ports.store.people(None, grant.event("x"))
    set_zone(ports, COMMAND_LINE, person.person_id, "Europe/Berlin")
    book = ReminderBook(channels=(MAIL,), kinds={"dose": Kind(rounds=1, repeat=60)})
    ports.store.put_in_drawer(person.person_id, reminder_book.DRAWER, written(book), grant.event("x"))
    return ports, person.person_id
