"""The series on which gains in weight were lost elsewhere, and what must not fire."""

from __future__ import annotations

import pytest

from core.worklist.terms import DAY
from core.worklist.weight import gain

LB = 0.45359237


def _pounds(*values: float, every: float = DAY, start: float = 0.0) -> tuple[tuple[float, float], ...]:
    return tuple((start + at * every, value * LB) for at, value in enumerate(values))


@pytest.mark.parametrize(
    "weights",
    [
        _pounds(200, 205),
        _pounds(*(200 + 0.9 * day for day in range(8))),
        _pounds(200, 212, every=8 * DAY),
        _pounds(200, 205, *(205,) * 10),
        _pounds(200, 205, 205, 208),
    ],
    ids=["two_readings", "a_little_every_day", "after_a_pause", "a_jump_that_persists", "and_more"],
)
def test_a_gain_is_found_and_stays_one(weights: tuple[tuple[float, float], ...]) -> None:
    found = gain(weights)
    assert found is not None
    assert found.rule == "weight_week"
    assert found.kg == pytest.approx(weights[-1][1] - weights[0][1], abs=1.0)


def test_two_pounds_in_a_day_are_enough_and_one_is_not() -> None:
    assert gain(_pounds(200, 202)) is not None
    assert gain(_pounds(200, 201)) is None


def test_the_newest_value_is_never_part_of_what_it_is_compared_with() -> None:
    one, more = gain(_pounds(200, 205)), gain(_pounds(200, 215))
    assert one is not None and more is not None
    assert more.kg - one.kg == pytest.approx(10 * LB)


def test_a_gain_that_went_away_again_is_none() -> None:
    assert gain(_pounds(200, 206, 204, 201)) is None


def test_a_loss_and_a_single_value_are_no_gain() -> None:
    assert gain(_pounds(205, 200)) is None
    assert gain(_pounds(205)) is None
    assert gain(()) is None
