"""This is the place where one FHIR resource, of whatever release, becomes a record of ours. Pure and total."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec

from core.domain.codes import Concept
from core.domain.records import Incoming, Item, PersonProfile, Reference, Reject, Value, Version
from core.domain.signals import SIGNALS
from core.sources.fhir.concepts import codes_in
from core.sources.fhir.dosage import dosage_text
from core.sources.fhir.facts import fact_of
from core.sources.fhir.foreign import Node, clean, leaves
from core.sources.fhir.index import anonymous_id, id_of, tail
from core.sources.fhir.kinds import SHAPES, Shape
from core.sources.fhir.names import name_text, profile_of
from core.sources.fhir.narrative import narrative_of
from core.sources.fhir.observations import values_of
from core.sources.fhir.sheet import Context, Sheet
from core.sources.fhir.subjects import subject_of
from core.sources.fhir.times import Span, span_of, time_of
from core.sources.fhir.type_names import TYPE_NAMES
from core.sources.fhir.wording import joined, told, words_of

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_WRONG = "entered-in-error"
_DOSED = frozenset(("MedicationRequest", "MedicationStatement"))
_DONE = frozenset(("Immunization", "Procedure"))
_TITLED = frozenset(
    ("CarePlan", "CareTeam", "DocumentReference", "ImagingStudy", "Media", "Practitioner", "Organization", "Patient", "Device")
)
_GROUPS = {
    "vital-signs": "vitals", "vital-sign": "vitals", "laboratory": "labs", "LAB": "labs", "social-history": "social", "sdoh": "social",
    "survey": "survey",
}  # fmt: skip
_SIGNAL_GROUPS = {
    "vital": "vitals",
    "lab": "labs",
    "survey": "survey",
    "score": "survey",
    "social": "social",
    "cgm": "labs",
    "wearable": "vitals",
}


def normalise(resource: object, context: Context) -> Incoming | Reject:
    """A record, or why it can't be one. Never raises on any JSON value."""
    if type(resource) is not dict:
        return Reject(context.path, "resource_not_an_object")
    kind = resource.get("resourceType")
    if type(kind) is not str or kind not in TYPE_NAMES:
        return Reject(f"{context.path}.resourceType", "not_fhir")
    if kind == "OperationOutcome":
        return Reject(context.path, "operation_outcome", kind, "not_followed")
    sheet = Sheet(resource, kind, context)
    record_id = id_of(resource.get("id"), kind, context.full_url)
    if record_id and not _ID.fullmatch(record_id):
        sheet.notes.add("id_unusual", "id")
    if kind == "Patient":
        return _person(sheet, record_id)
    return _record(sheet, record_id)


@dataclass(frozen=True, slots=True)
class _Read:
    """What was found out about one resource, before it is sent on its way."""

    record_id: str
    subject: str
    item: Item | None = None
    fact: str = ""
    profile: PersonProfile | None = None


def _record(sheet: Sheet, record_id: str) -> Incoming:
    subject = subject_of(sheet)
    shape = SHAPES.get(sheet.kind)
    if shape is None:
        sheet.note_shared()
        return _incoming(sheet, _Read(record_id, subject))
    item, fact = _item(sheet, shape, sheet.top_references())
    return _incoming(sheet, _Read(record_id, subject, item, fact))


def _person(sheet: Sheet, record_id: str) -> Incoming:
    """A Patient: a record, and who the person is."""
    context = sheet.context
    profile = profile_of(sheet.resource, sheet.notes)
    name = record_id or tail(context.full_url) or anonymous_id(profile)
    # asked, not made up: a package may hold two people under one id
    key = context.lookup.resolve(f"Patient/{name}", context.origin, context.scope) if record_id else ""
    item, _ = _item(sheet, SHAPES["Patient"], sheet.top_references())
    return _incoming(sheet, _Read(record_id, key or f"{context.origin}|Patient/{name}", item, "", profile))


def _incoming(sheet: Sheet, read: _Read) -> Incoming:
    context, notes = sheet.context, sheet.notes.found
    return Incoming(
        path=context.path, kind=sheet.kind, origin=context.origin, record_id=read.record_id, version=_version(sheet.resource),
        subject=read.subject, raw=compact(context.raw), item=read.item, fact=read.fact, retracts=_retracts(sheet.resource),
        references=tuple(sheet.shared), profile=read.profile,
        problems=tuple(dict.fromkeys(code for code, _ in notes)) if notes else (),
        places=tuple(f"{code}@{place}" for code, place in notes) if notes else (),
    )  # fmt: skip


def _item(sheet: Sheet, shape: Shape, references: tuple[Reference, ...]) -> tuple[Item, str]:
    resource, notes, kind = sheet.resource, sheet.notes, sheet.kind
    concept = _medicine(sheet) if kind in _DOSED else _what(sheet, shape)
    if shape.coded and not concept.codings and not concept.text:
        notes.add("code_missing", shape.concept[0] if shape.concept else "medication")
    values: tuple[Value, ...] = ()
    stated: tuple[str, ...] = ()
    group = shape.group
    if kind == "Observation":
        values, stated = values_of(resource, concept, notes)
        group = _observation_group(resource, values)
    span = span_of(resource, shape.start, notes) if shape.start else Span()
    ending = span_of(resource, shape.end, notes) if shape.end else Span()
    issued = next((time_of(resource, key, notes) for key in shape.issued if key in resource), "")
    item = Item(
        kind, group, concept, _status(sheet, shape.status), _status(sheet, shape.verification), span.start,
        ending.start or span.end, issued, values, _detail(sheet, shape, span, ending), (*references, *_further(sheet, shape)),
        _see_original(sheet), narrative_of(resource) if "text" in resource else "",
    )  # fmt: skip
    return item, fact_of(item, stated)


