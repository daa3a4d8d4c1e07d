"""This is the place where a photo's first bytes are read: its kind and size before anything is decoded, which way up it is, and when it was taken."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from PIL import Image

ORIENTATIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What has to be done with the pixels for each value of EXIF's Orientation (EXIF 2.32, tag 0x0112)."""
_ORIENTATION, _EXIF, _TAKEN, _OFFSET = 0x0112, 0x8769, 0x9003, 0x9011
_HEIC = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
_WHEN = re.compile(r"^(\d{4})[:\-](\d{2})[:\-](\d{2})[ T](\d{2}):(\d{2}):(\d{2})$")
_ZONE = re.compile(r"^([+-])(\d{2}):(\d{2})$")
_FIRST_YEAR = 1990  # the first digital cameras; a clock that was never set says 1980 or earlier
_EXIF_FAULTS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    OverflowError,
    AttributeError,
    struct.error,
)


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes say: `kind` "JPEG", "PNG", "WEBP", "heic" (also AVIF) or "" (none of these), and the size in pixels (0: not said there)."""

    kind: str
    width: int = 0
    height: int = 0


def ahead(content: bytes) -> Head:
    """Read the head of a file. Total: any bytes have one."""
    if content[:3] == b"\xff\xd8\xff":
        return Head("JPEG", *_jpeg_size(content))
    if content[:8] == b"\x89PNG\r\n\x1a\n":
        return Head("PNG", *(struct.unpack(">II", content[16:24]) if len(content) >= 24 and content[12:16] == b"IHDR" else (0, 0)))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Head("WEBP", *_webp_size(content))
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return Head("heic")
    return Head("")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    """Of the first frame header (SOF); (0, 0) where there is none on the way."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF or 0xD0 <= marker <= 0xD8 or marker == 0x01:
            at += 1 if marker == 0xFF else 2
            continue
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, int.from_bytes(content[at + 2 : at + 4], "big"))
    return 0, 0


def _webp_size(content: bytes) -> tuple[int, int]:
    """Of the first chunk: libwebp sets its canvas aside as soon as a file is opened, so the size is looked at before."""
    chunk, body = content[12:16], content[20:30]
    if len(body) < 10:
        return 0, 0
    if chunk == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + ((bits >> 14) & 0x3FFF)
    if chunk == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return 0, 0


def oriented(picture: Image.Image) -> int:
    """Which way up it was held: EXIF's Orientation, 1 where it isn't said."""
    try:
        found = picture.getexif().get(_ORIENTATION, 1)
    except _EXIF_FAULTS:
        return 1
    return found if isinstance(found, int) else 1


def taken_at(picture: Image.Image) -> datetime | None:
    """EXIF's DateTimeOriginal with its offset. Where the camera didn't say its offset, its clock is taken for UTC: the day may be off by one, and that is
    closer than not knowing the week. None where it isn't said, or says what can't be."""
    try:
        inner = picture.getexif().get_ifd(_EXIF)
        said, zone = inner.get(_TAKEN), inner.get(_OFFSET)
    except _EXIF_FAULTS:
        return None
    found = _WHEN.match(said.strip("\0 ")) if isinstance(said, str) else None
    if found is None or int(found[1]) < _FIRST_YEAR:
        return None
    try:
        return datetime(*map(int, found.groups()), tzinfo=_zone(zone)).astimezone(UTC)  # type: ignore[misc, arg-type]
    except (ValueError, OverflowError):
        return None


def _zone(said: object) -> timezone:
    found = _ZONE.match(said.strip("\0 ")) if isinstance(said, str) else None
    if found is None:
        return UTC
    minutes = int(found[2]) * 60 + int(found[3])
    return timezone(timedelta(minutes=-minutes if found[1] == "-" else minutes)) if minutes <= 14 * 60 else UTC
