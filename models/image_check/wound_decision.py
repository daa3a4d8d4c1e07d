"""This is the place where the numbers that turn a drawn wound into a decision are read, strictly."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from models.decision_file import decided, inverse_covariance, mean, positive, share
from models.strict import Damaged, of


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
    return decided(folder, digest, _decision)


def _decision(raw: Any) -> WoundDecision:
    shares = {key: share(raw, key) for key in ("threshold", "close_weight", "smallest_share", "agreement_least")}
    if not 0 < shares["threshold"] < 1:
        raise Damaged("threshold")
    return WoundDecision(
        of(raw, "version", str),
        **shares,
        mean=mean(raw),
        inverse_covariance=inverse_covariance(raw),
        distance_limit=positive(raw, "distance_limit"),
    )
