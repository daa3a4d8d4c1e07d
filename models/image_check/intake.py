"""This is the place where a photo is taken in: what it is and how large is told from its first bytes, and only clean pixels go on.

Nothing of the file itself is kept: the picture is decoded, turned upright, brought to sRGB, and encoded anew. Of its metadata only the time is read.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import numpy as np
from PIL import Image, ImageCms

from core.domain.check_media import CleanPhoto
from core.errors import FileRefused
from models.image_check.photo_header import ORIENTATIONS, ahead, oriented, taken_at

MOST_BYTES = 20_000_000
MOST_PIXELS = 25_000_000
LONG_SIDE = 2048
"""A kept photo's longer side at most, pixels."""
JPEG_QUALITY = 92
MOST_SCANS = 300
"""A progressive JPEG has about ten scans; one of thousands of empty scans is made to keep a processor busy (each is a pass over the whole picture)."""
_MOST_PROFILE = 1_000_000  # bytes of an ICC profile; those of cameras and phones have a few thousand

DAMAGE = (
    OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, OverflowError, AttributeError, RuntimeError, MemoryError,
    struct.error, zlib.error, ZeroDivisionError, Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip
"""What Pillow is known to raise for a damaged file; all of it is the file's fault."""


def photo(content: bytes) -> CleanPhoto:
    """JPEG, PNG or WEBP bytes -> a clean photo. Raises FileRefused: photo_empty, photo_too_large, photo_kind, photo_heic, photo_pixels, photo_damaged."""
    _sized(content)
    opened = _opened(content)
    try:
        when = taken_at(opened)
        turn = ORIENTATIONS.get(oriented(opened))
        upright = _decoded(opened)
        if turn is not None:
            upright = upright.transpose(turn)
    except DAMAGE as error:
        raise _damaged() from error
    encoded = io.BytesIO()
    Image.fromarray(np.asarray(upright)).save(encoded, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    kept = encoded.getvalue()
    with Image.open(
        io.BytesIO(kept)
    ) as again:  # the pixels are those of the kept bytes: whoever checks them later sees the same picture
        pixels = np.array(again.convert("RGB"))
    return CleanPhoto(kept, hashlib.sha256(kept).hexdigest(), pixels, when)


def _sized(content: bytes) -> None:
    """Refuse by what can be told without decoding anything."""
    if not content:
        raise FileRefused("photo_empty", place="photo", need="a JPEG, PNG or WEBP file")
    if len(content) > MOST_BYTES:
        raise FileRefused("photo_too_large", place="photo", need=f"at most {MOST_BYTES // 1_000_000} MB")
    head = ahead(content)
    if head.kind == "heic":
        raise FileRefused("photo_heic", place="photo", need="a JPEG, PNG or WEBP file")
    if not head.kind:
        raise FileRefused("photo_kind", place="photo", need="a JPEG, PNG or WEBP file")
    _within(head.width, head.height)
    if head.kind == "JPEG" and content.count(b"\xff\xda") > MOST_SCANS:
        raise _damaged()


def _within(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise FileRefused("photo_pixels", place="photo", need=f"at most {MOST_PIXELS // 1_000_000} megapixels")


def _opened(content: bytes) -> Image.Image:
    try:
        opened = Image.open(io.BytesIO(content), formats=("JPEG", "PNG", "WEBP"))
    except DAMAGE as error:
        raise _damaged() from error
    _within(*opened.size)
    if min(opened.size) < 1:
        raise _damaged()
    return opened


def _damaged() -> FileRefused:
    return FileRefused("photo_damaged", place="photo", need="a file that opens in other programs")


def _decoded(opened: Image.Image) -> Image.Image:
    """The first picture of the file as sRGB, made smaller while it is still cheap to do so."""
    profile = opened.info.get("icc_profile")
    opened.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a JPEG can be decoded at half or a quarter of its size; others ignore this
    opened.load()
    plain = _plain(opened)
    if max(plain.size) > LONG_SIDE:
        plain.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return _srgb(plain, profile)


def _plain(picture: Image.Image) -> Image.Image:
    """Any mode -> RGB (or CMYK, still to be brought to sRGB by its profile); what is seen through lies on white."""
    if picture.mode.startswith("I;16") or picture.mode in ("I", "F"):
        return Image.fromarray((np.asarray(picture).astype(np.float32) / 257.0).clip(0, 255).round().astype(np.uint8)).convert(
            "RGB"
        )
    if picture.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Image.new("RGBA", clear.size, (255, 255, 255, 255))
        return Image.alpha_composite(ground, clear).convert("RGB")
    return picture if picture.mode in ("RGB", "CMYK") else picture.convert("RGB")


def _srgb(picture: Image.Image, profile: object) -> Image.Image:
    """Colours by the file's own profile (phones write Display P3), where it has one that can be followed."""
    if isinstance(profile, bytes) and 128 < len(profile) <= _MOST_PROFILE:
        try:
            made = ImageCms.profileToProfile(picture, io.BytesIO(profile), ImageCms.createProfile("sRGB"), outputMode="RGB")
            if made is not None:
                return made
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that cannot be followed is no reason to refuse the photo: its numbers are taken as sRGB
    return picture.convert("RGB")
