"""This is the place where `healthboard worklist` is: who is next and why, as of a moment, as JSON or a table."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from core.care import worklist
from core.care.access import COMMAND_LINE
from core.care.worklist_views import ReasonLine, WorkLine, WorklistShelf, WorklistView, WorkQuery
from core.commands.answer import Answer, bar, table
from core.errors import BadInput
from core.ports import Ports
from core.worklist.terms import LANES

EVERYBODY = 1_000_000_000


def show(ports: Ports, given: Namespace) -> Answer:
    """Every lane with its people and their reasons; the counts come to the number of people. For the same moment and the same record the answer is the same.
    Raises BadInput (a moment that can't be)."""
    query = WorkQuery(panel_id=given.panel, page_size=EVERYBODY)
    with bar("people", unit="") as told:
        found = worklist.worklist(ports, COMMAND_LINE, query, WorklistShelf(), at=moment(given.at), told=told)
    document = _document(found)
    return Answer(document, _lines(document))


def moment(text: str | None) -> datetime | None:
    """An instant with its offset from UTC. Raises BadInput."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or not 1990 <= found.year <= 2200:
        raise BadInput("bad_moment", place="--at", need="an instant with its zone, such as 2026-11-21T09:00:00Z")
    return found


def _document(found: WorklistView) -> dict[str, Any]:
    return {
        "at": found.made_at.isoformat(timespec="seconds"),
        "total": found.total,
        "counts": dict(found.counts),
        "sections": [{"lane": lane, "people": [_person(one) for one in found.lines if one.lane == lane]} for lane in LANES],
    }


def _person(one: WorkLine) -> dict[str, Any]:
    look = one.look
    return {
        "person": one.person_id,
        "name": one.name or None,
        "age": one.age_years,
        "panels": list(one.panels),
        "last_data": one.last_at.isoformat(timespec="seconds") if one.last_at else None,
        "last_contact": {"at": one.contact_at.isoformat(timespec="seconds"), "how": one.contact_kind} if one.contact_at else None,
        "due": one.due.isoformat(timespec="seconds") if one.due else None,
        "assigned": one.assigned_name or None,
        "tags": list(one.tags),
        "reviewed": {"at": look.at.isoformat(timespec="seconds"), "by": look.by, "note": look.note or None} if look else None,
        "synthetic": one.synthetic,
        "reasons": [_reason(reason) for reason in one.reasons],
    }


def _reason(one: ReasonLine) -> dict[str, Any]:
    return {
        "rule": one.rule,
        "lane": one.lane,
        "code": one.says.code,
        "evidence": dict(one.says.facts),
        "at": one.at.isoformat(timespec="seconds") if one.at else None,
        "due": one.due.isoformat(timespec="seconds") if one.due else None,
        "reviewed": one.known,
        "stays": one.stays,
        "source": one.source,
        "status": one.status,
    }


def _lines(document: dict[str, Any]) -> Sequence[str]:
    rows = [["LANE", "PERSON", "NAME", "REASON", "SINCE", "MORE"]]
    for section in document["sections"]:
        for one in section["people"] or [None]:
            if one is None:
                rows.append([section["lane"], "nobody", "", "", "", ""])
                continue
            first = one["reasons"][0] if one["reasons"] else None
            said = (first["code"].removeprefix("worklist.rule."), first["at"] or "") if first else ("", "")
            rows.append([section["lane"], one["person"], one["name"] or "", *said, str(max(0, len(one["reasons"]) - 1))])
    return [f"{document['total']} people, as of {document['at']}", *table(rows)]
