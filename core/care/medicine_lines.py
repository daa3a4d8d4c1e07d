"""This is the place where an order or statement of a record becomes a line as it is: what, how, why, who asked for it, since when, and whether still."""

from __future__ import annotations

from core.care.lines import Frame, record_line
from core.care.plain import medicine_now
from core.care.views import MedicineLine
from core.domain.records import Record


def line_of(record: Record, frame: Frame) -> MedicineLine:
    """One record as a line, in the record's own words."""
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
