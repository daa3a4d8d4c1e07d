"""The worker as a process of its own: it sends through a real mail server, and killed while it does so loses nothing and doubles nothing within its lease."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from core.care import reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.care.parcels import import_parcels
from core.care.placing import Whose
from core.care.series_choices import set_zone
from core.domain.doses import ReminderState
from core.medications.book import Channel, Kind, ReminderBook
from core.medications.reminder_json import written
from core.ports import Ports
from core.settings import load_settings
from core.wiring import build
from tests.care.given import bundle, parcel, patient

ROOT = Path(__file__).resolve().parents[2]
LEASE = 4


class Post:
    """A mail server that keeps what comes, and (`deadly`) kills whoever brings it before it answers."""

    def __init__(self) -> None:
        self.mails: list[tuple[float, str]] = []
        self.deadly: subprocess.Popen[bytes] | None = None

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append((time.monotonic(), str(message_from_bytes(envelope.content)["Message-ID"])))
        if self.deadly is not None:
            os.kill(self.deadly.pid, signal.SIGKILL)
            self.deadly = None
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, int]]:
    handler = Post()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, port
    controller.stop()


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    more = {
        "HEALTHBOARD_HOME": str(home), "HEALTHBOARD_SMTP_URL": f"smtp://127.0.0.1:{port}", "HEALTHBOARD_MAIL_FROM": "board@example.org",
        "HEALTHBOARD_REMINDER_LEASE_SECONDS": str(LEASE),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "core.worker"], cwd=ROOT, env={**os.environ, **more})


def prepare(home: Path, due_at: datetime) -> tuple[Ports, str]:
    """A person with a dose due soon, who is reminded by e-mail, in one round."""
    ports = build(load_settings(home=home))
    order = {
        "resourceType": "MedicationRequest", "id": "m1", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": "Amlodipine"}, "authoredOn": "2026-01-01",
        "dosageInstruction": [{"timing": {"event": [due_at.isoformat().replace("+00:00", "Z")]}}],
    }  # fmt: skip
    report = import_parcels(ports, COMMAND_LINE, Whose(), [parcel(bundle(patient("p1", "Own", "Ada", "1970-04-02"), order), "a.json")])
    assert report
    grant = require(ports, COMMAND_LINE, Action.ADD_PERSON)
    (person,) = ports.store.people(None, grant.event("x"))
    set_zone(ports, COMMAND_LINE, person.person_id, "Europe/Berlin")
    book = ReminderBook(channels=(Channel("mail", "email", "own@example.org"),), kinds={"dose": Kind(rounds=1, repeat=60)})
    ports.store.put_in_drawer(person.person_id, reminder_book.DRAWER, written(book), grant.event("x"))
    return ports, person.person_id


def wait_for(seconds: float, what: Any) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_killed_while_it_sends_is_taken_over_from_and_says_that_it_may_come_twice(tmp_path: Path, post: tuple[Post, int]) -> None:
    box, port = post
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    ports, person_id = prepare(tmp_path / "home", due_at)
    first = start(tmp_path / "home", port)
    box.deadly = first
    second = None
    try:
        assert wait_for(40, lambda: first.poll() is not None)
        assert first.returncode == -signal.SIGKILL
        assert len(box.mails) == 1
        second = start(tmp_path / "home", port)
        assert wait_for(40, lambda: len(box.mails) == 2)
        (before, one), (after, other) = box.mails
        assert one == other  # the same message, so that a mail program can show it once
        assert after - before > LEASE - 1.5  # within the lease nothing is doubled
        grant = require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id)

        def settled() -> bool:
            (found,) = ports.store.reminders(person_id, due_at - timedelta(hours=1), due_at + timedelta(hours=1), grant.event("x"))
            mails = [one for one in found.deliveries if one.channel == "email"]
            return found.state is ReminderState.SENT and [(one.state, one.maybe_twice) for one in mails] == [("sent", True)]

        assert wait_for(20, settled)
        second.terminate()
        assert second.wait(15) == 0  # told to stop, it finishes
        assert len(box.mails) == 2
    finally:
        for one in (first, second):
            if one is not None and one.poll() is None:
                one.kill()
        ports.store.close()
