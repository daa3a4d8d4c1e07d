"""This is the place where the networks that read a pulse signal are built and trained: a convolutional one, a recurrent one. TensorFlow is used here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from core.domain.checks import RHYTHM_CLASSES
from models.signal_check.preparing import LENGTH
from models.training.pulses import AF, Pulses
from models.training.rhythm_noise import augmented

CLASSES = len(RHYTHM_CLASSES)
EMBEDDING = 32


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is built and held back. `kind` cnn or gru; `augment` whether segments are disturbed; `balanced` whether each person counts alike."""

    kind: str = "cnn"
    width: int = 32
    epochs: int = 16
    rate: float = 2e-3
    smoothing: float = 0.05
    dropout: float = 0.3
    augment: bool = True
    balanced: bool = True
    only: tuple[int, ...] = ()
    seed: int = 1


def steady(threads: int = 1) -> None:
    """Seeded, on the processor, only operations that always sum in the same order. Call once before training."""
    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(threads)
    tf.config.experimental.enable_op_determinism()


def _step(
    x: keras.KerasTensor, width: int, *, size: int, stride: int = 1, apart: int = 1, folded: bool = False
) -> keras.KerasTensor:
    x = keras.layers.Conv1D(width, size, strides=stride, dilation_rate=apart, padding="same", use_bias=folded)(x)
    return keras.layers.ReLU(6.0)(x if folded else keras.layers.BatchNormalization(momentum=0.95)(x))


def built(recipe: Recipe, *, folded: bool = False) -> keras.Model:
    """ppg (n, 1000) standardised -> logits (n, 6), cam (n, 63) how much each 160 ms speak for AF, embedding (n, 32). The logits are linear in the
    embedding, which is the mean over time: so the cam is exact. `folded`: without batch normalisation, as it ships."""
    keras.utils.set_random_seed(recipe.seed)
    ppg = keras.Input((LENGTH,), name="ppg")
    x = keras.layers.Reshape((LENGTH, 1))(ppg)
    x = _step(x, recipe.width // 2, size=16, stride=4, folded=folded)
    x = _step(x, recipe.width, size=8, stride=2, folded=folded)
    x = _step(x, recipe.width, size=5, stride=2, folded=folded)
    if recipe.kind == "gru":
        x = keras.layers.Bidirectional(keras.layers.GRU(recipe.width, return_sequences=True))(x)
    else:
        for apart in (1, 2, 4, 8):
            x = keras.layers.Add()(
                [x, _step(keras.layers.SpatialDropout1D(0.1)(x), recipe.width, size=5, apart=apart, folded=folded)]
            )
    x = _step(x, EMBEDDING, size=1, folded=folded)
    embedding = keras.layers.GlobalAveragePooling1D(name="embedding")(x)
    dense = keras.layers.Dense(CLASSES, name="logits")
    logits = dense(keras.layers.Dropout(recipe.dropout)(embedding))
    return keras.Model(ppg, {"logits": logits, "embedding": embedding, "map": x}, name=f"{recipe.kind}_{recipe.seed}")


class _Batches(keras.utils.PyDataset):
    """Segments in a new order each epoch, disturbed anew, the same again with the same seed."""

    def __init__(self, x: np.ndarray, y: np.ndarray, weight: np.ndarray, recipe: Recipe) -> None:
        super().__init__()
        self._x, self._y, self._weight, self._recipe, self._epoch = x, y, weight, recipe, 0
        self.on_epoch_end()

    def on_epoch_end(self) -> None:
        self._random = np.random.default_rng((self._recipe.seed, self._epoch))
        self._order = self._random.permutation(len(self._x))
        self._epoch += 1

    def __len__(self) -> int:
        return len(self._x) // 128

    def __getitem__(self, at: int) -> tuple:
        rows = self._order[at * 128 : (at + 1) * 128]
        x = self._x[rows]
        if self._recipe.augment:
            x = augmented(x, np.random.default_rng((self._recipe.seed, self._epoch, at)))
        return x, self._y[rows], self._weight[rows]


def weights(pulses: Pulses) -> np.ndarray:
    """(n,) Each person's whole weight grows with the root of their number of segments, and each class's too: nobody drowns the others."""
    found = np.ones(len(pulses))
    for key in (pulses.person, pulses.label):
        _, place, counts = np.unique(key, return_inverse=True, return_counts=True)
        found *= 1 / np.sqrt(counts[place])
    return found / found.mean()


def train(
    pulses: Pulses, recipe: Recipe, targets: np.ndarray | None = None, logs: Path | None = None, verbose: int = 0
) -> keras.Model:
    """Fit on everybody given. `targets` (n, 6) in place of the labels: what other networks thought (distillation)."""
    if recipe.only:
        rows = np.isin(pulses.label, recipe.only)
        pulses = pulses.of(rows)
        recipe = replace(recipe, only=())
    full = built(recipe)
    model = keras.Model(full.input, full.output["logits"])
    y = np.eye(CLASSES, dtype=np.float32)[pulses.label] if targets is None else targets.astype(np.float32)
    weight = weights(pulses) if recipe.balanced else np.ones(len(pulses))
    batches = _Batches(pulses.x, y, weight.astype(np.float32), recipe)
    steps = recipe.epochs * len(batches)
    rate = keras.optimizers.schedules.CosineDecay(
        recipe.rate / 10, steps - steps // 8, warmup_target=recipe.rate, warmup_steps=steps // 8
    )
    loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
    model.compile(keras.optimizers.AdamW(rate, weight_decay=1e-3), loss)
    watch = [keras.callbacks.TensorBoard(str(logs), write_graph=False)] if logs else []
    model.fit(batches, epochs=recipe.epochs, verbose=verbose, callbacks=watch)
    return full


def outputs(model: keras.Model, x: np.ndarray) -> dict[str, np.ndarray]:
    """Everything a network puts out, for (n, 1000)."""
    return {name: np.asarray(found) for name, found in model.predict(x, batch_size=512, verbose=0).items() if name != "map"}


def af_weight(model: keras.Model) -> np.ndarray:
    """(32,) how much each of the embedding's numbers speaks for AF against the mean of the others."""
    kernel = model.get_layer("logits").get_weights()[0]
    others = [place for place in range(CLASSES) if place != AF]
    return kernel[:, AF] - kernel[:, others].mean(axis=1)
