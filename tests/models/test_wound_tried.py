"""This is the place where it is checked how the folds of the wound training are dealt and how recipes are compared; without TensorFlow."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.training.wound_photos import WoundPhotos
from models.training.wound_tried import FOLDS, compared, cross_validated, folds


@given(st.lists(st.integers(1, 9), min_size=FOLDS, max_size=60))
def test_every_photo_is_in_one_fold_and_no_group_in_two(sizes: list[int]) -> None:
    groups = np.repeat(np.arange(len(sizes)), sizes)
    place = folds(groups)
    assert set(place) == set(range(FOLDS))
    assert all(len(np.unique(place[groups == name])) == 1 for name in np.unique(groups))
    counts = np.bincount(place, minlength=FOLDS)
    assert counts.max() - counts.min() <= max(sizes)
    assert (place == folds(groups)).all()


def drawn(random: np.random.Generator, count: int = 30) -> WoundPhotos:
    masks = np.zeros((count, 32, 32), bool)
    for mask in masks:
        top, left = random.integers(2, 20, 2)
        mask[top : top + 8, left : left + 8] = True
    pixels = np.zeros((count, 32, 32, 3), np.uint8)
    return WoundPhotos(tuple(map(str, range(count))), pixels, masks, np.arange(count) // 2)


def test_what_is_drawn_as_it_is_has_a_dice_of_one_in_every_fold() -> None:
    photos = drawn(np.random.default_rng(1))
    told = cross_validated(photos, photos.masks, folds(photos.groups))
    assert told["dice"] == told["dice_pooled"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    assert [one["dice"] for one in told["folds"]] == [1.0] * FOLDS
    assert sum(one["photos"] for one in told["folds"]) == len(photos)


def test_a_worse_recipe_is_worse_by_a_paired_difference() -> None:
    photos = drawn(np.random.default_rng(2))
    moved = np.roll(photos.masks, 4, axis=1)  # half of every wound
    told = compared(photos, {"whole": photos.masks, "without": moved})
    assert told["without"]["dice"]["value"] == told["without"]["dice_pooled"]["value"] == 0.5
    assert told["without"]["worse_by"] == {"value": 0.5, "low": 0.5, "high": 0.5}
    assert "worse_by" not in told["whole"]
