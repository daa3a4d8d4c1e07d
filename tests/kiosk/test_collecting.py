from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.alerts.rules_table import _SEVERE
from core.domain.signals import SIGNALS
from core.kiosk import collecting
from core.kiosk.collecting import dangers, doubts, judge, mean_pressure, next_pressure
from core.kiosk.terms import Measure
from tests.kiosk.given import AT, pressure


def codes(measure: Measure, **values: float) -> set[tuple[str, str]]:
    return {(one.signal, one.code) for one in doubts(measure, values)}


def test_what_can_be_is_taken_and_what_cannot_is_measured_again_never_mended() -> None:
    assert judge(Measure.WEIGHT, {"weight": 71.4}).do == "take"
    assert codes(Measure.WEIGHT, weight=714.0) == {("weight", "too_high")}
    assert codes(Measure.TEMPERATURE, temp=9.8) == {("temp", "too_low")}
    assert codes(Measure.BLOOD_PRESSURE, sbp=80.0, dbp=120.0) == {("sbp", "not_above")}
    assert codes(Measure.BLOOD_PRESSURE, sbp=120.0) == {("dbp", "missing")}
    assert codes(Measure.OXYGEN, spo2=97.0, weight=3.0) == {("weight", "unknown")}
    assert codes(Measure.PULSE, hr=float("nan")) == {("hr", "no_number")}


def test_after_the_third_time_a_person_helps() -> None:
    assert [judge(Measure.WEIGHT, {"weight": 0.0}, before).do for before in (0, 1, 2, 3)] == ["again", "again", "help", "help"]


@pytest.mark.parametrize("measure", list(Measure))
def test_the_guard_range_is_that_of_the_signal(measure: Measure) -> None:
    for signal in collecting.NEEDED[measure]:
        low, high = SIGNALS[signal].plausible or (0.0, 0.0)
        rest = {"sbp": 160.0, "dbp": 39.0} if measure is Measure.BLOOD_PRESSURE else {}
        for value, fits in ((low - 0.01, False), (high + 0.01, False), ((low + high) / 2, True)):
            assert (not doubts(measure, rest | {signal: value})) is fits or signal == "dbp"


def test_the_limits_that_need_help_at_once_are_those_of_the_alerts() -> None:
    severe = {rule.signal: rule for rule in _SEVERE}
    assert dangers({"sbp": severe["sbp"].limit}) == () and dangers({"sbp": severe["sbp"].limit + 1}) == ("high_pressure",)
    assert dangers({"dbp": severe["dbp"].limit + 1}) == ("high_pressure",)
    assert dangers({"glucose": severe["glucose"].limit}) == () and dangers({"glucose": severe["glucose"].limit - 1}) == (
        "low_glucose",
    )
    assert dangers({"spo2": 92.0}) == () and dangers({"spo2": 91.0}) == ("low_oxygen",)
    assert dangers({}) == ()


def test_rest_then_two_readings_a_minute_apart_and_a_third_where_they_differ() -> None:
    def ask(*readings: object, minutes: float) -> tuple[str, int]:
        found = next_pressure(readings, AT, AT + timedelta(minutes=minutes))  # type: ignore[arg-type]
        return found.do, found.number

    assert ask(minutes=0) == ("rest", 1) and ask(minutes=4.9) == ("rest", 1) and ask(minutes=5) == ("measure", 1)
    first = pressure(128, 79, 5.5)
    assert ask(first, minutes=6) == ("wait", 2) and ask(first, minutes=6.5) == ("measure", 2)
    near, far = pressure(138, 79, 7), pressure(139, 79, 7)
    assert ask(first, near, minutes=7) == ("done", 2)
    assert ask(first, far, minutes=7.5) == ("wait", 3) and ask(first, far, minutes=8) == ("measure", 3)
    assert ask(first, far, pressure(110, 79, 9), minutes=9) == ("done", 3)
    assert next_pressure((first, far, pressure(110, 79, 9)), AT, AT).differ


@given(st.integers(-10_000, 10_000), st.integers(0, 3))
def test_a_clock_that_jumps_never_keeps_anybody_waiting_longer_than_the_time_itself(minutes: int, taken: int) -> None:
    readings = [pressure(120 + 15 * index, 80, 6 + index) for index in range(taken)]
    now = AT + timedelta(minutes=minutes)
    found = next_pressure(readings, AT, now)
    assert found.until is None or found.until - now <= timedelta(minutes=5)


def test_the_mean_is_of_the_last_two_and_of_one_sitting() -> None:
    mean = mean_pressure((pressure(150, 90, 5), pressure(128, 79, 6), pressure(127, 78, 7)))
    assert mean is not None and (mean.sbp, mean.dbp, mean.differ) == (127.5, 78.5, False)
    assert mean_pressure((pressure(150, 90),)) is None
    assert mean_pressure((pressure(150, 90), pressure(128, 79, 31))) is None


def test_every_number_says_where_it_is_from() -> None:
    assert all(row.source and row.unit for row in collecting.RESTS_ON) and collecting.from_memory() == ()
