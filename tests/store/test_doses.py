"""Doses, reminders, requests and calendar addresses: laid down whole, claimed by one, sealed, audited, gone with the person. Both databases, and the plain store."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.domain.doses import Delivery, DoseAnswer, DoseState, Feed, Plan, PlannedDose, PlannedReminder, ReminderState, Request
from core.errors import Conflict, NotFound
from core.settings import load_settings
from core.store import SqlStore, open_store
from core.store.tables import reminders
from tests.care.memory_store import MemoryStore
from tests.store.conftest import DATABASES
from tests.store.given import EVENT, profile, run

NOW = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
HOUR, LEASE = timedelta(hours=1), timedelta(minutes=2)
TAKEN = DoseAnswer(DoseState.TAKEN, taken_at=NOW + HOUR, said_at=NOW + HOUR)


@pytest.fixture(params=["plain", *DATABASES])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The reference store, and the real one on each database."""
    if request.param == "plain":
        yield MemoryStore()
        return
    url = request.getfixturevalue("databases").new() if request.param == "postgresql" else ""
    made = open_store(load_settings(home=tmp_path / "home", database_url=url))
    yield made
    made.close()


@pytest.fixture
def person(kept: Any) -> str:
    return kept.add_person(profile(), EVENT).person_id


def dose(name: str, hours: int, title: str = "CANARY-pill") -> PlannedDose:
    return PlannedDose(f"{name}/{hours}", name, title, NOW + hours * HOUR, "UTC", (1.0, 1.0, "tablet"))


def reminder(*doses: PlannedDose) -> PlannedReminder:
    at = doses[0].at
    return PlannedReminder(f"dose@{at.isoformat()}", "dose", at, at, tuple(one.slot for one in doses))


def plan(*doses: PlannedDose, reminders: tuple[PlannedReminder, ...] = (), **more: Any) -> Plan:
    return Plan(NOW, NOW + 48 * HOUR, doses, reminders, NOW + 12 * HOUR, **more)


def all_doses(kept: Any, person: str) -> tuple[Any, ...]:
    return kept.doses(person, NOW - 48 * HOUR, NOW + 96 * HOUR, EVENT)


def claimed(kept: Any, hours: float, worker: str = "w1") -> tuple[Any, ...]:
    return kept.claim_reminders(worker, NOW + hours * HOUR, LEASE, 10)


def delivery() -> Delivery:
    return Delivery("", 1, "email", "self", "sending", "m1@healthboard")


def test_the_same_plan_again_changes_nothing(kept: Any, person: str) -> None:
    first = plan(dose("a", 2), dose("b", 2), reminders=(reminder(dose("a", 2), dose("b", 2)),))
    assert kept.put_plan(person, first, EVENT).added == 2
    before, revision = all_doses(kept, person), kept.revision(person)
    again = kept.put_plan(person, first, EVENT)
    assert (again.added, again.unchanged, again.ended) == (0, 2, 0)
    assert (all_doses(kept, person), kept.revision(person)) == (before, revision)


def test_what_is_no_longer_planned_ends_and_says_why_and_what_was_answered_stays(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2), dose("a", 10), dose("b", 3)), EVENT)
    taken = all_doses(kept, person)[0]
    kept.answer_dose(person, taken.dose_id, TAKEN, EVENT)
    assert kept.put_plan(person, plan(ended_why={"a": "stopped"}), EVENT).ended == 2
    states = {one.planned.slot: (one.state, one.why) for one in all_doses(kept, person)}
    assert states == {"a/2": (DoseState.TAKEN, ""), "a/10": (DoseState.ENDED, "stopped"), "b/3": (DoseState.ENDED, "changed")}
    with pytest.raises(Conflict):
        kept.answer_dose(person, next(one.dose_id for one in all_doses(kept, person) if one.why == "stopped"), TAKEN, EVENT)
    assert kept.put_plan(person, plan(dose("a", 10)), EVENT).added == 1  # taken up again


