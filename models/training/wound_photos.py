"""This is the place where the wound photos and their masks are read, checked, and split so that near-duplicates stay together.

The photos are FUSeg (foot ulcers, 256 x 256, a mask each). Nobody says who is on which photo; the same foot from the same angle is found by what the photo
looks like, and that is all that can be told apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.fft import dctn

FOLDER = Path("images/fuseg-256/train")
CROPS = Path("images/azh-wound")
SIDE = 256
SEED = 20_261_127
PARTS = {"train": 0.70, "watch": 0.15, "test": 0.15}
"""Shares of the groups: to learn from, to stop by and to choose numbers with, and to measure once."""
HASH_APART = 14
ALIKE = 0.82
"""Two photos are of one group where their 64-bit hashes differ in at most HASH_APART bits or their 16 x 16 colour thumbnails correlate at least ALIKE
(both looked at by eye: at these values nearly all pairs show the same foot, often on the same day)."""

LARGE = 10
"""A group of more photos than this is no fair sample of anything: it is learned from."""


class PhotosRefused(Exception):
    """The folder is not the photos and masks that training needs; says what is missing or odd."""


@dataclass(frozen=True, slots=True)
class WoundPhotos:
    """`pixels` uint8 (n, 256, 256, 3), `masks` bool (n, 256, 256), the file names, and for each the number of its group of near-duplicates."""

    names: tuple[str, ...]
    pixels: np.ndarray
    masks: np.ndarray
    groups: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    def of(self, rows: np.ndarray) -> WoundPhotos:
        """Those of the row numbers (or of a boolean mask)."""
        rows = np.flatnonzero(rows) if rows.dtype == bool else rows
        return WoundPhotos(tuple(self.names[n] for n in rows), self.pixels[rows], self.masks[rows], self.groups[rows])

    @property
    def shares(self) -> np.ndarray:
        """(n,) share of each photo that is wound, 0 to 1."""
        return self.masks.mean(axis=(1, 2))


def read(data: Path) -> WoundPhotos:
    """Every photo with its mask, the same file order everywhere. Raises PhotosRefused."""
    folder = data / FOLDER
    paths = sorted((folder / "images").glob("*.jpg"))
    if not paths:
        raise PhotosRefused(f"{FOLDER}: no photos there")
    pixels, masks = [], []
    for path in paths:
        beside = folder / "masks" / f"{path.stem}.png"
        if not beside.is_file():
            raise PhotosRefused(f"{path.name}: no mask")
        photo, mask = np.asarray(Image.open(path).convert("RGB")), np.asarray(Image.open(beside).convert("L"))
        if photo.shape != (SIDE, SIDE, 3) or mask.shape != (SIDE, SIDE):
            raise PhotosRefused(f"{path.name}: a photo and a mask of {SIDE} x {SIDE} are needed")
        pixels.append(photo)
        masks.append(mask > 127)
    kept = np.stack(pixels)
    return WoundPhotos(tuple(path.stem for path in paths), kept, np.stack(masks), groups_of(kept))


def groups_of(pixels: np.ndarray) -> np.ndarray:
    """(n,) the number of the group of near-duplicates each photo belongs to: linked pairs, and what they are linked with."""
    framed = [_unframed(photo) for photo in pixels]
    hashes = np.stack([_hash(photo) for photo in framed])
    small = np.stack(
        [np.asarray(Image.fromarray(photo).resize((16, 16), Image.Resampling.BILINEAR), float).reshape(-1) for photo in framed]
    )
    small = (small - small.mean(axis=1, keepdims=True)) / (small.std(axis=1, keepdims=True) + 1e-9)
    apart = (hashes[:, None] != hashes[None]).sum(axis=2)
    linked = (apart <= HASH_APART) | (small @ small.T / small.shape[1] >= ALIKE)
    group = np.arange(len(pixels))
    while True:  # the smallest number spreads along links until nothing moves
        spread = np.where(linked, group[None], len(pixels)).min(axis=1)
        if (spread == group).all():
            return group
        group = spread


def split(photos: WoundPhotos) -> dict[str, np.ndarray]:
    """Row numbers by part. Whole groups are dealt at random (seeded), the next one always to the part that lacks the most, so that shares come out right."""
    random = np.random.default_rng(SEED)
    names, counts = np.unique(photos.groups, return_counts=True)
    order = random.permutation(len(names))
    held: dict[str, list[int]] = {name: [] for name in PARTS}
    size = dict.fromkeys(PARTS, 0)
    for place in sorted(order, key=lambda n: counts[n] <= LARGE):  # large groups first, the others in the order drawn
        to = "train" if counts[place] > LARGE else max(PARTS, key=lambda name: PARTS[name] * len(photos) - size[name])
        held[to].append(int(names[place]))
        size[to] += int(counts[place])
    return {name: np.flatnonzero(np.isin(photos.groups, held[name])) for name in PARTS}


def leaks(photos: WoundPhotos, parts: dict[str, np.ndarray]) -> int:
    """How many groups stand in more than one part (must be 0)."""
    seen = [set(photos.groups[rows].tolist()) for rows in parts.values()]
    return sum(len(a & b) for n, a in enumerate(seen) for b in seen[n + 1 :])


def crops(data: Path) -> dict[str, list[np.ndarray]]:
    """The crops of AZH by class (N normal skin, BG background, D, P, S, V wounds), uint8 of any size; {} where the folder is absent."""
    folder = data / CROPS
    return {
        kind.name: [
            np.asarray(Image.open(path).convert("RGB"))
            for path in sorted(kind.iterdir())
            if path.suffix.lower() in (".jpg", ".jpeg", ".png")
        ]
        for kind in sorted(folder.glob("*"))
        if kind.is_dir()
    }


def _unframed(photo: np.ndarray) -> np.ndarray:
    """Without the black that fills it up to a square."""
    lit = photo.max(axis=2) > 8
    rows, columns = np.flatnonzero(lit.mean(axis=1) > 0.02), np.flatnonzero(lit.mean(axis=0) > 0.02)
    return photo if not len(rows) or not len(columns) else photo[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _hash(photo: np.ndarray) -> np.ndarray:
    """64 bits: which of the low frequencies of the grey 32 x 32 thumbnail are above their median (Zauner 2010)."""
    grey = np.asarray(Image.fromarray(photo).convert("L").resize((32, 32), Image.Resampling.BILINEAR), float)
    low = dctn(grey, norm="ortho")[:9, :9].reshape(-1)[1:65]
    return low > np.median(low)
