"""A desk, its people, its channels and its clock in any order: no alert is lost, forgotten, softened or muted when it is severe."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.alerts import desk as desks
from core.alerts.chain import CHAIN
from core.alerts.desk import LONGEST_SNOOZE, Desk, Mute
from core.alerts.happening import Happening
from core.alerts.judge_all import judge
from core.alerts.own import Own
from core.alerts.readings import Reading
from core.alerts.states import Event, Kind, State, next_due
from core.errors import Conflict
from core.trends.judgement import Severity
from tests.alerts.given import at, one

LONGEST = max(
    LONGEST_SNOOZE,
    desks.MEASURED_AGAIN,
    *(max(times.expires_after, times.acting_for, times.acknowledged_for) for times in CHAIN.values()),
)
PLACES = st.sampled_from(["", "high", "low", "weight", "sbp", "spo2", "stock:m1"])
VALUES = st.sampled_from(
    [("weight", 80.0), ("weight", 81.0), ("weight", 83.5), ("weight", 86.0), ("sbp", 120.0), ("sbp", 165.0), ("sbp", 190.0), ("sbp", 85.0), ("spo2", 97.0), ("spo2", 90.0), ("spo2", 80.0)]
)  # fmt: skip
UNITS = {"weight": "kg", "sbp": "mm[Hg]", "spo2": "%"}


class Desks(RuleBasedStateMachine):
    """What the worker, the team, the patient and the channels can do to one person's desk."""

    @initialize()
    def begin(self) -> None:
        self.now, self.number = at(0), 0
        self.readings: list[Reading] = []
        self.happenings: list[Happening] = []
        self.known: dict[str, Severity] = {}
        self.desk = judge(Desk(), [], [], Own(), self.now)

    def _id(self) -> str:
        self.number += 1
        return f"e{self.number}"

    def _look(self) -> None:
        desk = judge(self.desk, self.readings, self.happenings, Own(), self.now)
        assert judge(desk, self.readings[::-1], self.happenings * 2, Own(), self.now) == desk, "looked at twice, it is said once"
        self.desk = desk

    @rule(value=VALUES, ago=st.integers(0, 48), hours=st.integers(0, 30))
    def reading(self, value: tuple[str, float], ago: int, hours: int) -> None:
        """Something measured so many hours ago comes now."""
        self.now += timedelta(hours=hours)
        made = one(max(0.0, (self.now - at(0)) / timedelta(days=1) - ago / 24), value[1], UNITS[value[0]], value[0])
        self.readings.append(made)
        self._look()
        if made.signal == "spo2" and made.value <= 83:
            assert any(alert.severity is Severity.ACT_NOW and alert.signal == "spo2" for alert in self.desk.alerts)

    @rule(over=st.booleans())
    def stock(self, over: bool) -> None:
        self.now += timedelta(minutes=1)
        self.happenings.append(Happening("stock_out", self._id(), self.now, "m1", 0.0 if over else 1.0))
        self._look()

    @rule(hours=st.integers(0, 24 * 9))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        desk = desks.resumed(self.desk, self.now)
        assert desks.resumed(desk, self.now) == desk
        self.desk = desk
        self._look()

    @rule(kind=st.sampled_from([Kind.ACKNOWLEDGED, Kind.ACTING, Kind.RESOLVED]), where=PLACES)
    def act(self, kind: Kind, where: str) -> None:
        by = (self._id(), "nurse", "seen")
        try:
            self.desk, how_many = desks.acted(self.desk, kind, where, by, self.now)
        except Conflict:
            return
        assert desks.acted(self.desk, kind, where, by, self.now + timedelta(hours=1)) == (self.desk, how_many), (
            "delivered twice, once"
        )
        if kind is Kind.RESOLVED and where == "":
            assert self.desk.open() == ()
        self._look()

    @rule(direction=st.sampled_from(["high", "low"]), signal=st.sampled_from(["", "weight", "sbp"]), hours=st.integers(1, 400))
    def snooze(self, direction: str, signal: str, hours: int) -> None:
        mute = Mute(direction, signal, self.now + timedelta(hours=hours), Severity.ACT_NOW, "nurse", "known")
        other = {alert.alert_id: alert.held_until for alert in self.desk.open() if alert.direction != direction}
        event_id = self._id()
        desk = desks.snoozed(self.desk, mute, (), event_id, self.now)
        assert desks.snoozed(desk, mute, (), event_id, self.now) == desk
        assert {alert.alert_id: alert.held_until for alert in desk.open() if alert.alert_id in other} == other
        self.desk = desk

    @precondition(lambda self: self.desk.alerts)
    @rule(pick=st.integers(0, 20), to=st.sampled_from(["patient", "caregiver", "coordinator", "on_call"]))
    def not_delivered(self, pick: int, to: str) -> None:
        alert = self.desk.alerts[pick % len(self.desk.alerts)]
        event = Event(self._id(), Kind.UNDELIVERED, to=to, why="no such address")
        desk = desks.undelivered(self.desk, alert.alert_id, event, self.now)
        assert desks.undelivered(desk, alert.alert_id, event, self.now) == desk
        assert any(one.family == f"dead_channel:{to}" for one in desk.open())
        self.desk = desk

    @invariant()
    def none_vanishes_and_severity_never_goes_down(self) -> None:
        ids = {alert.alert_id: alert.severity for alert in self.desk.alerts}
        assert set(self.known) <= set(ids)
        assert len(ids) == len(self.desk.alerts) == self.desk.raised
        assert all(ids[name] >= severity for name, severity in self.known.items())
        self.known = ids

    @invariant()
    def what_is_open_has_something_due_and_not_too_late(self) -> None:
        for alert in self.desk.open():
            due = next_due(alert)
            assert due is not None
            assert due[0] <= self.now + LONGEST

    @invariant()
    def what_is_severe_is_never_muted(self) -> None:
        assert all(alert.held_until is None for alert in self.desk.open() if alert.severity is Severity.ACT_NOW)

    @invariant()
    def an_end_has_a_name_and_a_timeline_goes_forward(self) -> None:
        for alert in self.desk.alerts:
            times = [entry.at for entry in alert.timeline]
            assert times == sorted(times)
            if not alert.open:
                end = next(entry for entry in alert.timeline if entry.state is State.RESOLVED)
                assert end.why
                assert end.who or end.kind is Kind.RECOVERED


TestDesks = Desks.TestCase
TestDesks.settings = settings(max_examples=30, stateful_step_count=20, deadline=None)
