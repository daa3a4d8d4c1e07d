"""This is the place where a record is reduced to what it states, so that the same fact from elsewhere is recognised."""

from __future__ import annotations

from core.domain.codes import Concept
from core.domain.records import Item
from core.sources.fhir.times import same_instant

_BY_DAY = frozenset(("Immunization",))
_TIMED = frozenset(("Observation", "Immunization", "Procedure"))
_COMPARED = _TIMED | {"Condition", "AllergyIntolerance", "MedicationRequest", "MedicationStatement"}


def fact_of(item: Item, stated: tuple[str, ...]) -> str:
    """A canonical text of code, time and values (never the status); "" where the record can't be compared.

    `stated` holds one text per value; a value that states nothing usable makes an observation incomparable.
    """
    if item.kind not in _COMPARED:
        return ""
    code = _code(item.concept)
    if not code or (item.kind in _TIMED and not item.start):
        return ""
    when = item.start[:10] if item.kind in _BY_DAY else same_instant(item.start)
    parts = [item.kind, code, when]
    if item.kind == "Observation":
        if not stated or not all(stated):
            return ""
        parts += sorted(stated)
    elif item.kind in ("MedicationRequest", "MedicationStatement"):
        parts += [text.lower() for key, text in item.detail if key == "dosage"]
    if item.end and item.kind in _TIMED:
        parts.append(same_instant(item.end))
    return "\n".join(parts)


def _code(concept: Concept) -> str:
    main = concept.main
    if main.code:
        return f"{main.system}|{main.code}"
    return f"|{concept.title.lower()}" if concept.title else ""
