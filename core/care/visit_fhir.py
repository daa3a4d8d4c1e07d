"""This is the place where visits become records to take away: one FHIR R4 Appointment each, with our own identifier, so that it is known again when it comes back."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from core.care import visit_papers
from core.care.access import Grant
from core.care.questionnaire_records import subject_of
from core.care.visit_records import KIND, VISITS
from core.domain.papers import PaperKind
from core.domain.records import Original
from core.domain.visits import ARRIVED, BOOKED, CANCELLED, DAMAGED, DONE, MISSED, PROPOSED, VIDEO, Visit
from core.ports import Ports

STATUS: Mapping[str, str] = {
    PROPOSED: "proposed", BOOKED: "booked", ARRIVED: "arrived", DONE: "fulfilled", CANCELLED: "cancelled", MISSED: "noshow",
}  # fmt: skip
TYPES: Mapping[str, str] = {"clinic": "Visit at the clinic", VIDEO: "Video visit", "phone": "Phone call", "home": "Visit at home"}
REASONS: Mapping[str, str] = {
    "check_up": "Check-up", "results": "Results", "medicines": "Medicines", "new_problem": "New problem", "follow_up": "Follow-up",
    "procedure": "Procedure", "vaccination": "Vaccination", "talk": "Conversation", "other": "Other",
}  # fmt: skip
"""Words of the record, which is in English as its codes are."""


def appointments(ports: Ports, person_id: str, grant: Grant, known: Collection[str] = ()) -> tuple[Original, ...]:
    """Every visit made here but those that are in the record already (`known`). One that can't be read is left out: an export makes nothing up in its place."""
    papers = ports.store.papers((person_id,), grant.event("visits"), kinds=(PaperKind.VISIT,))
    if not papers:
        return ()
    subject = subject_of(ports, person_id, grant)
    found = []
    for paper in papers:
        visit, name = visit_papers.read_or_damaged(paper), f"{KIND}/{paper.key}"
        if visit.state != DAMAGED and name not in known:
            found.append(
                Original(paper.key, json.dumps(appointment(paper.key, visit, subject), ensure_ascii=False).encode(), "", name)
            )
    return tuple(found)


def appointment(visit_id: str, visit: Visit, subject: str) -> dict[str, Any]:
    """The resource. `subject` is the reference to the person's own record ("" none). The secret of a video room is nobody's record."""
    person: dict[str, Any] = {"reference": subject} if subject else {"display": "the person this record is about"}
    made: dict[str, Any] = {
        "resourceType": KIND,
        "id": visit_id,
        "identifier": [{"system": VISITS, "value": visit_id}, *([{"value": visit.elsewhere}] if visit.elsewhere else [])],
        "status": STATUS[visit.state],
        "appointmentType": {"text": TYPES.get(visit.kind, visit.kind)},
        "reasonCode": [{"text": ": ".join(one for one in (REASONS.get(visit.reason, visit.reason), visit.words) if one)}],
        "minutesDuration": visit.minutes,
        "participant": [{"actor": person, "status": _agreed(visit)}],
    }
    if visit.start is not None and visit.end is not None:
        made |= {"start": _instant(visit.start), "end": _instant(visit.end)}
    if visit.with_name:
        made["participant"].append({"actor": {"display": visit.with_name}, "status": "accepted"})
    if visit.where:
        made["participant"].append({"actor": {"type": "Location", "display": visit.where}, "status": "accepted"})
    if visit.bring:
        made["patientInstruction"] = visit.bring
    if visit.made_at is not None:
        made["created"] = _instant(visit.made_at)
    why = next((one.why for one in reversed(visit.steps) if one.what == "cancel"), "")
    if visit.state == CANCELLED and why:
        made["cancelationReason"] = {"text": why}
    return made


def _agreed(visit: Visit) -> str:
    if visit.state == CANCELLED:
        return "declined"
    if visit.wish:
        return "tentative"
    return "needs-action" if visit.state == PROPOSED else "accepted"


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
