"""This is the place where the printed square is looked for in photos that we draw ourselves: turned, tilted, blurred, dark; and where none lies."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from models.image_check import marker
from models.image_check.marker_sheet import PAGE_MM, marker_sheet
from tests.models import drawn_wounds as drawn

SIZE = (360, 480)
WOUND = (26.0, 42.0, 9.0, 6.0)
TRUE_CM2 = np.pi * 9 * 6 / 100


def photo(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A drawn photo with a wound and the square, from anywhere a phone might be, and the wound's mask."""
    random = np.random.default_rng(seed)
    camera = drawn.camera(
        random.uniform(1.3, 5), random.uniform(0, 360), random.uniform(0, 40), (27, 30), (240, 180), random.uniform(0, 360)
    )
    plain = drawn.scene(camera, SIZE, WOUND, square=(18, 8))
    seen = drawn.taken(
        plain,
        seed,
        blur=random.uniform(0.3, 1.6),
        noise=random.uniform(1, 9),
        light=random.uniform(0.4, 1.1),
        slope=random.uniform(-0.5, 0.5),
    )
    return (drawn.compressed(seen, 60) if seed % 3 == 0 else seen), drawn.ellipse(camera, SIZE, WOUND)


@pytest.fixture(scope="module")
def photos() -> list[tuple[np.ndarray, np.ndarray]]:
    return [photo(seed) for seed in range(11)]


def said(photos: list[tuple[np.ndarray, np.ndarray]]) -> list[float]:
    """The areas, over the truth, of the photos on which one is said."""
    found = [(marker.find(pixels), mask) for pixels, mask in photos]
    return [area / TRUE_CM2 for one, mask in found if one is not None and (area := one.measured(mask)) is not None]


def test_an_area_is_within_five_percent_of_the_truth_or_not_said(photos: list[tuple[np.ndarray, np.ndarray]]) -> None:
    areas = said(photos)
    assert len(areas) >= 7  # most can be said, or the test would prove nothing
    assert max(abs(area - 1) for area in areas) < 0.05


def test_a_photo_larger_than_the_copies_that_are_searched_gives_an_area_as_good() -> None:
    size = (900, 1200)
    camera = drawn.camera(8, 25, 15, (27, 30), (600, 450), 40)
    pixels = drawn.taken(drawn.scene(camera, size, WOUND, square=(18, 8)), 1, blur=1.5)
    areas = said([(pixels, drawn.ellipse(camera, size, WOUND))])
    assert areas == [pytest.approx(1, abs=0.02)]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_the_square_knows_which_way_round_it_lies(degrees: int) -> None:
    camera = drawn.camera(5, degrees, 10, (20, 20), (240, 180))
    one = marker.find(drawn.taken(drawn.scene(camera, SIZE, None, square=(10, 10)), 1))
    assert one is not None
    first = camera @ np.array([10, 10, 1.0])  # its corner at the top left as printed
    assert one.corners[0] == pytest.approx(first[:2] / first[2], abs=0.7)


def test_a_square_too_small_to_measure_with_is_not_used(photos: list[tuple[np.ndarray, np.ndarray]]) -> None:
    pixels, mask = photos[3]
    small = np.asarray(Image.fromarray(pixels).resize((90, 68), Image.Resampling.BOX))
    one = marker.find(small)
    assert one is None or one.measured(np.asarray(Image.fromarray(mask).resize((90, 68)))) is None


def test_a_wound_behind_the_horizon_of_the_square_has_no_area() -> None:
    tilted = marker.Marker(
        np.array([[100, 100], [140, 100], [150, 130], [90, 130]], float),
        marker._plane(np.array([[100, 100], [140, 100], [150, 130], [90, 130]], float)),
    )
    assert tilted.measured(np.ones((400, 400), bool)) is None


def impostor(seed: int) -> np.ndarray:
    """A drawn picture without our square: wounds, other codes, chequers, windows, text-like bars."""
    random = np.random.default_rng(seed)
    canvas = np.full((110, 140, 3), random.uniform(120, 245, 3))
    for _ in range(int(random.integers(1, 7))):
        cells = int(random.integers(2, 9))
        code = random.random((cells, cells)) < random.uniform(0.3, 0.8)
        code[[0, -1]], code[:, [0, -1]] = (True, True) if seed % 2 else (code[[0, -1]], code[:, [0, -1]])
        big = np.kron(code, np.ones((int(random.integers(3, 9)),) * 2, bool))[:105, :135]
        top, left = random.integers(0, 111 - big.shape[0]), random.integers(0, 141 - big.shape[1])
        canvas[top : top + big.shape[0], left : left + big.shape[1]][big] = random.uniform(0, 90)
    turned = ndimage.rotate(canvas, random.uniform(0, 90), reshape=False, mode="nearest", order=1)
    return drawn.taken(turned, seed, blur=random.uniform(0.3, 1.2), noise=random.uniform(0, 6))


def test_no_square_is_seen_in_a_hundred_pictures_without_one() -> None:
    assert not [seed for seed in range(100) if marker.find(impostor(seed)) is not None]


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 300, 3), (40, 40, 3)])
@pytest.mark.parametrize("grey", [0, 128, 255])
def test_an_empty_picture_has_no_square(shape: tuple[int, ...], grey: int) -> None:
    assert marker.find(np.full(shape, grey, np.uint8)) is None


def test_no_square_is_seen_in_real_photos_without_one(shared_data: Path) -> None:
    photos = sorted((shared_data / "images" / "fuseg-256" / "train" / "images").glob("*.jpg"))[::25]
    assert photos
    assert not [one.name for one in photos if marker.find(np.asarray(Image.open(one).convert("RGB"))) is not None]


def test_the_printed_page_shows_squares_that_are_found_and_are_twenty_millimetres() -> None:
    content = marker_sheet()
    assert content.startswith(b"%PDF-1.4")
    assert content.rstrip().endswith(b"%%EOF")
    scale = 25.4 / 72 * 4  # four pixels a millimetre
    page = np.full((round(PAGE_MM[1] * 4), round(PAGE_MM[0] * 4), 3), 255, np.uint8)
    for x, y, width, height in re.findall(rb"^([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re f$", content, re.MULTILINE):
        left, bottom = float(x) * scale, page.shape[0] - float(y) * scale
        page[round(bottom - float(height) * scale) : round(bottom), round(left) : round(left + float(width) * scale)] = 0
    one = marker.find(page[150:420, 50:450])
    assert one is not None
    assert one.side_px == pytest.approx(marker.SIDE_MM * 4, abs=1.5)
