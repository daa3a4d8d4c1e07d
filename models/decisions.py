"""This is the place where the numbers that turn a model's outputs into a decision are kept at hand, read once and held against the model's card."""

from __future__ import annotations

import threading
from importlib import import_module
from pathlib import Path
from typing import Any

from core.domain.checks import CheckKind
from core.errors import ModelUnavailable
from models.check_cards import read_check_card

DECISION = "decision.json"
_READERS = {
    CheckKind.SKIN: "models.image_check.skin",
    CheckKind.WOUND: "models.image_check.wound_decision",
    CheckKind.RHYTHM: "models.signal_check.deciding",
}
"""Each has a strict `read_decision(folder, digest)`; imported at the first question about that kind."""


class Decisions:
    """Threads may share it."""

    def __init__(self, artifacts: Path) -> None:
        self._artifacts = artifacts
        self._lock = threading.Lock()
        self._read: dict[CheckKind, Any] = {}

    def of(self, kind: CheckKind) -> Any:
        """SkinDecision, WoundDecision or RhythmDecision. Raises ModelUnavailable where the card or the file is missing, damaged or another."""
        with self._lock:
            if kind not in self._read:
                folder = self._artifacts / kind.value
                digest = read_check_card(folder).files.get(DECISION, "")
                if not digest:
                    raise ModelUnavailable("model_unavailable", why="card_damaged", place=f"files.{DECISION}")
                self._read[kind] = import_module(_READERS[kind]).read_decision(folder, digest)
            return self._read[kind]
