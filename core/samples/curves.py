"""This is the place where the slow courses of a life (weight, a laboratory value) are drawn between known points."""

from __future__ import annotations

from itertools import pairwise

Points = tuple[tuple[float, float], ...]
"""(position, value) in order of position: days ago, or months of age."""


def along(points: Points, position: float) -> float:
    """The value at a position, on straight lines between the points and level outside them."""
    for (one, first), (other, second) in pairwise(points):
        if min(one, other) <= position <= max(one, other):
            return first + (second - first) * (position - one) / (other - one)
    return min(points[0], points[-1], key=lambda point: abs(point[0] - position))[1]
