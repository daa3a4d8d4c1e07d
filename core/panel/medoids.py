"""This is the place where people are compared feature by feature, also where some is not known, and put into groups around one of them (k-medoids).

Distance: Gower, Biometrics 1971;27:857-871, the mean over the features that are known of both; what isn't known of either is left out of the comparison, never
filled in. Grouping: PAM (Kaufman and Rousseeuw 1990), each swap tried for all groups at once (Schubert and Rousseeuw, Inf Syst 2021;101:101804). From memory.
"""

from __future__ import annotations

import numpy as np

MOST_SWAPS = 60
_NO_DISTANCE = 1.0
"""Two people of whom nothing is known in common are as far apart as can be."""


def scales(table: np.ndarray) -> np.ndarray:
    """What a feature is divided by: how far apart the fifth and the ninety-fifth hundredth of the known values lie; 0 where all are the same."""
    spread = np.zeros(table.shape[1])
    for at in range(table.shape[1]):
        known = table[:, at][np.isfinite(table[:, at])]
        if len(known):
            low, high = np.percentile(known, (5, 95))
            spread[at] = high - low if high > low else known.max() - known.min()
    return spread


def distances(people: np.ndarray, others: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Between each of `people` and each of `others` (rows; NaN not known), from 0 to 1. A feature that is the same for all says nothing."""
    total = np.zeros((len(people), len(others)), dtype=np.float32)
    shared = np.zeros_like(total)
    for at in np.flatnonzero(scale > 0):
        apart = np.abs(people[:, at, None] - others[None, :, at]) / scale[at]
        known = np.isfinite(apart)
        total += np.where(known, np.minimum(apart, 1.0), 0.0)
        shared += known
    return np.where(shared > 0, total / np.maximum(shared, 1), _NO_DISTANCE)


def medoids(apart: np.ndarray, count: int) -> np.ndarray:
    """The rows around which the groups lie: chosen one by one, then exchanged as long as that brings everybody nearer."""
    chosen = [int(apart.sum(axis=0).argmin())]
    nearest = apart[:, chosen[0]].copy()
    while len(chosen) < count:
        gain = np.maximum(nearest[:, None] - apart, 0).sum(axis=0)
        gain[chosen] = -1
        chosen.append(int(gain.argmax()))
        nearest = np.minimum(nearest, apart[:, chosen[-1]])
    found = np.array(chosen)
    for _ in range(MOST_SWAPS):
        out, into, change = _best_swap(apart, found)
        if change >= -1e-6:
            break
        found[out] = into
    return found


def assigned(apart: np.ndarray) -> np.ndarray:
    """The nearest of the columns for each row."""
    return apart.argmin(axis=1)


def silhouette(apart: np.ndarray, group: np.ndarray, count: int) -> float:
    """How much nearer people are to their own group than to the next, on average: 1 well apart, 0 not at all (Rousseeuw 1987)."""
    sizes = np.bincount(group, minlength=count)
    sums = np.stack([apart[:, group == one].sum(axis=1) for one in range(count)], axis=1)
    rows = np.arange(len(group))
    own = sums[rows, group] / np.maximum(sizes[group] - 1, 1)
    means = np.where(sizes > 0, sums / np.maximum(sizes, 1), np.inf)
    means[rows, group] = np.inf
    other = means.min(axis=1)
    width = np.where(sizes[group] > 1, (other - own) / np.maximum(np.maximum(own, other), 1e-12), 0.0)
    return float(width.mean())


def _best_swap(apart: np.ndarray, chosen: np.ndarray) -> tuple[int, int, float]:
    """(which of the chosen to give up, for whom, how the sum of distances changes)."""
    to_chosen = apart[:, chosen]
    order = np.argsort(to_chosen, axis=1, kind="stable")
    rows = np.arange(len(apart))
    first = to_chosen[rows, order[:, 0]]
    second = to_chosen[rows, order[:, 1]] if len(chosen) > 1 else np.full(len(apart), np.inf, dtype=apart.dtype)
    best = (0, 0, 0.0)
    nearer = np.minimum(apart - first[:, None], 0)
    shared = nearer.sum(axis=0)
    for out in range(len(chosen)):
        mine = order[:, 0] == out
        moved = np.minimum(apart[mine], second[mine, None]) - first[mine, None]
        change = shared - nearer[mine].sum(axis=0) + moved.sum(axis=0)
        change[chosen] = np.inf
        into = int(change.argmin())
        if change[into] < best[2]:
            best = (out, into, float(change[into]))
    return best
