"""This is the place where a rhythm model is stood in for: it answers by rules that a test can foresee."""

from __future__ import annotations

import numpy as np

from core.domain.check_media import CleanSignal
from core.domain.checks import CheckKind, ModelRef
from core.errors import ModelUnavailable
from models.runner import Answered
from models.signal_check.deciding import AF, SINUS, RhythmDecision
from models.training.drawn_signals import PULSES, drawn

MODEL = ModelRef("rhythm", "1.0.0", "ab" * 32, "edge")
DECISION = RhythmDecision("1.0.0", 1.0, 0.5, 0.4, 0.6, 0.5, np.zeros(32), np.eye(32), 4.0)


class Saying:
    """A runner that gives every segment the same chance of AF and of sinus rhythm, and the same distance."""

    def __init__(self, af: float = 0.9, sinus: float = 0.05, apart: float = 1.0) -> None:
        self.af, self.sinus, self.apart = af, sinus, apart
        self.asked: list[np.ndarray] = []

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        assert kind is CheckKind.RHYTHM and batch.dtype == np.float32 and batch.shape[1:] == (1000,)
        self.asked.append(batch)
        chances = np.full(6, (1 - self.af - self.sinus) / 4)
        chances[AF], chances[SINUS] = self.af, self.sinus
        logits = np.tile(np.log(np.maximum(chances, 1e-9)), (len(batch), 1)).astype(np.float32)
        embedding = np.zeros((len(batch), 32), np.float32)
        embedding[:, 0] = self.apart
        cam = np.tile(np.linspace(-1, 1, 63, dtype=np.float32), (len(batch), 1))
        return Answered({"logits": logits, "cam": cam, "embedding": embedding}, MODEL)


class Silent:
    """A runner that cannot answer."""

    def run(self, kind: CheckKind, batch: np.ndarray) -> Answered:
        raise ModelUnavailable("model_unavailable", why="no_runtime")


def pulses(kind: str = "regular", count: int = 3, seed: int = 5) -> np.ndarray:
    """(count, 1000) drawn pulses of a rhythm."""
    return drawn({kind: PULSES[kind]}, count, seed)[0]


def recording(segments: np.ndarray) -> CleanSignal:
    return CleanSignal(b"", "", segments.astype(np.float32), 100.0, tuple(range(len(segments))))
