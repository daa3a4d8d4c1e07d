"""Reminders: planned from the record, sent in rounds until answered, held, handed on, taken over, and never silently lost."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from core.care import dose_plan, medicine_book, reminder_book, reminding
from core.care.access import COMMAND_LINE, Action, require
from core.care.placing import Whose
from core.care.series_choices import set_zone
from core.domain.doses import DoseAnswer, DoseState, Reminder, ReminderState
from core.errors import NotDelivered, NotPermitted
from core.medications.book import Channel, Choices, Helper, Kind, ReminderBook
from core.medications.reminder_json import written
from core.ports import Message
from core.ui.words import words
from tests.care.given import bring, bundle, clock, parcel, patient
from tests.care.house import House, build

MORNING = datetime(2026, 5, 4, 4, 0, tzinfo=UTC)  # 06:00 in Berlin, a Monday
EIGHT = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
MAIL = Channel("mail", "email", "own@example.org")


@dataclass
class Post:
    """Channels that keep what they were given, or refuse."""

    kinds: frozenset[str] = frozenset({"email"})
    push_key: str = ""
    sent: list[tuple[str, Message]] = field(default_factory=list)
    refuse: NotDelivered | None = None

    def check(self, kind: str, address: str) -> None: ...

    def send(self, kind: str, address: str, message: Message) -> str:
        if self.refuse:
            raise self.refuse
        self.sent.append((address, message))
        return "ok"


def request(name: str = "m1", title: str = "CANARY-pill", **more: Any) -> dict[str, Any]:
    repeat = {"frequency": 1, "period": 1, "periodUnit": "d", "timeOfDay": ["08:00:00"]}
    return {
        "resourceType": "MedicationRequest", "id": name, "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
        "medicationCodeableConcept": {"text": title}, "authoredOn": "2026-05-01", "dosageInstruction": [{"timing": {"repeat": repeat}}], **more,
    }  # fmt: skip


@pytest.fixture
def house() -> House:
    made = build()
    made = replace(made, ports=replace(made.ports, channels=Post()))
    clock(made.ports).at = MORNING
    set_zone(made.ports, COMMAND_LINE, made.own, "Europe/Berlin")
    prescribe(made, request())
    settings(made, ReminderBook(channels=(MAIL,)))
    return made


def prescribe(house: House, *orders: dict[str, Any]) -> None:
    base = "https://own.example/fhir"
    bring(house.ports, parcel(bundle(patient("p1", "Own", "CANARY-OWN", "1970-04-02"), *orders, base=base), "orders.json"), whose=Whose(house.own))


def settings(house: House, book: ReminderBook) -> None:
    grant = require(house.ports, COMMAND_LINE, Action.EDIT_REMINDERS, house.own)
    house.ports.store.put_in_drawer(house.own, reminder_book.DRAWER, written(book), grant.event("x"))


def work(house: House, at: datetime, worker: str = "w1") -> reminding.Done:
    clock(house.ports).at = at
    return reminding.run_once(house.ports, COMMAND_LINE, worker, words)


def reminders(house: House) -> tuple[Reminder, ...]:
    grant = require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own)
    return house.ports.store.reminders(house.own, MORNING - timedelta(days=3), MORNING + timedelta(days=9), grant.event("x"))


def first(house: House) -> Reminder:
    return reminders(house)[0]


def answer(house: House) -> None:
    grant = require(house.ports, COMMAND_LINE, Action.LOG_DOSE, house.own)
    (dose,) = house.ports.store.doses(house.own, EIGHT, EIGHT + timedelta(minutes=1), grant.event("x"))
    house.ports.store.answer_dose(house.own, dose.dose_id, DoseAnswer(DoseState.TAKEN, taken_at=EIGHT), grant.event("x"))


def post(house: House) -> Post:
    assert isinstance(house.ports.channels, Post)
    return house.ports.channels


def test_a_dose_is_reminded_of_on_its_minute_and_again_until_all_rounds_are_over(house: House) -> None:
    work(house, MORNING)
    assert post(house).sent == []
    assert work(house, EIGHT).sent == 2  # in the app and by e-mail
    work(house, EIGHT + timedelta(minutes=5))
    assert len(post(house).sent) == 1
    work(house, EIGHT + timedelta(minutes=15))
    work(house, EIGHT + timedelta(minutes=30))
    work(house, EIGHT + timedelta(minutes=45))
    assert [message.message_id.split(".")[1] for _, message in post(house).sent] == ["r1@healthboard", "r2@healthboard", "r3@healthboard"]
    assert (first(house).state, first(house).why, first(house).next_at) == (ReminderState.UNANSWERED, "nobody_answered", None)


def test_nothing_goes_out_once_it_is_answered(house: House) -> None:
    work(house, MORNING)
    work(house, EIGHT)
    answer(house)
    work(house, EIGHT + timedelta(hours=2))
    assert len(post(house).sent) == 1
    assert first(house).state is ReminderState.ANSWERED


def test_a_locked_screen_shows_what_the_person_allowed_and_no_more(house: House) -> None:
    for detail, shown in (("discreet", False), ("count", False), ("names", True)):
        settings(house, ReminderBook(detail=detail, channels=(MAIL,)))
        at = EIGHT + timedelta(days=("discreet", "count", "names").index(detail))
        work(house, at - timedelta(hours=1))
        work(house, at)
        message = post(house).sent[-1][1]
        assert ("CANARY-pill" in message.title + message.body) is shown
        assert (detail in ("discreet",)) == ("medicine" not in message.body.lower() + message.title.lower())


def test_planning_again_changes_nothing_and_a_stopped_order_ends_its_doses(house: House) -> None:
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).added == 2
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).added == 0
    prescribe(house, request(status="stopped", meta={"versionId": "2", "lastUpdated": "2026-05-04T05:00:00Z"}))
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).ended == 2
    grant = require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own)
    doses = house.ports.store.doses(house.own, EIGHT, EIGHT + timedelta(days=2), grant.event("x"))
    assert {(one.state, one.why) for one in doses} == {(DoseState.ENDED, "stopped")}
    assert {one.state for one in reminders(house)} == {ReminderState.ENDED}


def test_all_doses_of_a_moment_are_one_reminder(house: House) -> None:
    prescribe(house, request("m2", "Other"), request("m3", "Third"))
    work(house, MORNING)
    assert work(house, EIGHT).sent == 2
    assert len(first(house).planned.subjects) == 3


def test_two_orders_that_differ_are_not_planned_until_the_person_says_which(house: House) -> None:
    twice = [{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}]
    prescribe(house, request("m2", authoredOn="2026-05-02", dosageInstruction=twice))
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).added == 0
    grant = require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own)
    book = medicine_book.load(house.ports.store, house.own, grant)
    orders = dose_plan.living(house.ports, house.own, grant, book, MORNING)
    newest, older = orders.current
    assert [one.code for one in newest.found.regimen.asked] == ["two_orders"]
    medicine_book.choose_both(house.ports, COMMAND_LINE, house.own, newest.found.order.key, (newest.medicine_id,))
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).added == 4
    assert older.medicine_id != newest.medicine_id


def test_without_a_zone_nothing_is_planned(house: House) -> None:
    set_zone(house.ports, COMMAND_LINE, house.own, "")
    assert dose_plan.plan(house.ports, COMMAND_LINE, house.own).added == 0


def test_quiet_hours_hold_a_reminder_back_and_a_critical_one_goes_through(house: House) -> None:
    settings(house, ReminderBook(channels=(MAIL,), quiet=(time(7, 30), time(9, 0))))
    work(house, MORNING)
    work(house, EIGHT)
    assert post(house).sent == []
    work(house, EIGHT + timedelta(hours=1))
    assert len(post(house).sent) == 1
    medicine = first(house).planned.subjects[0].split("/")[0]
    medicine_book.choose(house.ports, COMMAND_LINE, house.own, medicine, Choices(critical=True))
    work(house, EIGHT + timedelta(hours=20))
    work(house, EIGHT + timedelta(hours=24))
    assert len(post(house).sent) == 2
    assert post(house).sent[-1][1].urgent


def test_quiet_hours_beyond_patience_are_said_to_have_been_the_reason(house: House) -> None:
    settings(house, ReminderBook(channels=(MAIL,), quiet=(time(7, 30), time(13, 0))))
    work(house, MORNING)
    work(house, EIGHT)
    assert (first(house).state, first(house).why) == (ReminderState.MISSED, "quiet_hours_too_long")


def test_after_an_outage_what_is_too_late_is_marked_and_not_sent(house: House) -> None:
    work(house, MORNING)
    done = work(house, EIGHT + timedelta(hours=4))
    assert (done.sent, done.missed) == (0, 1)
    assert (first(house).state, first(house).why) == (ReminderState.MISSED, "server_was_off")
    assert post(house).sent == []


def test_doses_of_a_long_outage_are_not_passed_over(house: House) -> None:
    work(house, MORNING)  # plans two days
    work(house, MORNING + timedelta(days=4))
    missed = [one for one in reminders(house) if one.state is ReminderState.MISSED]
    assert [one.planned.due_at for one in missed] == [EIGHT + timedelta(days=day) for day in range(4)]


def test_a_medicine_that_came_to_be_known_later_was_not_missed(house: House) -> None:
    work(house, MORNING)
    prescribe(house, request(status="completed", meta={"versionId": "2", "lastUpdated": "2026-05-04T05:00:00Z"}))
    for day in range(5):
        work(house, MORNING + timedelta(days=day))
    prescribe(house, request("m2", "Known late"))  # since the first of May, says the order
    work(house, MORNING + timedelta(days=5))
    assert [one for one in reminders(house) if one.state is ReminderState.MISSED] == []


def test_a_worker_begins_nothing_late_in_its_lease(house: House) -> None:
    class Slow(Post):
        def send(self, kind: str, address: str, message: Message) -> str:
            clock(house.ports).at += timedelta(seconds=50)
            return super().send(kind, address, message)

    ways = tuple(Channel(f"w{at}", "email", f"w{at}@example.org") for at in range(4))
    settings(house, ReminderBook(channels=ways))
    slow = replace(house, ports=replace(house.ports, channels=Slow()))
    work(house, MORNING)
    work(slow, EIGHT)
    assert [to for to, _ in post(slow).sent] == ["w0@example.org", "w1@example.org"]
    work(slow, EIGHT + timedelta(seconds=125), "w2")
    assert [to for to, _ in post(slow).sent] == [one.address for one in ways]  # each once, the rest by whoever comes after


def test_one_persons_damaged_settings_stop_nobody_elses_reminders(house: House) -> None:
    grant = require(house.ports, COMMAND_LINE, Action.EDIT_REMINDERS, house.other)
    house.ports.store.put_in_drawer(house.other, reminder_book.DRAWER, b"damaged", grant.event("x"))
    work(house, MORNING)
    assert work(house, EIGHT).sent == 2


def test_what_did_not_go_out_is_tried_again_with_longer_pauses_and_then_given_up(house: House) -> None:
    post(house).refuse = NotDelivered("mail_busy")
    work(house, MORNING)
    settings(house, ReminderBook(channels=(MAIL,), kinds={"dose": Kind(repeat=120, rounds=1)}))
    work(house, EIGHT)
    tries, at = [], EIGHT
    for _ in range(60):
        at += timedelta(minutes=1)
        work(house, at)
        (mail,) = [one for one in first(house).deliveries if one.channel == "email"]
        if mail.tries > len(tries) + 1:
            tries.append(round((at - EIGHT).total_seconds() / 60))
    assert tries == [1, 3, 7, 15, 30]
    assert (mail.state, mail.why) == ("given_up", "mail_busy")


def test_an_address_that_is_none_is_given_up_at_once(house: House) -> None:
    post(house).refuse = NotDelivered("mail_refused", permanent=True)
    work(house, MORNING)
    work(house, EIGHT)
    (mail,) = [one for one in first(house).deliveries if one.channel == "email"]
    assert (mail.state, mail.tries) == ("given_up", 1)


def test_somebody_else_is_told_when_nobody_answers_and_sooner_for_a_critical_medicine(house: House) -> None:
    helper = Helper("h1", "Ann", Channel("ann", "email", "ann@example.org"), "unanswered", 60)
    for critical, after in ((False, 60), (True, 30)):
        settings(house, ReminderBook(channels=(MAIL,), helpers=(helper,)))
        day = EIGHT + timedelta(days=int(critical))
        work(house, day - timedelta(hours=2))
        medicine = first(house).planned.subjects[0].split("/")[0]
        medicine_book.choose(house.ports, COMMAND_LINE, house.own, medicine, Choices(critical=critical))
        for minute in range(0, after, 5):
            work(house, day + timedelta(minutes=minute))
        assert [to for to, _ in post(house).sent].count("ann@example.org") == int(critical)
        work(house, day + timedelta(minutes=after))
        work(house, day + timedelta(minutes=after + 5))
        assert [to for to, _ in post(house).sent].count("ann@example.org") == 1 + int(critical)
    assert ReminderState.ESCALATED in {one.state for one in reminders(house)} or ReminderState.UNANSWERED in {one.state for one in reminders(house)}


def test_a_worker_that_dies_while_sending_is_taken_over_from_after_its_lease_with_the_same_message(house: House) -> None:
    class Killed(BaseException):
        pass

    class Deadly(Post):
        def send(self, kind: str, address: str, message: Message) -> str:
            super().send(kind, address, message)
            raise Killed

    deadly = replace(house, ports=replace(house.ports, channels=Deadly()))
    work(house, MORNING)
    with pytest.raises(Killed):
        work(deadly, EIGHT, "dies")
    work(house, EIGHT + timedelta(seconds=60), "w2")
    assert post(house).sent == []  # within the lease nothing is doubled
    work(house, EIGHT + timedelta(seconds=130), "w2")
    ((_, again),) = post(house).sent
    assert again.message_id == deadly.ports.channels.sent[0][1].message_id  # type: ignore[union-attr]
    (mail,) = [one for one in first(house).deliveries if one.channel == "email"]
    assert (mail.state, mail.maybe_twice) == ("sent", True)


def test_only_the_worker_may_run_reminders(house: House) -> None:
    for actor in house.actors.values():
        with pytest.raises(NotPermitted):
            reminding.run_once(house.ports, actor, "w1", words)


def test_the_calendar_of_a_telephone_reaches_a_fortnight_with_the_very_instants_of_the_schedule(house: House) -> None:
    import vobject

    from core.care import feeds
    from core.channels.calendar import rendered

    clock(house.ports).at = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)  # the clock changes on the 25th
    work(house, clock(house.ports).at)
    made = feeds.make(house.ports, COMMAND_LINE, house.own, "phone")
    read = vobject.readOne(rendered(feeds.sheet(house.ports, made.secret, words)).decode())
    instants = sorted(one.dtstart.value for one in read.vevent_list)
    days = [datetime(2026, 10, day, 6 if day < 25 else 7, 0, tzinfo=UTC) for day in range(20, 32)]
    assert instants[:12] == days
    assert len(instants) == 14
