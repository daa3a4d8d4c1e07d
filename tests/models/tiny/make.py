"""This is the place where the tiny networks of this folder were made: untrained, of the shapes of the real ones, so that runners can be tested without them.

python -m tests.models.tiny.make      (needs requirements-train.txt; the files are committed, tests only read them)
"""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from keras import layers

from core.domain.check_card import CheckCard
from core.domain.checks import RHYTHM_CLASSES, SKIN_CLASSES, CheckKind
from models.runner import INPUTS
from models.training.check_cards import write_card
from models.training.exporting import export

HERE = Path(__file__).resolve().parent
CLASSES = {CheckKind.SKIN: SKIN_CLASSES, CheckKind.RHYTHM: RHYTHM_CLASSES, CheckKind.WOUND: ()}


def network(kind: CheckKind) -> keras.Model:
    """Pooled pixels through one hidden layer of 32."""
    name, shape, _ = INPUTS[kind]
    given = keras.Input(shape, name=name)
    if kind is CheckKind.RHYTHM:
        seen = layers.AveragePooling1D(10)(layers.Reshape((1000, 1))(given))
        features = layers.Conv1D(32, 5, padding="same", activation="relu")(seen)
        embedding = layers.GlobalAveragePooling1D()(features)
        cam = layers.Reshape((100,))(layers.Conv1D(1, 1)(features))
        return keras.Model(given, {"logits": layers.Dense(6)(embedding), "cam": cam, "embedding": embedding})
    seen = layers.AveragePooling2D(32)(layers.Rescaling(1 / 127.5, -1.0)(given))
    features = layers.Conv2D(32, 1, activation="relu")(seen)
    embedding = layers.GlobalAveragePooling2D()(features)
    if kind is CheckKind.SKIN:
        cam = layers.Reshape((7, 7))(layers.Conv2D(1, 1)(features))
        return keras.Model(given, {"logits": layers.Dense(6)(embedding), "cam": cam, "embedding": embedding})
    mask = layers.UpSampling2D(32)(layers.Conv2D(1, 1, activation="sigmoid")(features))
    return keras.Model(given, {"mask": layers.Reshape((256, 256))(mask), "embedding": embedding})


def inputs(kind: CheckKind, rows: int, seed: int) -> np.ndarray:
    """Blocks of one colour each (they pack well), or sines."""
    _, shape, kept_as = INPUTS[kind]
    random = np.random.default_rng(seed)
    if kind is CheckKind.RHYTHM:
        at = np.arange(1000) / 100
        return np.stack([np.sin(2 * np.pi * random.uniform(0.7, 3) * at) for _ in range(rows)]).astype(np.float32)
    blocks = random.integers(0, 256, (rows, shape[0] // 32, shape[1] // 32, 3), dtype=np.uint8)
    return blocks.repeat(32, axis=1).repeat(32, axis=2).astype(kept_as)


def main() -> None:
    for place, kind in enumerate(CheckKind):
        keras.utils.set_random_seed(20261127 + place)
        folder = HERE / kind.value
        print(kind.value, export(network(kind), kind, inputs(kind, 64, 1), inputs(kind, 3, 2), folder))
        (folder / "model.keras").unlink()
        said = {"en": "A tiny network for tests, untrained.", "zh_Hans": "测试用的极小网络，未经训练。"}
        write_card(folder, CheckCard(kind, "0.0.1", True, said, said, said, (said,), (), CLASSES[kind], (), {}, (), {}, ()))


if __name__ == "__main__":
    main()
