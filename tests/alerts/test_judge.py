"""One function makes a person's alerts of everything that is known: again and again, in any order, and nothing is said twice."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.alerts import desk as desks
from core.alerts.desk import Desk
from core.alerts.happening import Happening
from core.alerts.judge_all import judge, looked
from core.alerts.own import Expected, Limit, Own
from core.alerts.readings import Reading
from core.alerts.states import Alert, Kind, State
from core.errors import BadInput
from core.trends.judgement import Severity
from tests.alerts.given import at, events, one, run, weights

OWN = Own()
QUIET = Own(expected=())


def day_by_day(readings: list[Reading], until: int, own: Own = QUIET, desk: Desk | None = None) -> Desk:
    """A worker that looks four times a day."""
    desk = desk or Desk()
    for quarter in range(4 * until + 1):
        now = at(quarter / 4)
        desk = judge(desk, [one for one in readings if one.at <= now], (), own, now)
    return desk


def only(desk: Desk) -> Alert:
    assert len(desk.alerts) == 1, [one.alert_id for one in desk.alerts]
    return desk.alerts[0]


def test_a_gain_is_raised_once_however_often_it_is_looked_at() -> None:
    rows = weights((0, 200), (1, 205))
    desk = judge(Desk(), rows, (), QUIET, at(1.01))
    alert = only(desk)
    assert (alert.severity, alert.evidence[0].value) == (Severity.ACT_SOON, rows[1].value)
    assert judge(desk, rows, (), QUIET, at(1.01)) == desk
    assert judge(desk, [*rows, *rows], (), QUIET, at(1.01)) == desk


def test_what_a_person_ended_is_not_raised_again_by_the_same_readings() -> None:
    rows = weights((0, 200), (1, 205))
    desk, _ = desks.acted(judge(Desk(), rows, (), QUIET, at(1.01)), Kind.RESOLVED, "", ("r", "nurse", "seen"), at(1.1))
    desk = judge(desk, rows, (), QUIET, at(1.2))
    assert desk.open() == ()
    swept, _ = desk.swept()
    again = judge(swept, [*rows, *weights((3, 210))], (), QUIET, at(3.1))
    assert len(again.open()) == 1, "a further gain is a new alert"


def test_a_reading_that_comes_late_speaks_when_it_comes_and_the_chain_begins_then() -> None:
    fine, low = one(0.5, 97, "%", "spo2"), one(0.3, 80, "%", "spo2")
    desk = judge(Desk(), [fine], (), QUIET, at(0.6))
    assert desk.alerts == ()
    alert = only(judge(desk, [fine, low], (), QUIET, at(0.9)))
    assert (alert.raised_at, alert.evidence[0].at) == (at(0.9), at(0.3))
    assert {entry.at for entry in alert.timeline} == {at(0.9)}


def test_an_earlier_weight_that_comes_late_makes_a_later_one_speak() -> None:
    first, second = weights((0, 200), (1, 205))
    desk = judge(Desk(), [second], (), QUIET, at(1.1))
    assert desk.alerts == ()
    assert only(judge(desk, [second, first], (), QUIET, at(1.2))).severity is Severity.ACT_SOON


def test_what_is_older_than_the_first_look_and_what_is_ahead_say_nothing() -> None:
    old, ahead = one(0, 80, "%", "spo2"), one(9, 80, "%", "spo2")
    found = looked(Desk(), [old, ahead], (), QUIET, at(5))
    assert found.desk.alerts == ()
    assert [issue.code for issue in found.issues] == ["ahead"]
    assert judge(found.desk, [old], (), QUIET, at(5.5)).alerts == (), "nor at the second look"
    assert len(judge(found.desk, [old, ahead], (), QUIET, at(9)).alerts) == 1


def test_a_night_without_a_worker_is_one_chain_told_when_it_is_back() -> None:
    desk = judge(Desk(), [one(0, 80, "%", "spo2")], (), QUIET, at(0))
    alert = only(judge(desk, [one(0, 80, "%", "spo2")], (), QUIET, at(2)))
    told = [entry.at for entry in alert.timeline if entry.to]
    assert len(told) <= 8
    assert set(told) == {at(0), at(2)}


def test_two_readings_back_in_range_end_it_and_old_ones_do_not() -> None:
    before = [one(0.1 * part, 80, "/min", "hr") for part in range(3)]
    high = [one(1, 140, "/min", "hr"), one(1.01, 141, "/min", "hr")]
    desk = judge(Desk(), [*before, *high], (), QUIET, at(1.02))
    assert only(desk).open
    assert only(judge(desk, [*before, *high], (), QUIET, at(1.5))).open
    after = [one(1.6, 80, "/min", "hr"), one(1.7, 80, "/min", "hr")]
    ended = only(judge(desk, [*before, *high, *after], (), QUIET, at(1.8)))
    assert (ended.state, ended.timeline[-1].why) == (State.RESOLVED, "back_in_range")


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_in_any_order_and_in_any_portions_the_same_alerts_are_open_and_nothing_is_lost(data: st.DataObject) -> None:
    """However readings trickle in, what is severe is open at the end, and the last look again changes nothing."""
    values = data.draw(
        st.lists(
            st.tuples(st.integers(0, 24), st.sampled_from([200, 181, 120, 85])), min_size=1, max_size=12, unique_by=lambda x: x[0]
        )
    )
    rows = [one(hour / 24, value, "mm[Hg]", "sbp") for hour, value in values]
    mixed = data.draw(st.permutations(rows))
    desk, have = judge(Desk(), [], (), QUIET, at(0)), []
    for count, row in enumerate(mixed):
        have.append(row)
        desk = judge(desk, have, (), QUIET, at(1 + count / 24))
    assert judge(desk, rows, (), QUIET, desk.judged_until or at(2)) == desk
    severe = any(row.value > 180 for row in rows)
    assert severe == any(alert.open and alert.severity is Severity.ACT_NOW for alert in desk.alerts)


SERIES = st.lists(
    st.tuples(st.sampled_from([0.02, 0.3, 1, 1, 1.5, 4]), st.sampled_from(["weight", "sbp", "hr", "spo2"]), st.integers(-3, 5)), min_size=1, max_size=30
)  # fmt: skip
SCALE = {"weight": (80, 0.7, "kg"), "sbp": (125, 12, "mm[Hg]"), "hr": (75, 12, "/min"), "spo2": (94, -2, "%")}


@settings(max_examples=60, deadline=None)
@given(rows=SERIES)
def test_the_worker_and_the_replay_tell_the_same_of_the_same_readings(rows: list[tuple[float, str, int]]) -> None:
    """Two ways to the same rules: one that remembers everything, one that looks anew at each reading and remembers what it said."""
    day, readings = 0.5, []
    for gap, signal, by in rows:
        day += gap
        middle, size, unit = SCALE[signal]
        readings.append(one(day, middle + size * by, unit, signal))
    desk = judge(Desk(), [], (), QUIET, at(0))
    for count, row in enumerate(readings, start=1):
        desk = judge(desk, readings[:count], (), QUIET, row.at)
    told = [(alert.family, alert.direction, alert.severity, alert.open, alert.raised_at) for alert in run(readings).alerts]
    assert sorted((alert.family, alert.direction, alert.severity, alert.open, alert.raised_at) for alert in desk.alerts) == sorted(
        told
    )


# ------------------------------------------------------------------------------------------------------------------ own limits


def test_a_limit_of_ones_own_takes_the_place_of_the_usual_one_and_the_floor_stays() -> None:
    own = Own((Limit("sbp", 95, 175),), ())
    for value, severity in ((165, None), (176, 1), (181, 3), (95, 1)):
        open_now = judge(Desk(), [one(0, value, "mm[Hg]", "sbp")], (), own, at(0)).open()
        assert [int(alert.severity) for alert in open_now] == ([] if severity is None else [severity]), value
    (added,) = judge(Desk(), [one(0, 96, "kg")], (), Own((Limit("weight", None, 95),), ()), at(0)).open()
    assert added.direction == "high"


@pytest.mark.parametrize(
    "limit",
    [Limit("sbp"), Limit("sbp", 100, 190), Limit("sbp", 80, 140), Limit("sbp", 150, 140), Limit("glucose", 50), Limit("spo2", 80), Limit("hr", None, 150),
     Limit("weight", None, float("nan")), Limit("weight", 0.1), Limit("mood_ring", 1), Limit("bp_panel", 1, 2), Limit("temp", None, float("inf"))],
)  # fmt: skip
def test_a_limit_that_cannot_be_or_loosens_a_floor_is_refused(limit: Limit) -> None:
    with pytest.raises(BadInput) as refused:
        judge(Desk(), [], (), Own((limit,)), at(0))
    assert refused.value.facts["place"]


def test_on_the_second_scale_88_to_92_is_meant_to_be_so() -> None:
    rows = [one(0, 89, "%", "spo2"), one(0.1, 89, "%", "spo2")]
    assert judge(Desk(), rows, (), Own(expected=(), spo2_scale2=True), at(0.2)).alerts == ()
    assert len(judge(Desk(), rows, (), QUIET, at(0.2)).alerts) == 1


# ---------------------------------------------------------------------------------------------------------------------- silence


def test_a_silence_is_longer_than_usual_for_this_person_and_ends_with_data() -> None:
    daily = [one(day, 80, "kg") for day in range(10)]
    weekly = [one(7 * day - 60, 80, "kg") for day in range(10)]
    assert judge(Desk(), daily, (), OWN, at(11.9)).alerts == ()
    desk = judge(Desk(), daily, (), OWN, at(12.2))
    assert only(desk).family == "silent:scale"
    assert judge(desk, daily, (), OWN, at(13)).open()
    assert judge(Desk(), weekly, (), OWN, at(14)).alerts == ()
    ended = only(judge(desk, [*daily, one(14, 80, "kg")], (), OWN, at(14)))
    assert ended.timeline[-1].why == "data_again"


def test_a_silence_that_a_person_ended_stays_ended_until_data_came_and_stopped_again() -> None:
    daily = [one(day, 80, "kg") for day in range(10)]
    desk, _ = desks.acted(judge(Desk(), daily, (), OWN, at(12.2)), Kind.RESOLVED, "", ("r", "nurse", "on a trip"), at(12.3))
    for day in range(13, 40):
        desk = judge(desk, daily, (), OWN, at(day))
        assert desk.open() == ()
    assert judge(desk, [*daily, one(40, 80, "kg")], (), OWN, at(44)).open()


def test_nothing_is_expected_in_a_pause_or_before_it_is_due() -> None:
    daily = [one(day, 80, "kg") for day in range(10)]
    desk = judge(Desk(), daily, (), OWN, at(12.2))
    paused = judge(desk, daily, (), Own(paused_until=at(30)), at(12.3))
    assert only(paused).timeline[-1].why == "not_expected"
    assert judge(paused, daily, (), Own(paused_until=at(30)), at(32)).open() == ()
    assert judge(paused, daily, (), Own(paused_until=at(30)), at(33.5)).open()
    asked = Expected("scale", ("weight",), every_days=2, not_before=at(12))
    assert judge(Desk(), daily, (), Own(expected=(asked,)), at(13.9)).alerts == ()
    assert judge(Desk(), [], (), Own(expected=(asked,)), at(14.1)).alerts, "also where there never was anything"


# -------------------------------------------------------------------------------------------------------------------- happenings


@pytest.mark.parametrize(
    ("kind", "value", "severity", "ends"),
    [
        ("dose_missed", 1, 2, "dose_logged"), ("dose_not_logged", 1, 1, "dose_logged"), ("interaction", 1, 2, "no_longer_taken"), ("stock_out", 1, 2, "stock_filled"),
        ("skin_check", 1, 2, "reviewed"), ("wound_growing", 1, 2, "reviewed"), ("irregular_rhythm", 1, 2, ""), ("phq9_item9", 1, 3, ""), ("phq9_item9", 3, 3, ""),
        ("phq9", 21, 2, ""), ("phq9", 16, 1, ""), ("gad7", 15, 1, ""), ("acvpu", 1, 3, ""),
    ],
)  # fmt: skip
def test_a_happening_is_an_alert_and_ends_by_its_own_recovery_or_by_a_person(
    kind: str, value: float, severity: int, ends: str
) -> None:
    it = Happening(kind, "h1", at(0), "subject", value)
    desk = judge(Desk(), [], [it], QUIET, at(0))
    assert (int(only(desk).severity), only(desk).family.split(":")[-1]) == (severity, "subject")
    assert judge(desk, [], [it, it], QUIET, at(0)) == desk
    over = [it, Happening(kind, "h1", at(0.5), "subject", 0)]
    after = only(judge(desk, [], over, QUIET, at(0.6)))
    assert after.open is (ends == "")
    if ends:
        assert after.timeline[-1].why == ends
        assert judge(Desk(), [], over, QUIET, at(0.6)).alerts == (), "what is over already is not raised"


def test_two_medicines_are_two_alerts_and_one_of_them_ends_alone() -> None:
    both = [Happening("stock_out", "a", at(0), "m1"), Happening("stock_out", "b", at(0), "m2")]
    desk = judge(Desk(), [], [*both, Happening("stock_out", "c", at(0.1), "m1", 0)], QUIET, at(0.05))
    assert len(desk.open()) == 2
    desk = judge(desk, [], [*both, Happening("stock_out", "c", at(0.1), "m1", 0)], QUIET, at(0.2))
    assert [one.family for one in desk.open()] == ["stock:m2"]


def test_a_dose_nobody_logged_and_then_known_as_missed_is_one_alert_that_got_worse() -> None:
    rows = [Happening("dose_not_logged", "d", at(0), "m1"), Happening("dose_missed", "d", at(0.1), "m1")]
    desk = judge(Desk(), [], rows, QUIET, at(0.2))
    assert (only(desk).severity, events(only(desk))[:2]) == (Severity.ACT_SOON, ["raised", "worsened"])
    assert not only(judge(desk, [], [*rows, Happening("dose_missed", "d", at(0.3), "m1", 0)], QUIET, at(0.4))).open


@pytest.mark.parametrize(
    "bad",
    [Happening("luck", "a", at(0)), Happening("stock_out", " ", at(0)), Happening("stock_out", "a", at(0), value=float("nan"))],
)
def test_a_happening_that_is_none_is_refused(bad: Happening) -> None:
    with pytest.raises(BadInput):
        judge(Desk(), [], [bad], QUIET, at(0))


def test_news2_of_one_round_is_scored_and_a_three_alone_asks_for_a_look() -> None:
    def round_of(values: dict[str, float], **more: float) -> list[Reading]:
        return [
            Reading(at(0) + timedelta(minutes=n), 1, signal, value) for n, (signal, value) in enumerate({**values, **more}.items())
        ]

    well = {"rr": 16.0, "spo2": 97.0, "temp": 37.0, "sbp": 120.0, "hr": 70.0, "on_oxygen": 0.0, "acvpu": 0.0}
    assert judge(Desk(), round_of(well), (), QUIET, at(0.1)).alerts == ()
    alone = {alert.family for alert in judge(Desk(), round_of(well, rr=25), (), QUIET, at(0.1)).alerts}
    assert alone == {"news2_part", "rr"}
    ill = judge(Desk(), round_of(well, rr=22, spo2=93, temp=38.5, sbp=105, hr=112), (), QUIET, at(0.1))
    assert [(alert.family, int(alert.severity)) for alert in ill.alerts] == [("news2", 3)]
    part = round_of({key: well[key] for key in ("rr", "spo2", "temp", "sbp")})
    assert [issue.code for issue in looked(Desk(), part, (), QUIET, at(0.1)).issues] == ["news2_incomplete"]


def test_looking_often_and_looking_once_open_the_same_alerts() -> None:
    noise = random.Random(3)
    rows = [one(day, 80 + 0.3 * day + noise.uniform(-0.2, 0.2), "kg") for day in range(20)]
    often = day_by_day(rows, 20)
    assert {alert.family for alert in often.open()} == {"weight_gain"}
    assert len(often.alerts) == 1
