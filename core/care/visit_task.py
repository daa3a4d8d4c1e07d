"""This is the place where a visit that somebody didn't come to becomes a task, kept together with what was said about the visit."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

from core.care import task_papers
from core.care.task_views import Task, TaskStep
from core.domain.papers import Paper
from core.domain.people import Role
from core.domain.visits import Visit
from core.ports import Ports

DUE_AFTER = timedelta(days=1)
"""A choice of this house."""
BECAUSE = "visit_missed"


def follow_up(ports: Ports, person_id: str, visit_id: str, visit: Visit) -> Paper:
    """To call the person, for whoever the visit was with (else who said so last). One for each time of the visit."""
    said = visit.steps[-1]
    owner = visit.with_account or (said.by if said.role == Role.COORDINATOR.value else "")
    step = TaskStep("made", said.at, said.by, said.name, owner)
    task = Task("call", _words(ports, owner, visit), owner, BECAUSE, (step,), due=said.at + DUE_AFTER)
    return task_papers.laid(person_id, f"tvisit-{visit_id}-{visit.timed}"[:64], task)


def _words(ports: Ports, owner: str, visit: Visit) -> str:
    if ports.words is None or visit.start is None:
        return ""
    language = ports.store.preferences(owner).language if owner else ""
    return ports.words(language or "en", ZoneInfo(visit.zone) if visit.zone else UTC)("visit.task_missed", when=visit.start)[:200]
