"""This is the place where a visit becomes a paper and is read again; one that can't be read says so and stays on the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from core.domain.audit import AuditEvent
from core.domain.papers import Paper, PaperKind
from core.domain.visits import DAMAGED, Visit, looked_at_next
from core.errors import BadInput, NotFound
from core.ports import Store


def laid(person_id: str, visit_id: str, visit: Visit, now: datetime, was: Paper | None = None) -> Paper:
    """The paper with this visit, in the place of the edition it was read from; the worker looks at it when its next reminder is due."""
    if visit.start is None:
        raise BadInput("visit_when", place="start", need="a time")
    body = msgspec.json.encode(replace(visit, state="", start=None))
    return Paper(person_id, PaperKind.VISIT, visit_id, visit.state, visit.start, body, next_at=looked_at_next(visit, now),
                 edition=was.edition if was is not None else 0)  # fmt: skip


def read(paper: Paper) -> Visit:
    """Raises BadInput (paper_damaged)."""
    try:
        visit = msgspec.json.decode(paper.body, type=Visit)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadInput("paper_damaged", place=paper.kind.value) from None
    if visit.version != 1:
        raise BadInput("paper_damaged", place=paper.kind.value)
    return replace(visit, state=paper.state, start=paper.at)


def read_or_damaged(paper: Paper) -> Visit:
    """A visit that can't be read is one with that state: it never falls off a list."""
    try:
        return read(paper)
    except BadInput:
        return Visit("", "UTC", 0, "", state=DAMAGED, start=paper.at)


def kept(store: Store, person_id: str, visit_id: str, event: AuditEvent) -> tuple[Paper, Visit]:
    """Raises NotFound, BadInput (paper_damaged)."""
    paper = store.paper(person_id, PaperKind.VISIT, visit_id, event)
    if paper is None:
        raise NotFound("visit_not_found", visit=visit_id)
    return paper, read(paper)
