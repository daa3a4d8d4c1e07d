"""This is the place where it is defined what a person keeps about their medicines beside the record: their hours, their answers, what they added, stock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from core.medications.terms import Habits

Dosages = tuple[Mapping[str, Any], ...]
"""FHIR R4 Dosage objects (dicts as read from JSON)."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was asked about an order and what the person said: `dosages` in place of the order's own, as long as the order's dosage has the digest
    `of` (changed by the prescriber, the question is asked anew). `asked` are the codes of the questions, `said` the answer in a few words."""

    of: str
    asked: tuple[str, ...]
    dosages: Dosages
    said: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnMedicine:
    """A medicine the person added by hand. `sort` is "medicine", "supplement" or "traditional"; `code` an ATC or RxNorm code where one was chosen
    ("" otherwise) of `system`; `dosages` how it is taken; `until` None while it goes on."""

    medicine_id: str
    title: str
    sort: str = "medicine"
    system: str = ""
    code: str = ""
    dosages: Dosages = ()
    reason: str = ""
    since: date | None = None
    until: date | None = None
    added_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the person chose about one medicine: whether they take it ("" not said, "yes", "no", "differently"), why not, whether it is critical
    (reminded sooner and escalated faster), whether it is reminded of at all, minutes before a dose at which it is said."""

    taking: str = ""
    why: str = ""
    critical: bool = False
    reminded: bool = True
    lead: int = 0


@dataclass(frozen=True, slots=True)
class Stock:
    """How many units were counted, when, in which unit; `lead_days`: how many days before it runs out a refill is reminded of."""

    count: float
    unit: str
    at: datetime
    lead_days: int = 7


@dataclass(frozen=True, slots=True)
class Trip:
    """A journey: from this local day on (00:00 of the new zone) until that day (None: for good), in that zone."""

    first: date
    last: date | None
    zone: str


@dataclass(frozen=True, slots=True)
class Book:
    """A person's book of medicines, by medicine id. `raw` are the drawer's bytes as read: written back only over those."""

    hours: Mapping[str, time] = field(default_factory=dict)
    """Of `Habits`: wake, breakfast, lunch, dinner, sleep, those that were changed."""
    trips: tuple[Trip, ...] = ()
    answers: Mapping[str, Answered] = field(default_factory=dict)
    own: tuple[OwnMedicine, ...] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict)
    stock: Mapping[str, Stock] = field(default_factory=dict)
    both: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For medicines with several living orders, by `same medicine` key: the medicine ids that the person says they take."""
    raw: bytes = b""


def usual_hours() -> Habits:
    """The hours of a day nobody has changed."""
    return Habits()


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to reach somebody: `kind` "email", "apprise" (an apprise address), "push" (a browser's subscription, as JSON); `name` what the person calls it."""

    key: str
    kind: str
    address: str
    name: str = ""
    on: bool = True


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who is told: how to reach them, and the rule the person set: "refills" (only refills), "unanswered" (a dose nobody answered for
    `after` minutes), "critical" (the same, only for critical medicines)."""

    key: str
    name: str
    channel: Channel
    rule: str = "unanswered"
    after: int = 60


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of reminder is sent ("dose", "refill", "measure", "questionnaire", "visit"): on or not, through which channels (keys; () all
    that are on), minutes ahead, minutes between repeats and how many, whether quiet hours hold it back."""

    on: bool = True
    channels: tuple[str, ...] = ()
    lead: int = 0
    repeat: int = 15
    rounds: int = 3
    quiet: bool = True


@dataclass(frozen=True, slots=True)
class Measuring:
    """A reminder to measure (`what`: a signal key such as "blood_pressure", "weight", "glucose") or to answer a questionnaire (`what`: its key):
    at these local times on these days ("mon" ..., () every day)."""

    kind: str
    what: str
    times: tuple[time, ...]
    days: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderBook:
    """How a person wants to be reminded. `detail` is what may stand on a locked screen: "discreet" (that something is due), "count" (how many), "names".
    `quiet` are quiet hours (from, to) of the wall clock or None; a critical medicine is never held back. `late` minutes after which a dose
    is no longer reminded of."""

    detail: str = "discreet"
    quiet: tuple[time, time] | None = None
    channels: tuple[Channel, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    helpers: tuple[Helper, ...] = ()
    measuring: tuple[Measuring, ...] = ()
    late: int = 180
    language: str = ""
    raw: bytes = b""

    def kind(self, name: str) -> Kind:
        """How this kind is sent: as chosen, else as usual."""
        return self.kinds.get(name, USUAL.get(name, Kind()))


USUAL: Mapping[str, Kind] = {
    "dose": Kind(),
    "refill": Kind(repeat=24 * 60, rounds=3),
    "measure": Kind(repeat=30, rounds=2),
    "questionnaire": Kind(repeat=24 * 60, rounds=2),
    "visit": Kind(lead=24 * 60, repeat=22 * 60, rounds=2),
}
"""House choice."""
