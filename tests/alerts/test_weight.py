"""Replays of weights: each fires, stays open until somebody acts, and comes back when it gets worse."""

from __future__ import annotations

import random

import pytest

from core.alerts.rules import Rule
from core.alerts.rules_json import with_own
from core.alerts.rules_table import RULES
from core.alerts.states import State
from core.trends.judgement import Severity
from tests.alerts.given import act, at, events, gain, one, run, weights


def test_two_readings_of_200_and_205_pounds_fire_whichever_day_of_the_week_the_second_is() -> None:
    for later in (1, 2, 6, 7):
        alert = gain(run(weights((0, 200), (later, 205))))
        assert alert.open
        assert alert.severity is Severity.ACT_SOON
        assert alert.raised_at == at(later)


def test_two_readings_on_one_day_fire_too() -> None:
    assert gain(run(weights((0, 200), (0.1, 205)))).severity is Severity.ACT_SOON


def test_nine_tenths_of_a_pound_a_day_for_a_week_fires_when_five_pounds_are_reached() -> None:
    alert = gain(run(weights(*((day, 200 + 0.9 * day) for day in range(8)))))
    assert alert.raised_at == at(6)
    assert "weight_week" in alert.rules
    assert alert.open


def test_twelve_pounds_after_a_gap_of_eight_days_fire() -> None:
    said = run(weights(*((day, 200) for day in range(5)), (12, 212)))
    alert = gain(said)
    assert alert.raised_at == at(12)
    assert alert.severity is Severity.ACT_SOON
    assert said.evidence[alert.alert_id][0].rule.key == "weight_gap"
    assert alert.open


@pytest.mark.parametrize("gap", [15, 30, 60, 90])
def test_a_gain_over_a_long_gap_fires_and_says_since_when(gap: int) -> None:
    said = run(weights((0, 200), (gap, 212)))
    assert said.evidence[gain(said).alert_id][0].since == at(0).isoformat()


def test_a_gap_of_more_than_ninety_days_is_not_compared() -> None:
    assert run(weights((0, 200), (91, 212))).alerts == []


def test_a_jump_that_persists_stays_open_however_long_and_is_never_absorbed() -> None:
    said = run(weights(*((day, 200) for day in range(14)), *((day, 205) for day in range(14, 60))), until=90)
    alert = gain(said)
    assert alert.raised_at == at(14)
    assert alert.open
    assert alert.state is State.ESCALATED
    assert "expired" in events(alert), "nobody acted: that is said"
    assert "recovered" not in events(alert)


def test_weight_that_comes_down_again_does_not_end_the_alert() -> None:
    assert gain(run(weights((0, 200), (1, 205), (2, 200), (3, 200), (9, 200)), until=20)).open


def test_three_more_pounds_inside_a_mute_bring_it_back_at_once() -> None:
    said = run(weights((0, 200), (1, 205), (2, 208)), act(1.1, "snooze", "weight", "high", 72), until=2.1)
    alert = gain(said)
    assert events(alert).index("held") < events(alert).index("worsened")
    assert alert.held_until is None
    again = [entry for entry in alert.timeline if entry.kind.value == "notified" and entry.at == at(2)]
    assert [entry.to for entry in again] == ["patient"]


def test_three_more_pounds_come_back_also_when_no_window_speaks_of_them() -> None:
    slow = [(day, 205 + 0.1 * (day - 1)) for day in range(2, 32)]
    alert = gain(run(weights((0, 200), (1, 205), *slow), act(1.1, "ack")))
    assert "worsened" in events(alert)[events(alert).index("acknowledged") :]


def test_what_is_new_inside_a_mute_is_held_until_it_ends_unless_it_is_worse_by_a_step() -> None:
    said = run(weights((0, 200), (1, 202)), act(0.5, "snooze", "weight", "high", 48), until=4)
    alert = gain(said)
    assert "held" not in events(alert), "two pounds in a day are as much as the step: a snooze doesn't hold what got worse"
    beats = [one(0, 128, unit="/min", signal="hr"), one(0.2, 132, unit="/min", signal="hr")]
    (alert,) = run(beats, act(0.1, "snooze", "", "high", 48), until=2.2).alerts
    assert events(alert) == ["raised", "held", "released", "notified"]
    assert alert.timeline[2].at == at(2.1)


