"""A thinned chart: few points, every day's extremes, both ends, fast."""

from __future__ import annotations

from time import perf_counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.thin import thin

MINUTE = 60_000_000_000


def a_series(n: int, step: int = MINUTE) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    time = 1_700_000_000_000_000_000 + np.arange(n, dtype=np.int64) * step
    value = np.round(70 + 10 * np.sin(np.arange(n) / 300) + np.random.default_rng(3).normal(0, 4, n))
    return time, value, time // (1440 * MINUTE)


@given(st.integers(1, 3000), st.integers(10, 400), st.sampled_from([MINUTE, 60 * MINUTE, 5000 * MINUTE]))
def test_few_points_with_both_ends_and_the_extremes(n: int, most: int, step: int) -> None:
    time, value, day = a_series(n, step)
    rows = thin(time, value, most, day)
    assert (np.diff(rows) > 0).all()
    assert (rows[0], rows[-1]) == (0, n - 1)
    assert len(rows) <= most + 4
    assert (value[rows].min(), value[rows].max()) == (value.min(), value.max())
    if n <= most:
        assert len(rows) == n


def test_every_day_keeps_its_lowest_and_highest() -> None:
    time, value, day = a_series(60 * 1440)
    value[12_345], value[44_444] = 3.0, 240.0
    rows = thin(time, value, 1000, day)
    assert len(rows) <= 1004
    for one in np.unique(day):
        kept, all_of_it = value[rows][day[rows] == one], value[day == one]
        assert (kept.min(), kept.max()) == (all_of_it.min(), all_of_it.max())


def test_more_days_than_pixels_keep_the_extremes_of_each_pixel() -> None:
    time, value, day = a_series(3000, 1440 * MINUTE)
    rows = thin(time, value, 200, day)
    assert len(rows) <= 204
    pixel = (time - time[0]) // ((time[-1] - time[0]) // 100 + 1)
    for one in range(100):
        near = rows[(pixel[rows] >= one - 1) & (pixel[rows] <= one + 1)]  # the library's borders may fall one sample beside ours
        assert value[near].max() >= value[pixel == one].max()
        assert value[near].min() <= value[pixel == one].min()


def test_one_moment_is_no_reason_to_fail() -> None:
    value = np.arange(100.0)
    rows = thin(np.zeros(100, dtype=np.int64), value, 10, np.zeros(100, dtype=np.int64))
    assert {0, 99} <= set(rows.tolist())
    assert len(thin(value.astype(np.int64)[:0], value[:0], 10, value.astype(np.int64)[:0])) == 0


@pytest.mark.parametrize("most", [800, 2000])
def test_half_a_million_points_take_little_time(most: int) -> None:
    time, value, day = a_series(500_000)
    thin(time, value, most, day)
    took = []
    for _ in range(5):
        before = perf_counter()
        thin(time, value, most, day)
        took.append(perf_counter() - before)
    assert min(took) < 0.1  # measured: 8 ms; the limit allows for a busy machine
