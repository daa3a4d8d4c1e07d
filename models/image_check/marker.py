"""This is the place where a printed square of known size is found in a photo, so that an area can be said in cm2.

The square is our own: black, 20 mm, with a frame of one cell and 4 x 4 cells inside that look different each way round, on white. Dark patches with four
corners in smaller and smaller copies of the photo are taken for candidates; their edges are fitted in the photo itself to a fraction of a pixel, and only what
reads as our pattern, cell by cell, on white, is believed. From its corners follows the map from pixels to millimetres in its plane, perspective included.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PIL import Image, ImageChops, ImageFilter
from scipy import ndimage

from models.image_check.marker_edges import Quad, fitted, quad_of

SIDE_MM = 20.0
PATTERN = np.array([[1, 1, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], bool)
"""True is black. No turn of it is within six cells of another."""
CELLS = 6
LONGEST = 1024
"""A larger photo is made this large before the square is looked for; its corners are then found in the photo itself. What is too small to be seen in it (a side
of 42 pixels in a photo of 2048) is too small to measure a wound beside it."""
COPIES = 3
"""Sizes in which it is looked for, each half the one before: large squares, blurred edges and slow shadows are seen in the smaller ones."""
SMALLEST_PX = 26.0
"""A shorter side of the square has too few pixels for its cells."""
MOST_UNSURE = 0.03
"""By what share (one standard deviation) an area may be off at most to be said in cm2: on drawn photos all of these were within 5 % of the truth."""
_CONTRAST = 40.0
"""Grey levels between the black and the white of the square, at least."""
_EVEN = 7
"""Pixels to each side over which the light is taken to be even when dark patches are looked for."""
_DARKER = 8
"""Grey levels by which a dark patch is darker than what lies around."""
_ENOUGH = 20_000
"""Pixels of a mask by which it is told how sure its area is."""
_CORNER_OFF = 0.25
"""Pixels by which a corner may be off, one standard deviation: measured on drawn pictures with blur and noise."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A square that was found. `corners` float (4, 2) of (x, y) pixels of the photo, `plane` 3 x 3: homogeneous pixels to millimetres."""

    corners: np.ndarray
    plane: np.ndarray

    @property
    def side_px(self) -> float:
        """The shortest of its sides."""
        return float(min(np.hypot(*(b - a)) for a, b in pairwise([*self.corners, self.corners[0]])))

    def measured(self, mask: np.ndarray) -> float | None:
        """The area in cm2 of a bool mask (height, width) of the same photo, or None where the square is too small, too far or too tilted to say."""
        return self.area_cm2(mask) if self.uncertainty(mask) <= MOST_UNSURE else None

    def area_cm2(self, mask: np.ndarray) -> float:
        """The area of a bool mask, where it lies in the plane of the square; infinite behind the plane's horizon."""
        return _area_mm2(self.plane, np.argwhere(mask).T) / 100

    def uncertainty(self, mask: np.ndarray) -> float:
        """By what share the area may be off (one standard deviation) because corners are known only to a fraction of a pixel; infinite where the mask
        reaches behind the horizon of the plane."""
        step = 1 + int(np.sqrt(np.count_nonzero(mask) / _ENOUGH))
        thinned = np.argwhere(mask[::step, ::step]).T * float(step)
        whole, changes = _area_mm2(self.plane, thinned), []
        if not np.isfinite(whole) or whole <= 0:
            return float("inf")
        for corner in range(4):
            for axis in range(2):
                moved = self.corners.copy()
                moved[corner, axis] += _CORNER_OFF
                changes.append(_area_mm2(_plane(moved), thinned) / whole - 1)
        off = float(np.sqrt(np.square(changes).sum()))
        return off if np.isfinite(off) else float("inf")


def find(pixels: np.ndarray) -> Marker | None:
    """The square in a photo, uint8 (height, width, 3); the largest where several lie there. None where none is found beyond doubt."""
    photo = Image.fromarray(pixels).convert("L")
    grey = np.asarray(photo)
    best: Marker | None = None
    seen: list[np.ndarray] = []
    for copy in _copies(photo):
        scale = max(copy.size) / max(photo.size)
        for quad in _candidates(copy):
            rough = (quad + 0.5) / scale - 0.5
            if any(np.abs(rough.mean(axis=0) - other).max() < 3 / scale for other in seen):
                continue
            found = _believed(rough, grey)
            if found is not None:
                seen.append(rough.mean(axis=0))
                if best is None or found.side_px > best.side_px:
                    best = found
    return best


def _copies(photo: Image.Image) -> list[Image.Image]:
    """The photo (grey) in the sizes in which the square is looked for, the largest first: from its rough corners the edges are fitted best."""
    scale = min(1.0, LONGEST / max(photo.size))
    copies = [photo if scale == 1 else photo.resize(_size(photo.size, scale), Image.Resampling.BOX, reducing_gap=1.0)]
    while len(copies) < COPIES and max(copies[-1].size) > 4 * SMALLEST_PX:
        copies.append(copies[-1].reduce(2))
    return copies


