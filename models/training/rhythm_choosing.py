"""This is the place where the numbers are chosen that turn the rhythm model's outputs into a decision: on people the networks had not seen. Numpy only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.signal_check.deciding import AF, SINUS, probabilities
from models.training.pulses import ECTOPIC, Pulses

MOST_ECTOPIC = 0.07
"""Of the segments with early beats, so many may be called AF at the threshold, on people not seen; the bar on other people is 0.20. People differ by a factor
of three; 0.15 was tried first and left too little room (docs/models/RHYTHM.md)."""
SURELY_ECTOPIC = 0.05
"""So many above the abstain band."""
MISSED = 0.05
"""So many AF segments may lie below the abstain band."""
WAVED_THROUGH = 0.10
"""Of the other rhythms (early beats, tachycardias) so many may be answered with "no irregularity seen"."""
KNOWN = 0.995
"""This share of the segments the final network learnt from is within the distance limit before `ROOM`."""
ROOM = 1.15
"""People it has not seen lie a little farther out."""
SHRUNK = 0.02
"""How far the covariance is drawn to a ball: 32 numbers of which some hardly move."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """The numbers of decision.json that are about probabilities."""

    temperature: float
    threshold: float
    abstain_low: float
    abstain_high: float
    sinus_least: float


def chosen(logits: np.ndarray, pulses: Pulses) -> Cuts:
    """From the logits of people not seen, (n, 6)."""
    temperature = _temperature(logits, pulses.label)
    classes = probabilities(logits, temperature)
    af, ectopic, others = classes[:, AF], np.isin(pulses.label, ECTOPIC), ~np.isin(pulses.label, (AF, SINUS))
    threshold = _up(float(np.quantile(af[ectopic], 1 - MOST_ECTOPIC)))
    high = max(threshold, _up(float(np.quantile(af[ectopic], 1 - SURELY_ECTOPIC))))
    low = min(threshold, round(float(np.quantile(af[pulses.af == 1], MISSED)), 3))
    sinus = np.where(af < low, classes[:, SINUS], 0.0)
    return Cuts(temperature, threshold, low, high, _up(float(np.quantile(sinus[others], 1 - WAVED_THROUGH))))


def _up(value: float) -> float:
    return float(np.ceil(value * 1000) / 1000)


def _temperature(logits: np.ndarray, label: np.ndarray) -> float:
    """The one at which six-class probabilities lose least (Guo 2017)."""
    tried = np.exp(np.linspace(np.log(0.3), np.log(5), 200))
    rows = np.arange(len(label))
    return float(min(tried, key=lambda one: -np.log(np.maximum(probabilities(logits, one)[rows, label], 1e-12)).mean()))


def place(embedding: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """(mean, inverse covariance, distance limit) of what the final network makes of the people it learnt from."""
    mean = embedding.mean(axis=0)
    covariance = np.cov(embedding, rowvar=False)
    covariance = (1 - SHRUNK) * covariance + SHRUNK * np.eye(len(mean)) * np.trace(covariance) / len(mean)
    inverse = np.linalg.inv(covariance)
    inverse = (inverse + inverse.T) / 2
    apart = embedding - mean
    found = np.sqrt(np.einsum("ni,ij,nj->n", apart, inverse, apart))
    return mean, inverse, float(np.quantile(found, KNOWN) * ROOM)
