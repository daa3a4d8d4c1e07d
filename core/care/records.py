"""This is the place where a person's record is browsed: by shelf, as a timeline, by search, and one record with everything."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from math import ceil

from core.care.access import Action, require
from core.care.freshness import revision as revision
from core.care.lines import Frame, folded, person_view, record_line, when_of
from core.care.views import RecordLine, RecordQuery, RecordShelf, RecordsView, RecordView, TimelinePart
from core.domain.people import Actor
from core.domain.records import GROUPS, Record, Standing
from core.domain.time import PartialTime
from core.errors import NotFound
from core.ports import Ports

MOST_ON_A_PAGE = 200


def shelf(ports: Ports, actor: Actor, person_id: str) -> RecordShelf:
    """The whole record, to be kept by the caller and searched with `select`."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    revision_now = ports.store.revision(person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event("records"), every_standing=True)
    preferences = ports.store.preferences(actor.account_id)
    view = person_view(person, ports.clock.now())
    texts = tuple(map(_text, records))
    return RecordShelf(revision_now, view, records, ports.store.raw_counts(person_id), preferences, ports.clock.now(), texts)


def browse(ports: Ports, actor: Actor, person_id: str, query: RecordQuery) -> RecordsView:
    """One page of the record, asked for once."""
    require(ports, actor, Action.VIEW_RECORD, person_id)
    return select(shelf(ports, actor, person_id), query)


def select(kept: RecordShelf, query: RecordQuery) -> RecordsView:
    """One page of a shelf: pure, so that typing in the search field asks the store nothing."""
    standings = {Standing(query.standing)} if query.standing in set(Standing) else {Standing.CURRENT, Standing.QUARANTINED}
    words = folded(query.text).split()
    found = [
        record
        for record, text in zip(kept.records, kept.texts, strict=True)
        if record.standing in standings and all(word in text for word in words)
    ]
    counted = Counter(record.item.group for record in found)
    counts = tuple((group, counted[group]) for group in GROUPS if counted[group])
    chosen = _sorted([record for record in found if query.group in ("", record.item.group)], query.sort)
    size = min(max(1, query.page_size), MOST_ON_A_PAGE)
    pages = max(1, ceil(len(chosen) / size))
    page = min(max(1, query.page), pages)
    frame = Frame(kept.made_at, kept.preferences, kept.person.synthetic)
    lines = tuple(record_line(record, frame) for record in chosen[(page - 1) * size : page * size])
    asked = replace(query, page=page, page_size=size)
    total = sum(record.standing in (Standing.CURRENT, Standing.QUARANTINED) for record in kept.records)
    return RecordsView(kept.revision, asked, counts, len(chosen), pages, lines, _timeline(lines, chosen), kept.raw_counts, total)


def one(ports: Ports, actor: Actor, person_id: str, record_id: str) -> RecordView:
    """One record with everything that is known of it, and its other versions, newest first."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    person = ports.store.person(person_id, grant.event("profile"))
    records = ports.store.records(person_id, grant.event(record_id), every_standing=True)
    found = next((record for record in records if record.record_id == record_id), None)
    if found is None:
        raise NotFound("record_not_found", place="record", need="a record of this person")
    frame = Frame(ports.clock.now(), ports.store.preferences(actor.account_id), person.synthetic or person.profile.synthetic)
    others = [record for record in records if _same_thing(record, found)]
    return RecordView(record_line(found, frame), found, tuple(sorted(others, key=lambda record: record.received_at, reverse=True)))


def original(ports: Ports, actor: Actor, person_id: str, record_id: str) -> str:
    """The record as it came, as indented JSON."""
    grant = require(ports, actor, Action.VIEW_ORIGINAL, person_id)
    raw = ports.store.original(person_id, record_id, grant.event(record_id))
    return json.dumps(json.loads(raw), ensure_ascii=False, indent=2)


def why_odd(ports: Ports, actor: Actor, person_id: str, record_id: str) -> tuple[str, ...]:
    """What a strict reading of FHIR R4 finds wrong with the record: places and needs, in the standard's English."""
    grant = require(ports, actor, Action.VIEW_ORIGINAL, person_id)
    return ports.exporter.why_odd(ports.store.original(person_id, record_id, grant.event(record_id)))


def _same_thing(record: Record, found: Record) -> bool:
    """Whether it is another version of the same foreign record."""
    return bool(found.origin_id) and record.origin_id == found.origin_id and record.record_id != found.record_id


def _sorted(records: Sequence[Record], sort: str) -> list[Record]:
    if sort == "title":
        return sorted(records, key=lambda record: (folded(record.item.concept.title), _instant(record)))
    known = sorted((record for record in records if _instant(record)), key=_instant, reverse=sort != "oldest")
    return known + [record for record in records if not _instant(record)]


def _instant(record: Record) -> float:
    time = PartialTime.parse(when_of(record))
    return time.earliest.timestamp() if time else 0.0


def _timeline(lines: Sequence[RecordLine], chosen: Sequence[Record]) -> tuple[TimelinePart, ...]:
    """The lines of the page cut by month; each part also says how many of all that match are in that month."""
    all_of = Counter(_month(when_of(record)) for record in chosen)
    parts = groupby(lines, key=lambda line: _month(line.when))
    return tuple(TimelinePart(*month, all_of[month], tuple(found)) for month, found in parts)


def _month(when: str) -> tuple[int, int]:
    time = PartialTime.parse(when)
    if time is None:
        return 0, 0
    day = time.local_date
    return day.year, 0 if time.precision == "year" else day.month


def _text(record: Record) -> str:
    """Everything a person might search for, folded."""
    item = record.item
    words = [item.concept.text, item.status, item.kind, when_of(record)]
    concepts = [item.concept, *(value.concept for value in item.values)]
    words += [text for concept in concepts for coding in concept.codings for text in (coding.code, coding.display)]
    words += [value.concept.text for value in item.values]
    for value in item.values:
        words += [value.text, value.unit, value.interpretation, f"{value.number:.15g}" if value.number is not None else ""]
        words += [value.coding.display, value.coding.code] if value.coding else []
    words += [text for _, text in item.detail]
    words += [reference.display for reference in item.references]
    words += [mark.label for mark in record.sources]
    return folded("\n".join(dict.fromkeys(filter(None, words))))
