"""This is the place where it is tested that any photo is taken in clean, or refused with a name."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image

from core.domain.check_media import CleanPhoto
from core.errors import FileRefused
from models.image_check.intake import LONG_SIDE, MOST_BYTES, photo
from tests.models.photos import encoded, skin

SMALL = skin(size=48)


def _png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing of it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")


def _webp_of(width: int, height: int) -> bytes:
    body = b"VP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _exif(orientation: int = 1, taken: str = "", offset: str = "") -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "A maker"
    inner = exif.get_ifd(0x8769)
    if taken:
        inner[0x9003] = taken
    if offset:
        inner[0x9011] = offset
    exif.get_ifd(0x8825)[2] = (52.0, 31.0, 0.0)
    return exif


def _code(content: bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        photo(content)
    assert refused.value.facts["place"] == "photo" and refused.value.facts["need"]
    return refused.value.code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "photo_empty"),
        (b"%PDF-1.7 and so on", "photo_kind"),
        (b"GIF89a" + b"\0" * 40, "photo_kind"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "photo_heic"),
        (b"\xff\xd8\xff" + b"\0" * MOST_BYTES, "photo_too_large"),
        (_png_of(9000, 9000), "photo_pixels"),
        (_png_of(2**31 - 1, 2**31 - 1), "photo_pixels"),
        (_webp_of(16384, 16384), "photo_pixels"),
        (_png_of(100, 100), "photo_damaged"),
        (encoded(SMALL)[:-400], "photo_damaged"),
        (encoded(SMALL, "PNG")[:-400], "photo_damaged"),
        (encoded(SMALL, "WEBP")[:-100], "photo_damaged"),
        (encoded(SMALL)[:20], "photo_damaged"),
        (encoded(SMALL)[:-2] + b"\xff\xda\0\x08" * 5000, "photo_damaged"),
    ],
    ids=range(14),
)  # fmt: skip
def test_a_file_that_is_no_usable_photo_is_refused_by_name(content: bytes, code: str) -> None:
    assert _code(content) == code


def test_a_bomb_is_refused_before_it_takes_memory() -> None:
    tracemalloc.start()
    for bomb in (_png_of(30_000, 30_000), _webp_of(16_000, 16_000)):
        _code(bomb)
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_what_a_camera_writes_beside_the_picture_is_gone() -> None:
    content = encoded(SMALL, exif=_exif(taken="2026:03:01 10:00:00"), comment=b"who took it", icc_profile=b"\0" * 200)
    assert b"A maker" in content and b"who took it" in content
    clean = photo(content)
    assert b"A maker" not in clean.content and b"who took it" not in clean.content and b"Exif" not in clean.content
    with Image.open(io.BytesIO(clean.content)) as kept:
        assert (
            kept.format == "JPEG" and not kept.getexif() and set(kept.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        )


def test_text_in_a_png_is_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", "somebody known")
    told.add_itxt("Note", "somebody known", zip=True)
    content = encoded(SMALL, "PNG", pnginfo=told)
    assert b"somebody known" in content
    assert b"somebody known" not in photo(content).content


@pytest.mark.parametrize(
    ("taken", "offset", "at"),
    [
        ("2026:03:01 10:00:00", "+02:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        ("2026:03:01 10:00:00", "", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026:03:01 10:00:00", "+99:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("1970:01:01 00:00:00", "", None),
        ("0000:00:00 00:00:00", "", None),
        ("2026:02:31 10:00:00", "", None),
        ("yesterday", "", None),
        ("", "", None),
    ],
)
def test_the_time_it_was_taken_is_read_where_it_can_be(taken: str, offset: str, at: datetime | None) -> None:
    assert photo(encoded(SMALL, exif=_exif(taken=taken, offset=offset))).taken_at == at


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_turned_upright(orientation: int, kind: str) -> None:
    """The mark lies where whoever held the camera saw it: top left of a wide picture."""
    upright = np.full((40, 60, 3), 128, np.uint8)
    upright[:12, :12] = 255
    undo = {
        2: 2,
        3: 3,
        4: 4,
        5: 5,
        6: 8,
        7: 7,
        8: 6,
    }  # the turn that a camera's sensor saw is the opposite of the one that mends it
    from models.image_check.photo_header import ORIENTATIONS

    stored = Image.fromarray(upright)
    if orientation > 1:
        stored = stored.transpose(ORIENTATIONS[undo[orientation]])
    clean = photo(encoded(np.asarray(stored), kind, exif=_exif(orientation)))
    assert clean.pixels.shape == (40, 60, 3)
    assert clean.pixels[2:8, 2:8].mean() > 230 and clean.pixels[-8:, -8:].mean() < 140


def test_every_kind_of_colour_becomes_the_same_plain_rgb() -> None:
    plain = Image.new("RGB", (40, 30), (200, 120, 90))
    deep = np.full((30, 40), 130 * 257, np.uint16)
    clear = Image.new("RGBA", (40, 30), (200, 120, 90, 0))
    files = {
        "CMYK": (plain.convert("CMYK"), "JPEG", (200, 120, 90)),
        "palette": (plain.quantize(8), "PNG", (200, 120, 90)),
        "grey": (Image.new("L", (40, 30), 130), "JPEG", (130, 130, 130)),
        "two": (Image.new("1", (40, 30), 1), "PNG", (255, 255, 255)),
        "16 bit": (Image.fromarray(deep), "PNG", (130, 130, 130)),
        "alpha": (clear, "PNG", (255, 255, 255)),
        "alpha webp": (clear, "WEBP", (255, 255, 255)),
    }
    for name, (picture, kind, colour) in files.items():
        out = io.BytesIO()
        picture.save(out, kind)
        pixels = photo(out.getvalue()).pixels
        assert pixels.dtype == np.uint8 and pixels.shape == (30, 40, 3), name
        assert np.abs(pixels.reshape(-1, 3).mean(0) - colour).max() < 4, name


def test_colours_follow_the_profile_of_the_file() -> None:
    """In a profile whose red and blue are exchanged, numbers that look blue mean red."""
    from PIL import ImageCms

    own = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = own.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    bluish = np.full((30, 40, 3), (60, 90, 200), np.uint8)
    found = {
        name: photo(encoded(bluish, icc_profile=profile)).pixels.mean((0, 1))
        for name, profile in (("own", own), ("swapped", swapped))
    }
    assert np.abs(found["own"] - (60, 90, 200)).max() < 4
    assert np.abs(found["swapped"] - (200, 90, 60)).max() < 12


def test_a_profile_that_cannot_be_followed_is_no_reason_to_refuse() -> None:
    grey = np.full((30, 40, 3), 128, np.uint8)
    assert abs(photo(encoded(grey, icc_profile=b"no profile at all" * 20)).pixels.mean() - 128) < 2


def test_of_a_moving_picture_the_first_is_taken() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ((200, 0, 0), (0, 0, 200))]
    for kind in ("WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
        assert photo(out.getvalue()).pixels[..., 0].mean() > 180


def test_a_large_photo_is_made_smaller_and_keeps_its_shape() -> None:
    large = np.asarray(Image.fromarray(skin(size=300)).resize((4800, 3600)))
    clean = photo(encoded(large, quality=80))
    assert clean.pixels.shape == (LONG_SIDE * 3 // 4, LONG_SIDE, 3)


def test_the_pixels_are_those_of_the_kept_bytes_and_the_digest_is_theirs() -> None:
    import hashlib

    clean = photo(encoded(SMALL))
    with Image.open(io.BytesIO(clean.content)) as kept:
        assert np.array_equal(np.asarray(kept), clean.pixels)
    assert clean.digest == hashlib.sha256(clean.content).hexdigest()


HEADS = [
    encoded(SMALL),
    encoded(SMALL, exif=_exif(6, "2026:03:01 10:00:00")),
    encoded(SMALL, "PNG"),
    encoded(SMALL, "WEBP"),
    encoded(SMALL, progressive=True),
]


def _taken_or_refused(content: bytes) -> None:
    try:
        clean = photo(content)
    except FileRefused as refused:
        assert refused.code.startswith("photo_")
    else:
        assert (
            isinstance(clean, CleanPhoto)
            and clean.pixels.dtype == np.uint8
            and clean.pixels.ndim == 3
            and max(clean.pixels.shape) <= LONG_SIDE
        )


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(HEADS),
    st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5),
    st.floats(0, 1),
    st.booleans(),
)
def test_a_damaged_photo_is_taken_or_refused_and_nothing_else(
    content: bytes, changes: list[tuple[float, bytes]], end: float, near: bool
) -> None:
    mutated = bytearray(content)
    for share, patch in changes:  # most of what can go wrong stands in the first bytes
        at = int(share * (min(300, len(mutated)) if near else len(mutated)))
        mutated[at : at + len(patch)] = patch
    _taken_or_refused(bytes(mutated[: max(1, int(end * 1.5 * len(mutated)))]))


@settings(max_examples=100, deadline=None)
@given(
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\0ftypheic"]), st.binary(max_size=400)
)
@example(b"\x89PNG\r\n\x1a\n", b"\0\0\0\x0dIHDR" + b"\0" * 20)
@example(b"RIFF\0\0\0\0WEBP", b"VP8X")
def test_any_bytes_are_taken_or_refused_and_nothing_else(head: bytes, rest: bytes) -> None:
    _taken_or_refused(head + rest)
