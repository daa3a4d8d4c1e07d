"""This is the place where a photo is made into what a model sees, in training and at run time alike.

Everything here is Pillow and numpy, so that the same bytes come out with and without TensorFlow.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

EXACT_VIEWS = 4
"""The first views are the square itself, mirrored, upside down, and both: what is found in them can be laid back exactly (`undone`)."""
VIEWS = EXACT_VIEWS + 2
_CLOSER = 0.88
"""The two further views look a little closer, one of them turned: the share of the side that is left."""
_TURNED = 10.0  # degrees
_GAP = 3.0  # a photo is reduced by whole steps first, down to this many times what is wanted


@dataclass(frozen=True, slots=True)
class Fit:
    """Where a whole photo lies in a square: pixels (top, left, height, width) of the square; `of` is the photo's own (height, width)."""

    top: int
    left: int
    height: int
    width: int
    of: tuple[int, int]


def square(pixels: np.ndarray, size: int) -> np.ndarray:
    """uint8 (height, width, 3) -> uint8 (size, size, 3): the middle square, resized with antialiasing."""
    return _Sized(_middle(pixels)).resized(size, size)


def views(pixels: np.ndarray, size: int) -> np.ndarray:
    """uint8 (height, width, 3) -> uint8 (VIEWS, size, size, 3): the same photo as it might as well have been taken. The first is `square`."""
    middle = _Sized(_middle(pixels))
    closer = _closer(middle, 0.0, size)
    turned = _closer(middle, _TURNED, size)
    return np.stack([*_flips(middle.resized(size, size)), closer, turned])


def fitted(pixels: np.ndarray, size: int) -> tuple[np.ndarray, Fit]:
    """The whole photo within a square, black around it, and where it lies: for what must not be cut off at the sides, such as a wound."""
    height, width = pixels.shape[:2]
    longest = max(height, width)
    tall, wide = max(1, round(height * size / longest)), max(1, round(width * size / longest))
    fit = Fit((size - tall) // 2, (size - wide) // 2, tall, wide, (height, width))
    whole = np.zeros((size, size, 3), np.uint8)
    whole[fit.top : fit.top + tall, fit.left : fit.left + wide] = _Sized(pixels).resized(tall, wide)
    return whole, fit


def flips(pixels: np.ndarray) -> np.ndarray:
    """(size, size, ...) -> (EXACT_VIEWS, size, size, ...): itself, mirrored, upside down, both."""
    return np.stack(_flips(pixels))


def undone(maps: np.ndarray) -> np.ndarray:
    """What was found in the exact views (EXACT_VIEWS, height, width), laid back so that all lie on the first."""
    return np.stack([maps[0], maps[1][:, ::-1], maps[2][::-1], maps[3][::-1, ::-1]])


def unfitted(found: np.ndarray, fit: Fit) -> np.ndarray:
    """A map of the square (size, size) float -> float32 as large as the photo that `fit` came from."""
    inside = np.ascontiguousarray(found[fit.top : fit.top + fit.height, fit.left : fit.left + fit.width], dtype=np.float32)
    return enlarged(inside, *fit.of)


def enlarged(found: np.ndarray, height: int, width: int) -> np.ndarray:
    """A map (h, w) float -> float32 (height, width), smooth in between."""
    picture = Image.fromarray(np.ascontiguousarray(found, dtype=np.float32))
    return np.asarray(picture.resize((width, height), Image.Resampling.BILINEAR))


def _flips(pixels: np.ndarray) -> list[np.ndarray]:
    return [pixels, pixels[:, ::-1], pixels[::-1], pixels[::-1, ::-1]]


def _middle(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return pixels[top : top + side, left : left + side]


def _closer(middle: _Sized, degrees: float, size: int) -> np.ndarray:
    """The middle of the square, turned by some degrees: small enough that a turned square never reaches past the photo's own middle square."""
    radians = np.deg2rad(degrees)
    largest = 1.0 / (np.cos(radians) + np.sin(radians))
    share = min(_CLOSER, float(largest))
    # resized before it is turned: turning first would sample a large photo without antialiasing
    whole = middle.resized(round(size / share), round(size / share))
    if degrees:
        whole = np.asarray(Image.fromarray(whole).rotate(degrees, Image.Resampling.BICUBIC))
    margin = (whole.shape[0] - size) // 2
    return whole[margin : margin + size, margin : margin + size]


class _Sized:
    """A photo that is wanted in several sizes: handed to Pillow once, and halved once for all of them. What comes out is to the last bit what
    Image.resize(..., reducing_gap=3.0) gives."""

    def __init__(self, pixels: np.ndarray) -> None:
        self._picture = Image.fromarray(np.ascontiguousarray(pixels))
        self._reduced: dict[tuple[int, int], Image.Image] = {(1, 1): self._picture}

    def resized(self, height: int, width: int) -> np.ndarray:
        across, down = self._picture.size
        by = int(across / width / _GAP) or 1, int(down / height / _GAP) or 1
        if by not in self._reduced:
            self._reduced[by] = self._picture.reduce(by)
        box = (0, 0, across / by[0], down / by[1])
        return np.asarray(self._reduced[by].resize((width, height), Image.Resampling.BICUBIC, box=box))
