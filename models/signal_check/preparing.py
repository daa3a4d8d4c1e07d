"""This is the place where ten seconds of pulse signal are brought to the form in which the rhythm model knows them: the same in training and at run time."""

from __future__ import annotations

import numpy as np
from scipy.signal import butter, sosfiltfilt

RATE = 100.0
"""Hz."""
LENGTH = 1000
"""Samples of a segment: ten seconds."""
BAND = (0.5, 8.0)
"""Hz. A pulse of 30 to 240 beats a minute with its upstroke; breathing, the hand's slow drift and mains hum are outside (Elgendi, Bioengineering 2016;3:21
takes 0.5 to 8 Hz)."""
LIMIT = 4.0
"""Where the standardised signal is cut off: a jolt must not make the beats beside it small."""
_FILTER = butter(2, BAND, btype="bandpass", fs=RATE, output="sos")
_NORMAL_QUARTILES = 1.349  # the distance between the quartiles of a normal distribution of spread 1


def filtered(segments: np.ndarray) -> np.ndarray:
    """(n, 1000) in any unit -> (n, 1000) float64 in the same unit, the mean and all outside BAND taken away, without delay."""
    x = np.asarray(segments, dtype=float)
    return sosfiltfilt(_FILTER, x - x.mean(axis=1, keepdims=True), axis=1, padlen=150)


def standardised(segments: np.ndarray, band: np.ndarray | None = None) -> np.ndarray:
    """(n, 1000) in any unit -> float32 (n, 1000) around 0, its quartiles as far apart as those of a normal distribution of spread 1, cut off at LIMIT.
    A flat segment is all zeros. Which unit the signal came in makes no difference. `band`: what `filtered` made of them, where that is known already."""
    x = filtered(segments) if band is None else band
    low, middle, high = np.percentile(x, [25, 50, 75], axis=1, keepdims=True)
    spread = (high - low) / _NORMAL_QUARTILES
    scale = np.where(spread > np.finfo(np.float32).tiny, spread, np.inf)
    return np.clip((x - middle) / scale, -LIMIT, LIMIT).astype(np.float32)
