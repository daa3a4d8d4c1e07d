"""This is the place where it is found out what waits for the team: requests, photos and recordings, open alerts, messages and tasks, of all people at once.

Where something of one person can't be read, that is a reason for this person, and everybody else's is read all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from core.alerts.states import Alert, Kind
from core.care import alert_desk, task_papers, thread_papers, visit_papers
from core.care.access import Grant
from core.care.check_lines import asked_at, is_late
from core.care.reviews import rank_of
from core.care.task_views import STILL_OPEN
from core.care.team import Team
from core.domain.checks import CHECKS_OPEN, CheckState, KeptCheck
from core.domain.doses import Request
from core.domain.papers import Paper, PaperKind
from core.domain.signals import SIGNALS
from core.domain.threads import WAITING_TEAM, Thread
from core.errors import BadInput, NotFound, StoreDamaged
from core.ports import Ports
from core.worklist.terms import Open

T = TypeVar("T", Request, KeptCheck, Paper)
_REQUESTS: Mapping[str, str] = {"refill": "request_refill", "question": "request_question"}
_KINDS = (PaperKind.TASK, PaperKind.DESK, PaperKind.THREAD, PaperKind.VISIT)
_TO_COME = ("booked", "arrived")
_AGREED = ("proposed", *_TO_COME)
_STATES = (*STILL_OPEN, alert_desk.OPEN, WAITING_TEAM, *_AGREED)
_UNSAID_AFTER = timedelta(days=1)
"""So long after its time somebody should have said of a visit whether it took place (house)."""


@dataclass(slots=True)
class Waits:
    """What waits, by person, and the codes of what of theirs could not be read."""

    open: dict[str, list[Open]] = field(default_factory=dict)
    broken: dict[str, list[str]] = field(default_factory=dict)
    tasks: list[Paper] = field(default_factory=list)

    def add(self, person_id: str, one: Open) -> None:
        self.open.setdefault(person_id, []).append(one)

    def fault(self, person_id: str, code: str) -> None:
        self.broken.setdefault(person_id, []).append(code)


def waiting(ports: Ports, grant: Grant, people: tuple[str, ...], of: Team, now: datetime) -> Waits:
    """Everything that is open about these people at this moment."""
    found = Waits()
    if not people:
        return found
    event = grant.event("worklist")
    for asked in _each(people, found, lambda some: ports.store.requests(some, event, open_only=True)):
        if asked.asked_at <= now:
            rule = _REQUESTS.get(asked.kind, "request_question")
            found.add(asked.person_id, Open(rule, asked.asked_at.timestamp(), asked.request_id, {"title": asked.title}))
    states = (*CHECKS_OPEN, CheckState.RETAKE_ASKED)
    for check in _each(people, found, lambda some: ports.store.checks(some, event, states=states)):
        _of_check(check, found, now)
    for paper in _each(people, found, lambda some: ports.store.papers(some, event, kinds=_KINDS, states=_STATES)):
        _of_paper(paper, found, of, now)
    return found


def _each(people: tuple[str, ...], found: Waits, ask: Callable[[tuple[str, ...]], Iterable[T]]) -> Iterable[T]:
    """The answer about all; where something is damaged, that about each by themselves."""
    try:
        return ask(people)
    except StoreDamaged:
        return _one_by_one(people, found, ask)


def _one_by_one(people: tuple[str, ...], found: Waits, ask: Callable[[tuple[str, ...]], Iterable[T]]) -> Iterator[T]:
    for person_id in people:
        try:
            yield from ask((person_id,))
        except (StoreDamaged, NotFound) as error:
            found.fault(person_id, error.code)


def _of_check(check: KeptCheck, found: Waits, now: datetime) -> None:
    since = asked_at(check) or check.submitted_at
    if since > now:
        return
    pressing = rank_of(check, now) in ("danger_words", "show_soon")
    awaited = check.state is CheckState.RETAKE_ASKED and not is_late(check, now)
    rule = "photo_awaited" if awaited else "review_soon" if pressing else "review_other"
    found.add(check.person_id, Open(rule, since.timestamp(), check.check_id, {"kind": check.kind.value}))


def _of_paper(paper: Paper, found: Waits, of: Team, now: datetime) -> None:
    if paper.kind is PaperKind.TASK:
        found.tasks.append(paper)
    try:
        for one in _read(paper, of, now):
            found.add(paper.person_id, one)
    except BadInput as error:
        found.fault(paper.person_id, error.code)


def _read(paper: Paper, of: Team, now: datetime) -> Iterator[Open]:
    """Raises BadInput (paper_damaged)."""
    if paper.kind is PaperKind.TASK and paper.state in STILL_OPEN:
        yield _of_task(paper, of, now)
    elif paper.kind is PaperKind.DESK:
        yield from (_of_alert(one, of) for one in alert_desk.read(paper).open() if one.raised_at <= now)
    elif paper.kind is PaperKind.VISIT and paper.state in _TO_COME and paper.at + _UNSAID_AFTER <= now:
        yield Open("visit_unsaid", paper.at.timestamp(), paper.key, {"at": paper.at.isoformat()})
    elif paper.kind is PaperKind.VISIT and paper.state in _AGREED and (visit := visit_papers.read(paper)).wish:
        asked = next((one.at for one in reversed(visit.steps) if one.what == "ask"), paper.at)
        yield Open("visit_wish", asked.timestamp(), paper.key, {"at": paper.at.isoformat(), "title": visit.wish})
    elif paper.kind is PaperKind.THREAD and paper.state == WAITING_TEAM:
        yield _of_thread(paper.key, thread_papers.thread_of(paper), now)


def _of_task(paper: Paper, of: Team, now: datetime) -> Open:
    task = task_papers.read(paper)
    mine = of.has(paper.person_id, task.owner)
    rule = "task_nobody" if not mine else "task_late" if paper.at <= now else "task_planned"
    said = {"task": task.kind, "title": f" · {task.text}" if task.text else "", "at": paper.at.isoformat(), "state": task.state}
    owner = {"who": of.name(task.owner), "account": task.owner} if mine else {}
    return Open(rule, paper.at.timestamp(), paper.key, {**said, **owner})


def _of_alert(alert: Alert, of: Team) -> Open:
    """An alert that somebody has stays in sight; one that nobody has is as pressing as it is severe."""
    flag = next((str(said) for one in alert.evidence for key, said in one.facts if key == "flag"), "")
    known: dict[str, str | int | float] = {"state": alert.state.value, "level": int(alert.severity)}
    if alert.signal in SIGNALS:
        known["signal"] = alert.signal
    elif flag:
        known["flag"] = flag
    if alert.taken:
        taken = [one for one in alert.timeline if one.kind in (Kind.ACKNOWLEDGED, Kind.ACTING)]
        who = taken[-1].who if taken else ""
        since = taken[-1].at if taken else alert.since
        return Open("alert_had", since.timestamp(), alert.alert_id, {**known, "who": of.name(who) or who})
    rule = {3: "alert_now", 2: "alert_soon"}.get(min(3, int(alert.severity)), "alert_watch")
    return Open(rule, alert.raised_at.timestamp(), alert.alert_id, known)


def _of_thread(key: str, thread: Thread, now: datetime) -> Open:
    since = thread.waiting_since or thread.last_at
    late = thread.promised_by is not None and thread.promised_by <= now
    rule = "message_urgent" if thread.urgent else "message_late" if late else "message_waits"
    known = {"title": thread.subject, **({"who": thread.assigned_name} if thread.assigned else {})}
    if thread.promised_by is not None:
        known["at"] = thread.promised_by.isoformat()
    return Open(rule, since.timestamp(), key, known)
