"""This is the place where it is checked how photos of wounds are read, kept together, varied and scored for training; all of it without TensorFlow."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from models.training import wound_photos, wound_scores, wound_views
from models.training.wound_drawn import pictures


def written(folder: Path, count: int = 12) -> Path:
    """Drawn photos, each twice (the second time a little lighter), with a mask each."""
    photos, masks = folder / wound_photos.FOLDER / "images", folder / wound_photos.FOLDER / "masks"
    photos.mkdir(parents=True)
    masks.mkdir()
    random = np.random.default_rng(3)
    for n in range(count):
        blocks = np.kron(random.uniform(30, 220, (5, 5, 3)), np.ones((52, 52, 1)))[:256, :256]
        mask = np.zeros((256, 256), np.uint8)
        mask[100 : 110 + n, 100:120] = 255
        for copy in range(2):
            Image.fromarray(np.clip(blocks + 6 * copy, 0, 255).astype(np.uint8)).save(photos / f"{n:02}{'ab'[copy]}.jpg")
            Image.fromarray(mask).save(masks / f"{n:02}{'ab'[copy]}.png")
    return folder


def test_near_duplicates_are_one_group_and_never_on_both_sides(tmp_path: Path) -> None:
    photos = wound_photos.read(written(tmp_path))
    pairs = photos.groups.reshape(-1, 2)
    assert (pairs[:, 0] == pairs[:, 1]).all()
    assert len(np.unique(photos.groups)) == 12
    parts = wound_photos.split(photos)
    assert wound_photos.leaks(photos, parts) == 0
    assert sorted(np.concatenate(list(parts.values()))) == list(range(24))
    assert all(len(rows) for rows in parts.values())


def test_the_split_is_the_same_every_time(tmp_path: Path) -> None:
    photos = wound_photos.read(written(tmp_path))
    first, again = wound_photos.split(photos), wound_photos.split(photos)
    assert all((first[name] == again[name]).all() for name in first)


def test_a_photo_without_its_mask_is_refused_by_name(tmp_path: Path) -> None:
    folder = written(tmp_path, 2)
    (folder / wound_photos.FOLDER / "masks" / "01a.png").unlink()
    with pytest.raises(wound_photos.PhotosRefused, match="01a"):
        wound_photos.read(folder)


def test_no_photos_are_refused(tmp_path: Path) -> None:
    with pytest.raises(wound_photos.PhotosRefused):
        wound_photos.read(tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_varied_photo_and_its_mask_stay_on_each_other(seed: int) -> None:
    pixels, mask = np.full((256, 256, 3), 200, np.uint8), np.zeros((256, 256), bool)
    mask[90:150, 110:190] = True
    pixels[mask] = (200, 0, 0)
    seen, shape = wound_views.varied(pixels, mask, 128, np.random.default_rng(seed))
    assert seen.shape == (128, 128, 3)
    red = seen[..., 0].astype(int) - seen[..., 1] > 70
    both = (red & (shape > 0)).sum()
    assert shape.sum() < 30 or both / shape.sum() > 0.6


def test_scores_of_drawings_that_are_right_half_right_and_wrong() -> None:
    truth, found = np.zeros((4, 10, 10), bool), np.zeros((4, 10, 10), bool)
    truth[0, :5], found[0, :5] = True, True
    truth[1, :4], found[1, 2:6] = True, True
    found[2, 0, 0] = True  # drawn where nothing is
    assert wound_scores.dice_each(found, truth).tolist() == [1.0, 0.5, 0.0, 1.0]
    assert wound_scores.dice_pooled(found, truth) == pytest.approx(2 * 70 / (90 + 91))
    assert np.isnan(wound_scores.area_off(found, truth)).tolist() == [False, False, True, True]


def test_the_frozen_pictures_are_the_same_every_time() -> None:
    first, again = pictures(), pictures()
    assert first.shape == (6, 256, 256, 3)
    assert first.dtype == np.uint8
    assert (first == again).all()
