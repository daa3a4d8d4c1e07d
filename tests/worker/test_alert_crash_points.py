"""A worker killed (SIGKILL) at any step of an escalation: no step is lost, nothing goes out twice without saying that it may, and whoever is on call hears of it.

Both databases, real processes, a real mail server; only the clock is the test's.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from core.care import alert_desk, alerting, alerts, contacts, letters, on_call, posting, reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.domain.papers import PaperKind
from core.domain.people import Account, Panel, Role
from core.medications.book import Channel, ReminderBook
from core.medications.reminder_json import written
from core.settings import Settings
from core.ui.words import words
from core.wiring import build
from tests.care.given import SetClock, event, profile
from tests.care.given_alerts import always
from tests.worker.conftest import Post
from tests.worker.test_crash_points import EIGHT, FORK, LEASE
from tests.worker.test_crash_points import with_mail as with_mail

FIVE_PAST, ON_CALL_DUE = EIGHT + timedelta(minutes=6), EIGHT + timedelta(minutes=16)


def prepared(settings: Settings) -> str:
    """Somebody whose words needed help at eight, with a caregiver, a coordinator and somebody on call; all can be reached by e-mail."""
    ports = replace(build(settings), clock=SetClock(EIGHT))
    store = ports.store
    person_id = store.add_person(profile("Own", "Ada"), event()).person_id
    panel = store.save_panel(Panel("", "Panel", (person_id,)), event())
    people = {
        "caregiver": (Role.CAREGIVER, (person_id,), ()),
        "day": (Role.COORDINATOR, (), (panel.panel_id,)),
        "night": (Role.COORDINATOR, (), (panel.panel_id,)),
    }
    ids = {}
    for name, (role, persons, panels) in people.items():
        ids[name] = store.add_account(Account("", role, name, name, persons, panels), "x", event()).account_id
        kept = contacts.Contacts((Channel("way", "email", f"{name}@example.org"),))
        store.put_house_document(contacts.DOCUMENT + ids[name], msgspec.json.encode(kept), event())
    store.save_panel(replace(panel, coordinators=(ids["day"], ids["night"])), event())
    on_call.set_rota(ports, COMMAND_LINE, always(panel.panel_id, ids["night"]))
    store.put_in_drawer(
        person_id, reminder_book.DRAWER, written(ReminderBook(channels=(Channel("own", "email", "own@example.org"),))), event()
    )
    alerts.raise_flag(ports, COMMAND_LINE, person_id, ("stroke",), "message:t1")
    store.close()
    return person_id


def work(settings: Settings, at: Any, worker: str, spoil: Callable[[Any], None] = lambda _: None) -> None:
    """One round of a worker of its own at a moment: what is due is judged, and letters are sent."""
    ports = replace(build(settings), clock=SetClock(at))
    spoil(ports)
    try:
        alerting.run_once(ports, COMMAND_LINE, worker, LEASE)
        posting.run_once(ports, COMMAND_LINE, worker, words, LEASE)
    finally:
        ports.store.close()


def killed(settings: Settings, at: Any, where: str) -> None:
    """A worker that gets so far and no further: "after settle_papers 2" dies when the second call of it has come back."""
    when, name, nth = where.split()

    def spoil(ports: Any) -> None:
        kind = type(ports.channels if name == "send" else ports.store)
        real, calls = getattr(kind, name), []

        def method(one: Any, *given: Any, **more: Any) -> Any:
            calls.append(name)
            last = len(calls) == int(nth)
            if when == "before" and last:
                os.kill(os.getpid(), signal.SIGKILL)
            found = real(one, *given, **more)
            if when == "after" and last:
                os.kill(os.getpid(), signal.SIGKILL)
            return found

        setattr(kind, name, method)  # in the process that dies of it

    process = FORK.Process(target=work, args=(settings, at, "dies", spoil))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL, f"it never came {where}"


@pytest.mark.parametrize(
    ("where", "again"),
    [
        ("before settle_papers 1", 0),  # the desk with the coordinator's letter
        ("after settle_papers 1", 0),
        ("after settle_papers 2", 0),  # the first delivery is written down and has not left: it says that it may have
        ("after send 1", 1),  # it left, and nobody knows
        ("before settle_papers 4", 0),  # the first letter is told, its end is not
    ],
)
def test_killed_at_any_step_of_an_escalation_nothing_is_lost_and_on_call_hears(
    with_mail: Settings, post: Post, where: str, again: int
) -> None:
    person_id = prepared(with_mail)
    killed(with_mail, FIVE_PAST, where)
    work(with_mail, FIVE_PAST + LEASE - timedelta(seconds=1), "w2")
    assert max(Counter(name for _, name in post.mails).values(), default=1) == 1  # within the lease nothing is doubled
    for at in (FIVE_PAST + LEASE, FIVE_PAST + 2 * LEASE, ON_CALL_DUE):
        work(with_mail, at, f"w{at.minute}")
    ports = build(with_mail)
    grant = require(ports, COMMAND_LINE, Action.VIEW_ALERTS, person_id)
    desk = alert_desk.read(ports.store.paper(person_id, PaperKind.DESK, alert_desk.KEY, grant.event("x")))
    kept = letters.of(ports.store, (person_id,), grant.event("x"))
    ports.store.close()
    (alert,) = desk.open()
    assert [entry.to for entry in alert.timeline if alert_desk.tells(entry)] == ["patient", "caregiver", "coordinator", "on_call"]
    assert {line.letter.audience: line.state for line in kept} == dict.fromkeys(letters.AUDIENCES, letters.SENT)
    came = Counter(name for _, name in post.mails)
    mails = [one for line in kept for one in line.sendings if one.channel == "email"]
    assert {one.recipient: one.state for one in mails}.keys() == {one.recipient for one in mails}
    assert set(came) == {f"<{one.message_id}>" for one in mails}
    doubled = {f"<{one.message_id}>" for one in mails if one.maybe_twice}
    assert {name for name, times in came.items() if times > 1} <= doubled
    assert sum(came.values()) == len(mails) + again
