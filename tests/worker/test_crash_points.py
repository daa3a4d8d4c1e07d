"""A worker killed (SIGKILL) at any step: whoever comes after its lease does what was left, within the lease nobody does, and nothing is lost. And workers at once.

Both databases, real processes, a real mail server; only the clock is the test's.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.care import reminding
from core.care.access import COMMAND_LINE, Action, require
from core.domain.doses import DoseState, ReminderState
from core.settings import Settings
from core.ui.words import words
from core.wiring import build
from tests.care.given import SetClock
from tests.worker.conftest import Post, prepare

EIGHT = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
BEFORE = EIGHT - timedelta(hours=2)
LEASE = timedelta(minutes=2)
FORK = multiprocessing.get_context("fork")


@pytest.fixture
def with_mail(settings: Settings, post: Post) -> Settings:
    return settings.model_copy(update={"smtp_url": type(settings.smtp_url)(f"smtp://127.0.0.1:{post.port}"), "mail_from": "board@example.org"})


def work(settings: Settings, at: datetime, worker: str, spoil: Callable[[Any], None] = lambda _: None) -> reminding.Done:
    """One look of a worker of its own at a moment."""
    ports = replace(build(settings), clock=SetClock(at))
    spoil(ports)
    try:
        return reminding.run_once(ports, COMMAND_LINE, worker, words, LEASE)
    finally:
        ports.store.close()


def killed(settings: Settings, at: datetime, where: str) -> None:
    """A worker process that gets so far and no further. `where`: "before put_plan", "after send" ..."""
    when, name = where.split()

    def spoil(ports: Any) -> None:
        kind = type(ports.channels if name == "send" else ports.store)
        real = getattr(kind, name)

        def method(one: Any, *given: Any, **more: Any) -> Any:
            if when == "before" and not (name == "begin_delivery" and given[2].channel != "email"):
                os.kill(os.getpid(), signal.SIGKILL)
            found = real(one, *given, **more)
            if when == "after" and found and not (name in ("begin_delivery", "end_delivery") and given[2].channel != "email"):
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        setattr(kind, name, method)  # in the process that dies of it

    process = FORK.Process(target=work, args=(settings, at, "dies", spoil))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"it never came {where}"


def standing(settings: Settings, person_id: str) -> tuple[list[DoseState], list[ReminderState], list[tuple[str, bool]]]:
    ports = build(settings)
    event = require(ports, COMMAND_LINE, Action.VIEW_RECORD, person_id).event("x")
    span = (person_id, EIGHT - timedelta(days=1), EIGHT + timedelta(days=1), event)
    doses, reminders = ports.store.doses(*span), ports.store.reminders(*span)
    ports.store.close()
    mails = [(sent.state, sent.maybe_twice) for one in reminders for sent in one.deliveries if sent.channel == "email"]
    return [one.state for one in doses], [one.state for one in reminders], mails


@pytest.mark.parametrize("where", ["after claim_plans", "before put_plan", "after put_plan"])
def test_killed_while_planning_the_plan_is_made_once(with_mail: Settings, where: str) -> None:
    ports, person_id = prepare(with_mail, EIGHT)
    ports.store.close()
    killed(with_mail, BEFORE, where)
    work(with_mail, BEFORE + LEASE, "w2")
    work(with_mail, BEFORE + LEASE, "w3")
    assert standing(with_mail, person_id) == ([DoseState.PLANNED], [ReminderState.WAITING], [])


@pytest.mark.parametrize(
    ("where", "letters", "twice"),
    [
        ("after claim_reminders", 1, False),
        ("before begin_delivery", 1, False),
        ("after begin_delivery", 1, True),  # it might have gone out: said so, though it had not
        ("after send", 2, True),
        ("before settle_reminder", 1, False),
        ("after end_delivery", 1, False),
        ("after settle_reminder", 1, False),
    ],
)
def test_killed_while_reminding_the_message_is_not_lost_nor_doubled_within_the_lease(
    with_mail: Settings, post: Post, where: str, letters: int, *, twice: bool
) -> None:
    ports, person_id = prepare(with_mail, EIGHT)
    ports.store.close()
    work(with_mail, BEFORE, "w0")
    killed(with_mail, EIGHT, where)
    before = len(post.mails)
    for worker in ("w2", "w3"):
        work(with_mail, EIGHT + LEASE - timedelta(seconds=1), worker)
    assert len(post.mails) == before  # within the lease
    for worker in ("w2", "w3"):
        work(with_mail, EIGHT + LEASE, worker)
    assert len(post.mails) == letters
    assert len({name for _, name in post.mails}) == 1  # the same message, however often
    assert standing(with_mail, person_id) == ([DoseState.PLANNED], [ReminderState.SENT], [("sent", twice)])


def test_workers_at_once_share_the_work_and_send_each_message_once(with_mail: Settings, post: Post) -> None:
    due = [EIGHT + timedelta(minutes=at) for at in range(12)]
    ports, person_id = prepare(with_mail, *due)
    ports.store.close()
    work(with_mail, BEFORE, "w0")

    def busy(worker: str) -> None:
        for _ in range(6):
            work(with_mail, EIGHT + timedelta(minutes=15), worker)

    several = [FORK.Process(target=busy, args=(f"w{at}",)) for at in range(3)]
    for one in several:
        one.start()
    for one in several:
        one.join(60)
        assert one.exitcode == 0
    assert len(post.mails) == len({name for _, name in post.mails}) == len(due)
    assert standing(with_mail, person_id)[1:] == ([ReminderState.SENT] * 12, [("sent", False)] * 12)
