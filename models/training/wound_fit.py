"""This is the place where the wound network learns: seeded, with early stopping on photos it does not learn from, and able to go on where it was stopped."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from tqdm import tqdm

from models.training import wound_network
from models.training.wound_photos import SEED, SIDE, WoundPhotos
from models.training.wound_scores import dice_each, dice_pooled
from models.training.wound_views import batch

LOOKING = 4
"""The watched photos are looked at in every fourth round."""

AVERAGING = 4
"""Every how many steps the weights go into their average."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network learns. `rounds`: times every photo is seen; `cooled`: the rounds at the end over which the rate goes down to nothing, on top of a
    half cosine of `spread` rounds; `side` of the views; `kept`: decay of the averaged weights (EMA)."""

    rounds: int = 40
    cooled: int = 12
    spread: int = 60
    side: int = 192
    photos: int = 8
    decoder_rate: float = 2e-3
    encoder_rate: float = 3e-4
    weight_decay: float = 1e-4
    kept: float = 0.97
    patience: int = 100
    imagenet: bool = True
    varied: bool = True


def steady(threads: int) -> None:
    """Seeded, on the processor, with few threads. Call once before anything else of TensorFlow."""
    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    keras.utils.set_random_seed(SEED)


class Cooling(keras.optimizers.schedules.LearningRateSchedule):
    """Warmed up over a twentieth of a half cosine of `spread` rounds, followed along it, and brought down in a straight line over the last `cooled` rounds."""

    def __init__(self, rate: float, per_round: int, recipe: Recipe) -> None:
        whole = per_round * recipe.spread
        self._along = keras.optimizers.schedules.CosineDecay(0.0, whole, warmup_target=rate, warmup_steps=whole // 20, alpha=0.02)
        self._end, self._over = float(per_round * recipe.rounds), float(max(1, per_round * recipe.cooled))

    def __call__(self, step: tf.Tensor) -> tf.Tensor:
        left = (self._end - tf.cast(step, tf.float32)) / self._over
        return self._along(step) * tf.clip_by_value(left, 0.02, 1.0)


class Learner:
    """The network in training: two copies of different side share what they learn through their weights."""

    def __init__(self, recipe: Recipe, root: Path, per_round: int) -> None:
        self.recipe = recipe
        self.model = wound_network.build(root if recipe.imagenet else None, recipe.side)
        slow, fast = wound_network.encoder_variables(self.model)
        rates = [Cooling(rate, per_round, recipe) for rate in self._rates()]
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
        losses = []
        for x, y in tqdm(self._batches(photos, random), total=len(photos) // self.recipe.photos, leave=False, unit="batch"):
            losses.append(float(self._step(x, y)))
            self._steps_made += 1
            if self._steps_made % AVERAGING:
                continue
            kept = min(self.recipe.kept, (1 + self._steps_made) / (40 + self._steps_made))
            for average, now in zip(self.averaged, self.model.get_weights(), strict=True):
                average *= kept
                average += (1 - kept) * now
        return float(np.mean(losses))

    def _batches(self, photos: WoundPhotos, random: np.random.Generator) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Batch after batch in a new order; the next one is made while the network learns from this one."""
        order, size = random.permutation(len(photos)), self.recipe.photos
        parts = [order[start : start + size] for start in range(0, len(order) - size + 1, size)]
        with ThreadPoolExecutor(1) as aside:
            coming = aside.submit(self._batch, photos, parts[0], random)
            for following in [*parts[1:], None]:
                ready = coming.result()
                if following is not None:
                    coming = aside.submit(self._batch, photos, following, random)
                yield ready

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


def learn(
    photos: WoundPhotos, watched: WoundPhotos | None, recipe: Recipe, root: Path, out: Path, label: str = "wound"
) -> keras.Model:
    """The network (side 256) with the averaged weights of the round that drew the watched photos best, or of the last round where none are watched. Goes on
    from `out`/<label>.state where one of the same recipe lies."""
    keras.utils.set_random_seed(SEED)
    learner = Learner(recipe, root, len(photos) // recipe.photos)
    looking = wound_network.build(root if recipe.imagenet else None, SIDE)
    state, best = out / f"{label}.state", out / f"{label}.best.npz"
    out.mkdir(parents=True, exist_ok=True)
    noted = _resumed(learner, state)
    board = _board(out / "tensorboard" / label)
    for number in range(noted["done"], recipe.rounds):
        off = learner.round(photos, np.random.default_rng([SEED, number]))
        if (number + 1) % LOOKING and number + 1 < recipe.rounds:  # looking costs a fifth of a round
            continue
        looking.set_weights(learner.averaged)
        seen = _seen(looking, watched, number)
        board(number, {"loss": off, **seen})
        tqdm.write(
            f"{label} round {number + 1}/{recipe.rounds}: loss {off:.4f}, "
            + ", ".join(f"{name} {value:.4f}" for name, value in seen.items())
        )
        if float(np.mean(list(seen.values()))) > noted["best"]:
            noted |= {"best": float(np.mean(list(seen.values()))), "best_at": number}
            np.savez(best, *learner.averaged)
        noted["done"] = number + 1
        _kept(learner, state, noted)
        if number - noted["best_at"] >= recipe.patience:
            break
    with np.load(best) as held:
        looking.set_weights([held[name] for name in held.files])
    return looking


def _seen(model: keras.Model, watched: WoundPhotos | None, number: int) -> dict[str, float]:
    """Dice of one look at the watched photos; where none are, a later round counts as better."""
    if watched is None:
        return {"rounds": float(number)}
    masks = masks_of(model, watched.pixels) > 0.5
    return {"watched_dice": float(dice_each(masks, watched.masks).mean()), "watched_dice_pooled": dice_pooled(masks, watched.masks)}


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
    np.savez(beside, noted=json.dumps({**noted, "steps": learner._steps_made, "recipe": asdict(learner.recipe)}), **held)
    beside.replace(state)


def _resumed(learner: Learner, state: Path) -> dict:
    fresh = {"done": 0, "best": -1.0, "best_at": 0}
    if not state.is_file():
        return fresh
    with np.load(state) as held:
        noted = json.loads(str(held["noted"]))
        if noted.pop("recipe", None) != asdict(learner.recipe):
            return fresh
        learner.model.set_weights([held[f"model_{n}"] for n in range(len(learner.averaged))])
        learner.averaged = [held[f"average_{n}"] for n in range(len(learner.averaged))]
        for which, adam in enumerate(learner._adams):
            for n, variable in enumerate(adam.variables):
                variable.assign(held[f"adam_{which}_{n}"])
    learner._steps_made = noted.pop("steps")
    return noted
