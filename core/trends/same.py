"""This is the place where one measurement that came in twice is recognised."""

from __future__ import annotations

import numpy as np

from core.trends.covered import distinct, merged
from core.trends.days import MINUTE_NS, Settled

SAME_MOMENT_NS = MINUTE_NS
"""Two sources that tell one measurement may differ by the seconds of a transfer."""
_MOST_SHIFTS = 16


def same_samples(series: Settled, rank: np.ndarray) -> np.ndarray:
    """Mask of the samples whose start, end and value a higher-ranked device has as well. `series` ascends by start, and by rank within one
    start. What one stream says twice is the store's to tell apart (by key), and counts here."""
    start, rows = series.start, np.empty(0, dtype=np.int64)
    found = np.zeros(len(series), dtype=bool)
    if not len(rank) or (rank == rank[0]).all():
        return found
    for shift in range(1, _MOST_SHIFTS + 1):
        rows = np.flatnonzero(start[shift:] == start[:-shift]) + shift
        if not len(rows):
            return found
        again = (series.end[rows] == series.end[rows - shift]) & (series.value[rows] == series.value[rows - shift])
        found[rows[again & (rank[rows] != rank[rows - shift])]] = True
    order = np.lexsort((series.value, series.end, start))  # stable: the higher-ranked stays before its likes
    alike = (column[order][1:] == column[order][:-1] for column in (start, series.end, series.value))
    begins = np.flatnonzero(np.append(True, ~np.logical_and.reduce(tuple(alike))))
    highest = np.repeat(rank[order][begins], np.diff(np.append(begins, len(order))))
    found[order] = rank[order] != highest
    return found


def same_events(series: Settled, rank: np.ndarray, free: np.ndarray, decimals: int) -> np.ndarray:
    """Indices of the measurements that a higher-ranked device tells as well: the same value at `decimals` places, not more than a minute
    apart. Only `free` rows are looked at; one that is itself left out leaves no other out."""
    rows = np.flatnonzero(free)
    if not len(rows) or (rank[rows] == rank[rows[0]]).all():
        return rows[:0]
    start, ranks = series.start[rows], rank[rows]
    shown = np.round(series.value[rows], decimals)
    code = np.searchsorted(distinct(np.sort(shown)), shown)
    moments = distinct(start)
    width = len(moments) + 1
    low = code * width + np.searchsorted(moments, start - SAME_MOMENT_NS)
    high = code * width + np.searchsorted(moments, start + SAME_MOMENT_NS, side="right")
    key = code * width + np.searchsorted(moments, start)
    kept, again = np.empty(0, dtype=np.int64), np.zeros(len(rows), dtype=bool)
    for at in np.flatnonzero(np.bincount(ranks)):
        mine = np.flatnonzero(ranks == at)
        told = np.searchsorted(kept, high[mine]) > np.searchsorted(kept, low[mine])
        again[mine[told]] = True
        kept = merged(kept, np.sort(key[mine[~told]]))
    return rows[again]
