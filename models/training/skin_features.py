"""This is the place where photos become the backbone's pooled features, kept on disk by photo and settings so that a stopped run goes on where it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from models.image_check.preparing import VIEWS, views
from models.training import augmenting, backbone
from models.training.photos import Photos

SIZE = 224
TAPS = ("block_5", "block_11", "block_13")
"""Depths tried: 28 x 28, 14 x 14 and 7 x 7 places."""


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """By tap: (photos, images, channels). The first VIEWS images of a photo are its views, the rest its augmented copies."""

    by_tap: dict[str, np.ndarray]

    def seen(self, tap: str) -> np.ndarray:
        """What a head learns from: the photo as it is, and its copies."""
        held = self.by_tap[tap]
        return np.concatenate([held[:, :1], held[:, VIEWS:]], axis=1)

    def asked(self, tap: str) -> np.ndarray:
        """What a head is asked about: the views."""
        return self.by_tap[tap][:, :VIEWS]

    def of(self, chosen: np.ndarray) -> Features:
        return Features({tap: held[chosen] for tap, held in self.by_tap.items()})


class Extractor:
    """The frozen backbone with its cache. `cache` None: nothing is kept."""

    def __init__(self, weights: Path, cache: Path | None) -> None:
        self._network = _pooled(weights)
        self._cache = cache
        settings = f"{backbone.V1_FILE} {TAPS} {SIZE} {VIEWS} {augmenting.VERSION} {augmenting.COPIES}"
        self._settings = hashlib.sha256(settings.encode() + (weights / backbone.V1_FILE).read_bytes()).hexdigest()[:12]
        if cache is not None:
            cache.mkdir(parents=True, exist_ok=True)

    def photos(self, photos: Photos) -> Features:
        """Views and copies of every photo; a copy's seed is the photo itself."""
        found = [
            self._kept(
                one.digest,
                lambda one=one: np.concatenate(
                    [views(one.pixels, SIZE), augmenting.copies(one.pixels, SIZE, int(one.digest[:8], 16))]
                ),
            )
            for one in tqdm(photos.all, desc="features of photos", unit="photo")
        ]
        return Features({tap: np.stack([one[tap] for one in found]) for tap in TAPS})

    def pictures(self, pictures: Iterable[np.ndarray], what: str) -> Features:
        """The first view alone of other pictures (uint8, any size)."""
        found = []
        for pixels in tqdm(list(pictures), desc=f"features of {what}", unit="picture"):
            key = hashlib.sha256(pixels.tobytes() + str(pixels.shape).encode()).hexdigest()
            found.append(self._kept(f"one-{key}", lambda pixels=pixels: views(pixels, SIZE)[:1]))
        return Features({tap: np.stack([one[tap] for one in found]) for tap in TAPS})

    def images(self, images: np.ndarray) -> dict[str, np.ndarray]:
        """uint8 (n, SIZE, SIZE, 3) -> (n, channels) by tap, nothing kept."""
        parts = [self._network(tf.constant(images[n : n + 20].astype(np.float32))) for n in range(0, len(images), 20)]
        return {tap: np.concatenate([np.asarray(one[place]) for one in parts]) for place, tap in enumerate(TAPS)}

    def _kept(self, key: str, make: object) -> dict[str, np.ndarray]:
        path = None if self._cache is None else self._cache / f"{key[:40]}-{self._settings}.npz"
        if path is not None and path.is_file():
            with np.load(path) as held:
                return {tap: held[tap] for tap in TAPS}
        found = self.images(make())  # type: ignore[operator]
        if path is not None:
            part = path.with_suffix(".part.npz")
            np.savez(part, **found)
            part.replace(path)  # whole or not at all, wherever the run is stopped
        return found


def _pooled(weights: Path) -> object:
    tapped = backbone.taps(backbone.mobilenet_v1(weights, SIZE), TAPS)
    pooled = keras.Model(tapped.input, [keras.layers.GlobalAveragePooling2D()(one) for one in tapped.output])
    return tf.function(pooled, reduce_retracing=True)
