"""This is the place where what many records refer to gets its name: medications, practitioners, organisations, places, devices."""

from __future__ import annotations

from core.domain.codes import Concept
from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import Node, Notes, nodes_of
from core.sources.fhir.names import name_text


def words_for(kind: str, resource: Node) -> Concept:
    """What a shared resource is called."""
    quiet = Notes()
    if kind == "Medication":
        return medication_concept(resource)
    if kind in ("Practitioner", "Organization", "Location"):
        return Concept((), name_text(resource.get("name")))
    if kind == "Device":
        named = name_text(resource.get("deviceName")) or name_text(resource.get("displayName")) or name_text(resource.get("name"))
        return Concept((), named) if named else concept_of(resource.get("type"), quiet)
    return concept_of(resource.get("specialty") or resource.get("code"), quiet)


def medication_concept(resource: Node) -> Concept:
    """A Medication's code, else its ingredients' names."""
    quiet = Notes()
    concept = concept_of(resource.get("code"), quiet)
    if concept.title:
        return concept
    names = []
    for ingredient in nodes_of(resource, "ingredient", quiet):
        item = ingredient.get("itemCodeableConcept") or ingredient.get("item")
        names.append(concept_of(item, quiet).title)
    return Concept((), " / ".join(name for name in names if name))
