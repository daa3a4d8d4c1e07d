"""This is the place where the worker sends letters: whom an audience means is found out now, each delivery is written down before it leaves, and what became of it after.

What can't be handed on is tried again for a bounded time, urgent letters for two minutes and others for half an hour, and then given up, which whoever put the letter
down hears of. A worker that dies leaves "sending": the next one sends it again under the same message id and marks it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.care import alert_desk, kiosk_desk, letters, reaching, visit_letters
from core.care.access import COMMAND_LINE, Action, Grant, require
from core.care.letters import KeptLetter, Sending
from core.care.reaching import Houses, Reach, Way
from core.care.task_views import STILL_OPEN
from core.domain.doses import Delivery
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor
from core.errors import BadInput, Conflict, NotDelivered, NotFound, StoreDamaged
from core.medications.reminding import after_failure
from core.ports import Message, Ports, Say

LOG = logging.getLogger("healthboard.worker")
LEASE = timedelta(minutes=2)
MANY = 4
"""Letters taken at once: what a slow mail server keeps one from sending waits until the lease is over."""
URGENT_BACK_OFF = (timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=60))
"""After each failed try of an urgent letter (house choice); then the next in the chain is told."""
OF_THE_TEAM = (letters.COORDINATOR, letters.ON_CALL)
QUIET = "quiet_hours"

Words = Callable[[str], Say]


@dataclass(frozen=True, slots=True)
class Posted:
    """What one round did: letters looked at, deliveries that went out and that did not, letters that reached nobody."""

    looked_at: int = 0
    sent: int = 0
    failed: int = 0
    given_up: int = 0

    def __add__(self, other: Posted) -> Posted:
        return Posted(*(getattr(self, name) + getattr(other, name) for name in ("looked_at", "sent", "failed", "given_up")))


@dataclass(frozen=True, slots=True)
class Shift:
    """Who works, in which words, and until when something may be begun."""

    worker_id: str
    words: Words
    until: datetime
    houses: Houses


def run_once(ports: Ports, actor: Actor, worker_id: str, words: Words, lease: timedelta = LEASE) -> Posted:
    """Send the letters that are due by now, as far as this worker gets them. One letter's trouble stops no other."""
    require(ports, actor, Action.SEND_LETTERS)
    now = ports.clock.now()
    shift = Shift(worker_id, words, now + lease / 2, Houses(ports))
    done = Posted()
    for paper in ports.store.claim_papers(PaperKind.LETTER, worker_id, now, lease, MANY):
        if ports.clock.now() > shift.until:
            break  # taken up when the lease is over
        try:
            done += _posted(ports, shift, paper)
        except (Conflict, NotFound, StoreDamaged) as error:
            LOG.warning("The letter %s can't be sent: %s; tried again when the lease is over", paper.paper_id, error.code)
    return done


def _posted(ports: Ports, shift: Shift, paper: Paper) -> Posted:
    try:
        kept = letters.read(paper)
    except BadInput as error:
        LOG.warning("The letter %s can't be read: %s", paper.paper_id, error.code)
        ports.store.settle_papers(shift.worker_id, replace(paper, state=letters.DAMAGED, next_at=None), ports.clock.now())
        return Posted(1, given_up=1)
    grant = require(ports, COMMAND_LINE, Action.SEND_LETTERS, paper.person_id)
    if _over(ports, paper.person_id, kept, grant):
        return _settled(ports, shift, paper, replace(kept, why="over"), (letters.NOT_NEEDED, None))
    reach = reaching.reach(shift.houses, paper.person_id, kept.letter, grant)
    now = ports.clock.now()
    if reach.hold is not None and reach.hold > now:
        return _settled(ports, shift, paper, replace(kept, why=QUIET), (letters.WAITING, reach.hold))
    work = _Work(ports, shift, paper, replace(kept, why=reach.why))
    for group in reach.groups:
        if not work.told(group):
            return work.count  # another has it now, or will have
        if work.reached(group) or work.again_at(group) is not None:
            break
    return work.count + _settled(ports, shift, paper, work.kept, _end(work, reach))


