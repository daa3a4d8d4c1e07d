"""This is the place where a pulse trace is drawn as a picture, with what speaks for an irregular rhythm shaded behind it. No text: it is the same in any language."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageDraw

from models.signal_check.preparing import LENGTH, LIMIT, RATE

WIDTH, HEIGHT = 1000, 220
_GROUND, _INK, _GRID, _SHADE = (255, 255, 255), (27, 36, 38), (228, 232, 231), (242, 166, 90)
_STRONGEST = 0.75  # of the shade over the ground: the trace stays readable in grey too
_FAINTEST = 0.05  # of the strongest shade: less is not shown
_SHADES = 13  # steps of shade: with ground, ink and grid as many colours as four bits a pixel hold
_COLOURS = (_GROUND, _INK, _GRID, *(
    tuple(round(g + (s - g) * step / _SHADES * _STRONGEST) for g, s in zip(_GROUND, _SHADE, strict=True)) for step in range(1, _SHADES + 1)
))  # fmt: skip


def trace(standardised: np.ndarray, cam: np.ndarray | None = None) -> bytes:
    """(1000,) standardised, (length,) how much each stretch speaks for the decision (what speaks against is not shaded) -> PNG, 1000 x 220. A line each second."""
    picture = Image.new("P", (WIDTH, HEIGHT), 0)
    picture.putpalette([value for colour in _COLOURS for value in colour])
    draw = ImageDraw.Draw(picture)
    if cam is not None and len(cam):
        _shade(draw, np.asarray(cam, dtype=float))
    for second in range(int(LENGTH / RATE) + 1):
        x = round(second * RATE * (WIDTH - 1) / LENGTH)
        draw.line((x, 0, x, HEIGHT), fill=2)
    across = np.arange(len(standardised)) * (WIDTH - 1) / max(len(standardised) - 1, 1)
    y = HEIGHT / 2 - np.clip(np.asarray(standardised, dtype=float), -LIMIT, LIMIT) * (HEIGHT / 2 - 8) / LIMIT
    draw.line(np.stack([across, y], axis=1).reshape(-1).tolist(), fill=1, width=2)
    packed = io.BytesIO()
    picture.save(packed, "PNG", bits=4, compress_level=1)  # a palette and the lowest level: a check waits for it
    return packed.getvalue()


def _shade(draw: ImageDraw.ImageDraw, cam: np.ndarray) -> None:
    for_it = np.maximum(cam, 0)
    strength = for_it / for_it.max() if for_it.max() > 0 else for_it
    edges = np.linspace(0, WIDTH, len(cam) + 1)
    for place, one in enumerate(strength):
        if one > _FAINTEST:
            draw.rectangle((edges[place], 0, edges[place + 1], HEIGHT), fill=2 + max(1, round(float(one) * _SHADES)))
