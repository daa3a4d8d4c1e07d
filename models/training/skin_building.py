"""This is the place where the skin-spot model is built in order: choice by people not seen, operating point, limits; the people kept back come last."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize_scalar
from tqdm import tqdm

from models.image_check.skin import SkinDecision
from models.training import measures, photos, skin_embedding
from models.training.photos import Photos
from models.training.skin_embedding import Embedding
from models.training.skin_features import Features
from models.training.skin_head import Head, Recipe, fit, soon_logit

VERSION = "1.0.0"
GRID = tuple((tap, Recipe(80, penalty)) for tap in ("block_5", "block_11", "block_13") for penalty in (0.03, 1.0))
MOST_BEHIND = 0.015
"""A more restrained head is taken where its AUROC is at most this far behind: its weights are half as large, and so is what rounding and noise do to it."""
FOLDS = 5
SEEDS = (0, 1, 2)
"""The folds are dealt three times; a photo's score is the mean of the three, each by a head that did not see that person."""
LINE_FINDS = 0.95
"""Of photos to show soon, the share not seen that must lie above the line: more than the 0.90 that is promised, since so few people leave room for chance."""
WATCH_FINDS = 0.97
"""... and above the place below which "keep watching" is said."""
JITTER = 0.03
"""The band reaches at least this far above the line: the int8 file may be off by so much."""
VIEWS_KEEP = 0.98
DISTANCE_KEEPS = 0.98
"""Shares of photos that the two further limits must let pass, on people not seen."""

Key = tuple[str, Recipe]


@dataclass(frozen=True, eq=False, slots=True)
class Fitted:
    """A model of some people: where it taps, its head and embedding, its decision, and the scores (log odds before temperature) of people not seen."""

    key: Key
    head: Head
    embedding: Embedding
    decision: SkinDecision
    unseen: np.ndarray


def unseen(data: Photos, features: Features, key: Key, seeds: tuple[int, ...] = SEEDS, count: int = FOLDS) -> np.ndarray:
    """(photos, views) log odds of "soon", each by heads that did not see that person, averaged over the deals."""
    tap, recipe = key
    seen, asked, label = features.seen(tap), features.asked(tap), data.label
    found = np.zeros(asked.shape[:2])
    for seed in seeds:
        fold = photos.folds(data, count, seed)
        for one in tqdm(range(count), desc=f"{tap}, deal {seed}", unit="fold", leave=False):
            out = fold == one
            found[out] += soon_logit(fit(seen[~out], label[~out], recipe).logits(asked[out])) / len(seeds)
    return found


def choose(data: Photos, features: Features, count: int = FOLDS) -> tuple[Key, dict[Key, np.ndarray]]:
    """The most restrained recipe that is not far behind the best on people not seen, and what each of them said (log odds)."""
    found = {key: unseen(data, features, key, (0,), count).mean(axis=1) for key in GRID}
    auroc = {key: measures.auroc(data.soon, said) for key, said in found.items()}
    near = [key for key in GRID if auroc[key] >= max(auroc.values()) - MOST_BEHIND]
    return max(near, key=lambda key: (key[1].penalty, auroc[key])), found


def name_of(key: Key) -> str:
    return f"{key[0]}, {key[1].components} components, penalty {key[1].penalty:g}"


def fitted(data: Photos, features: Features, strangers: np.ndarray, key: Key) -> Fitted:
    """Head and embedding of everybody given, limits from those same people as models see them that did not know them."""
    tap, recipe = key
    scores = unseen(data, features, key)
    seen, first = features.seen(tap), features.asked(tap)[:, 0]
    away = skin_embedding.unseen_distances(seen, first, strangers, photos.folds(data, FOLDS, SEEDS[0]))
    embedding = skin_embedding.fit(seen, strangers)
    decision = replace(
        decided(data.soon, scores),
        mean=embedding.mean,
        inverse_covariance=embedding.inverse,
        distance_limit=float(np.quantile(away, DISTANCE_KEEPS)),
    )
    return Fitted(key, fit(seen, data.label, recipe), embedding, decision, scores)


def decided(soon: np.ndarray, scores: np.ndarray) -> SkinDecision:
    """Temperature, line, band and agreement of views from (photos, views) scores of people not seen; the embedding's numbers come later."""
    odds = scores.mean(axis=1)
    temperature = best_temperature(soon, odds)
    p = sigmoid(odds / temperature)
    line, low = cut(soon, p, LINE_FINDS), cut(soon, p, WATCH_FINDS)
    apart = float(np.quantile(sigmoid(scores / temperature).std(axis=1), VIEWS_KEEP))
    return SkinDecision(
        VERSION, temperature, line, min(low, line), min(1.0, line + JITTER), apart, (5, 6), np.zeros(32), np.eye(32), 1.0
    )


def best_temperature(soon: np.ndarray, odds: np.ndarray) -> float:
    """The temperature with the least loss (Guo, ICML 2017)."""
    found = minimize_scalar(lambda log: measures.log_loss(soon, sigmoid(odds / np.exp(log))), bounds=(-2.5, 2.5), method="bounded")
    return round(float(np.exp(found.x)), 4)


def cut(soon: np.ndarray, p: np.ndarray, finds: float) -> float:
    """The highest probability (in thousandths) at which at least this share of the photos to show soon lies at or above it."""
    return max(step / 1000 for step in range(1, 1000) if (p[soon == 1] >= step / 1000).mean() >= finds)


def nested(data: Photos, features: Features) -> np.ndarray:
    """(photos,) log odds where even the recipe was chosen without the person: the inner choice sees four fifths only."""
    found, fold = np.zeros(len(data.all)), photos.folds(data, FOLDS, 99)
    for one in range(FOLDS):
        out = fold == one
        inner = photos.subset(data, ~out)
        (tap, recipe), _ = choose(inner, features.of(~out), 3)
        head = fit(features.seen(tap)[~out], inner.label, recipe)
        found[out] = soon_logit(head.logits(features.asked(tap)[out])).mean(axis=1)
    return found


def sigmoid(z: np.ndarray) -> np.ndarray:
    return np.asarray(1 / (1 + np.exp(-np.clip(z, -50, 50))))
