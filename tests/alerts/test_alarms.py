"""The measure of alerts, on a small cohort: the direction of its bars, and that it can tell good from bad."""

from __future__ import annotations

import numpy as np

from benchmarks import alarms
from benchmarks.alarms import Cohort, Told, cohort, measured, once


def test_the_same_seed_is_the_same_cohort_and_another_is_not() -> None:
    assert np.array_equal(cohort(5).values, cohort(5).values, equal_nan=True)
    assert not np.array_equal(cohort(5).values, cohort(5, seed=1).values, equal_nan=True)


def test_fewer_alerts_that_nobody_needed_at_no_less_sensitivity_and_within_a_day() -> None:
    _, told = alarms.run(120, strictness=(1.0,))
    assert told["fewer_than_every_reading"] >= 0.55
    assert told["fewer_than_once_an_episode"] >= 0.3
    assert told["sensitivity_ours"] >= told["sensitivity_fixed"] - 0.02
    assert told["median_later_than_fixed_hours"] <= 0
    assert told["found_at_the_first_reading"] >= 0.35


def made(onset: int, end: int, kind: int = 2) -> Cohort:
    return Cohort(
        np.zeros((1, alarms.DAYS, 5)), np.full((1, alarms.DAYS), 8.0), np.array([onset]), np.array([end]), np.array([kind])
    )


def test_an_alert_about_something_else_or_at_another_time_finds_nothing_and_was_not_needed() -> None:
    ill = made(10, 16)  # pressure up
    right, other, low, early = (
        Told(12.0, "sbp", "high"),
        Told(12.0, "hr", "high"),
        Told(12.0, "sbp", "low"),
        Told(8.0, "sbp", "high"),
    )
    assert measured("", 1, ill, [[right]]).sensitivity == 1
    assert measured("", 1, ill, [[right]]).useless == 0
    for wrong in (other, low, early):
        found = measured("", 1, ill, [[wrong]])
        assert (found.sensitivity, round(found.useless, 3)) == (0, round(100 / alarms.DAYS, 3))


def test_what_says_nothing_finds_nothing() -> None:
    assert measured("", 1, made(10, 16), [[]]).sensitivity == 0


def test_once_an_episode_is_the_first_day_of_each() -> None:
    assert once(np.array([[True, True, False, True]])).tolist() == [[True, False, False, True]]
