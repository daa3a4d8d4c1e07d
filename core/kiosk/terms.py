"""This is the place where it is defined what a kiosk collects in one visit, and what it is told about whoever stands before it: as little as the flow needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Step(StrEnum):
    """Where somebody is in the flow, in its order. The code is part of `kiosk.step.<code>`."""

    WELCOME = "welcome"
    WHO = "who"
    CONSENT = "consent"
    CONTACT = "contact"
    MEDICINES = "medicines"
    ALLERGIES = "allergies"
    MEASURE = "measure"
    QUESTIONS = "questions"
    PHOTO = "photo"
    DANGER = "danger"
    SUMMARY = "summary"
    DONE = "done"


class Measure(StrEnum):
    """What can be measured at a kiosk."""

    BLOOD_PRESSURE = "blood_pressure"
    WEIGHT = "weight"
    OXYGEN = "oxygen"
    TEMPERATURE = "temperature"
    GLUCOSE = "glucose"
    PULSE = "pulse"


@dataclass(frozen=True, slots=True)
class Proof:
    """How somebody says who they are: `kind` "code" (a check-in code or the text of its QR) or "birth" (date of birth, initials and the clinic's second factor)."""

    kind: str
    code: str = ""
    birth_date: str = ""
    initials: str = ""
    factor: str = ""


@dataclass(frozen=True, slots=True)
class Clinic:
    """What the server tells a kiosk about the house: `public_key` (HPKE, X25519, 32 bytes) that visits are sealed to, `factor` which second factor goes with a date of
    birth ("phone_last4", "postcode", "none": only codes), what to measure, how the desk is called, the languages offered first."""

    name: str
    public_key: bytes
    factor: str = "phone_last4"
    measures: tuple[Measure, ...] = (Measure.BLOOD_PRESSURE, Measure.WEIGHT, Measure.OXYGEN, Measure.TEMPERATURE)
    desk: str = ""
    languages: tuple[str, ...] = ()
    idle_seconds: int = 60
    warn_seconds: int = 15


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """One thing to confirm: a key that means something to the server alone for this visit, and the words to show."""

    key: str
    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Welcomed:
    """What the kiosk is told once somebody is known: a ticket for this visit alone (opaque, short-lived, good for writing only), what is to be confirmed, which
    questionnaires are due, whether a photo is asked for. No history, no values, no name but what is needed to say "is this you?"."""

    ticket: str
    visit_id: str
    greeting: str
    contact: tuple[ToConfirm, ...] = ()
    medicines: tuple[ToConfirm, ...] = ()
    allergies: tuple[ToConfirm, ...] = ()
    allergies_known: str = "none_recorded"
    questionnaires: tuple[str, ...] = ()
    photo: str = ""
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Device:
    """What measured: as it names itself over the air or as typed. `validated`: "yes", "no" or "unknown" (a list of validated devices was asked)."""

    maker: str = ""
    model: str = ""
    serial: str = ""
    validated: str = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measurement: `values` by signal in canonical units ({"sbp": 128.0, "dbp": 79.0, "hr": 71.0}); `how` "typed" or "bluetooth"; `flags` codes the device gave."""

    measure: Measure
    values: Mapping[str, float]
    at: datetime
    how: str
    device: Device | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo taken at the kiosk: re-encoded JPEG without anything but the picture."""

    kind: str
    content: bytes = field(repr=False)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Collected:
    """Everything one person said and measured in one visit. It lives in the kiosk's memory until it is sealed, and nowhere after. `ticket` "" where nobody could be asked
    who it is (`proof` then goes along, sealed, and the server finds out or hands it to the team)."""

    visit_id: str
    kiosk_id: str
    started_at: datetime
    language: str
    ticket: str = ""
    proof: Proof | None = None
    consented_at: datetime | None = None
    contact: Mapping[str, str] = field(default_factory=dict)
    medicines: Mapping[str, str] = field(default_factory=dict)
    medicines_added: tuple[str, ...] = ()
    allergies: Mapping[str, str] = field(default_factory=dict)
    allergies_added: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    questionnaires: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    photos: tuple[Photo, ...] = ()
    danger: tuple[str, ...] = ()
    needs_person: bool = False
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """What a kiosk says of itself: version, how many sealed visits wait to be sent and since when the oldest does, whether Bluetooth and camera work,
    and how many visits the server refused (they lie apart at the kiosk until somebody has looked)."""

    version: str
    queued: int = 0
    oldest_at: datetime | None = None
    bluetooth: str = "unknown"
    camera: str = "unknown"
    refused: int = 0


@dataclass(frozen=True, slots=True)
class SealedVisit:
    """A visit that only the server can open: `visit_id` makes sending it twice harmless."""

    visit_id: str
    sealed_at: datetime
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class VisitReceipt:
    """What became of a visit: `state` "kept", "kept_before", "unmatched" (the team looks who it was) or "refused" (with `why`); `link` what the person can take home."""

    visit_id: str
    state: str
    why: str = ""
    link: str = ""
