"""This is the place where the tests of the screens of checks get their models: stand-ins that answer what a test wants, and small photos."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np
from PIL import Image

from core.domain.check_card import CheckCard, CheckFigure, Dataset
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import Area, CheckKind, CheckResult, Declined, Finding, ModelRef, Quality, SkinFacts
from core.errors import FileRefused, ModelUnavailable

REF = ModelRef("skin", "1.0.0", "ab" * 32, "edge")
SAID = {"en": "Says something.", "zh_Hans": "说点什么。"}
CLASSES = (("ACK", 0.1), ("BCC", 0.5), ("MEL", 0.1), ("NEV", 0.1), ("SCC", 0.1), ("SEK", 0.1))
SOON = Finding("show_soon", 0.8, CLASSES)
WATCH = Finding("keep_watching", 0.1, CLASSES)


def photo(shade: int = 160, side: int = 96) -> bytes:
    """A small JPEG of one shade; under 60 it is "too dark" for the stand-in."""
    out = BytesIO()
    Image.new("RGB", (side, side), (shade, shade // 2, shade // 2)).save(out, "JPEG")
    return out.getvalue()


def overlay(side: int = 96) -> bytes:
    out = BytesIO()
    Image.new("RGBA", (side, side), (255, 0, 0, 90)).save(out, "PNG")
    return out.getvalue()


def card(kind: CheckKind) -> CheckCard:
    figures = (
        CheckFigure("auroc", "all", 0.87, 0.8, 0.93, 40, 60), CheckFigure("sensitivity", "skin_type.2", 0.9, 0.7, 0.98, 12, 20),
        CheckFigure("specificity", "age.60_79", None, None, None, 2, 2), CheckFigure("strange_figure", "site.unheard_of", 0.5),
    )  # fmt: skip
    data = (Dataset("Our drawings", "Nobody, 2026", "", "train", 10, 20),)
    return CheckCard(
        kind, "1.0.0", kind is not CheckKind.SKIN, {"en": f"Check of {kind}", "zh_Hans": "检查"}, SAID, SAID, (SAID,), (SAID,), (), data, {}, figures,
        {"model.int8.tflite": "cd" * 32}, (("developer", SAID),),
    )  # fmt: skip


@dataclass
class Models:
    """Answers as it is told: `skin`, `wound`, `rhythm`; None: no model answers."""

    skin: Finding | Declined | None = SOON
    wound: Finding | Declined | None = field(default_factory=lambda: Finding("measured", None, (), Area(0.12, 3.4, "card")))
    rhythm: Finding | Declined | None = field(default_factory=lambda: Finding("possible_irregular", 0.9, (("sinus", 0.1), ("pvc", 0.0), ("pac", 0.0), ("vt", 0.0), ("svt", 0.0), ("af", 0.9))))
    cards: bool = True
    lays: bool = True
    laid: int = 0
    coins: list[str] = field(default_factory=list)

    def card(self, kind: CheckKind) -> CheckCard:
        if not self.cards:
            raise ModelUnavailable("model_unavailable", why="card_missing")
        return card(kind)

    def photo(self, content: bytes) -> CleanPhoto:
        try:
            with Image.open(BytesIO(content)) as opened:
                pixels = np.asarray(opened.convert("RGB"))
        except OSError:
            raise FileRefused("photo_damaged", place="photo", need="JPEG, PNG or WebP") from None
        return CleanPhoto(content, hashlib.sha256(content).hexdigest(), pixels)

    def signal(self, name: str, content: bytes, rate: float | None = None) -> CleanSignal:
        if not name.endswith(".csv"):
            raise FileRefused("signal_kind", place="file", need="CSV")
        return CleanSignal(content, hashlib.sha256(content).hexdigest(), np.zeros((3, 1000), "float32"), 100.0)

    def photo_quality(self, kind: CheckKind, photo: CleanPhoto) -> Quality:
        dark = float(photo.pixels.mean()) < 60
        return Quality(("too_dark", "blurred") if dark else (), {"brightness": float(photo.pixels.mean())})

    def check_photo(self, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None = None, coin: str = "") -> Checked:
        self.coins.append(coin)
        return Checked(self._result(kind, getattr(self, kind), self.photo_quality(kind, photo)), overlay(photo.pixels.shape[0]))

    def aligned(self, kind: CheckKind, first: CleanPhoto, other: CleanPhoto) -> bytes | None:
        self.laid += 1
        return photo(200) if self.lays and kind is CheckKind.WOUND else None

    def check_signal(self, signal: CleanSignal) -> tuple[Checked, ...]:
        return (Checked(self._result(CheckKind.RHYTHM, self.rhythm, Quality()), overlay()),)

    def recording(self, results: Sequence[CheckResult]) -> CheckResult:
        return results[0]

    def marker_sheet(self) -> bytes:
        return b"%PDF-1.4 squares"

    def _result(self, kind: CheckKind, answer: Finding | Declined | None, quality: Quality) -> CheckResult:
        if answer is None:
            return CheckResult(kind, quality, Declined("model_unavailable"))
        if not quality.ok:
            return CheckResult(kind, quality, Declined("poor_quality", quality.reasons))
        return CheckResult(kind, quality, answer, 0.4, REF, pulse=92.0 if kind is CheckKind.RHYTHM else None)
