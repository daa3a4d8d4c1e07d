"""Visits: what is agreed on stands, nobody confirms what they haven't read, everybody hears of it once, and the clock of the place is right all year."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.care import (
    dose_plan,
    export,
    feeds,
    letters,
    posting,
    reminder_book,
    tasks,
    thread_hours,
    visit_calendar,
    visit_day,
    visit_letters,
    visit_room,
    visits,
)
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.visit_views import CLASH_PERSON, CLASH_WITH, CLOCK_TWICE, CONCERNS, OUTSIDE_HOURS, Brought, NewVisit, VisitLine
from core.channels.calendar import rendered
from core.domain.papers import PaperKind
from core.domain.people import Role
from core.domain.visits import BOOKED, CLINIC, LEADS, MOVES, PROPOSED, next_reminder, on_the_clock, overlap, reminded_for
from core.errors import BadInput, Conflict, HealthboardError, NotPermitted
from core.exports import Exports
from core.exports.strict import faults_in
from core.medications.book import Kind
from core.ui.words import words
from tests.care.given import add_account, bring, bundle, clock, event, parcel, patient, signed_in
from tests.care.given_threads import LONDON
from tests.care.given_visits import ZONE, Rooms, at, house_of, later, made, who
from tests.care.house import House
from tests.care.stores import STORES

P, C, CO = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR
LEASE = timedelta(minutes=2)


both = pytest.mark.parametrize("house", STORES, indirect=True)
"""What rests on how papers are kept is tried with the reference engine and the real store; all else with the first alone."""


@pytest.fixture
def house(request: pytest.FixtureRequest) -> House:
    return house_of(request.getfixturevalue(getattr(request, "param", STORES[0])))


@pytest.fixture
def quick() -> House:
    return house_of()


def one(house: House, role: Role = P) -> VisitLine:
    found = [line for line in visits.of_person(house.ports, who(house, role), house.own).ahead if isinstance(line, VisitLine)]
    return found[0]


def do(house: House, role: Role, line: VisitLine, what: str, why: str = "") -> VisitLine:
    return visits.act(house.ports, who(house, role), house.own, line.visit_id, (what, line.visit.told), why).line


def change(house: House, line: VisitLine, **more: object) -> VisitLine:
    return visits.change(house.ports, who(house, CO), house.own, line.visit_id, (later(house, **more), line.visit.told), "moved")  # type: ignore[arg-type]


def written(house: House, states: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """Part and audience of each letter, in the order in which they were put down."""
    found = letters.of(house.ports.store, (house.own,), event(), states=states)
    parts = [each.letter.slot.split(":")[2:] for each in found if each.letter.purpose == "visit"]
    return sorted((":".join(part[: 2 if part[0] == "said" else 3]), part[2 if part[0] == "said" else 3]) for part in parts)


def work(house: House) -> int:
    return visit_letters.run_due(house.ports, COMMAND_LINE, "worker", LEASE)


def send(house: House) -> None:
    while posting.run_once(house.ports, COMMAND_LINE, "worker", words, LEASE).looked_at:
        pass


# --------------------------------------------------------------------------------------------------------- agreed, changed


@both
def test_a_visit_is_proposed_confirmed_and_held_and_says_who_did_what(house: House) -> None:
    line = made(house, state=PROPOSED)
    assert (one(house).visit.state, one(house).moves) == (PROPOSED, ("confirm", "ask", "cancel"))
    line = do(house, P, one(house), "confirm")
    assert line.visit.state == BOOKED and one(house, CO).moves == ("change", "cancel")
    clock(house.ports).wait(days=8)
    do(house, CO, one(house, CO), "arrive")
    held = do(house, CO, one(house, CO), "done")
    assert [(step.what, step.role) for step in held.visit.steps] == [("made", CO), ("confirm", P), ("arrive", CO), ("done", CO)]
    assert all(step.name and step.at for step in held.visit.steps)


@both
def test_nobody_confirms_a_time_they_have_not_read(house: House) -> None:
    made(house, state=PROPOSED)
    seen = one(house)
    change(house, one(house, CO), days=9, state=PROPOSED)
    with pytest.raises(Conflict, match="visit_changed"):
        do(house, P, seen, "confirm")
    assert one(house).visit.state == PROPOSED
    moved = one(house).visit.steps[-1]
    assert (moved.before, moved.after, moved.why) == (seen.at, seen.at + timedelta(days=1), "moved")


@both
def test_the_same_form_sent_twice_is_one_visit(house: House) -> None:
    for _ in range(2):
        visits.make(house.ports, who(house, CO), house.own, later(house), "token")
    assert len(visits.of_person(house.ports, who(house, CO), house.own).ahead) == 1
    assert len(written(house)) == 2


def test_another_time_is_asked_for_in_words_and_words_of_danger_raise_the_alert(house: House) -> None:
    made(house)
    with pytest.raises(BadInput, match="visit_why"):
        do(house, P, one(house), "ask")
    said = visits.act(house.ports, who(house, C), house.own, one(house).visit_id, ("ask", 1), "She has chest pain now, can it be today?")
    assert said.flags == ("chest_pain",) and not said.alarm_failed
    desk = house.ports.store.papers((house.own,), event(), kinds=(PaperKind.DESK,))
    assert b"red_flag" in desk[0].body
    assert (one(house).visit.state, one(house).visit.wish[:3]) == (BOOKED, "She")
    assert [line.visit_id for line in visit_day.day(house.ports, who(house, CO), None, "UTC").waiting] == [said.line.visit_id]
    change(house, one(house, CO), days=10)
    assert one(house).visit.wish == ""


@both
def test_one_that_nobody_came_to_becomes_a_task_once_and_can_be_taken_back(house: House) -> None:
    made(house)
    with pytest.raises(Conflict, match="visit_not_now"):
        do(house, CO, one(house, CO), "missed")
    clock(house.ports).wait(days=8, minutes=31)
    assert one(house, CO).unsaid and one(house, P).moves == ()
    gone = do(house, CO, one(house, CO), "missed")
    (task,) = tasks.of_person(house.ports, who(house, CO), house.own)
    assert (task.task.kind, task.task.because, task.task.owner) == ("call", "visit_missed", house.accounts[CO].account_id)
    again = do(house, CO, gone, "correct", "he was in the waiting room")
    do(house, CO, again, "missed")
    assert len(tasks.of_person(house.ports, who(house, CO), house.own)) == 1


def test_what_is_odd_is_said_before_it_is_kept_and_stops_nothing(house: House) -> None:
    thread_hours.save(house.ports, COMMAND_LINE, LONDON, b"")
    made(house, days=9)  # Monday 9:00 in London
    wanted = replace(later(house, days=9), anyway=())
    assert visits.concerns(house.ports, who(house, CO), house.own, wanted) == (CLASH_PERSON, CLASH_WITH)
    with pytest.raises(Conflict, match="visit_concerns"):
        visits.make(house.ports, who(house, CO), house.own, wanted)
    visits.make(house.ports, who(house, CO), house.own, replace(wanted, anyway=(CLASH_PERSON, CLASH_WITH)))
    assert all(isinstance(line, VisitLine) and line.clash for line in visits.of_person(house.ports, who(house, P), house.own).ahead)
    assert visits.concerns(house.ports, who(house, CO), house.own, replace(later(house, days=8, with_account=""), anyway=())) == (OUTSIDE_HOURS,)


def test_a_colleague_who_is_busy_with_somebody_else_is_said_to_be_and_nothing_more(house: House) -> None:
    other = add_account(house.ports, CO, "second")
    house.ports.store.update_account(replace(other, panels=(house.panel.panel_id,)), event())
    house.ports.store.save_panel(replace(house.panel, persons=(house.own, house.other), coordinators=(*house.panel.coordinators, other.account_id)), event())
    visits.make(house.ports, COMMAND_LINE, house.other, later(house))
    assert visits.concerns(house.ports, who(house, CO), house.own, replace(later(house), anyway=())) == (CLASH_WITH,)
    assert visits.concerns(house.ports, who(house, CO), house.own, replace(later(house, with_account=other.account_id), anyway=())) == ()


@pytest.mark.parametrize(
    ("change_of", "code"),
    [({"minutes": 4}, "visit_minutes"), ({"zone": "Nowhere/Land"}, "bad_choice"), ({"kind": "tea"}, "bad_choice"), ({"with_account": "nobody"}, "task_owner"),
     ({"where": "x" * 201}, "text_too_long"), ({"state": "done"}, "bad_choice"), ({"clock": time(2, 30), "day": datetime(2027, 3, 14).date()}, "visit_no_such_time"),
     ({"day": datetime(2026, 11, 20).date()}, "visit_when"), ({"day": datetime(2030, 1, 1).date()}, "visit_when")],
)  # fmt: skip
def test_what_can_not_be_is_refused(quick: House, change_of: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput, match=code):
        visits.make(quick.ports, who(quick, CO), quick.own, replace(later(quick), **change_of))  # type: ignore[arg-type]


@both
def test_one_that_can_not_be_read_is_on_every_list_and_says_so(house: House) -> None:
    line = made(house)
    paper = house.ports.store.paper(house.own, PaperKind.VISIT, line.visit_id, event())
    assert paper is not None
    house.ports.store.put_papers(house.own, (replace(paper, body=b"{"),), event())
    assert one(house).visit.state == "damaged"
    assert len(visit_day.day(house.ports, who(house, CO), None, "UTC").damaged) == 1
    with pytest.raises(BadInput, match="paper_damaged"):
        do(house, P, line, "cancel", "ill")
    clock(house.ports).wait(days=1)
    work(house)
    assert visit_letters.over(replace(paper, body=b"{"), "visit:x:before:1:24:patient", clock(house.ports).now()) is False


# ----------------------------------------------------------------------------------------------------------------- letters


def test_everybody_but_who_did_it_hears_of_it(house: House) -> None:
    made(house)
    assert written(house) == [("said:1", "caregiver"), ("said:1", "patient")]
    do(house, P, one(house), "ask", "mornings are better")
    do(house, C, one(house), "cancel", "she is away")
    assert written(house)[2:] == [("said:2", "account"), ("said:2", "caregiver"), ("said:3", "account"), ("said:3", "patient")]


def test_a_colleague_hears_of_a_visit_that_was_written_down_for_them(house: House) -> None:
    visits.make(house.ports, COMMAND_LINE, house.own, later(house))
    assert written(house) == [("said:1", "account"), ("said:1", "caregiver"), ("said:1", "patient")]


@both
def test_reminders_come_seven_days_one_day_and_two_hours_before_and_once(house: House) -> None:
    made(house, days=8)
    send(house)
    for wait, found in ((0, []), (1, ["168"]), (5.9, []), (0.2, ["24"]), (0.5, []), (0.35, ["2"]), (1, [])):
        clock(house.ports).wait(days=wait)
        work(house), work(house)
        assert [part.split(":")[2] for part, audience in written(house, ("waiting",)) if audience == "patient"] == found
        send(house)


def test_who_wants_no_reminders_of_visits_gets_none_but_hears_of_changes(house: House) -> None:
    reminder_book.set_kind(house.ports, who(house, P), house.own, "visit", Kind(on=False))
    made(house, days=8)
    clock(house.ports).wait(days=1)
    work(house)
    change(house, one(house, CO), days=9)
    assert [part for part, audience in written(house) if audience == "patient"] == ["said:1", "said:2"]
    assert ("before:1:168", "caregiver") in written(house)


def test_a_worker_that_was_away_says_only_what_is_still_ahead(house: House) -> None:
    made(house, days=8)
    clock(house.ports).wait(days=7, hours=12)
    work(house)
    assert [part for part, audience in written(house) if audience == "patient"] == ["before:1:24", "said:1"]
    clock(house.ports).wait(days=2)
    work(house)
    assert len(written(house)) == 4


@both
def test_a_letter_that_waits_is_let_go_of_when_the_visit_is_moved_or_ends(house: House) -> None:
    made(house, days=8)
    clock(house.ports).wait(days=1)
    work(house)
    change(house, one(house, CO), days=20)
    do(house, CO, one(house, CO), "cancel", "the clinic is closed")
    send(house)
    assert written(house, ("not_needed",)) == [(part, who) for part in ("before:1:168", "said:1", "said:2") for who in ("caregiver", "patient")]
    assert [part for part, _ in written(house, ("in_app", "nobody", "sent"))] == ["said:3", "said:3"]
    clock(house.ports).wait(days=20)
    assert work(house) == 0


@both
def test_a_worker_that_lost_its_lease_writes_nothing(house: House) -> None:
    line = made(house, days=8)
    clock(house.ports).wait(days=1)
    (paper,) = house.ports.store.claim_papers(PaperKind.VISIT, "slow", clock(house.ports).now(), LEASE, 5)
    do(house, P, one(house), "cancel", "ill")
    after, more = visit_letters.reminded(paper, clock(house.ports).now())
    assert more and not house.ports.store.settle_papers("slow", after, clock(house.ports).now(), more=more)
    assert not [part for part, _ in written(house) if part.startswith("before")] and line.visit_id


# ----------------------------------------------------------------------------------------------- brought along, reminded once


def appointment(start: str, **more: object) -> dict[str, object]:
    return {"resourceType": "Appointment", "id": "a1", "status": "booked", "start": start, "participant": [{"status": "accepted", "actor": {"reference": "Patient/p1"}}], **more}


def brought(house: House, start: datetime, **more: object) -> None:
    person = patient("p1", "Own", "CANARY-OWN", "1970-04-02")
    bring(house.ports, parcel(bundle(person, appointment(start.isoformat(), **more), base="https://own.example/fhir"), "plan.json"), whose=Whose(house.own))


@both
def test_the_same_appointment_is_shown_once_where_its_number_matches_and_another_time_is_said(house: House) -> None:
    start = clock(house.ports).now() + timedelta(days=8)
    brought(house, start + timedelta(hours=1), identifier=[{"system": "urn:clinic", "value": "77"}])
    made(house)
    assert [type(line) for line in visits.of_person(house.ports, who(house, P), house.own).ahead] == [VisitLine, Brought]
    change(house, one(house, CO), elsewhere="77")
    (line,) = visits.of_person(house.ports, who(house, P), house.own).ahead
    assert isinstance(line, VisitLine) and line.also and line.also_at.startswith(f"{start + timedelta(hours=1):%Y-%m-%dT%H}")
    assert line.also_status == ""


def test_one_that_was_called_off_elsewhere_is_said_to_be(house: House) -> None:
    brought(house, clock(house.ports).now() + timedelta(days=8), identifier=[{"value": "77"}], status="cancelled")
    made(house, elsewhere="77")
    (line,) = visits.of_person(house.ports, who(house, P), house.own).ahead
    assert isinstance(line, VisitLine) and (line.visit.state, line.also_status) == (BOOKED, "cancelled")


def test_an_appointment_of_the_record_takes_the_persons_time(house: House) -> None:
    start = clock(house.ports).now() + timedelta(days=8)
    brought(house, start, end=(start + timedelta(hours=2)).isoformat(), identifier=[{"value": "77"}])
    wanted = replace(later(house, days=8.05), anyway=())
    assert visits.concerns(house.ports, who(house, CO), house.own, wanted) == (CLASH_PERSON,)
    assert visits.concerns(house.ports, who(house, CO), house.own, replace(later(house, days=8.1), anyway=())) == ()
    made(house, days=8.05)
    assert one(house).clash
    made(house, days=20, elsewhere="77")
    assert not one(house).clash
    do(house, CO, one(house, CO), "cancel", "moved")
    assert visits.concerns(house.ports, who(house, CO), house.own, wanted) == ()


@both
def test_one_that_is_a_visit_here_is_not_reminded_of_twice(house: House) -> None:
    start = clock(house.ports).now() + timedelta(days=3)
    brought(house, start, identifier=[{"value": "77"}])

    def planned() -> list[str]:
        dose_plan.plan(house.ports, COMMAND_LINE, house.own)
        found = house.ports.store.reminders(house.own, clock(house.ports).now(), start + timedelta(days=1), event())
        return [each.planned.slot for each in found if each.planned.kind == "visit" and each.state == "waiting"]

    assert len(planned()) == 1
    made(house, days=3, elsewhere="77")
    assert planned() == []


@both
def test_visits_go_out_as_valid_appointments_and_are_known_again_when_they_come_back(house: House) -> None:
    house = replace(house, ports=replace(house.ports, exporter=Exports()))
    made(house, days=8, bring="Your book", words="weight", elsewhere="77", state=PROPOSED)
    made(house, days=9)
    do(house, CO, one(house, CO), "cancel", "the clinic is closed")
    content = export.bundle(house.ports, COMMAND_LINE, house.own).content
    found = [each["resource"] for each in json.loads(content)["entry"] if each["resource"]["resourceType"] == "Appointment"]
    assert sorted(each["status"] for each in found) == ["booked", "cancelled"]
    assert [str(fault) for each in found for fault in faults_in(json.dumps(each).encode())] == []
    assert not any(line.visit.room in content.decode() for line in visits.of_person(house.ports, COMMAND_LINE, house.own).ahead if isinstance(line, VisitLine))
    bring(house.ports, parcel(content, "back.json"), whose=Whose(house.own))
    view = visits.of_person(house.ports, who(house, P), house.own)
    assert all(isinstance(line, VisitLine) and line.also and not line.also_at for line in (*view.ahead, *view.past))
    again = json.loads(export.bundle(house.ports, COMMAND_LINE, house.own).content)
    assert sum(each["resource"]["resourceType"] == "Appointment" for each in again["entry"]) == 2


# ------------------------------------------------------------------------------------------------------------ video, calendar


def test_the_way_into_a_video_room_is_open_around_its_time_and_to_who_takes_part(house: House) -> None:
    line = made(house, days=1)
    second = add_account(house.ports, CO, "second")
    house.ports.store.update_account(replace(second, panels=(house.panel.panel_id,)), event())

    def room(role: Role) -> visit_room.Room:
        return visit_room.room(house.ports, who(house, role), house.own, line.visit_id)

    assert (room(P).address, room(P).shut) == ("", "early")
    clock(house.ports).wait(days=1, minutes=-15)
    addresses = {room(role).address for role in (P, C, CO)}
    assert len(addresses) == 1 and one(house).visit.room in addresses.pop() and len(one(house).visit.room) == 32
    rooms = house.ports.video
    assert isinstance(rooms, Rooms) and [guest.leads for guest in rooms.guests] == [False, False, True]
    with pytest.raises(NotPermitted, match="not_your_visit"):
        visit_room.room(house.ports, signed_in(house.ports, house.ports.store.account(second.account_id), "second"), house.own, line.visit_id)
    clock(house.ports).wait(minutes=15 + 30 + 61)
    assert room(P).shut == "over"
    assert visit_room.room(replace(house.ports, video=None), who(house, P), house.own, line.visit_id).shut == "no_video"


def test_another_coordinator_gets_another_room(quick: House) -> None:
    before = made(quick).visit.room
    assert change(quick, one(quick, CO), days=9).visit.room == before
    assert change(quick, one(quick, CO), with_account="").visit.room not in ("", before)
    assert change(quick, one(quick, CO), kind=CLINIC).visit.room == ""


def test_calendars_hold_visits_as_discreetly_as_was_asked(house: House) -> None:
    made(house, days=8, bring="Your book", words="weight")
    discreet, names = (feeds.make(house.ports, who(house, P), house.own, "Phone", detail).secret for detail in ("discreet", "names"))
    plain = rendered(feeds.sheet(house.ports, discreet, words)).decode()
    told = rendered(feeds.sheet(house.ports, names, words)).decode()
    assert "Appointment" in plain and "Coordinator" not in plain and "Your book" not in plain
    assert "Video visit with Coordinator" in told and "DURATION:PT30M" in told and one(house).visit.room not in told
    ports = replace(house.ports, calendar_file=rendered)
    file = visit_calendar.file(ports, who(house, P), house.own, one(house).visit_id, words("zh_Hans"), "zh_Hans")
    assert f"DTSTART:{one(house).at:%Y%m%dT%H%M%SZ}" in file.content.decode() and "STATUS:CONFIRMED" in file.content.decode()
    do(house, P, one(house), "cancel", "ill")
    assert "Appointment" not in rendered(feeds.sheet(house.ports, discreet, words)).decode()


def test_a_day_says_how_full_it_is(house: House) -> None:
    thread_hours.save(house.ports, COMMAND_LINE, LONDON, b"")
    made(house, days=2.1, minutes=45)
    made(house, days=2.1, minutes=30, with_account="")
    view = visit_day.day(house.ports, who(house, CO), one(house).at.astimezone(ZoneInfo("Europe/London")).date(), "UTC")
    assert [(load.visits, load.minutes, load.open_minutes) for load in view.loads[:2]] == [(2, 75, 480), (0, 0, 480)]
    assert view.by_name == {"Coordinator": (1, 45), "": (1, 30)} and [line.person_name for line in view.lines] == ["CANARY-OWN Own"] * 2
    assert not any(line.clash_with for line in view.lines)


# ---------------------------------------------------------------------------------------------------------------- the clock

ZONES = st.sampled_from(["UTC", "America/New_York", "Europe/London", "Asia/Shanghai", "Australia/Lord_Howe", "America/St_Johns", "Pacific/Apia"])
DAYS = st.dates(datetime(2026, 1, 1).date(), datetime(2028, 12, 31).date())


@given(DAYS, st.times().map(lambda found: found.replace(second=0, microsecond=0)), ZONES)
def test_a_clock_time_is_the_instant_at_which_the_clock_shows_it_or_none_where_it_never_does(day: object, wanted: time, zone: str) -> None:
    found, place = on_the_clock(day, wanted, zone), ZoneInfo(zone)  # type: ignore[arg-type]
    midnight = datetime.combine(day, time(0), UTC)  # type: ignore[arg-type]
    shown = [moment for moment in (midnight + timedelta(minutes=n) for n in _near(midnight, wanted, place))
             if moment.astimezone(place).replace(tzinfo=None) == datetime.combine(day, wanted)]  # type: ignore[arg-type]  # fmt: skip
    assert (found is None) == (shown == [])
    if found is not None:
        assert found.at == min(shown) and found.twice == (len(shown) > 1)


def _near(midnight: datetime, wanted: time, place: ZoneInfo) -> list[int]:
    """The minutes after midnight UTC at which the clock of a place can show this time, whatever its offset is around that day."""
    offsets = {(midnight + timedelta(hours=hours)).astimezone(place).utcoffset() for hours in range(-24, 49, 6)}
    return sorted({wanted.hour * 60 + wanted.minute - int(offset.total_seconds() // 60) for offset in offsets if offset is not None})


def test_a_clock_time_that_comes_twice_is_said_to(quick: House) -> None:
    twice = replace(later(quick), day=datetime(2027, 11, 7).date(), clock=time(1, 30), anyway=())
    assert visits.concerns(quick.ports, who(quick, CO), quick.own, twice) == (CLOCK_TWICE,)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_reminders_go_forward_and_never_beyond_the_start(start: datetime, now: datetime) -> None:
    coming, due = next_reminder(start, now), reminded_for(start, now)
    assert coming is None or now < coming < start
    assert due is None or (due in LEADS and start - due <= now < start)
    assert (coming, due) != (None, None) or now >= start
    shift = timedelta(days=37)
    assert reminded_for(start + shift, now + shift) == due


@given(MOMENTS, st.integers(5, 480), st.integers(-600, 600), st.integers(5, 480))
def test_two_stretches_overlap_both_ways_or_not_at_all(start: datetime, lasts: int, later_by: int, other: int) -> None:
    first = (start, start + timedelta(minutes=lasts))
    second = (start + timedelta(minutes=later_by), start + timedelta(minutes=later_by + other))
    assert overlap(first, second) == overlap(second, first) == (max(first[0], second[0]) < min(first[1], second[1]))


# ---------------------------------------------------------------------------------------------------------- whatever is done


class Agreeing(RuleBasedStateMachine):
    """Two of the team and the person do what they like in any order; a model says what each may."""

    @initialize()
    def begin(self) -> None:
        self.house = house_of()
        self.line = made(self.house, state=PROPOSED)
        self.done = ["made"]

    @rule(role=st.sampled_from([P, C, CO]), what=st.sampled_from(sorted(set(MOVES) - {"change"})), stale=st.booleans())
    def act(self, role: Role, what: str, stale: bool) -> None:
        state, seen = self.now.visit.state, self.now.visit.told - int(stale)
        try:
            visits.act(self.house.ports, who(self.house, role), self.house.own, self.line.visit_id, (what, seen), "why")
        except HealthboardError:
            assert stale or what not in self.now.moves or self.role_sees(role, what)
            assert self.now.visit.state == state
        else:
            assert not stale and state in MOVES[what][0]
            assert self.now.visit.state == (MOVES[what][1] or state)
            self.done.append(what)

    @precondition(lambda self: self.now.visit.state in (PROPOSED, BOOKED))
    @rule(days=st.integers(1, 20), state=st.sampled_from([PROPOSED, BOOKED]))
    def move(self, days: int, state: str) -> None:
        if clock(self.house.ports).now() < self.now.at:
            visits.change(self.house.ports, who(self.house, CO), self.house.own, self.line.visit_id, (later(self.house, days=days, state=state), self.now.visit.told))
            self.done.append("change")

    @rule(hours=st.integers(1, 4))
    def wait(self, hours: int) -> None:
        clock(self.house.ports).wait(minutes=hours)
        work(self.house)

    def role_sees(self, role: Role, what: str) -> bool:
        view = visits.of_person(self.house.ports, who(self.house, role), self.house.own)
        return what not in next(line for line in (*view.ahead, *view.past) if isinstance(line, VisitLine)).moves

    @property
    def now(self) -> VisitLine:
        view = visits.of_person(self.house.ports, COMMAND_LINE, self.house.own)
        return next(line for line in (*view.ahead, *view.past) if isinstance(line, VisitLine))

    @invariant()
    def everything_that_was_done_is_written_down_with_its_letters(self) -> None:
        if hasattr(self, "line"):
            assert [step.what for step in self.now.visit.steps] == self.done
            assert self.now.visit.told == len(self.done)
            told = {part for part, _ in written(self.house) if part.startswith("said")}
            assert told == {f"said:{n}" for n in range(1, len(self.done) + 1)}


Agreeing.TestCase.settings = settings(max_examples=8, stateful_step_count=10, deadline=None)
TestAgreeing = Agreeing.TestCase


def test_nothing_that_a_form_asks_for_is_lost(quick: House) -> None:
    asked = NewVisit(later(quick).day, time(9), ZONE, 25, CLINIC, "results", "about weight", "Room 3", quick.accounts[CO].account_id, ("phq-9",), True, "A book", "77", BOOKED, CONCERNS)
    kept = visits.make(quick.ports, who(quick, CO), quick.own, asked).visit
    assert kept.by_its_clock is not None and kept.by_its_clock.time() == time(9) and kept.by_its_clock.date() == asked.day
    for name in ("kind", "reason", "words", "where", "with_account", "forms", "medicines", "bring", "elsewhere", "minutes", "zone", "state"):
        assert getattr(kept, name) == getattr(asked, name), name
    assert at(clock(quick.ports).now()).zone == ZONE
