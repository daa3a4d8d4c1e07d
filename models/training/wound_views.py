"""This is the place where a wound photo is varied for training: closer or whole, turned, lighter, blurred, marked, badly compressed."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageFilter

from models.training.wound_photos import SIDE, WoundPhotos

CLOSE = 0.45
"""How many of the views look closely at the wound, as the second look of a check does; the others at the scale of a whole photo."""
SMALLEST = 40.0
"""Pixels of the photo that a close view spans at least: below that there is nothing left to see."""


def batch(photos: WoundPhotos, rows: np.ndarray, side: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """float32 (n, side, side, 3) in 0..255 and float32 (n, side, side, 1), each photo varied once."""
    made = [varied(photos.pixels[n], photos.masks[n], side, random) for n in rows]
    return np.stack([one[0] for one in made]).astype(np.float32), np.stack([one[1] for one in made])[..., None].astype(np.float32)


def varied(pixels: np.ndarray, mask: np.ndarray, side: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """One photo and its mask, seen otherwise: uint8 (side, side, 3), float (side, side)."""
    matrix = _window(mask, side, random)
    picture = Image.fromarray(pixels).transform((side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR)
    shape = Image.fromarray(mask.astype(np.uint8) * 255).transform(
        (side, side), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    return coloured(picture, random), (np.asarray(shape) > 127).astype(np.float32)


def _window(mask: np.ndarray, side: int, random: np.random.Generator) -> tuple[float, ...]:
    """The affine map from the view to the photo (as Pillow wants it): where it looks, how close, how turned."""
    there = np.argwhere(mask)
    close = len(there) > 0 and random.random() < CLOSE
    if close:
        across = float(np.ptp(there, axis=0).max()) + 1
        span = float(np.clip(across * random.uniform(1.5, 4.5), SMALLEST, SIDE))
    else:
        span = side / random.uniform(0.75, 1.35)
    if len(there) and (close or random.random() < 0.7):
        middle = there[random.integers(len(there))] if not close else there.mean(axis=0)
        middle = middle + random.uniform(-0.35, 0.35, 2) * span * (0.6 if close else 1.0)
    else:
        middle = random.uniform(0.25, 0.75, 2) * SIDE
    angle = random.uniform(-np.pi, np.pi) if random.random() < 0.5 else random.uniform(-0.3, 0.3)
    stretch = np.exp(random.uniform(-0.12, 0.12))
    scale_x, scale_y = span / side * stretch, span / side / stretch
    if random.random() < 0.5:
        scale_x = -scale_x
    cos, sin = np.cos(angle), np.sin(angle)
    a, b, d, e = cos * scale_x, -sin * scale_y, sin * scale_x, cos * scale_y
    half = side / 2
    return (a, b, middle[1] - a * half - b * half, d, e, middle[0] - d * half - e * half)


def coloured(picture: Image.Image, random: np.random.Generator) -> np.ndarray:
    """Other light, other camera: gamma, brightness, contrast, white balance, blur, noise, pen marks, JPEG. uint8 (height, width, 3)."""
    values = np.asarray(picture, np.float32) / 255
    if random.random() < 0.8:
        values = values ** np.exp(random.uniform(-0.35, 0.35))
        values = values * np.exp(random.uniform(-0.12, 0.12, 3)) * random.uniform(0.8, 1.2)
        values = (values - values.mean()) * random.uniform(0.8, 1.25) + values.mean()
    if random.random() < 0.15:
        grey = values.mean(axis=2, keepdims=True)
        values = grey + (values - grey) * random.uniform(0.5, 1.4)
    if random.random() < 0.25:
        values = values + random.normal(0, random.uniform(0.005, 0.04), values.shape)
    changed = Image.fromarray((np.clip(values, 0, 1) * 255).astype(np.uint8))
    if random.random() < 0.2:
        changed = changed.filter(ImageFilter.GaussianBlur(random.uniform(0.4, 1.4)))
    if random.random() < 0.2:
        held = io.BytesIO()
        changed.save(held, "JPEG", quality=int(random.integers(30, 80)))
        changed = Image.open(held).convert("RGB")
    found = np.array(changed)
    if random.random() < 0.15:  # a strip of plaster, a ruler, a pen: something with straight edges lies there
        tall, wide = random.integers(6, 40, 2)
        top, left = random.integers(0, found.shape[0] - tall), random.integers(0, found.shape[1] - wide)
        found[top : top + tall, left : left + wide] = random.integers(0, 256, 3)
    return found
