"""This is the place where people are told of visits: what was done with one, by a letter kept together with it; and before one, seven days, one day and two hours.

A letter that waits while the visit is changed, cancelled or over has nothing true to say any more: it is let go of when its turn comes (`over`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.care import letters, reminder_book, visit_papers
from core.care.access import COMMAND_LINE, Action, require
from core.care.letters import Letter
from core.care.team import team
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor, Role
from core.domain.visits import AHEAD, Visit, next_reminder, reminded_for
from core.errors import BadInput
from core.ports import Ports

LOG = logging.getLogger("healthboard.worker")
SAID, BEFORE = "said", "before"
AGAIN = timedelta(days=1)
"""When one that can't be read is looked at again."""


def about(ports: Ports, role: Role, of: tuple[str, str, Visit], now: datetime) -> list[Paper]:
    """The letters about what was just done, to everybody it concerns but whoever did it."""
    person_id, visit_id, visit = of
    others = {Role.PATIENT: (letters.CAREGIVER,), Role.CAREGIVER: (letters.PATIENT,)}.get(
        role, (letters.PATIENT, letters.CAREGIVER)
    )
    by_person = role in (Role.PATIENT, Role.CAREGIVER)
    for_colleague = bool(visit.with_account) and visit.steps[-1].by != visit.with_account
    audiences = (*others, *(_whose(ports, person_id, visit) if by_person or for_colleague else ()))
    made = [Letter(f"visit:{visit_id}:{SAID}:{visit.told}:{one}", "visit", visit_id, one) for one in audiences]
    return [letters.paper(person_id, one, now) for one in made]


def run_due(ports: Ports, actor: Actor, worker_id: str, lease: timedelta, limit: int = 20) -> int:
    """Look at up to so many visits whose next reminder is due, and have letters written; how many were looked at."""
    require(ports, actor, Action.RUN_VISITS)
    now = ports.clock.now()
    claimed = ports.store.claim_papers(PaperKind.VISIT, worker_id, now, lease, limit)
    for paper in claimed:
        wanted = _wants(ports, paper.person_id)
        after, more = reminded(paper, now, (letters.PATIENT, letters.CAREGIVER) if wanted else (letters.CAREGIVER,))
        if not ports.store.settle_papers(worker_id, after, now, more=more):
            LOG.info("A visit was changed while it was looked at; left to who changed it")
    return len(claimed)


def reminded(
    paper: Paper, now: datetime, audiences: Sequence[str] = (letters.PATIENT, letters.CAREGIVER)
) -> tuple[Paper, Sequence[Paper]]:
    """The visit after it was looked at, and the reminders that go with it."""
    if paper.state not in AHEAD:
        return replace(paper, next_at=None), ()
    try:
        visit = visit_papers.read(paper)
    except BadInput:
        LOG.exception("The visit %s can't be read; nobody is reminded of it (healthboard verify says more)", paper.paper_id)
        return replace(paper, next_at=now + AGAIN), ()
    lead, more = reminded_for(paper.at, now), list[Paper]()
    if lead is not None:
        hours = int(lead.total_seconds() // 3600)
        slots = [(f"visit:{paper.key}:{BEFORE}:{visit.timed}:{hours}:{one}", one) for one in audiences]
        more = [letters.paper(paper.person_id, Letter(slot, "visit", paper.key, one), now) for slot, one in slots]
    return replace(paper, next_at=next_reminder(paper.at, now)), more


def over(paper: Paper | None, slot: str, now: datetime) -> bool:
    """Whether a letter about a visit has nothing true to say any more: a reminder of one that was moved, ended or has begun, or word of what was followed by
    something else. Of one that can't be read nothing is let go of."""
    parts = slot.split(":")
    if paper is None:
        return True
    try:
        visit = visit_papers.read(paper)
        number = int(parts[3])
    except (BadInput, IndexError, ValueError):
        return False
    if parts[2] == BEFORE:
        return visit.state not in AHEAD or visit.timed != number or now >= paper.at
    return visit.told != number


def _wants(ports: Ports, person_id: str) -> bool:
    """Whether the person wants to be reminded of visits; where their choices can't be read, they are reminded."""
    grant = require(ports, COMMAND_LINE, Action.RUN_VISITS, person_id)
    try:
        return reminder_book.load(ports.store, person_id, grant).kind("visit").on
    except BadInput:
        return True


def _whose(ports: Ports, person_id: str, visit: Visit) -> tuple[str, ...]:
    """The coordinator whose visit it is, or everybody of the team where that is nobody who still looks after the person."""
    of = team(ports, [panel for panel in ports.store.panels() if person_id in panel.persons])
    return (f"{letters.ACCOUNT}{visit.with_account}",) if of.has(person_id, visit.with_account) else (letters.COORDINATOR,)
