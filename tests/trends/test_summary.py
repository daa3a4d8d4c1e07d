"""Daily values: differences with intervals, slopes, and a baseline of which the new value is never part."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.judgement import Declined
from core.trends.summary import Baseline, Difference, Slope, against_before, baseline, difference, slope


def made(found: object) -> object:
    assert not isinstance(found, Declined), found
    return found


def test_a_clear_shift_is_found_with_its_size() -> None:
    rng = np.random.default_rng(1)
    day = np.arange(100, 160)
    value = np.where(day > 129, 66.0, 60.0) + rng.normal(0, 1.5, 60)
    found = made(against_before(day, value, 159, 30))
    assert isinstance(found, Difference)
    assert found.low < 6 < found.high and found.sure
    assert (found.days_before, found.days_after) == (30, 30)
    assert found.shift == pytest.approx(6, abs=1)


def test_no_change_is_not_called_one() -> None:
    """Of many pairs of periods without a difference about one in twenty is called different."""
    rng = np.random.default_rng(7)
    called = sum(bool(made(difference(rng.normal(60, 3, 14), rng.normal(60, 3, 14))).sure) for _ in range(600))  # type: ignore[attr-defined]
    assert called / 600 < 0.08


def test_the_interval_is_that_of_wilcoxon() -> None:
    """Against the definition: the shifts for which a Mann-Whitney test does not reject."""
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(3)
    before, after = rng.normal(0, 1, 20), rng.normal(0.7, 1, 22)
    found = made(difference(before, after))
    assert isinstance(found, Difference)
    for shift, inside in (
        (found.low + 0.02, True),
        (found.high - 0.02, True),
        (found.low - 0.15, False),
        (found.high + 0.15, False),
    ):
        p = mannwhitneyu(after - shift, before, method="asymptotic", use_continuity=False).pvalue
        assert (p > 0.05) == inside


def test_too_few_days_say_how_many_more() -> None:
    found = difference(np.ones(3), np.ones(9))
    assert isinstance(found, Declined) and (found.code, found.facts["more"]) == ("enough_days", 2)
    assert isinstance(slope(np.arange(4), np.ones(4)), Declined)


def test_a_slope_survives_outliers() -> None:
    day = np.arange(40)
    value = 70 + 0.1 * day
    value[[5, 20]] = 200
    found = made(slope(day, value))
    assert isinstance(found, Slope)
    assert found.per_week == pytest.approx(0.7, abs=0.05)
    assert found.sure and found.days == 40


def test_a_slope_over_many_years_is_that_of_its_weeks() -> None:
    """Quickly, and its interval still holds the true slope in about nineteen of twenty series."""
    day = np.arange(3650)
    before, held = perf_counter(), 0
    for seed in range(60):
        found = made(slope(day, 60 + 0.01 * day + np.random.default_rng(seed).normal(0, 3, 3650)))
        assert isinstance(found, Slope) and found.days == 3650 and found.sure
        held += found.low < 0.07 < found.high
    assert perf_counter() - before < 20
    assert held >= 52


def test_the_new_value_is_never_part_of_its_baseline() -> None:
    day = np.arange(60)
    value = 60 + (day % 5).astype(float)
    usual = made(baseline(day, value, 59))
    value[57:] = 500.0  # today and the two days before it
    jumped = made(baseline(day, value, 59))
    assert isinstance(usual, Baseline) and isinstance(jumped, Baseline)
    assert (usual.middle, usual.low, usual.high) == (jumped.middle, jumped.low, jumped.high)
    assert jumped.stands_out and not usual.stands_out
    assert jumped.days == 25


def test_a_baseline_is_counted_down() -> None:
    day = np.arange(10)
    found = baseline(day, day.astype(float), 9)
    assert isinstance(found, Declined) and found.facts["more"] == 14 - 7
    known = made(baseline(np.arange(40), np.ones(40), 45))
    assert isinstance(known, Baseline) and known.value is None and known.z is None


def test_where_nothing_ever_varied_a_change_has_no_z() -> None:
    day = np.arange(40)
    value = np.full(40, 60.0)
    value[39] = 61.0
    found = made(baseline(day, value, 39))
    assert isinstance(found, Baseline) and found.z is None and not found.stands_out


DAYS = st.lists(st.tuples(st.integers(0, 80), st.floats(40, 90)), min_size=1, max_size=80, unique_by=lambda pair: pair[0]).map(
    sorted
)


@given(DAYS, st.integers(-1000, 1000), st.floats(-20, 20))
def test_moving_days_or_values_moves_what_is_said(rows: list[tuple[int, float]], days: int, up: float) -> None:
    day, value = np.array([d for d, _ in rows]), np.array([v for _, v in rows])
    one, other = baseline(day, value, 70), baseline(day + days, value + up, 70 + days)
    assert type(one) is type(other)
    if isinstance(one, Baseline) and isinstance(other, Baseline):
        assert other.middle == pytest.approx(one.middle + up)
        assert other.days == one.days
    here, there = against_before(day, value, 79, 40), against_before(day + days, value + up, 79 + days, 40)
    if isinstance(here, Difference) and isinstance(there, Difference):
        assert there.shift == pytest.approx(here.shift, abs=1e-6)
