"""This is the place where a text becomes a QR code: all of it is in the picture, no address and no server stands behind it."""

from __future__ import annotations

from io import BytesIO

import segno

from core.errors import BadInput

QUIET = 4
"""Modules of white around the code (ISO/IEC 18004)."""


def code(text: str) -> segno.QRCode:
    """Bytes of UTF-8, medium error correction or better. Raises BadInput `text_too_long`."""
    try:
        return segno.make_qr(text, error="m", mode="byte", encoding="utf-8")
    except (segno.DataOverflowError, ValueError) as error:
        raise BadInput("text_too_long", place="qr", need="less text") from error


def png(text: str, scale: int = 6) -> bytes:
    """The code as a picture, black on white whatever the page looks like."""
    out = BytesIO()
    code(text).save(out, kind="png", scale=scale, border=QUIET)
    return out.getvalue()
