"""This is the place where photos for tests are made: skin as it may be photographed, and files as they should not be."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from PIL import Image, ImageFilter

FITZPATRICK = ((244, 213, 195), (232, 190, 164), (208, 158, 125), (170, 116, 82), (124, 80, 54), (72, 46, 34))
"""A tone of each skin type I to VI in even light, sRGB."""


def skin(tone: tuple[int, int, int] = FITZPATRICK[2], size: int = 384, seed: int = 0) -> np.ndarray:
    """A patch of skin with pores, an uneven light and a darker spot in the middle: uint8 (size, size, 3)."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    light = 1.0 + 0.10 * x - 0.08 * y
    grain = sum(_noise(random, size, cell) * strength for cell, strength in ((2, 5.0), (6, 4.0), (24, 5.0)))
    picture = np.asarray(tone, float) * light[..., None] + grain[..., None] * np.array([1.0, 0.9, 0.8]) * (
        0.4 + 0.6 * np.mean(tone) / 200
    )
    edge = 0.16 + 0.02 * np.sin(5 * np.arctan2(y, x)) + 0.01 * _noise(random, size, 12)
    spot = 1 / (1 + np.exp((np.hypot(x, y) - edge) * 420))
    dark = np.asarray(tone, float) * np.array([0.55, 0.45, 0.42])
    mottled = dark + _noise(random, size, 5)[..., None] * 7
    return np.clip(picture * (1 - spot[..., None]) + mottled * spot[..., None], 0, 255).astype(np.uint8)


def _noise(random: np.random.Generator, size: int, cell: int) -> np.ndarray:
    coarse = random.normal(size=(size // cell + 2, size // cell + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC))


def encoded(pixels: np.ndarray, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def blurred(pixels: np.ndarray, radius: float) -> np.ndarray:
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(radius)))


def scaled(pixels: np.ndarray, factor: float) -> np.ndarray:
    """Brighter or darker as by exposure."""
    return np.clip(pixels.astype(float) * factor, 0, 255).astype(np.uint8)
