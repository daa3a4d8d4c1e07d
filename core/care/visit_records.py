"""This is the place where appointments that came with the record stand beside the visits that were made here; the same one is shown once, where identifiers match."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.care import visit_papers
from core.care.access import Grant
from core.care.lines import Frame, record_line
from core.care.visit_views import Brought
from core.domain.papers import PaperKind
from core.domain.records import Original, Record, SourceMark, Standing
from core.domain.time import PartialTime
from core.domain.visits import STANDING, Visit
from core.ports import Ports

KIND = "Appointment"
VISITS = "urn:healthboard:visit"
"""The system of our own identifiers."""
OVER = frozenset({"cancelled", "noshow", "fulfilled", "entered-in-error"})


@dataclass(frozen=True, slots=True)
class Same:
    """The record that says the same as a visit made here."""

    record_id: str
    sources: tuple[SourceMark, ...]
    start: str
    status: str = ""


def matched(ports: Ports, person_id: str, grant: Grant, visits: Mapping[str, Visit], records: Iterable[Record]) -> dict[str, Same]:
    """Which visit made here is which record, by visit id. Nothing is read where there is nothing to match."""
    held = {one.record_id: one for one in records}
    if not held or not visits:
        return {}
    originals = list(ports.store.originals(person_id, grant.event(KIND), kinds=(KIND,)))
    found: dict[str, Same] = {}
    for visit_id, visit in visits.items():
        for one in originals:
            record = held.get(one.shown_as or one.record_id)
            if record is not None and _same(visit_id, visit, one):
                found[visit_id] = Same(record.record_id, record.sources, record.item.start, record.item.status)
                break
    return found


def made_here(ports: Ports, person_id: str, grant: Grant, found: Iterable[Record]) -> frozenset[str]:
    """Which of these records are visits that were made here: they have reminders of their own, and one is enough."""
    held = tuple(found)
    if not held:
        return frozenset()
    papers = ports.store.papers((person_id,), grant.event("visits"), kinds=(PaperKind.VISIT,))
    visits = {one.key: visit_papers.read_or_damaged(one) for one in papers}
    return frozenset(one.record_id for one in matched(ports, person_id, grant, visits, held).values())


def records(ports: Ports, person_id: str, grant: Grant) -> tuple[Record, ...]:
    """The appointments of the record that count."""
    found = ports.store.records(person_id, grant.event(KIND), kinds=(KIND,))
    return tuple(one for one in found if one.standing is Standing.CURRENT)


def brought(found: Iterable[Record], without: Iterable[str], frame: Frame) -> tuple[Brought, ...]:
    """As lines, without those that are shown as visits made here. One without a time is on the Records page alone."""
    left_out = set(without)
    lines = []
    for one in found:
        start = PartialTime.parse(one.item.start)
        if one.record_id in left_out or start is None:
            continue
        lines.append(Brought(record_line(one, frame), start.earliest, start.until > frame.now and one.item.status not in OVER))
    return tuple(lines)


def taken_by(found: Iterable[Record]) -> tuple[tuple[datetime, datetime], ...]:
    """The stretches of time that appointments of the record take; one that says no end takes its moment alone, one without a time of day none."""
    spans = []
    for one in found:
        start, end = PartialTime.parse(one.item.start), PartialTime.parse(one.item.end)
        if one.item.status in OVER or start is None or start.precision != "instant":
            continue
        spans.append(
            (start.earliest, max(end.earliest, start.until) if end is not None and end.precision == "instant" else start.until)
        )
    return tuple(spans)


def another_state(said: str, state: str) -> str:
    """What a record says of how it stands, where that ends what still stands here; "" else."""
    return said if said in OVER and state in STANDING else ""


def another_time(said: str, start: datetime | None) -> str:
    """The time a record says, where it is another one than ours; "" where it is the same or none."""
    at = PartialTime.parse(said)
    return said if at is not None and start is not None and not at.earliest <= start <= at.until else ""


def _same(visit_id: str, visit: Visit, one: Original) -> bool:
    if one.origin_id == f"{KIND}/{visit_id}":
        return True
    identifiers = _identifiers(one.raw)
    return (VISITS, visit_id) in identifiers or (bool(visit.elsewhere) and visit.elsewhere in {value for _, value in identifiers})


def _identifiers(raw: bytes) -> set[tuple[str, str]]:
    try:
        resource: Any = json.loads(raw)
    except ValueError:
        return set()
    found = resource.get("identifier") if isinstance(resource, dict) else None
    given = found if isinstance(found, list) else [found]
    return {(str(one.get("system", "")), str(one["value"])) for one in given if isinstance(one, dict) and one.get("value")}
