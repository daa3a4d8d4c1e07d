"""This is the place where one thing of a person's record is described, whatever format it came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.domain.codes import Coding, Concept

KINDS_SHOWN = (
    "Patient", "Observation", "Condition", "MedicationRequest", "MedicationStatement", "Medication",
    "AllergyIntolerance", "Immunization", "Procedure", "Encounter", "DiagnosticReport", "DocumentReference",
    "CarePlan", "CareTeam", "Goal", "Appointment", "Practitioner", "PractitionerRole", "Organization", "Device",
    "Coverage", "Consent", "Media", "ImagingStudy",
)  # fmt: skip
"""Resource types that become Items. Every other type is kept raw and counted as "kept, not shown yet"."""

SHARED_KINDS = ("Practitioner", "PractitionerRole", "Organization", "Medication", "Location", "Device")
"""Kinds that may belong to nobody in particular: kept for whoever refers to them."""

GROUPS = (
    "vitals", "labs", "social", "survey", "other_observations", "conditions", "medicines", "allergies", "immunizations",
    "procedures", "encounters", "reports", "documents", "plans", "appointments", "imaging", "people", "devices",
    "coverage", "consents", "raw",
)  # fmt: skip
"""The shelves of the Records page, in the order in which they are shown."""


class Standing(StrEnum):
    """What a stored record counts for today."""

    CURRENT = "current"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"
    QUARANTINED = "quarantined"
    RAW = "raw"


@dataclass(frozen=True, slots=True)
class Sampled:
    """A series that one value states, as it was sent: word k of `data` (blanks between) is measured `step_ms` * k after the record's
    start, or at word k of `at` * `step_ms` where those are given. A word is a number, which times `factor` plus `origin` is in the
    value's unit; "E" nothing measured; "L" and "U" below `low` and above `high` (numbers like those of `data`, None not told)."""

    data: str
    step_ms: float
    origin: float = 0.0
    factor: float = 1.0
    low: float | None = None
    high: float | None = None
    at: str = ""


@dataclass(frozen=True, slots=True)
class Value:
    """One thing that was measured or answered: the record's own value or one component.

    `form` is "quantity", "text", "coded", "boolean", "time", "range", "ratio", "series" or "absent". `number` is in `unit`
    (UCUM; aliases such as mmHg already made canonical; not converted). `bound` is a comparator ("<", "<=", ">=", ">",
    "ad") or empty. `problem` is a reason code: the value is quarantined, shown apart and never used. `sampled` is what a "series"
    of a signal we know holds (core/trends/sampled.py makes samples of it).
    """

    concept: Concept
    form: str
    number: float | None = None
    unit: str = ""
    bound: str = ""
    text: str = ""
    coding: Coding | None = None
    signal: str = ""
    low: float | None = None
    high: float | None = None
    range_text: str = ""
    interpretation: str = ""
    absent: str = ""
    problem: str = ""
    sampled: Sampled | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A pointer to another record: what for (subject, medication, performer ...), "Type/id" as resolved, and its words."""

    role: str
    target: str
    display: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One normalised record. Times are FHIR texts as sent (see `PartialTime`); `detail` holds (key, text) pairs whose keys
    are catalogue keys `detail.<key>` (dosage, reaction, criticality, route, site, note, reason, intent ...)."""

    kind: str
    group: str
    concept: Concept
    status: str = ""
    verification: str = ""
    start: str = ""
    end: str = ""
    issued: str = ""
    values: tuple[Value, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()
    references: tuple[Reference, ...] = ()
    see_original: str = ""
    narrative: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """How a source orders its own versions of one record: meta.versionId and meta.lastUpdated, either may be empty."""

    version_id: str = ""
    updated: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One foreign record, read and normalised, on its way into the store.

    `origin` is the base URL the record's id belongs to ("" when the file names none); `record_id` is the source's own id
    ("" when it has none); `subject` is the resolved reference of the person it is about ("" for shared kinds and for
    records that don't say). `fact` is a canonical text of what it states, for finding the same fact from elsewhere ("" for
    kinds that aren't compared). `item` is None for kinds that are only kept. `raw` is the original JSON. `problems` are codes of
    core/domain/problems.py, each once; `places` says where each was met ("unit_missing@component[0].valueQuantity").
    """

    path: str
    kind: str
    origin: str
    record_id: str
    version: Version
    subject: str
    raw: bytes
    item: Item | None = None
    problems: tuple[str, ...] = ()
    fact: str = ""
    retracts: bool = False
    references: tuple[str, ...] = ()
    profile: PersonProfile | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reject:
    """An entry that could not become a record: where, why (reason code), and which kind if that much was legible."""

    path: str
    why: str
    kind: str = ""
    outcome: str = "refused"


@dataclass(frozen=True, slots=True)
class SourceMark:
    """Which source says so: our id of it, its kind (file, server, demo, manual) and its name for people."""

    source_id: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Record:
    """A stored record as it is read back: the item, what it counts for, and every source that says the same."""

    record_id: str
    item: Item
    standing: Standing
    sources: tuple[SourceMark, ...]
    received_at: datetime
    problems: tuple[str, ...] = ()
    origin_id: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """A stored record as it came: our id of it, its JSON, and its own name ("Kind/id", "" where it has none) within `origin`
    (the base URL its id belongs to, "" where none was named). `shown_as` is the record that is shown for the same fact, ""
    where that is this one."""

    record_id: str
    raw: bytes
    origin: str = ""
    origin_id: str = ""
    shown_as: str = ""


@dataclass(frozen=True, slots=True)
class PersonName:
    """One name: `use` as in FHIR (official, usual ...), `text` as the source writes it whole."""

    text: str
    family: str = ""
    given: tuple[str, ...] = ()
    use: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call: name, relationship in words, telephone."""

    name: str
    relationship: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class PersonProfile:
    """Who a person is, from the Patient record: names, birth date (FHIR text, may be partial), gender code, identifiers."""

    names: tuple[PersonName, ...] = ()
    birth_date: str = ""
    gender: str = ""
    deceased: str = ""
    languages: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    phones: tuple[str, ...] = ()
    address: str = ""
    contacts: tuple[Contact, ...] = ()
    synthetic: bool = False

    @property
    def name(self) -> str:
        """The name to show: official or usual first, else any, else empty."""
        ranked = sorted(self.names, key=lambda n: {"official": 0, "usual": 1, "": 2}.get(n.use, 3))
        return ranked[0].text if ranked else ""


@dataclass(frozen=True, slots=True)
class Person:
    """A person the store knows: our id, the profile, and a revision that grows with every change of the record.

    `record_counts` are (group, number) of what is current; `quarantined` counts records set apart; `last_at` is when a record
    last arrived.
    """

    person_id: str
    profile: PersonProfile
    revision: int
    created_at: datetime
    synthetic: bool = False
    record_counts: tuple[tuple[str, int], ...] = field(default=())
    quarantined: int = 0
    last_at: datetime | None = None
