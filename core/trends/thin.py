"""This is the place where a long series is thinned for a chart, so that it keeps its shape and every day keeps its extremes."""

from __future__ import annotations

import numpy as np
from tsdownsample import MinMaxDownsampler, MinMaxLTTBDownsampler

_FEWEST = 4
"""tsdownsample needs so many points to choose from."""


def thin(time: np.ndarray, value: np.ndarray, most: int, day: np.ndarray) -> np.ndarray:
    """Which samples to draw: indices, ascending, each once; all of them up to `most`, else about `most` at most.

    `time` int64 ns ascending, `value` float64, `day` the local day of each (any whole numbers). The first and the last are always kept. Where
    two extremes of each day fit into `most` they are all kept, and the rest is MinMaxLTTB's choice (van der Donckt et al. 2023);
    where they don't (more days than pixels) the lowest and highest of each of `most` / 2 stretches of equal time are kept."""
    n = len(time)
    if n <= most:
        return np.arange(n)
    extremes = _extremes(value, day)
    fits = 2 * _days(day) <= most
    left = most - len(extremes) if fits else most
    ends = np.array([0, n - 1])
    if time[-1] == time[0]:
        chosen = _extremes(value, np.zeros(n, dtype=np.int64))  # one moment: a chart has one place for all
    elif left < _FEWEST:
        chosen = ends
    else:
        method = MinMaxLTTBDownsampler() if fits else MinMaxDownsampler()
        chosen = method.downsample(np.ascontiguousarray(time), np.ascontiguousarray(value), n_out=left // 2 * 2).astype(np.int64)
    keep = np.zeros(n, dtype=bool)
    keep[chosen], keep[ends] = True, True
    if fits:
        keep[extremes] = True
    return np.flatnonzero(keep)


def _days(day: np.ndarray) -> int:
    return len(_begins(day))


def _begins(day: np.ndarray) -> np.ndarray:
    return np.flatnonzero(np.append(True, day[1:] != day[:-1]))


def _extremes(value: np.ndarray, day: np.ndarray) -> np.ndarray:
    """The first lowest and the first highest of each stretch of one day."""
    begins = _begins(day)
    sizes = np.diff(np.append(begins, len(value)))
    found = []
    for extreme in (np.minimum, np.maximum):
        rows = np.flatnonzero(value == np.repeat(extreme.reduceat(value, begins), sizes))
        found.append(rows[np.searchsorted(rows, begins)])
    return np.concatenate(found)
