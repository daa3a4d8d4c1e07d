"""This is the place where the network that ships is trained, calibrated inside itself, given its map, and tried harder: pruned, and against an adversary."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from models.training.measures import auroc
from models.training.pulses import AF, Pulses
from models.training.rhythm_network import CLASSES, EMBEDDING, Recipe, af_weight, built, outputs

PRUNED = (0.3, 0.5, 0.7)
PUSHES = (0.02, 0.05, 0.1, 0.2)
"""Of the fast gradient sign (Goodfellow 2015), in spreads of the signal."""


def shipped(networks: Sequence[keras.Model], temperature: float, seen: np.ndarray) -> keras.Model:
    """The trained networks as they ship, in one file: the mean of their logits, divided by the temperature inside the last layer; the mean of their maps
    (n, 63); and of all their embeddings the 32 directions in which the segments they have `seen` (n, 1000) differ most."""
    ppg = keras.Input(networks[0].input_shape[1:], name="ppg")
    told = [network(ppg) for network in networks]
    embeddings = _joined([one["embedding"] for one in told])
    kernels, biases = zip(*(network.get_layer("logits").get_weights() for network in networks), strict=True)
    calibrated, speaking = keras.layers.Dense(CLASSES, name="calibrated"), keras.layers.Dense(1, use_bias=False, name="speaking")
    turned = keras.layers.Dense(EMBEDDING, name="turned")
    logits, embedding = calibrated(embeddings), turned(embeddings)
    cam = keras.layers.Reshape((-1,), name="flat")(speaking(_joined([one["map"] for one in told])))
    share = 1 / len(networks)
    calibrated.set_weights([_half(np.concatenate(kernels) * share / temperature), _half(np.mean(biases, axis=0) / temperature)])
    speaking.set_weights([_half(np.concatenate([af_weight(network) for network in networks])[:, None] * share)])
    turned.set_weights(
        [_half(one) for one in _directions(np.concatenate([outputs(network, seen)["embedding"] for network in networks], axis=1))]
    )
    return keras.Model(ppg, {"logits": logits, "cam": cam, "embedding": embedding})


def folded(network: keras.Model, recipe: Recipe) -> keras.Model:
    """The same network with each batch normalisation inside the convolution before it, and weights that float16 holds exactly: what is rounded later is
    what was measured."""
    plain = built(recipe, folded=True)
    normal = iter([one for one in network.layers if isinstance(one, keras.layers.BatchNormalization)])
    old = iter([one for one in network.layers if isinstance(one, keras.layers.Conv1D)])
    for layer in plain.layers:
        if isinstance(layer, keras.layers.Conv1D):
            (kernel,), batch = next(old).get_weights(), next(normal)
            gamma, beta, mean, variance = batch.get_weights()
            scale = gamma / np.sqrt(variance + batch.epsilon)
            layer.set_weights([_half(kernel * scale), _half(beta - mean * scale)])
        elif layer.get_weights():
            layer.set_weights([_half(one) for one in network.get_layer(layer.name).get_weights()])
    return plain


def _half(weights: np.ndarray) -> np.ndarray:
    return weights.astype(np.float16).astype(np.float32)


def _joined(parts: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    return keras.layers.Concatenate()(parts) if len(parts) > 1 else parts[0]


def _directions(embedding: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(kernel, bias) onto the first 32 principal components, the mean at 0."""
    mean = embedding.mean(axis=0)
    _, _, rows = np.linalg.svd(embedding - mean, full_matrices=False)
    kernel = rows[:EMBEDDING].T * np.sign(rows[:EMBEDDING].sum(axis=1))  # a direction has no sign: this one is the same again
    return kernel.astype(np.float32), (-mean @ kernel).astype(np.float32)


def pruned(model: keras.Model, pulses: Pulses) -> dict[str, dict[str, float]]:
    """The smallest weights of every convolution set to nought: what it does to the AUROC, and how many weights are left."""
    convolutions = [one for one in model.layers if isinstance(one, keras.layers.Conv1D)]
    before = [one.get_weights() for one in convolutions]
    found = {}
    for share in (0.0, *PRUNED):
        for layer, weights in zip(convolutions, before, strict=True):
            cut = np.quantile(np.abs(weights[0]), share)
            layer.set_weights([np.where(np.abs(weights[0]) >= cut, weights[0], 0.0), *weights[1:]])
        logits = outputs(model, pulses.x)["logits"]
        found[f"{share:g}"] = {
            "auroc": round(auroc(pulses.af, _af(logits)), 4),
            "weights": int(sum((one.get_weights()[0] != 0).sum() for one in convolutions)),
        }
    for layer, weights in zip(convolutions, before, strict=True):
        layer.set_weights(weights)
    return found


def pushed(model: keras.Model, pulses: Pulses) -> dict[str, float]:
    """AUROC where every sample is pushed the way that hurts most."""
    x, y = tf.constant(pulses.x), tf.constant(np.eye(CLASSES, dtype=np.float32)[pulses.label])
    with tf.GradientTape() as tape:
        tape.watch(x)
        loss = tf.reduce_sum(tf.nn.softmax_cross_entropy_with_logits(y, model(x, training=False)["logits"]))
    way = np.sign(np.asarray(tape.gradient(loss, x)))
    return {
        f"{push:g}": round(auroc(pulses.af, _af(outputs(model, (pulses.x + push * way).astype(np.float32))["logits"])), 4)
        for push in PUSHES
    }


def _af(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised[:, AF] / raised.sum(axis=1)
