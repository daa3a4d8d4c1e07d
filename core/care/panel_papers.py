"""This is the place where the team's papers are counted for a panel: alerts with when somebody took them, messages with when they were answered, and visits.

A paper that can't be read is counted as such; the others still count.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.alerts.states import Alert, Kind
from core.care import alert_desk
from core.care.access import Grant
from core.care.thread_papers import thread_of
from core.domain.papers import Paper, PaperKind
from core.domain.threads import PERSON, TEAM, WAITING_TEAM, Thread
from core.domain.visits import DONE, MISSED, PROPOSED, STANDING
from core.errors import BadInput
from core.panel.burden import Raised
from core.ports import Ports

KINDS = (PaperKind.DESK, PaperKind.ALERT, PaperKind.THREAD, PaperKind.VISIT)
_TAKEN = (*STANDING, DONE, MISSED)
"""States of a visit in which its time was or is taken; of those that are only proposed nobody knows yet."""
_BY_SOMEBODY = frozenset({Kind.ACKNOWLEDGED, Kind.ACTING, Kind.RESOLVED})


@dataclass(frozen=True, slots=True)
class Counted:
    """Alerts, and what people wrote, with when somebody looked; when people wrote and how many threads wait for the team; the visits (person, unix seconds).
    `watched`: of how many people alerts are kept; `damaged`: papers that can't be read."""

    alerts: tuple[Raised, ...] = ()
    written: tuple[Raised, ...] = ()
    messages: tuple[float, ...] = ()
    waiting: int = 0
    visits: tuple[tuple[str, float], ...] = ()
    watched: int = 0
    damaged: int = 0


def papers_of(ports: Ports, grant: Grant, people: Sequence[str]) -> Counted:
    """Everything about these people, read in one question."""
    if not people:
        return Counted()
    alerts: dict[tuple[str, str], Raised] = {}
    threads: list[tuple[str, Thread]] = []
    visits: list[tuple[str, float]] = []
    watched = damaged = 0
    for paper in ports.store.papers(tuple(people), grant.event("panel_report"), kinds=KINDS):
        try:
            if paper.kind is PaperKind.THREAD:
                threads.append((paper.person_id, thread_of(paper)))
            elif paper.kind is PaperKind.VISIT:
                visits += [(paper.person_id, paper.at.timestamp())] if paper.state in _TAKEN and paper.state != PROPOSED else []
            else:
                alerts |= {(paper.person_id, one.alert_id): raised(paper.person_id, one) for one in _alerts(paper)}
                watched += paper.kind is PaperKind.DESK and bool(paper.body)
        except BadInput:
            damaged += 1
    written = tuple(one for person_id, thread in threads for one in _answers(person_id, thread))
    messages = tuple(head.at.timestamp() for _, thread in threads for head in thread.heads if head.side == PERSON)
    waiting = sum(thread.state == WAITING_TEAM for _, thread in threads)
    return Counted(tuple(alerts.values()), written, messages, waiting, tuple(visits), watched, damaged)


def raised(person_id: str, alert: Alert) -> Raised:
    """One alert: taken when the first person did anything about it, ended by a person or by a recovery rule (which is no look)."""
    taken = next((one.at for one in alert.timeline if one.kind in _BY_SOMEBODY), None)
    ended = next((one.at for one in alert.timeline if one.kind in (Kind.RESOLVED, Kind.RECOVERED)), None)
    return Raised(
        person_id,
        int(alert.severity),
        alert.raised_at.timestamp(),
        taken.timestamp() if taken else None,
        ended.timestamp() if ended else None,
    )


def by_person(raised: Sequence[Raised]) -> Mapping[str, list[Raised]]:
    found: dict[str, list[Raised]] = {}
    for one in raised:
        found.setdefault(one.person_id, []).append(one)
    return found


def _alerts(paper: Paper) -> Sequence[Alert]:
    """Those on a desk; or the one that has ended."""
    return (alert_desk.ended_of(paper),) if paper.kind is PaperKind.ALERT else alert_desk.read(paper).alerts


def _answers(person_id: str, thread: Thread) -> Iterator[Raised]:
    """Each time the person wrote while the team owed nothing, until the team wrote; or until somebody said that no answer is needed."""
    since: float | None = None
    for head in thread.heads:
        if head.side == PERSON and since is None:
            since = head.at.timestamp()
        elif head.side == TEAM and since is not None:
            yield Raised(person_id, 0, since, head.at.timestamp(), head.at.timestamp())
            since = None
    if since is not None:
        done = None if thread.state == WAITING_TEAM else max((one.at.timestamp() for one in thread.steps), default=None)
        yield Raised(person_id, 0, since, done, done)
