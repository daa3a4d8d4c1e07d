"""This is the place where the floor is: what the intervals between beats say alone, without a network. scikit-learn is used here."""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from models.signal_check.preparing import RATE, filtered
from models.signal_check.quality import beats_of
from models.training.pulses import FOLDS, SEED, Pulses, folds

FEATURES = (
    "beats",
    "mean",
    "spread",
    "rmssd",
    "median_change",
    "over_50_ms",
    "turning_points",
    "entropy",
    "longest",
    "shortest",
    "height_spread",
)
FEWEST = 5


def features(segments: np.ndarray) -> np.ndarray:
    """(n, 1000) -> (n, 11): of the intervals in seconds, and of the heights of beats. All zero where there are fewer than five beats."""
    x = filtered(segments)
    return np.array([_of(row, slope) for row, slope in zip(x, np.gradient(x, axis=1), strict=True)])


def _of(x: np.ndarray, slope: np.ndarray) -> np.ndarray:
    at = beats_of(slope)
    if len(at) < FEWEST:
        return np.zeros(len(FEATURES))
    intervals, change = np.diff(at) / RATE, np.diff(at, 2) / RATE
    mean = intervals.mean()
    counts, _ = np.histogram(intervals / mean, bins=12, range=(0.4, 1.6))
    share = counts[counts > 0] / counts.sum()
    turns = np.mean(np.sign(change[1:]) * np.sign(change[:-1]) < 0) if len(change) > 1 else 0.0
    heights = slope[at]
    return np.array([
        len(at), mean, intervals.std() / mean, np.sqrt((change**2).mean()) / mean, np.median(np.abs(change)) / mean, np.mean(np.abs(change) > 0.05), turns,
        -(share * np.log(share)).sum(), intervals.max() / mean, intervals.min() / mean, heights.std() / heights.mean(),
    ])  # fmt: skip


def _models() -> dict[str, object]:
    return {
        "intervals_logistic": make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=2000)),
        "intervals_trees": HistGradientBoostingClassifier(max_iter=120, max_depth=4, learning_rate=0.08, random_state=SEED),
    }


def unseen(pulses: Pulses, told: np.ndarray) -> dict[str, np.ndarray]:
    """The chance of AF (n,) of each way, each fold by a model of the others."""
    fold, found = folds(pulses), {name: np.zeros(len(pulses)) for name in _models()}
    for place in range(FOLDS):
        for name, model in _models().items():
            model.fit(told[fold != place], pulses.af[fold != place])  # type: ignore[attr-defined]
            found[name][fold == place] = model.predict_proba(told[fold == place])[:, 1]  # type: ignore[attr-defined]
    return found
