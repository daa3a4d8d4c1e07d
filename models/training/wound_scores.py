"""This is the place where a drawn wound is measured against the one a clinician drew. Numpy only.

Masks are bool (n, height, width). A photo without a wound, on which none is drawn, has a Dice of 1; one on which something is drawn has 0.
"""

from __future__ import annotations

import numpy as np


def dice_each(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(n,) 2 |both| / (|found| + |truth|) of each photo."""
    both, either = (found & truth).sum(axis=(1, 2)), found.sum(axis=(1, 2)) + truth.sum(axis=(1, 2))
    return np.where(either == 0, 1.0, 2 * both / np.maximum(either, 1))


def dice_pooled(found: np.ndarray, truth: np.ndarray) -> float:
    """Dice over all pixels of all photos together: large wounds count for what they are."""
    either = found.sum() + truth.sum()
    return 1.0 if either == 0 else float(2 * (found & truth).sum() / either)


def area_off(found: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """(n,) by what share of its true area each wound is measured too large (above 0) or too small; NaN where there is none."""
    true = truth.sum(axis=(1, 2))
    return np.where(true > 0, found.sum(axis=(1, 2)) / np.maximum(true, 1) - 1, np.nan)
