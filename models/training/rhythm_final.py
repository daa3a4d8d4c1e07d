"""This is the place where the network that ships is trained, calibrated inside itself, given its map, and tried harder: pruned, and against an adversary."""

from __future__ import annotations

import keras
import numpy as np
import tensorflow as tf

from models.training.measures import auroc
from models.training.pulses import AF, Pulses
from models.training.rhythm_network import CLASSES, af_weight, outputs

PRUNED = (0.3, 0.5, 0.7)
PUSHES = (0.02, 0.05, 0.1, 0.2)
"""Of the fast gradient sign (Goodfellow 2015), in spreads of the signal."""


def shipped(model: keras.Model, temperature: float) -> keras.Model:
    """The trained network as it ships: its logits divided by the temperature inside the last layer, and the map (n, 63) as an output of its own."""
    dense = model.get_layer("logits")
    kernel, bias = dense.get_weights()
    told, x, embedding = (model.output[name] for name in ("logits", "map", "embedding"))
    assert told.shape[-1] == CLASSES
    calibrated = keras.layers.Dense(CLASSES, name="calibrated")
    speaking = keras.layers.Dense(1, use_bias=False, name="speaking")
    logits, cam = calibrated(embedding), keras.layers.Reshape((-1,), name="flat")(speaking(x))
    calibrated.set_weights([kernel / temperature, bias / temperature])
    speaking.set_weights([af_weight(model)[:, None]])
    return keras.Model(model.input, {"logits": logits, "cam": cam, "embedding": embedding})


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
