"""This is the place where the measures of a prediction are checked against small cases worked out by hand, and against plain definitions."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training import measures
from models.training.resampling import Figure, by_unit

Y = np.array([1, 0, 1, 0, 0])
P = np.array([0.9, 0.8, 0.7, 0.2, 0.7])
"""Pairs: 0.9 beats all three others; 0.7 loses to 0.8, ties with 0.7, beats 0.2."""


def test_auroc_by_hand() -> None:
    assert measures.auroc(Y, P) == pytest.approx((3 + 0 + 0.5 + 1) / 6)


def test_auroc_weighted_by_hand() -> None:
    w = np.array([2.0, 1, 1, 3, 1])
    won = 2 * (1 + 3 + 1) + 1 * (0 + 3 + 0.5)
    assert measures.auroc(Y, P, w) == pytest.approx(won / (3 * 5))


@pytest.mark.parametrize("y", [np.zeros(3), np.ones(3)])
def test_without_a_case_or_without_a_non_case_there_is_no_auroc(y: np.ndarray) -> None:
    assert np.isnan(measures.auroc(y, np.array([0.1, 0.2, 0.3])))


SCORED = st.lists(st.tuples(st.sampled_from([0, 1]), st.integers(0, 5), st.integers(1, 4)), min_size=2, max_size=25).filter(
    lambda rows: len({row[0] for row in rows}) == 2
)


@given(SCORED)
def test_auroc_is_the_share_of_pairs_won(rows: list[tuple[int, int, int]]) -> None:
    won = pairs = 0.0
    for (_, mine, w), (_, other, v) in product([row for row in rows if row[0]], [row for row in rows if not row[0]]):
        pairs += w * v
        won += w * v * (1.0 if mine > other else 0.5 if mine == other else 0.0)
    y, p, w = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert measures.auroc(y, p, w) == pytest.approx(won / pairs)


def test_delong_by_hand() -> None:
    """Two cases, two others. First score: cases beat (2, 1) of the others; second: (1, 1)."""
    y = np.array([1, 1, 0, 0])
    first, second = np.array([4.0, 2.0, 3.0, 1.0]), np.array([3.0, 3.0, 4.0, 1.0])
    difference, error = measures.delong(y, first, second)
    # placements of the cases: (1, .5) and (.5, .5); of the others: (.5, 1) and (0, 1)
    assert difference == pytest.approx(0.75 - 0.5)
    assert error == pytest.approx(np.sqrt(np.var([0.5, 0.0], ddof=1) / 2 + np.var([0.5, 0.0], ddof=1) / 2))


@given(SCORED)
def test_delong_of_a_score_with_itself_is_nothing(rows: list[tuple[int, int, int]]) -> None:
    y, p, _ = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    if min(y.sum(), len(y) - y.sum()) >= 2:
        assert measures.delong(y, p, p) == (0.0, 0.0)


def test_brier_and_log_loss_by_hand() -> None:
    y, p = np.array([1, 0]), np.array([0.8, 0.4])
    assert measures.brier(y, p) == pytest.approx((0.04 + 0.16) / 2)
    assert measures.brier(y, p, np.array([3.0, 1.0])) == pytest.approx((3 * 0.04 + 0.16) / 4)
    assert measures.log_loss(y, p) == pytest.approx(-(np.log(0.8) + np.log(0.6)) / 2)


def test_probabilities_that_are_right_lie_on_the_line() -> None:
    """Of ten people at 0.2 two are cases, of ten at 0.5 five, of ten at 0.8 eight."""
    y = np.concatenate([np.arange(10) < k for k in (2, 5, 8)]).astype(float)
    p = np.repeat([0.2, 0.5, 0.8], 10)
    line = measures.calibration_line(y, p)
    assert (line.slope, line.intercept, line.in_the_large) == pytest.approx((1, 0, 0), abs=1e-8)
    assert measures.expected_calibration_error(y, p, bins=3) == pytest.approx(0, abs=1e-12)


def test_probabilities_that_are_too_extreme_have_half_the_slope() -> None:
    y = np.concatenate([np.arange(10) < k for k in (2, 8)]).astype(float)
    extreme = 1 / (1 + np.exp(-2 * measures.logit(np.repeat([0.2, 0.8], 10))))
    assert measures.calibration_line(y, extreme).slope == pytest.approx(0.5, abs=1e-8)


def test_probabilities_that_are_too_high_have_a_negative_intercept_at_large() -> None:
    y = (np.arange(10) < 2).astype(float)
    assert measures.calibration_line(y, np.full(10, 0.5)).in_the_large == pytest.approx(np.log(0.25), abs=1e-8)
    assert measures.expected_calibration_error(y, np.full(10, 0.5), bins=1) == pytest.approx(0.3)


def test_a_cut_by_hand() -> None:
    y, flagged = np.array([1, 1, 1, 0, 0, 0, 0, 0]), np.array([1, 1, 0, 1, 0, 0, 0, 0], dtype=bool)
    found = measures.at_cut(y, flagged)
    assert (found.sensitivity, found.specificity, found.positive_value, found.negative_value, found.flagged) == pytest.approx((2 / 3, 4 / 5, 2 / 3, 4 / 5, 3 / 8))
    assert np.isnan(measures.at_cut(np.zeros(3), flagged[:3]).sensitivity)


def test_net_benefit_by_hand() -> None:
    """Three true, one false positive of eight, at one in four: (3 - 1/3) / 8. Treating all, five others: (3 - 5/3) / 8. Nobody: 0."""
    y = np.array([1, 1, 1, 0, 0, 0, 0, 0])
    assert measures.net_benefit(y, np.array([1, 1, 1, 1, 0, 0, 0, 0], dtype=bool), 0.25) == pytest.approx((3 - 1 / 3) / 8)
    assert measures.net_benefit(y, np.ones(8, dtype=bool), 0.25) == pytest.approx((3 - 5 / 3) / 8)
    assert measures.net_benefit(y, np.zeros(8, dtype=bool), 0.25) == 0


def test_wilson_intervals_as_published() -> None:
    """Newcombe, Stat Med 1998;17:857, table I: 81/263, 15/148, 0/20, 1/29."""
    for hits, of, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert measures.wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_neighbours_are_drawn_together() -> None:
    units = np.array(["a", "a", "b", "c", "c", "c"])
    for rows in by_unit(units, 50, 1).rows:
        counts = np.bincount(rows, minlength=6)
        assert counts[0] == counts[1]
        assert counts[3] == counts[4] == counts[5]
        assert counts[0] + counts[2] + counts[3] == 3


def test_the_same_seed_draws_the_same() -> None:
    units = np.repeat(np.arange(8), 3).astype(str)
    first, again, other = (by_unit(units, 5, seed).rows for seed in (1, 1, 2))
    assert [list(rows) for rows in first] == [list(rows) for rows in again]
    assert [list(rows) for rows in first] != [list(rows) for rows in other]


def test_what_cannot_be_computed_has_no_interval() -> None:
    figure = by_unit(np.array(["a", "b"]), 20, 1).figure(lambda rows: float("nan"))
    assert figure.plain() == {"value": None, "low": None, "high": None}
    assert Figure(0.1, -0.1, 0.2).has_zero
    assert not Figure(0.1, 0.05, 0.2).has_zero
