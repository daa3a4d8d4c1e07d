"""This is the place where it is tried how steady the training of the wound check is, and what two parts of its recipe buy.

    python -m models.training.wound_tried --data DIR --out FILE [--rounds 8] [--side 128]

Five folds of whole groups, each drawn by a network that learned from the others; then the recipe without ImageNet kernels and without variation, learned
from the same photos and looked at on the watched ones. The photos kept back are never touched. One look at a photo, and a schedule far shorter than that of what ships (it has to be
trained seven times on two cores): the figures compare with each other, not with what ships. Stopped, the same command goes on.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from models.training import wound_photos
from models.training.check_cards import plain, write_json
from models.training.resampling import Draws, by_unit
from models.training.wound_photos import SEED, WoundPhotos
from models.training.wound_scores import dice_each

FOLDS = 5
TIMES = 1000
PARTS_LEFT_OUT: dict[str, dict[str, bool]] = {"without_imagenet": {"imagenet": False}, "without_variation": {"varied": False}}
"""What a recipe is tried without."""


def folds(groups: np.ndarray) -> np.ndarray:
    """(n,) the fold of each photo: whole groups, the largest first, each to the fold that has the fewest photos; the same every time."""
    names, counts = np.unique(groups, return_counts=True)
    order = np.random.default_rng(SEED).permutation(len(names))
    sizes, place = [0] * FOLDS, np.zeros(len(groups), int)
    for at in sorted(order, key=lambda n: -counts[n]):
        to = int(np.argmin(sizes))
        place[groups == names[at]] = to
        sizes[to] += int(counts[at])
    return place


def cross_validated(photos: WoundPhotos, masks: np.ndarray, place: np.ndarray) -> dict[str, Any]:
    """Figures of masks drawn by networks that did not learn from these groups: together, and fold by fold."""
    draws, each = by_unit(photos.groups, TIMES, SEED), dice_each(masks, photos.masks)
    return _both(draws, photos, masks, each) | {
        "folds": [
            {"photos": int((place == fold).sum()), "dice": round(float(each[place == fold].mean()), 4), "dice_pooled": round(_pooled(photos.masks, masks)(np.flatnonzero(place == fold)), 4)}
            for fold in range(FOLDS)
        ]
    }  # fmt: skip


def compared(watched: WoundPhotos, masks: dict[str, np.ndarray]) -> dict[str, Any]:
    """Figures of each recipe on the watched photos, and by how much the first ("whole") is better, with paired intervals over groups."""
    draws, found = by_unit(watched.groups, TIMES, SEED), {}
    whole = dice_each(masks["whole"], watched.masks)
    for name, one in masks.items():
        each = dice_each(one, watched.masks)
        found[name] = _both(draws, watched, one, each)
        if name != "whole":
            found[name]["worse_by"] = draws.figure(lambda rows, each=each: float((whole - each)[rows].mean())).plain()  # type: ignore[misc]
    return found


def main(argv: list[str] | None = None) -> int:
    """Try and write; 2 where the data cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m models.training.wound_tried", description="Cross-validate the training of the wound check; leave parts out."
    )
    parser.add_argument("--data", type=Path, required=True, help=f"the folder with {wound_photos.FOLDER} and weights/")
    parser.add_argument("--out", type=Path, default=Path(".healthboard/wound/tried.json"), help="where the figures go")
    parser.add_argument("--work", type=Path, default=Path(".healthboard/wound"), help="rounds made so far")
    parser.add_argument("--rounds", type=int, default=8, help="times every photo is seen (default: 8)")
    parser.add_argument("--side", type=int, default=128, help="side of the views (default: 128)")
    parser.add_argument("--threads", type=int, default=2, help="threads of TensorFlow (default: 2)")
    asked = parser.parse_args(argv)
    try:
        photos = wound_photos.read(asked.data)
    except (wound_photos.PhotosRefused, OSError) as refused:
        sys.stderr.write(f"{refused}\n")
        return 2
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    write_json(asked.out, plain(tried(photos, asked)))
    sys.stdout.write(asked.out.read_text(encoding="utf-8"))
    return 0


def tried(photos: WoundPhotos, asked: argparse.Namespace) -> dict[str, Any]:
    """Learn, draw and compare. TensorFlow starts here."""
    from models.training import wound_fit

    wound_fit.steady(asked.threads)
    recipe = replace(wound_fit.Recipe(), rounds=asked.rounds, cooled=asked.rounds // 2, spread=2 * asked.rounds, side=asked.side)
    parts = wound_photos.split(photos)
    seen = photos.of(np.sort(np.concatenate([parts["train"], parts["watch"]])))
    learned, watched = photos.of(parts["train"]), photos.of(parts["watch"])

    def drawn(of: WoundPhotos, on: WoundPhotos, how: wound_fit.Recipe, label: str) -> np.ndarray:
        model = wound_fit.learn(of, None, how, asked.data / "weights", asked.work, label)
        return wound_fit.masks_of(model, on.pixels) > 0.5

    ways = {"whole": recipe} | {name: replace(recipe, **left_out) for name, left_out in PARTS_LEFT_OUT.items()}  # type: ignore[arg-type]
    found = {"left_out": compared(watched, {name: drawn(learned, watched, how, f"tried-{name}") for name, how in ways.items()})}
    place, masks = folds(seen.groups), np.zeros_like(seen.masks)
    for fold in range(FOLDS):
        masks[place == fold] = drawn(seen.of(place != fold), seen.of(place == fold), recipe, f"tried-fold-{fold}")
    return {"recipe": asdict(recipe), "photos": len(seen), "cross_validated": cross_validated(seen, masks, place), **found}


def _both(draws: Draws, photos: WoundPhotos, masks: np.ndarray, each: np.ndarray) -> dict[str, Any]:
    return {
        "dice": draws.figure(lambda rows: float(each[rows].mean())).plain(),
        "dice_pooled": draws.figure(_pooled(photos.masks, masks)).plain(),
    }


def _pooled(truth: np.ndarray, masks: np.ndarray) -> Any:
    both, either = (truth & masks).sum(axis=(1, 2)), truth.sum(axis=(1, 2)) + masks.sum(axis=(1, 2))
    return lambda rows: float(2 * both[rows].sum() / max(int(either[rows].sum()), 1))


if __name__ == "__main__":
    sys.exit(main())
