"""This is the place where the wound network learns: seeded, with early stopping on photos it does not learn from, and able to go on where it was stopped."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from models.training import wound_network
from models.training.wound_photos import SEED, SIDE, WoundPhotos
from models.training.wound_scores import dice_pooled
from models.training.wound_views import batch

LOOKING = 2
"""The watched photos are looked at in every second round."""

AVERAGING = 4
"""Every how many steps the weights go into their average."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network learns. `rounds`: times every photo is seen; `side` of the views; `kept`: decay of the averaged weights (EMA)."""

    rounds: int = 20
    side: int = 128
    photos: int = 6
    decoder_rate: float = 2e-3
    encoder_rate: float = 3e-4
    weight_decay: float = 1e-4
    kept: float = 0.94
    patience: int = 12
    imagenet: bool = True
    varied: bool = True


def steady(threads: int) -> None:
    """Seeded, on the processor, with few threads. Call once before anything else of TensorFlow."""
    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(SEED)


class Learner:
    """The network in training: two copies of different side share what they learn through their weights."""

    def __init__(self, recipe: Recipe, root: Path, steps: int) -> None:
        self.recipe = recipe
        self.model = wound_network.build(root if recipe.imagenet else None, recipe.side)
        slow, fast = wound_network.encoder_variables(self.model)
        rates = [
            keras.optimizers.schedules.CosineDecay(0.0, steps, warmup_target=rate, warmup_steps=steps // 20, alpha=0.02)
            for rate in self._rates()
        ]
        self._adams = [keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay, clipnorm=1.0) for rate in rates]
        self._parts = (slow, fast)
        for adam, part in zip(self._adams, self._parts, strict=True):
            adam.build(part)
        self.averaged = [w.copy() for w in self.model.get_weights()]
        self._steps_made = 0
        self._step = self._compiled(self.model)

    def _rates(self) -> tuple[float, float]:
        # without ImageNet there is nothing to be careful with
        return (self.recipe.encoder_rate if self.recipe.imagenet else self.recipe.decoder_rate), self.recipe.decoder_rate

    def _compiled(self, model: keras.Model) -> Callable:
        slow, fast = wound_network.encoder_variables(model)

        @tf.function
        def step(x: tf.Tensor, y: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                off = loss(y, model(x, training=True)["logits"])
            found = tape.gradient(off, slow + fast)
            self._adams[0].apply_gradients(zip(found[: len(slow)], slow, strict=True))
            self._adams[1].apply_gradients(zip(found[len(slow) :], fast, strict=True))
            return off

        return step

    def round(self, photos: WoundPhotos, random: np.random.Generator) -> float:
        """See every photo once; the mean loss."""
        order, size, losses = random.permutation(len(photos)), self.recipe.photos, []
        for start in tqdm(range(0, len(order) - size + 1, size), leave=False, unit="batch"):
            x, y = self._batch(photos, order[start : start + size], random)
            losses.append(float(self._step(x, y)))
            self._steps_made += 1
            if self._steps_made % AVERAGING:
                continue
            kept = min(self.recipe.kept, (1 + self._steps_made) / (40 + self._steps_made))
            for average, now in zip(self.averaged, self.model.get_weights(), strict=True):
                average *= kept
                average += (1 - kept) * now
        return float(np.mean(losses))

    def _batch(self, photos: WoundPhotos, rows: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        if self.recipe.varied:
            return batch(photos, rows, self.recipe.side, random)
        edge = (SIDE - self.recipe.side) // 2
        inner = slice(edge, edge + self.recipe.side)
        return photos.pixels[rows, inner, inner].astype(np.float32), photos.masks[rows, inner, inner, None].astype(np.float32)


def loss(truth: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Cross-entropy, and soft Dice over the batch: wounds are a hundredth of the picture, and the overlap is what counts."""
    cross = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(truth, logits))
    p = tf.sigmoid(logits)
    each = 1 - (2 * tf.reduce_sum(p * truth, (1, 2, 3)) + 20.0) / (
        tf.reduce_sum(p, (1, 2, 3)) + tf.reduce_sum(truth, (1, 2, 3)) + 20.0
    )
    pooled = 1 - (2 * tf.reduce_sum(p * truth) + 1.0) / (tf.reduce_sum(p) + tf.reduce_sum(truth) + 1.0)
    return cross * 2.0 + 0.5 * tf.reduce_mean(each) + 0.5 * pooled


def learn(photos: WoundPhotos, watched: WoundPhotos, recipe: Recipe, root: Path, out: Path, label: str = "wound") -> keras.Model:
    """The network (side 256) with the averaged weights of the round that drew the watched photos best. Goes on from `out`/<label>.state where one lies."""
    keras.utils.set_random_seed(SEED)
    per_round = len(photos) // recipe.photos
    learner = Learner(recipe, root, per_round * recipe.rounds)
    looking = wound_network.build(root if recipe.imagenet else None, SIDE)
    state = out / f"{label}.state"
    out.mkdir(parents=True, exist_ok=True)
    noted = _resumed(learner, state)
    board = _board(out / "tensorboard" / label)
    for number in range(noted["done"], recipe.rounds):
        off = learner.round(photos, np.random.default_rng([SEED, number]))
        looking.set_weights(learner.averaged)
        if number % LOOKING == 0 and number + 1 < recipe.rounds:  # looking costs a fifth of a round
            continue
        seen = dice_pooled(masks_of(looking, watched.pixels) > 0.5, watched.masks)
        board(number, {"loss": off, "watched_dice": seen})
        tqdm.write(f"{label} round {number + 1}/{recipe.rounds}: loss {off:.4f}, watched Dice {seen:.4f}")
        if seen > noted["best"]:
            noted |= {"best": seen, "best_at": number}
            np.savez(out / f"{label}.best.npz", *learner.averaged)
        noted["done"] = number + 1
        _kept(learner, state, noted)
        if number - noted["best_at"] >= recipe.patience:
            break
    with np.load(out / f"{label}.best.npz") as held:
        looking.set_weights([held[name] for name in held.files])
    return looking


def masks_of(model: keras.Model, pixels: np.ndarray, size: int = 16) -> np.ndarray:
    """(n, 256, 256) probabilities of uint8 photos."""
    parts = [model(pixels[s : s + size].astype(np.float32), training=False)["logits"] for s in range(0, len(pixels), size)]
    return np.concatenate([tf.sigmoid(part).numpy()[..., 0] for part in parts])


def _board(folder: Path) -> Callable[[int, dict[str, float]], None]:
    """Writes figures for TensorBoard where it is installed; training needs it for nothing else."""
    if importlib.util.find_spec("tensorboard") is None:
        return lambda step, figures: None
    writer = tf.summary.create_file_writer(str(folder))

    def write(step: int, figures: dict[str, float]) -> None:
        with writer.as_default(step=step):
            for name, value in figures.items():
                tf.summary.scalar(name, value)

    return write


def _kept(learner: Learner, state: Path, noted: dict) -> None:
    held = {f"model_{n}": w for n, w in enumerate(learner.model.get_weights())} | {
        f"average_{n}": w for n, w in enumerate(learner.averaged)
    }
    for which, adam in enumerate(learner._adams):
        held |= {f"adam_{which}_{n}": np.asarray(v) for n, v in enumerate(adam.variables)}
    beside = state.with_suffix(".part.npz")
    np.savez(beside, noted=json.dumps({**noted, "steps": learner._steps_made}), **held)
    beside.replace(state)


def _resumed(learner: Learner, state: Path) -> dict:
    fresh = {"done": 0, "best": -1.0, "best_at": 0}
    if not state.is_file():
        return fresh
    with np.load(state) as held:
        noted = json.loads(str(held["noted"]))
        learner.model.set_weights([held[f"model_{n}"] for n in range(len(learner.averaged))])
        learner.averaged = [held[f"average_{n}"] for n in range(len(learner.averaged))]
        for which, adam in enumerate(learner._adams):
            for n, variable in enumerate(adam.variables):
                variable.assign(held[f"adam_{which}_{n}"])
    learner._steps_made = noted.pop("steps")
    return noted
