"""This is the place where backbone, head and embedding are joined in the one network that ships, and where its frozen inputs are drawn."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers
from PIL import Image, ImageDraw, ImageFilter

from models.image_check.skin import SOON
from models.training import backbone
from models.training.skin_embedding import Embedding
from models.training.skin_head import Head

PARITY = 24


def build(weights: Path, tap: str, head: Head, embedding: Embedding) -> keras.Model:
    """Each class is read at every place and then averaged, so the map of the places adds up to the decision and small errors of the int8 file cancel out."""
    whole = backbone.mobilenet_v1(weights)
    found = whole.get_layer(tap).output
    contrast = head.weights[:, SOON].mean(axis=1) - head.weights[:, ~SOON].mean(axis=1)
    offset = head.bias[SOON].mean() - head.bias[~SOON].mean()
    places = layers.AveragePooling2D(found.shape[1] // 7)(_linear(contrast[:, None], np.array([offset]), "contrast")(found))
    outputs = {
        "logits": layers.GlobalAveragePooling2D()(_linear(head.weights, head.bias, "classes")(found)),
        "cam": layers.Reshape((7, 7))(places),
        "embedding": layers.GlobalAveragePooling2D()(_linear(embedding.weights, embedding.bias, "embed")(found)),
    }
    return keras.Model(whole.input, outputs, name="skin")


def _linear(weights: np.ndarray, bias: np.ndarray, name: str) -> layers.Conv2D:
    layer = layers.Conv2D(weights.shape[1], 1, name=name)
    layer.build((None, None, None, weights.shape[0]))
    layer.set_weights([weights[None, None].astype(np.float32), bias.astype(np.float32)])
    layer.trainable = False
    return layer


def drawn_spots(count: int = PARITY, size: int = 224, seed: int = 5) -> np.ndarray:
    """uint8 (count, size, size, 3): spots on skin drawn by us in tones from light to dark, nobody's photo; smooth, so that they pack small."""
    random = np.random.default_rng(seed)
    tones = np.linspace(0.25, 1.0, count)
    return np.stack([_spot(random, float(tone), size) for tone in random.permutation(tones)])


def _spot(random: np.random.Generator, tone: float, size: int) -> np.ndarray:
    skin = np.array([232, 190, 165]) * tone
    picture = Image.new("RGB", (size, size), tuple(int(part) for part in skin))
    draw = ImageDraw.Draw(picture)
    x, y = random.uniform(0.4, 0.6, 2) * size
    for ring in range(int(random.integers(1, 4))):
        reach = random.uniform(0.08, 0.3, 2) * size / (1 + ring)
        shade = skin * random.uniform(0.35, 1.0) * np.array([1.0, random.uniform(0.6, 0.95), random.uniform(0.5, 0.95)])
        draw.ellipse((x - reach[0], y - reach[1], x + reach[0], y + reach[1]), fill=tuple(int(part) for part in shade))
    blurred = np.asarray(picture.filter(ImageFilter.GaussianBlur(float(random.uniform(2, 6)))), dtype=np.int16)
    grain = np.repeat(np.repeat(random.integers(-6, 7, (size // 4, size // 4, 1)), 4, axis=0), 4, axis=1)
    return np.clip(blurred + grain, 0, 255).astype(np.uint8)
