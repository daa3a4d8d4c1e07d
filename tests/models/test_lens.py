"""A dermatoscope's light is told from a phone's: drawn skin under both, whatever its colour, size and shape."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from models.image_check.lens import LIGHT, SIDE, beyond, features
from models.training.lens import light_of

TONES = {"light": (226, 190, 170), "middle": (198, 150, 120), "dark": (120, 84, 62)}


def lit(tone: tuple[int, int, int], *, cold: float = 0.0, corners: float = 0.0, slope: float = 0.0, shape: tuple[int, int] = (240, 320)) -> np.ndarray:
    """Skin of one colour with a dark spot: `cold` takes green for blue, `corners` darkens them, `slope` lights it from the left."""
    down, right = np.mgrid[-1 : 1 : shape[0] * 1j, -1 : 1 : shape[1] * 1j]
    light = 1 - corners * np.clip(np.hypot(down, right) - 0.9, 0, None) / 0.5 + slope * right / 2
    colour = np.array(tone, dtype=float) + np.array([0.0, -cold, cold])
    pixels = colour * light[..., None]
    pixels[np.hypot(down, right) < 0.3] *= 0.5
    return np.clip(pixels + np.random.default_rng(1).normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("shape", [(240, 320), (320, 240), (64, 64)])
def test_room_light_is_a_phones_whatever_the_skin(tone: str, shape: tuple[int, int]) -> None:
    assert beyond(lit(TONES[tone], slope=0.15, shape=shape)) <= 1


@pytest.mark.parametrize("tone", ["light", "middle"])
def test_cold_light_from_all_sides_with_dark_corners_is_a_dermatoscopes(tone: str) -> None:
    assert beyond(lit(TONES[tone], cold=25, corners=0.9)) > 1


def test_each_of_the_three_signs_counts_by_itself() -> None:
    plain = beyond(lit(TONES["middle"], slope=0.15))
    assert beyond(lit(TONES["middle"], slope=0.15, cold=10)) > plain
    assert beyond(lit(TONES["middle"], slope=0.15, corners=0.6)) > plain
    assert beyond(lit(TONES["middle"])) > plain


def test_the_table_is_made_of_the_photos_alone() -> None:
    found = np.random.default_rng(2).normal(0, 0.1, (400, 4)) + np.array(LIGHT.mean)
    made = light_of(found)
    score = (found - made.mean) @ np.array(made.weights) / made.limit
    assert made.mean == pytest.approx(found.mean(axis=0), abs=1e-5)
    assert (score > 1).mean() == pytest.approx(0.03, abs=0.005)


@given(arrays.arrays(np.uint8, arrays.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40).map(lambda shape: (*shape, 3)), elements=st.integers(0, 255)))
def test_any_picture_has_a_number(pixels: np.ndarray) -> None:
    assert features(pixels).shape == (4,)
    assert np.isfinite(beyond(pixels))
    assert SIDE > 40
