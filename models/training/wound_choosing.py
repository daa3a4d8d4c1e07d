"""This is the place where the numbers of the wound check are chosen: on the photos it is watched by, never on those it is measured with."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.image_check import wound
from models.image_check.distribution import distance
from models.image_check.preparing import fitted
from models.image_check.wound_decision import WoundDecision
from models.training import shaded, spotless
from models.training.strangers import tuning
from models.training.wound_photos import SIDE, WoundPhotos
from models.training.wound_scores import dice_each, dice_pooled

VERSION = "1.1.0"
WEIGHTS = (0.0, 0.5, 0.7, 0.85, 1.0)
THRESHOLDS = (0.3, 0.4, 0.5, 0.6)
SMALLEST = 0.0003
"""20 pixels of 256 x 256: what is smaller on a photo is no more than a guess."""
MOST_DECLINED = 0.12
AGREEMENTS = (0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.3, 0.0)
STRANGE_EACH = 20
"""Pictures of each family that is no skin from which it is learned where those lie."""
KNOWN_SHARE = 0.985
"""The share of the watched photos that count as known."""


class Remembered:
    """Asks once about each batch: the same looks are judged with many numbers."""

    def __init__(self, ask: wound.Ask) -> None:
        self._ask, self._kept = ask, dict[bytes, Mapping[str, np.ndarray]]()

    def __call__(self, batch: np.ndarray) -> Mapping[str, np.ndarray]:
        key = hashlib.blake2b(batch.tobytes(), digest_size=16).digest()
        if key not in self._kept:
            self._kept[key] = {name: np.asarray(values, np.float32) for name, values in self._ask(batch).items()}
        return self._kept[key]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a check draws on photos: bool masks (n, height, width), how far the views agree (n,), the embeddings (n, 32)."""

    masks: np.ndarray
    agreement: np.ndarray
    embedding: np.ndarray


def draw(photos: WoundPhotos, ask: wound.Ask, decision: WoundDecision) -> Drawn:
    """As the app does it, photo by photo."""
    seen = [wound.look(one, ask, decision) for one in photos.pixels]
    return Drawn(
        np.stack([wound.drawn(one, decision) for one in seen]),
        np.array([one.agreement for one in seen]),
        np.stack([one.embedding for one in seen]),
    )


def views_known(photos: WoundPhotos, seed: int) -> np.ndarray:
    """What counts as known: each photo whole, and closely around its wound as somebody near would take it. uint8 (m, 256, 256, 3)."""
    random, found = np.random.default_rng(seed), list(photos.pixels)
    for pixels, mask in zip(photos.pixels, photos.masks, strict=True):
        rows, columns = np.nonzero(mask)
        if len(rows):
            across = max(np.ptp(rows), np.ptp(columns)) + 1
            side = int(np.clip(across * random.uniform(1.8, 4), 48, SIDE))
            top = int(np.clip(rows.mean() - side / 2, 0, SIDE - side))
            left = int(np.clip(columns.mean() - side / 2, 0, SIDE - side))
            found.append(fitted(pixels[top : top + side, left : left + side], SIDE)[0])
    return np.stack(found)


def views_strange() -> np.ndarray:
    """What does not count as known: pictures of ours that are no skin (the families that a limit may be set on), bare surfaces in its colours, and bodies
    in its colours with patches on them. uint8 (m, 256, 256, 3)."""
    drawn = (*(each.pixels for each in tuning(STRANGE_EACH)), *spotless.drawn(), *shaded.drawn())
    return np.stack([fitted(one, SIDE)[0] for one in drawn])


def examples(known: np.ndarray, strange: np.ndarray) -> np.ndarray:
    """256 pictures from which the int8 file learns its ranges: three quarters are known, so that its masks are fine, the others strange, so that its
    numbers reach far enough to say so."""
    return np.concatenate([one[np.linspace(0, len(one) - 1, count).astype(int)] for one, count in ((known, 192), (strange, 64))])


def first_guess(known: np.ndarray, watched: np.ndarray) -> WoundDecision:
    """With the distribution measured on embeddings (n, 32) of known views, the limit set on watched ones; the rest undecided."""
    mean = known.mean(axis=0)
    spread = np.cov(known, rowvar=False) + 1e-3 * np.eye(known.shape[1])
    inverse = np.linalg.inv(spread)
    start = WoundDecision(VERSION, 0.5, 0.7, SMALLEST, 0.0, mean, (inverse + inverse.T) / 2, 1.0)
    return replace(start, distance_limit=float(np.quantile([distance(one, start) for one in watched], KNOWN_SHARE)))


def choose(photos: WoundPhotos, ask: wound.Ask, start: WoundDecision) -> tuple[WoundDecision, list[dict[str, float]]]:
    """(the decision, what was tried). Threshold and weight of the close look by the sum of mean and pooled Dice; then the strictest agreement that declines at
    most MOST_DECLINED of the watched photos with a wound."""
    tried = []
    for weight in WEIGHTS:
        for threshold in THRESHOLDS:
            masks = draw(photos, ask, replace(start, close_weight=weight, threshold=threshold)).masks
            tried.append(
                {
                    "close_weight": weight,
                    "threshold": threshold,
                    "dice": float(dice_each(masks, photos.masks).mean()),
                    "dice_pooled": dice_pooled(masks, photos.masks),
                }
            )
    best = max(tried, key=lambda one: one["dice"] + one["dice_pooled"])
    chosen = replace(start, close_weight=best["close_weight"], threshold=best["threshold"])
    drawn = draw(photos, ask, chosen)
    with_wound = drawn.masks.any(axis=(1, 2)) & photos.masks.any(axis=(1, 2))
    least = next(at for at in AGREEMENTS if (drawn.agreement[with_wound] < at).mean() <= MOST_DECLINED)
    return replace(chosen, agreement_least=least), tried


def plain(decision: WoundDecision) -> dict[str, object]:
    """As decision.json has it; read back by models.image_check.wound_decision."""
    inverse = np.round(decision.inverse_covariance, 8)
    return {
        "version": decision.version, "threshold": decision.threshold, "close_weight": decision.close_weight, "smallest_share": decision.smallest_share,
        "agreement_least": decision.agreement_least, "mean": np.round(decision.mean, 8).tolist(), "inverse_covariance": ((inverse + inverse.T) / 2).tolist(),
        "distance_limit": round(decision.distance_limit, 6),
    }  # fmt: skip
