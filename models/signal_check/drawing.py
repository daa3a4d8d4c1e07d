"""This is the place where a pulse trace is drawn as a picture, with what speaks for an irregular rhythm shaded behind it. No text: it is the same in any language."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from models.signal_check.preparing import LENGTH, LIMIT, RATE

WIDTH, HEIGHT = 1000, 220
_GROUND, _INK, _GRID, _SHADE = (255, 255, 255), (27, 36, 38), (228, 232, 231), (242, 166, 90)
_STRONGEST = 0.75  # of the shade over the ground: the trace stays readable in grey too


def trace(standardised: np.ndarray, cam: np.ndarray | None = None) -> bytes:
    """(1000,) standardised, (length,) how much each stretch speaks for the decision (what speaks against is not shaded) -> PNG, 1000 x 220. A line each second."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), _GROUND)
    draw = ImageDraw.Draw(picture)
    if cam is not None and len(cam):
        _shade(draw, np.asarray(cam, dtype=float))
    for second in range(int(LENGTH / RATE) + 1):
        x = round(second * RATE * (WIDTH - 1) / LENGTH)
        draw.line((x, 0, x, HEIGHT), fill=_GRID)
    across = np.arange(len(standardised)) * (WIDTH - 1) / max(len(standardised) - 1, 1)
    y = HEIGHT / 2 - np.clip(np.asarray(standardised, dtype=float), -LIMIT, LIMIT) * (HEIGHT / 2 - 8) / LIMIT
    draw.line([(float(a), float(b)) for a, b in zip(across, y, strict=True)], fill=_INK, width=2)
    packed = io.BytesIO()
    picture.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _shade(draw: ImageDraw.ImageDraw, cam: np.ndarray) -> None:
    for_it = np.maximum(cam, 0)
    strength = for_it / for_it.max() if for_it.max() > 0 else for_it
    edges = np.linspace(0, WIDTH, len(cam) + 1)
    for place, one in enumerate(strength):
        if one > 0.05:
            mixed = tuple(round(g + (s - g) * one * _STRONGEST) for g, s in zip(_GROUND, _SHADE, strict=True))
            draw.rectangle((edges[place], 0, edges[place + 1], HEIGHT), fill=mixed)
