"""This is the place where tests get the card of a photo or signal model, written as the trainers write it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.domain.check_card import CheckCard, CheckFigure, Dataset
from core.domain.checks import RHYTHM_CLASSES, SKIN_CLASSES, CheckKind
from core.risk.model_card import ATTRIBUTES
from models.check_cards import CARD, as_json
from models.runner import FILES

SAID = {"en": "A model for tests.", "zh_Hans": "测试用的模型。"}
CLASSES = {CheckKind.SKIN: SKIN_CLASSES, CheckKind.RHYTHM: RHYTHM_CLASSES, CheckKind.WOUND: ()}


def card(kind: CheckKind, files: Mapping[str, str] | None = None) -> CheckCard:
    """A whole card."""
    return CheckCard(
        kind, "7.0.0", kind is not CheckKind.SKIN, SAID, SAID, SAID, (SAID, SAID), (SAID,), CLASSES[kind],
        (Dataset("Somebody's data", "Somebody 2020", "", "train", 12, 34),), {"temperature": 1.25, "threshold": 0.5},
        (CheckFigure("auroc", "all", 0.9, 0.8, 0.95, 12, 34), CheckFigure("auroc", "sex.female", None)),
        files or dict.fromkeys(FILES.values(), "0" * 64), tuple((row.key, SAID) for row in ATTRIBUTES[:3]),
    )  # fmt: skip


def written(folder: Path, kind: CheckKind, files: Mapping[str, str] | None = None) -> Path:
    """The card in a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).write_text(as_json(card(kind, files)), encoding="utf-8")
    return folder
