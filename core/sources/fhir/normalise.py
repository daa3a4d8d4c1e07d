"""This is the place where one FHIR resource, of whatever release, becomes a record of ours. Pure and total."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from core.domain.codes import Concept
from core.domain.records import Incoming, Item, PersonProfile, Reference, Reject, Value
from core.sources.fhir.dosage import dosage_text
from core.sources.fhir.facts import fact_of
from core.sources.fhir.foreign import clean, leaves
from core.sources.fhir.goals import targets_of
from core.sources.fhir.identity import USUAL_ID, anonymous_id, id_of, tail
from core.sources.fhir.kinds import SHAPES, Shape
from core.sources.fhir.markers import observation_group, retracts, see_original, version
from core.sources.fhir.names import name_text, profile_of
from core.sources.fhir.narrative import narrative_of
from core.sources.fhir.observations import values_of
from core.sources.fhir.series import placed
from core.sources.fhir.sheet import Context, Sheet
from core.sources.fhir.subjects import subject_of
from core.sources.fhir.times import Span, span_of, time_of
from core.sources.fhir.type_names import TYPE_NAMES
from core.sources.fhir.wording import joined, told, words_of

_DOSED = frozenset(("MedicationRequest", "MedicationStatement"))
_DONE = frozenset(("Immunization", "Procedure"))
_TITLED = frozenset(
    ("CarePlan", "CareTeam", "DocumentReference", "ImagingStudy", "Media", "Practitioner", "Organization", "Patient", "Device")
)


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
    if record_id and not USUAL_ID.fullmatch(record_id):
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
        path=context.path, kind=sheet.kind, origin=context.origin, record_id=read.record_id, version=version(sheet.resource),
        subject=read.subject, raw=compact(context.raw), item=read.item, fact=read.fact, retracts=retracts(sheet.resource),
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
        group = observation_group(resource, values)
    elif kind == "Goal":
        values = targets_of(resource, notes)
    span = span_of(resource, shape.start, notes) if shape.start else Span()
    ending = span_of(resource, shape.end, notes) if shape.end else Span()
    placed_values = placed(values, span.start, notes)
    stated = stated if placed_values is values else ()
    issued = next((time_of(resource, key, notes) for key in shape.issued if key in resource), "")
    item = Item(
        kind, group, concept, _status(sheet, shape.status), _status(sheet, shape.verification), span.start,
        ending.start or span.end, issued, placed_values, _detail(sheet, shape, span, ending), (*references, *_further(sheet, shape)),
        see_original(sheet), narrative_of(resource) if "text" in resource else "",
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


def compact(raw: bytes) -> bytes:
    """The JSON without the spaces between its parts; numbers and texts stay exactly as they were sent."""
    if b"\n" not in raw and b'": ' not in raw:
        return raw
    try:
        return msgspec.json.format(raw, indent=-1)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return raw
