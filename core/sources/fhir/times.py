"""This is the place where the many fields for "when" become a start and an end, as they were sent."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import NamedTuple

from core.domain.time import PartialTime
from core.sources.fhir.foreign import Node, Notes, clean, leaves

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Span(NamedTuple):
    """Start and end as FHIR texts ("" where unknown or impossible); `words` where the time is said in another way
    ("age 5", "in childhood")."""

    start: str = ""
    end: str = ""
    words: str = ""


def is_time(text: str) -> bool:
    """Whether the text is a FHIR date, dateTime or instant of the calendar; the same answer as PartialTime.parse, sooner."""
    try:
        if len(text) == 10 and _DAY.fullmatch(text):
            date.fromisoformat(text)
        elif len(text) > 10 and _INSTANT.fullmatch(text) and text[:4] not in ("0001", "9999"):
            datetime.fromisoformat(text)
        else:
            return PartialTime.parse(text) is not None
    except ValueError:
        return False
    return True


def time_of(node: Node, key: str, notes: Notes, at: str = "") -> str:
    """The time under a key; an impossible one is noted and left out."""
    value = node.get(key)
    if value is None:
        return ""
    text = value.strip() if type(value) is str else ""
    if text and is_time(text):
        return text
    notes.add("time_invalid", f"{at}{key}")
    return ""


def span_of(resource: Node, keys: tuple[str, ...], notes: Notes) -> Span:
    """What the first of these fields that is there says."""
    for key in keys:
        value = resource.get(key)
        if value is None or (value is False and key.endswith("Boolean")):
            continue
        if type(value) is dict:
            return _from_object(value, key, notes)
        if key.endswith("String") and type(value) is str:
            return Span(words=clean(value))
        if value is True and key.endswith("Boolean"):
            return Span(words="true")
        return Span(time_of(resource, key, notes))
    return Span()


def period_of(node: Node, notes: Notes, at: str) -> Span:
    """A Period; one that ends before it starts is kept and noted."""
    start, end = time_of(node, "start", notes, f"{at}."), time_of(node, "end", notes, f"{at}.")
    if start and end and _after(start, end):
        notes.add("period_backwards", at)
    return Span(start, end)


def same_instant(text: str) -> str:
    """One spelling for one moment: instants in UTC without the zeros behind, dates as they are."""
    if len(text) <= 10:
        return text
    try:
        when = datetime.fromisoformat(text)
        return (when.astimezone(UTC) if when.tzinfo else when).isoformat()
    except (ValueError, OverflowError):
        return text


def _from_object(value: Node, key: str, notes: Notes) -> Span:
    if "start" in value or "end" in value:
        return period_of(value, notes, key)
    if "event" in value or "repeat" in value:  # a Timing
        events = [text.strip() for text in leaves(value, ("event",)) if type(text) is str and is_time(text.strip())]
        if events:
            return Span(min(events), max(events) if len(events) > 1 else "")
        bounds = next(leaves(value, ("repeat", "boundsPeriod")), None)
        return period_of(bounds, notes, f"{key}.repeat.boundsPeriod") if type(bounds) is dict else Span()
    return Span(words=amount_words(value))


def amount_words(node: Node) -> str:
    """A Quantity, Age, Duration or Range in the source's own words: "5 a", "< 3 mg", "2-4 wk"."""
    if "low" in node or "high" in node:
        ends = [amount_words(node[key]) for key in ("low", "high") if type(node.get(key)) is dict]
        return " - ".join(end for end in ends if end)
    value, unit = node.get("value"), node.get("unit") or node.get("code")
    if type(value) not in (int, float, str) or value == "":
        return ""
    number = f"{value:.12g}" if type(value) is float else clean(str(value))
    bound = node.get("comparator")
    return " ".join(
        part for part in (clean(bound) if type(bound) is str else "", number, clean(unit) if type(unit) is str else "") if part
    )


def _after(start: str, end: str) -> bool:
    if start <= end and len(start) == len(end) and start[19:] == end[19:]:  # the same way of writing: no need to look closer
        return False
    first, last = PartialTime.parse(start), PartialTime.parse(end)
    return bool(first and last and first.earliest >= last.until)
