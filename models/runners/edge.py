"""This is the place where a photo or a signal is asked of the model on this machine: its TFLite file, verified by its card."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.domain.checks import CheckKind, ModelRef
from core.errors import ModelUnavailable
from models.check_cards import read_check_card
from models.edge import runtime
from models.runner import FILES, INPUTS, OUTPUTS, Answered
from models.runners.shapes import answered, asked
from models.strict import checked_bytes

REFUSALS = (ValueError, RuntimeError, TypeError, KeyError, IndexError)
"""What the runtime raises for a file that is no such model."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A file at rest in memory. One row is asked after the other, by one thread: a CPU gains nothing from a batch, and a shape that stays is not
    planned anew."""

    interpreter: Any  # the signature runner holds it by a weak hand only
    ask: Callable[..., Mapping[str, np.ndarray]]
    model: ModelRef
    lock: threading.Lock = field(default_factory=threading.Lock)


class EdgeRunner:
    """Answers from models/artifacts/<kind>/`variant` (int8, fp16). Each file is read, verified against its card and loaded at its first question, then kept.
    Threads may share it: one answers at a time for each kind. Is a models.runner.Runner."""

    name = "edge"

    def __init__(self, artifacts: Path, *, variant: str = "int8", threads: int = 1) -> None:
        self._artifacts, self._file, self._threads = artifacts, FILES[variant], threads
        self._lock = threading.Lock()
        self._loaded: dict[CheckKind, _Loaded] = {}

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        """(n, *shape) of INPUTS -> outputs. Raises ModelUnavailable (a file missing, damaged or not the one its card names; no runtime; an answer that is no
        answer); ValueError for a batch of another shape or type."""
        rows = asked(kind, batch)
        loaded = self._model(kind)
        name = INPUTS[kind][0]
        with loaded.lock:
            try:
                told = [loaded.ask(**{name: row[None]}) for row in rows]
            except REFUSALS as error:
                raise ModelUnavailable("model_unavailable", why="file_damaged", file=self._file) from error
        together = {name: np.concatenate([one[name] for one in told]) for name in OUTPUTS[kind] if all(name in one for one in told)}
        return Answered(answered(kind, len(rows), together), loaded.model)

    def _model(self, kind: CheckKind) -> _Loaded:
        with self._lock:
            if kind not in self._loaded:
                self._loaded[kind] = self._load(kind)
            return self._loaded[kind]

    def _load(self, kind: CheckKind) -> _Loaded:
        folder = self._artifacts / kind.value
        card = read_check_card(folder)
        if card.key is not kind:
            raise ModelUnavailable("model_unavailable", why="card_damaged", place="key")
        digest = card.files[self._file]
        content = checked_bytes(folder / self._file, digest)
        try:
            interpreter = runtime().Interpreter(model_content=content, num_threads=self._threads)
            ask = interpreter.get_signature_runner()
            given, put_out = ask.get_input_details(), ask.get_output_details()
        except REFUSALS as error:
            raise ModelUnavailable("model_unavailable", why="file_damaged", file=self._file) from error
        name, shape, kind_of = INPUTS[kind]
        if set(given) != {name} or tuple(given[name]["shape"][1:]) != shape or given[name]["dtype"] != kind_of:
            raise ModelUnavailable("model_unavailable", why="other_inputs", file=self._file)
        if not set(OUTPUTS[kind]) <= set(put_out):
            raise ModelUnavailable("model_unavailable", why="other_outputs", file=self._file)
        return _Loaded(interpreter, ask, ModelRef(kind.value, card.version, digest, self.name))
