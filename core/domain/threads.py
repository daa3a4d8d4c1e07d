"""This is the place where a conversation between a person and the team is defined: who has said and read what, who waits for whom, and what may follow.

Pure. A message is a number in its thread (from 1); it never changes and never goes away, it can only be marked as taken back. Read marks never go backwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

PERSON, TEAM = "person", "team"
"""The two sides: the person with whoever looks after them, and the care team."""

OPEN, WAITING_TEAM, WAITING_PERSON, CLOSED = "open", "waiting_team", "waiting_person", "closed"
STATES = (OPEN, WAITING_TEAM, WAITING_PERSON, CLOSED)
STEPS = ("closed", "reopened", "no_answer", "assigned", "unassigned", "interpreter_on", "interpreter_off", "handled", "taken_back")
"""What can be done with a thread beside writing (`thread.step.<...>`)."""

MOST_MESSAGES = 300
MOST_STEPS = 400
SAME_WITHIN = timedelta(minutes=10)
"""The same words again by the same hand within this time, with nothing said in between, are the same message sent twice. House choice."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who does something in a thread: `side` PERSON or TEAM; `role` as in core/domain/people.py."""

    account_id: str
    name: str
    role: str
    side: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the thread knows of a message: its key, by whom (side, account, role), when, and the digest of what it says."""

    key: str
    side: str
    account_id: str
    at: datetime
    digest: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """An account had everything up to `number` in front of it at this time."""

    account_id: str
    name: str
    side: str
    number: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One of STEPS: by whom, when; `about` a message's key or the name of who it was given to."""

    what: str
    at: datetime
    account_id: str
    name: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation. `waiting_since` when the side that waits began to wait, `promised_by` until when the house promised the team's answer (None: it promised
    nothing); `settled` up to which message the team has answered or said that no answer is needed; `urgent` the signs of danger that its messages speak of,
    until somebody of the team has answered or dealt with them; `alarm_failed` where no alert could be raised about them."""

    subject: str
    begun_at: datetime
    begun_by: Writer
    state: str = OPEN
    heads: tuple[Head, ...] = ()
    reads: tuple[Read, ...] = ()
    steps: tuple[Step, ...] = ()
    settled: int = 0
    waiting_since: datetime | None = None
    promised_by: datetime | None = None
    assigned: str = ""
    assigned_name: str = ""
    urgent: tuple[str, ...] = ()
    alarm_failed: bool = False
    interpreter: bool = False
    version: int = 1

    @property
    def last_at(self) -> datetime:
        return self.heads[-1].at if self.heads else self.begun_at

    @property
    def parties(self) -> tuple[str, ...]:
        """The accounts that have written, each once."""
        return tuple(dict.fromkeys(one.account_id for one in self.heads))

    @property
    def taken_back(self) -> frozenset[str]:
        return frozenset(one.about for one in self.steps if one.what == "taken_back")


def said(thread: Thread, head: Head, promised_by: datetime | None, flags: tuple[str, ...] = ()) -> Thread:
    """The thread with one more message: the other side is waited for, from the first message that has no answer yet."""
    after = replace(thread, heads=(*thread.heads, head))
    if head.side == TEAM:
        settled = replace(after, settled=len(after.heads), urgent=(), alarm_failed=False)
        return replace(settled, state=WAITING_PERSON, waiting_since=head.at, promised_by=None)
    urgent = tuple(dict.fromkeys((*thread.urgent, *flags)))
    if thread.state == WAITING_TEAM:
        return replace(after, urgent=urgent)
    return replace(after, state=WAITING_TEAM, waiting_since=head.at, promised_by=promised_by, urgent=urgent)


def twice(thread: Thread, head: Head) -> Head | None:
    """The message that this one repeats: the same words by the same hand as the last one, a moment later."""
    last = thread.heads[-1] if thread.heads else None
    if last is None or (last.account_id, last.digest) != (head.account_id, head.digest) or not head.digest:
        return None
    return last if timedelta(0) <= head.at - last.at <= SAME_WITHIN and last.key not in thread.taken_back else None


def read_to(thread: Thread, who: Writer, number: int, at: datetime) -> Thread:
    """The thread with the account's mark at this message; never before where it was, never past the last one."""
    number = min(number, len(thread.heads))
    if number <= mark_of(thread, who.account_id):
        return thread
    return replace(thread, reads=(*thread.reads, Read(who.account_id, who.name, who.side, number, at)))


def mark_of(thread: Thread, account_id: str) -> int:
    """Up to which message the account has read; 0: none."""
    return max((one.number for one in thread.reads if one.account_id == account_id), default=0)


def unread(thread: Thread, account_id: str, side: str) -> int:
    """How many messages wait to be read by this account. For the person's side: what anybody else wrote. For the team: what the person's side wrote and
    nobody of the team has settled since, so that a colleague's answer leaves nothing to be read twice."""
    seen = mark_of(thread, account_id)
    gone = thread.taken_back
    if side == TEAM:
        seen = max(seen, thread.settled)
    return sum(
        number > seen and one.account_id != account_id and one.key not in gone and (side == PERSON or one.side == PERSON)
        for number, one in enumerate(thread.heads, start=1)
    )


def seen_by(thread: Thread, number: int) -> tuple[Read, ...]:
    """Who of the other side had this message in front of them, each once, when first."""
    side = thread.heads[number - 1].side
    found: dict[str, Read] = {}
    for one in thread.reads:
        if one.side != side and one.number >= number:
            found.setdefault(one.account_id, one)
    return tuple(found.values())


def stepped(thread: Thread, what: str, who: Writer, at: datetime, about: str = "") -> Thread:
    """The thread after one of STEPS. What changes nothing leaves it as it is."""
    if len(thread.steps) >= MOST_STEPS:
        thread = replace(thread, steps=tuple(one for one in thread.steps if one.what == "taken_back") + thread.steps[-50:])
    after = _changed(thread, what, who, about)
    if after == thread and what != "taken_back":
        return thread
    if what == "taken_back" and about in thread.taken_back:
        return thread
    return replace(after, steps=(*after.steps, Step(what, at, who.account_id, who.name, about)))


def _changed(thread: Thread, what: str, who: Writer, about: str) -> Thread:
    still = replace(thread, waiting_since=None, promised_by=None)
    if what == "closed":
        return replace(still, state=CLOSED, settled=len(thread.heads) if who.side == TEAM else thread.settled)
    if what == "reopened":
        return replace(still, state=OPEN) if thread.state == CLOSED else thread
    if what == "no_answer":
        return replace(still, state=OPEN, settled=len(thread.heads)) if thread.state != CLOSED else thread
    if what == "handled":
        return replace(thread, urgent=(), alarm_failed=False)
    if what in ("interpreter_on", "interpreter_off"):
        return replace(thread, interpreter=what == "interpreter_on")
    if what == "assigned":
        return replace(thread, assigned=about)
    if what == "unassigned":
        return replace(thread, assigned="", assigned_name="")
    return thread
