"""This is the place where FHIR MedicationDispense records are read: what was handed over, when, for how many days. Total: it never raises on any JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.domain.codes import Coding, Concept
from core.domain.time import PartialTime
from core.medications.foreign import node, nodes, number, text
from core.medications.pdc import LONGEST_SUPPLY

KIND = "MedicationDispense"
_DAYS = {"d": 1, "day": 1, "days": 1, "天": 1, "日": 1, "wk": 7, "week": 7, "weeks": 7, "周": 7}


@dataclass(frozen=True, slots=True)
class Dispensed:
    """A supply that was handed over: what, on which local day, for how many days (None where the record does not say), how much ("" unit unknown)."""

    concept: Concept
    on: date
    days: int | None
    quantity: float | None = None
    unit: str = ""


def dispensed(resources: Iterable[object], medications: Mapping[str, object] | None = None) -> tuple[Dispensed, ...]:
    """What these records say was handed over, by the day; only completed ones. `medications` are Medication resources by "Medication/<id>"."""
    found = [made for one in resources if (made := _one(node(one), medications or {})) is not None]
    return tuple(sorted(found, key=lambda one: (one.on, one.concept.title)))


def _one(resource: Mapping[str, Any], medications: Mapping[str, object]) -> Dispensed | None:
    when = PartialTime.parse(resource.get("whenHandedOver"))
    if resource.get("resourceType") != KIND or resource.get("status") != "completed" or when is None or when.precision in ("year", "month"):
        return None
    concept = _concept(resource, medications)
    if not concept.title and not concept.codings:
        return None
    much = node(resource.get("quantity"))
    return Dispensed(concept, when.local_date, _days(node(resource.get("daysSupply"))), number(much.get("value")), text(much.get("unit")) or text(much.get("code")))


def _concept(resource: Mapping[str, Any], medications: Mapping[str, object]) -> Concept:
    reference = node(resource.get("medicationReference"))
    told = node(resource.get("medicationCodeableConcept"))
    if not told and reference:
        target = text(reference.get("reference"))
        contained = {"#" + text(one.get("id")): one for one in nodes(resource.get("contained"))}
        held = contained.get(target) or medications.get("/".join(target.split("/")[-2:]))
        told = node(node(held).get("code"))
    codings = tuple(
        Coding(text(one.get("system")), text(one.get("code")), text(one.get("display"))) for one in nodes(told.get("coding")) if text(one.get("code"))
    )  # fmt: skip
    return Concept(codings, text(told.get("text")) or ("" if codings else text(reference.get("display"))))


def _days(found: Mapping[str, Any]) -> int | None:
    """Whole days; a unit that isn't told is a day (FHIR: daysSupply is a quantity of time, and claims count days)."""
    value = number(found.get("value"))
    said = text(found.get("code")) or text(found.get("unit"))
    factor = _DAYS.get(said.strip().casefold(), 0) if said else 1
    if value is None or not factor:
        return None
    days = value * factor
    return int(days) if days == int(days) and 0 < days <= LONGEST_SUPPLY else None
