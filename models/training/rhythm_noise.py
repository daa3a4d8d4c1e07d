"""This is the place where pulse segments are disturbed as hands, straps and cheap sensors do it: to learn from, to grade a gate with, to test with. Numpy only."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from scipy.ndimage import convolve1d
from scipy.signal import resample_poly

from models.signal_check.preparing import LENGTH, LIMIT, RATE

_T = np.arange(LENGTH) / RATE


def augmented(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(n, 1000) standardised -> the same segments as another sensor on another day might have seen them: slower, breathing, drifting, noisy, jolted."""
    x = _slower(x, random)
    n = len(x)
    some = lambda share: random.random((n, 1)) < share  # noqa: E731
    breath, phase = random.uniform(0.15, 0.4, (n, 1)), random.uniform(0, 2 * np.pi, (n, 1))
    x = x * (1 + some(0.4) * random.uniform(0, 0.25, (n, 1)) * np.sin(2 * np.pi * breath * _T + phase))
    x = x + some(0.3) * random.uniform(0, 0.4, (n, 1)) * np.sin(
        2 * np.pi * random.uniform(0.3, 0.7, (n, 1)) * _T + random.uniform(0, 6.28, (n, 1))
    )
    power = np.exp(some(0.4) * random.normal(0, 0.15, (n, 1)))
    x = np.sign(x) * np.abs(x) ** power
    x = x + some(0.4) * random.exponential(0.12, (n, 1)) * _smooth(random.normal(0, 1, x.shape))
    at, long = random.uniform(0, 10, (n, 1)), random.uniform(0.2, 1.0, (n, 1))
    x = x + some(0.1) * (np.abs(_T - at) < long / 2) * random.normal(0, 1.0, (n, 1)) * _smooth(random.normal(0, 1, x.shape), 25)
    return np.clip(x, -LIMIT, LIMIT).astype(np.float32)


def _slower(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Half of them stretched by up to a quarter: a part of the segment stands for all of it, and no pulse is invented."""
    stretch = np.where(random.random(len(x)) < 0.5, random.uniform(1.0, 1.25, len(x)), 1.0)
    start = random.uniform(0, 1, len(x)) * (LENGTH - 1) * (1 - 1 / stretch)
    place = start[:, None] + np.arange(LENGTH)[None, :] / stretch[:, None]
    low = np.clip(place.astype(int), 0, LENGTH - 2)
    part = np.clip(place - low, 0, 1)
    rows = np.arange(len(x))[:, None]
    return x[rows, low] * (1 - part) + x[rows, low + 1] * part


def _smooth(noise: np.ndarray, width: int = 6) -> np.ndarray:
    """Noise that a sensor's own filter has been over, of spread 1."""
    kernel = np.hanning(width + 2)[1:-1]
    return convolve1d(noise, kernel / np.sqrt((kernel**2).sum()), axis=1, mode="constant")


Disturbance = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
"""(segments in any unit, how strongly, random) -> segments."""


def _spread(x: np.ndarray) -> np.ndarray:
    return x.std(axis=1, keepdims=True)


def white(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """Noise of `level` spreads of the signal."""
    return x + level * _spread(x) * random.normal(0, 1, x.shape)


def wander(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """A drift of 0.1 to 0.35 Hz, `level` spreads of the signal high."""
    f, phase = random.uniform(0.1, 0.35, (len(x), 1)), random.uniform(0, 2 * np.pi, (len(x), 1))
    return x + level * _spread(x) * np.sin(2 * np.pi * f * _T + phase)


def motion(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """Three jolts of half a second to two, each of noise between 0.5 and 5 Hz, `level` spreads of the signal strong."""
    for _ in range(3):
        at, long = random.uniform(0, 10, (len(x), 1)), random.uniform(0.5, 2.0, (len(x), 1))
        x = x + level * _spread(x) * (np.abs(_T - at) < long / 2) * _smooth(random.normal(0, 1, x.shape), 30)
    return x


def clipped(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """The top `level` of the signal's range cut off, as by a sensor that is too bright."""
    low, high = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    return np.minimum(x, high - level * (high - low))


def lost(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """The share `level` of the segment held at one value, as by a sensor that has lost the skin."""
    start = random.uniform(0, 1 - min(level, 0.99), (len(x), 1)) * LENGTH
    held = (np.arange(LENGTH)[None, :] >= start) & (np.arange(LENGTH)[None, :] < start + level * LENGTH)
    value = np.take_along_axis(x, np.clip(start, 0, LENGTH - 1).astype(int), axis=1)
    return np.where(held, value, x)


def coarse(x: np.ndarray, level: float, random: np.random.Generator) -> np.ndarray:
    """Taken at `level` Hz instead of 100, and brought back to 100."""
    rate = round(level)
    return resample_poly(resample_poly(x, rate, 100, axis=1, padtype="line"), 100, rate, axis=1, padtype="line")[:, :LENGTH]


GRADES: Mapping[str, tuple[Disturbance, tuple[float, ...]]] = {
    "white": (white, (0.1, 0.3, 0.6, 1.0, 2.0)),
    "wander": (wander, (0.5, 1.0, 2.0, 4.0)),
    "motion": (motion, (0.3, 1.0, 2.0, 4.0)),
    "clipped": (clipped, (0.1, 0.3, 0.5)),
    "lost": (lost, (0.1, 0.3, 0.6, 1.0)),
    "rate": (coarse, (50.0, 32.0, 25.0)),
}
"""Each disturbance with its grades, the weakest first (sampling rates: the finest first)."""
