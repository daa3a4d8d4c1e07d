"""This is the place where a file of a pulse signal becomes segments of ten seconds at 100 Hz. Nothing is filled in: a segment with a gap is left out and counted.

- The rate comes from the file's times, from the file's own word, or from whoever brings it (`rate`), in this order; rows of exactly 1000 numbers
  without a rate are ten seconds at 100 Hz, as this product writes them. From 25 to 1000 Hz; a slower one loses the upstroke.
- A long trace is cut from its beginning; what is over at its end is left out.
- A recording that stands on its head (some sensors give the light, not the blood) is turned: a pulse rises faster than it falls.
"""

from __future__ import annotations

import hashlib
import io
from fractions import Fraction

import numpy as np
from scipy.signal import resample_poly

from core.domain.check_media import CleanSignal
from core.errors import FileRefused
from models.signal_check.formats import MOST_SAMPLES, Table, read
from models.signal_check.preparing import LENGTH, RATE, filtered

SLOWEST, FASTEST = 25.0, 1000.0
SECONDS = LENGTH / RATE
UPSIDE_DOWN = -0.5
"""The skewness of the slope below which a recording stands on its head: upright ones have 1.5 at the median; of 10,995 segments fewer than 1 in 700 (all
ventricular tachycardia, among others that are upright) lie below."""
_TOO_LARGE = 1e12  # no sensor counts so far, and the square of it can still be summed


def signal(name: str, content: bytes, rate: float | None = None) -> CleanSignal:
    """Take a signal in; `name` is the file's name, for a person's eyes alone. Raises FileRefused."""
    table = read(content)
    segments, numbers, dropped, of = _segments(table, rate)
    if not len(segments):
        raise FileRefused("signal_too_short", place="signal", need="ten seconds without a gap")
    segments = _upright(segments).astype(np.float32)
    kept = _packed(segments)
    return CleanSignal(kept, hashlib.sha256(kept).hexdigest(), segments, of, numbers, dropped)


def _segments(table: Table, rate: float | None) -> tuple[np.ndarray, tuple[int, ...], int, float]:
    """(n, 1000) at 100 Hz, the number of each in the file (from 0), how many were left out for a gap, the rate they came at."""
    values = np.where(np.abs(table.values) < _TOO_LARGE, table.values, np.nan)  # also NaN and infinity
    if values.ndim == 0 or not values.size:
        raise FileRefused("signal_too_short", place="signal", need="ten seconds without a gap")
    found: float | None
    if table.seconds is not None:
        values, found = _even(table.seconds, values)
    else:
        found = table.rate if table.rate is not None else rate if rate is not None else _own(values)
    if found is None:
        raise FileRefused("signal_rate_unknown", place="rate", need="the number of samples a second, in Hz")
    if not SLOWEST <= found <= FASTEST:
        raise FileRefused("signal_rate_unusable", place="rate", need=f"{SLOWEST:g} to {FASTEST:g} Hz")
    cut = _cut(np.atleast_2d(values), found)
    whole = np.isfinite(cut).all(axis=1)
    return _at_100(cut[whole], found), tuple(int(one) for one in np.flatnonzero(whole)), int((~whole).sum()), found


def _own(values: np.ndarray) -> float | None:
    return RATE if values.ndim == 2 and values.shape[1] == LENGTH else None


def _even(seconds: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, float]:
    """Values at uneven times -> the same at even ones, and the rate. Between neighbours more than one and a half steps apart is a gap."""
    steps = np.diff(seconds)
    if len(steps) < 1 or (back := np.flatnonzero(steps < 0)).size:
        place = f"value {int(back[0]) + 2}" if len(steps) else "signal"
        raise FileRefused("signal_unreadable", place=place, need="times that go forward")
    step = float(np.median(steps))
    if not step > 0:
        raise FileRefused("signal_unreadable", place="time", need="a time of its own for each value")
    rate = _round(1 / step)
    count = (seconds[-1] - seconds[0]) * rate + 1
    if not count <= MOST_SAMPLES:
        raise FileRefused("file_too_large", place="time", need=MOST_SAMPLES)
    at = seconds[0] + np.arange(int(count + 0.01)) / rate
    after = np.clip(np.searchsorted(seconds, at), 1, len(seconds) - 1)
    known = np.interp(at, seconds, values)  # NaN beside NaN
    return np.where(steps[after - 1] <= 1.5 * step, known, np.nan), rate


def _round(rate: float) -> float:
    """Times are written with few decimals: 99.98 Hz is 100."""
    near = round(rate)
    return float(near) if near and abs(rate - near) < 0.005 * near else rate


def _cut(rows: np.ndarray, rate: float) -> np.ndarray:
    """(n, any length) -> (segments, samples of ten seconds at `rate`), each row cut for itself."""
    long = int(np.ceil(SECONDS * rate - 1e-9))
    each = int((rows.shape[1] + (long - SECONDS * rate)) // (SECONDS * rate) if rows.shape[1] >= long else 0)
    starts = np.floor(np.arange(each) * SECONDS * rate + 1e-9).astype(int)
    starts = starts[starts + long <= rows.shape[1]]
    return rows[:, starts[:, None] + np.arange(long)].reshape(-1, long)


def _at_100(segments: np.ndarray, rate: float) -> np.ndarray:
    if rate == RATE or not len(segments):
        return segments[:, :LENGTH]
    change = Fraction(RATE / rate).limit_denominator(200)
    found = resample_poly(segments, change.numerator, change.denominator, axis=1, padtype="line")[:, :LENGTH]
    return np.pad(
        found, ((0, 0), (0, LENGTH - found.shape[1])), mode="edge"
    )  # a sample at most, where the rate is no simple fraction


def _upright(segments: np.ndarray) -> np.ndarray:
    return -segments if float(np.median(slope_skewness(segments))) < UPSIDE_DOWN else segments


def slope_skewness(segments: np.ndarray) -> np.ndarray:
    """(n,) the skewness of the slope: above 0 where the signal rises faster than it falls. A flat one has 0."""
    slope = np.diff(filtered(segments), axis=1)
    spread = slope.std(axis=1)
    third = ((slope - slope.mean(axis=1, keepdims=True)) ** 3).mean(axis=1)
    return np.divide(third, spread**3, out=np.zeros(len(slope)), where=spread**3 > 0)


def _packed(segments: np.ndarray) -> bytes:
    """The bytes that are kept: an NPZ file that reads back as the same segments."""
    packed = io.BytesIO()
    np.savez_compressed(packed, ppg=segments, rate=np.float64(RATE))
    return packed.getvalue()
