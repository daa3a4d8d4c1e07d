"""This is the place where what the rhythm model puts out becomes "possible irregular rhythm, needs an ECG", "no irregularity seen", or nothing, with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.checks import RHYTHM_CLASSES, Declined, Finding
from models.decision_file import decided, inverse_covariance, mean, positive, share
from models.strict import Damaged, of

AF, SINUS = RHYTHM_CLASSES.index("af"), RHYTHM_CLASSES.index("sinus")


@dataclass(frozen=True, eq=False, slots=True)
class RhythmDecision:
    """The numbers of decision.json. Probabilities are those of atrial fibrillation, but for `sinus_least`.

    `temperature` divides the logits. `threshold` is the yes/no line by which sensitivity and specificity were measured; from `abstain_low` up to (not with)
    `abstain_high` nothing is said. "No irregularity seen" needs the probability of sinus rhythm to be `sinus_least` as well: other rhythms than AF are not
    waved through. `mean` (32,) and `inverse_covariance` (32, 32) of the embedding of the signals it knows, `distance_limit` the Mahalanobis distance beyond
    which a signal is not of their kind.
    """

    version: str
    temperature: float
    threshold: float
    abstain_low: float
    abstain_high: float
    sinus_least: float
    mean: np.ndarray
    inverse_covariance: np.ndarray
    distance_limit: float


def read_decision(folder: Path, digest: str = "") -> RhythmDecision:
    """decision.json of a folder, which must be the very one the card names where a `digest` is given. Raises ModelUnavailable naming the damaged place."""
    return decided(folder, digest, _decision)


def probabilities(logits: np.ndarray, temperature: float) -> np.ndarray:
    """(n, 6) logits -> (n, 6) calibrated probabilities."""
    scaled = np.asarray(logits, dtype=float) / temperature
    raised = np.exp(scaled - scaled.max(axis=-1, keepdims=True))
    found: np.ndarray = raised / raised.sum(axis=-1, keepdims=True)
    return found


def distances(embedding: np.ndarray, decision: RhythmDecision) -> np.ndarray:
    """(n, 32) -> (n,) the Mahalanobis distance as a multiple of the limit: above 1 is not a signal of the kind the model knows."""
    apart = np.asarray(embedding, dtype=float) - decision.mean
    found: np.ndarray = (
        np.sqrt(np.maximum(np.einsum("ni,ij,nj->n", apart, decision.inverse_covariance, apart), 0)) / decision.distance_limit
    )
    return found


def decide(classes: np.ndarray, distance: float, decision: RhythmDecision) -> tuple[Finding | Declined, Finding]:
    """(6,) probabilities -> what may be said of one segment, and what the model would have said (for the report card alone)."""
    af = float(classes[AF])
    named = tuple((code, float(p)) for code, p in zip(RHYTHM_CLASSES, classes, strict=True))
    leaning = Finding("possible_irregular" if af >= decision.threshold else "no_irregularity_seen", af, named)
    if distance > 1:
        return Declined("out_of_distribution"), leaning
    if decision.abstain_low <= af < decision.abstain_high or (
        leaning.decision == "no_irregularity_seen" and classes[SINUS] < decision.sinus_least
    ):
        return Declined("uncertain"), leaning
    return leaning, leaning


def _decision(raw: Any) -> RhythmDecision:
    low, threshold, high, sinus = (share(raw, key) for key in ("abstain_low", "threshold", "abstain_high", "sinus_least"))
    if not low <= threshold <= high:
        raise Damaged("threshold")
    return RhythmDecision(
        of(raw, "version", str),
        positive(raw, "temperature"),
        threshold,
        low,
        high,
        sinus,
        mean(raw),
        inverse_covariance(raw),
        positive(raw, "distance_limit"),
    )
