"""This is the place where the scales of the equations are: from the sum in which inputs add up to the chance that is shown."""

from __future__ import annotations

import numpy as np


def logistic(predictor: np.ndarray) -> np.ndarray:
    """The chance of a log odds."""
    return 1.0 / (1.0 + np.exp(-predictor))


def survival(predictor: np.ndarray) -> np.ndarray:
    """The chance of a log cumulative hazard: 1 - exp(-exp(predictor)), which is 1 - S0 ** exp(sum) with ln(-ln S0) within the sum."""
    return -np.expm1(-np.exp(predictor))


def log_hazard(baseline: float | np.ndarray) -> np.ndarray:
    """The log cumulative hazard of a baseline survival: what must be added to a sum centred on it."""
    return np.log(-np.log(np.asarray(baseline, dtype=float)))
