"""This is the place where foreign codes become Coding and Concept: code systems by URL whatever form they were sent in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from core.domain import codes
from core.domain.codes import Coding, Concept
from core.sources.fhir.foreign import Node, Notes, clean, nodes_of, text_of

_OIDS: Mapping[str, str] = MappingProxyType(
    {
        "2.16.840.1.113883.6.1": codes.LOINC,
        "2.16.840.1.113883.6.96": codes.SNOMED,
        "2.16.840.1.113883.6.88": codes.RXNORM,
        "2.16.840.1.113883.6.73": codes.ATC,
        "2.16.840.1.113883.12.292": codes.CVX,
        "2.16.840.1.113883.6.59": codes.CVX,
        "2.16.840.1.113883.6.3": codes.ICD10,
        "2.16.840.1.113883.6.90": codes.ICD10CM,
        "2.16.840.1.113883.6.8": codes.UCUM,
        "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
        "2.16.840.1.113883.6.104": "http://hl7.org/fhir/sid/icd-9-cm",
        "2.16.840.1.113883.6.4": "http://www.cms.gov/Medicare/Coding/ICD10",
        "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
        "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
        "2.16.840.1.113883.4.9": "http://fdasis.nlm.nih.gov",
        "2.16.840.1.113883.6.101": "http://nucc.org/provider-taxonomy",
        "2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
        "2.16.840.1.113883.5.83": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "2.16.840.1.113883.5.4": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
        "2.16.840.1.113883.12.78": "http://terminology.hl7.org/CodeSystem/v2-0078",
    }
)
"""Object identifiers of code systems (HL7 OID registry) and the URL FHIR uses for each (hl7.org/fhir/terminologies-systems)."""

_SAME = {
    url.split("://", 1)[1].removeprefix("www.").rstrip("/").lower(): url
    for url in (codes.LOINC, codes.SNOMED, codes.RXNORM, codes.ATC, codes.CVX, codes.ICD10, codes.ICD10CM, codes.UCUM)
} | {"hl7.org/fhir/sid/loinc": codes.LOINC, "snomed.info/id": codes.SNOMED, "snomed.info": codes.SNOMED}


_MANY = 50
"""Codings of one concept that are kept; the original keeps all."""


@lru_cache(maxsize=1024)
def system_url(system: str) -> str:
    """The URL of a code system sent as URL, "urn:oid:..." or bare OID; other systems as they were sent."""
    oid = system.lower().removeprefix("urn:oid:").removeprefix("oid:").strip()
    if oid in _OIDS:
        return _OIDS[oid]
    host = system.split("://", 1)[-1].removeprefix("www.").rstrip("/").lower()
    if host in _SAME:
        return _SAME[host]
    return codes.SNOMED if host.startswith("snomed.info/sct/") else system


@lru_cache(maxsize=8192)
def _coding(system: str, code: str, display: str) -> Coding:
    return Coding(system_url(clean(system)) if system else "", clean(code), clean(display))


def coding_of(node: Node, notes: Notes, at: str = "") -> Coding | None:
    """One coding, or None where it has neither code nor display."""
    system, code, display = (_text(node.get(key), notes, f"{at}{key}") for key in ("system", "code", "display"))
    if not code and not display:
        return None
    return (
        _coding(system, code, display)
        if len(code) + len(system) + len(display) < 600
        else Coding(clean(system), clean(code), clean(display))
    )


def _text(value: object, notes: Notes, at: str) -> str:
    """A text; a number is taken for one that lost its quotes."""
    if type(value) is str:
        return value
    if value is not None:
        notes.add("wrong_kind", at)
    return str(value)[:100] if type(value) in (int, float) else ""


@lru_cache(maxsize=8192)
def _plain_concept(system: str, code: str, display: str, text: str) -> Concept:
    """A concept of one coding whose text, if any, is the code's own name: shared, as it says nothing about anybody."""
    return Concept((_coding(system, code, display),), clean(text))


def concept_of(node: object, notes: Notes, at: str = "") -> Concept:
    """A CodeableConcept, a Coding, a CodeableReference's concept, or a plain text or code; the first of a list; empty where
    there is none."""
    if type(node) is list:
        node = next((item for item in node if item), None)
    if type(node) is dict and "concept" in node:
        node, at = node["concept"], f"{at}concept."
    if type(node) is not dict:
        if node is not None and type(node) is not str:
            notes.add("wrong_kind", at.rstrip("."))
        return Concept((), clean(node)) if type(node) is str else Concept()
    listed = node.get("coding")
    if type(listed) is list and len(listed) == 1 and type(listed[0]) is dict:
        known = _known_concept(listed[0], node.get("text"))
        if known is not None:
            return known
    if listed is None and ("code" in node or "display" in node):
        listed = [node]
    else:
        listed = nodes_of(node, "coding", notes, at)
    found = (coding_of(item, notes, f"{at}coding.") for item in listed[:_MANY])
    return Concept(tuple(coding for coding in found if coding is not None), text_of(node, "text", notes, at))


def _known_concept(coding: Node, text: object) -> Concept | None:
    system, code, display = coding.get("system"), coding.get("code"), coding.get("display", "")
    if type(system) is not str or type(code) is not str or type(display) is not str or not code or len(code) + len(display) > 300:
        return None
    if text is None or text == display or text == "":
        return _plain_concept(system, code, display, text or "")  # type: ignore[arg-type]
    return None


def codes_in(node: object) -> frozenset[str]:
    """Every code, in whatever system, of one or many concepts; for plain texts the text."""
    notes = Notes()
    found: set[str] = set()
    for item in node if type(node) is list else (node,):
        concept = concept_of(item, notes)
        found.update(coding.code for coding in concept.codings)
        if concept.text and not concept.codings:
            found.add(concept.text)
    return frozenset(found)