class _Work:
    """One letter in hand."""

    def __init__(self, ports: Ports, shift: Shift, paper: Paper, kept: KeptLetter) -> None:
        self.ports, self.shift, self.paper, self.kept, self.count = ports, shift, paper, kept, Posted()

    def told(self, group: tuple[Way, ...]) -> bool:
        """Tell these all, as far as they have not been told: urgent or not, the app itself first. False where this worker may not go on."""
        for way in sorted(group, key=lambda one: one.channel is not None):
            before = self.before(way)
            now = self.ports.clock.now()
            if before is not None and before.state in ("sent", "given_up"):
                continue
            if before is not None and before.state == "failed" and before.next_at is not None and before.next_at > now:
                continue
            if now > self.shift.until or not self._one(way, before):
                return False
        return True

    def _one(self, way: Way, before: Sending | None) -> bool:
        now = self.ports.clock.now()
        begun = before or Sending(way.recipient, way.name, way.kind, way.key)
        twice = begun.maybe_twice or (begun.state == "sending" and begun.tries > 0)
        begun = replace(begun, state="sending", tries=begun.tries + 1, at=now, next_at=None, maybe_twice=twice)
        begun = replace(begun, message_id=letters.message_id(self.paper, begun))
        if way.channel is None:
            self.kept = self.kept.with_sending(replace(begun, state="sent", maybe_twice=False))
            return True
        if not self._kept(self.kept.with_sending(begun)):
            return False
        ended = self._delivered(way, begun)
        self.count += Posted(sent=int(ended.state == "sent"), failed=int(ended.state != "sent"))
        return self._kept(self.kept.with_sending(ended))

    def _delivered(self, way: Way, begun: Sending) -> Sending:
        channels = self.ports.channels
        try:
            if channels is None or way.channel is None:
                raise NotDelivered("channel_not_set_up", permanent=True, kind=way.kind)
            channels.send(way.channel.kind, way.channel.address, self._message(way, begun))
        except NotDelivered as error:
            state, next_at = self._failed(begun, permanent=error.permanent)
            return replace(begun, state=state, next_at=next_at, why=error.code)
        return replace(begun, state="sent", at=self.ports.clock.now(), why="")

    def _failed(self, begun: Sending, *, permanent: bool) -> tuple[str, datetime | None]:
        now = self.ports.clock.now()
        if not self.kept.letter.urgent:
            failed = Delivery("", 0, begun.channel, begun.recipient, "sending", begun.message_id, tries=begun.tries)
            return after_failure(failed, now, permanent=permanent)
        if permanent or begun.tries > len(URGENT_BACK_OFF):
            return "given_up", None
        return "failed", now + URGENT_BACK_OFF[begun.tries - 1]

    def _message(self, way: Way, begun: Sending) -> Message:
        """What goes out says that something waits, and nothing about anybody's health."""
        say, letter = self.shift.words(way.language), self.kept.letter
        kind = f"letter.{letter.purpose}"
        haste = [f"{kind}.urgent"] if letter.urgent else []
        stems = [*(f"{stem}.{way.words}" for stem in (*haste, kind) if way.words), *haste, kind]
        who = way.who or say("message.somebody")
        title, body = (say.first(*(f"{stem}.{part}" for stem in stems), who=who) for part in ("title", "body"))
        return Message(begun.message_id, title, body, self.ports.public_url, letter.urgent, way.language or "en")

    def _kept(self, kept: KeptLetter) -> bool:
        self.kept = kept
        written = replace(self.paper, state=letters.WAITING, body=letters.written(kept))
        return self.ports.store.settle_papers(self.shift.worker_id, written, self.ports.clock.now(), keep_lease=True)

    def before(self, way: Way) -> Sending | None:
        key = (way.recipient, way.kind, way.key)
        return next((one for one in self.kept.sendings if (one.recipient, one.channel, one.key) == key), None)

    def reached(self, group: tuple[Way, ...]) -> bool:
        """Whether a message left the house for one of these."""
        found = [self.before(way) for way in group if way.channel is not None]
        return any(one is not None and one.state == "sent" for one in found)

    def again_at(self, group: tuple[Way, ...]) -> datetime | None:
        """When what failed is tried again."""
        found = [self.before(way) for way in group]
        return min((one.next_at for one in found if one is not None and one.state == "failed" and one.next_at), default=None)


def _end(work: _Work, reach: Reach) -> tuple[str, datetime | None]:
    """How the letter stands now, and when it is looked at again."""
    again = min((at for group in reach.groups if (at := work.again_at(group)) is not None), default=None)
    if again is not None:
        return letters.WAITING, again
    if any(work.reached(group) for group in reach.groups):
        return letters.SENT, None
    if reach.outside:
        return letters.GIVEN_UP, None
    return (letters.IN_APP if reach.anybody else letters.NOBODY), None


def _settled(ports: Ports, shift: Shift, paper: Paper, kept: KeptLetter, end: tuple[str, datetime | None]) -> Posted:
    state, next_at = end
    now = ports.clock.now()
    written = replace(paper, state=state, body=letters.written(replace(kept, state=state)), next_at=next_at)
    if not ports.store.settle_papers(shift.worker_id, written, now):
        return Posted(1)
    return Posted(1, given_up=int(state in letters.NOT_REACHED))


def _over(ports: Ports, person_id: str, kept: KeptLetter, grant: Grant) -> bool:
    """Whether what an alert's letter is about has ended, or the team has it already where it is for the team; or the task or the visit it is about. A desk
    that can't be read ends nothing."""
    if kept.letter.purpose == "task":
        task = ports.store.paper(person_id, PaperKind.TASK, kept.letter.about, grant.event("letters"))
        return task is None or task.state not in STILL_OPEN
    if kept.letter.purpose == "visit":
        visit = ports.store.paper(person_id, PaperKind.VISIT, kept.letter.about, grant.event("letters"))
        return visit_letters.over(visit, kept.letter.slot, ports.clock.now())
    if kept.letter.purpose == "desk":
        return kiosk_desk.is_answered(ports.store, kept.letter.about)
    if kept.letter.purpose != "alert" or kept.letter.about == "":
        return False
    try:
        _, desk = alert_desk.fetch(ports.store, person_id, grant)
    except BadInput:
        return False
    alert = next((one for one in desk.alerts if one.alert_id == kept.letter.about), None)
    return alert is None or not alert.open or (alert.taken and kept.letter.audience in OF_THE_TEAM)
