"""What is expected from what was, and what becomes of it with the hours there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.panel.capacity import ASSUMED_MINUTES, BUSY, KINDS, LEAST_DAYS, Expected, Hours, expected, plan

WEEKDAYS = np.array([12, 9, 9, 8, 7, 1, 0.5])


def history(rng: np.random.Generator, days: int = 56, swing: float = 1.0) -> list[int]:
    rates = np.resize(WEEKDAYS, days)
    if swing > 1:
        return rng.negative_binomial(rates / (swing - 1), 1 / swing).tolist()  # type: ignore[no-any-return]
    return rng.poisson(rates).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("swing", [1.0, 3.0])
def test_nine_weeks_of_ten_lie_within_the_interval(swing: float) -> None:
    rng = np.random.default_rng(11)
    inside = 0
    for _ in range(120):
        found = expected("review", history(rng, swing=swing), 0)
        inside += found.low <= sum(history(rng, 7, swing)) <= found.high
    assert inside >= 100


def test_weekdays_are_told_apart() -> None:
    found = expected("message", history(np.random.default_rng(2)), 0)
    assert found.weekdays[0] > found.weekdays[5] + 4
    assert found.week == pytest.approx(sum(found.weekdays))
    turned = expected("message", history(np.random.default_rng(2)), 3)
    assert turned.weekdays[3] == pytest.approx(found.weekdays[0])


def test_a_short_history_expects_nothing() -> None:
    found = expected("photo", [3] * (LEAST_DAYS - 1), 0)
    assert (found.enough, found.week, found.counted) == (False, 0.0, 3 * (LEAST_DAYS - 1))
    assert plan([found], {}, Hours((8.0,) * 7), 0).used is None


def test_nothing_so_far_may_still_come() -> None:
    found = expected("photo", [0] * 56, 0)
    assert (found.week, found.low) == (0.0, 0)
    assert found.high <= 2


def test_hours_that_are_missing() -> None:
    work = [Expected("review", 56, 560, (10.0,) * 7, 70.0, 55, 86, True)]
    load = 70 * ASSUMED_MINUTES["review"] / 60
    enough = plan(work, {}, Hours((2.0,) * 7), 0)
    assert enough.used == pytest.approx(load / 14)
    assert enough.missing == 0.0
    assert enough.after is not None and enough.after[1] < 0.5
    short = plan(work, {"review": 20}, Hours((0.5,) * 7), 0)
    assert short.missing == pytest.approx(load / BUSY - 3.5)
    assert short.after is not None and short.grows == 1.0
    assert short.after[1] == pytest.approx(2.0 + 4 * (load - 3.5), rel=0.15)


def test_ones_own_minutes_count() -> None:
    work = [Expected("review", 56, 560, (10.0,) * 7, 70.0, 55, 86, True)]
    assert sum(plan(work, {}, Hours((8.0,) * 7, {"review": 12.0}), 0).load) == pytest.approx(14.0)


def test_without_hours_nothing_is_said_about_them() -> None:
    work = [Expected("review", 56, 560, (10.0,) * 7, 70.0, 55, 86, True)]
    found = plan(work, {"photo": 6}, Hours(), 0)
    assert (found.used, found.after, found.missing) == (None, None, None)
    assert found.waiting == pytest.approx(0.5)
    nought = plan(work, {}, Hours((0.0,) * 7), 0)
    assert nought.used is None
    assert nought.grows == 1.0


def test_the_same_numbers_give_the_same_answer_and_more_hours_never_wait_longer() -> None:
    work = [expected(kind, history(np.random.default_rng(4), swing=2.0), 0) for kind in KINDS]
    last = float("inf")
    for each in (1.0, 3.0, 6.0, 12.0):
        found = plan(work, {}, Hours((each,) * 7), 2)
        assert found == plan(work, {}, Hours((each,) * 7), 2)
        assert found.after is not None and found.after[1] <= last
        last = found.after[1]
    assert replace(work[0], kind="visit").kind == "visit"
