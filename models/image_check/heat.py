"""This is the place where it is drawn where a model looked: a layer over the photo, that whoever cannot tell colours apart reads by its steps and its line."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from models.image_check.layers import packed
from models.image_check.preparing import EXACT_VIEWS, enlarged, undone

STEPS = 6
"""Steps of opacity, as the lines of a map."""
MOST = 130  # opacity of the highest step, of 255: what lies below stays visible
COLOUR = (0, 74, 173)
"""A blue that no skin has; to people who don't see red or green it is the colour farthest from skin."""
LINE_AT = 0.5
"""A white line with a dark rim goes around what speaks at least half as strongly as the strongest place."""
LARGEST = 1024
"""Pixels of a side up to which the map is drawn; in a larger photo it has coarser edges, and is as large all the same."""
_LEAST = 1e-6
_RIM, _WHITE = STEPS + 1, STEPS + 2
_COLOURS = (*((*COLOUR, int(step / STEPS * MOST)) for step in range(STEPS + 1)), (20, 24, 28, 230), (255, 255, 255, 255))


def overlay(maps: np.ndarray, height: int, width: int) -> bytes:
    """Class-activation maps of the views of a photo, (n, h, w), the exact views first -> PNG (a palette with its opacities, as large as the photo, clear where nothing speaks for the
    decision). b"" where nothing does anywhere, or where the maps hold what is no number."""
    maps = np.asarray(maps, dtype=np.float32)
    if maps.ndim != 3 or len(maps) < 1 or not np.isfinite(maps).all():
        return b""
    found = undone(maps[:EXACT_VIEWS]).mean(axis=0) if len(maps) >= EXACT_VIEWS else maps[0]
    strongest = float(found.max())
    if strongest < _LEAST:
        return b""
    side = min(height, width)
    fine = min(side, LARGEST)
    share = np.clip(enlarged(np.clip(found, 0, None) / strongest, fine, fine), 0, 1)
    drawn = Image.fromarray(_drawn(share, max(1, round(fine / 250)))).resize((side, side), Image.Resampling.NEAREST)
    layer = np.zeros((height, width), np.uint8)
    top, left = (height - side) // 2, (width - side) // 2
    layer[top : top + side, left : left + side] = np.asarray(drawn)
    return packed(layer, _COLOURS)


def _drawn(share: np.ndarray, thick: int) -> np.ndarray:
    """(side, side) of 0..1 -> places in _COLOURS."""
    drawn = np.floor(share * STEPS).astype(np.uint8)
    away = ndimage.distance_transform_cdt(share < LINE_AT, metric="taxicab")
    drawn[(away > 0) & (away <= 2 * thick)] = _RIM
    drawn[(away > 0) & (away <= thick)] = _WHITE
    return drawn
