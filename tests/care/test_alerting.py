"""Readings become alerts, alerts become letters, letters reach people or say that they didn't: the worker's round, with a clock that is set and ways that fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.alerts.desk import Desk
from core.alerts.states import Alert, Kind
from core.care import alert_desk, alert_limits, alerting, alerts, contacts, letters, on_call, posting
from core.care.access import COMMAND_LINE
from core.care.letters import KeptLetter, Letter
from core.care.on_call_hours import Rota, Shift, gaps
from core.care.on_call_hours import on_call as on_call_at
from core.domain.papers import PaperKind
from core.domain.people import Account, Role
from core.errors import BadInput, Conflict, StoreDamaged
from core.medications.book import Channel, Helper, ReminderBook
from core.medications.reminder_json import DRAWER, written
from core.ui.words import words
from tests.care.given import NOW, add_account, clock, event, ports_with
from tests.care.given_alerts import Ways, always, bring_in, desk_of, flag, gain, pressure, weights
from tests.care.house import House, build

P, C, CO = Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR
MAIL = Channel("mail", "email", "own@example.org")


@dataclass
class Team:
    """A house whose channels are `ways`, with somebody on call."""

    house: House
    ways: Ways
    night: Account

    @property
    def ports(self) -> Any:
        return self.house.ports

    def round(self, worker: str = "w1") -> tuple[alerting.Round, posting.Posted]:
        looked = alerting.run_once(self.ports, COMMAND_LINE, worker)
        return looked, posting.run_once(self.ports, COMMAND_LINE, worker, say)

    def rounds(self, minutes: float, every: float = 1.0) -> None:
        for _ in range(int(minutes / every) + 1):
            self.round()
            clock(self.ports).wait(minutes=every)

    def reach(self, account: Account, address: str) -> None:
        kept = contacts.Contacts((Channel("way", "email", address),))
        self.ports.store.put_house_document(contacts.DOCUMENT + account.account_id, msgspec.json.encode(kept), event())

    def everybody(self) -> None:
        book = ReminderBook(channels=(MAIL,))
        self.ports.store.put_in_drawer(self.house.own, DRAWER, written(book), event())
        self.reach(self.house.accounts[C], "caregiver@example.org")
        self.reach(self.house.accounts[CO], "coordinator@example.org")
        self.reach(self.night, "night@example.org")

    def letters(self) -> tuple[KeptLetter, ...]:
        return letters.of(self.ports.store, (self.house.own,), event())

    def alert(self, family: str) -> Alert:
        return next(a for a in desk_of(self.ports, self.house.own).open() if a.family.startswith(family))

    def told(self, family: str) -> list[tuple[float, str]]:
        alert = self.alert(family)
        return [((e.at - alert.raised_at) / timedelta(minutes=1), e.to) for e in alert.timeline if alert_desk.tells(e)]


def say(language: str) -> Any:
    return words(language or "en")


@pytest.fixture
def team() -> Team:
    ways = Ways()
    house = build(replace(ports_with(), channels=ways))
    night = add_account(house.ports, CO, "night", panels=(house.panel.panel_id,))
    on_call.set_rota(house.ports, COMMAND_LINE, always(house.panel.panel_id, night.account_id))
    return Team(house, ways, night)


# ------------------------------------------------------------------------------------------------------------ from readings to alerts


def test_a_gain_of_weight_becomes_an_alert_and_is_told_once(team: Team) -> None:
    team.everybody()
    team.round()
    weights(team.ports, team.house.own)
    team.rounds(10)
    assert team.told("weight_gain") == [(0.0, "patient")]
    assert team.ways.to == ["own@example.org"]
    (line,) = team.letters()
    assert (line.state, [(s.channel, s.state, s.maybe_twice) for s in line.sendings]) == (
        "sent",
        [("in_app", "sent", False), ("email", "sent", False)],
    )


def test_a_message_says_nothing_about_anybodys_health(team: Team) -> None:
    team.everybody()
    weights(team.ports, team.house.own)
    team.rounds(300, every=10)
    assert len(team.ways.sent) >= 3
    for _, message in team.ways.sent:
        assert not any(word in (message.title + message.body).casefold() for word in ("weight", "83", "kg", "canary"))


def test_what_is_long_past_at_the_first_look_is_what_others_are_compared_with(team: Team) -> None:
    bring_in(
        team.ports,
        team.house.own,
        pressure("old", 195, 100, NOW - timedelta(days=5)),
        pressure("older", 199, 100, NOW - timedelta(days=200)),
    )
    team.round()
    assert desk_of(team.ports, team.house.own).alerts == ()
    bring_in(team.ports, team.house.own, pressure("new", 192, 100, NOW - timedelta(hours=1)), name="new.json")
    team.round()
    assert team.alert("sbp").severity == 3


def test_a_limit_that_the_team_set_raises_an_alert_of_its_own(team: Team) -> None:
    team.round()
    alert_limits.set_limit(team.ports, team.house.actors[CO], team.house.own, "sbp", None, 140.0)
    for minutes in (60, 5):
        bring_in(
            team.ports, team.house.own, pressure(f"p{minutes}", 150, 80, NOW - timedelta(minutes=minutes)), name=f"{minutes}.json"
        )
    team.round()
    assert team.alert("sbp").rules == ("own_sbp_high",)
    (shown,) = (a for a in alerts.alerts_of(team.ports, team.house.actors[CO], team.house.own).alerts if a.signal == "sbp")
    assert shown.title.code == "alert.rule.own_high"


def test_nothing_that_is_kept_stops_what_is_due_and_it_is_said(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.everybody()
    flag(team.ports, team.house.own)
    real = team.ports.store.records

    def damaged(person_id: str, *more: Any, **named: Any) -> Any:
        if person_id == team.house.own:
            raise StoreDamaged(place="records")
        return real(person_id, *more, **named)

    monkeypatch.setattr(team.ports.store, "records", damaged)
    team.rounds(20)
    assert {to for _, to in team.told("red_flag")} == {"patient", "caregiver", "coordinator", "on_call"}
    assert alerts.alerts_of(team.ports, COMMAND_LINE, team.house.own).broken == ("readings",)


@pytest.mark.parametrize("drawer", ["reminders", "medicines", alert_limits.DRAWER])
def test_a_drawer_that_cannot_be_read_silences_nothing_else(team: Team, drawer: str) -> None:
    team.ports.store.put_in_drawer(team.house.own, drawer, b"nonsense", event())
    weights(team.ports, team.house.own)
    team.round()
    assert team.alert("weight_gain").severity == 2
    assert alerts.alerts_of(team.ports, COMMAND_LINE, team.house.own).broken


def test_one_persons_damaged_desk_stops_nobody_elses(team: Team) -> None:
    team.round()
    paper = team.ports.store.paper(team.house.other, PaperKind.DESK, "desk", event())
    team.ports.store.put_papers(team.house.other, [replace(paper, body=b"[]")], event())
    weights(team.ports, team.house.own)
    looked, _ = team.round()
    assert (looked.raised, looked.broken) == (1, 1)
    assert team.ports.store.paper(team.house.other, PaperKind.DESK, "desk", event()).state == alert_desk.DAMAGED


def test_an_act_while_the_worker_judges_wins_and_nothing_is_lost(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.everybody()
    alert_id = flag(team.ports, team.house.own)
    clock(team.ports).wait(minutes=6)  # the coordinator is due
    real = alerting.judge

    def slow(*given: Any) -> Desk:
        monkeypatch.setattr(alerting, "judge", real)
        alerts.acknowledge(team.ports, COMMAND_LINE, team.house.own, alert_id, "calling", "Dr Lee")
        return real(*given)

    monkeypatch.setattr(alerting, "judge", slow)
    team.round()
    (alert,) = desk_of(team.ports, team.house.own).open()
    assert [e.kind for e in alert.timeline].count(Kind.ACKNOWLEDGED) == 1
    team.rounds(10)
    assert [address for address in team.ways.to if "night" in address] == []  # taken: the chain stands


# ------------------------------------------------------------------------------------------------------------ the chain and dead channels


def test_what_cannot_wait_goes_through_the_whole_chain(team: Team) -> None:
    team.everybody()
    flag(team.ports, team.house.own)
    team.rounds(20)
    assert team.told("red_flag") == [(0, "patient"), (0, "caregiver"), (5, "coordinator"), (15, "on_call")]
    assert set(team.ways.to) == {"own@example.org", "caregiver@example.org", "coordinator@example.org", "night@example.org"}
    assert not any(a.family.startswith("dead") for a in desk_of(team.ports, team.house.own).open())


def test_a_dead_channel_tells_the_next_at_once_and_is_an_alert_of_its_own(team: Team) -> None:
    team.everybody()
    team.ways.dead, team.ways.permanent = {"caregiver"}, True
    flag(team.ports, team.house.own)
    team.rounds(2)
    assert team.told("red_flag")[2] == (1, "coordinator")  # four minutes sooner
    assert team.alert("dead_channel:caregiver").severity == 2
    told = alerts.alerts_of(team.ports, team.house.actors[CO], team.house.own).alerts
    assert next(a for a in told if a.family.startswith("red_flag")).unreached == ("caregiver",)


def test_one_that_failed_once_is_tried_again_and_then_is_no_dead_channel(team: Team) -> None:
    team.everybody()
    team.ways.dead = {"caregiver"}
    flag(team.ports, team.house.own)
    team.round()
    team.ways.dead = set()
    team.rounds(3, every=0.25)
    assert team.ways.to.count("caregiver@example.org") == 1
    assert {a.family for a in desk_of(team.ports, team.house.own).open()} == {"red_flag:message:0"}


def test_with_no_way_to_anybody_all_are_told_at_once_and_it_is_said_of_each(team: Team) -> None:
    flag(team.ports, team.house.own)
    team.rounds(4)
    assert [to for _, to in team.told("red_flag")] == ["patient", "caregiver", "coordinator", "on_call"]
    assert team.told("red_flag")[-1][0] <= 4
    dead = {a.family for a in desk_of(team.ports, team.house.own).open() if a.family.startswith("dead")}
    assert dead == {f"dead_channel:{to}" for to in letters.AUDIENCES}


def test_what_can_wait_is_told_in_the_app_alone_without_ado(team: Team) -> None:
    gain(team.ports, team.house.own)
    team.rounds(60, every=10)
    assert team.told("weight_gain") == [(0.0, "patient")]
    assert [line.state for line in team.letters()] == ["in_app"]


def test_that_somebody_has_no_caregiver_is_no_dead_channel(team: Team) -> None:
    team.everybody()
    account = team.house.accounts[C]
    team.ports.store.update_account(replace(account, persons=()), event())
    flag(team.ports, team.house.own)
    team.rounds(2)
    assert team.told("red_flag")[-1] == (1, "coordinator")
    assert not any(a.family.startswith("dead") for a in desk_of(team.ports, team.house.own).open())


def test_quiet_hours_hold_back_what_can_wait_and_never_what_cannot(team: Team) -> None:
    team.everybody()
    book = ReminderBook(channels=(MAIL,), quiet=(time(0, 0), time(23, 59)))
    team.ports.store.put_in_drawer(team.house.own, DRAWER, written(book), event())
    gain(team.ports, team.house.own)
    team.round()
    assert team.ways.to == []
    assert [(line.state, line.why) for line in team.letters()] == [("waiting", "quiet_hours")]
    flag(team.ports, team.house.own)
    team.round()
    assert "own@example.org" in team.ways.to


def test_helpers_are_told_and_those_for_refills_alone_are_not(team: Team) -> None:
    helpers = (
        Helper("h1", "Ann", Channel("a", "email", "ann@example.org")),
        Helper("h2", "Bob", Channel("b", "email", "bob@example.org"), "refills"),
    )
    team.ports.store.put_in_drawer(team.house.own, DRAWER, written(ReminderBook(helpers=helpers)), event())
    flag(team.ports, team.house.own)
    team.round()
    assert "ann@example.org" in team.ways.to
    assert "bob@example.org" not in team.ways.to


def test_on_call_is_told_in_order_the_next_where_the_first_cannot_be_reached(team: Team) -> None:
    team.everybody()
    on_call.set_rota(
        team.ports, COMMAND_LINE, always(team.house.panel.panel_id, team.night.account_id, team.house.accounts[CO].account_id)
    )
    team.ways.dead, team.ways.permanent = {"night"}, True
    team.ports.store.put_papers(
        team.house.own, (), event(), once=(letters.paper(team.house.own, Letter("x/2", "message", "", letters.ON_CALL), NOW),)
    )
    posting.run_once(team.ports, COMMAND_LINE, "w1", say)
    (line,) = team.letters()
    assert line.state == "sent"
    assert team.ways.to == ["coordinator@example.org"]


def test_with_nobody_on_call_all_coordinators_stand_in_and_the_page_says_so(team: Team) -> None:
    team.everybody()
    weekend = Rota(team.house.panel.panel_id, "Europe/Berlin", (Shift(("sun",), "08:00", "20:00", (team.night.account_id,)),))
    on_call.set_rota(team.ports, COMMAND_LINE, weekend)
    view = on_call.view(team.ports, team.house.actors[CO])
    assert view.panels[0].gap
    assert {name for _, name in view.panels[0].stand_in} == {"Coordinator"}
    flag(team.ports, team.house.own)
    team.rounds(17)
    line = next(one for one in team.letters() if one.letter.audience == letters.ON_CALL)
    assert (line.why, {s.recipient for s in line.sendings}) == ("gap", {team.night.account_id, team.house.accounts[CO].account_id})


def test_a_letter_that_cannot_be_read_counts_as_not_delivered(team: Team) -> None:
    team.everybody()
    flag(team.ports, team.house.own)
    (paper, *_) = team.ports.store.papers((team.house.own,), event(), kinds=(PaperKind.LETTER,))
    team.ports.store.put_papers(team.house.own, [replace(paper, body=b"?")], event())
    team.rounds(1)
    assert team.alert("dead_channel:patient")
    assert team.letters()[0].state == "damaged"


def test_what_cannot_wait_is_sent_before_whatever_waits_longer(team: Team) -> None:
    team.everybody()
    old = tuple(
        letters.paper(team.house.own, Letter(f"m/{n}", "message", f"m{n}", letters.COORDINATOR), NOW - timedelta(hours=9))
        for n in range(9)
    )
    team.ports.store.put_papers(team.house.own, (), event(), once=old)
    flag(team.ports, team.house.own)
    posting.run_once(team.ports, COMMAND_LINE, "w1", say)
    assert team.ways.to[:2] == ["own@example.org", "caregiver@example.org"]


def test_what_is_over_before_it_goes_out_is_not_sent(team: Team) -> None:
    team.everybody()
    alert_id = flag(team.ports, team.house.own)
    alerts.resolve(team.ports, COMMAND_LINE, team.house.own, alert_id, "known", "Dr Lee")
    team.rounds(2)
    assert team.ways.to == []
    assert {line.state for line in team.letters()} == {"not_needed"}


# ------------------------------------------------------------------------------------------------------------ hours


@pytest.mark.parametrize(
    ("day", "hour", "accounts"),
    [
        (16, 7, ()),
        (16, 8, ("a",)),
        (16, 19, ("a",)),
        (16, 20, ("b",)),
        (17, 3, ("b",)),
        (17, 7, ()),
        (21, 12, ("c",)),
        (22, 12, ()),
    ],
)
def test_hours_are_those_of_the_wall_clock_also_over_midnight(day: int, hour: int, accounts: tuple[str, ...]) -> None:
    weekdays = ("mon", "tue", "wed", "thu", "fri")
    rota = Rota(
        "p",
        "Europe/Berlin",
        (
            Shift(weekdays, "09:00", "21:00", ("a",)),
            Shift(weekdays, "21:00", "07:00", ("b",)),
            Shift(("sat",), "00:00", "00:00", ("c",)),
        ),
    )
    assert on_call_at(rota, datetime(2026, 11, day, hour, 30, tzinfo=NOW.tzinfo)) == accounts


@given(
    st.lists(st.tuples(st.sampled_from(("mon", "wed", "sun")), st.integers(0, 23), st.integers(0, 23)), max_size=4),
    st.integers(0, 7 * 24 * 60 - 1),
)
def test_a_gap_is_where_nobody_is(made: list[tuple[str, int, int]], minute: int) -> None:
    rota = Rota("p", "Europe/Berlin", tuple(Shift((day,), f"{start:02d}:00", f"{end:02d}:00", ("a",)) for day, start, end in made))
    start = datetime(2026, 10, 22, 5, 13, tzinfo=NOW.tzinfo)  # the clock goes back in this week
    at = start + timedelta(minutes=minute)
    assert any(first <= at < last for first, last in gaps(rota, start)) == (on_call_at(rota, at) == ())


@pytest.mark.parametrize(
    "spoil",
    [
        {"zone": "Nowhere/City"},
        {"shifts": (Shift((), "08:00", "09:00", ("a",)),)},
        {"shifts": (Shift(("mon",), "8", "09:00", ("a",)),)},
        {"shifts": (Shift(("mon",), "08:00", "09:00", ()),)},
    ],
)
def test_a_list_that_is_none_is_refused(team: Team, spoil: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        on_call.set_rota(team.ports, COMMAND_LINE, replace(always(team.house.panel.panel_id, team.night.account_id), **spoil))


# ------------------------------------------------------------------------------------------------------------ whatever happens


_ACTS = st.sampled_from(
    ("wait", "wait_long", "flag", "see", "take", "end", "weigh", "dead", "alive", "busy", "died", "other_worker")
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_ACTS, min_size=3, max_size=14))
def test_whatever_happens_no_step_is_lost_and_none_is_told_twice(acts: list[str]) -> None:
    """Every line by which somebody is told has one letter; every alert that nobody took has told all that were due; nothing went out twice."""
    ways = Ways(permanent=True)
    house = build()
    ports = replace(house.ports, channels=ways)
    team = Team(replace(house, ports=ports), ways, house.accounts[CO])
    team.everybody()
    for number, act in enumerate(acts, 1):
        _done(team, act, number)
        team.round(f"w{number}")
    clock(ports).wait(minutes=3)
    team.round("last")
    desk = desk_of(ports, house.own)
    slots = {line.letter.slot for line in team.letters()}
    for alert in desk.open():
        for at, entry in enumerate(alert.timeline):
            assert (alert_desk.slot(alert.alert_id, at) in slots) == alert_desk.tells(entry)
        due = [
            s
            for s in (0, 5, 15)
            if alert.severity == 3 and not alert.taken and clock(ports).at - alert.since >= timedelta(minutes=s)
        ]
        assert alert.told >= {0: 0, 1: 2, 2: 3, 3: 4}[len(due)]
    ids = [message.message_id for _, message in ways.sent]
    assert len(ids) == len(set(ids))
    assert alert_desk.read(ports.store.paper(house.own, PaperKind.DESK, "desk", event())) == desk


def _done(team: Team, act: str, number: int) -> None:
    ports, house = team.ports, team.house
    open_now = desk_of(ports, house.own).open()
    match act:
        case "wait":
            clock(ports).wait(minutes=4)
        case "wait_long":
            clock(ports).wait(hours=5)
        case "flag":
            flag(ports, house.own, f"message:{number % 2}")
        case "weigh":
            weights(ports, house.own, 3.0 + number, clock(ports).at)
        case "dead":
            team.ways.dead = {"caregiver", "own"}
        case "alive":
            team.ways.dead = set()
        case "see" | "take" | "end" if open_now:
            do: dict[str, Callable[[], None]] = {
                "see": lambda: alerts.see(ports, COMMAND_LINE, house.own, open_now[0].alert_id),
                "take": lambda: alerts.acknowledge(ports, COMMAND_LINE, house.own, open_now[0].alert_id, "x", "Dr Lee"),
                "end": lambda: alerts.resolve(ports, COMMAND_LINE, house.own, open_now[0].alert_id, "x", "Dr Lee"),
            }
            do[act]()
        case "busy" | "died":
            _broken(ports, act)
        case _:
            alerting.run_once(ports, COMMAND_LINE, "other")


def _broken(ports: Any, how: str) -> None:
    """The store is busy at the moment of writing, or the worker dies there: its lease has to run out."""
    real = ports.store.settle_papers

    def settle(*_: Any, **__: Any) -> bool:
        raise Conflict("store_busy") if how == "busy" else KeyboardInterrupt

    ports.store.settle_papers = settle
    try:
        alerting.run_once(ports, COMMAND_LINE, "dies")
    except KeyboardInterrupt:
        pass
    finally:
        ports.store.settle_papers = real
    clock(ports).wait(minutes=3)