def _size(size: tuple[int, int], scale: float) -> tuple[int, int]:
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _candidates(grey: Image.Image) -> list[np.ndarray]:
    """Rough corners (4, 2) of dark patches with four of them."""
    darker = ImageChops.subtract(grey.filter(ImageFilter.BoxBlur(_EVEN)), grey)
    labels, count = ndimage.label(np.asarray(darker) > _DARKER)
    least, longest = SMALLEST_PX * 0.8, max(grey.size)
    large = np.bincount(labels.reshape(-1), minlength=count + 1) >= 4 * least  # the frame of a square, were its line a pixel thick
    large[0] = False
    labels = np.where(large, np.cumsum(large), 0)[labels]
    found, shades = [], np.asarray(grey)
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        tall, wide = (one.stop - one.start for one in box)
        if min(tall, wide) < least or max(tall, wide) > 3.5 * min(tall, wide) or max(tall, wide) > 0.9 * longest:
            continue
        if np.ptp(shades[box]) < _CONTRAST / 2:  # the white of its cells lies in the same box
            continue
        quad = quad_of(labels[box] == number)
        if quad is not None:
            found.append(quad + np.array([box[1].start, box[0].start]))
    return found


def _believed(rough: Quad, grey: np.ndarray) -> Marker | None:
    """The marker at these corners, if it reads as ours."""
    corners = fitted(rough, grey)
    if corners is None:
        return None
    marker = Marker(corners, _plane(corners))
    if marker.side_px < SMALLEST_PX:
        return None
    turn = _read(marker, grey)
    if turn is None:
        return None
    turned = np.roll(corners, -turn, axis=0)
    return Marker(turned, _plane(turned))


def _read(marker: Marker, grey: np.ndarray) -> int | None:
    """By how many quarter turns the pattern lies there; None where a single cell, or the white around, does not fit."""
    back = np.linalg.inv(marker.plane)
    cell = SIDE_MM / CELLS
    at = (np.arange(-1, CELLS + 1) + 0.5) * cell
    inner = np.array([-0.2, 0.0, 0.2]) * cell
    xs = at[:, None] + inner[None]
    grid = np.stack(np.broadcast_arrays(xs[None, :, None, :], xs[:, None, :, None]), axis=-1)  # (row, column, 3, 3, xy) in mm
    values = ndimage.map_coordinates(
        grey, _mapped(back, grid)[..., ::-1].reshape(-1, 2).T, output=np.float32, order=1, mode="constant", cval=0.0
    )
    cells = values.reshape(CELLS + 2, CELLS + 2, 9)
    level = cells.mean(axis=2)
    ours = level[1:-1, 1:-1]
    frame = np.ones((CELLS, CELLS), bool)
    frame[1:-1, 1:-1] = False
    ring = np.ones((CELLS + 2, CELLS + 2), bool)
    ring[1:-1, 1:-1] = False
    black, white = float(np.median(ours[frame])), float(np.median(level[ring]))
    if white - black < _CONTRAST:
        return None
    middle = (white + black) / 2
    if (ours[frame] > middle).any() or (level[ring] < middle).any() or cells[1:-1, 1:-1].std(axis=2).max() > (white - black) * 0.35:
        return None
    inside = ours[1:-1, 1:-1] < middle
    return next((turn for turn in range(4) if (np.rot90(inside, turn) == PATTERN).all()), None)


def _plane(corners: np.ndarray) -> np.ndarray:
    """The homography from pixels to mm that sends the corners to those of a square of SIDE_MM."""
    square = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float) * SIDE_MM
    rows = []
    for (x, y), (u, v) in zip(corners, square, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    try:
        found = np.linalg.solve(np.array(rows), square.reshape(-1))
    except np.linalg.LinAlgError:
        return np.full((3, 3), np.nan)
    return np.append(found, 1.0).reshape(3, 3)


def _mapped(plane: np.ndarray, points: np.ndarray) -> np.ndarray:
    """(..., 2) points through a homography."""
    whole = points @ plane[:, :2].T + plane[:, 2]
    return whole[..., :2] / whole[..., 2:]


def _area_mm2(plane: np.ndarray, points: np.ndarray) -> float:
    """The sum over pixels (2, n), rows and columns, of what each covers in the plane: |det| / w^3 (the Jacobian of a homography). Infinite behind its
    horizon."""
    rows, columns = points
    if not len(rows):
        return 0.0
    depth = plane[2, 0] * columns + plane[2, 1] * rows + plane[2, 2]
    # 1 at the first corner: a fifth of it is far behind any photo of one wound
    if not np.isfinite(depth).all() or depth.min() <= 0.2:
        return float("inf")
    return float(abs(np.linalg.det(plane)) * (1 / (depth * depth * depth)).sum())
