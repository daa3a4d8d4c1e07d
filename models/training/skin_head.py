"""This is the place where "soon or not" and the six classes are read off pooled features: one linear layer in the end.

"Soon" is a logistic model; the class within its group (four to show soon, two not) is a multinomial one of its own, so that telling classes apart never costs
the decision anything. Both are joined in six logits: the mean of a group's logits is half the log odds of "soon", with its sign. Convex and solved from zero:
the same data give the same head. Numpy and scipy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from core.domain.checks import SKIN_CLASSES
from models.image_check.skin import SOON

_FLAT = 1e-3
"""Added to each feature's spread: one that never moves says nothing."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the head is held back: components kept, and the L2 penalty on their weights."""

    components: int
    penalty: float
    within: float = 0.3
    """The penalty on the weights that tell classes of one group apart."""


@dataclass(frozen=True, eq=False, slots=True)
class Head:
    """logits = features @ weights + bias: (d, 6) and (6,)."""

    weights: np.ndarray
    bias: np.ndarray

    def logits(self, features: np.ndarray) -> np.ndarray:
        """(..., d) -> (..., 6)."""
        return np.asarray(features @ self.weights + self.bias)


def fit(features: np.ndarray, label: np.ndarray, recipe: Recipe) -> Head:
    """`features` (photos, copies, d), `label` (photos,) places in SKIN_CLASSES. Each photo counts once, however many copies."""
    _, copies, width = features.shape
    flat = features.reshape(-1, width).astype(np.float64)
    mean, spread = flat.mean(axis=0), flat.std(axis=0) + _FLAT
    scaled = (flat - mean) / spread
    values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
    axes = vectors[:, np.argsort(values)[::-1][: recipe.components]]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])])  # an eigenvector's sign is anybody's guess
    x, true = np.column_stack([scaled @ axes, np.ones(len(scaled))]), np.repeat(label, copies)
    joined = np.zeros((x.shape[1], len(SKIN_CLASSES)))
    soon = _solved(x, SOON[true].astype(int), 2, recipe.penalty)
    joined += (soon[:, 1] - soon[:, 0])[:, None] * np.where(SOON, 0.5, -0.5)
    for group in (np.flatnonzero(SOON), np.flatnonzero(~SOON)):
        rows = np.isin(true, group)
        apart = _solved(x[rows], np.searchsorted(group, true[rows]), len(group), recipe.within)
        joined[:, group] += apart - apart.mean(axis=1, keepdims=True)
    weights = (axes @ joined[:-1]) / spread[:, None]
    return Head(weights, joined[-1] - mean @ weights)


def _solved(x: np.ndarray, label: np.ndarray, classes: int, penalty: float) -> np.ndarray:
    """(components + 1, classes): multinomial weights, and the bias last, which is not held back."""
    true = np.eye(classes)[label]
    held = np.full((x.shape[1], classes), penalty)
    held[-1] = 1e-6  # only so that the solution is one

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(held.shape)
        z = x @ weights
        z = z - z.max(axis=1, keepdims=True)
        raised = np.exp(z)
        total = raised.sum(axis=1, keepdims=True)
        value = -float((true * (z - np.log(total))).sum()) / len(x)
        return value + 0.5 * float((held * weights * weights).sum()), (
            x.T @ (raised / total - true) / len(x) + held * weights
        ).ravel()

    found = minimize(loss, np.zeros(held.size), jac=True, method="L-BFGS-B", options={"maxiter": 500, "ftol": 1e-10, "gtol": 1e-6})
    return np.asarray(found.x).reshape(held.shape)


def soon_logit(logits: np.ndarray) -> np.ndarray:
    """(..., 6) -> (...): the log odds of "soon"."""
    return np.asarray(logits[..., SOON].mean(axis=-1) - logits[..., ~SOON].mean(axis=-1))
