"""This is the place where the 32 numbers are found that tell photos of a kind (skin spots, wounds) from everything else, and the distance beyond which a photo is not one.

Directions along which pictures that are no skin (our own, models/training/strangers.py) lie far from the photos, measured by how much the photos themselves
vary there; then a Mahalanobis distance. The limit comes from people whose photos the directions have not seen. Numpy and scipy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import eigh

from models.decision_file import EMBEDDED

SHRINK = 0.3
"""How far the photos' covariance is drawn towards a round one: there are fewer photos than features."""


@dataclass(frozen=True, eq=False, slots=True)
class Embedding:
    """embedding = features @ weights + bias; `mean` and `inverse` of it over photos."""

    weights: np.ndarray
    bias: np.ndarray
    mean: np.ndarray
    inverse: np.ndarray

    def distance(self, features: np.ndarray) -> np.ndarray:
        """(n, d) -> (n,) Mahalanobis distances."""
        return self.distance_of(features @ self.weights + self.bias)

    def distance_of(self, embedded: np.ndarray) -> np.ndarray:
        """(n, 32) -> (n,)."""
        away = embedded - self.mean
        return np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", away, self.inverse, away), 0.0))


def fit(photos: np.ndarray, strangers: np.ndarray) -> Embedding:
    """`photos` (photos, copies, d), `strangers` (n, d): features."""
    flat = photos.reshape(-1, photos.shape[-1]).astype(np.float64)
    middle = flat.mean(axis=0)
    own = np.cov(flat, rowvar=False)
    own = (1 - SHRINK) * own + SHRINK * np.eye(len(own)) * np.trace(own) / len(own)
    away = strangers - middle
    other = away.T @ away / len(away)
    _, vectors = eigh(other, own, subset_by_index=(len(own) - EMBEDDED, len(own) - 1))
    vectors = vectors * np.sign(vectors[np.abs(vectors).argmax(axis=0), np.arange(EMBEDDED)])
    embedded = (flat - middle) @ vectors
    spread = np.cov(embedded, rowvar=False)
    spread = (1 - SHRINK) * spread + SHRINK * np.eye(EMBEDDED) * np.trace(spread) / EMBEDDED
    return Embedding(vectors, -middle @ vectors, embedded.mean(axis=0), np.linalg.inv(spread))


def unseen_distances(photos: np.ndarray, first: np.ndarray, strangers: np.ndarray, fold: Sequence[int] | np.ndarray) -> np.ndarray:
    """(photos,) the distance of each photo's first view by an embedding that did not see that person."""
    found = np.zeros(len(photos))
    for one in np.unique(fold):
        held = np.asarray(fold) == one
        found[held] = fit(photos[~held], strangers).distance(first[held])
    return found
