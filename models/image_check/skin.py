"""This is the place where what the skin-spot model puts out becomes a hint for the team, or a "can't say" with its reason. No TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.checks import SKIN_CLASSES, SKIN_SOON, Declined, Finding, SkinFacts
from core.errors import ModelUnavailable
from models.decision_file import decided, inverse_covariance, mean, positive, share
from models.strict import Damaged, number, of

SOON = np.array([one in SKIN_SOON for one in SKIN_CLASSES])
SKIN_TYPES = (1, 2, 3, 4, 5, 6)


@dataclass(frozen=True, eq=False, slots=True)
class SkinDecision:
    """The numbers of decision.json. Probabilities are those of "show it to a clinician soon".

    `temperature` divides the logits. `threshold` is the yes/no line by which sensitivity and specificity were measured; from `abstain_low` up to (not with)
    `abstain_high` nothing is said. `views_apart`: how far (standard deviation) the views of one photo may be apart. `not_reassured`: skin types to which "keep
    watching" is never said. `mean` (32,) and `inverse_covariance` (32, 32) of the embedding of the photos it knows, `distance_limit` the Mahalanobis distance
    beyond which a photo is not of their kind.
    """

    version: str
    temperature: float
    threshold: float
    abstain_low: float
    abstain_high: float
    views_apart: float
    not_reassured: tuple[int, ...]
    mean: np.ndarray
    inverse_covariance: np.ndarray
    distance_limit: float


def read_decision(folder: Path, digest: str = "") -> SkinDecision:
    """decision.json of a folder, which must be the very one the card names where a `digest` is given. Raises ModelUnavailable naming the damaged place."""
    return decided(folder, digest, _decision)


def decide(
    outputs: Mapping[str, np.ndarray], facts: SkinFacts, decision: SkinDecision
) -> tuple[Finding | Declined, Finding | None]:
    """What may be said of one photo, and what the model would have said (for the report card alone).

    `outputs`: "logits" (views, 6) of the views of one photo. "keep watching" needs the probability to be below the abstain band, the views to agree, and a skin
    type the model was tested on, or one that is not known: then the limits say so in words. Raises ModelUnavailable where the outputs are no six numbers.
    """
    logits = _logits(outputs)
    by_view = soon_probability(logits, decision.temperature)
    soon = float(soon_probability(logits.mean(axis=0), decision.temperature))
    leaning = Finding("show_soon" if soon >= decision.threshold else "keep_watching", soon, _classes(logits.mean(axis=0), soon))
    if decision.abstain_low <= soon < decision.abstain_high or float(by_view.std()) > decision.views_apart:
        return Declined("uncertain"), leaning
    if leaning.decision == "keep_watching" and facts.skin_type in decision.not_reassured:
        return Declined("not_reassured"), leaning
    return leaning, leaning


def soon_probability(logits: np.ndarray, temperature: float) -> np.ndarray:
    """(..., 6) -> (...): the calibrated probability of "soon". Its log odds are the mean logit of those classes less the mean of the others, so that the
    class-activation map adds up to exactly this."""
    apart = (logits[..., SOON].mean(axis=-1) - logits[..., ~SOON].mean(axis=-1)) / temperature
    return np.asarray(1 / (1 + np.exp(-np.clip(apart, -50, 50))))


def _classes(logits: np.ndarray, soon: float) -> tuple[tuple[str, float], ...]:
    """The six probabilities, which sum to `soon` over its classes and to the rest over the others."""
    found = np.zeros(len(SKIN_CLASSES))
    for group, of_all in ((SOON, soon), (~SOON, 1 - soon)):
        raised = np.exp(logits[group] - logits[group].max())
        found[group] = of_all * raised / raised.sum()
    return tuple((code, float(p)) for code, p in zip(SKIN_CLASSES, found, strict=True))


def _logits(outputs: Mapping[str, np.ndarray]) -> np.ndarray:
    found = np.asarray(outputs.get("logits", ()), dtype=np.float64)
    if found.ndim != 2 or found.shape[1] != len(SKIN_CLASSES) or not len(found) or not np.isfinite(found).all():
        raise ModelUnavailable("model_unavailable", why="other_outputs", place="logits")
    return found


def _decision(raw: Any) -> SkinDecision:
    low, threshold, high = (share(raw, key) for key in ("abstain_low", "threshold", "abstain_high"))
    if not low <= threshold <= high:
        raise Damaged("threshold")
    types = tuple(int(number({"not_reassured": one}, "not_reassured")) for one in of(raw, "not_reassured", list))
    if not set(types) <= set(SKIN_TYPES):
        raise Damaged("not_reassured")
    return SkinDecision(
        of(raw, "version", str), positive(raw, "temperature"), threshold, low, high, positive(raw, "views_apart"), types,
        mean(raw), inverse_covariance(raw), positive(raw, "distance_limit"),
    )  # fmt: skip
