"""This is the place where heart rate variability is held to published numbers and to its artefact rule."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.trends.hrv import Variability, kept, measured, sample_entropy, variability
from core.trends.judgement import Declined


def steady(count: int = 400, seed: int = 2) -> np.ndarray:
    return 800 + 40 * np.sin(np.arange(count) / 3) + np.random.default_rng(seed).normal(0, 10, count)


def test_the_measures_are_those_of_the_published_software(clinical: Path) -> None:
    vectors = json.loads((clinical / "hrv_vectors.json").read_text(encoding="utf-8"))
    rr, expected = np.array(vectors["nn_intervals_ms"], dtype=float), vectors["expected"]
    assert kept(rr).all()
    found = variability(rr)
    assert isinstance(found, Variability)
    for name, key in (
        ("rmssd", "rmssd"),
        ("sdnn", "sdnn"),
        ("pnn50", "pnni_50"),
        ("sd1", "sd1"),
        ("sd2", "sd2"),
        ("mean_rr", "mean_nni"),
    ):
        assert getattr(found, name) == pytest.approx(expected[key], rel=1e-12), name
    assert sample_entropy(rr) == pytest.approx(expected["sampen"], rel=1e-12)
    assert (found.beats, found.valid, found.five_minutes) == (1000, 100.0, True)


def test_the_measures_of_four_beats_by_hand() -> None:
    found = measured(np.array([800.0, 860, 880, 820]), np.array([60.0, 20, -60]))
    assert found.rmssd == pytest.approx(math.sqrt((3600 + 400 + 3600) / 3))
    assert found.sdnn == pytest.approx(math.sqrt((40**2 + 20**2 + 40**2 + 20**2) / 3))
    assert found.pnn50 == pytest.approx(200 / 3)
    variance = ((60 - 20 / 3) ** 2 + (20 - 20 / 3) ** 2 + (60 + 20 / 3) ** 2) / 2
    assert found.sd1 == pytest.approx(math.sqrt(variance / 2))
    assert found.sd2 == pytest.approx(math.sqrt(2 * 4000 / 3 - variance / 2))
    assert found.seconds == pytest.approx(3.36)


def test_a_heart_that_beats_long_and_short_in_turn_has_no_sd2() -> None:
    found = measured(np.tile([800.0, 860.0], 40), np.diff(np.tile([800.0, 860.0], 40)))
    assert math.isnan(found.sd2)
    assert found.sd1 > 40


def test_sample_entropy_by_hand() -> None:
    pattern = np.tile([700.0, 800.0, 900.0], 25)
    # every template of two and of three beats returns every third beat: 73 templates in three classes of 25, 24 and 24
    assert sample_entropy(pattern) == pytest.approx(0.0, abs=1e-12)
    assert sample_entropy(np.arange(60.0) ** 2, tolerance=1e-9) == Declined("no_pattern", {"have": 0})
    assert sample_entropy(pattern[:59]) == Declined("enough_beats", {"have": 59, "need": 60, "more": 1, "n": 1})
    assert sample_entropy(np.full(5001, 800.0)) == Declined("too_many_beats", {"have": 5001, "need": 5000})


ARTEFACTS = [
    ([800, 810, 820], [True, True, True]),
    ([800, 299, 800], [True, False, False]),
    ([800, 2001, 900], [True, False, False]),
    ([1000, 1200, 1441], [True, True, False]),
    ([1000, 800, 639], [True, True, False]),
    ([float("nan"), 800, 810], [False, True, True]),
    ([0, 800], [False, False]),
    ([], []),
]  # fmt: skip


@pytest.mark.parametrize(("rr", "good"), ARTEFACTS)
def test_artefacts_are_left_out_by_the_declared_rule(rr: list[float], good: list[bool]) -> None:
    assert kept(np.array(rr, dtype=float)).tolist() == good


def test_no_difference_is_taken_across_a_hole() -> None:
    clean = steady()
    broken = np.insert(clean, 200, [250.0, 1600.0])
    whole, holed = variability(clean), variability(broken)
    assert isinstance(whole, Variability) and isinstance(holed, Variability)
    assert holed.beats < len(broken)
    assert holed.rmssd == pytest.approx(whole.rmssd, rel=0.02)
    naive = float(np.sqrt(np.mean(np.diff(broken) ** 2)))
    assert naive > 2 * holed.rmssd


def test_too_few_beats_and_too_many_artefacts_are_declined() -> None:
    assert variability(steady(43)) == Declined("enough_beats", {"have": 43, "need": 60, "more": 17, "n": 17})
    assert variability(np.array([])) == Declined("enough_beats", {"have": 0, "need": 60, "more": 60, "n": 60})
    noisy = steady(400)
    noisy[::6] *= 1.5
    said = variability(noisy)
    assert isinstance(said, Declined) and said.code == "too_many_artefacts"
    assert said.facts["have"] < 80 == said.facts["need"]


def test_a_short_recording_says_that_it_is_short() -> None:
    found = variability(steady(100))
    assert isinstance(found, Variability)
    assert not found.five_minutes


@given(st.floats(-50, 50), st.integers(100, 400))
def test_a_faster_heart_with_the_same_differences_has_the_same_variability(shift: float, count: int) -> None:
    first, second = variability(steady(count)), variability(steady(count) + shift)
    assert isinstance(first, Variability) and isinstance(second, Variability)
    for name in ("rmssd", "sdnn", "pnn50", "sd1", "sd2"):
        assert getattr(first, name) == pytest.approx(getattr(second, name), rel=1e-6)


@given(st.integers(100, 400))
def test_time_backwards_has_the_same_variability(count: int) -> None:
    first, second = variability(steady(count)), variability(steady(count)[::-1])
    assert isinstance(first, Variability) and isinstance(second, Variability)
    assert (first.rmssd, first.sdnn, first.pnn50) == pytest.approx((second.rmssd, second.sdnn, second.pnn50))
