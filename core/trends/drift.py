"""This is the place where it is worked out whether what a model is given has changed since it began: the population stability index.

PSI = sum over classes of (p - q) ln(p / q), p and q the shares of two samples in the same classes (Siddiqi, Credit Risk Scorecards, 2006: below 0.1 stable,
above 0.25 moved). Two samples of one distribution have an expected index of about (classes - 1)(1/n + 1/m) (Yurdakul, Statistical Properties of
Population Stability Index, 2018). So small samples get few classes, and what chance is expected to give is taken off: ten classes of thirty values
each would call everything moved.
"""

from __future__ import annotations

import numpy as np

LEAST = 30
"""Values on either side below which nothing is said."""
MOST_CLASSES = 10
EXPECTED = 0.05
"""Our choice: the index that chance alone may be expected to give."""
STABLE, MOVED = 0.1, 0.25


def stability_index(first: np.ndarray, latest: np.ndarray) -> float | None:
    """The index of two samples of a number (float, 1-d; what is no number is left out); classes are quantiles of both together. None: under LEAST on
    either side. 0 where all values are the same."""
    first, latest = _numbers(first), _numbers(latest)
    if min(len(first), len(latest)) < LEAST:
        return None
    together = np.concatenate([first, latest])
    edges = np.unique(np.quantile(together, np.linspace(0, 1, classes_for(len(first), len(latest)) + 1)[1:-1]))
    counts = [np.bincount(np.searchsorted(edges, values, side="right"), minlength=len(edges) + 1) for values in (first, latest)]
    return _index(counts[0], counts[1])


def share_index(first: tuple[int, int], latest: tuple[int, int]) -> float | None:
    """The same of two shares, each as (how many, of how many)."""
    if min(first[1], latest[1]) < LEAST:
        return None
    return _index(*(np.array([hits, of - hits]) for hits, of in (first, latest)))


def classes_for(first: int, latest: int) -> int:
    """Into how many classes samples of these sizes are put: two at least."""
    return int(np.clip(1 + EXPECTED / (1 / first + 1 / latest), 2, MOST_CLASSES))


def _index(first: np.ndarray, latest: np.ndarray) -> float:
    """With half a value added to each class, so that an empty one gives a large index and not an endless one; less what chance gives, never below 0."""
    chance = (len(first) - 1) * (1 / first.sum() + 1 / latest.sum())
    p, q = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in (first, latest))
    return max(0.0, float(((q - p) * np.log(q / p)).sum() - chance))


def _numbers(values: np.ndarray) -> np.ndarray:
    found = np.asarray(values, dtype=float).ravel()
    return found[np.isfinite(found)]
