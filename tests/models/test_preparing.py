"""This is the place where it is tested that training and run time see the same picture."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.image_check.preparing import EXACT_VIEWS, VIEWS, enlarged, fitted, flips, square, undone, unfitted, views


def _photo(height: int, width: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from([16, 33, 64]))
def test_any_photo_becomes_a_square_and_its_views(height: int, width: int, size: int) -> None:
    photo = _photo(height, width)
    seen = views(photo, size)
    assert seen.shape == (VIEWS, size, size, 3) and seen.dtype == np.uint8
    assert np.array_equal(seen[0], square(photo, size))
    whole, fit = fitted(photo, size)
    assert whole.shape == (size, size, 3)
    assert unfitted(np.ones((size, size)), fit).shape == (height, width)


def test_the_square_is_the_middle_of_a_wide_photo() -> None:
    photo = np.zeros((40, 100, 3), np.uint8)
    photo[:, 30:70] = (200, 150, 120)
    assert (square(photo, 20) == (200, 150, 120)).all()


def test_a_fine_pattern_becomes_its_mean_and_no_false_stripes() -> None:
    photo = np.zeros((512, 512, 3), np.uint8)
    photo[:, ::2] = 200
    assert np.abs(square(photo, 64).astype(int) - 100).max() <= 3


def test_a_uniform_photo_stays_uniform_in_every_view() -> None:
    """A black corner that comes from turning, not from the photo, would be taken for a dermatoscope's edge."""
    for seen in views(np.full((300, 200, 3), 180, np.uint8), 64):
        assert np.abs(seen.astype(int) - 180).max() <= 1


def test_what_is_found_in_mirrored_views_lies_on_the_first_again() -> None:
    photo = _photo(32, 32)
    laid = undone(flips(photo)[..., 0])
    assert laid.shape[0] == EXACT_VIEWS
    for one in laid:
        assert np.array_equal(one, photo[..., 0])


def test_a_place_in_a_fitted_photo_is_found_again_where_it_was() -> None:
    photo = np.zeros((60, 120, 3), np.uint8)
    photo[10:30, 80:110] = 255
    whole, fit = fitted(photo, 64)
    back = unfitted(whole[..., 0].astype(float), fit) > 127
    assert (back == (photo[..., 0] > 127)).mean() > 0.97


def test_a_map_is_enlarged_without_changing_its_level() -> None:
    assert enlarged(np.full((7, 7), 0.25), 100, 50) == pytest.approx(0.25)
