"""This is the place where doses and reminders are defined as they are kept: what is due, what the person said about it, what was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class DoseState(StrEnum):
    """What is known about a dose. A dose that is past and still PLANNED is *nothing logged yet*, never "missed"."""

    PLANNED = "planned"
    TAKEN = "taken"
    SKIPPED = "skipped"
    ENDED = "ended"  # the order changed before it was due: `why` says how


@dataclass(frozen=True, slots=True)
class PlannedDose:
    """A dose that is due: `slot` is unique for the person ("<medicine_id>/<Due.slot>") and the same however often it is planned. `zone` is the
    person's at that moment; `amount` is (low, high, unit) or None where none was written."""

    slot: str
    medicine_id: str
    title: str
    at: datetime
    zone: str
    amount: tuple[float, float, str] | None = None
    text: str = ""
    critical: bool = False
    as_needed: bool = False


@dataclass(frozen=True, slots=True)
class DoseAnswer:
    """What the person says: state TAKEN or SKIPPED (PLANNED takes an answer back), when it was taken, a reason code for skipping
    (`skip.<code>`), own words, and who said it."""

    state: DoseState
    taken_at: datetime | None = None
    reason: str = ""
    text: str = ""
    amount: tuple[float, float, str] | None = None
    said_at: datetime | None = None
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class KeptDose:
    """A dose in the store. `why` says what ended it ("stopped", "changed", "superseded", "removed", "answered_anew")."""

    dose_id: str
    person_id: str
    planned: PlannedDose
    state: DoseState
    answer: DoseAnswer | None = None
    why: str = ""


class ReminderState(StrEnum):
    """Where a reminder stands. REMINDER_MOVES is the table of what may follow what."""

    WAITING = "waiting"  # its time has not come
    SENT = "sent"  # at least one delivery went out; it is repeated until answered
    SNOOZED = "snoozed"
    ESCALATED = "escalated"  # somebody else was told
    ANSWERED = "answered"
    UNANSWERED = "unanswered"  # all rounds went out and nobody answered: closed, and said so
    MISSED = "missed"  # too late to remind: "missed, not reminded", with the reason
    ENDED = "ended"  # what it was about is no longer planned


_OPEN = (ReminderState.WAITING, ReminderState.SENT, ReminderState.SNOOZED, ReminderState.ESCALATED)
_CLOSING = frozenset({ReminderState.ANSWERED, ReminderState.MISSED, ReminderState.ENDED, ReminderState.UNANSWERED})
REMINDER_MOVES: Mapping[ReminderState, frozenset[ReminderState]] = MappingProxyType(
    {
        ReminderState.WAITING: _CLOSING | {ReminderState.SENT, ReminderState.SNOOZED, ReminderState.ESCALATED},
        ReminderState.SENT: _CLOSING | {ReminderState.SENT, ReminderState.SNOOZED, ReminderState.ESCALATED},
        ReminderState.SNOOZED: _CLOSING | {ReminderState.SENT, ReminderState.SNOOZED, ReminderState.ESCALATED},
        ReminderState.ESCALATED: _CLOSING | {ReminderState.ESCALATED, ReminderState.SNOOZED},
        ReminderState.UNANSWERED: frozenset({ReminderState.ANSWERED}),
        ReminderState.MISSED: frozenset({ReminderState.ANSWERED}),
        ReminderState.ANSWERED: frozenset({ReminderState.SNOOZED, ReminderState.SENT, ReminderState.WAITING}),
        ReminderState.ENDED: frozenset(),
    }
)
"""From each state, the states that may follow. ANSWERED opens again only where the person takes an answer back."""
OPEN_STATES = frozenset(_OPEN)


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One reminder for one moment (all doses due then are in one). `slot` is unique for the person ("dose@2026-03-29T06:00Z"); `kind` is "dose",
    "refill", "measure", "questionnaire" or "visit"; `subjects` are dose slots, or a medicine id, a signal, a form's key, a record id."""

    slot: str
    kind: str
    due_at: datetime
    remind_at: datetime
    subjects: tuple[str, ...] = ()
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message of a reminder through one channel to one recipient. It is written down before it is sent ("sending"), so that one whose sender
    died is known: sent again it has the same `message_id` and `maybe_twice` is true. `state`: "sending", "sent", "failed" (tried again at
    `next_at`), "given_up"; `why` a code."""

    delivery_id: str
    round: int
    channel: str
    recipient: str
    state: str
    message_id: str
    tries: int = 0
    at: datetime | None = None
    next_at: datetime | None = None
    why: str = ""
    maybe_twice: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder in the store: `round` counts how often it went out, `next_at` is when somebody has to look at it again (None: never)."""

    reminder_id: str
    person_id: str
    planned: PlannedReminder
    state: ReminderState
    round: int = 0
    next_at: datetime | None = None
    why: str = ""
    deliveries: tuple[Delivery, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due for a person in [start, until): laid down as a whole, in one transaction, as often as one likes. Unanswered doses of
    that time, planned before and not in here, end; `ended_why` says why by medicine id ("changed" where it says nothing). `next_at`: when to plan anew."""

    start: datetime
    until: datetime
    doses: tuple[PlannedDose, ...]
    reminders: tuple[PlannedReminder, ...]
    next_at: datetime
    ended_why: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    """What laying a plan down changed."""

    added: int = 0
    unchanged: int = 0
    ended: int = 0


@dataclass(frozen=True, slots=True)
class Request:
    """Something a person asked of their care team, as a receipt: `kind` "refill" or "question"; `about` a medicine id; `state` "requested",
    "accepted", "failed" (refused, with a reason) or "withdrawn". Looking at it is none of these."""

    request_id: str
    person_id: str
    kind: str
    about: str
    title: str
    state: str
    asked_at: datetime
    asked_by: str
    text: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""
    answer: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar address a telephone reads: only the digest of its secret is kept."""

    feed_id: str
    person_id: str
    label: str
    created_at: datetime
    seen_at: datetime | None = None
    revoked_at: datetime | None = None
    detail: str = "discreet"
