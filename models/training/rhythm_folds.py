"""This is the place where networks are tried on people they have not seen, fold by fold, and where what was finished is kept, so that a stopped run goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from models.training.pulses import FOLDS, Pulses, folds
from models.training.rhythm_network import Recipe, outputs, train

RECIPES: dict[str, Recipe] = {
    "cnn": Recipe(),
    "gru": Recipe(kind="gru", epochs=5),
    "af_or_sinus": Recipe(only=(0, 5), epochs=6),
    "shorter": Recipe(epochs=8),
}
"""What is compared; `cnn` ships; `shorter` learns for half as long. `af_or_sinus` learns from those two rhythms alone, as much of the literature does, and is then asked about all six."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What networks said of people they did not learn from: logits (n, 6), embedding (n, 32)."""

    logits: np.ndarray
    embedding: np.ndarray


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of finished pieces. A piece is the same again only for the same data and the same recipe."""

    folder: Path
    data: str

    def piece(self, name: str, recipe: Recipe, make: Callable[[], dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
        key = hashlib.sha256(json.dumps([self.data, name, asdict(recipe)]).encode()).hexdigest()[:16]
        path = self.folder / f"{name}-{key}.npz"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            made = make()
            part = path.with_suffix(".part.npz")
            np.savez(part, **made)  # type: ignore[arg-type]
            part.replace(path)
        with np.load(path, allow_pickle=False) as found:
            return {one: found[one] for one in found.files}


def unseen(pulses: Pulses, name: str, recipe: Recipe, cache: Cache, logs: Path | None = None) -> Unseen:
    """Each fold answered by a network that learnt from the others."""
    place = folds(pulses)
    logits, embedding = np.zeros((len(pulses), 6)), np.zeros((len(pulses), 32))
    for fold in tqdm(range(FOLDS), desc=name, unit="fold", disable=None):
        rows = np.flatnonzero(place == fold)

        def make(rows: np.ndarray = rows, fold: int = fold) -> dict[str, np.ndarray]:
            others = pulses.of(np.flatnonzero(place != fold))
            return outputs(train(others, recipe, logs=logs / f"{name}-{fold}" if logs else None), pulses.x[rows])

        found = cache.piece(f"{name}-{fold}", recipe, make)
        logits[rows], embedding[rows] = found["logits"], found["embedding"]
    return Unseen(logits, embedding)
