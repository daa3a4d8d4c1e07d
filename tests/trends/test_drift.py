"""Whether what a model is given has changed: an index that chance alone seldom raises, and that a real move does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.drift import LEAST, MOST_CLASSES, MOVED, STABLE, classes_for, share_index, stability_index

NUMBERS = st.integers(0, 2**32).map(
    lambda seed: np.random.default_rng(seed).choice([-1e6, -1.0, 0.0, 0.5, 3.0, 1e6], size=LEAST + seed % 100)
)


def test_the_index_is_the_published_sum() -> None:
    """Two classes, 50:50 against 75:25 of 400: (0.25) ln(1.5) + (-0.25) ln(0.5), but for half values and chance."""
    expected = 0.25 * np.log(0.75 / 0.5) - 0.25 * np.log(0.25 / 0.5)
    assert share_index((200, 400), (300, 400)) == pytest.approx(expected, rel=0.04)


def test_too_few_say_nothing() -> None:
    few, many = np.arange(LEAST - 1.0), np.arange(100.0)
    assert stability_index(few, many) is None
    assert stability_index(many, few) is None
    assert stability_index(np.append(few, np.nan), many) is None
    assert share_index((1, LEAST - 1), (1, 100)) is None


@pytest.mark.parametrize("size", [30, 60, 200])
def test_chance_alone_is_seldom_called_a_move(size: int) -> None:
    random = np.random.default_rng(4)
    found = np.array([stability_index(random.normal(size=size), random.normal(size=size)) for _ in range(400)])
    assert (found > MOVED).mean() < 0.05
    assert found.mean() < STABLE


@pytest.mark.parametrize("size", [60, 200])
def test_a_real_move_is_noticed(size: int) -> None:
    random = np.random.default_rng(5)
    found = np.array([stability_index(random.normal(size=size), random.normal(1.2, size=size)) for _ in range(200)])
    assert (found > MOVED).mean() > 0.95


@given(NUMBERS, NUMBERS)
def test_the_index_is_never_below_nought_and_the_same_either_way(first: np.ndarray, latest: np.ndarray) -> None:
    index = stability_index(first, latest)
    assert index is not None
    assert index >= 0
    assert index == pytest.approx(stability_index(latest, first))
    assert stability_index(first, first) == pytest.approx(0, abs=1e-12)


@given(st.floats(-1e3, 1e3), NUMBERS)
def test_all_the_same_is_no_move_and_a_shift_of_both_changes_nothing(value: float, numbers: np.ndarray) -> None:
    assert stability_index(np.full(50, value), np.full(40, value)) == pytest.approx(0, abs=0.02)
    assert stability_index(numbers * 2, numbers[::-1] * 2) == pytest.approx(0, abs=1e-12)


def test_small_samples_get_few_classes() -> None:
    assert (classes_for(30, 30), classes_for(100, 100), classes_for(5000, 5000)) == (2, 3, MOST_CLASSES)
