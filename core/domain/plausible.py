"""This is the place where samples are held against the guard range of their signal: what is outside is kept, marked, never used."""

from __future__ import annotations

import numpy as np

from core.domain.samples import IMPLAUSIBLE, Columns, Samples
from core.domain.signals import SIGNALS

AHEAD_NS = 36 * 3_600_000_000_000
"""How far after now a sample may begin: a local clock without a zone may be fourteen hours ahead, and a summary of today ends
tonight. What is later comes from a clock that was set wrong."""


def marked(samples: Samples, now_ns: int) -> Samples:
    """The same samples with IMPLAUSIBLE on every value that is no number, outside the signal's guard range, no state of a
    signal with states, or later than now."""
    columns = samples.columns
    row = SIGNALS[samples.signal]
    odd = ~np.isfinite(columns.value) | (columns.start > now_ns + AHEAD_NS)
    if row.plausible is not None:
        low, high = row.plausible
        odd |= (columns.value < low) | (columns.value > high)
    if row.states:
        odd |= (columns.value != np.floor(columns.value)) | (columns.value >= len(row.states))
    if not odd.any():
        return samples
    quality = np.where(odd, columns.quality | IMPLAUSIBLE, columns.quality).astype(np.uint8)
    return samples.with_columns(Columns(columns.start, columns.end, columns.value, quality, columns.offset))
