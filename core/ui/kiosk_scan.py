"""This is the place where a QR code is read from a picture that was taken at a kiosk. The picture is looked at in memory and kept nowhere."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, UnidentifiedImageError

MOST_BYTES = 12_000_000
MOST_PIXELS = 25_000_000


def text_in(picture: bytes) -> str:
    """The text of the one QR code in it; "" where there is none, or more than one, or it is no picture."""
    import zxingcpp

    if len(picture) > MOST_BYTES:
        return ""
    try:
        with Image.open(BytesIO(picture), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                return ""
            grey = opened.convert("L")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return ""
    found = {
        one.text
        for one in zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode]))
        if one.valid
    }
    return found.pop() if len(found) == 1 else ""
