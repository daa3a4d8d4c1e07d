"""This is the place where Open mHealth and IEEE 1752.1 JSON is read: data points (header and body), bare bodies, arrays of either, one a
line, the answers of a Shimmer server, and bodies that hold lists of measures under one header.

Clocks, units and what each measure becomes: openmhealth_time.py, openmhealth_table.py, openmhealth_body.py; samples of HealthKit in this
form: openmhealth_apple.py. Subject: the header's user_id (or patient_id), "" where it names nobody, as for a device that sends for its own
person. Device: acquisition_provenance.source_name. A point whose modality is "self-reported" was typed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from core.domain.samples import Parsed
from core.sources.wearables.form import Format, Member
from core.sources.wearables.json_fields import MISSING, NOT_KEPT, WRONG_KIND, Entries, Odd, dig, text
from core.sources.wearables.json_list import listed
from core.sources.wearables.json_read import DOCUMENT, Piece, are_lines, documents, glance_at
from core.sources.wearables.openmhealth_apple import is_apples, read_sample
from core.sources.wearables.openmhealth_body import Origin, read_body
from core.sources.wearables.openmhealth_table import CONTEXT, MEASURES
from core.sources.wearables.openmhealth_words import typed_by

_TIMED = (b'"effective_time_frame"', b'"sleep_stage_time_frame"')
_LISTS = ("body", "data_points", "dataPoints", "datapoints", "data", "items")
"""Names under which points stand in an answer."""
_ANYBODYS = frozenset(
    {"duration", "distance", "speed", "pace", "altitude", "latitude", "longitude", "bearing", "stress", "mood", "pain"}
)
"""Names of measures that other people's JSON has too."""


def recognises(head: bytes, name: str) -> bool:
    """By words that no other format has; a body alone by the names in it."""
    seen = glance_at(head)
    if not seen.root or seen.health_record or b'"resourceType"' in seen.text:
        return False
    if any(word in seen.text for word in _TIMED):
        return True
    if "header" in seen.names and (b'"schema_id"' in seen.text or b'"schema"' in seen.text):
        return True
    if {"shim", "body"} <= seen.names:
        return True
    whole = {"value", "unit"} <= seen.inner or "step_count" in seen.names
    return whole and not seen.names.isdisjoint(MEASURES.keys() - _ANYBODYS) and seen.names <= MEASURES.keys() | CONTEXT


def read(member: Member) -> Parsed:
    entries = Entries(member.name)
    yield from entries.closed(_read(member, entries))


def _read(member: Member, entries: Entries) -> Parsed:
    for at, item in entries.each(_pieces(member)):
        _point(entries, item, at.removeprefix(DOCUMENT))
        yield from entries.ready()


def _pieces(member: Member) -> Iterator[Piece]:
    """A list or lines piece by piece; an object whole, for its lists belong to its header."""
    head = next(member.chunks(1 << 16), b"")
    seen = glance_at(head)
    if seen.root == "[" or (seen.root == "{" and are_lines(seen.text)):
        yield from listed(member)
    else:
        yield from documents(member)


def _point(entries: Entries, point: Any, at: str) -> None:
    """One element of a file: a data point, an answer with points in it, or a body alone."""
    if isinstance(point, list):
        for number_, one in enumerate(point):
            if isinstance(one, list):
                entries.odd("entry", WRONG_KIND, f"{at}[{number_}]")
            else:
                _point(entries, one, f"{at}[{number_}]")
        return
    if not isinstance(point, dict):
        entries.odd("entry", Odd("refused", "entry_not_an_object"), at)
    elif "header" in point:
        _headed(entries, point, at)
    else:
        inside = next((name for name in _LISTS if isinstance(point.get(name), list)), "")
        if inside:
            for number_, one in enumerate(point[inside]):
                _one(entries, one, f"{at}.{inside}[{number_}]")
        elif isinstance(point.get("body"), dict) and not is_apples(point):
            _body(entries, point["body"], Origin(), at)
        else:
            _body(entries, point, Origin(), at)


def _one(entries: Entries, one: Any, at: str) -> None:
    """A point or a body inside an answer."""
    if isinstance(one, dict) and "header" in one:
        _headed(entries, one, at)
    else:
        _body(entries, one, Origin(), at)


def _headed(entries: Entries, point: Mapping[str, Any], at: str) -> None:
    """A data point, or a series of them under one header."""
    origin = _origin(point["header"])
    body = point.get("body")
    if isinstance(body, list):
        for number_, one in enumerate(body):
            _body(entries, one, origin, f"{at}.body[{number_}]")
        if not body:
            entries.odd(origin.kind or "body", MISSING, at, subject=origin.subject)
    else:
        _body(entries, body, origin, at)


def _origin(header: Any) -> Origin:
    schema = text(header, "schema_id.name") or text(header, "schema_id") or text(header, "schema.name")
    device = text(header, "acquisition_provenance.source_name") or text(header, "source_name")
    subject = next((found for found in map(_name, (dig(header, "user_id"), dig(header, "patient_id"))) if found), "")
    typed = typed_by(dig(header, "acquisition_provenance.modality")) or typed_by(dig(header, "modality"))
    return Origin(device, subject, typed, schema)


def _name(value: Any) -> str:
    """An id as text; some write it as a number."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**18 else text(value)


def _body(entries: Entries, body: Any, origin: Origin, at: str) -> None:
    if is_apples(body):
        read_sample(entries, body, origin, at)
    elif isinstance(body, dict) and origin.kind.startswith("medication"):
        entries.odd(origin.kind, NOT_KEPT, at, subject=origin.subject)
    else:
        read_body(entries, body, origin, at)


FORMAT = Format("openmhealth", recognises, read)
