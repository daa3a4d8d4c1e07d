"""This is the place where a good photo is made a poor one, step by step, as bad light, a shaking hand or a distance would make it: to measure the gate.

Sizes go by the photo's shorter side, so that the same step means the same to the eye in a photo of any size. Seeded; no TensorFlow.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
from PIL import Image, ImageDraw, ImageFilter
from scipy.signal import fftconvolve

from models.training.stranger_surfaces import clouds, colour, fabric

LEVELS = ("mild", "moderate", "severe")
Random = np.random.Generator
Step = Callable[[np.ndarray, float, Random], np.ndarray]


def _linear(pixels: np.ndarray) -> np.ndarray:
    """sRGB 0..255 -> light 0..1 (IEC 61966-2-1)."""
    share = pixels / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _encoded(light: np.ndarray) -> np.ndarray:
    light = np.clip(light, 0, 1)
    return np.round(np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055) * 255).astype(np.uint8)


def dark(pixels: np.ndarray, stops: float, random: Random) -> np.ndarray:
    """Under-exposed by `stops`, with the noise that little light brings."""
    light = _linear(pixels) * 2.0**-stops
    return _encoded(light + random.normal(size=light.shape) * np.sqrt(light * 1e-4 + 1e-6))


def bright(pixels: np.ndarray, stops: float, random: Random) -> np.ndarray:
    return _encoded(_linear(pixels) * 2.0**stops)


def blur(pixels: np.ndarray, share: float, random: Random) -> np.ndarray:
    """Out of focus: a Gaussian whose sigma is `share` of the shorter side."""
    return np.asarray(Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(share * min(pixels.shape[:2]))))


def motion_blur(pixels: np.ndarray, share: float, random: Random) -> np.ndarray:
    """The hand moved in a straight line over `share` of the shorter side."""
    long, angle = max(2.0, share * min(pixels.shape[:2])), random.uniform(0, np.pi)
    reach = int(np.ceil(long / 2)) + 1
    kernel = Image.new("L", (2 * reach + 1, 2 * reach + 1))
    dx, dy = np.cos(angle) * long / 2, np.sin(angle) * long / 2
    ImageDraw.Draw(kernel).line((reach - dx, reach - dy, reach + dx, reach + dy), fill=255)
    line = np.asarray(kernel, np.float32)[..., None]
    around = np.pad(pixels.astype(np.float32), ((reach, reach), (reach, reach), (0, 0)), mode="edge")
    return np.clip(fftconvolve(around, line / line.sum(), mode="valid", axes=(0, 1)), 0, 255).round().astype(np.uint8)


def glare(pixels: np.ndarray, share: float, random: Random) -> np.ndarray:
    """A lamp mirrored in wet skin or a screen: white, soft-edged, over `share` of the picture, near its middle."""
    height, width = pixels.shape[:2]
    mask = Image.new("L", (width, height))
    draw = ImageDraw.Draw(mask)
    count = int(random.integers(1, 4))
    for _ in range(count):
        area = share * height * width / count
        ratio = random.uniform(0.5, 1.0)
        a = np.sqrt(area / np.pi / ratio)
        x, y = width * random.uniform(0.35, 0.65), height * random.uniform(0.35, 0.65)
        draw.ellipse((x - a, y - a * ratio, x + a, y + a * ratio), fill=255)
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.012 * min(height, width))), float)[..., None] / 255
    return np.clip(pixels + (262.0 - pixels) * soft, 0, 255).astype(np.uint8)


def _room(random: Random, height: int, width: int) -> np.ndarray:
    """What stands around somebody: a wall in a pale or grey paint, clothes and covers of any colour."""
    if random.random() < 0.5:
        return fabric(random, height, width)
    paint = colour(
        random, ((225, 225, 220), (200, 205, 210), (240, 240, 240), (150, 160, 170), (225, 215, 200), (120, 120, 125)), 8
    )
    return np.clip(
        paint + clouds(random, height, width, 80)[..., None] * 10 + random.normal(0, 3, (height, width, 1)), 0, 255
    ).astype(np.uint8)


def far(pixels: np.ndarray, share: float, random: Random) -> np.ndarray:
    """Taken from further away: the photo fills only `share` of each side, the rest is the room, out of focus."""
    height, width = pixels.shape[:2]
    room = Image.fromarray(_room(random, height, width)).filter(ImageFilter.GaussianBlur(1.5))
    small = Image.fromarray(pixels).resize((max(1, int(width * share)), max(1, int(height * share))), Image.Resampling.LANCZOS)
    mask = Image.new("L", small.size)
    ImageDraw.Draw(mask).ellipse((0, 0, small.size[0] - 1, small.size[1] - 1), fill=255)
    limb = Image.new("L", (width, height))
    limb.paste(
        mask.filter(ImageFilter.GaussianBlur(2)),
        (int(random.uniform(0.2, 0.8) * (width - small.size[0])), int(random.uniform(0.2, 0.8) * (height - small.size[1]))),
    )
    box = limb.getbbox() or (0, 0, *small.size)
    room.paste(small.resize((box[2] - box[0], box[3] - box[1])), box[:2], limb.crop(box))
    return np.asarray(room)


def low_resolution(pixels: np.ndarray, share: float, random: Random) -> np.ndarray:
    """Fewer pixels: `share` of each side, and in half of the cases enlarged again, as a messenger's preview or a digital zoom is."""
    height, width = pixels.shape[:2]
    small = Image.fromarray(pixels).resize((max(8, int(width * share)), max(8, int(height * share))), Image.Resampling.BOX)
    return np.asarray(small.resize((width, height), Image.Resampling.BICUBIC) if random.random() < 0.5 else small)


def jpeg(pixels: np.ndarray, quality: float, random: Random) -> np.ndarray:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=int(quality))
    with Image.open(out) as again:
        return np.asarray(again.convert("RGB"))


DEGRADATIONS: Mapping[str, tuple[Step, tuple[float, float, float]]] = MappingProxyType({
    "dark": (dark, (1.5, 3.0, 4.5)),  # stops
    "bright": (bright, (1.0, 1.75, 2.5)),  # stops
    "blur": (blur, (0.006, 0.012, 0.024)),  # sigma, share of the shorter side
    "motion_blur": (motion_blur, (0.02, 0.04, 0.08)),  # length, share of the shorter side
    "glare": (glare, (0.03, 0.08, 0.18)),  # share of the picture
    "far": (far, (0.6, 0.4, 0.2)),  # share of each side that is left
    "low_resolution": (low_resolution, (0.35, 0.2, 0.1)),  # share of each side that is left
    "jpeg": (jpeg, (25, 12, 5)),  # quality
})  # fmt: skip
"""Each with its three steps (LEVELS)."""


def degraded(pixels: np.ndarray, name: str, level: str, random: Random) -> np.ndarray:
    """uint8 (height, width, 3) -> the same photo, poor: uint8, perhaps of another size."""
    step, amounts = DEGRADATIONS[name]
    return step(pixels, amounts[LEVELS.index(level)], random)
