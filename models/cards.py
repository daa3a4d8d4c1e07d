"""This is the place where a model's card and coefficients are read from their files. A damaged one is an error with a name, never half a card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.errors import ModelUnavailable
from core.risk.model_card import (
    ABSENT,
    ATTRIBUTES,
    BANDS,
    AgeBand,
    Attribute,
    CardInput,
    Figure,
    Logistic,
    ModelCard,
    Term,
)
from models.strict import Damaged, document, number, of, perhaps, said, strings

ARTIFACTS = Path(__file__).resolve().parent / "artifacts"


def read_card(folder: Path) -> ModelCard:
    """The card in a folder. Raises ModelUnavailable naming the place that is damaged."""
    raw = document(folder / "card.json")
    try:
        return _card(raw)
    except Damaged as place:
        raise ModelUnavailable("model_unavailable", why="card_damaged", place=str(place)) from None


def read_baseline(folder: Path, digest: str) -> Logistic:
    """The coefficients in a folder, which must be the very ones the card names (`digest`: SHA-256 in hex). Raises ModelUnavailable."""
    raw = document(folder / "baseline.json", digest)
    try:
        found = of(raw, "baseline", dict)
        terms = tuple(
            Term(of(one, "input", str), number(one, "at"), of(one, "only_above", bool), number(one, "coefficient"))
            for one in of(found, "terms", list)
        )
        model = Logistic(tuple(of(found, "inputs", list)), number(found, "intercept"), terms)
        if not {term.input for term in terms} <= set(model.inputs):
            raise Damaged("terms")
        return model
    except Damaged as place:
        raise ModelUnavailable("model_unavailable", why="coefficients_damaged", place=str(place)) from None


def _card(raw: Any) -> ModelCard:
    shown, bands = of(raw, "shown", dict), of(raw, "bands", dict)
    failures = tuple(said({"failures": one}, "failures") for one in of(raw, "failures", list))
    reference, files = of(raw, "reference", dict), of(raw, "files", dict)
    if not failures:
        raise Damaged("failures")
    return ModelCard(
        of(raw, "key", str), of(raw, "version", str), said(raw, "name"), said(raw, "meaning"), said(raw, "status"), failures,
        strings(raw, "not_for"), tuple(_input(one) for one in of(raw, "inputs", list)), {key: number(reference, key) for key in reference},
        said(raw, "reference_is"), number(raw, "cut"), of(shown, "band", bool), of(shown, "number", bool),
        tuple(AgeBand(number(one, "low"), number(one, "high"), of(one, "below", bool), of(one, "above", bool)) for one in of(raw, "spoken", list)),
        {code: said(bands, code) for code in BANDS}, tuple(_figure(one) for one in of(raw, "figures", list)),
        {name: of(files, name, str) for name in files}, _attributes(of(raw, "attributes", list)),
    )  # fmt: skip


def _input(raw: Any) -> CardInput:
    kind = of(raw, "kind", str)
    if kind not in ("number", "flag", "sex"):
        raise Damaged("inputs")
    if kind == "number":
        return CardInput(of(raw, "key", str), kind, of(raw, "unit", str), number(raw, "low"), number(raw, "high"))
    return CardInput(of(raw, "key", str), kind)


def _figure(raw: Any) -> Figure:
    counts = [int(perhaps(raw, key) or 0) for key in ("people", "told")]
    return Figure(
        of(raw, "key", str),
        of(raw, "of", str),
        of(raw, "weighted", bool),
        *(perhaps(raw, key) for key in ("value", "low", "high")),
        *counts,
    )


def _attributes(raw: list) -> tuple[Attribute, ...]:
    """All 31, in their order, each answered in every language or absent with a known reason."""
    if len(raw) != len(ATTRIBUTES):
        raise Damaged("attributes")
    found = []
    for row, one in zip(ATTRIBUTES, raw, strict=True):
        if (number(one, "n"), of(one, "group", str), of(one, "key", str)) != (row.n, row.group, row.key):
            raise Damaged(f"attributes[{row.n}]")
        if "absent" in one and one["absent"] not in ABSENT:
            raise Damaged(f"attributes[{row.n}].absent")
        found.append(Attribute(row, absent=one["absent"]) if "absent" in one else Attribute(row, said(one, "value")))
    return tuple(found)
