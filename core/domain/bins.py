"""This is the place where samples become quarter hours, from which any local hour, day or month can be put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.domain.samples import BIN_NS, Bins, Columns
from core.domain.signal import Signal

MOST_NS = 366 * 86_400_000_000_000
"""An amount over more than a year says nothing about its hours, and would fill millions of them (a broken clock): it is left out here, and
counted as "too_long" where series are resolved (core/trends/overlap.py)."""


def bins_of(columns: Columns, row: Signal) -> Bins:
    """The usable samples by quarter hour (and by offset, where it changes within one). A cumulative amount is shared out by time
    over the bins its interval covers; everything else stands in the bin in which it begins."""
    usable = columns.usable
    if row.kind == "cumulative":
        usable = usable & (columns.end - columns.start <= MOST_NS)
    used = columns.take(usable)
    if not len(used):
        return Bins(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int64, float, float, float, np.int16)))
    at, amount, counted, of = _spread(used) if row.kind == "cumulative" else _standing(used)
    offset = used.offset[of].astype(np.int16)
    order = np.lexsort((offset, at))
    at, amount, counted, offset, of = at[order], amount[order], counted[order], offset[order], of[order]
    begins = np.flatnonzero(np.append(True, (at[1:] != at[:-1]) | (offset[1:] != offset[:-1])))
    value = used.value[of]
    return Bins(
        at[begins] * BIN_NS,
        np.add.reduceat(counted, begins),
        np.add.reduceat(amount, begins),
        np.minimum.reduceat(value, begins),
        np.maximum.reduceat(value, begins),
        offset[begins],
    )


def joined_bins(parts: Sequence[Bins]) -> Bins:
    """Bins of several stretches as one, ascending; where two stretches share a quarter hour (an interval over the border) it is one bin."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return Bins(*(np.empty(0, dtype=kind) for kind in (np.int64, np.int64, float, float, float, np.int16)))
    whole = {name: np.concatenate([getattr(part, name) for part in parts]) for name in Bins.__slots__}
    order = np.lexsort((whole["offset"], whole["at"]))
    at, offset = whole["at"][order], whole["offset"][order]
    begins = np.flatnonzero(np.append(True, (at[1:] != at[:-1]) | (offset[1:] != offset[:-1]))) if len(at) else order
    if len(begins) == len(order):
        return Bins(*(column[order] for column in whole.values()))
    return Bins(
        at[begins],
        np.add.reduceat(whole["count"][order], begins),
        np.add.reduceat(whole["sum"][order], begins),
        np.minimum.reduceat(whole["low"][order], begins),
        np.maximum.reduceat(whole["high"][order], begins),
        offset[begins],
    )


def _standing(used: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n = len(used)
    return used.start // BIN_NS, used.value, np.ones(n, dtype=np.int64), np.arange(n)


def _spread(used: Columns) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Each interval in as many parts as it meets bins: bin, amount, 1 in the first part and 0 in the others, whose part it is."""
    lasts = used.end - used.start
    first = used.start // BIN_NS
    last = np.where(lasts > 0, (used.end - 1) // BIN_NS, first)
    parts = last - first + 1
    of = np.repeat(np.arange(len(used)), parts)
    nth = np.arange(len(of)) - np.repeat(np.cumsum(parts) - parts, parts)
    at = first[of] + nth
    inside = np.minimum((at + 1) * BIN_NS, used.end[of]) - np.maximum(at * BIN_NS, used.start[of])
    share = np.where(lasts[of] > 0, inside / np.maximum(lasts[of], 1), 1.0)
    return at, used.value[of] * share, (nth == 0).astype(np.int64), of
