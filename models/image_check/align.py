"""This is the place where a second photo of the same wound is laid as the first one lies, so that the two can be looked at side by side."""

from __future__ import annotations

import numpy as np
from PIL import Image

from models.image_check import marker

MOST_SCALED = 4.0
"""Photos from more than four times as near or as far are not laid on each other: there is nothing left to compare."""
_LEAST_PX = 12.0


def aligned(
    first: np.ndarray, other: np.ndarray, first_mask: np.ndarray | None = None, other_mask: np.ndarray | None = None
) -> np.ndarray | None:
    """`other` resampled to lie as `first` does, uint8 of the first's shape, black where it shows nothing; None where that cannot be told.

    With the printed square on both: turned, moved and scaled by it, then moved so that the wounds' middles meet where both masks are given (the square need
    not lie in the same place twice). Without: moved and scaled by the masks alone, since a mask does not say how a wound is turned, and a wound that heals
    would be enlarged; so only the middle is laid on the middle, and the scale stays. Masks: bool (height, width) of their photo. Shapes that differ are fine.
    """
    squares = marker.find(first), marker.find(other)
    middles = _middle(first_mask), _middle(other_mask)
    if squares[0] is not None and squares[1] is not None:
        turn = _similarity(squares[0].corners, squares[1].corners)
    elif middles[0] is not None and middles[1] is not None:
        # the same share of the photo's width is taken for the same distance of the camera
        turn = np.array([[other.shape[1] / first.shape[1], 0.0, 0.0], [0.0, other.shape[1] / first.shape[1], 0.0]])
    else:
        return None
    scale = float(np.hypot(turn[0, 0], turn[1, 0])) * first.shape[1] / other.shape[1]
    if not 1 / MOST_SCALED <= scale <= MOST_SCALED:
        return None
    if middles[0] is not None and middles[1] is not None:
        turn[:, 2] += middles[1] - (turn[:, :2] @ middles[0] + turn[:, 2])
    return _resampled(other, turn, first.shape[:2])


def _similarity(to: np.ndarray, start: np.ndarray) -> np.ndarray:
    """(2, 3) by least squares (Umeyama 1991): turns, moves and scales the points `to` (n, 2) into `start`."""
    middle_to, middle_start = to.mean(axis=0), start.mean(axis=0)
    a, b = to - middle_to, start - middle_start
    cos, sin = float((a * b).sum()), float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum())
    turn = np.array([[cos, -sin], [sin, cos]]) / float((a * a).sum())
    return np.column_stack([turn, middle_start - turn @ middle_to])


def _middle(mask: np.ndarray | None) -> np.ndarray | None:
    """(x, y) of the middle of a mask; None where there is none, or hardly one."""
    if mask is None or mask.sum() < _LEAST_PX:
        return None
    return np.argwhere(mask).mean(axis=0)[::-1]


def _resampled(pixels: np.ndarray, turn: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    # Pillow counts from the corner of a pixel, the maps here from its middle
    shift = turn[:, 2] + 0.5 - turn[:, :2] @ np.array([0.5, 0.5])
    matrix = (turn[0, 0], turn[0, 1], shift[0], turn[1, 0], turn[1, 1], shift[1])
    picture = Image.fromarray(pixels).transform((shape[1], shape[0]), Image.Transform.AFFINE, matrix, Image.Resampling.BICUBIC)
    return np.asarray(picture)
