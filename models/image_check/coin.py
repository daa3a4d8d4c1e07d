"""This is the place where a coin that the person says lies beside a wound is found as an ellipse, so that an area can be said in cm2.

Only a named coin is looked for, since round things are many. What is found must be one bright step all the way round, nearly a circle, beside the wound
and not over it, and the only one of its kind; otherwise nothing is said. The printed square (marker.py) is better: it knows itself and how it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image
from scipy import ndimage

COINS: Mapping[str, float] = MappingProxyType({"eur_1": 23.25, "usd_quarter": 24.26, "cny_1_1999": 25.0, "cny_1_2019": 22.25})
"""Diameters in mm: 1 euro (Council Regulation (EU) 729/2014, annex I), US quarter dollar (31 U.S.C. 5112(a): 0.955 inch), 1 yuan of the fourth series
(1999 on) and of the fifth series 2019 (announcements of the People's Bank of China)."""
_LONGEST = 480
"""The photo is made this large to look for circles; the outline is then measured in the photo itself."""
_RADII = np.geomspace(11, 100, 26)
_ROUND = 0.9
"""The shorter axis over the longer one, at least, to be taken for a coin."""
_MOST_OFF = 0.04
_NEAREST_MM = 200.0
"""A coin doesn't say which of its sides is farther away. A wound at `offset` mm from it, on a plane tilted by t, looks larger or smaller by up to
3 offset sin(t) / distance; where that could be more than _MOST_OFF from _NEAREST_MM on, nothing is said."""
_RAYS = 96
_HIT = 0.85
"""The share of rays on which the outline must be found."""
_LARGEST_FITS = 3


@dataclass(frozen=True, slots=True)
class Ellipse:
    """Centre and half axes in pixels of the photo."""

    x: float
    y: float
    a: float
    b: float


def measured(mask: np.ndarray, pixels: np.ndarray, key: str) -> float | None:
    """The area in cm2 of a bool mask of the photo, by a coin of COINS in it; None where not exactly one is found. Raises KeyError for an unknown coin."""
    diameter = COINS[key]
    found = find(pixels, mask)
    if found is None or not mask.any():
        return None
    middle = np.argwhere(mask).mean(axis=0)
    offset = float(np.hypot(middle[1] - found.x, middle[0] - found.y)) * diameter / (2 * found.a)
    tilted = float(np.sqrt(max(0.0, 1 - (found.b / found.a) ** 2)))
    if 3 * offset * tilted / _NEAREST_MM > _MOST_OFF:
        return None
    return float(mask.sum() * diameter**2 / (4 * found.a * found.b) / 100)


def find(pixels: np.ndarray, mask: np.ndarray) -> Ellipse | None:
    """The one coin in a photo, uint8 (height, width, 3), away from the bool mask; None where there is none, or more than one."""
    grey = np.asarray(Image.fromarray(pixels).convert("L"), np.float32)
    scale = min(1.0, _LONGEST / max(grey.shape))
    small = np.asarray(
        Image.fromarray(pixels)
        .convert("L")
        .resize((max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))), Image.Resampling.BOX),
        np.float32,
    )
    fits: list[Ellipse] = []
    for x, y, radius in _circles(small):
        one = _outline(grey, (x + 0.5) / scale - 0.5, (y + 0.5) / scale - 0.5, radius / scale)
        if one is not None and not _over(one, mask):
            fits.append(one)
    outer: list[Ellipse] = []
    for one in sorted(fits, key=lambda e: -e.a):  # the rim, not the ring within it
        if all(np.hypot(one.x - other.x, one.y - other.y) > other.a for other in outer):
            outer.append(one)
    return outer[0] if len(outer) == 1 else None


