"""This is the place where a record becomes rows for `show`: one for each measured value, or one for the record itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.care.lines import when_of
from core.domain.records import Record, Standing, Value


def rows(record: Record, synthetic: bool) -> Iterator[dict[str, Any]]:
    """A panel gives one row for each component, with the component's own code and "panel" the record's."""
    values = record.item.values or (None,)
    for value in values:
        yield _row(record, value, synthetic)


def _row(record: Record, value: Value | None, synthetic: bool) -> dict[str, Any]:
    item = record.item
    own = item.concept.main
    concept = value.concept if value is not None and value.concept.title else item.concept
    code = concept.main
    apart = value is not None and value.problem and record.standing is Standing.CURRENT
    problems = [*((value.problem,) if value is not None and value.problem else ()), *record.problems]
    return {
        "record": record.record_id,
        "kind": item.kind,
        "group": item.group,
        "code": code.code or None,
        "panel": own.code or None if concept != item.concept else None,
        "system": code.system or None,
        "display": concept.title or item.concept.title or None,
        "value": _said(value),
        "unit": value.unit or None if value is not None else None,
        "bound": value.bound or None if value is not None else None,
        "time": when_of(record) or item.start or None,
        "end": item.end or None,
        "status": item.status or None,
        "standing": Standing.QUARANTINED.value if apart else record.standing.value,
        "sources": [mark.label for mark in record.sources],
        "low": value.low if value is not None else None,
        "high": value.high if value is not None else None,
        "interpretation": value.interpretation or None if value is not None else None,
        "absent": value.absent or None if value is not None else None,
        "problem": problems[0] if problems else None,
        "as_sent": value.text or None if value is not None and value.problem else None,
        "see_original": item.see_original or None,
        "synthetic": synthetic,
    }


def _said(value: Value | None) -> float | int | str | None:
    """The number as it was sent, else the words of the answer."""
    if value is None:
        return None
    if value.number is not None:
        return int(value.number) if value.number.is_integer() and abs(value.number) < 1e15 else value.number
    if value.text:
        return value.text
    return (value.coding.display or value.coding.code or None) if value.coding else None
