"""This is the place where bare surfaces in the colours of skin are drawn: close to a photo of skin in all but the spot, so that a limit learns what is missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

_SIDE = 288


def drawn(count: int = 160, seed: int = 11) -> Iterator[np.ndarray]:
    """uint8 (288, 288, 3) pictures: grain of several sizes and strengths, light from one side, tones from light to dark. Nobody's photo."""
    random = np.random.default_rng(seed)
    for _ in range(count):
        tone = np.array([236, 192, 166]) * random.uniform(0.3, 1.05) * random.uniform(0.9, 1.1, 3)
        field = np.zeros((_SIDE, _SIDE))
        for cells in (4, 12, 36, 96, 288):
            field += random.uniform(0, 1) ** 2 * _grain(random, cells)
        across = np.linspace(-1, 1, _SIDE)
        light = 1 + random.uniform(-0.2, 0.2) * across[None, :] + random.uniform(-0.2, 0.2) * across[:, None]
        colour = random.uniform(0, 0.3) * np.stack([_grain(random, int(random.choice([12, 72, 288]))) for _ in range(3)], axis=-1)
        strength = random.uniform(1, 22)
        yield np.clip((tone + strength * (field[..., None] + colour)) * light[..., None], 0, 255).astype(np.uint8)


def _grain(random: np.random.Generator, cells: int) -> np.ndarray:
    """(side, side) smooth noise with so many cells to a side, standard deviation about one."""
    small = Image.fromarray(random.normal(size=(cells, cells)).astype(np.float32))
    return np.asarray(small.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC))
