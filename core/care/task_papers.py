"""This is the place where a task becomes a paper and is read again; one that can't be read says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from core.care.task_views import DAMAGED, STILL_OPEN, Task
from core.domain.papers import Paper, PaperKind
from core.errors import BadInput


def laid(person_id: str, task_id: str, task: Task, was: Paper | None = None) -> Paper:
    """The paper with this task, in the place of the edition it was read from. The worker has to look at it when its time is over, and not at one that ended."""
    due = task.due if task.due is not None else (was.at if was is not None else None)
    if due is None:
        raise BadInput("task_due", place="due", need="a time")
    body = msgspec.json.encode(replace(task, state="", due=None))
    return Paper(person_id, PaperKind.TASK, task_id, task.state, due, body, next_at=due if task.state in STILL_OPEN else None,
                 edition=was.edition if was is not None else 0)  # fmt: skip


def read(paper: Paper) -> Task:
    """Raises BadInput (paper_damaged)."""
    try:
        task = msgspec.json.decode(paper.body, type=Task)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput("paper_damaged", place=paper.kind.value) from None
    if task.version != 1:
        raise BadInput("paper_damaged", place=paper.kind.value)
    return replace(task, state=paper.state, due=paper.at)


def read_or_damaged(paper: Paper) -> Task:
    """A task that can't be read is one with that state: it never falls off a list."""
    try:
        return read(paper)
    except BadInput:
        return Task("other", "", "", state=DAMAGED, due=paper.at)


def late(task: Task, at: datetime) -> bool:
    return task.state in (*STILL_OPEN, DAMAGED) and task.due is not None and task.due <= at
