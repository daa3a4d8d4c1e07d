"""This is the place where people's names, addresses and telephones are put into words."""

from __future__ import annotations

import re

from core.domain.records import Contact, PersonName, PersonProfile
from core.domain.time import PartialTime
from core.sources.fhir.concepts import codes_in, concept_of
from core.sources.fhir.foreign import Node, Notes, clean, leaves, node_of, nodes_of, text_of

_EAST_ASIAN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MANY = 20
_TEST_DATA = frozenset({"HTEST", "synthetic", "SYNTHETIC", "test-data"})


def profile_of(patient: Node, notes: Notes) -> PersonProfile:
    """Who a Patient resource is about. An impossible birth date is noted and left out."""
    return PersonProfile(
        names=tuple(name for name in map(person_name, nodes_of(patient, "name", notes)[:_MANY]) if name.text),
        birth_date=_birth_date(patient, notes),
        gender=text_of(patient, "gender", notes).lower(),
        deceased=_deceased(patient),
        languages=tuple(_languages(patient))[:_MANY],
        identifiers=identifiers_of(patient),
        phones=tuple(phones_of(patient))[:_MANY],
        address=next((text for text in map(address_text, nodes_of(patient, "address", notes)) if text), ""),
        contacts=tuple(contact for contact in map(_contact, nodes_of(patient, "contact", notes)[:_MANY]) if contact),
        synthetic=_synthetic(patient),
    )


def person_name(node: Node) -> PersonName:
    """A HumanName (or DSTU2's lists of family names); `text` is the source's own or put together."""
    quiet = Notes()
    family = " ".join(_strings(node.get("family")))
    given = tuple(_strings(node.get("given")))
    text = text_of(node, "text", quiet)
    if not text:
        if _EAST_ASIAN.search(family + "".join(given)):
            text = family + "".join(given)
        else:
            text = " ".join([*_strings(node.get("prefix")), *given, *([family] if family else []), *_strings(node.get("suffix"))])
    return PersonName(text, family, given, text_of(node, "use", quiet))


def name_text(node: object) -> str:
    """The words of a name that is a HumanName, a list of them, or plain text (organisations, devices, places)."""
    for item in node if type(node) is list else (node,):
        if type(item) is str and item.strip():
            return clean(item)
        if type(item) is dict:
            text = person_name(item).text or text_of(item, "name", Notes()) or text_of(item, "value", Notes())
            if text:
                return text
    return ""


def identifiers_of(node: Node) -> tuple[tuple[str, str], ...]:
    """(system, value) of every identifier with a value; the system may be empty."""
    quiet = Notes()
    found = ((text_of(i, "system", quiet), text_of(i, "value", quiet)) for i in nodes_of(node, "identifier", quiet)[:_MANY])
    return tuple(dict.fromkeys((system, value) for system, value in found if value))


def phones_of(node: Node) -> list[str]:
    quiet = Notes()
    return [
        text_of(contact, "value", quiet)
        for contact in nodes_of(node, "telecom", quiet)
        if contact.get("system") in ("phone", "sms", None) and text_of(contact, "value", quiet)
    ]


def address_text(node: Node) -> str:
    quiet = Notes()
    text = text_of(node, "text", quiet)
    if text:
        return text
    parts = _strings(node.get("line")) + [
        text_of(node, key, quiet) for key in ("district", "city", "state", "postalCode", "country")
    ]
    return ", ".join(part for part in parts if part)


def _strings(value: object) -> list[str]:
    if type(value) is str:
        return [clean(value)] if value.strip() else []
    return [clean(item) for item in value if type(item) is str and item.strip()] if type(value) is list else []


def _birth_date(patient: Node, notes: Notes) -> str:
    text = text_of(patient, "birthDate", notes)
    if text and PartialTime.parse(text) is None:
        notes.add("time_invalid", "birthDate")
        return ""
    return text


def _deceased(patient: Node) -> str:
    when = patient.get("deceasedDateTime")
    if type(when) is str and PartialTime.parse(when.strip()):
        return when.strip()
    return "true" if patient.get("deceasedBoolean") is True or when else ""


def _languages(patient: Node) -> list[str]:
    quiet = Notes()
    found = []
    for item in nodes_of(patient, "communication", quiet):
        concept = concept_of(item.get("language"), quiet)
        code = concept.codings[0].code if concept.codings else ""
        found.append(code or concept.title)
    return [language for language in dict.fromkeys(found) if language]


def _contact(node: Node) -> Contact | None:
    quiet = Notes()
    name = node_of(node, "name", quiet)
    relationship = concept_of(node.get("relationship"), quiet).title
    phones = phones_of(node)
    words = person_name(name).text if name else ""
    return Contact(words, relationship, phones[0] if phones else "") if words or phones else None


def _synthetic(patient: Node) -> bool:
    tagged = [*leaves(patient, ("meta", "security")), *leaves(patient, ("meta", "tag"))]
    return bool(codes_in(tagged) & _TEST_DATA)
