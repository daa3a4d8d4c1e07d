"""This is the place where the network that finds a wound is built: MobileNetV2 looks, a small U-Net draws the outline, 32 numbers say how far a picture lies
from photos of wounds.

The encoder starts from ImageNet weights with batch norm folded in (models/training/backbone.py) and is trained on, slowly; the decoder has batch norm, which
the exporter folds. The mask is drawn at half the side and enlarged: many wounds are 20 pixels across, and a quarter of the side would round them to 5.
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers

from models.training.backbone import mobilenet_v2, taps

SKIPS = (("expand_relu_13", 64, 96), ("expand_relu_6", 48, 64), ("expand_relu_3", 32, 48), ("expand_relu_1", 16, 32))
"""(what of the encoder is looked at again, narrowed to, channels of the step), from a sixteenth of the side to a half."""
FINEST = 2
"""Pixels of the photo to one of the drawing before it is enlarged."""
LEFT_ALONE = ("conv_0", "depthwise_0", "block_0", "expand_1", "depthwise_1", "block_1", "expand_2", "depthwise_2", "project_2")
"""Layers that stay as ImageNet left them: edges and colours are the same everywhere, and they are what costs most to train."""
_MOMENTUM = 0.9
DEEPEST, BOTTOM = "block_16", 96
EMBEDDING = 32


def build(root: Path | None, side: int) -> keras.Model:
    """float32 (n, side, side, 3) in 0..255 -> {"logits": (n, side, side, 1), "deep": (n, 896)}. `root` None: not begun from ImageNet."""
    encoder = _encoder(root, side)
    deep = encoder.output[-1]
    x = _narrow(deep, BOTTOM, "bottom")
    for held, (name, narrow, wide) in zip(reversed(encoder.output[:-1]), SKIPS, strict=True):
        x = layers.UpSampling2D(2, interpolation="bilinear")(x)
        x = layers.Concatenate()([x, _narrow(held, narrow, f"skip_{name}")])
        x = _step(_step(x, wide, f"{name}_a"), wide, f"{name}_b")
    logits = layers.Conv2D(1, 1, name="outline", bias_initializer=keras.initializers.Constant(-3.0))(x)
    logits = layers.UpSampling2D(FINEST, interpolation="bilinear", name="logits")(logits)
    pooled = [layers.GlobalAveragePooling2D()(one) for one in (encoder.output[-2], deep)]
    return keras.Model(encoder.input, {"logits": logits, "deep": layers.Concatenate(name="deep")(pooled)}, name="wound")


def encoder_variables(model: keras.Model) -> tuple[list, list]:
    """(trainable weights of the encoder, of the decoder): the first are moved more slowly."""
    ours = {
        id(one)
        for layer in model.layers
        if layer.name.startswith(("skip_", "bottom", "expand_relu_", "outline"))
        for one in layer.trainable_weights
    }
    return [v for v in model.trainable_variables if id(v) not in ours], [v for v in model.trainable_variables if id(v) in ours]


def finished(model: keras.Model, embedding: tuple[np.ndarray, np.ndarray]) -> keras.Model:
    """What ships: {"mask": (n, 256, 256) probabilities, "embedding": (n, 32)}. `embedding`: (kernel (896, 32), bias (32,)) of models.training.skin_embedding."""
    mask = layers.Reshape(model.output["logits"].shape[1:3], name="mask")(layers.Activation("sigmoid")(model.output["logits"]))
    kernel, bias = embedding
    numbers = layers.Dense(EMBEDDING, name="embedding")
    whole = keras.Model(model.input, {"mask": mask, "embedding": numbers(model.output["deep"])}, name="wound")
    numbers.set_weights([kernel.astype(np.float16).astype(np.float32), bias.astype(np.float32)])
    return whole


def settled(model: keras.Model) -> keras.Model:
    """The same network with batch norm worked into the kernels before it and every weight a float16 number, so that the half-precision file is the network
    itself and not near it. What is left of batch norm adds its bias and nothing else."""
    for layer in model.layers:
        if not isinstance(layer, layers.BatchNormalization):
            continue
        gamma, beta, mean, variance = layer.get_weights()
        before = next(one for one in model.layers if any(one.output is given for given in _listed(layer.input)))
        scale = gamma / np.sqrt(variance + layer.epsilon)
        before.set_weights([before.get_weights()[0] * scale])
        one = np.ones_like(gamma)
        layer.set_weights([one * np.sqrt(1 + layer.epsilon), beta - mean * scale, np.zeros_like(mean), one])
    for layer in model.layers:
        if not isinstance(layer, layers.BatchNormalization):
            layer.set_weights([one.astype(np.float16).astype(np.float32) for one in layer.get_weights()])
    return model


def _listed(given: object) -> list:
    return given if isinstance(given, list) else [given]


def _encoder(root: Path | None, side: int) -> keras.Model:
    names = (*(name for name, _, _ in reversed(SKIPS)), DEEPEST)
    if root is None:
        found = _unlearned(side)
    else:
        found = mobilenet_v2(root, side)
    found.trainable = True
    if root is not None:
        for name in LEFT_ALONE:
            found.get_layer(name).trainable = False
    return taps(found, names)


def _unlearned(side: int) -> keras.Model:
    """The same layers with random weights, for the ablation."""
    from models.training import backbone

    kept = backbone._filled
    try:
        backbone._filled = lambda model, weights, name: model  # type: ignore[assignment]
        return mobilenet_v2(Path(), side)
    finally:
        backbone._filled = kept


def _narrow(x: keras.KerasTensor, channels: int, name: str) -> keras.KerasTensor:
    x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_narrow" if name.startswith(("skip_", "bottom")) else name)(x)
    return layers.ReLU(6.0)(layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_norm")(x))


def _step(x: keras.KerasTensor, channels: int, name: str) -> keras.KerasTensor:
    x = layers.DepthwiseConv2D(3, padding="same", use_bias=False, name=f"{name}_depthwise")(x)
    x = layers.Conv2D(channels, 1, use_bias=False, name=f"{name}_pointwise")(x)
    return layers.ReLU(6.0)(layers.BatchNormalization(momentum=_MOMENTUM, name=f"{name}_norm")(x))
