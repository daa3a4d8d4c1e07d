"""This is the place where it is found out whom a resource is about."""

from __future__ import annotations

from typing import Any

from core.sources.fhir.foreign import Node, clean, leaves
from core.sources.fhir.kinds import SUBJECT_FIELDS
from core.sources.fhir.sheet import Sheet
from core.sources.fhir.type_names import NEEDS_A_PERSON, TYPE_NAMES

_ELSEWHERE: dict[str, tuple[tuple[str, ...], ...]] = {
    "Appointment": (("participant", "actor"),),
    "AppointmentResponse": (("actor",),),
    "Provenance": (("target",),),
    "QuestionnaireResponse": (("source",),),
    "AuditEvent": (("entity", "what"), ("entity", "reference")),
    "Person": (("link", "target"),),
    "Schedule": (("actor",),),
    "Group": (("member", "entity"),),
    "Coverage": (("subscriber",),),
}
"""Kinds that name the person in a list of many things; only Patients in it count."""


def subject_of(sheet: Sheet) -> str:
    """The key of the person a resource is about; "" where it doesn't say.

    A subject that isn't a person, or that nothing in the package explains, keeps a key of its own, so that nobody is taken
    for it.
    """
    given = [sheet.resource[field] for field in SUBJECT_FIELDS if field in sheet.resource]
    if len(given) == 1 and type(given[0]) is dict:  # nearly all, so soonest
        pointer = sheet.pointer(given[0])
        if pointer.kind == "Patient":
            return pointer.key
    named = [key for value in given for key in _keys(value, sheet)]
    if not named and sheet.kind in _ELSEWHERE:
        found = (key for path in _ELSEWHERE[sheet.kind] for node in leaves(sheet.resource, path) for key in _keys(node, sheet))
        named = [key for key in found if _kind(key) == "Patient"]
    distinct = list(dict.fromkeys(named))
    if not distinct:
        if sheet.kind in NEEDS_A_PERSON:
            sheet.notes.add("subject_missing", "subject")
        return ""
    if len(distinct) > 1:
        sheet.notes.add("two_subjects", "subject")
        return distinct[0] if sheet.kind not in NEEDS_A_PERSON else " & ".join(distinct[:5])
    kind = _kind(distinct[0])
    if kind not in ("Patient", "") and sheet.kind in NEEDS_A_PERSON:
        sheet.notes.add("subject_not_a_person", "subject")
        return distinct[0]
    return distinct[0] if kind in ("Patient", "") else ""


def _keys(value: Any, sheet: Sheet) -> list[str]:
    listed = value if type(value) is list else (value,)
    return [key for key in (_key(node, sheet) for node in listed[:50] if type(node) is dict) if key]


def _key(node: Node, sheet: Sheet) -> str:
    """The subject's key; a pointer that leads nowhere is its own."""
    key = sheet.pointer(node).key
    if key:
        return key
    text = node.get("reference")
    if type(text) is str and text.strip():
        return f"|{clean(text)[:300]}" if not text.startswith("#") else ""
    identifier = node.get("identifier")
    if type(identifier) is dict and type(identifier.get("value")) is str:
        system = identifier.get("system")
        return clean(f"|Patient?identifier={system if type(system) is str else ''}|{identifier['value']}")[:300]
    return ""


def _kind(key: str) -> str:
    """The type in a key, "" where it has none."""
    kind = key.partition("|")[2].partition("/")[0].partition("?")[0]
    return kind if kind in TYPE_NAMES else ""
