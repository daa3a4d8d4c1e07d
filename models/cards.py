"""This is the place where a model's card and coefficients are read from their files. A damaged one is an error with a name, never half a card."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ModelUnavailable
from core.risk.model_card import (
    ABSENT,
    ATTRIBUTES,
    BANDS,
    LANGUAGES,
    AgeBand,
    Attribute,
    CardInput,
    Figure,
    Logistic,
    ModelCard,
    Said,
    Term,
)

ARTIFACTS = Path(__file__).resolve().parent / "artifacts"


class _Damaged(Exception):
    """The place in the file that is not as it must be."""


def read_card(folder: Path) -> ModelCard:
    """The card in a folder. Raises ModelUnavailable naming the place that is damaged."""
    raw = _json(folder / "card.json")
    try:
        return _card(raw)
    except _Damaged as place:
        raise ModelUnavailable("model_unavailable", why="card_damaged", place=str(place)) from None


def read_baseline(folder: Path, digest: str) -> Logistic:
    """The coefficients in a folder, which must be the very ones the card names (`digest`: SHA-256 in hex). Raises ModelUnavailable."""
    raw = _json(folder / "baseline.json", digest)
    try:
        found = _of(raw, "baseline", dict)
        terms = tuple(
            Term(_of(one, "input", str), _number(one, "at"), _of(one, "only_above", bool), _number(one, "coefficient")) for one in _of(found, "terms", list)
        )
        model = Logistic(tuple(_of(found, "inputs", list)), _number(found, "intercept"), terms)
        if not {term.input for term in terms} <= set(model.inputs):
            raise _Damaged("terms")
        return model
    except _Damaged as place:
        raise ModelUnavailable("model_unavailable", why="coefficients_damaged", place=str(place)) from None


def _json(path: Path, digest: str = "") -> Any:
    try:
        content = path.read_bytes()
        if digest and hashlib.sha256(content).hexdigest() != digest:
            raise ModelUnavailable("model_unavailable", why="file_changed", file=path.name)
        return json.loads(content)
    except OSError as error:
        raise ModelUnavailable("model_unavailable", why="file_missing", file=path.name) from error
    except (ValueError, RecursionError) as error:
        raise ModelUnavailable("model_unavailable", why="file_damaged", file=path.name) from error


def _of(raw: Any, key: str, kind: type) -> Any:
    found = raw.get(key) if isinstance(raw, Mapping) else None
    if not isinstance(found, kind):
        raise _Damaged(key)
    return found


def _number(raw: Any, key: str) -> float:
    found = raw.get(key) if isinstance(raw, Mapping) else None
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        raise _Damaged(key)
    return float(found)


def _perhaps(raw: Any, key: str) -> float | None:
    return None if not isinstance(raw, Mapping) or raw.get(key) is None else _number(raw, key)


def _said(raw: Any, key: str) -> Said:
    found = _of(raw, key, dict)
    if any(not isinstance(found.get(language), str) or not found[language].strip() for language in LANGUAGES):
        raise _Damaged(key)
    return {language: found[language] for language in LANGUAGES}


def _strings(raw: Any, key: str) -> tuple[str, ...]:
    found = _of(raw, key, list)
    if any(not isinstance(one, str) for one in found):
        raise _Damaged(key)
    return tuple(found)


def _card(raw: Any) -> ModelCard:
    shown, bands = _of(raw, "shown", dict), _of(raw, "bands", dict)
    failures = tuple(_said({"failures": one}, "failures") for one in _of(raw, "failures", list))
    reference, files = _of(raw, "reference", dict), _of(raw, "files", dict)
    if not failures:
        raise _Damaged("failures")
    return ModelCard(
        _of(raw, "key", str), _of(raw, "version", str), _said(raw, "name"), _said(raw, "meaning"), _said(raw, "status"), failures,
        _strings(raw, "not_for"), tuple(_input(one) for one in _of(raw, "inputs", list)), {key: _number(reference, key) for key in reference},
        _said(raw, "reference_is"), _number(raw, "cut"), _of(shown, "band", bool), _of(shown, "number", bool),
        tuple(AgeBand(_number(one, "low"), _number(one, "high"), _of(one, "below", bool), _of(one, "above", bool)) for one in _of(raw, "spoken", list)),
        {code: _said(bands, code) for code in BANDS}, tuple(_figure(one) for one in _of(raw, "figures", list)),
        {name: _of(files, name, str) for name in files}, _attributes(_of(raw, "attributes", list)),
    )  # fmt: skip


def _input(raw: Any) -> CardInput:
    kind = _of(raw, "kind", str)
    if kind not in ("number", "flag", "sex"):
        raise _Damaged("inputs")
    if kind == "number":
        return CardInput(_of(raw, "key", str), kind, _of(raw, "unit", str), _number(raw, "low"), _number(raw, "high"))
    return CardInput(_of(raw, "key", str), kind)


def _figure(raw: Any) -> Figure:
    counts = [int(_perhaps(raw, key) or 0) for key in ("people", "told")]
    return Figure(_of(raw, "key", str), _of(raw, "of", str), _of(raw, "weighted", bool), *(_perhaps(raw, key) for key in ("value", "low", "high")), *counts)


def _attributes(raw: list) -> tuple[Attribute, ...]:
    """All 31, in their order, each answered in every language or absent with a known reason."""
    if len(raw) != len(ATTRIBUTES):
        raise _Damaged("attributes")
    found = []
    for row, one in zip(ATTRIBUTES, raw, strict=True):
        if (_number(one, "n"), _of(one, "group", str), _of(one, "key", str)) != (row.n, row.group, row.key):
            raise _Damaged(f"attributes[{row.n}]")
        if "absent" in one and one["absent"] not in ABSENT:
            raise _Damaged(f"attributes[{row.n}].absent")
        found.append(Attribute(row, absent=one["absent"]) if "absent" in one else Attribute(row, _said(one, "value")))
    return tuple(found)
