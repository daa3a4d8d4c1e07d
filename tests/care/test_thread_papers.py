"""Beside the messages: office hours and the promise, templates with their places, and messages that are taken away as FHIR."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care import export, thread_desk, thread_files, thread_hours, thread_templates, threads
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.thread_templates import LANGUAGES, SHIPPED
from core.care.thread_views import Given, Template
from core.domain.office import OfficeHours, is_open, next_open, promised
from core.domain.people import Preferences, Role
from core.errors import BadInput, Conflict
from core.exports import Exports
from core.exports.strict import faults_in
from tests.care.given import NOW, bring, bundle, clock, event, heart_rate, parcel, patient
from tests.care.given_threads import LONDON, WEEK, begin, house_of, reply
from tests.care.house import House

P, CO, A = Role.PATIENT, Role.COORDINATOR, Role.ADMINISTRATOR


@pytest.fixture
def house() -> House:
    return house_of()


# ---------------------------------------------------------------------------------------------------------- office hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("written", "answered"),
    [
        ("2026-11-23T10:00+00:00", "2026-11-24T10:00+00:00"),  # Monday within hours: the same time a working day later
        ("2026-11-23T08:00+00:00", "2026-11-23T17:00+00:00"),  # before opening
        ("2026-11-27T16:30+00:00", "2026-11-30T16:30+00:00"),  # Friday afternoon: over the weekend
        ("2026-11-28T12:00+00:00", "2026-11-30T17:00+00:00"),  # Saturday
        ("2027-03-26T12:00+00:00", "2027-03-29T11:00+00:00"),  # over the night the clocks go forward: 12:00 in London again
    ],
)  # fmt: skip
def test_an_answer_is_promised_in_office_hours(written: str, answered: str) -> None:
    assert promised(LONDON, at(written)) == at(answered)


def test_a_day_on_which_nobody_is_there_is_left_out() -> None:
    christmas = replace(LONDON, closed=(date(2026, 12, 25), date(2026, 12, 28)))
    thursday = at("2026-12-24T16:00+00:00")
    assert promised(christmas, thursday) == at("2026-12-29T16:00+00:00")
    assert next_open(christmas, at("2026-12-24T18:00+00:00")) == at("2026-12-29T09:00+00:00")
    assert not is_open(christmas, at("2026-12-25T10:00+00:00"))


def test_where_nobody_is_ever_there_nothing_is_promised() -> None:
    never = OfficeHours("Europe/London", (None,) * 7, 60)
    assert (promised(never, NOW), next_open(never, NOW), is_open(never, NOW)) == (None, None, False)
    assert promised(replace(LONDON, promise_minutes=0), NOW) is None


ZONES = st.sampled_from(["UTC", "Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))


@given(ZONES, MOMENTS, st.integers(1, 200 * 60), st.integers(0, 5000))
def test_a_promise_never_comes_before_one_made_earlier_and_falls_into_office_hours(zone: str, moment: datetime, minutes: int, later: int) -> None:
    hours = OfficeHours(zone, WEEK, minutes)
    first, second = promised(hours, moment), promised(hours, moment + timedelta(minutes=later))
    assert first is not None and second is not None and moment < first <= second
    there = first.astimezone(ZoneInfo(zone))
    assert there.weekday() < 5 and time(9) <= there.time() <= time(17)
    worked = sum(is_open(hours, moment + timedelta(minutes=15 * n)) for n in range(int((first - moment) / timedelta(minutes=15))))
    assert abs(worked * 15 - minutes) <= 15 * (minutes // (8 * 60) + 3)  # what lies between is what was promised, to a quarter of an hour at each day's edges


def test_hours_are_set_by_one_at_a_time_and_looked_at(house: House) -> None:
    kept = thread_hours.load(house.ports, house.actors[A])
    thread_hours.save(house.ports, house.actors[A], replace(LONDON, promise_minutes=60), kept.raw)
    with pytest.raises(Conflict):
        thread_hours.save(house.ports, house.actors[A], LONDON, kept.raw)
    raw = thread_hours.load(house.ports, house.actors[A]).raw
    for wrong in (replace(LONDON, zone="Nowhere/Land"), replace(LONDON, days=WEEK[:5]), replace(LONDON, days=((time(17), time(9)),) * 7), replace(LONDON, promise_minutes=-1)):
        with pytest.raises(BadInput):
            thread_hours.save(house.ports, house.actors[A], wrong, raw)
    house.ports.store.put_house_document(thread_hours.DOCUMENT, b"{", event())
    assert thread_hours.load(house.ports, house.actors[A]).damaged
    assert thread_hours.now_there(house.ports, house.actors[P]).answer_by is None


# ------------------------------------------------------------------------------------------------------------- templates


def test_every_template_of_the_house_is_filled_in_the_persons_language(house: House) -> None:
    bring_visit(house)
    for language in LANGUAGES:
        house.ports.store.save_preferences(house.accounts[P].account_id, Preferences(language=language))
        for key in SHIPPED:
            made = thread_templates.filled(house.ports, house.actors[CO], house.own, key)
            assert made.language == language and made.subject
            assert "{" not in made.text and "CANARY-OWN Own" in made.text and "Coordinator" in made.text


def bring_visit(house: House) -> None:
    appointment = {
        "resourceType": "Appointment", "id": "v1", "status": "booked", "start": "2026-12-01T10:00:00Z", "end": "2026-12-01T10:20:00Z",
        "participant": [{"actor": {"reference": "Patient/p1"}, "status": "accepted"}],
    }  # fmt: skip
    person = patient("p1", "Own", "CANARY-OWN")
    bring(house.ports, parcel(bundle(person, appointment, heart_rate("o9"), base="https://own.example/fhir"), "visit.json"), whose=Whose(house.own))


def test_a_gap_is_never_sent(house: House) -> None:
    with pytest.raises(BadInput, match="template_unfilled"):
        threads.begin_from_template(house.ports, house.actors[CO], house.own, "before_visit", "t")
    assert thread_desk.unread_now(house.ports, house.actors[P]).unread == 0


def test_a_template_is_sent_once_and_says_where_it_is_from(house: House) -> None:
    first = threads.begin_from_template(house.ports, house.actors[CO], house.own, "check_in", "t")
    assert threads.begin_from_template(house.ports, house.actors[CO], house.own, "check_in", "t").again
    (message,) = thread_desk.opened(house.ports, house.actors[P], house.own, first.thread_id).messages
    assert (message.said.template, message.said.language) == ("check_in", "en")


def test_nobody_signs_for_the_house_itself(house: House) -> None:
    made = thread_templates.filled(house.ports, COMMAND_LINE, house.own, "check_in")
    assert made.text.endswith("\n\nPanel")


def test_templates_are_changed_added_and_brought_back(house: House) -> None:
    who = house.actors[CO]
    shelf = thread_templates.listed(house.ports, who)
    other = Template("check_in", {"en": "Hello", "zh_Hans": "您好"}, {"en": "How are you, {name}?", "zh_Hans": "{name}，您好吗？"})
    thread_templates.save(house.ports, who, other, shelf.raw)
    with pytest.raises(Conflict):
        thread_templates.save(house.ports, who, replace(other, key="new_one"), shelf.raw)
    shelf = thread_templates.listed(house.ports, who)
    assert next(one for one in shelf.templates if one.key == "check_in").changed
    assert thread_templates.filled(house.ports, who, house.own, "check_in").text == "How are you, CANARY-OWN Own?"
    thread_templates.forget(house.ports, who, "check_in", shelf.raw)
    assert not any(one.changed for one in thread_templates.listed(house.ports, who).templates)


@pytest.mark.parametrize(
    ("change", "code"),
    [({"key": "Not a key"}, "template_key"), ({"texts": {"en": "Only English"}}, "template_words"), ({"texts": {"en": "{secret}", "zh_Hans": "x"}}, "template_places"),
     ({"texts": {"en": "{name", "zh_Hans": "x"}}, "template_places")],
)  # fmt: skip
def test_what_cannot_be_filled_is_not_kept(house: House, change: dict[str, object], code: str) -> None:
    good = Template("new_one", {"en": "A", "zh_Hans": "甲"}, {"en": "a", "zh_Hans": "甲"})
    with pytest.raises(BadInput, match=code):
        thread_templates.save(house.ports, house.actors[CO], replace(good, **change), b"")


# ------------------------------------------------------------------------------------------------------------------ FHIR


def test_messages_go_out_as_valid_communications(house: House) -> None:
    house = replace(house, ports=replace(house.ports, exporter=Exports()))
    (choice,) = thread_files.readings(house.ports, house.actors[P], house.own)
    sent = begin(house, "早上头晕", readings=(choice.key,), files=(Given("plan.pdf", b"%PDF-1.4\n%%EOF"),))
    clock(house.ports).wait(minutes=5)
    threads.mark_read(house.ports, house.actors[CO], house.own, sent.thread_id, 1)
    answer = reply(house, sent.thread_id, "Please rest.")
    threads.take_back(house.ports, house.actors[CO], house.own, sent.thread_id, answer.message_id)
    begin(house, "I have chest pain", token="urgent")
    content = json.loads(export.bundle(house.ports, COMMAND_LINE, house.own).content)
    found = {one["resource"]["id"]: one["resource"] for one in content["entry"] if one["resource"]["resourceType"] == "Communication"}
    assert len(found) == 3
    assert [str(fault) for one in found.values() for fault in faults_in(json.dumps(one).encode())] == []
    first, second = found[sent.message_id], found[answer.message_id]
    assert first["subject"]["reference"].endswith("Patient/p1") and first["sender"] == first["subject"]
    assert (first["language"], first["status"], first["sent"], first["received"]) == ("zh-Hans", "completed", "2026-11-21T09:00:00+00:00", "2026-11-21T09:05:00+00:00")
    assert [sorted(one) for one in first["payload"]] == [["contentString"], ["contentReference"], ["contentAttachment"]]
    assert (second["status"], second["inResponseTo"]) == ("entered-in-error", [{"reference": f"Communication/{sent.message_id}"}])
    assert [one["priority"] for one in found.values()].count("urgent") == 1
