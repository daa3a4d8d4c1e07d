"""This is the place where the shipped models of photos and signals answer the app: each card, gate and model loaded at its first question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.domain.check_card import CheckCard
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import PHOTO_KINDS, CheckKind, CheckResult, Declined, Quality, SkinFacts
from core.errors import ModelUnavailable
from models.cards import ARTIFACTS
from models.check_cards import read_check_card
from models.decisions import Decisions
from models.image_check import intake
from models.image_check.checking import check_photo
from models.image_check.quality import gate
from models.runner import Runner


class ShippedChecks:
    """Answers core.ports.CheckModels with a runner and the folder of the shipped models. A model that cannot be asked is Declined("model_unavailable").
    Threads may share it."""

    def __init__(self, runner: Runner, artifacts: Path = ARTIFACTS) -> None:
        self._runner, self._artifacts = runner, artifacts
        self._decisions = Decisions(artifacts)

    def card(self, kind: CheckKind) -> CheckCard:
        """Raises ModelUnavailable where the card is missing or damaged."""
        return read_check_card(self._artifacts / kind.value)

    def photo(self, content: bytes) -> CleanPhoto:
        """Raises FileRefused."""
        return intake.photo(content)

    def photo_quality(self, kind: CheckKind, photo: CleanPhoto) -> Quality:
        return gate(kind, photo.pixels)

    def check_photo(self, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None = None, coin: str = "") -> Checked:
        """`coin` of core.domain.checks.COINS beside a wound, "" none. Raises ValueError for a kind that is no photo."""
        if kind not in PHOTO_KINDS:
            raise ValueError(f"{kind.value} is not checked on a photo")
        return check_photo(kind, photo, facts, self._runner, self._decisions, coin=coin)

    def aligned(self, kind: CheckKind, first: CleanPhoto, other: CleanPhoto) -> bytes | None:
        """The other photo of a wound laid on the first (JPEG); None for any other kind: what stays in place on it is not known."""
        if kind is not CheckKind.WOUND:
            return None
        from models.image_check.laying import laid

        try:
            return laid(first, other, self._runner, self._decisions)
        except ModelUnavailable:
            return None

    def signal(self, name: str, content: bytes, rate: float | None = None) -> CleanSignal:
        """Raises FileRefused."""
        from models.signal_check import intake as signal_intake

        return signal_intake.signal(name, content, rate)

    def check_signal(self, signal: CleanSignal) -> tuple[Checked, ...]:
        """One answer for each ten seconds."""
        from models.signal_check.checking import check

        try:
            decision = self._decisions.of(CheckKind.RHYTHM)
        except ModelUnavailable:
            return _unasked(signal)
        return check(signal, self._runner, decision)

    def recording(self, results: Sequence[CheckResult]) -> CheckResult:
        """One answer for a recording."""
        from models.signal_check.checking import overall

        return overall(results)

    def marker_sheet(self) -> bytes:
        """A page to print (PDF) with the squares that measure a wound."""
        from models.image_check.marker_sheet import marker_sheet

        return marker_sheet()


def _unasked(signal: CleanSignal) -> tuple[Checked, ...]:
    """What the gate alone can say where there is no model."""
    from models.signal_check.quality import gates

    return tuple(
        Checked(
            CheckResult(
                CheckKind.RHYTHM, quality, Declined("model_unavailable") if quality.ok else Declined("poor_quality", quality.reasons),
                pulse=quality.measures.get("pulse") if quality.ok else None,
            )
        )
        for quality in gates(signal.segments)
    )  # fmt: skip
