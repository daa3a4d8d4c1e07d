"""This is the place where the pictures of the frozen set are drawn: wound-like shapes on skin-like ground, all our own."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from models.training.wound_photos import SIDE

GROUNDS = ((224, 182, 160), (196, 148, 120), (150, 104, 78), (104, 70, 52), (70, 46, 36), (208, 160, 140))


def pictures() -> np.ndarray:
    """uint8 (6, 256, 256, 3), the same every time: five with a wound (small to large), one without."""
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float64)
    found = []
    for number, ground in enumerate(GROUNDS):
        random = np.random.default_rng([6, number])
        shade = ndimage.gaussian_filter(random.normal(0, 1, (SIDE, SIDE)), 14)
        canvas = np.array(ground, float) * (1 + 0.6 * shade / np.abs(shade).max() * 0.25)[..., None]
        angle = np.arctan2(y - 120, x - 132)
        radius = np.hypot((y - 120) * 1.2, x - 132) + 4 * np.sin(3 * angle + number) + 2 * np.sin(7 * angle)
        reach = (8, 16, 28, 44, 64, 0)[number]
        inside, rim = 1 / (1 + np.exp((radius - reach) / 1.2)), 1 / (1 + np.exp((np.abs(radius - reach - 5) - 4) / 1.5))
        if reach:
            canvas = canvas * (1 - 0.35 * rim[..., None]) + 0.35 * rim[..., None] * np.array([190, 90, 80])
            canvas = canvas * (1 - inside[..., None]) + inside[..., None] * np.array([150, 38, 36])
        found.append(np.clip(canvas, 0, 255).astype(np.uint8))
    return np.stack(found)
