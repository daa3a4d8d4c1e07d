"""This is the place where ten seconds of pulse signal are judged before any model is asked: good enough, or not, and why.

What is measured: samples that stand still or stand at the sensor's end; power above the pulse's band; the skewness of the signal, which follows perfusion
(Elgendi, Bioengineering 2016;3:21); and how alike its upstrokes are to their own mean (Orphanidou, IEEE J Biomed Health Inform 2015;19:832).
Only the upstroke is compared, so that a rhythm that is irregular is not poor for being so. The limits are graded on disturbed signals by
models/training/rhythm_gate.py; docs/models/RHYTHM.md has the figures.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from scipy.signal import find_peaks

from core.domain.checks import QUALITY_REASONS, Quality
from models.signal_check.preparing import LENGTH, RATE, filtered

LIMITS: Mapping[str, float] = MappingProxyType({
    "still": 0.15,  # share of the time in which the signal stands still for at least a fifth of a second
    "at_end": 0.06,  # share of samples at the highest or the lowest value
    "above_band": 0.085,  # power above 8 Hz, as a share of the power from 0.5 Hz
    "likeness": 0.84,  # mean correlation of the upstrokes with their mean
    "fewest": 25.0,  # beats a minute
    "most": 270.0,
    "slope_skewness": 0.3,  # a pulse rises faster than it falls (a sine does not: 0)
    "fall": 0.92,  # the steepest fall, as a share of the steepest rise (a sine: 1)
    "slope_skewness_fast": -0.1,  # very fast rhythms fall nearly as fast as they rise
    "fast": 130.0,  # beats a minute
    "jolt": 3.0,  # how much wilder the wildest second is than the usual one
})  # fmt: skip
_BEFORE, _AFTER = 15, 25  # samples around the steepest place of a beat
_APART = 20  # samples: 300 beats a minute
_WEAKEST = 0.35  # of the usual steepness: weak beats after short pauses count, dicrotic waves don't


def gate(segment: np.ndarray) -> Quality:
    """(1000,) in any unit, or fewer -> what is wrong with it, the gravest first, with the numbers behind it."""
    segment = np.asarray(segment, dtype=float).reshape(-1)
    if len(segment) < LENGTH:
        return Quality(("signal_too_short",), {"seconds": len(segment) / RATE})
    return gates(segment[None, :LENGTH])[0]


def gates(segments: np.ndarray, band: np.ndarray | None = None) -> tuple[Quality, ...]:
    """(n, 1000) -> one judgement each. `band`: what `filtered` made of them, where that is known already."""
    told = measured(segments, band)
    return tuple(_judged({name: float(values[row]) for name, values in told.items()}) for row in range(len(segments)))


def _judged(told: Mapping[str, float]) -> Quality:
    fast = "" if told["pulse"] < LIMITS["fast"] else "_fast"
    even = told["slope_skewness"] < LIMITS[f"slope_skewness{fast}"] or told["fall"] > LIMITS["fall"]
    found = {
        "signal_flat": told["still"] > LIMITS["still"],
        "signal_clipped": told["at_end"] > LIMITS["at_end"],
        "signal_noisy": told["above_band"] > LIMITS["above_band"]
        or told["likeness"] < LIMITS["likeness"]
        or told["jolt"] > LIMITS["jolt"],
        "no_pulse_seen": not LIMITS["fewest"] <= told["pulse"] <= LIMITS["most"] or even,
    }
    if found["signal_flat"] and told["still"] > 0.9:
        found = dict.fromkeys(found, False) | {
            "signal_flat": True
        }  # a flat line has no noise and no pulse either: one reason says it
    return Quality(tuple(reason for reason in QUALITY_REASONS if found.get(reason)), dict(told))


def measured(segments: np.ndarray, band: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """(n, 1000) -> (n,) of: still, at_end, above_band (shares), likeness (-1 to 1), pulse (beats a minute; 0: none
    seen), jolt and fall (ratios), skewness, slope_skewness."""
    raw = np.asarray(segments, dtype=float)
    x = filtered(raw) if band is None else band
    slope = np.gradient(x, axis=1)
    span = np.ptp(raw, axis=1, keepdims=True)
    beats = [beats_of(row) for row in slope]
    return {
        "still": _still(raw, span),
        "at_end": (
            (raw >= raw.max(axis=1, keepdims=True) - 1e-3 * span) | (raw <= raw.min(axis=1, keepdims=True) + 1e-3 * span)
        ).mean(axis=1),
        "above_band": _above_band(raw),
        "likeness": np.array([_likeness(row, at) for row, at in zip(x, beats, strict=True)]),
        "pulse": np.array([rate_of(at) for at in beats]),
        "jolt": _jolt(x),
        "skewness": _skewness(x),
        "slope_skewness": _skewness(slope),
        "fall": _fall(slope),
    }


def beats_of(slope: np.ndarray) -> np.ndarray:
    """(1000,) slope of the filtered signal -> the samples at which beats rise most steeply."""
    peaks, found = find_peaks(slope, height=0.0, distance=_APART)
    if not len(peaks):
        return peaks
    heights = found["peak_heights"]
    usual = np.median(np.sort(heights)[-max(3, len(heights) // 3) :])
    return peaks[heights >= _WEAKEST * usual] if usual > 0 else peaks[:0]


def rate_of(beats: np.ndarray) -> float:
    """Beats a minute from first to last; 0 where there are fewer than three."""
    return float(60 * RATE * (len(beats) - 1) / (beats[-1] - beats[0])) if len(beats) > 2 else 0.0


def _still(raw: np.ndarray, span: np.ndarray) -> np.ndarray:
    """A fifth of a second and more in which nothing moves by a thousandth of the range."""
    window = round(0.2 * RATE)
    windows = np.lib.stride_tricks.sliding_window_view(raw, window, axis=1)
    standing = np.ptp(windows, axis=2) <= 1e-3 * span
    held = np.zeros(raw.shape, dtype=bool)
    for step in range(window):
        held[:, step : step + standing.shape[1]] |= standing
    return held.mean(axis=1)


def _above_band(raw: np.ndarray) -> np.ndarray:
    window = np.hanning(LENGTH)
    power = np.abs(np.fft.rfft((raw - raw.mean(axis=1, keepdims=True)) * window, axis=1)) ** 2
    hertz = np.fft.rfftfreq(LENGTH, 1 / RATE)
    whole, above = power[:, hertz >= 0.5].sum(axis=1), power[:, hertz > 8.0].sum(axis=1)
    return np.divide(above, whole, out=np.zeros(len(raw)), where=whole > 0)


def _fall(slope: np.ndarray) -> np.ndarray:
    low, high = np.percentile(slope, [1, 99], axis=1)
    return np.divide(-low, high, out=np.zeros(len(slope)), where=high > 0)


def _jolt(x: np.ndarray) -> np.ndarray:
    seconds = np.lib.stride_tricks.sliding_window_view(x, round(RATE), axis=1)[:, ::20].std(axis=2)
    usual = np.median(seconds, axis=1)
    return np.divide(seconds.max(axis=1), usual, out=np.zeros(len(x)), where=usual > 0)


def _likeness(x: np.ndarray, beats: np.ndarray) -> float:
    """The mean correlation of each beat's upstroke with the mean upstroke; 0 where there are fewer than three."""
    beats = beats[(beats >= _BEFORE) & (beats < LENGTH - _AFTER)]
    if len(beats) < 3:
        return 0.0
    shapes = x[beats[:, None] + np.arange(-_BEFORE, _AFTER)]
    shapes = shapes - shapes.mean(axis=1, keepdims=True)
    size = np.linalg.norm(shapes, axis=1, keepdims=True)
    shapes = np.divide(shapes, size, out=np.zeros_like(shapes), where=size > 0)
    mean = shapes.mean(axis=0)
    size = np.linalg.norm(mean)
    return float((shapes @ mean / size).mean()) if size > 0 else 0.0


def _skewness(x: np.ndarray) -> np.ndarray:
    spread = x.std(axis=1)
    third = ((x - x.mean(axis=1, keepdims=True)) ** 3).mean(axis=1)
    return np.divide(third, spread**3, out=np.zeros(len(x)), where=spread**3 > 0)
