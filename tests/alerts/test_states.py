"""The life of an alert, driven at random: nothing disappears without a person or a named rule, and nothing is delivered twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.alerts import desk as desks
from core.alerts.chain import CHAIN
from core.alerts.desk import Desk, Mute
from core.alerts.judging import Finding
from core.alerts.rules import HIGH, LOW, RECOVERIES
from core.alerts.rules_table import RULES
from core.alerts.states import BY_PERSON, TRANSITIONS, Alert, Event, Kind, State, advance, next_due, step
from core.errors import BadInput, Conflict
from core.trends.judgement import Severity
from tests.alerts.given import at, events

BY_KEY = {rule.key: rule for rule in RULES}


def raised(key: str, value: float, day: float = 0.0, *, sure: bool = True) -> Finding:
    rule = BY_KEY[key]
    return Finding(rule, at(day), value, rule.severity if sure else Severity.WATCH, rule.limit, confirmed=sure)


def alert_of(key: str, value: float = 185.0) -> Alert:
    return desks.found(Desk(), raised(key, value)).alerts[0]


def test_every_state_has_a_row_and_every_kind_but_the_first_occurs() -> None:
    assert set(TRANSITIONS) == set(State)
    assert {kind for row in TRANSITIONS.values() for kind in row} == set(Kind) - {Kind.RAISED}


def test_only_a_person_or_a_recovery_leads_to_the_end_and_nothing_leads_out_of_it() -> None:
    ways = {
        kind
        for state, row in TRANSITIONS.items()
        for kind, after in row.items()
        if after is State.RESOLVED and state is not State.RESOLVED
    }
    assert ways == {Kind.RESOLVED, Kind.RECOVERED}
    assert set(TRANSITIONS[State.RESOLVED].values()) == {State.RESOLVED}


def test_an_open_alert_always_has_something_due() -> None:
    alert = alert_of("sbp_severe")
    for _ in range(50):
        due = next_due(alert)
        assert due is not None
        alert = step(alert, due[1], due[0])
        assert alert.open


def test_the_chain_goes_from_the_patient_to_the_one_on_call_until_somebody_acknowledges() -> None:
    alert = advance(alert_of("sbp_severe"), at(1 / 24))
    assert [entry.to for entry in alert.timeline if entry.to] == ["patient", "caregiver", "coordinator", "on_call"]
    assert alert.state is State.ESCALATED
    stopped = step(advance(alert_of("sbp_severe"), at(0)), Event("a", Kind.ACKNOWLEDGED, who="nurse", why="calling"), at(0.001))
    assert [entry.to for entry in advance(stopped, at(0.02)).timeline if entry.to] == ["patient", "caregiver"]


def test_what_is_more_severe_is_told_sooner() -> None:
    for less, more in ((Severity.WATCH, Severity.ACT_SOON), (Severity.ACT_SOON, Severity.ACT_NOW)):
        assert all(a.after >= b.after for a, b in zip(CHAIN[less].steps, CHAIN[more].steps, strict=True))


def test_time_in_small_steps_is_time_in_one_step() -> None:
    whole, parts = advance(alert_of("sbp_severe"), at(20)), alert_of("sbp_severe")
    for hour in range(20 * 24 + 1):
        parts = advance(parts, at(hour / 24))
    assert whole == parts


@pytest.mark.parametrize("kind", sorted(BY_PERSON))
def test_a_person_has_a_name_and_a_reason(kind: Kind) -> None:
    until = at(1) if kind is Kind.HELD else None
    with pytest.raises(BadInput):
        step(alert_of("sbp_severe"), Event("x", kind, why="so", until=until), at(0))
    if kind is not Kind.ACTING:
        with pytest.raises(BadInput):
            step(alert_of("sbp_severe"), Event("x", kind, who="nurse", until=until), at(0))


def test_a_recovery_has_a_name() -> None:
    with pytest.raises(BadInput):
        step(alert_of("sbp_severe"), Event("x", Kind.RECOVERED), at(0))


def test_what_the_table_does_not_hold_is_refused_and_a_late_receipt_is_kept() -> None:
    ended = step(alert_of("sbp_severe"), Event("r", Kind.RESOLVED, who="nurse", why="wrong cuff"), at(1))
    with pytest.raises(Conflict):
        step(ended, Event("a", Kind.ACKNOWLEDGED, who="nurse", why="seen"), at(2))
    late = step(ended, Event("n", Kind.NOTIFIED, to="patient"), at(2))
    assert (late.state, late.told, events(late)[-1]) == (State.RESOLVED, ended.told, "notified")


def test_a_snooze_on_highs_never_mutes_a_low_and_never_what_is_severe() -> None:
    mute = Mute(HIGH, "", at(3), Severity.ACT_NOW, "nurse", "known")
    desk = desks.snoozed(desks.found(Desk(), raised("sbp_high", 165)), mute, (), "s", at(0))
    assert desk.alerts[0].held_until == at(3)
    low = desks.found(desk, raised("sbp_low", 85, 0.1)).alerts[-1]
    now = desks.found(desk, raised("dbp_severe", 130, 0.1)).alerts[-1]
    same = desks.found(desk, raised("hr_high", 135, 0.1)).alerts[-1]
    assert (low.held_until, now.held_until, same.held_until) == (None, None, at(3))
    worse = desks.found(desk, raised("sbp_severe", 185, 0.1)).alerts[0]
    assert (worse.held_until, worse.severity) == (None, Severity.ACT_NOW)


def test_a_snooze_of_a_watch_does_not_hold_back_anything_above_it() -> None:
    mute = Mute(LOW, "", at(3), Severity.ACT_SOON, "nurse", "known")
    desk = desks.snoozed(desks.found(Desk(), raised("glucose_level_1", 65, sure=False)), mute, (), "s", at(0))
    assert desks.found(desk, raised("spo2_low", 90, 0.1)).alerts[-1].held_until is None


def test_what_is_severe_is_not_held_by_a_snooze_on_itself() -> None:
    mute = Mute(HIGH, "", at(3), Severity.ACT_NOW, "nurse", "known")
    assert desks.snoozed(desks.found(Desk(), raised("sbp_severe", 190)), mute, (), "s", at(0)).alerts[0].held_until is None


def test_a_snooze_has_an_end() -> None:
    mute = Mute(HIGH, "", at(300), Severity.ACT_SOON, "nurse", "known")
    desk = desks.ticked(desks.snoozed(desks.found(Desk(), raised("sbp_high", 165)), mute, (), "s", at(0)), at(8))
    assert "released" in events(desk.alerts[0])
    assert desk.mutes == ()


def test_a_dead_channel_is_an_alert_of_its_own_and_the_next_one_is_told_at_once() -> None:
    desk = desks.ticked(desks.found(Desk(), raised("sbp_high", 165)), at(0))
    event = Event("u", Kind.UNDELIVERED, to="patient", why="no such address")
    dead = desks.undelivered(desk, desk.alerts[0].alert_id, event, at(0.01))
    assert [entry.to for entry in dead.alerts[0].timeline if entry.to][-2:] == ["patient", "caregiver"]
    assert dead.alerts[1].family == "dead_channel:patient"
    assert dead.alerts[1].open
    assert desks.undelivered(dead, desk.alerts[0].alert_id, event, at(0.02)) == dead
    again = desks.undelivered(dead, desk.alerts[0].alert_id, Event("v", Kind.UNDELIVERED, to="patient"), at(0.02))
    assert len(again.alerts) == 2, "one for each recipient"


def test_an_alert_in_which_a_rule_without_recovery_took_part_does_not_recover() -> None:
    desk = desks.found(desks.found(Desk(), raised("sbp_high", 165)), raised("sbp_severe", 190, 0.1))
    assert desks.recovered(desk, BY_KEY, {"sbp_high", "sbp_severe"}, at(1)).alerts[0].open
    alone = desks.recovered(desks.found(Desk(), raised("sbp_high", 165)), BY_KEY, {"sbp_high"}, at(1)).alerts[0]
    assert (alone.state, alone.timeline[-1].why) == (State.RESOLVED, "back_in_range")


HOURS = st.floats(0, 48)
KEYS = st.sampled_from(["sbp_high", "sbp_severe", "sbp_low", "weight_week", "weight_day", "glucose_level_1", "hr_high"])


class Life(RuleBasedStateMachine):
    """A desk to which anything happens."""

    @initialize()
    def begin(self) -> None:
        self.desk, self.now, self.number = Desk(), at(0), 0
        self.severity: dict[str, Severity] = {}

    def event_id(self) -> str:
        self.number += 1
        return f"e{self.number}"

    @rule(key=KEYS, value=st.floats(40, 250), sure=st.booleans(), hours=HOURS)
    def finding(self, key: str, value: float, sure: bool, hours: float) -> None:
        self.passing(hours)
        one = BY_KEY[key]
        sure = sure or one.confirm == 1
        found = Finding(one, self.now, value, one.severity if sure else Severity.WATCH, one.limit, confirmed=sure)
        desk = desks.found(self.desk, found)
        assert any((alert.family, alert.direction) == (one.family, one.direction) for alert in desk.open())
        assert desks.found(desk, found) == desk, "the same finding again changes nothing"
        self.desk = desk

    @rule(signal=st.sampled_from(["weight", "sbp", "hr"]), value=st.floats(40, 250))
    def value(self, signal: str, value: float) -> None:
        desk = desks.measured(self.desk, signal, value, self.now)
        assert desks.measured(desk, signal, value, self.now) == desk
        self.desk = desk

    @rule(hours=HOURS)
    def passing(self, hours: float) -> None:
        self.now += timedelta(hours=hours)
        desk = desks.ticked(self.desk, self.now)
        assert desks.ticked(desk, self.now) == desk
        self.desk = desk

    @precondition(lambda self: self.desk.open())
    @rule(pick=st.integers(0, 9), kind=st.sampled_from(list(Kind)), until=HOURS)
    def anything(self, pick: int, kind: Kind, until: float) -> None:
        alert = self.desk.alerts[pick % len(self.desk.alerts)]
        event = Event(
            self.event_id(), kind, "nurse", "because", "patient", value=200.0, until=self.now + timedelta(hours=1 + until)
        )
        severe = kind is Kind.HELD and alert.severity is Severity.ACT_NOW
        if kind not in TRANSITIONS[alert.state] or severe:
            with pytest.raises(Conflict):
                step(alert, event, self.now)
            return
        changed = step(alert, event, self.now)
        assert changed.state is TRANSITIONS[alert.state][kind]
        assert step(changed, event, self.now) is changed, "delivered twice, it counts once"
        self.desk = self.desk.with_alert(changed)

    @rule(direction=st.sampled_from([HIGH, LOW]), hours=st.floats(1, 400))
    def snooze(self, direction: str, hours: float) -> None:
        mute = Mute(direction, "", self.now + timedelta(hours=hours), Severity.ACT_NOW, "nurse", "known")
        before = {alert.alert_id: alert.held_until for alert in self.desk.open()}
        self.desk = desks.snoozed(self.desk, mute, (), self.event_id(), self.now)
        for alert in self.desk.open():
            if alert.direction != direction or alert.severity is Severity.ACT_NOW:
                assert alert.held_until == before[alert.alert_id]

    @rule(key=KEYS)
    def back(self, key: str) -> None:
        before = {alert.alert_id for alert in self.desk.open()}
        self.desk = desks.recovered(self.desk, BY_KEY, {key}, self.now)
        for alert in self.desk.alerts:
            if alert.alert_id in before and not alert.open:
                assert all(BY_KEY[one].recovery for one in alert.rules)

    @invariant()
    def nothing_ends_without_a_person_or_a_named_rule(self) -> None:
        assert self.desk.raised == len(self.desk.alerts)
        for alert in self.desk.alerts:
            if not alert.open:
                last = next(entry for entry in alert.timeline if entry.state is State.RESOLVED)
                assert (last.kind is Kind.RESOLVED and last.who and last.why) or (last.kind is Kind.RECOVERED and last.why)
            else:
                assert next_due(alert) is not None

    @invariant()
    def severity_never_goes_down(self) -> None:
        for alert in self.desk.alerts:
            assert alert.severity >= self.severity.get(alert.alert_id, Severity.UNKNOWN)
            self.severity[alert.alert_id] = alert.severity
            line = [entry.severity for entry in alert.timeline]
            assert line == sorted(line)

    @invariant()
    def the_timeline_is_a_walk_through_the_table(self) -> None:
        for alert in self.desk.alerts:
            state = State.RAISED
            assert alert.timeline[0].kind is Kind.RAISED
            for entry in alert.timeline[1:]:
                state = TRANSITIONS[state][entry.kind]
                assert entry.state is state
            assert state is alert.state

    @invariant()
    def one_open_alert_for_each_family_and_direction(self) -> None:
        names = [(alert.family, alert.direction) for alert in self.desk.open()]
        assert len(names) == len(set(names))


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


def test_recovery_names_are_a_closed_list() -> None:
    assert {rule.recovery for rule in RULES} <= set(RECOVERIES)
