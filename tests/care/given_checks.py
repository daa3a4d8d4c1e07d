"""This is the place where tests of checks get models that say what they are told to say, and people who send photos."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.care import photo_checks
from core.care.photo_checks import Sent
from core.domain.check_card import CheckCard
from core.domain.check_media import Checked, CleanPhoto, CleanSignal
from core.domain.checks import (
    SKIN_CLASSES,
    Area,
    CheckKind,
    CheckResult,
    Declined,
    Finding,
    KeptCheck,
    ModelRef,
    Quality,
    SkinFacts,
)
from core.domain.people import Actor
from core.errors import FileRefused, ModelUnavailable
from core.ports import Ports

SOON, WATCH = Finding("show_soon", 0.9, (("MEL", 0.9), ("NEV", 0.1))), Finding("keep_watching", 0.1, (("MEL", 0.1), ("NEV", 0.9)))
DEAD = Declined("model_unavailable")
MODEL = ModelRef("skin", "1", "d" * 64, "edge")
PULSE = CheckResult(CheckKind.RHYTHM, Quality(), Finding("no_irregularity_seen", 0.1))
SAME = {"en": "x", "zh_Hans": "x"}


def card(kind: CheckKind, *, research: bool = False, version: str = "1") -> CheckCard:
    return CheckCard(kind, version, research, SAME, SAME, SAME, (), (), SKIN_CLASSES, (), {}, (), {}, ())


@dataclass
class ToldModels:
    """Satisfies `core.ports.CheckModels`: `says` by kind, `poor` the reasons of the gate; what was asked is counted. Content "broken" is no photo."""

    says: dict[CheckKind, Finding | Declined] = field(
        default_factory=lambda: {CheckKind.SKIN: SOON, CheckKind.WOUND: Finding("measured", None, (), Area(0.2, 4.0, "card"))}
    )
    poor: tuple[str, ...] = ()
    missing: set[CheckKind] = field(default_factory=set)
    research: set[CheckKind] = field(default_factory=set)
    pieces: tuple[CheckResult, ...] = ()
    coins: list[str] = field(default_factory=list)
    laid: list[tuple[bytes, bytes]] = field(default_factory=list)
    asked: list[CheckKind] = field(default_factory=list)
    measures: dict[str, float] = field(default_factory=lambda: {"sharpness": np.float64(12.0), "light": 100.0})
    before_answer: Callable[[], None] = lambda: None

    def card(self, kind: CheckKind) -> CheckCard:
        if kind in self.missing:
            raise ModelUnavailable("model_unavailable", place=kind.value)
        return card(kind, research=kind in self.research)

    def photo(self, content: bytes) -> CleanPhoto:
        if content == b"broken":
            raise FileRefused("photo_damaged", place="photo", need="a photo")
        return CleanPhoto(content, hashlib.sha256(content).hexdigest(), np.zeros((4, 6, 3), np.uint8))

    def signal(self, name: str, content: bytes, rate: float | None = None) -> CleanSignal:
        return CleanSignal(
            content, hashlib.sha256(content).hexdigest(), np.zeros((max(1, len(self.pieces)), 1000), np.float32), rate or 100.0
        )

    def photo_quality(self, kind: CheckKind, photo: CleanPhoto) -> Quality:
        return Quality(self.poor, self.measures)

    def check_photo(self, kind: CheckKind, photo: CleanPhoto, facts: SkinFacts | None = None, coin: str = "") -> Checked:
        self.asked.append(kind)
        self.coins.append(coin)
        self.before_answer()
        says = Declined("poor_quality", self.poor) if self.poor else self.says[kind]
        model = None if isinstance(says, Declined) else MODEL
        return Checked(
            CheckResult(kind, Quality(self.poor, self.measures), says, np.float32(0.5), model, WATCH if self.poor else None),
            b"overlay" if model else b"",
        )

    def aligned(self, kind: CheckKind, first: CleanPhoto, other: CleanPhoto) -> bytes | None:
        self.laid.append((first.content, other.content))
        return b"laid " + other.content if kind is CheckKind.WOUND else None

    def check_signal(self, signal: CleanSignal) -> tuple[Checked, ...]:
        self.asked.append(CheckKind.RHYTHM)
        return tuple(Checked(one, b"trace %d" % at) for at, one in enumerate(self.pieces))

    def recording(self, results: Sequence[CheckResult]) -> CheckResult:
        """As the first ten seconds are; what the shipped one says is held to in tests/models."""
        return results[0]

    def marker_sheet(self) -> bytes:
        return b"%PDF-1.4"


def with_models(ports: Ports, models: Any = None) -> Ports:
    return replace(ports, checks=models or ToldModels())


def send(
    ports: Ports, actor: Actor, person_id: str, content: bytes = b"photo", kind: CheckKind = CheckKind.SKIN, **sent: Any
) -> KeptCheck:
    return photo_checks.submit(ports, actor, person_id, kind, content, sent=Sent(**sent))
