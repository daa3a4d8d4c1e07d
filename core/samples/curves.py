"""This is the place where the slow courses of a life (weight, a laboratory value) are drawn between known points."""

from __future__ import annotations

from itertools import pairwise

Points = tuple[tuple[float, float], ...]
"""(days ago, value), oldest first."""


def along(points: Points, ago: float) -> float:
    """The value that many days ago, on straight lines between the points and level outside them."""
    for (before, first), (after, second) in pairwise(points):
        if before >= ago >= after:
            return first + (second - first) * (before - ago) / (before - after)
    return points[0][1] if ago > points[0][0] else points[-1][1]
