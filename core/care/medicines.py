"""This is the place where the medicines of a record are listed as they are: what, how, why, since when, and whether still."""

from __future__ import annotations

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.care.lines import Frame, person_view, record_line, when_of
from core.care.plain import medicine_now
from core.care.today import same_medicine
from core.care.views import MedicineLine, MedicinesView
from core.domain.people import Actor
from core.domain.records import Record, Standing
from core.ports import Ports

KINDS = ("MedicationRequest", "MedicationStatement")


def view(ports: Ports, actor: Actor, person_id: str) -> MedicinesView:
    """The Medicines page: what is taken now, what was or will be, and what nobody can say."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    now = ports.clock.now()
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("medicines"), kinds=KINDS)
    preferences = ports.store.preferences(actor.account_id)
    frame = Frame(now, preferences, person.synthetic or person.profile.synthetic)
    ordered = sorted((r for r in records if r.standing is Standing.CURRENT), key=when_of, reverse=True)
    lines = [line_of(record, frame) for record in ordered]
    taken = {same_medicine(r.item.concept) for r, line in zip(ordered, lines, strict=True) if line.now == "current"}
    superseding: set[str] = set()
    current, other, unclear = [], [], []
    for record, line in zip(ordered, lines, strict=True):
        key = same_medicine(record.item.concept)
        if line.now == "current" and key not in superseding:
            current.append(line)
            superseding.add(key)
        elif line.now == "unknown" and key not in taken:
            unclear.append(line)
        else:
            other.append(line)
    apart = [line_of(record, frame) for record in records if record.standing is Standing.QUARANTINED]
    return MedicinesView(revision_now, now, person_view(person, now), tuple(current), tuple(other), (*unclear, *apart))


def line_of(record: Record, frame: Frame) -> MedicineLine:
    """One order or statement of the record as a line."""
    item = record.item
    said = item.detail
    performer = next(
        (ref.display for ref in item.references if ref.role in ("requester", "prescriber", "performer") and ref.display), ""
    )
    return MedicineLine(
        line=record_line(record, frame),
        dosage=tuple(text for key, text in said if key == "dosage"),
        reason=next((text for key, text in said if key == "reason"), ""),
        prescriber=performer,
        start=item.start,
        end=item.end,
        now=medicine_now(item, frame.now),
    )