def test_a_dose_that_moves_is_the_same_dose(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2)), EVENT)
    was = all_doses(kept, person)[0].dose_id
    kept.put_plan(person, plan(replace(dose("a", 2), at=NOW + 5 * HOUR)), EVENT)
    (moved,) = all_doses(kept, person)
    assert (moved.dose_id, moved.planned.at) == (was, NOW + 5 * HOUR)


def test_a_reminder_is_answered_when_all_its_doses_are_and_open_again_when_an_answer_is_taken_back(kept: Any, person: str) -> None:
    both = (dose("a", 2), dose("b", 2))
    kept.put_plan(person, plan(*both, reminders=(reminder(*both),)), EVENT)
    first, second = all_doses(kept, person)
    kept.answer_dose(person, first.dose_id, TAKEN, EVENT)
    assert claimed(kept, 2)[0].state is ReminderState.WAITING
    kept.answer_dose(person, second.dose_id, replace(TAKEN, state=DoseState.SKIPPED, reason="felt_ill"), EVENT)
    assert kept.reminders(person, NOW, NOW + 48 * HOUR, EVENT)[0].state is ReminderState.ANSWERED
    assert claimed(kept, 20) == ()
    kept.answer_dose(person, second.dose_id, DoseAnswer(DoseState.PLANNED), replace(EVENT, at=NOW + 3 * HOUR))
    assert [one.state for one in claimed(kept, 20)] == [ReminderState.WAITING]


def test_doses_taken_ahead_of_their_time_are_not_reminded_of(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 5)), EVENT)
    kept.answer_dose(person, all_doses(kept, person)[0].dose_id, TAKEN, EVENT)
    kept.put_plan(person, plan(dose("a", 5), reminders=(reminder(dose("a", 5)),)), EVENT)
    assert claimed(kept, 6) == ()


def test_a_moment_that_was_answered_is_open_again_when_something_new_is_due_then(kept: Any, person: str) -> None:
    first, second = dose("a", 5), dose("b", 5)
    kept.put_plan(person, plan(first, reminders=(reminder(first),)), EVENT)
    kept.answer_dose(person, all_doses(kept, person)[0].dose_id, TAKEN, EVENT)
    assert claimed(kept, 6) == ()
    kept.put_plan(person, plan(first, second, reminders=(reminder(first, second),)), EVENT)
    assert [one.state for one in claimed(kept, 6)] == [ReminderState.WAITING]


def test_the_end_of_the_last_plan_is_known(kept: Any, person: str) -> None:
    kept.claim_plans("w1", NOW, LEASE, 10)
    assert kept.planned_until(person) is None
    kept.put_plan(person, plan(), EVENT)
    assert kept.planned_until(person) == NOW + 48 * HOUR


def test_one_reminder_goes_to_one_worker_until_its_lease_is_over(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2), reminders=(reminder(dose("a", 2)),)), EVENT)
    assert claimed(kept, 1) == ()
    (mine,) = claimed(kept, 2)
    assert claimed(kept, 2, "w2") == ()
    (theirs,) = claimed(kept, 2.1, "w2")
    assert theirs.reminder_id == mine.reminder_id
    assert not kept.settle_reminder("w1", replace(mine, state=ReminderState.SENT, round=1), NOW)
    assert kept.begin_delivery("w1", mine, delivery(), NOW) is None
    assert kept.settle_reminder("w2", replace(theirs, state=ReminderState.SENT, round=1, next_at=NOW + 9 * HOUR), NOW)
    (again,) = kept.reminders(person, NOW, NOW + 48 * HOUR, EVENT)
    assert (again.state, again.round, again.next_at) == (ReminderState.SENT, 1, NOW + 9 * HOUR)


