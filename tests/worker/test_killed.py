"""The worker as a process of its own: it sends through a real mail server, and killed while it does so loses nothing and doubles nothing within its lease."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.care import dose_plan
from core.care.access import COMMAND_LINE, Action, require
from core.domain.doses import ReminderState
from core.settings import load_settings
from tests.worker.conftest import Post, prepare

ROOT = Path(__file__).resolve().parents[2]
LEASE = 4


def start(home: Path, port: int) -> subprocess.Popen[bytes]:
    more = {
        "HEALTHBOARD_HOME": str(home), "HEALTHBOARD_SMTP_URL": f"smtp://127.0.0.1:{port}", "HEALTHBOARD_MAIL_FROM": "board@example.org",
        "HEALTHBOARD_REMINDER_LEASE_SECONDS": str(LEASE),
    }  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "core.worker"], cwd=ROOT, env={**os.environ, **more})


def wait_for(seconds: float, what: Any) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.1)
    return False


def test_a_worker_killed_while_it_sends_is_taken_over_from_and_says_that_it_may_come_twice(tmp_path: Path, post: Post) -> None:
    box, port = post, post.port
    due_at = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=3)
    ports, person_id = prepare(load_settings(home=tmp_path / "home"), due_at)
    dose_plan.plan(ports, COMMAND_LINE, person_id)  # before it is due, however long a worker takes to start
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
