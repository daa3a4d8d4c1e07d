"""This is the place where a drawn layer of few colours is packed as a PNG: small and quick, since a check waits for it."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from PIL import Image

QUICK = 1
"""The zlib level: areas of one colour shrink as well at the lowest, in a fraction of the time."""


def packed(layer: np.ndarray, colours: Sequence[tuple[int, int, int, int]]) -> bytes:
    """uint8 (height, width) of places in at most sixteen colours (red, green, blue, opacity) -> PNG bytes."""
    picture = Image.frombytes("P", layer.shape[::-1], layer.tobytes())
    picture.putpalette([value for colour in colours for value in colour[:3]])
    out = io.BytesIO()
    picture.save(
        out, "PNG", bits=2 if len(colours) <= 4 else 4, compress_level=QUICK, transparency=bytes(colour[3] for colour in colours)
    )
    return out.getvalue()
