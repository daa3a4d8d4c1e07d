"""This is the place where the care team keeps its tasks: each with an owner and a time, until it is done, or dropped for a reason that was written down.

Nothing here ends by itself. A task that is late rises in the worklist (core/care/worklist.py) and its owner is written to (core/care/task_letters.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import uuid4

from core.care import task_papers
from core.care.access import Action, require
from core.care.medicine_entries import known, text_within
from core.care.task_views import DAMAGED, KINDS, MOVES, STILL_OPEN, WITH_REASON, NewTask, Task, TaskLine, TaskStep
from core.care.team import Team, team
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports

LONGEST, MOST_STEPS, MOST_OPEN = 200, 200, 50
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be done with a task: one of MOVES; `to` an account id (hand), `due` a time (move), `why` in words where a reason is needed."""

    what: str
    to: str = ""
    due: datetime | None = None
    why: str = ""


def make(ports: Ports, actor: Actor, person_id: str, new: NewTask, token: str = "") -> TaskLine:
    """A task about a person. The same `token` again is the same task. Raises BadInput: a kind that is none, a time that is over or too far, an owner who
    doesn't look after the person, too many open ones."""
    grant = require(ports, actor, Action.EDIT_TASKS, person_id)
    known(new.kind, KINDS, "kind")
    now = ports.clock.now()
    due, text, because = _time(new.due, now), text_within(new.text, "text", LONGEST), text_within(new.because, "because", 60)
    of = _team(ports, person_id, (new.owner,))
    _owner(of, person_id, new.owner)
    there = ports.store.papers((person_id,), grant.event("tasks"), kinds=(PaperKind.TASK,), states=STILL_OPEN)
    if len(there) >= MOST_OPEN:
        raise BadInput("too_many_entries", place="tasks", need=MOST_OPEN)
    first = TaskStep("made", now, actor.account_id, actor.display_name, new.owner)
    task_id = f"t{token or uuid4().hex}"[:64]
    paper = task_papers.laid(person_id, task_id, Task(new.kind, text, new.owner, because, (first,), due=due))
    ports.store.put_papers(person_id, (), grant.event(task_id), once=(paper,))
    kept = ports.store.paper(person_id, PaperKind.TASK, task_id, grant.event(task_id)) or paper
    return _line(kept, "", of, now)


def change(ports: Ports, actor: Actor, person_id: str, task_id: str, how: Change) -> TaskLine:
    """Do something with a task. Raises NotFound; Conflict where it has ended or a colleague was faster; BadInput where a reason, an owner or a time is missing;
    BadInput (paper_damaged) for one that can't be read, which can only be dropped."""
    grant = require(ports, actor, Action.EDIT_TASKS, person_id)
    known(how.what, tuple(MOVES), "what")
    why, now = text_within(how.why, "why", LONGEST), ports.clock.now()
    if how.what in WITH_REASON and not why:
        raise BadInput("reason_needed", place="why", need="a reason the team can read")
    paper = ports.store.paper(person_id, PaperKind.TASK, task_id, grant.event(task_id))
    if paper is None:
        raise NotFound("task_not_found", task=task_id)
    task = task_papers.read_or_damaged(paper) if how.what == "drop" else task_papers.read(paper)
    if paper.state not in MOVES[how.what][0]:
        raise Conflict("task_ended", task=task_id, state=paper.state)
    of = _team(ports, person_id, (task.owner, how.to))
    after = _changed(task, paper, how, of, now)
    step = TaskStep(how.what, now, actor.account_id, actor.display_name, _to(how), why)
    after = replace(after, steps=(*after.steps, step)[-MOST_STEPS:])
    (kept,) = ports.store.put_papers(person_id, (task_papers.laid(person_id, task_id, after, paper),), grant.event(task_id))
    return _line(kept, "", of, now)


def of_person(ports: Ports, actor: Actor, person_id: str) -> tuple[TaskLine, ...]:
    """Every task about a person: the open ones first by time, then those that ended, the newest first."""
    grant = require(ports, actor, Action.EDIT_TASKS, person_id)
    papers = ports.store.papers((person_id,), grant.event("tasks"), kinds=(PaperKind.TASK,))
    of, now = _team(ports, person_id, _owners(papers)), ports.clock.now()
    lines = [_line(one, "", of, now) for one in papers]
    still = [one for one in lines if one.task.state in (*STILL_OPEN, DAMAGED)]
    ended = [one for one in lines if one.task.state not in (*STILL_OPEN, DAMAGED)]
    return (*still, *reversed(ended))


def _changed(task: Task, paper: Paper, how: Change, of: Team, now: datetime) -> Task:
    state = MOVES[how.what][1] or paper.state
    if how.what == "hand":
        _owner(of, paper.person_id, how.to)
        return replace(task, owner=how.to, state=state)
    if how.what == "move":
        return replace(task, due=_time(how.due, now), state=state, told=0)
    return replace(task, state=state)


def _to(how: Change) -> str:
    if how.what == "hand":
        return how.to
    return how.due.isoformat() if how.what == "move" and how.due is not None else ""


def _time(due: datetime | None, now: datetime) -> datetime:
    if due is None or due.tzinfo is None or not now < due <= now + AHEAD:
        raise BadInput("task_due", place="due", need="a time to come, at most a year ahead")
    return due


def _owner(of: Team, person_id: str, owner: str) -> None:
    if owner and not of.has(person_id, owner):
        raise BadInput("task_owner", place="owner", need="somebody who looks after this person")


def _team(ports: Ports, person_id: str, named: Iterable[str]) -> Team:
    return team(ports, [panel for panel in ports.store.panels() if person_id in panel.persons], tuple(named))


def _owners(papers: Iterable[Paper]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(task_papers.read_or_damaged(one).owner for one in papers))


def _line(paper: Paper, name: str, of: Team, now: datetime) -> TaskLine:
    task = task_papers.read_or_damaged(paper)
    mine = of.has(paper.person_id, task.owner)
    return TaskLine(
        paper.key, paper.person_id, name, task, of.name(task.owner) if mine else "", not mine, "" if mine else of.name(task.owner),
        task_papers.late(task, now), paper,
    )  # fmt: skip


def line_of(paper: Paper, of: Team, now: datetime) -> TaskLine:
    """A line for a use case that has asked for access already (the worklist)."""
    return _line(paper, "", of, now)