def test_an_acknowledged_alert_comes_back_when_worse_and_when_nobody_finished() -> None:
    worse = gain(run(weights((0, 200), (1, 205), (2, 207)), act(1.1, "ack")))
    assert worse.state is State.NOTIFIED
    assert events(worse)[-2:] == ["worsened", "notified"]
    forgotten = gain(run(weights((0, 200), (1, 205)), act(1.1, "ack"), until=5))
    assert "lapsed" in events(forgotten)
    assert forgotten.state is State.ESCALATED


@pytest.mark.parametrize(("further", "comes_back"), [(71.1, True), (71.09, False)])
def test_a_step_that_is_just_reached_brings_it_back(further: float, comes_back: bool) -> None:
    alert = gain(run(weights((0, 67.0), (1, 70.2), (2, further), unit="kg"), act(1.1, "ack")))
    assert ("worsened" in events(alert)[events(alert).index("acknowledged") :]) is comes_back


def test_what_nobody_measures_again_is_believed_after_thirty_hours() -> None:
    alert = gain(run(weights((0, 200), (1, 202)), until=3))
    believed = next(entry for entry in alert.timeline if entry.why == "not_measured_again")
    assert believed.at == at(1 + 30 / 24)
    assert alert.severity is Severity.ACT_SOON
    for spared in (run(weights((0, 200), (1, 202), (2, 200)), until=9), run(weights((0, 200), (1, 202)), act(1.5, "ack"), until=3)):
        assert gain(spared).severity is Severity.WATCH


def test_who_resolves_it_ends_it_and_the_next_gain_is_a_new_alert() -> None:
    said = run(weights((0, 200), (1, 205), (2, 205), (10, 206), (11, 212)), act(1.5, "resolve"))
    first, second = said.alerts
    assert first.timeline[-1].who == "nurse"
    assert first.timeline[-1].why == "seen"
    assert not first.open
    assert second.open
    assert second.alert_id != first.alert_id


def test_pounds_and_kilograms_in_any_order_are_one_series() -> None:
    mixed = [one(0, 200), one(1, 90.9, "kg"), one(2, 93.0, "kg"), one(2.01, 205.03)]
    told = [(alert.raised_at, alert.severity) for alert in run(mixed).alerts]
    assert told == [(alert.raised_at, alert.severity) for alert in run(mixed[::-1]).alerts]
    assert told[0][0] == at(2)


def test_a_row_twice_is_a_duplicate_and_confirms_nothing() -> None:
    rows = weights((0, 200), (1, 202.5))
    said = run([*rows, *rows, one(1, 202.5 * 0.45359237, "kg")])
    assert gain(said).severity is Severity.WATCH
    assert [issue.code for issue in said.issues] == ["duplicate"] * 3


def test_a_gain_of_a_day_is_a_watch_until_the_next_reading_says_the_same() -> None:
    assert gain(run(weights((0, 200), (1, 202)))).severity is Severity.WATCH
    alert = gain(run(weights((0, 200), (1, 202), (2, 202))))
    assert alert.severity is Severity.ACT_SOON
    assert gain(run(weights((0, 200), (1, 202), (2, 200)))).open, "said once is open too"


@pytest.mark.parametrize(
    ("first", "second", "days", "fires"),
    [
        (80.0, 80.9, 1, True), (70.2, 71.1, 1, True), (80.0, 80.89, 1, False), (80.0, 82.3, 7, True), (71.3, 73.6, 7, True), (80.0, 82.26, 7, False),
        (80.0, 80.9, 2, False), (80.0, 82.3, 8, True),
    ],
)  # fmt: skip
def test_a_limit_that_is_just_reached_fires(first: float, second: float, days: int, fires: bool) -> None:
    assert bool(run(weights((0, first), (days, second), unit="kg")).alerts) is fires


