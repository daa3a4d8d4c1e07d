"""This is the place where it is checked how fast a wound is said to grow smaller, and when nothing is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.judgement import Declined
from core.trends.wounds import Healing, healing

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def series(*pairs: tuple[float, float]) -> list[tuple[datetime, float]]:
    return [(START + timedelta(days=day), size) for day, size in pairs]


def test_a_wound_that_loses_a_fifth_a_week_is_said_to() -> None:
    found = healing(series(*((day, 4.0 * 0.8 ** (day / 7)) for day in (0, 5, 9, 14, 28))), "cm2")
    assert isinstance(found, Healing)
    assert found.weekly == pytest.approx(-20.0)
    assert found.clear
    assert found.four_weeks == pytest.approx((0.8**4 - 1) * 100)


def test_one_photo_taken_askew_does_not_turn_the_trend() -> None:
    sizes = [(day, 4.0 * 0.85 ** (day / 7)) for day in (0, 7, 14, 21, 28, 35)]
    sizes[3] = (21, 9.0)
    found = healing(series(*sizes), "cm2")
    assert isinstance(found, Healing)
    assert -20 < found.weekly < -10
    assert not found.clear  # but no direction is promised, since a day speaks against it


@pytest.mark.parametrize("days", [(), (0,), (0, 9), (0, 0.1, 0.2), (0, 20, 20.1)])
def test_fewer_than_three_days_say_nothing(days: tuple[float, ...]) -> None:
    found = healing(series(*((day, 2.0) for day in days)), "cm2")
    assert isinstance(found, Declined)
    assert found.code == "enough_wound_days"
    assert found.facts["more"] == 3 - len({int(day) for day in days})


def test_three_days_within_a_week_say_nothing() -> None:
    found = healing(series((0, 3.0), (2, 2.0), (6, 1.0)), "cm2")
    assert isinstance(found, Declined)
    assert found.code == "enough_wound_span"


def test_retakes_on_one_day_count_once() -> None:
    once = healing(series((0, 3.0), (7, 2.5), (14, 2.0)), "cm2")
    again = healing(series((0, 3.0), (7, 2.5), (7.01, 2.5), (7.02, 30.0), (14, 2.0)), "cm2")
    assert isinstance(once, Healing)
    assert isinstance(again, Healing)
    assert (once.weekly, once.days) == (again.weekly, again.days)


def test_what_was_before_a_long_silence_is_left_out() -> None:
    found = healing(series((0, 20.0), (7, 19.0), (14, 18.0), (90, 2.0), (97, 2.0), (104, 2.0)), "cm2")
    assert isinstance(found, Healing)
    assert found.weekly == pytest.approx(0)
    assert found.since == START + timedelta(days=90)


def test_a_small_change_is_not_called_a_direction() -> None:
    found = healing(series((0, 2.0), (7, 1.95), (14, 1.9)), "cm2")
    assert isinstance(found, Healing)
    assert not found.clear


def test_a_share_of_the_picture_is_never_held_against_four_weeks() -> None:
    found = healing(series((0, 0.04), (14, 0.03), (28, 0.02)), "share")
    assert isinstance(found, Healing)
    assert found.four_weeks is None


@pytest.mark.parametrize("bad", [0.0, -1.0, float("nan"), float("inf")])
def test_a_size_that_is_none_is_refused(bad: float) -> None:
    assert healing(series((0, 2.0), (7, bad), (14, 1.0)), "cm2") == Declined("not_positive")


def test_an_unknown_unit_is_refused() -> None:
    assert healing(series((0, 2.0), (7, 2.0), (14, 1.0)), "in2") == Declined("unit_unknown")


sizes = st.lists(st.tuples(st.floats(0, 200), st.floats(0.01, 100)), max_size=12)


@given(sizes, st.floats(0.1, 50), st.integers(1, 400))
def test_another_unit_of_length_and_another_date_change_nothing(pairs: list[tuple[float, float]], scale: float, later: int) -> None:
    found = healing(series(*pairs), "cm2")
    moved = healing([(when + timedelta(days=later), size * scale) for when, size in series(*pairs)], "cm2")
    assert type(found) is type(moved)
    if isinstance(found, Healing):
        assert isinstance(moved, Healing)
        assert moved.weekly == pytest.approx(found.weekly, rel=1e-6, abs=1e-6)


@given(sizes)
def test_the_order_of_photos_does_not_matter(pairs: list[tuple[float, float]]) -> None:
    assert healing(series(*pairs), "cm2") == healing(series(*reversed(pairs)), "cm2") or len({day for day, _ in pairs}) < len(pairs)
