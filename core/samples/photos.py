"""This is the place where photos for the demo are drawn: skin with a spot, a wound that heals beside its marker card, a pulse. Nobody's skin, nobody's pulse."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SIDE = 480
"""Pixels of a drawn photo, each way."""
RATE = 100
"""Samples a second of a drawn pulse."""
PATTERN = ("1101", "1000", "0100", "0010")
"""The cells of the marker, 1 is black: models/image_check/marker.py finds them (a test holds the two together)."""
_Shade = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Spot:
    """A drawn spot: its radius as a share of the picture, how ragged its edge is (0 round, 0.3 ragged), its colours from middle to edge."""

    radius: float
    ragged: float
    middle: _Shade = (96, 62, 48)
    edge: _Shade = (134, 90, 68)


def skin(seed: int, spot: Spot, tone: _Shade = (216, 172, 148)) -> bytes:
    """A JPEG of skin with a spot."""
    rng = np.random.default_rng(seed)
    picture = _skin(rng, tone)
    inside = _blob(rng, spot.radius, spot.ragged)
    grain = _noise(rng, 3)[..., None] * 12
    mix = np.clip(inside * 1.4, 0, 1)[..., None]
    colour = _of(spot.middle) * mix + _of(spot.edge) * (1 - mix) + grain
    cover = np.clip(inside * 11, 0, 1)[..., None]
    return _jpeg(_hairs(rng, picture * (1 - cover) + colour * cover, 9))


def wound(seed: int, radius: float, *, marked: bool = False, tone: _Shade = (212, 168, 146)) -> bytes:
    """A JPEG of a wound on skin: a red bed, some yellow in it, a pink rim; with a marker card beside it where asked for."""
    rng = np.random.default_rng(seed)
    picture = _skin(rng, tone)
    inside = _blob(rng, radius, 0.12, stretch=1.25)
    rim = np.clip(inside * 6 + 1, 0, 1)[..., None]
    picture = picture * (1 - rim * 0.45) + _of((206, 118, 108)) * rim * 0.45
    cover = np.clip(inside * 5, 0, 1)[..., None]
    wet = _noise(rng, 10)[..., None]
    bed = _of((158, 38, 40)) + wet * _of((30, 18, 16))
    slough = np.clip(_noise(rng, 30) * 2.2 - 0.9, 0, 0.7)[..., None]
    bed = bed * (1 - slough) + _of((205, 168, 96)) * slough
    image = _hairs(rng, picture * (1 - cover) + bed * cover, 4)
    if marked:
        card = marker(int(SIDE * 0.2)).rotate(float(rng.uniform(-9, 9)), Image.Resampling.BICUBIC, expand=True)
        image.paste(card, (int(SIDE * 0.03), int(SIDE * 0.04)), card)
    return _jpeg(image)


def marker(side: int) -> Image.Image:
    """The marker card: the black square of 20 mm with its cells, `side` pixels long, on white paper. RGBA, to be turned and laid on a picture."""
    cell = max(1, side // 6)
    card = Image.new("RGBA", (cell * 9, cell * 9), (246, 246, 242, 255))
    pen = ImageDraw.Draw(card)
    edge = int(cell * 1.5)
    pen.rectangle((edge, edge, edge + cell * 6 - 1, edge + cell * 6 - 1), fill=(24, 24, 26, 255))
    for row, line in enumerate(PATTERN):
        for column, black in enumerate(line):
            if black == "0":
                left, top = edge + cell * (column + 1), edge + cell * (row + 1)
                pen.rectangle((left, top, left + cell - 1, top + cell - 1), fill=(246, 246, 242, 255))
    return card


def pulse(seed: int, seconds: int, *, irregular: bool) -> bytes:
    """A CSV (time in seconds, value) of a pulse wave at 100 Hz: even beats, or beats of which none follows the one before in time."""
    rng = np.random.default_rng(seed)
    beats, at = [], 0.2
    while at < seconds:
        beats.append(at)
        at += float(rng.uniform(0.42, 1.15)) if irregular else 0.84 + float(rng.normal(0, 0.02))
    time = np.arange(seconds * RATE) / RATE
    value = np.zeros_like(time)
    for beat, after in zip(beats, [*beats[1:], beats[-1] + 0.8], strict=True):
        strength = min(1.0, 0.55 + (after - beat) * 0.5)
        value += strength * (np.exp(-(((time - beat - 0.12) / 0.075) ** 2)) + 0.42 * np.exp(-(((time - beat - 0.34) / 0.11) ** 2)))
    value += 0.05 * np.sin(2 * np.pi * 0.25 * time) + rng.normal(0, 0.006, len(time))
    lines = "\n".join(f"{t:.2f},{v:.4f}" for t, v in zip(time, value, strict=True))
    return f"time,value\n{lines}\n".encode()


def _skin(rng: np.random.Generator, tone: _Shade) -> np.ndarray:
    """Skin without anything on it: (side, side, 3) floats."""
    broad, fine = _noise(rng, 90)[..., None], _noise(rng, 1.6)[..., None]
    y, x = _field()
    light = (8 - 16 * ((x - 0.45) ** 2 + (y - 0.4) ** 2))[..., None]
    return _of(tone) + light + broad * _of((7, 8, 8)) + fine * _of((6, 6, 5))


def _of(colour: _Shade) -> np.ndarray:
    return np.array(colour, dtype="float32")


def _field() -> np.ndarray:
    """Height and breadth of every pixel, 0 to 1: (2, side, side)."""
    return np.mgrid[0:SIDE, 0:SIDE].astype("float32") / SIDE


def _noise(rng: np.random.Generator, grain: float) -> np.ndarray:
    """Smooth noise with a spread of about 1; `grain` in pixels."""
    step = max(1, int(grain))
    small = rng.normal(0, 1, (SIDE // step + 3, SIDE // step + 3)).astype("float32")
    drawn = Image.fromarray(small).resize((SIDE + 2 * step, SIDE + 2 * step), Image.Resampling.BICUBIC)
    return np.asarray(drawn)[step : step + SIDE, step : step + SIDE]


def _blob(rng: np.random.Generator, radius: float, ragged: float, stretch: float = 1.1) -> np.ndarray:
    """How far inside a ragged round shape each pixel is: 1 in the middle, 0 at the edge, less outside."""
    y, x = (one - np.float32(0.5) for one in _field())
    angle, far = np.arctan2(y, x / stretch), np.hypot(x / stretch, y)
    edge = np.full_like(angle, radius)
    for wave in range(2, 8):
        edge = edge + radius * ragged * np.float32(rng.normal(0, 1) / wave) * np.cos(wave * angle + np.float32(rng.uniform(0, 6.3)))
    return (edge - far) / radius


def _hairs(rng: np.random.Generator, picture: np.ndarray, number: int) -> Image.Image:
    image = Image.fromarray(np.clip(picture, 0, 255).astype("uint8"))
    pen = ImageDraw.Draw(image)
    for _ in range(number):
        x, y = rng.uniform(0, SIDE, 2)
        bend, long = rng.uniform(-40, 40), rng.uniform(60, 150)
        points = [(x + long * s, y + bend * s * s + long * 0.4 * s) for s in np.linspace(0, 1, 14)]
        pen.line(points, fill=(112, 82, 66), width=1)
    return image


def _jpeg(image: Image.Image) -> bytes:
    out = BytesIO()
    image.filter(ImageFilter.UnsharpMask(1.2, 60, 2)).save(out, "JPEG", quality=88)
    return out.getvalue()
