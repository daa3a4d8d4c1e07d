"""What is usual for a person calls nobody, what several signals say together is told, and nothing of that touches what is severe."""

from __future__ import annotations

import pytest

from core.alerts.baseline import Level
from core.alerts.combined import Seen, combined
from core.alerts.readings import Reading
from core.alerts.rules import HIGH, Part, Rule
from core.alerts.rules_table import RULES
from core.alerts.states import Alert
from core.alerts.usual import hardly_above
from core.trends.judgement import Severity
from tests.alerts.given import act, at, gain, one, run

BY_KEY = {rule.key: rule for rule in RULES}
UNITS = {"sbp": "mm[Hg]", "hr": "/min", "spo2": "%", "glucose": "mg/dL", "weight": "kg"}


def days(signal: str, *values: float, first: int = 0) -> list[Reading]:
    return [one(first + day, value, UNITS[signal], signal) for day, value in enumerate(values)]


def found(alerts: list[Alert], family: str) -> list[Alert]:
    return [alert for alert in alerts if alert.family == family]


NOISY = (80.3, 79.8, 80.4, 79.7, 80.2, 80.5, 79.9, 80.1)


def test_back_from_a_low_weight_is_for_a_look_and_above_the_own_level_is_not() -> None:
    usual = gain(run([*days("weight", *NOISY, 79.3, 80.3, 80.3)], until=14))
    assert usual.severity is Severity.WATCH
    assert dict(usual.evidence[0].facts)["own_level"] == pytest.approx(80.1)
    assert gain(run([*days("weight", *NOISY, 80.2, 81.7, 81.6)], until=14)).severity is Severity.ACT_SOON
    short = gain(run([*days("weight", *NOISY[:4], 79.3, 80.3, 80.3)]))
    assert short.severity is Severity.ACT_SOON, "with fewer than seven days the published rule stands alone"


def test_a_wide_spread_never_hides_five_pounds_and_a_narrow_one_never_the_published_gain() -> None:
    wide, narrow = Level(80, 30, 28, 1, 28), Level(80, 0, 28, 1, 28)
    assert hardly_above(82.2, wide)
    assert not hardly_above(82.27, wide)
    assert hardly_above(80.8, narrow)
    assert not hardly_above(80.9, narrow)
    assert not hardly_above(81, None)


def test_where_a_person_lives_is_for_a_look_only_after_somebody_on_the_team_has_ended_it_once() -> None:
    values = [90, 91, 90, 91, 90, 91, 90, 91, 90, 91]
    never = found(run(days("spo2", *values)).alerts, "spo2")
    assert [alert.severity for alert in never] == [Severity.ACT_SOON]
    after = found(run(days("spo2", *values), act(8.5, "resolve")).alerts, "spo2")
    assert [(alert.open, alert.severity) for alert in after] == [(False, Severity.ACT_SOON), (True, Severity.WATCH)]
    worse = found(run(days("spo2", *values, 86, 86), act(8.5, "resolve")).alerts, "spo2")
    assert worse[-1].severity is Severity.ACT_SOON
    severe = found(run(days("spo2", *values, 83), act(8.5, "resolve")).alerts, "spo2")
    assert severe[-1].severity is Severity.ACT_NOW


def test_a_fast_pulse_and_a_little_less_oxygen_are_told_together_at_one_time() -> None:
    usual = [*days("spo2", 97, 96, 97, 98, 97, 96, 97, 97), *days("hr", 70, 74, 68, 72, 71, 69, 73, 70)]
    ill = run([*usual, one(8, 95, "%", "spo2"), one(8, 84, "/min", "hr")])
    (alert,) = [alert for alert in ill.alerts if "breathing_worse" in alert.rules]
    assert (alert.severity, alert.raised_at, alert.signal, alert.direction) == (Severity.ACT_SOON, at(8), "spo2", "low")
    assert {name for name, _ in alert.evidence[0].facts} >= {"score", "spo2", "hr"}
    for alone in (
        [one(8, 94, "%", "spo2"), one(8, 71, "/min", "hr")],
        [one(8, 97, "%", "spo2"), one(8, 140, "/min", "hr")],
        [one(8, 94, "%", "spo2"), one(8.6, 84, "/min", "hr")],
    ):
        assert not [alert for alert in run([*usual, *alone]).alerts if "breathing_worse" in alert.rules]


def test_one_value_cannot_carry_a_combined_rule_alone() -> None:
    level = Level(100, 1, 28, 1, 28)
    rule = Rule(
        "x",
        "combined",
        "sbp",
        HIGH,
        2.6,
        Severity.ACT_SOON,
        "x",
        2026,
        "our_choice",
        within=28,
        least=7,
        floor=0.75,
        parts=(Part("sbp", HIGH, 1), Part("hr", HIGH, 1)),
    )
    far, near, none = Seen(at(0), 100000, level), Seen(at(0), 100.1, level), Seen(at(0), 99, Level(100, 1, 3, 1, 3))
    assert (got := combined(rule, {"sbp": far, "hr": near}, at(0))) is not None
    assert got.score == 0
    assert combined(rule, {"sbp": far, "hr": none}, at(0)) is None
    assert combined(rule, {"sbp": far}, at(0)) is None
    assert all(value * 2 <= 3.5 * 2 for _, value in got.parts)


def test_a_large_rise_of_pressure_or_sugar_needs_no_second_reading_and_a_small_one_does() -> None:
    pressure, sugar = (120, 124, 118, 122, 121, 119, 123, 120), (110, 114, 108, 112, 111, 109, 113, 110)
    assert [alert.severity for alert in run([*days("sbp", *pressure, 145)]).alerts] == [Severity.ACT_SOON]
    assert run([*days("sbp", *pressure, 134)]).alerts == [], "below what is high at home"
    assert [alert.severity for alert in run([*days("glucose", *sugar, 165)]).alerts] == [Severity.ACT_SOON]
    assert [alert.direction for alert in run([*days("glucose", *sugar, 80)]).alerts] == ["low"]
    assert run([*days("glucose", *(value + 80 for value in sugar), 160)]).alerts == [], "unusually low, and not low"


def test_a_drift_of_pressure_over_weeks_is_for_a_look() -> None:
    (alert,) = run(days("sbp", *(110 + 0.85 * day for day in range(30)))).alerts
    assert (alert.rules, alert.severity) == (("sbp_drift",), Severity.WATCH)


def test_a_sensor_of_glucose_is_watched_like_a_meter() -> None:
    for value, severity in ((53, 3), (65, 1), (251, 1), (54, 1), (120, 0)):
        alerts = run([Reading(at(0), 1, "cgm_glucose", value)]).alerts
        assert max((int(alert.severity) for alert in alerts), default=0) == severity
    three = [Reading(at(n / 288), 1, "cgm_glucose", 65) for n in range(3)]
    assert [alert.severity for alert in run(three).alerts] == [Severity.ACT_SOON]
