"""This is the place where signals are drawn by us, nobody's own: pulses of a few rhythms, and signals that are no pulse. Numpy only; the same again by the seed.

They are what the frozen parity set and the tests are made of, and what the rhythm check has to say nothing about. They are no training data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from models.signal_check.preparing import LENGTH, RATE

_T = np.arange(LENGTH) / RATE
Random = np.random.Generator


def _beats(intervals: np.ndarray, strengths: np.ndarray, random: Random) -> np.ndarray:
    """A pulse for each interval: a steep rise, a shoulder, a slow fall; shorter beats are narrower."""
    trace, at = np.zeros(LENGTH), -random.uniform(0, intervals[0])
    width, shoulder = random.uniform(0.85, 1.15), random.uniform(0.2, 0.5)
    for interval, strength in zip(intervals, strengths, strict=True):
        scale = width * np.sqrt(min(interval, 1.3) / 0.8)
        t = (_T - at) / scale
        rise = np.where(t < 0.14, np.exp(-(((t - 0.14) / 0.06) ** 2)), np.exp(-(((t - 0.14) / 0.22) ** 2)))
        trace += strength * (rise + shoulder * np.exp(-(((t - 0.42) / 0.12) ** 2)))
        at += interval
    return (
        trace + 0.05 * np.sin(2 * np.pi * random.uniform(0.18, 0.3) * _T + random.uniform(0, 6.28)) + random.normal(0, 0.01, LENGTH)
    )


def regular(random: Random) -> np.ndarray:
    """Sinus rhythm: 55 to 100 beats a minute, breathing in it."""
    mean = 60 / random.uniform(55, 100)
    intervals = mean * (1 + 0.02 * np.sin(np.arange(24) * 1.4) + random.normal(0, 0.008, 24))
    return _beats(intervals, np.ones(24), random)


def irregular(random: Random) -> np.ndarray:
    """Like atrial fibrillation: no interval follows from the one before, and a beat after a short one is weak."""
    intervals = np.clip(random.gamma(14, random.uniform(0.6, 0.85) / 14, 40), 0.3, 1.6)
    return _beats(intervals, np.clip(np.r_[1.0, 0.3 + 0.9 * intervals[:-1]], 0.35, 1.3), random)


def early(random: Random) -> np.ndarray:
    """Regular with a few early beats, each weak and followed by a pause."""
    mean = 60 / random.uniform(55, 90)
    intervals, strengths = np.full(24, mean), np.ones(24)
    for at in random.choice(np.arange(2, 12), 3, replace=False):
        intervals[at], intervals[at + 1], strengths[at + 1] = 0.6 * mean, 1.4 * mean, 0.4
    return _beats(intervals, strengths, random)


def fast(random: Random) -> np.ndarray:
    """Regular and fast, 130 to 180 beats a minute."""
    return _beats(np.full(60, 60 / random.uniform(130, 180)), np.ones(60), random)


def _sine(random: Random) -> np.ndarray:
    return np.sin(2 * np.pi * random.uniform(0.7, 3.0) * _T + random.uniform(0, 6.28))


def _square(random: Random) -> np.ndarray:
    return np.sign(_sine(random)) + random.normal(0, 0.01, LENGTH)


def _triangle(random: Random) -> np.ndarray:
    return np.arcsin(_sine(random))


def _white(random: Random) -> np.ndarray:
    return random.normal(0, 1, LENGTH)


def _walk(random: Random) -> np.ndarray:
    return np.cumsum(random.normal(0, 1, LENGTH))


def _banded(random: Random) -> np.ndarray:
    """Noise of the pulse's own band."""
    kernel = np.hanning(random.integers(12, 40))
    return np.convolve(random.normal(0, 1, LENGTH + 100), kernel, mode="same")[50 : LENGTH + 50]


def _ecg(random: Random) -> np.ndarray:
    """An electrocardiogram: narrow spikes, a flat line, a small wave."""
    mean, trace = 60 / random.uniform(55, 110), random.normal(0, 0.02, LENGTH)
    for beat in np.arange(random.uniform(0, mean), 10, mean):
        at = beat + random.normal(0, 0.02)
        trace += np.exp(-(((_T - at) / 0.012) ** 2)) - 0.25 * np.exp(-(((_T - at - 0.035) / 0.012) ** 2))
        trace += 0.12 * np.exp(-(((_T - at + 0.16) / 0.03) ** 2)) + 0.25 * np.exp(-(((_T - at - 0.27) / 0.05) ** 2))
    return trace


def _walking(random: Random) -> np.ndarray:
    """An accelerometer on a wrist: steps with overtones, and jolts."""
    step = 2 * np.pi * random.uniform(1.5, 2.2) * _T
    return (
        np.sin(step)
        + 0.7 * np.sin(2 * step + 1)
        + 0.5 * np.sin(3 * step + 2)
        + 0.4 * np.sin(step / 2)
        + random.normal(0, 0.35, LENGTH)
    )


def _breathing(random: Random) -> np.ndarray:
    return np.sin(2 * np.pi * random.uniform(0.15, 0.4) * _T) + random.normal(0, 0.02, LENGTH)


def _hum(random: Random) -> np.ndarray:
    return np.sin(2 * np.pi * random.choice([10.0, 16.7, 20.0]) * _T) + random.normal(0, 0.05, LENGTH)


def _flat(random: Random) -> np.ndarray:
    return np.full(LENGTH, float(random.integers(0, 60000)))


def _steps(random: Random) -> np.ndarray:
    return np.repeat(random.integers(0, 5, 20), LENGTH // 20).astype(float)


def _chirp(random: Random) -> np.ndarray:
    return np.sin(2 * np.pi * (random.uniform(0.5, 1) * _T + random.uniform(0.05, 0.2) * _T**2))


def _waxing(random: Random) -> np.ndarray:
    """Alpha waves, as of a brain: 8 to 12 Hz that come and go."""
    return np.sin(2 * np.pi * random.uniform(8, 12) * _T) * (1 + np.sin(2 * np.pi * 0.3 * _T)) + random.normal(0, 0.3, LENGTH)


def _two_tones(random: Random) -> np.ndarray:
    a, b = random.uniform(0.8, 2.0), random.uniform(2.1, 4.0)
    return np.sin(2 * np.pi * a * _T) + 0.8 * np.sin(2 * np.pi * b * _T + random.uniform(0, 6.28))


Draw = Callable[[Random], np.ndarray]
PULSES: Mapping[str, Draw] = {"regular": regular, "irregular": irregular, "early": early, "fast": fast}
STRANGERS: Mapping[str, Draw] = {
    "sine": _sine, "square": _square, "triangle": _triangle, "white_noise": _white, "random_walk": _walk, "band_noise": _banded, "ecg": _ecg, "walking": _walking,
    "breathing": _breathing, "hum": _hum, "flat": _flat, "steps": _steps, "chirp": _chirp, "alpha_waves": _waxing, "two_tones": _two_tones,
}  # fmt: skip


def drawn(kinds: Mapping[str, Draw], each: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`each` of every kind: float (n, 1000), and the name of each row."""
    random = np.random.default_rng(seed)
    rows = [(name, draw(random)) for name, draw in kinds.items() for _ in range(each)]
    return np.array([row for _, row in rows]), np.array([name for name, _ in rows])
