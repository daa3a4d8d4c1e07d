"""This is the place where a photo is measured before anybody judges it: light, sharpness, glare, colour, size. Numbers only; models/image_check/quality.py judges.

Everything is measured in the middle of the picture, without black bars around it, at a fixed size, so that a photo from any camera gives the same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PIL import Image
from scipy import ndimage

SHORT_SIDE = 256
"""Pixels of the shorter side at which everything but the size is measured."""
CLOSE_UP = 384
MIDDLE = 0.8
"""The share of each side that counts."""
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709
_BAR = 12  # a black bar has no channel above this
_FEWEST = 16  # lines that a photo has at least
_FINE, _COARSE = 1.0, 3.0  # pixels: the scales whose edges are compared
_FLAT = 1.0  # levels of luminance by which neighbours may differ where nothing is drawn

SKIN_RED_GREEN = (0.02, 1.10)
SKIN_GREEN_BLUE = (-0.35, 0.90)
SKIN_WARM = 0.07
"""Skin by colour, of every tone: the logarithms of red/green and green/blue, and that their sum is above nothing. Melanin and blood darken blue and green more
than red, so that all skin is on the warm side of grey; how dark it is plays no part. The ends hold 98 % of the pixels of the shared photos and
the tones of Fitzpatrick's and Monk's scales, from the palest (0.08) to the darkest."""


def measured(pixels: np.ndarray) -> Mapping[str, float]:
    """uint8 (height, width, 3) -> its measures:

    short_side (pixels, without black bars) · light (the 95th percentile of the brightest channel, 0 to 255) · clipped (share of pixels that are white in two
    channels or more) · glare (share of the largest white spot) · contrast (5th to 95th percentile of luminance) · sharpness (edges that are fine against
    those that are coarse, in the direction where that is least; logarithm) · texture (spread of the fine edges, levels a pixel) · skin (share of pixels coloured
    as skin) · flat (share of pixels like the next ones) · blocks (how much larger the steps at the lines of a grid
    of 8 are than those between, of a level more).
    """
    inner = without_bars(pixels)
    small = _at_size(inner)
    luminance = small @ _LUMINANCE
    middle = _middle(small)[::2, ::2]  # colour and light need no more
    low, high = np.percentile(_middle(luminance)[::2, ::2], [5, 95])
    close = _close_up(inner)
    sharpness, texture = _sharpness(luminance)
    return {
        "short_side": float(min(inner.shape[:2])),
        "light": float(np.percentile(middle.max(axis=2), 95)),
        "clipped": float(((middle >= 250).sum(axis=2) >= 2).mean()),
        "glare": _largest_white(middle),
        "contrast": float(high - low),
        "sharpness": sharpness,
        "texture": texture,
        "skin": _skin_share(middle),
        "flat": _flat_share(luminance),
        "blocks": _blocks(close),
    }


def without_bars(pixels: np.ndarray) -> np.ndarray:
    """The picture inside black bars (a letterbox is no part of the photo); the whole where almost nothing would be left."""
    rows, columns = _lit(pixels), _lit(pixels.swapaxes(0, 1))
    return pixels if rows is None or columns is None else pixels[rows, columns]


def _lit(lines: np.ndarray) -> slice | None:
    """From the first to the last line that is no bar; None where fewer than _FEWEST are none. Looks no farther in from both ends than it has to."""
    first, last = _ends(lines), _ends(lines[::-1])
    if first is None or last is None:
        return None
    return slice(first, len(lines) - last)


def _ends(lines: np.ndarray) -> int | None:
    """The place of the first line that is no bar; None where fewer than _FEWEST lines are none."""
    first, count = None, 0
    for start in range(0, len(lines), _FEWEST):
        some = lines[start : start + _FEWEST]
        bright = (some[..., 0] > _BAR) | (some[..., 1] > _BAR) | (some[..., 2] > _BAR)
        lit = np.flatnonzero(bright.mean(axis=1) > 0.02)
        if first is None and len(lit):
            first = start + int(lit[0])
        count += len(lit)
        if count >= _FEWEST and first is not None:
            return first
    return None


def _at_size(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    scale = SHORT_SIDE / min(height, width)
    if scale >= 1:
        return pixels
    picture = Image.fromarray(np.ascontiguousarray(pixels))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=3.0))


def _close_up(pixels: np.ndarray) -> np.ndarray:
    """The luminance of the middle, pixel by pixel as it came, at most CLOSE_UP on a side."""
    height, width = pixels.shape[:2]
    top, left = max(0, height - CLOSE_UP) // 2, max(0, width - CLOSE_UP) // 2
    return pixels[top : top + CLOSE_UP, left : left + CLOSE_UP].astype(np.float32) @ _LUMINANCE


def _middle(values: np.ndarray) -> np.ndarray:
    top, left = (int(side * (1 - MIDDLE) / 2) for side in values.shape[:2])
    return values[top : values.shape[0] - top, left : values.shape[1] - left]


def _sharpness(luminance: np.ndarray) -> tuple[float, float]:
    """How strong fine edges are against coarse ones, in the direction in which that is least: a photo out of focus has few fine edges anywhere, one that was
    shaken has few along one direction. The least generalised eigenvalue of the two covariances of the gradient; and the spread of the fine edges."""
    fine, coarse = _gradient(luminance, _FINE), _gradient(luminance, _COARSE)
    floor = np.eye(2) * 0.02
    values = np.linalg.eigvals(np.linalg.solve(coarse + floor, fine + floor * 0.05)).real
    return float(0.5 * np.log(max(float(values.min()), 1e-6))), float(np.sqrt(np.trace(fine) / 2))


def _gradient(luminance: np.ndarray, sigma: float) -> np.ndarray:
    """(2, 2) covariance of the gradient at a scale, per pixel of the scale."""
    parts = [_middle(ndimage.gaussian_filter(luminance, sigma, order=order, truncate=3.0)).ravel() for order in ((0, 1), (1, 0))]
    return np.cov(np.stack(parts)) if parts[0].size > 1 else np.zeros((2, 2))


def _largest_white(middle: np.ndarray) -> float:
    white = ndimage.binary_opening(middle.min(axis=2) >= 240)
    labels, count = ndimage.label(white)
    return float(np.bincount(labels.ravel())[1:].max() / white.size) if count else 0.0


def _skin_share(middle: np.ndarray) -> float:
    """Pixels too dark to have a colour are left out; none has one: 0."""
    seen = middle.reshape(-1, 3)[middle.reshape(-1, 3).max(axis=1) > 25].astype(np.float32) + 2
    if len(seen) < 0.02 * middle.shape[0] * middle.shape[1]:
        return 0.0
    red_green, green_blue = np.log(seen[:, 0] / seen[:, 1]), np.log(seen[:, 1] / seen[:, 2])
    of_skin = (red_green > SKIN_RED_GREEN[0]) & (red_green < SKIN_RED_GREEN[1])
    of_skin &= (green_blue > SKIN_GREEN_BLUE[0]) & (green_blue < SKIN_GREEN_BLUE[1]) & (red_green + green_blue > SKIN_WARM)
    return float(of_skin.mean())


def _flat_share(luminance: np.ndarray) -> float:
    across, down = np.abs(np.diff(luminance, axis=1))[:-1], np.abs(np.diff(luminance, axis=0))[:, :-1]
    return float((np.maximum(across, down) <= _FLAT).mean()) if across.size else 0.0


def _blocks(luminance: np.ndarray) -> float:
    """0: no grid. A strongly compressed JPEG has a step at every eighth pixel."""
    found = []
    for axis in (0, 1):
        steps = np.abs(np.diff(luminance, axis=axis)).mean(axis=1 - axis)
        if len(steps) < 32:
            return 0.0
        by_place = np.array([steps[start::8].mean() for start in range(8)])
        found.append((by_place.max() - np.median(by_place)) / (np.median(by_place) + 1.0))
    return float(np.mean(found))
