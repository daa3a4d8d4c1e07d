"""This is the place where a TFLite file answers, on a small runtime and without TensorFlow."""

from __future__ import annotations

import hashlib
import threading
from importlib import import_module
from pathlib import Path
from types import ModuleType

import numpy as np

from core.errors import ModelUnavailable
from core.risk.model_card import Logistic, ModelCard
from models.cards import read_baseline, read_card

RUNTIMES = ("ai_edge_litert.interpreter", "tflite_runtime.interpreter")
"""The maintained runtime first; the older one is what 32-bit ARM kiosks have."""


def runtime() -> ModuleType:
    """The module that runs TFLite files here. Raises ModelUnavailable where none is installed."""
    for name in RUNTIMES:
        try:
            return import_module(name)
        except ImportError:
            continue
    raise ModelUnavailable("model_unavailable", why="no_runtime", need=" or ".join(name.split(".")[0] for name in RUNTIMES))


class EdgeModel:
    """A model of `width` float32 inputs and one probability. Threads may share it: one answers at a time."""

    def __init__(self, content: bytes, width: int) -> None:
        """Raises ModelUnavailable where no runtime is installed, or the content is no such model."""
        self._lock = threading.Lock()
        self._width = width
        try:
            self._interpreter = runtime().Interpreter(model_content=content, num_threads=1)
            self._interpreter.allocate_tensors()
            self._input, self._output = self._interpreter.get_input_details()[0], self._interpreter.get_output_details()[0]
        except (ValueError, RuntimeError, IndexError) as error:
            raise ModelUnavailable("model_unavailable", why="file_damaged") from error
        if list(self._input["shape_signature"][1:]) != [width] or self._input["dtype"] != np.float32:
            raise ModelUnavailable("model_unavailable", why="other_inputs")

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(n, width) -> (n,) probabilities. Raises ValueError for rows of another width or with a value that is no number (nothing is filled in),
        ModelUnavailable where what comes out is no probability."""
        rows = np.ascontiguousarray(rows, dtype=np.float32)
        if rows.ndim != 2 or rows.shape[1] != self._width or not np.isfinite(rows).all():
            raise ValueError(f"a model of {self._width} inputs needs rows of {self._width} finite numbers")
        if not len(rows):
            return np.zeros(0)
        with self._lock:
            found = self._answers(rows)
        if found.shape != (len(rows),) or not np.isfinite(found).all() or found.min() < 0 or found.max() > 1:
            raise ModelUnavailable("model_unavailable", why="no_probability")
        return found

    def _answers(self, rows: np.ndarray) -> np.ndarray:
        place = self._input["index"]
        try:
            self._interpreter.resize_tensor_input(place, list(rows.shape))
            self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(place, rows)
            self._interpreter.invoke()
            return np.asarray(self._interpreter.get_tensor(self._output["index"]), dtype=float).reshape(-1)
        except (ValueError, RuntimeError) as error:
            raise ModelUnavailable("model_unavailable", why="file_damaged") from error


def load(path: Path, digest: str, width: int) -> EdgeModel:
    """A model from its file, which must be the very one its card names (`digest`: SHA-256 in hex). Raises ModelUnavailable."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ModelUnavailable("model_unavailable", why="file_missing", file=path.name) from error
    if hashlib.sha256(content).hexdigest() != digest:
        raise ModelUnavailable("model_unavailable", why="file_changed", file=path.name)
    return EdgeModel(content, width)


class ShippedModel:
    """A model of models/artifacts with its card and coefficients; each file is read once, at the first question. Answers core.ports.TabularModel."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()
        self._card: ModelCard | None = None
        self._baseline: Logistic | None = None
        self._model: EdgeModel | None = None

    def card(self) -> ModelCard:
        """What the model is, and is not. Raises ModelUnavailable."""
        with self._lock:
            self._card = self._card or read_card(self._folder)
            return self._card

    def baseline(self) -> Logistic:
        """The logistic model beside it. Raises ModelUnavailable."""
        digest = self._digest("baseline.json")
        with self._lock:
            self._baseline = self._baseline or read_baseline(self._folder, digest)
            return self._baseline

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """(n, inputs in the card's order) -> (n,) probabilities. Raises ModelUnavailable; ValueError where a value is no number."""
        width, digest = len(self.card().inputs), self._digest("model.tflite")
        with self._lock:
            self._model = self._model or load(self._folder / "model.tflite", digest, width)
            model = self._model
        return model.predict(rows)

    def _digest(self, name: str) -> str:
        found = self.card().files.get(name)
        if not found:
            raise ModelUnavailable("model_unavailable", why="card_damaged", place=f"files.{name}")
        return found
