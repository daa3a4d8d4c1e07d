"""This is the place where a picture taken through a dermatoscope is told from a phone photo, by its light alone.

A skin model that learned from phone photos knows skin close up, and takes a dermatoscope's picture for one of them. The light gives it away: a ring
of cold white lamps at the glass lights everything alike, from no side, and the tube darkens the corners; daylight and room lamps are warmer and come
from somewhere. The four numbers of LIGHT were measured on phone photos only (PAD-UFES-20, CC BY 4.0; `python -m models.training.lens --data DIR`), the
directions follow from how the instrument is built, and no dermatoscope's picture set a number. That these four tell the two apart was seen on 256
pictures of HAM10000 (docs/MODELS.md says how many): another maker's instrument may pass.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

SIDE = 128
FEATURES = ("green_minus_blue", "red_minus_green", "brightest_corner", "from_one_side")
DIRECTIONS = (-1.0, 0.0, -1.0, -1.0)
"""Which way a dermatoscope's light lies of a phone photo's, in standard deviations: colder, corners darker, from no side. Redness has no direction of its
own; it is there because skin that is redder is also less blue."""


@dataclass(frozen=True, slots=True)
class Light:
    """What phone photos' light is like: `mean` (4,) of FEATURES, `weights` (4,), and the `limit` beyond which it is no such light."""

    mean: tuple[float, ...]
    weights: tuple[float, ...]
    limit: float


LIGHT = Light(mean=(0.064197, 0.130094, 0.104575, 0.088598), weights=(-31.447162, 12.31038, -10.003148, -13.932622), limit=3.003655)
"""Of all photos of `models.training.lens`; that command's --check measures them again."""


def features(pixels: np.ndarray) -> np.ndarray:
    """uint8 (height, width, 3) -> (4,) FEATURES: of the skin's median colour (0 to 1), how much green is above blue and red above green; the brightest
    corner against the middles of the sides (0 to 1); and how much brighter it gets across half the picture (0 to 1)."""
    small = np.asarray(Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64) / 255
    bright = small.mean(axis=2)
    skin, across = _even(bright)
    red, green, blue = (np.median(small[..., at][skin]) for at in range(3))
    tenth, third = SIDE // 10, SIDE // 3
    corners = (bright[:tenth, :tenth], bright[:tenth, -tenth:], bright[-tenth:, :tenth], bright[-tenth:, -tenth:])
    between = slice(third, SIDE - third)
    sides = (bright[:tenth, between], bright[-tenth:, between], bright[between, :tenth], bright[between, -tenth:])
    return np.array(
        [green - blue, red - green, max(one.mean() for one in corners) - np.mean([one.mean() for one in sides]), across]
    )


def _even(bright: np.ndarray) -> tuple[np.ndarray, float]:
    """(which pixels lie on one smooth lighting, bool (SIDE, SIDE); how much brighter that gets across half the picture): spots, hairs and glare are left
    out step by step."""
    down, right = np.mgrid[-1 : 1 : SIDE * 1j, -1 : 1 : SIDE * 1j]
    terms = np.stack([np.ones_like(right), right, down, (right**2 + down**2) / 2], axis=-1)
    kept = np.ones(bright.shape, dtype=bool)
    found = np.zeros(4)
    for _ in range(6):
        some = terms[
            kept
        ]  # four terms that are far from alike: the normal equations are as exact as a decomposition, in a fifth of the time
        found = np.linalg.solve(some.T @ some + 1e-12 * np.eye(4), some.T @ bright[kept])
        off = bright - terms @ found
        spread = 1.48 * np.median(np.abs(off[kept])) + 1e-3
        kept = (off > -1.5 * spread) & (off < 2.5 * spread)
    return kept, float(np.hypot(found[1], found[2]))


def beyond(pixels: np.ndarray, light: Light = LIGHT) -> float:
    """How far the light of a photo lies towards a dermatoscope's, as a multiple of the limit: above 1 it is no phone photo's."""
    return float((features(pixels) - np.array(light.mean)) @ np.array(light.weights)) / light.limit
