"""This is the place where any element of a record is said in the source's own words, whatever its shape."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import LONGEST, Notes, clean, leaves
from core.sources.fhir.names import name_text
from core.sources.fhir.sheet import Sheet
from core.sources.fhir.times import amount_words

_MANY = 50


def words_of(value: Any, sheet: Sheet) -> str:
    """Text, number, truth value, concept, reference, quantity, range, period, note, name, identifier or attachment in words."""
    kind = type(value)
    if kind is str:
        return clean(value)
    if kind is bool:
        return "true" if value else "false"
    if kind in (int, float):
        return f"{value:.12g}" if kind is float else str(value)[:40]
    return _object_words(value, sheet) if kind is dict else ""


def _object_words(value: dict[str, Any], sheet: Sheet) -> str:
    quiet = Notes()
    if "coding" in value or "concept" in value:
        return concept_of(value, quiet).title or (_referred(value, sheet) if "reference" in value else "")
    if type(value.get("text")) is str and value["text"].strip():
        return clean(value["text"])
    if "reference" in value or "identifier" in value:
        return _referred(value, sheet)
    if "low" in value or "high" in value:
        return amount_words(value)
    if "numerator" in value:
        return " / ".join(amount_words(end) for end in (value["numerator"], value.get("denominator")) if type(end) is dict)
    if "start" in value or "end" in value:
        ends = [value[key] if type(value.get(key)) is str else "" for key in ("start", "end")]
        return clean(ends[0] if not ends[1] else " - ".join(ends).strip(" -"))
    if "value" in value:
        return amount_words(value)
    if "family" in value or "given" in value:
        return name_text(value)
    for key in ("display", "title", "name", "code", "url"):
        if type(value.get(key)) is str and value[key].strip():
            return clean(value[key])
    return ""


def _referred(value: dict[str, Any], sheet: Sheet) -> str:
    found = sheet.reference("", value)
    return found.display if found else ""


def joined(parts: Iterable[str], between: str = "; ") -> str:
    """The parts that say something, each once."""
    text = between.join(dict.fromkeys(part for part in parts if part))
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def told(sheet: Sheet, path: tuple[str, ...]) -> str:
    """Everything at the end of a path, in words."""
    found = leaves(sheet.resource, path)
    return joined(words_of(value, sheet) for value, _ in zip(found, range(_MANY), strict=False))
