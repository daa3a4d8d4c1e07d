"""This is the place where the card of an image or signal model is read from its file and written to it.

models/artifacts/<kind>/card.json is one JSON object with the fields of core.domain.check_card.CheckCard, as `as_json` writes them:

    {
      "key": "skin",                                   skin | wound | rhythm
      "version": "1.0.0",
      "research": false,
      "name": {"en": "...", "zh_Hans": "..."},         every sentence in both languages, never empty
      "meaning": {...}, "limits": {...},
      "failures": [{...}, ...],                        at least one, the gravest first
      "not_for": [{...}, ...],
      "classes": ["ACK", ...],                         skin: SKIN_CLASSES, rhythm: RHYTHM_CLASSES, in their order; wound: any, also none
      "data": [{"name": "...", "citation": "...", "licence": "", "use": "train", "people": 0, "items": 0}, ...],
      "operating": {"temperature": 1.2, ...},          finite numbers
      "figures": [{"key": "auroc", "of": "all", "value": 0.9, "low": 0.8, "high": 0.95, "people": 0, "items": 0}, ...],
                                                       value, low and high may be null; where all are given, low <= value <= high
      "files": {"model.int8.tflite": "<SHA-256 in lower-case hex>", ...},
                                                       all of models.runner.FILES, and every other file of the folder but the card
      "attributes": [["<key>", {...}], ...]            keys of core.risk.model_card.ATTRIBUTES, in their order
    }
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.domain.check_card import CheckCard, CheckFigure, Dataset, Said
from core.domain.checks import RHYTHM_CLASSES, SKIN_CLASSES, CheckKind
from core.errors import ModelUnavailable
from core.risk.model_card import ATTRIBUTES
from models.runner import FILES
from models.strict import Damaged, count, document, number, of, perhaps, said, strings

CARD = "card.json"
USES = ("train", "test", "start")
CLASSES: Mapping[CheckKind, tuple[str, ...]] = {CheckKind.SKIN: SKIN_CLASSES, CheckKind.RHYTHM: RHYTHM_CLASSES}
"""The order in which these models put their classes out; a card that says another would give one disease the chance of another."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_ORDER = {row.key: row.n for row in ATTRIBUTES}


def read_check_card(folder: Path) -> CheckCard:
    """The card in a folder. Raises ModelUnavailable naming the place that is damaged."""
    raw = document(folder / CARD)
    try:
        return _card(raw)
    except Damaged as place:
        raise ModelUnavailable("model_unavailable", why="card_damaged", place=str(place)) from None


def as_json(card: CheckCard) -> str:
    """The card as its file holds it; `read_check_card` gives the same card back. Raises ValueError where it would not."""
    text = json.dumps(asdict(card), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    try:
        _card(json.loads(text))
    except Damaged as place:
        raise ValueError(f"a card that nobody could read again: {place}") from None
    return text


def _card(raw: Any) -> CheckCard:
    kind = _kind(of(raw, "key", str))
    operating, failures = of(raw, "operating", dict), _sentences(raw, "failures")
    if not failures:
        raise Damaged("failures")
    return CheckCard(
        kind, _text(raw, "version"), of(raw, "research", bool), said(raw, "name"), said(raw, "meaning"), said(raw, "limits"), failures,
        _sentences(raw, "not_for"), _classes(raw, kind), tuple(_dataset(one) for one in of(raw, "data", list)),
        {key: number(operating, key) for key in operating}, tuple(_figure(one) for one in of(raw, "figures", list)),
        _files(of(raw, "files", dict)), _attributes(of(raw, "attributes", list)),
    )  # fmt: skip


def _kind(raw: str) -> CheckKind:
    try:
        return CheckKind(raw)
    except ValueError:
        raise Damaged("key") from None


def _text(raw: Any, key: str) -> str:
    found: str = of(raw, key, str)
    if not found.strip():
        raise Damaged(key)
    return found


def _sentences(raw: Any, key: str) -> tuple[Said, ...]:
    return tuple(said({key: one}, key) for one in of(raw, key, list))


def _classes(raw: Any, kind: CheckKind) -> tuple[str, ...]:
    found = strings(raw, "classes")
    if found != CLASSES.get(kind, found):
        raise Damaged("classes")
    return found


def _dataset(raw: Any) -> Dataset:
    use = of(raw, "use", str)
    if use not in USES:
        raise Damaged("data.use")
    return Dataset(
        _text(raw, "name"), of(raw, "citation", str), of(raw, "licence", str), use, count(raw, "people"), count(raw, "items")
    )


def _figure(raw: Any) -> CheckFigure:
    value, low, high = (perhaps(raw, key) for key in ("value", "low", "high"))
    if value is not None and low is not None and high is not None and not low <= value <= high:
        raise Damaged("figures")
    return CheckFigure(_text(raw, "key"), _text(raw, "of"), value, low, high, count(raw, "people"), count(raw, "items"))


def _files(raw: Mapping[str, Any]) -> Mapping[str, str]:
    for name, digest in raw.items():
        if not _FILE.fullmatch(name) or not isinstance(digest, str) or not _DIGEST.fullmatch(digest):
            raise Damaged("files")
    missing = sorted(set(FILES.values()) - set(raw))
    if missing:
        raise Damaged(f"files.{missing[0]}")
    return dict(raw)


def _attributes(raw: list) -> tuple[tuple[str, Said], ...]:
    found, last = [], 0
    for one in raw:
        if not isinstance(one, list) or len(one) != 2 or not isinstance(one[0], str) or _ORDER.get(one[0], 0) <= last:
            raise Damaged("attributes")
        last = _ORDER[one[0]]
        found.append((one[0], said({"attributes": one[1]}, "attributes")))
    return tuple(found)
