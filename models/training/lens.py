"""This is the place where it is measured what the light of phone photos is like, for models/image_check/lens.py.

    python -m models.training.lens --data DIR [--check]

prints the table of that file, how many phone photos of people it was not measured on it declines, and how many of a dermatoscope's pictures, which are
only looked at. --check ends with 1 where the table of the file is another.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from models.image_check.lens import DIRECTIONS, LIGHT, Light, beyond, features
from models.training import photos

PASS = 0.97
"""The share of phone photos whose light is within the limit."""
FOLDS, SEED = 5, 20
DERMOSCOPY = "images/ham10000-384x288/images"
_TOLERANCE = 1e-3


def light_of(found: np.ndarray) -> Light:
    """What photos with `found` (n, 4) features are like: the weights are those of a linear discriminant towards DIRECTIONS, the limit leaves PASS within."""
    mean = found.mean(axis=0)
    weights = np.linalg.solve(np.cov(found, rowvar=False), np.array(DIRECTIONS) * found.std(axis=0))
    limit = float(np.quantile((found - mean) @ weights, PASS))
    return Light(tuple(np.round(mean, 6).tolist()), tuple(np.round(weights, 6).tolist()), round(limit, 6))


def declined_of_others(given: photos.Photos, found: np.ndarray) -> float:
    """The share of photos that a table measured on other people's photos declines."""
    fold = photos.folds(given, FOLDS, SEED)
    beyond_limit = np.zeros(len(found), dtype=bool)
    for at in range(FOLDS):
        light = light_of(found[fold != at])
        beyond_limit[fold == at] = (found[fold == at] - light.mean) @ np.array(light.weights) > light.limit
    return float(beyond_limit.mean())


def main(argv: list[str] | None = None) -> int:
    """Measure and print; with --check 1 where it came out otherwise."""
    parser = argparse.ArgumentParser(prog="python -m models.training.lens", description="Measure what the light of phone photos is like.")
    parser.add_argument("--data", type=Path, required=True, help="the folder with images/")
    parser.add_argument("--check", action="store_true", help="compare with the table that ships")
    given = parser.parse_args(argv)
    known = photos.read(given.data)
    found = np.stack([features(one.pixels) for one in tqdm(known.all, desc="phone photos", file=sys.stderr)])
    light = light_of(found)
    sys.stdout.write(f"LIGHT = {light}\n")
    sys.stdout.write(f"declined of {len(found)} phone photos of people it was not measured on: {declined_of_others(known, found):.1%}\n")
    through = sorted((given.data / DERMOSCOPY).glob("*"))
    if through:
        seen = [beyond(_pixels(path), light) > 1 for path in tqdm(through, desc="dermoscopy", file=sys.stderr)]
        sys.stdout.write(f"declined of {len(seen)} pictures taken through a dermatoscope: {np.mean(seen):.1%}\n")
    if given.check and not _same(light, LIGHT):
        sys.stderr.write("the table of models/image_check/lens.py is another\n")
        return 1
    return 0


def _pixels(path: Path) -> np.ndarray:
    with Image.open(path) as opened:
        return np.asarray(opened.convert("RGB"))


def _same(one: Light, other: Light) -> bool:
    return np.allclose([*one.mean, *one.weights, one.limit], [*other.mean, *other.weights, other.limit], rtol=_TOLERANCE, atol=_TOLERANCE)


if __name__ == "__main__":
    raise SystemExit(main())
