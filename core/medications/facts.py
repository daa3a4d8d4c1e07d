"""This is the place where it is defined what the safety checks are told about a person: medicines, allergies, kidney values, genes. Nothing is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from core.domain.codes import Concept
from core.medications.findings import Taken


@dataclass(frozen=True, slots=True)
class Allergy:
    """One entry of the list of allergies. `type` "allergy", "intolerance" or ""; `categories` ("medication", "food", "environment", "biologic");
    `criticality` "high", "low", "unable-to-assess" or ""; `reactions` the words of the record; `active` is false for what was refuted,
    entered in error, resolved or is inactive. `ingredients` are keys of the ingredient table that the entry names, () where none."""

    allergy_id: str
    title: str
    concept: Concept
    type: str = ""
    categories: tuple[str, ...] = ()
    criticality: str = ""
    reactions: tuple[str, ...] = ()
    active: bool = True
    ingredients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """The newest value of something, in the unit `PersonFacts` names, and its local day."""

    value: float
    day: date


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that the checks know, as of `day`. None and () are "not known"; `allergies` None means that there is no list of allergies at all, which is
    not the same as a list that says "none known" (an entry of its own, as the record has it)."""

    day: date
    medicines: tuple[Taken, ...] = ()
    allergies: tuple[Allergy, ...] | None = None
    age: int | None = None
    """Whole years."""
    sex: str = ""
    """"male", "female" or "" (administrative sex as the record has it; "other" is "")."""
    weight: Measured | None = None
    """kg."""
    height: Measured | None = None
    """cm."""
    creatinine: Measured | None = None
    """mg/dL, serum or plasma."""
    egfr: Measured | None = None
    """mL/min/1.73 m2, as the laboratory reported it."""
    potassium: Measured | None = None
    """mmol/L."""
    pregnancy: str = ""
    """"pregnant", "not_pregnant" or "" (not known)."""
    conditions: tuple[Concept, ...] = ()
    """Active conditions."""
    gene_results: tuple[Mapping[str, Any], ...] = ()
    """Raw FHIR Observations that may be results of gene tests, as read from JSON: to be read totally."""
    daily: Mapping[str, float] = field(default_factory=dict)
    """By medicine id, how many mg a day the order comes to, where that can be told."""
