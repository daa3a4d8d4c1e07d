"""This is the place where it is defined how a check asks its model, wherever the model runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from core.domain.checks import CheckKind, ModelRef

INPUTS: Mapping[CheckKind, tuple[str, tuple[int, ...], type]] = {
    CheckKind.SKIN: ("image", (224, 224, 3), np.uint8),
    CheckKind.WOUND: ("image", (256, 256, 3), np.uint8),
    CheckKind.RHYTHM: ("ppg", (1000,), np.float32),
}
"""The one input of each model: its name, its shape without the batch, its type. Scaling is inside the model."""
OUTPUTS: Mapping[CheckKind, tuple[str, ...]] = {
    CheckKind.SKIN: ("logits", "cam", "embedding"),
    CheckKind.WOUND: ("mask", "embedding"),
    CheckKind.RHYTHM: ("logits", "cam", "embedding"),
}
"""float32 outputs by name: logits (n, classes) before temperature; cam (n, h, w) or (n, length), how much each place speaks for the decision;
embedding (n, 32); mask (n, 256, 256), the probability of wound."""
FILES = {"int8": "model.int8.tflite", "fp16": "model.fp16.tflite", "onnx": "model.onnx"}


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model put out, by name of OUTPUTS, and which one it was."""

    outputs: Mapping[str, np.ndarray]
    model: ModelRef


class Runner(Protocol):
    """Where a model runs. Threads may share it."""

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        """(n, *shape) of INPUTS -> outputs. Raises ModelUnavailable where it cannot answer; ValueError for a batch of another shape or type."""
        ...