def test_a_message_whose_sender_died_is_the_same_message_and_says_that_it_may_come_twice(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2), reminders=(reminder(dose("a", 2)),)), EVENT)
    (first,) = claimed(kept, 2)
    begun = kept.begin_delivery("w1", first, delivery(), NOW)
    (second,) = claimed(kept, 3, "w2")
    assert [one.state for one in second.deliveries] == ["sending"]
    resent = kept.begin_delivery("w2", second, delivery(), NOW)
    assert (resent.delivery_id, resent.message_id, resent.tries, resent.maybe_twice) == (begun.delivery_id, "m1@healthboard", 2, True)
    assert kept.end_delivery("w2", second, replace(resent, state="sent"), NOW)
    assert kept.begin_delivery("w2", second, delivery(), NOW).state == "sent"  # went out: not again in this round


def test_one_that_failed_and_is_tried_again_did_not_come_twice(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2), reminders=(reminder(dose("a", 2)),)), EVENT)
    (mine,) = claimed(kept, 2)
    begun = kept.begin_delivery("w1", mine, delivery(), NOW)
    kept.end_delivery("w1", mine, replace(begun, state="failed", why="no_answer"), NOW)
    assert not kept.begin_delivery("w1", mine, delivery(), NOW).maybe_twice


def test_what_the_person_does_takes_a_reminder_out_of_the_hands_of_the_worker(kept: Any, person: str) -> None:
    kept.put_plan(person, plan(dose("a", 2), reminders=(reminder(dose("a", 2)),)), EVENT)
    (mine,) = claimed(kept, 2)
    snoozed = kept.change_reminder(person, replace(mine, state=ReminderState.SNOOZED, next_at=NOW + 3 * HOUR), EVENT)
    assert snoozed.state is ReminderState.SNOOZED
    assert not kept.settle_reminder("w1", replace(mine, state=ReminderState.SENT, round=1), NOW)
    kept.change_reminder(person, replace(mine, state=ReminderState.ANSWERED), EVENT)
    with pytest.raises(Conflict):
        kept.change_reminder(person, replace(mine, state=ReminderState.MISSED), EVENT)


def test_a_plan_is_made_by_one_worker_and_again_when_its_time_comes_or_the_record_changes(kept: Any, person: str) -> None:
    assert kept.plan_is_due(person, NOW)
    assert kept.claim_plans("w1", NOW, LEASE, 10) == (person,)
    assert kept.claim_plans("w2", NOW, LEASE, 10) == ()
    kept.put_plan(person, plan(dose("a", 2)), EVENT)
    assert kept.claim_plans("w2", NOW + HOUR, LEASE, 10) == ()
    assert not kept.plan_is_due(person, NOW + HOUR)
    assert kept.plan_is_due(person, NOW + 12 * HOUR)
    assert kept.claim_plans("w2", NOW + 12 * HOUR, LEASE, 10) == (person,)
    kept.put_plan(person, plan(dose("a", 2)), EVENT)
    kept.put_in_drawer(person, "medicines", b"x", EVENT)
    assert kept.claim_plans("w1", NOW + HOUR, LEASE, 10) == (person,)


def test_a_dose_nobody_planned_can_be_logged_and_the_same_again_is_the_same(kept: Any, person: str) -> None:
    extra = replace(dose("p", 1), as_needed=True)
    one = kept.log_dose(person, extra, TAKEN, EVENT)
    assert kept.log_dose(person, extra, TAKEN, EVENT).dose_id == one.dose_id
    kept.put_plan(person, plan(), EVENT)
    assert [each.state for each in all_doses(kept, person)] == [DoseState.TAKEN]


def test_a_request_is_made_once_and_decided_once(kept: Any, person: str) -> None:
    asked = Request("", person, "refill", "a", "CANARY-pill", "requested", NOW, "acc")
    made = kept.add_request(asked, EVENT)
    assert kept.add_request(asked, EVENT) == made
    assert kept.requests((person, "nobody"), EVENT, open_only=True) == (made,)
    done = kept.change_request(replace(made, state="accepted", decided_at=NOW, decided_by="co"), EVENT)
    assert kept.requests((person,), EVENT) == (done,)
    assert kept.requests((person,), EVENT, open_only=True) == ()
    with pytest.raises(Conflict):
        kept.change_request(replace(made, state="failed"), EVENT)
    with pytest.raises(NotFound):
        kept.change_request(replace(made, request_id="other"), EVENT)