def _what(sheet: Sheet, shape: Shape) -> Concept:
    """What the record is: its code, or for kinds known by a title that title (codes kept beside it)."""
    concept = sheet.concept(*shape.concept) if shape.concept else Concept()
    if shape.names and (sheet.kind in _TITLED or not concept.title):
        for path in shape.names:
            found = list(leaves(sheet.resource, path[:-1])) if len(path) > 1 else [sheet.resource]
            title = next((text for text in (name_text(node.get(path[-1])) for node in found if type(node) is dict) if text), "")
            if title:
                return Concept(concept.codings, title)
    return concept


def _medicine(sheet: Sheet) -> Concept:
    """The medicine: a concept, or the Medication that is pointed at, here inside, in the package, or by its words."""
    concept = sheet.concept("medicationCodeableConcept", "medication")
    if concept.codings or concept.text:
        return concept
    for key in ("medicationReference", "medication"):
        node = sheet.resource.get(key)
        if type(node) is dict:
            found = sheet.pointer(node).words
            if found and found.title:
                return found
            pointed = sheet.reference(key, node)
            if pointed and pointed.display:
                return Concept((), pointed.display)
    return Concept()


def _status(sheet: Sheet, keys: tuple[str, ...]) -> str:
    """A status code, whether it was sent as a code or as a concept. What wasn't done says so in every release."""
    resource = sheet.resource
    if keys == ("status",) and (
        resource.get("notGiven") is True or resource.get("wasNotGiven") is True or resource.get("notDone") is True
    ):
        return "not-done"
    for key in keys:
        value = resource.get(key)
        if type(value) is str:
            return clean(value)[:100]
        if value is not None:
            concept = sheet.concept(key)
            found = concept.codings[0].code if concept.codings else ""
            if found or concept.text:
                return found or concept.text
    return ""


def _detail(sheet: Sheet, shape: Shape, span: Span, ending: Span) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    if sheet.kind in _DOSED:
        found["dosage"] = dosage_text(sheet)
    if span.words:
        found["when"] = span.words
    if ending.words:
        found["ended"] = ending.words
    resource = sheet.resource
    for key, path in shape.detail:
        if path[0] in resource:
            text = _plain(resource[path[0]], sheet) if len(path) == 1 else told(sheet, path)
            if text:
                found[key] = joined((found[key], text)) if key in found else text
    return tuple((key, text) for key, text in found.items() if text)


def _plain(value: object, sheet: Sheet) -> str:
    return joined(words_of(each, sheet) for each in value[:50]) if type(value) is list else words_of(value, sheet)


def _further(sheet: Sheet, shape: Shape) -> list[Reference]:
    """References that stand deeper: participants, performers, locations."""
    found = []
    for role, path in shape.people:
        if path[0] in sheet.resource:
            for node in list(leaves(sheet.resource, path))[:50]:
                reference = sheet.reference(role, node) if type(node) is dict else None
                if reference:
                    found.append(reference)
    return list(dict.fromkeys(found))


def _observation_group(resource: Node, values: tuple[Value, ...]) -> str:
    """The shelf by the category, else by what was measured."""
    for code in _category_codes(resource.get("category")):
        if code in _GROUPS:
            return _GROUPS[code]
    for value in values:
        row = SIGNALS.get(value.signal)
        if row is not None:
            return _SIGNAL_GROUPS.get(row.category, "other_observations")
    return "other_observations"


def _category_codes(category: object) -> list[str]:
    found = []
    for each in category if type(category) is list else (category,):
        codings = each.get("coding") if type(each) is dict else None
        for coding in codings if type(codings) is list else ():
            code = coding.get("code") if type(coding) is dict else None
            if type(code) is str:
                found.append(code)
    return found


def _see_original(sheet: Sheet) -> str:
    """Why what is shown may not be all that matters: a modifier we don't know, rules of its own, an order not to do it."""
    resource = sheet.resource
    if resource.get("implicitRules"):
        return "implicit_rules"
    if resource.get("doNotPerform") is True:
        return "do_not_perform"
    if b'"modifierExtension"' in sheet.context.raw and _modified(resource):
        return "modifier_extension"
    return ""


def _modified(resource: Node) -> bool:
    """Whether a modifierExtension stands anywhere in the resource, those of contained resources left out."""
    open_nodes: list[object] = [value for key, value in resource.items() if key != "contained"]
    if resource.get("modifierExtension"):
        return True
    while open_nodes:
        node = open_nodes.pop()
        if type(node) is dict:
            if node.get("modifierExtension"):
                return True
            open_nodes.extend(value for value in node.values() if type(value) in (dict, list))
        elif type(node) is list:
            open_nodes.extend(node)
    return False


def _retracts(resource: Node) -> bool:
    for key in ("status", "verificationStatus", "clinicalStatus", "docStatus", "lifecycleStatus"):
        value = resource.get(key)
        if value is not None and (value == _WRONG or (type(value) is not str and _WRONG in codes_in(value))):
            return True
    return False


def _version(resource: Node) -> Version:
    meta = resource.get("meta")
    if type(meta) is not dict:
        return Version()
    number, updated = meta.get("versionId"), meta.get("lastUpdated")
    return Version(
        clean(str(number))[:64] if type(number) in (str, int) else "", clean(updated)[:40] if type(updated) is str else ""
    )


def compact(raw: bytes) -> bytes:
    """The JSON without the spaces between its parts; numbers and texts stay exactly as they were sent."""
    if b"\n" not in raw and b'": ' not in raw:
        return raw
    try:
        return msgspec.json.format(raw, indent=-1)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return raw
