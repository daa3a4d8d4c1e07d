"""This is the place where the samples of each period are spread out: median, tenth and ninetieth percentile, lowest and highest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler

from core.trends.columns import DAY_NS, HOUR_NS

QUANTILES = (0.1, 0.5, 0.9)
_STEPS = {"1h": (HOUR_NS, 0), "1d": (DAY_NS, 0), "1w": (7 * DAY_NS, 4 * DAY_NS)}
"""Step and shift: 1970-01-01 was a Thursday, four days before a Monday."""


@dataclass(frozen=True, eq=False, slots=True)
class Spread:
    """One row for each period with samples, ascending: `period` int64 as given, `low` `middle` `high` the percentiles 10, 50 and 90 and
    `least` `most` the extremes (float64, unit of the samples), `count` int64."""

    period: np.ndarray
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    count: np.ndarray

    def __len__(self) -> int:
        return len(self.period)


def spread(period: np.ndarray, value: np.ndarray) -> Spread:
    """The spread of `value` in each `period` (int64, one for each value, any order). Percentiles are linear between samples (type 7)."""
    order = np.lexsort((value, period))
    ordered, period = value[order], period[order]
    edges = np.flatnonzero(np.append(True, period[1:] != period[:-1])) if len(period) else np.empty(0, dtype=np.int64)
    count = np.diff(np.append(edges, len(period)))
    low, middle, high = (_quantile(ordered, edges, count, share) for share in QUANTILES)
    last = edges + count - 1
    return Spread(period[edges], low, middle, high, ordered[edges], ordered[last] if len(edges) else ordered[:0], count)


def _quantile(ordered: np.ndarray, edges: np.ndarray, count: np.ndarray, share: float) -> np.ndarray:
    if not len(edges):
        return ordered[:0]
    place = (count - 1) * share
    below = edges + np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, edges + count - 1)
    part = place - np.floor(place)
    return ordered[below] * (1 - part) + ordered[above] * part


def begin(local: np.ndarray, every: str) -> np.ndarray:
    """When the hour, day, week (from Monday) or month of each clock reading begins (int64 ns). Raises KeyError for another step."""
    if every == "1mo":
        return local.view("datetime64[ns]").astype("datetime64[M]").astype("datetime64[ns]").view(np.int64)
    step, shift = _STEPS[every]
    return (local - shift) // step * step + shift


def end(begins: np.ndarray, every: str) -> np.ndarray:
    """When the periods that begin then are over (int64 ns)."""
    if every == "1mo":
        months = begins.view("datetime64[ns]").astype("datetime64[M]") + 1
        return months.astype("datetime64[ns]").view(np.int64)
    return begins + _STEPS[every][0]


def thinned(time: np.ndarray, value: np.ndarray, day: np.ndarray, most: int) -> np.ndarray:
    """Which samples to draw (indices, ascending): all up to `most`, else about as many that keep the shape, the ends and both extremes
    of every `day`. `time` int64 ns ascending."""
    if len(time) <= most:
        return np.arange(len(time))
    chosen = (
        MinMaxLTTBDownsampler()
        .downsample(np.ascontiguousarray(time), np.ascontiguousarray(value), n_out=max(most, 4))
        .astype(np.int64)
    )
    order = np.lexsort((value, day))
    edges = np.flatnonzero(np.append(True, np.diff(day[order]) != 0))
    last = np.append(edges[1:], len(order)) - 1
    return np.unique(np.concatenate([chosen, order[edges], order[last], [0, len(time) - 1]]))