def _circles(grey: np.ndarray) -> list[tuple[float, float, float]]:
    """(x, y, radius) where gradients point to (or from) a common middle, the strongest of each place and size."""
    smooth = ndimage.gaussian_filter(grey, 1.2)
    gy, gx = ndimage.sobel(smooth, axis=0), ndimage.sobel(smooth, axis=1)
    size = np.hypot(gx, gy)
    edge = size > max(40.0, float(np.percentile(size, 88)))
    rows, columns = np.nonzero(edge)
    ux, uy = gx[edge] / size[edge], gy[edge] / size[edge]
    found = []
    for radius in _RADII:
        for sign in (1, -1):
            x, y = np.round(columns + sign * radius * ux).astype(int), np.round(rows + sign * radius * uy).astype(int)
            inside = (x >= 0) & (x < grey.shape[1]) & (y >= 0) & (y < grey.shape[0])
            votes = np.bincount(y[inside] * grey.shape[1] + x[inside], minlength=grey.size).reshape(grey.shape).astype(np.float32)
            votes = (
                ndimage.gaussian_filter(votes, max(1.0, radius * 0.06))
                * (2 * np.pi * max(1.0, radius * 0.06) ** 2)
                / (2 * np.pi * radius)
            )
            place = np.unravel_index(int(votes.argmax()), votes.shape)
            found.append((float(votes[place]), float(place[1]), float(place[0]), float(radius)))
    return [one[1:] for one in sorted(found, reverse=True)[:12] if one[0] > 0.35]


def _outline(grey: np.ndarray, x: float, y: float, radius: float) -> Ellipse | None:
    """The ellipse whose outline is the strongest step on rays from a rough middle; None where too few rays have one."""
    for _ in range(_LARGEST_FITS):
        angles = np.linspace(0, 2 * np.pi, _RAYS, endpoint=False)
        reach = np.arange(radius * 0.7, radius * 1.35, max(0.5, radius / 160))
        px, py = x + np.outer(np.cos(angles), reach), y + np.outer(np.sin(angles), reach)
        if px.min() < 0 or py.min() < 0 or px.max() > grey.shape[1] - 1 or py.max() > grey.shape[0] - 1:
            return None
        values = ndimage.map_coordinates(grey, [py.reshape(-1), px.reshape(-1)], order=1).reshape(px.shape)
        step = np.gradient(ndimage.gaussian_filter1d(values, 2.0, axis=1), axis=1)
        step = step if abs(step.min(axis=1).mean()) < step.max(axis=1).mean() else -step
        best = step.argmax(axis=1)
        points = np.column_stack([px[np.arange(_RAYS), best], py[np.arange(_RAYS), best]])
        fit = _fitted(points)
        if fit is None:
            return None
        ellipse, near = fit
        x, y, radius = ellipse.x, ellipse.y, float(np.sqrt(ellipse.a * ellipse.b))
    strong = np.ptp(values, axis=1) > 25
    return ellipse if (near & strong).mean() >= _HIT and ellipse.b / ellipse.a >= _ROUND else None


def _fitted(points: np.ndarray) -> tuple[Ellipse, np.ndarray] | None:
    """The ellipse through most of the points (least squares of the conic, those apart left out), and which points lie on it."""
    middle, spread = points.mean(axis=0), float(points.std())
    if spread <= 0:
        return None
    u, v = ((points - middle) / spread).T
    near = np.ones(len(points), bool)
    for _ in range(5):
        rows = np.column_stack([u * u, u * v, v * v, u, v])[near]
        if len(rows) < _RAYS // 3:
            return None
        conic = np.linalg.lstsq(rows, np.ones(len(rows)), rcond=None)[0]
        off = np.abs(np.column_stack([u * u, u * v, v * v, u, v]) @ conic - 1)
        near = off < max(0.03, 2.0 * float(np.median(off)))
    matrix = np.array([[conic[0], conic[1] / 2], [conic[1] / 2, conic[2]]])
    values = np.linalg.eigvalsh(matrix)
    if values.min() <= 0:
        return None
    centre = np.linalg.solve(2 * matrix, -conic[3:])
    level = 1 + centre @ matrix @ centre
    half = np.sqrt(level / values) * spread
    x, y = centre * spread + middle
    return Ellipse(float(x), float(y), float(half.max()), float(half.min())), off < 0.06


def _over(ellipse: Ellipse, mask: np.ndarray) -> bool:
    """Whether the ellipse touches the wound."""
    rows, columns = np.nonzero(mask)
    return bool(len(rows)) and bool((np.hypot(columns - ellipse.x, rows - ellipse.y) < ellipse.a * 1.02).any())
