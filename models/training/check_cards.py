"""This is the place where the card of a photo or signal model is written beside its files, with the SHA-256 of each."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from pathlib import Path

from core.domain.check_card import CheckCard, CheckFigure
from models.check_cards import CARD, as_json
from models.training.resampling import Figure

NOT_SHIPPED = frozenset({CARD, "model.keras"})
"""What stands in the folder and is not named in the card: itself, and the Keras file, which is too large to ship."""


def write_card(folder: Path, card: CheckCard) -> CheckCard:
    """Write card.json into `folder`, with `files` filled with the digest of every other file there. Returns the card as written.
    Raises ValueError where nobody could read it again."""
    there = {path.name: digest(path) for path in sorted(folder.iterdir()) if path.is_file() and path.name not in NOT_SHIPPED}
    whole = replace(card, files=there)
    (folder / CARD).write_text(as_json(whole), encoding="utf-8")
    return whole


def digest(path: Path) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_json(path: Path, what: object) -> None:
    """UTF-8, one space deep, no NaN: the same content is the same bytes."""
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def plain(what: object) -> object:
    """Dataclasses, mappings and tuples as JSON knows them; a number that cannot be computed is null."""
    if is_dataclass(what) and not isinstance(what, type):
        return {one.name: plain(getattr(what, one.name)) for one in fields(what)}
    if isinstance(what, Enum):
        return what.value
    if isinstance(what, Mapping):
        return {str(key): plain(value) for key, value in what.items()}
    if isinstance(what, list | tuple):
        return [plain(one) for one in what]
    if isinstance(what, float) and not math.isfinite(what):
        return None
    return what


def card_figure(key: str, of: str, found: Figure, *, people: int = 0, items: int = 0) -> CheckFigure:
    """A measured figure as the card keeps it: four digits, None instead of NaN."""
    held = found.plain()
    return CheckFigure(key, of, held["value"], held["low"], held["high"], people, items)
