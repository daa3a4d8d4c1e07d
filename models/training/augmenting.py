"""This is the place where one photo becomes many as it might as well have been taken: light, colour cast, blur, distance, turning, hair, pen, JPEG."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from models.image_check.preparing import square

COPIES = 14
VERSION = "2"
"""Part of the key of cached features: raise it when anything here changes."""


def copies(pixels: np.ndarray, size: int, seed: int, count: int = COPIES) -> np.ndarray:
    """uint8 (h, w, 3) -> uint8 (count, size, size, 3), the same for the same seed."""
    random = np.random.default_rng(seed)
    return np.stack([_copy(pixels, size, random) for _ in range(count)])


def _copy(pixels: np.ndarray, size: int, random: np.random.Generator) -> np.ndarray:
    picture = _framed(pixels, size, random)
    picture = _lit(picture, random)
    if random.random() < 0.3:
        picture = picture.filter(ImageFilter.GaussianBlur(float(random.uniform(0.4, 1.8))))
    if random.random() < 0.3:
        _hair(picture, random)
    if random.random() < 0.15:
        _pen(picture, random)
    return _compressed(picture, random) if random.random() < 0.5 else np.asarray(picture)


def _framed(pixels: np.ndarray, size: int, random: np.random.Generator) -> Image.Image:
    """Turned by any angle, mirrored or not, a little nearer or farther, not quite centred; what lies beyond the edge is mirrored in."""
    middle = Image.fromarray(square(pixels, size))
    wide = Image.fromarray(np.pad(np.asarray(middle), ((size // 2, size // 2), (size // 2, size // 2), (0, 0)), mode="reflect"))
    turned = wide.rotate(float(random.uniform(0, 360)), resample=Image.Resampling.BILINEAR)
    side = size * float(random.uniform(0.72, 1.1))
    x, y = (size + float(random.uniform(-0.07, 0.07)) * size for _ in range(2))
    out = turned.resize((size, size), Image.Resampling.BILINEAR, box=(x - side / 2, y - side / 2, x + side / 2, y + side / 2))
    return out.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if random.random() < 0.5 else out


def _lit(picture: Image.Image, random: np.random.Generator) -> Image.Image:
    for enhancer, spread in ((ImageEnhance.Brightness, 0.22), (ImageEnhance.Contrast, 0.2), (ImageEnhance.Color, 0.2)):
        picture = enhancer(picture).enhance(float(random.uniform(1 - spread, 1 + spread)))
    values = np.asarray(picture, dtype=np.float32)
    cast = random.uniform(0.93, 1.07, 3).astype(np.float32)
    size = values.shape[0]
    slope = random.uniform(-0.12, 0.12, 2)  # light from one side
    across = np.linspace(-1, 1, size, dtype=np.float32)
    light = 1 + slope[0] * across[None, :, None] + slope[1] * across[:, None, None]
    return Image.fromarray(np.clip(values * cast * light, 0, 255).astype(np.uint8))


def _hair(picture: Image.Image, random: np.random.Generator) -> None:
    """A few thin curved lines, dark or grey."""
    draw, size = ImageDraw.Draw(picture), picture.width
    for _ in range(int(random.integers(2, 9))):
        start, end, bend = (random.uniform(0, size, 2) for _ in range(3))
        t = np.linspace(0, 1, 16)[:, None]
        curve = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
        shade = int(random.integers(15, 110))
        draw.line(
            [tuple(point) for point in curve.tolist()],
            fill=(shade, int(shade * 0.85), int(shade * 0.75)),
            width=int(random.integers(1, 3)),
        )


def _pen(picture: Image.Image, random: np.random.Generator) -> None:
    """A mark such as clinicians draw beside a spot: an arc or a short line in blue or violet."""
    draw, size = ImageDraw.Draw(picture), picture.width
    ink = (int(random.integers(30, 100)), int(random.integers(20, 80)), int(random.integers(110, 190)))
    angle, reach = random.uniform(0, 360), random.uniform(0.36, 0.48) * size
    middle = size / 2
    box = (middle - reach, middle - reach, middle + reach, middle + reach)
    draw.arc(box, float(angle), float(angle + random.uniform(25, 140)), fill=ink, width=int(random.integers(2, 5)))


def _compressed(picture: Image.Image, random: np.random.Generator) -> np.ndarray:
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=int(random.integers(45, 92)))
    return np.asarray(Image.open(held).convert("RGB"))
