"""This is the place where the owner of a task that is late is written to: at its time, again after one and three days, then every week until it has ended.

Where nobody has it, or from the second letter on, the coordinators of the person's panels are written to. (The times are a choice of this house.) The task
and its letter are put down together, so a worker that dies between them leaves neither or both.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.care import letters, task_papers
from core.care.access import Action, require
from core.care.letters import Letter
from core.care.task_views import STILL_OPEN, Task
from core.care.team import team
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor
from core.errors import BadInput
from core.ports import Ports

LOG = logging.getLogger("healthboard.worker")
AGAIN = (timedelta(days=1), timedelta(days=2), timedelta(days=7))
"""After the first, the second and every further letter the next one comes so much later."""
TO_ALL_FROM = 1
"""From the so-manieth letter on (counting from 0) everybody who looks after the person gets one, too."""


def run_late(ports: Ports, actor: Actor, worker_id: str, lease: timedelta, limit: int = 20) -> int:
    """Look at up to so many tasks whose time is over, and have letters written about them; how many were looked at."""
    require(ports, actor, Action.RUN_TASKS)
    now = ports.clock.now()
    claimed = ports.store.claim_papers(PaperKind.TASK, worker_id, now, lease, limit)
    for paper in claimed:
        after, more = told(ports, paper, now)
        if not ports.store.settle_papers(worker_id, after, now, more=more):
            LOG.info("A task was changed while it was looked at; left to who changed it")
    return len(claimed)


def told(ports: Ports, paper: Paper, now: datetime) -> tuple[Paper, Sequence[Paper]]:
    """The task after it was seen to be late, and the letters that go with it."""
    if paper.state not in STILL_OPEN:
        return replace(paper, next_at=None), ()
    try:
        task = task_papers.read(paper)
    except BadInput:
        LOG.exception("The task %s can't be read (healthboard verify says more); the worklist shows it", paper.paper_id)
        return replace(paper, next_at=now + AGAIN[-1]), ()
    round_of = f"task:{paper.key}:{int(paper.at.timestamp())}:{task.told}"
    slots = [(f"{round_of}:{audience}", audience) for audience in _audiences(ports, paper, task)]
    more = [letters.paper(paper.person_id, Letter(slot, "task", paper.key, audience), now) for slot, audience in slots]
    kept = task_papers.laid(paper.person_id, paper.key, replace(task, told=task.told + 1), paper)
    return replace(paper, body=kept.body, next_at=now + AGAIN[min(task.told, len(AGAIN) - 1)]), more


def _audiences(ports: Ports, paper: Paper, task: Task) -> tuple[str, ...]:
    of = team(ports, [panel for panel in ports.store.panels() if paper.person_id in panel.persons])
    if not of.has(paper.person_id, task.owner):
        return (letters.COORDINATOR,)
    owner = f"{letters.ACCOUNT}{task.owner}"
    return (owner, letters.COORDINATOR) if task.told >= TO_ALL_FROM else (owner,)
