"""What is worth telling of many daily series: clear changes against one's own past, the strongest first, and nothing on quiet days."""

from __future__ import annotations

import numpy as np
import pytest

from core.trends.judgement import Declined
from core.trends.mattering import Lately, choose, lately

TODAY = 200


def series(days: int, level: float = 60.0, spread: float = 1.5, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(TODAY - days + 1, TODAY + 1), level + np.random.default_rng(seed).normal(0, spread, days)


def found(day: np.ndarray, value: np.ndarray, signal: str = "rhr", today: int = TODAY) -> Lately:
    made = lately(signal, day, value, today)
    assert made is not None
    return made


@pytest.mark.parametrize(("shift", "up"), [(6.0, True), (-6.0, False)])
def test_a_week_that_differs_from_the_four_before_is_told(shift: float, up: bool) -> None:
    day, value = series(50)
    made = found(day, value + np.where(day > TODAY - 7, shift, 0.0))
    assert made.matters is not None and made.matters.code in ("shifted", "stands_out") and made.matters.up is up
    assert not isinstance(made.week, Declined) and made.week.low < shift < made.week.high


def test_a_single_day_far_outside_what_is_usual_is_told_as_that_day() -> None:
    day, value = series(50)
    value[-1] = 75.0
    made = found(day, value)
    assert made.matters is not None and (made.matters.code, made.matters.up) == ("stands_out", True)


def test_most_quiet_weeks_are_left_in_peace() -> None:
    told = sum(found(*series(50, seed=seed)).matters is not None for seed in range(400))
    assert told / 400 < 0.06


def test_a_real_but_tiny_shift_is_nothing_to_tell() -> None:
    day, value = series(50, spread=3.0)
    assert found(day, value + np.where(day > TODAY - 7, 1.0, 0.0)).matters is None


def test_what_is_not_known_yet_says_how_many_days_it_needs() -> None:
    made = found(*series(9))
    assert made.matters is None
    assert isinstance(made.usual, Declined) and made.usual.facts["more"] == 14 - 6
    assert isinstance(made.week, Declined)


def test_old_news_is_no_news() -> None:
    day, value = series(50)
    value[-7:] += 8
    made = found(day, value, today=TODAY + 10)
    assert (made.fresh, made.matters) == (False, None)


def test_days_to_come_are_not_looked_at() -> None:
    day, value = series(50)
    made = found(np.append(day, TODAY + 5), np.append(value, 999.0))
    assert made.last == TODAY
    assert lately("rhr", np.array([TODAY + 5]), np.array([1.0]), TODAY) is None


def test_the_strongest_come_first_and_one_of_each_family() -> None:
    day, value = series(50)

    def shifted(signal: str, by: float) -> Lately:
        return found(day, value + np.where(day > TODAY - 7, by, 0.0), signal)

    several = [shifted("steps", 6), shifted("distance", 9), shifted("rhr", 7), shifted("sleep", 12), shifted("rr", 5), shifted("spo2", 0)]
    families = {"steps": "moving", "distance": "moving"}
    chosen = choose(several, lambda signal: families.get(signal, signal))
    assert [one.signal for one in chosen] == ["sleep", "distance", "rhr"]


def test_moving_all_times_changes_nothing_but_the_day() -> None:
    day, value = series(50)
    value[-7:] += 6
    here, there = found(day, value), found(day + 1000, value, today=TODAY + 1000)
    assert (here.matters, here.usual, here.week) == (there.matters, there.usual, there.week)


def test_a_new_level_does_not_pass_for_usual_while_it_is_told_as_new() -> None:
    day, value = series(50)
    made = found(day, value + np.where(day > TODAY - 7, 8.0, 0.0))
    assert not isinstance(made.usual, Declined)
    assert made.usual.high < 64 and made.usual.stands_out and made.usual.value == value[-1] + 8.0
