"""This is the place where it is drawn where a model looked: a layer over the photo, that whoever cannot tell colours apart reads by its steps and its line."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image
from scipy import ndimage

from models.image_check.preparing import EXACT_VIEWS, enlarged, undone

STEPS = 6
"""Steps of opacity, as the lines of a map."""
MOST = 130  # opacity of the highest step, of 255: what lies below stays visible
COLOUR = (0, 74, 173)
"""A blue that no skin has; to people who don't see red or green it is the colour farthest from skin."""
LINE_AT = 0.5
"""A white line with a dark rim goes around what speaks at least half as strongly as the strongest place."""
_LEAST = 1e-6


def overlay(maps: np.ndarray, height: int, width: int) -> bytes:
    """Class-activation maps of the views of a photo, (n, h, w), the exact views first -> PNG (RGBA, as large as the photo, clear where nothing speaks for the
    decision). b"" where nothing does anywhere, or where the maps hold what is no number."""
    maps = np.asarray(maps, dtype=np.float32)
    if maps.ndim != 3 or len(maps) < 1 or not np.isfinite(maps).all():
        return b""
    found = undone(maps[:EXACT_VIEWS]).mean(axis=0) if len(maps) >= EXACT_VIEWS else maps[0]
    strongest = float(found.max())
    if strongest < _LEAST:
        return b""
    side = min(height, width)
    share = np.clip(enlarged(np.clip(found, 0, None) / strongest, side, side), 0, 1)
    layer = np.zeros((height, width, 4), np.uint8)
    top, left = (height - side) // 2, (width - side) // 2
    layer[top : top + side, left : left + side] = _drawn(share, max(1, round(side / 250)))
    out = io.BytesIO()
    Image.fromarray(layer).save(out, "PNG", compress_level=6)
    return out.getvalue()


def _drawn(share: np.ndarray, thick: int) -> np.ndarray:
    """(side, side) of 0..1 -> RGBA."""
    drawn = np.zeros((*share.shape, 4), np.uint8)
    drawn[..., :3] = COLOUR
    drawn[..., 3] = np.floor(share * STEPS) / STEPS * MOST
    inside = share >= LINE_AT
    rim = ndimage.binary_dilation(inside, iterations=2 * thick) & ~inside
    drawn[rim] = (20, 24, 28, 230)
    drawn[ndimage.binary_dilation(inside, iterations=thick) & ~inside] = (255, 255, 255, 255)
    return drawn
