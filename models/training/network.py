"""This is the place where TensorFlow is used: the small network is trained, and models are written as TFLite in full float32."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf

from models.training.fit import Logistic, unseen
from models.training.measures import CalibrationLine, log_loss
from models.training.survey import INPUTS, SEED, People, folds

GRID = tuple((l2, dropout) for l2 in (0.001, 0.01, 0.03) for dropout in (0.0, 0.2))
WIDTH = 16
STRIDE = 10
"""Steps between two looks at the people who are watched; a step sees everybody once."""
MOST_STRIDES = 150
PATIENCE = 15


def steady() -> None:
    """One thread, seeded, only operations that always sum in the same order. Call once before training."""
    tf.config.set_visible_devices([], "GPU")
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the network is held back: L2 on the weights of the hidden layer, the share of units dropped, and for how many strides it learns."""

    l2: float
    dropout: float
    strides: int


def _built(people: People, l2: float, dropout: float) -> keras.Model:
    keras.utils.set_random_seed(SEED)
    x = people.x.to_numpy(dtype=np.float32)
    scaled = keras.layers.Normalization(mean=x.mean(axis=0), variance=x.var(axis=0))
    inputs = keras.Input((len(INPUTS),))
    hidden = keras.layers.Dense(WIDTH, activation="tanh", kernel_regularizer=keras.regularizers.L2(l2))(scaled(inputs))
    out = keras.layers.Dense(1, activation="sigmoid", kernel_regularizer=keras.regularizers.L2(l2 / 10))(keras.layers.Dropout(dropout)(hidden))
    return keras.Model(inputs, out)


def _stride(model: keras.Model, people: People) -> Callable[[], None]:
    """A compiled function that makes STRIDE steps of Adam on everybody given."""
    x, y = tf.constant(people.x.to_numpy(dtype=np.float32)), tf.constant(people.y[:, None], tf.float32)
    adam, loss = keras.optimizers.Adam(0.01), keras.losses.BinaryCrossentropy()
    adam.build(model.trainable_variables)

    @tf.function
    def go() -> None:
        for _ in tf.range(STRIDE):
            with tf.GradientTape() as tape:
                off = loss(y, model(x, training=True)) + tf.add_n(model.losses)
            adam.apply_gradients(zip(tape.gradient(off, model.trainable_variables), model.trainable_variables, strict=True))

    return go


def train(people: People, recipe: Recipe) -> keras.Model:
    """Train for the strides of the recipe on everybody given."""
    model = _built(people, recipe.l2, recipe.dropout)
    go = _stride(model, people)
    for _ in range(recipe.strides):
        go()
    return model


def predict(model: keras.Model, people: People) -> np.ndarray:
    """(n,) probabilities."""
    return np.asarray(model(people.x.to_numpy(dtype=np.float32), training=False), dtype=float)[:, 0]


def choose(people: People) -> tuple[Recipe, np.ndarray]:
    """(the recipe with the least loss on people not seen, those predictions). Early stopping watches one of the seeing folds, never the fold that is
    predicted; the strides of the recipe are the median over folds."""
    tried = {}
    for l2, dropout in GRID:
        strides: list[int] = []

        def fold_by_fold(others: People, fold: People, l2: float = l2, dropout: float = dropout, strides: list[int] = strides) -> np.ndarray:
            model, stopped_at = _stopped_early(others, l2, dropout)
            strides.append(stopped_at)
            return predict(model, fold)

        found = unseen(people, fold_by_fold)
        tried[l2, dropout] = (log_loss(people.y, found), int(np.median(strides)), found)
    best = min(GRID, key=lambda pair: tried[pair][0])
    return Recipe(*best, strides=tried[best][1]), tried[best][2]


def _stopped_early(others: People, l2: float, dropout: float) -> tuple[keras.Model, int]:
    """(the model as it was when the watched people were predicted best, after how many strides that was)."""
    place = folds(others.unit)
    seen, watched = others.of(place != 0), others.of(place == 0)
    model = _built(seen, l2, dropout)
    go = _stride(model, seen)
    best, best_at, kept = np.inf, 0, model.get_weights()
    for number in range(1, MOST_STRIDES + 1):
        go()
        off = log_loss(watched.y, predict(model, watched))
        if off < best:
            best, best_at, kept = off, number, model.get_weights()
        if number - best_at >= PATIENCE:
            break
    model.set_weights(kept)
    return model, best_at


def network_file(model: keras.Model, line: CalibrationLine | None) -> bytes:
    """The network as TFLite: (n, len(INPUTS)) float32 in, (n, 1) float32 out; with a line, after Platt scaling."""
    scaled, (hidden, out) = model.layers[1], (layer for layer in model.layers if isinstance(layer, keras.layers.Dense))
    mean, spread = (np.asarray(part, np.float32).reshape(1, -1) for part in (scaled.mean, np.sqrt(scaled.variance)))
    (w1, b1), (w2, b2) = hidden.get_weights(), out.get_weights()
    slope, intercept = (line.slope, line.intercept) if line else (1.0, 0.0)

    @tf.function(input_signature=[tf.TensorSpec((None, len(INPUTS)), tf.float32)])
    def run(x: tf.Tensor) -> tf.Tensor:  # the weights as constants: nothing of the training is left in the file
        return tf.sigmoid(intercept + slope * (tf.tanh(((x - mean) / spread) @ w1 + b1) @ w2 + b2))

    return _converted(run, tf.Module())


def logistic_file(fitted: Logistic) -> bytes:
    """A logistic model as TFLite: its inputs in their order (n, k) float32 in, (n, 1) float32 out."""

    @tf.function(input_signature=[tf.TensorSpec((None, len(fitted.inputs)), tf.float32)])
    def run(x: tf.Tensor) -> tf.Tensor:
        total = tf.constant(fitted.intercept, tf.float32)
        for term in fitted.terms:
            place = fitted.inputs.index(term.input)
            part = x[:, place : place + 1] - tf.constant(term.at, tf.float32)
            total += tf.constant(term.coefficient, tf.float32) * (tf.nn.relu(part) if term.only_above else part)
        return tf.sigmoid(total)

    return _converted(run, tf.Module())


def _converted(run: object, holder: object) -> bytes:
    converter = tf.lite.TFLiteConverter.from_concrete_functions([run.get_concrete_function()], holder)  # type: ignore[attr-defined]
    return bytes(converter.convert())
