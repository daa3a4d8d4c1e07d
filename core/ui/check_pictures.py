"""This is the place where a kept photo becomes a picture on a page: made smaller, laid under what the model marked, described in words."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from io import BytesIO

from PIL import Image

SMALL, LARGE = 320, 960
"""Longest side in pixels: in a list, and opened."""


def shown(photo: bytes, longest: int = LARGE, overlay: bytes = b"") -> str:
    """A kept photo (JPEG or PNG), at most so many pixels long, as an address for an <img>; with the overlay (PNG) laid over it. "" where it can't be read:
    the page then says so."""
    try:
        with Image.open(BytesIO(photo), formats=("JPEG", "PNG")) as opened:
            opened.draft("RGB", (longest, longest))
            picture = opened.convert("RGB")
        picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
        if overlay:
            picture = _laid_over(picture, overlay)
    except (OSError, ValueError, Image.DecompressionBombError):
        return ""
    out = BytesIO()
    picture.save(out, "JPEG", quality=82, optimize=False)
    return "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()


def figure(address: str, alt: str, below: str = "", missing: str = "", extra: str = "") -> str:
    """A picture with its caption (HTML); where there is none, what is said instead."""
    inner = f'<img src="{address}" alt="{escape(alt)}">' if address else f'<p class="note">{escape(missing)}</p>'
    caption = f"<figcaption>{below}</figcaption>" if below else ""
    return f'<figure class="photo {extra}">{inner}{caption}</figure>'


def _laid_over(picture: Image.Image, overlay: bytes) -> Image.Image:
    """The overlay over the picture, with its own transparency; one without transparency holds the photo already."""
    with Image.open(BytesIO(overlay), formats=("PNG",)) as opened:
        above = opened.convert("RGBA")
    ground = picture.convert("RGBA")
    ground.alpha_composite(above.resize(picture.size))
    return ground.convert("RGB")