def test_two_pounds_and_five_pounds_as_a_scale_shows_them_are_enough() -> None:
    for start in range(100, 400):
        assert run(weights((0, start), (1, start + 2))).alerts, start
        assert run(weights((0, start), (7, start + 5))).alerts, start


def test_a_day_is_a_day_of_the_persons_own_calendar_also_when_the_clock_changes() -> None:
    berlin = "Europe/Berlin"
    evening, morning = one(82.95, 80, "kg", zone=berlin), one(84, 80.9, "kg", zone=berlin)  # 29 March 2026 has 23 hours
    assert morning.day - evening.day == 1
    assert run([evening, morning]).alerts
    assert not run([one(82.5, 80, "kg", zone=berlin), one(84, 80.9, "kg", zone=berlin)]).alerts


def test_several_readings_a_day_are_compared_with_the_lowest_before_and_raise_one_alert() -> None:
    rows = [one(day + part / 10, 90 + 0.2 * part, "kg") for day in range(20) for part in range(4)]
    assert run(rows).alerts == []
    assert len(run([*rows, *(one(20 + part / 10, 93 + 0.2 * part, "kg") for part in range(4))]).alerts) == 1


def test_a_slow_gain_over_three_weeks_is_told_as_a_drift_for_a_look() -> None:
    said = run(weights(*((day, 200 + 2 * day / 7) for day in range(29))))
    alert = gain(said)
    assert alert.rules[0] == "weight_drift"
    assert alert.severity is Severity.WATCH
    assert at(14) < alert.raised_at <= at(25)


def test_noise_of_a_pound_does_not_hide_five_pounds() -> None:
    noise = random.Random(7)
    for _ in range(30):
        before = [(day, 200 + noise.uniform(-0.5, 0.5)) for day in range(10)]
        after = [(day, 206 + noise.uniform(-0.5, 0.5)) for day in range(10, 14)]
        alert = gain(run(weights(*before, *after)))
        assert alert.raised_at == at(10)
        assert alert.severity is Severity.ACT_SOON


def test_somebody_else_on_the_scale_is_a_data_issue_and_no_reference() -> None:
    said = run(weights((0, 180), (1, 180), (2, 120), (3, 180), (4, 180)))
    assert said.alerts == []
    assert [issue.code for issue in said.issues] == ["jump_unlikely", "jump_not_confirmed"]


def test_pounds_written_as_kilograms_are_a_data_issue_and_a_big_jump_is_looked_at() -> None:
    slip = run([one(0, 80, "kg"), one(1, 176, "kg"), one(2, 80, "kg")])
    assert slip.alerts == []
    assert slip.issues[0].code == "jump_unlikely"
    assert gain(run(weights((0, 200), (1, 230)))).severity is Severity.WATCH
    assert gain(run(weights((0, 200), (1, 230), (2, 231)))).severity is Severity.ACT_SOON


def test_a_gain_that_goes_on_beyond_what_is_likely_is_believed_at_the_second_reading() -> None:
    alert = gain(run(weights((0, 200), (1, 218), (2, 226), (3, 234))))
    assert alert.severity is Severity.ACT_SOON
    assert alert.worst == one(3, 234).value


def test_a_loss_fires_nothing() -> None:
    assert run(weights(*((day, 220 - day) for day in range(30)))).alerts == []


def test_a_team_may_set_a_limit_for_a_person_in_both_directions() -> None:
    rules = with_own(RULES, [{"key": "weight_high", "limit": 95}, {"key": "weight_low", "limit": 85}])
    assert [alert.direction for alert in run(weights((0, 95), unit="kg"), rules=rules).alerts] == ["high"]
    assert [alert.direction for alert in run(weights((0, 85), unit="kg"), rules=rules).alerts] == ["low"]
    assert run(weights((0, 95), unit="kg")).alerts == []


def test_no_rule_about_a_gain_of_weight_may_recover_by_itself() -> None:
    mine = [rule for rule in RULES if rule.signal == "weight" and rule.kind in ("gain", "drift")]
    assert len(mine) == 4
    assert all(isinstance(rule, Rule) and rule.recovery == "" for rule in mine)
