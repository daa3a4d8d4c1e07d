"""This is the place where it stands what a letter is: something the house has to tell somebody, put down together with what it is about, before it leaves.

Who gives a reason for a letter puts `paper(...)` in the `once=` or `more=` of its own transaction: what happened and the letter about it are kept together or
not at all. The worker (core/care/posting.py) finds out whom the audience means when it sends, writes every delivery down before it leaves, and writes down
what became of it. A sender that died leaves a delivery "sending": it goes out again under the same message id, and is marked `maybe_twice`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec

from core.domain.audit import AuditEvent
from core.domain.papers import Paper, PaperKind
from core.errors import BadInput
from core.ports import Store

PURPOSES = ("alert", "message", "visit", "task", "desk")
PATIENT, CAREGIVER, COORDINATOR, ON_CALL = "patient", "caregiver", "coordinator", "on_call"
AUDIENCES = (PATIENT, CAREGIVER, COORDINATOR, ON_CALL)
ACCOUNT = "account:"
VERSION = 1

WAITING = "waiting"
SENT = "sent"  # handed on through at least one way out of the house
IN_APP = "in_app"  # nobody could be reached outside: it can be seen by whoever signs in, and nobody was called to do so
NOBODY = "nobody"  # there is nobody of that kind
GIVEN_UP = "given_up"  # there are ways out, and none worked
NOT_NEEDED = "not_needed"  # what it is about was over before it went out
DAMAGED = "damaged"  # it can't be read, so nobody was told
ENDED = (SENT, IN_APP, NOBODY, GIVEN_UP, NOT_NEEDED, DAMAGED)
AHEAD = timedelta(days=1)
"""So much before all others an urgent letter is due: whoever sends takes the longest due first."""
NOT_REACHED = (IN_APP, NOBODY, GIVEN_UP, DAMAGED)
"""Letters after which nobody can be said to have been called."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be told: `slot` is its name among the person's letters (the same slot is the same letter), `purpose` one of PURPOSES, `about` the key of what
    it is about, `audience` one of AUDIENCES or "account:<id>"; `urgent` ones go through quiet hours."""

    slot: str
    purpose: str
    about: str
    audience: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """One way of one letter to one recipient: `recipient` an account id, "self" (the person) or "helper:<key>"; `name` how they are called ("" the person);
    `channel` "in_app", "email", "apprise" or "push", `key` which of the recipient's; `state` "sending", "sent", "failed" or "given_up"."""

    recipient: str
    name: str
    channel: str
    key: str = ""
    state: str = "sending"
    message_id: str = ""
    tries: int = 0
    at: datetime | None = None
    next_at: datetime | None = None
    why: str = ""
    maybe_twice: bool = False


@dataclass(frozen=True, slots=True)
class KeptLetter:
    """A letter as it is kept. `why` says why it waits or how it ended ("quiet_hours", "no_channel", a code of a channel)."""

    letter: Letter
    sendings: tuple[Sending, ...] = ()
    why: str = ""
    state: str = WAITING
    at: datetime | None = None
    version: int = VERSION

    def with_sending(self, one: Sending) -> KeptLetter:
        """With this in the place of the one to the same recipient by the same way, or added."""
        others = tuple(one if same(one, each) else each for each in self.sendings)
        return replace(self, sendings=others if any(same(one, each) for each in self.sendings) else (*self.sendings, one))


def same(one: Sending, other: Sending) -> bool:
    return (one.recipient, one.channel, one.key) == (other.recipient, other.channel, other.key)


def paper(person_id: str, letter: Letter, at: datetime) -> Paper:
    """The letter as it is put into the outbox. Raises BadInput for a purpose or an audience that is none."""
    if letter.purpose not in PURPOSES or not letter.slot:
        raise BadInput("bad_choice", place="purpose", need=" ".join(PURPOSES))
    if letter.audience not in AUDIENCES and not letter.audience.startswith(ACCOUNT):
        raise BadInput("bad_choice", place="audience", need=" ".join((*AUDIENCES, ACCOUNT)))
    body = written(KeptLetter(letter))
    due = at - AHEAD if letter.urgent else at
    return Paper(person_id, PaperKind.LETTER, letter.slot, WAITING, at, body, next_at=due, parent=letter.about)


def written(kept: KeptLetter) -> bytes:
    return msgspec.json.encode(kept)


def read(one: Paper) -> KeptLetter:
    """A letter as it stands. Raises BadInput (paper_damaged) where it can't be read: never taken for one that says nothing."""
    try:
        kept = msgspec.json.decode(one.body, type=KeptLetter)
    except msgspec.DecodeError:
        raise BadInput("paper_damaged", place=one.kind.value) from None
    return replace(kept, state=one.state, at=one.at)


def message_id(one: Paper, sending: Sending) -> str:
    """The same however often it is sent: of the letter and its way, and of nothing that could tell who or what."""
    whole = "\n".join((one.person_id, one.key, sending.recipient, sending.channel, sending.key))
    return f"l{hashlib.sha256(whole.encode()).hexdigest()[:32]}@healthboard"


def of(
    store: Store, person_ids: Sequence[str], event: AuditEvent, about: str | None = None, states: Sequence[str] = ()
) -> tuple[KeptLetter, ...]:
    """The letters about these people (about one thing: its key; in these states), the oldest first. One that can't be read is there, and says so."""
    found = store.papers(person_ids, event, kinds=(PaperKind.LETTER,), parent=about, states=states)
    return tuple(_or_damaged(one) for one in found)


def _or_damaged(one: Paper) -> KeptLetter:
    try:
        return read(one)
    except BadInput:
        return KeptLetter(Letter(one.key, "", one.parent, ""), why="paper_damaged", state=DAMAGED, at=one.at)
