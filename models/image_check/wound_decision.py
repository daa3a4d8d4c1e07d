"""This is the place where the numbers that turn a drawn wound into a decision are read, strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.errors import ModelUnavailable
from models.strict import Damaged, document, number, of

EMBEDDED = 32


@dataclass(frozen=True, eq=False, slots=True)
class WoundDecision:
    """The numbers of decision.json. From `threshold` on a pixel is wound; `close_weight`: how much the close look counts against the whole one;
    `smallest_share` of the photo that a patch must fill; `agreement_least`: the Dice of the views below which nothing is said. `mean` (32,) and
    `inverse_covariance` (32, 32) of the embedding of photos it knows, `distance_limit` the Mahalanobis distance beyond which a photo is not of their kind."""

    version: str
    threshold: float
    close_weight: float
    smallest_share: float
    agreement_least: float
    mean: np.ndarray
    inverse_covariance: np.ndarray
    distance_limit: float


def read_decision(folder: Path, digest: str = "") -> WoundDecision:
    """decision.json of a folder, which must be the very one the card names where a `digest` is given. Raises ModelUnavailable naming the damaged place."""
    raw = document(folder / "decision.json", digest)
    try:
        return _decision(raw)
    except Damaged as place:
        raise ModelUnavailable("model_unavailable", why="decision_damaged", place=str(place)) from None


def _decision(raw: Any) -> WoundDecision:
    limit = number(raw, "distance_limit")
    if limit <= 0:
        raise Damaged("distance_limit")
    shares = {key: _share(raw, key) for key in ("threshold", "close_weight", "smallest_share", "agreement_least")}
    if not 0 < shares["threshold"] < 1:
        raise Damaged("threshold")
    inverse = _numbers(of(raw, "inverse_covariance", list), (EMBEDDED, EMBEDDED), "inverse_covariance")
    if not np.allclose(inverse, inverse.T, rtol=1e-6, atol=1e-9) or np.linalg.eigvalsh(inverse).min() <= 0:
        raise Damaged("inverse_covariance")
    return WoundDecision(
        of(raw, "version", str),
        **shares,
        mean=_numbers(of(raw, "mean", list), (EMBEDDED,), "mean"),
        inverse_covariance=inverse,
        distance_limit=limit,
    )


def _share(raw: Any, key: str) -> float:
    found = number(raw, key)
    if not 0 <= found <= 1:
        raise Damaged(key)
    return found


def _numbers(raw: list[Any], shape: tuple[int, ...], key: str) -> np.ndarray:
    rows = raw if len(shape) == 1 else [value for row in raw for value in (row if isinstance(row, list) else [None])]
    values = [number({key: one}, key) for one in rows]
    if len(raw) != shape[0] or len(values) != int(np.prod(shape)):
        raise Damaged(key)
    return np.array(values).reshape(shape)
