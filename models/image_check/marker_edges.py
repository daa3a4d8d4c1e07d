"""This is the place where the four edges of a dark square are found in a grey picture to a fraction of a pixel."""

from __future__ import annotations

import numpy as np
from scipy import ndimage
from scipy.spatial import ConvexHull, QhullError

Quad = np.ndarray
"""float (4, 2): corners (x, y) in pixels, in the order top left, top right, bottom right, bottom left of the square as it may be turned (clockwise)."""
_FILLED = 0.88
"""The share of a patch's hull that its four corners must span: a square has it, a wound or a shadow seldom."""
_STEPS = 24
"""Places along each edge where its position is measured."""
_LEAST = 12
_REACH = 0.09
"""How far to each side of an edge it is looked for, as a share of the side."""
_SPREAD = 0.35
"""Pixels that the measured places of an edge may be off a straight line (median)."""


def quad_of(patch: np.ndarray) -> Quad | None:
    """Rough corners of a bool patch (height, width), or None where it has not four of them."""
    rows = np.flatnonzero(patch.any(axis=1))
    if len(rows) < 10:
        return None
    # the first and the last of each row have the same hull as the whole
    ends = patch[rows].argmax(axis=1), patch.shape[1] - 1 - patch[rows, ::-1].argmax(axis=1)
    points = np.column_stack([np.concatenate(ends), np.tile(rows, 2)]).astype(float)
    try:
        hull = ConvexHull(points)
    except QhullError:
        return None
    outline = points[hull.vertices]
    quad = _four(outline)
    if quad is None or area(quad) < _FILLED * hull.volume or area(quad) < 100:
        return None
    return _clockwise(quad)


def fitted(rough: Quad, grey: np.ndarray) -> Quad | None:
    """Corners where the fitted edges meet, or None where an edge is no straight step from dark to light."""
    lines = []
    for n in range(4):
        line = _edge(rough[n], rough[(n + 1) % 4], grey)
        if line is None:
            return None
        lines.append(line)
    corners = [_meeting(lines[n - 1], lines[n]) for n in range(4)]
    if any(one is None for one in corners):
        return None
    found = np.array(corners)
    reach = np.hypot(*(rough[1] - rough[0]))
    return found if np.isfinite(found).all() and np.abs(found - rough).max() < 0.3 * reach + 3 and _convex(found) else None


def area(quad: np.ndarray) -> float:
    """Of a polygon (n, 2), by the shoelace formula."""
    x, y = quad[:, 0], quad[:, 1]
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def _four(outline: np.ndarray) -> Quad | None:
    """The four points of a convex outline that lie farthest out: the longest diagonal, and the farthest on each side of it."""
    first = outline[np.argmax(np.hypot(*(outline - outline.mean(axis=0)).T))]
    third = outline[np.argmax(np.hypot(*(outline - first).T))]
    across = third - first
    side = across[0] * (outline - first)[:, 1] - across[1] * (outline - first)[:, 0]
    if side.max() <= 0 or side.min() >= 0:
        return None
    return np.array([first, outline[np.argmax(side)], third, outline[np.argmin(side)]])


def _clockwise(quad: Quad) -> Quad:
    """In the order the eye goes round (y points down)."""
    x, y = quad[:, 0], quad[:, 1]
    turned = np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))
    return quad if turned > 0 else quad[::-1].copy()


def _edge(start: np.ndarray, end: np.ndarray, grey: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """(a point, the direction) of the edge between two rough corners; inside is dark. The corners themselves are left out: blur rounds them."""
    along = end - start
    length = float(np.hypot(*along))
    if length < 8:
        return None
    along = along / length
    outward = np.array([along[1], -along[0]])  # of a clockwise outline
    half = max(3.0, length * _REACH)
    steps = np.arange(-half, half + 0.25, 0.25)
    places = start + along * length * np.linspace(0.12, 0.88, _STEPS)[:, None]
    points = places[:, None] + outward * steps[None, :, None]
    values = ndimage.map_coordinates(grey, points[..., ::-1].reshape(-1, 2).T, output=np.float32, order=1, mode="nearest").reshape(
        _STEPS, -1
    )
    rise = np.diff(ndimage.gaussian_filter1d(values, 2.0, axis=1), axis=1)
    best = rise.argmax(axis=1)
    good = rise[np.arange(_STEPS), best] > 0.15 * np.ptp(values, axis=1).clip(20) / (2.5 * 4)
    centred = _centre(rise, best)
    at = places + outward * (steps[0] + 0.125 + centred * 0.25)[:, None]
    return _line(at[good], along) if good.sum() >= _LEAST else None


def _centre(rise: np.ndarray, best: np.ndarray) -> np.ndarray:
    """Where the rise has its middle, in steps: the centre of what lies around the steepest place, so that blur on both sides does not move it."""
    wide = 6
    padded = np.pad(np.clip(rise, 0, None), ((0, 0), (wide, wide)))
    around = np.stack([padded[np.arange(len(best)), best + wide + offset] for offset in range(-wide, wide + 1)], axis=1)
    return best + (around @ np.arange(-wide, wide + 1)) / np.maximum(around.sum(axis=1), 1e-9)


def _line(points: np.ndarray, along: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
    """The line through points, without those that lie apart; None where they make no line."""
    kept = points
    for _ in range(4):
        middle = kept.mean(axis=0)
        x, y = (kept - middle).T
        turned = 0.5 * np.arctan2(2 * (x @ y), x @ x - y @ y)  # the longer axis of their spread
        direction = np.array([np.cos(turned), np.sin(turned)])
        normal = np.array([-direction[1], direction[0]])
        off = np.abs((points - middle) @ normal)
        near = off < max(0.5, 2.5 * _median(off))
        if near.sum() < _LEAST:
            return None
        kept = points[near]
    if _median(off) > _SPREAD or abs(direction @ along) < 0.9:
        return None
    return middle, direction


def _median(values: np.ndarray) -> float:
    """Of a few numbers; numpy's takes longer to begin than to find it."""
    ordered = np.sort(values)
    return float(ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def _meeting(one: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> np.ndarray | None:
    sides = np.stack([one[1], -other[1]], axis=1)
    if abs(np.linalg.det(sides)) < 0.1:
        return None
    return one[0] + one[1] * np.linalg.solve(sides, other[0] - one[0])[0]


def _convex(quad: Quad) -> bool:
    steps = np.roll(quad, -1, axis=0) - quad
    turns = steps[:, 0] * np.roll(steps, -1, axis=0)[:, 1] - steps[:, 1] * np.roll(steps, -1, axis=0)[:, 0]
    return bool((turns > 0).all())
