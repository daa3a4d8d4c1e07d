"""This is the place where medicines become spans of time to lie over a chart: from when to when, or that nobody wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType

from core.domain.codes import Concept
from core.domain.records import Record, Standing
from core.domain.time import PartialTime

_GOING_ON = frozenset({"active", "intended", "recorded"})
_ENDED = frozenset({"completed", "stopped", "ended", "not-taken"})
_NEVER = frozenset({"entered-in-error", "cancelled", "draft"})
_NOT_ASKED_FOR = frozenset({"proposal", "plan", "option"})
_TOUCHING = timedelta(days=14)

ENDS: Mapping[str, str] = MappingProxyType({"known": "span.until", "ongoing": "span.ongoing", "unknown": "span.end_unknown"})


@dataclass(frozen=True, slots=True)
class Span:
    """One medicine over time. `start` and `end` are FHIR times ("" unknown); `ends` is "known", "ongoing" or "unknown": an
    ended medicine whose end nobody wrote is never drawn as going on."""

    title: str
    code: str
    start: str
    end: str
    ends: str
    status: str
    records: tuple[str, ...]


def medicine_spans(records: Iterable[Record], now: datetime) -> tuple[Span, ...]:
    """The spans of all medicines that were asked for or taken, by start. Renewals of one medicine that touch are one span; a
    medicine that nobody gave a start is left out."""
    found = [span for record in records if (span := _span(record, now))]
    found.sort(key=lambda span: (_at(span.start), span.code, span.title, span.end, span.records))
    merged: dict[int, list[Span]] = {}
    known: dict[str, int] = {}
    for span in found:
        row = merged.setdefault(_group(span, known), [])
        if row and (one := _joined(row[-1], span)):
            row[-1] = one
        else:
            row.append(span)
    return tuple(sorted((s for row in merged.values() for s in row), key=lambda s: (_at(s.start), s.title, s.records)))


def _group(span: Span, known: dict[str, int]) -> int:
    """The number of the medicine a span belongs to: the same code, or the same name where one source gave no code."""
    names = [name for name in (span.code, span.title.casefold().strip()) if name] or list(span.records)
    group = next((known[name] for name in names if name in known), len(known))
    for name in names:
        known.setdefault(name, group)
    return group


def _span(record: Record, now: datetime) -> Span | None:
    item = record.item
    if item.kind not in ("MedicationRequest", "MedicationStatement") or record.standing is not Standing.CURRENT:
        return None
    intent = next((text for key, text in item.detail if key == "intent"), "")
    if item.status in _NEVER or intent in _NOT_ASKED_FOR or not PartialTime.parse(item.start):
        return None
    ended = PartialTime.parse(item.end)
    if ended is not None and (ended.until <= now or item.status in _ENDED):
        ends, end = "known", item.end
    elif item.status in _GOING_ON:
        ends, end = "ongoing", ""
    else:
        ends, end = "unknown", ""
    return Span(item.concept.title, _key(item.concept), item.start, end, ends, item.status, (record.record_id,))


def _key(concept: Concept) -> str:
    return f"{concept.main.system}|{concept.main.code}" if concept.main.code else ""


def _at(time: str) -> datetime:
    return PartialTime(time).earliest


def _joined(before: Span, after: Span) -> Span | None:
    """One span where the later begins before the earlier is over, or soon after; None where they stay two."""
    if before.ends == "unknown":
        same_start = before.start == after.start
        return replace(after, records=before.records + after.records) if same_start else None
    if before.ends == "known" and _at(after.start) > PartialTime(before.end).until + _TOUCHING:
        return None
    records = before.records + after.records
    if "ongoing" in (before.ends, after.ends):
        going = before if before.ends == "ongoing" else after
        return replace(before, end="", ends="ongoing", status=going.status, records=records)
    if after.ends == "unknown":
        return None
    end = max(before.end, after.end, key=lambda text: PartialTime(text).until)
    return replace(before, end=end, status=after.status, records=records)
