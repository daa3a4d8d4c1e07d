"""Quarter hours: nothing is lost in them, stretches join, and a broken clock does not fill the memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.bins import bins_of, joined_bins
from core.domain.samples import BIN_NS, IMPLAUSIBLE, Bins, Columns
from core.domain.signals import SIGNALS

MINUTE = 60_000_000_000
ROWS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 200), st.integers(0, 90), st.sampled_from([0, 60])), max_size=25)


def columns_of(rows: list[tuple[int, int, int, int]]) -> Columns:
    start = np.array([a for a, _, _, _ in rows], dtype=np.int64) * MINUTE
    lasts = np.array([b for _, b, _, _ in rows], dtype=np.int64) * MINUTE
    return Columns.of(start, [float(v) for *_, v, _ in rows], start + lasts, 0, np.array([o for *_, o in rows], dtype=np.int16))


def tuples(bins: Bins) -> list[tuple[float, ...]]:
    return [tuple(float(x) for x in row) for row in zip(*(getattr(bins, name) for name in Bins.__slots__), strict=True)]


@given(ROWS, st.sampled_from(["steps", "hr"]))
def test_an_amount_stays_the_same_and_every_sample_begins_once(rows: list[tuple[int, int, int, int]], signal: str) -> None:
    bins = bins_of(columns_of(rows), SIGNALS[signal])
    assert bins.sum.sum() == pytest.approx(sum(value for _, _, value, _ in rows))
    assert bins.count.sum() == len(rows)
    assert (np.diff(bins.at) >= 0).all() and (bins.at % BIN_NS == 0).all()


@given(ROWS, st.integers(0, 25), st.sampled_from(["steps", "hr"]))
def test_stretches_join_to_what_the_whole_is(rows: list[tuple[int, int, int, int]], cut: int, signal: str) -> None:
    row = SIGNALS[signal]
    joined = joined_bins([bins_of(columns_of(part), row) for part in (rows[:cut], rows[cut:])])
    for one, other in zip(tuples(joined), tuples(bins_of(columns_of(rows), row)), strict=True):
        assert one == pytest.approx(other)


def test_what_is_implausible_or_longer_than_a_year_is_left_out() -> None:
    two_centuries = 200 * 365 * 1440 * MINUTE
    columns = Columns.of([0, 0, 0], [5.0, 7.0, 9.0], [MINUTE, two_centuries, MINUTE], np.array([0, 0, IMPLAUSIBLE]), 0)
    assert tuples(bins_of(columns, SIGNALS["steps"])) == [(0.0, 1.0, 5.0, 5.0, 5.0, 0.0)]
    assert len(joined_bins([])) == len(bins_of(Columns.empty(), SIGNALS["hr"])) == 0