def test_a_calendar_address_opens_until_it_is_revoked(kept: Any, person: str) -> None:
    feed = kept.add_feed(Feed("", person, "phone", NOW), "digest", EVENT)
    assert kept.feed_of("digest") == feed
    kept.touch_feed(feed.feed_id, NOW + HOUR)
    assert kept.feeds(person, EVENT)[0].seen_at == NOW + HOUR
    kept.revoke_feed(person, feed.feed_id, EVENT)
    assert kept.feed_of("digest") is None
    assert kept.feeds(person, EVENT)[0].revoked_at == EVENT.at
    with pytest.raises(NotFound):
        kept.revoke_feed(person, feed.feed_id, EVENT)


def test_a_worker_says_that_it_lives(kept: Any) -> None:
    assert kept.last_beat() is None
    kept.beat("w1", NOW)
    kept.beat("w2", NOW - HOUR)
    assert kept.last_beat() == NOW


# ------------------------------------------------------------------------------------------------------- the real store alone


def test_many_workers_at_once_share_and_never_double(store: SqlStore) -> None:
    people = [store.add_person(profile(f"P{at}"), EVENT).person_id for at in range(4)]
    for person_id in people:
        doses = tuple(dose(f"m{at}", 1 + at) for at in range(5))
        store.put_plan(person_id, plan(*doses, reminders=tuple(reminder(one) for one in doses)), EVENT)

    def work(worker: str) -> list[str]:
        found: list[str] = []
        while got := store.claim_reminders(worker, NOW + 10 * HOUR, LEASE, 3):
            found += [one.reminder_id for one in got]
        return found

    with ThreadPoolExecutor(4) as pool:
        found = [one for part in pool.map(work, ["w1", "w2", "w3", "w4"]) for one in part]
    assert len(found) == len(set(found)) == 20


def test_a_reminder_that_cannot_be_read_stops_nobody_elses(store: SqlStore) -> None:
    one, other = (store.add_person(profile(name), EVENT).person_id for name in ("P1", "P2"))
    for person_id in (one, other):
        store.put_plan(person_id, plan(dose("a", 2), reminders=(reminder(dose("a", 2)),)), EVENT)
    with store._vault.writing(None) as connection:
        connection.execute(update(reminders).where(reminders.c.person_id == one).values(sealed_reminder=b"damaged"))
    assert [each.person_id for each in claimed(store, 2)] == [other]


def test_nothing_of_a_dose_can_be_read_and_all_of_it_is_verified_and_erased(store: SqlStore) -> None:
    person = store.add_person(profile(), EVENT).person_id
    one = dose("CANARY-a", 2)
    store.put_plan(person, plan(one, reminders=(reminder(one),)), EVENT)
    (mine,) = store.claim_reminders("w1", NOW + 2 * HOUR, LEASE, 10)
    store.begin_delivery("w1", mine, replace(delivery(), recipient="CANARY@example.org"), NOW)
    store.add_request(Request("", person, "refill", "CANARY-a", "CANARY-pill", "requested", NOW, "acc", "CANARY text"), EVENT)
    store.add_feed(Feed("", person, "CANARY phone", NOW), "CANARY", EVENT)
    tables = ("doses", "reminders", "deliveries", "requests", "feeds")
    for table in tables:
        assert "CANARY" not in repr([tuple(row) for row in run(store, f"SELECT * FROM {table}")])
    found = store.verify()
    assert (found["ok"], *(found[table] for table in tables)) == (1, 1, 1, 1, 1, 1)
    store.erase_person(person, EVENT)
    assert all(run(store, f"SELECT count(*) FROM {table}") == [(0,)] for table in (*tables, "plan_heads"))
