"""This is the place where a person's desk of alerts is read from its paper and laid back, and where every step that was told becomes a letter in the same breath.

A letter's slot names the alert and the line of its timeline that it belongs to, so the same line never makes two letters, whoever writes the desk and however often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from core.alerts.desk import Desk, due_at, resumed
from core.alerts.states import Alert, Entry, Kind
from core.care import letters
from core.care.access import Grant
from core.care.letters import Letter
from core.domain.papers import Paper, PaperKind
from core.errors import BadInput
from core.ports import Store
from core.trends.judgement import Severity

VERSION = 1
KEY = PaperKind.DESK.value
OPEN, QUIET, NEW, DAMAGED = "open", "quiet", "new", "damaged"


class _Kept(msgspec.Struct, frozen=True):
    version: int
    desk: Desk
    looked_at: datetime | None = None
    broken: tuple[str, ...] = ()
    revision: int = 0
    again_at: datetime | None = None


class _Ended(msgspec.Struct, frozen=True):
    version: int
    alert: Alert


@dataclass(frozen=True, slots=True)
class Looked:
    """When a worker last looked at everything, what it could not read then (parts of alert_happenings, "readings", "limits"), which revision of the person that leaves
    them at, and when time alone (a dose that is late, a silence) makes another look worth while: before that and without anything new only the chain goes on."""

    at: datetime | None = None
    broken: tuple[str, ...] = ()
    revision: int = 0
    again_at: datetime | None = None

    def holds(self, revision: int, now: datetime) -> bool:
        return self.at is not None and self.revision == revision and self.again_at is not None and now < self.again_at


def read(paper: Paper | None) -> Desk:
    """The desk on a paper; an empty one where none was ever laid there. Raises BadInput (paper_damaged)."""
    return Desk() if paper is None or not paper.body else _kept(paper).desk


def looked(paper: Paper | None) -> Looked:
    """What is kept about the last look. Raises BadInput (paper_damaged)."""
    if paper is None or not paper.body:
        return Looked()
    kept = _kept(paper)
    return Looked(kept.looked_at, kept.broken, kept.revision, kept.again_at)


def _kept(paper: Paper) -> _Kept:
    try:
        return msgspec.json.decode(paper.body, type=_Kept)
    except msgspec.DecodeError:
        raise BadInput("paper_damaged", place=PaperKind.DESK.value) from None


def written(desk: Desk, look: Looked) -> bytes:
    return msgspec.json.encode(_Kept(VERSION, desk, look.at, look.broken, look.revision, look.again_at))


def ended_of(paper: Paper) -> Alert:
    """An alert that has ended, from its paper. Raises BadInput (paper_damaged)."""
    try:
        return msgspec.json.decode(paper.body, type=_Ended).alert
    except msgspec.DecodeError:
        raise BadInput("paper_damaged", place=PaperKind.ALERT.value) from None


def laid(paper: Paper, desks: tuple[Desk, Desk], now: datetime, look: Looked | None = None) -> tuple[Paper, tuple[Paper, ...]]:
    """The paper with the second of two desks in the place of the first, and what goes with it in the same transaction: a letter for each step that was told, and the
    alerts that ended. `look`: what is known of a look just made (None: as it was)."""
    before, after = desks
    more = [*_letters(paper.person_id, before, after, now)]
    swept, ended = after.swept()
    more.extend(_ended(paper.person_id, one) for one in ended)
    state = OPEN if swept.alerts else QUIET
    body = written(swept, look or looked(paper))
    return replace(paper, state=state, body=body, next_at=due_at(swept), at=now), tuple(more)


def slot(alert_id: str, line: int) -> str:
    """The name of the letter that belongs to one line of an alert's timeline."""
    return f"alert/{alert_id}/{line}"


def line_of(slot_name: str) -> int:
    """The other way; -1 where it is none."""
    last = slot_name.rpartition("/")[2]
    return int(last) if slot_name.startswith("alert/") and last.isdigit() else -1


def tells(entry: Entry) -> bool:
    """Whether somebody is told by this line."""
    return entry.kind in (Kind.NOTIFIED, Kind.ESCALATED) and bool(entry.to)


def fetch(store: Store, person_id: str, grant: Grant) -> tuple[Paper, Desk]:
    """A person's desk, and the paper it lies on (edition 0: there is none yet). Raises BadInput."""
    paper = store.paper(person_id, PaperKind.DESK, KEY, grant.event("desk"))
    if paper is None:
        now = grant.event().at
        return Paper(person_id, PaperKind.DESK, KEY, NEW, now, b"", next_at=now), Desk()
    return paper, read(paper)


def put(store: Store, paper: Paper, desks: tuple[Desk, Desk], grant: Grant, what: str) -> Desk:
    """Lay the second of two desks where the first was read, with all that is due now, and its letters. Raises Conflict (paper_changed) where somebody else did."""
    before, after = desks
    now = grant.event().at
    told = resumed(after, now)
    kept, more = laid(paper, (before, told), now)
    store.put_papers(paper.person_id, [kept], grant.event(what), once=more)
    return told


def _letters(person_id: str, before: Desk, after: Desk, now: datetime) -> Sequence[Paper]:
    known = {one.alert_id: len(one.timeline) for one in before.alerts}
    made = []
    for alert in after.alerts:
        for line in range(known.get(alert.alert_id, 0), len(alert.timeline)):
            entry = alert.timeline[line]
            if tells(entry) and alert.open:
                urgent = entry.severity >= Severity.ACT_NOW
                made.append(
                    letters.paper(person_id, Letter(slot(alert.alert_id, line), "alert", alert.alert_id, entry.to, urgent), now)
                )
    return made


def _ended(person_id: str, alert: Alert) -> Paper:
    return Paper(
        person_id, PaperKind.ALERT, alert.alert_id, alert.family[:40], alert.raised_at, msgspec.json.encode(_Ended(VERSION, alert))
    )
