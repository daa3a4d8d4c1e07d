"""This is the place where a model's decision.json is read: what all of them hold, strictly, with the name of the place that is damaged."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from core.errors import ModelUnavailable
from models.strict import Damaged, document, number, of

EMBEDDED = 32
"""Numbers in the embedding."""
Decision = TypeVar("Decision")


def decided(folder: Path, digest: str, read: Callable[[Any], Decision]) -> Decision:
    """decision.json of a folder, which must be the very one the card names where a `digest` is given. Raises ModelUnavailable naming the damaged place."""
    raw = document(folder / "decision.json", digest)
    try:
        return read(raw)
    except Damaged as place:
        raise ModelUnavailable("model_unavailable", why="decision_damaged", place=str(place)) from None


def share(raw: Any, key: str) -> float:
    """A number from 0 to 1. Raises Damaged; so do all that follow."""
    found = number(raw, key)
    if not 0 <= found <= 1:
        raise Damaged(key)
    return found


def positive(raw: Any, key: str) -> float:
    """A number above 0."""
    found = number(raw, key)
    if found <= 0:
        raise Damaged(key)
    return found


def mean(raw: Any) -> np.ndarray:
    """(32,) the middle of the embedding of what the model knows."""
    return _vector(of(raw, "mean", list), "mean")


def inverse_covariance(raw: Any) -> np.ndarray:
    """(32, 32), symmetric and positive: anything else would call a stranger near."""
    rows = of(raw, "inverse_covariance", list)
    if len(rows) != EMBEDDED:
        raise Damaged("inverse_covariance")
    found = np.array([_vector(row, "inverse_covariance") for row in rows])
    if not np.allclose(found, found.T, rtol=1e-6, atol=1e-9) or np.linalg.eigvalsh(found).min() <= 0:
        raise Damaged("inverse_covariance")
    return found


def _vector(raw: Any, key: str) -> np.ndarray:
    if not isinstance(raw, list) or len(raw) != EMBEDDED:
        raise Damaged(key)
    return np.array([number({key: one}, key) for one in raw])
