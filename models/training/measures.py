"""This is the place where a prediction is measured against what was true: discrimination, calibration, a cut, net benefit. Numpy only.

Throughout: `y` is (n,) of 0/1, `p` (n,) of scores or probabilities, `w` (n,) of weights (None: everybody counts once). What cannot be
computed (no case, no non-case) is NaN, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_CLOSE = 1e-12


def _weights(y: np.ndarray, w: np.ndarray | None) -> np.ndarray:
    return np.ones(len(y)) if w is None else np.asarray(w, dtype=float)


def auroc(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The share of (case, non-case) pairs in which the case has the higher score; a tie counts half. Weighted: pairs count by both weights."""
    w = _weights(y, w)
    _, place = np.unique(p, return_inverse=True)
    cases = np.bincount(place, weights=w * (y == 1))
    others = np.bincount(place, weights=w * (y == 0))
    pairs = cases.sum() * others.sum()
    if pairs == 0:
        return float("nan")
    return float((cases * (np.cumsum(others) - others / 2)).sum() / pairs)


def _midranks(values: np.ndarray) -> np.ndarray:
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return (ends - (counts - 1) / 2)[place]


def delong(y: np.ndarray, first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """(difference of the AUROCs first - second, its standard error), paired on the same people, who count as independent
    (DeLong, Biometrics 1988;44:837, in the form of Sun and Xu 2014)."""
    cases, others = y == 1, y == 0
    m, n = int(cases.sum()), int(others.sum())
    parts = []
    for p in (first, second):
        everyone = _midranks(p)
        parts.append(((everyone[cases] - _midranks(p[cases])) / n, 1 - (everyone[others] - _midranks(p[others])) / m))
    difference = float(parts[0][0].mean() - parts[1][0].mean())
    variance = np.var(parts[0][0] - parts[1][0], ddof=1) / m + np.var(parts[0][1] - parts[1][1], ddof=1) / n
    return difference, float(np.sqrt(variance))


def brier(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> float:
    """The mean squared distance of the probability from what was true; 0 is perfect."""
    return float(np.average((p - y) ** 2, weights=_weights(y, w)))


def log_loss(y: np.ndarray, p: np.ndarray) -> float:
    """The mean negative log likelihood."""
    p = np.clip(p, _CLOSE, 1 - _CLOSE)
    return float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)))


def logit(p: np.ndarray) -> np.ndarray:
    """ln(p / (1 - p)), finite also at 0 and 1."""
    p = np.clip(np.asarray(p, dtype=float), _CLOSE, 1 - _CLOSE)
    return np.log(p) - np.log1p(-p)


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """Of logit(true) = intercept + slope * logit(p): the slope (1 is right, below 1 too extreme), the intercept beside it, and in_the_large: the
    intercept when the slope is held at 1 (0 is right, above 0 too low)."""

    slope: float
    intercept: float
    in_the_large: float


def calibration_line(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None) -> CalibrationLine:
    """Fit both lines by Newton's method (Van Calster, BMC Med 2019;17:230). NaN where all are cases or none is."""
    w = _weights(y, w)
    if not 0 < (w * y).sum() < w.sum():
        return CalibrationLine(float("nan"), float("nan"), float("nan"))
    x = logit(p)
    both = _newton(np.column_stack([np.ones_like(x), x]), y, w, np.zeros_like(x))
    alone = _newton(np.ones((len(x), 1)), y, w, x)
    return CalibrationLine(float(both[1]), float(both[0]), float(alone[0]))


def _newton(design: np.ndarray, y: np.ndarray, w: np.ndarray, offset: np.ndarray) -> np.ndarray:
    found = np.zeros(design.shape[1])
    for _ in range(100):
        mean = 1 / (1 + np.exp(-np.clip(design @ found + offset, -700, 700)))
        gradient = design.T @ (w * (y - mean))
        curvature = (design * (w * mean * (1 - mean))[:, None]).T @ design
        step = np.linalg.lstsq(curvature, gradient, rcond=None)[0]
        found = found + step
        if np.abs(step).max() < 1e-10:
            break
    return found


def expected_calibration_error(y: np.ndarray, p: np.ndarray, w: np.ndarray | None = None, bins: int = 10) -> float:
    """The mean distance between the mean probability and the share of cases over `bins` groups of (nearly) equally many people, ordered by p."""
    w = _weights(y, w)
    total = 0.0
    for group in np.array_split(np.argsort(p, kind="stable"), bins):
        if len(group) and w[group].sum() > 0:
            total += w[group].sum() * abs(np.average(p[group], weights=w[group]) - np.average(y[group], weights=w[group]))
    return float(total / w.sum())


@dataclass(frozen=True, slots=True)
class AtCut:
    """What a yes/no by a cut does: shares between 0 and 1."""

    sensitivity: float
    specificity: float
    positive_value: float
    negative_value: float
    flagged: float


def at_cut(y: np.ndarray, flagged: np.ndarray, w: np.ndarray | None = None) -> AtCut:
    """Measure a yes/no answer (boolean) against what was true."""
    w = _weights(y, w)
    hit, false = (w * (y == 1) * flagged).sum(), (w * (y == 0) * flagged).sum()
    cases, others = (w * (y == 1)).sum(), (w * (y == 0)).sum()
    missed, right = cases - hit, others - false
    return AtCut(*(_share(a, b) for a, b in ((hit, cases), (right, others), (hit, hit + false), (right, right + missed), (hit + false, cases + others))))


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else float("nan")


def wilson(hits: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927); it stays between 0 and 1 and is honest for few people. NaN of nobody."""
    if of == 0:
        return float("nan"), float("nan")
    share, spread = hits / of, z * z / of
    middle, half = share + spread / 2, z * np.sqrt(share * (1 - share) / of + spread / (4 * of))
    return float((middle - half) / (1 + spread)), float((middle + half) / (1 + spread))


def net_benefit(y: np.ndarray, flagged: np.ndarray, at: float, w: np.ndarray | None = None) -> float:
    """True positives less false ones at the exchange rate of the probability `at`, for each person (Vickers and Elkin 2006). Treating nobody is 0."""
    w = _weights(y, w)
    return float(((w * (y == 1) * flagged).sum() - (w * (y == 0) * flagged).sum() * at / (1 - at)) / w.sum())
