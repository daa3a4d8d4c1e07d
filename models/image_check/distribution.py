"""This is the place where it is told how far a photo is from those a model knows."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from core.errors import ModelUnavailable


class Known(Protocol):
    """What a model knows, in its own 32 numbers (the `embedding`): their mean, inverse covariance, and the Mahalanobis distance beyond which it doesn't."""

    @property
    def mean(self) -> np.ndarray: ...
    @property
    def inverse_covariance(self) -> np.ndarray: ...
    @property
    def distance_limit(self) -> float: ...


def distance(embedding: np.ndarray, known: Known) -> float:
    """The Mahalanobis distance of a photo's (32,) numbers as a multiple of the limit: above 1 the model doesn't know such photos.

    Raises ModelUnavailable where these are no such numbers: what cannot be measured is never near.
    """
    numbers = np.asarray(embedding, dtype=np.float64)
    if numbers.shape != known.mean.shape or not np.isfinite(numbers).all():
        raise ModelUnavailable("model_unavailable", why="other_outputs", place="embedding")
    away = numbers - known.mean
    return float(np.sqrt(max(0.0, away @ known.inverse_covariance @ away)) / known.distance_limit)
