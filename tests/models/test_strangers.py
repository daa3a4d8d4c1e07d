"""This is the place where it is tested that the pictures that are no skin are always the same, many, and kept apart from what limits are set on."""

from __future__ import annotations

import numpy as np
import pytest

from models.training.strangers import FAMILIES, FROZEN_SEED, TUNING_FAMILIES, frozen, tuning


def test_the_frozen_set_is_the_same_every_time() -> None:
    for first, second in zip(frozen(1), frozen(1), strict=True):
        assert np.array_equal(first.pixels, second.pixels), first.family


def test_the_frozen_set_has_twelve_families_and_more_of_different_pictures() -> None:
    assert len(FAMILIES) >= 12
    seen = {family: set() for family in FAMILIES}
    for one in frozen(2):
        assert one.pixels.dtype == np.uint8 and one.pixels.ndim == 3 and min(one.pixels.shape[:2]) >= 256
        seen[one.family].add(one.pixels.tobytes())
    assert {family: len(pictures) for family, pictures in seen.items()} == dict.fromkeys(FAMILIES, 2)


def test_half_of_the_families_are_never_met_before_the_frozen_set() -> None:
    assert {one.family for one in tuning(1)} == set(TUNING_FAMILIES)
    assert len(TUNING_FAMILIES) == len(FAMILIES) // 2
    kept = {one.pixels.tobytes() for one in frozen(1)}
    assert not kept & {one.pixels.tobytes() for one in tuning(1)}
    with pytest.raises(ValueError, match="frozen"):
        next(tuning(1, FROZEN_SEED))
