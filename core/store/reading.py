"""This is the place where records are read back: opened, the same fact from several sources made one, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, Row, Select, func, select

from core.domain.audit import AuditEvent
from core.domain.codes import Concept
from core.domain.records import KINDS_SHOWN, Item, Original, Record, SourceMark, Standing
from core.domain.time import PartialTime
from core.errors import NotFound
from core.store.codec import Body, Head, KeptSource, unpack, unpack_original
from core.store.instants import from_micros
from core.store.people import BATCH
from core.store.sealing import Box
from core.store.tables import originals, record_sources, records, sources
from core.store.vault import Vault

_SHOWN = (Standing.CURRENT.value, Standing.QUARANTINED.value)
Group = list[tuple[Row, Body]]
"""Records that state the same fact, the best-informed first."""
Marks = dict[str, tuple[SourceMark, ...]]


class RecordStore:
    """The store's methods that read records."""

    _vault: Vault

    def records(
        self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None, every_standing: bool = False
    ) -> tuple[Record, ...]:
        query = self._of_kinds(_query(person_id, None if every_standing else _SHOWN), kinds)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(query).all()
            marks = _source_marks(connection, box, person_id)
        groups = _groups(box, person_id, rows)
        found = [_record(group, marks) for group in groups]
        return tuple(sorted(found, key=_newest_first))

    def original(self, person_id: str, record_id: str, event: AuditEvent) -> bytes:
        query = select(originals.c.sealed_original).where(originals.c.person_id == person_id, originals.c.record_id == record_id)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            sealed = connection.execute(query).scalar()
            if sealed is None:
                raise NotFound("record_not_found", record=record_id)
        return open_original(box, person_id, record_id, sealed)

    def originals(self, person_id: str, event: AuditEvent, *, kinds: Sequence[str] | None = None) -> Iterator[Original]:
        """Everything but what was replaced or taken back, the first of each fact being the one that `records` shows."""
        query = self._of_kinds(_query(person_id, (*_SHOWN, Standing.RAW.value)), kinds)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(query).all()
        found = [_without_raw(group, at) for group in _groups(box, person_id, rows) for at in range(len(group))]
        return self._originals(box, person_id, found)

    def _of_kinds(self, query: Select, kinds: Sequence[str] | None) -> Select:
        return query if kinds is None else query.where(records.c.kind.in_([_kept_as(self._vault, kind) for kind in kinds]))

    def _originals(self, box: Box, person_id: str, found: Sequence[Original]) -> Iterator[Original]:
        for start in range(0, len(found), BATCH):
            part = found[start : start + BATCH]
            wanted = [original.record_id for original in part]
            query = select(originals.c.record_id, originals.c.sealed_original).where(originals.c.record_id.in_(wanted))
            with self._vault.looking() as connection:
                sealed = {row.record_id: row.sealed_original for row in connection.execute(query)}
            for original in part:
                if original.record_id in sealed:  # else taken away since the reading began
                    yield replace(original, raw=open_original(box, person_id, original.record_id, sealed[original.record_id]))

    def raw_counts(self, person_id: str) -> tuple[tuple[str, int], ...]:
        query = (
            select(
                records.c.kind,
                func.count(records.c.fact_mark.distinct()).label("number"),
                func.min(records.c.record_id).label("one"),
            )
            .where(records.c.person_id == person_id, records.c.standing == Standing.RAW.value)
            .group_by(records.c.kind)
        )
        with self._vault.looking() as connection:
            rows = connection.execute(query).all()
            if not rows:
                return ()
            box = self._vault.box_of(connection, person_id)
            named = select(records.c.record_id, records.c.sealed_item).where(records.c.record_id.in_([row.one for row in rows]))
            sealed = {row.record_id: row.sealed_item for row in connection.execute(named)}
        return tuple(sorted((open_body(box, person_id, row.one, sealed[row.one]).kind, row.number) for row in rows))


def open_head(box: Box, person_id: str, record_id: str, sealed: bytes) -> Head:
    return unpack(Head, box.open(sealed, "records", person_id, record_id, "head"))


def open_body(box: Box, person_id: str, record_id: str, sealed: bytes) -> Body:
    return unpack(Body, box.open(sealed, "records", person_id, record_id, "item"))


def open_original(box: Box, person_id: str, record_id: str, sealed: bytes) -> bytes:
    return unpack_original(box.open(sealed, "originals", person_id, record_id, "original"))


def open_source(box: Box, person_id: str, source_id: str, sealed: bytes) -> KeptSource:
    return unpack(KeptSource, box.open(sealed, "sources", person_id, source_id, "source"))


def _query(person_id: str, standing: Sequence[str] | None) -> Select:
    columns = records.c
    query = select(
        columns.record_id, columns.standing, columns.fact_mark, columns.received_at, columns.arrival, columns.sealed_item
    )
    query = query.where(columns.person_id == person_id)
    return query if standing is None else query.where(columns.standing.in_(standing))


def _source_marks(connection: Connection, box: Box, person_id: str) -> Marks:
    """Of each record the sources that say so, oldest first."""
    rows = connection.execute(
        select(sources).where(sources.c.person_id == person_id).order_by(sources.c.created_at, sources.c.source_id)
    )
    marks: dict[str, SourceMark] = {}
    for row in rows:
        kept = open_source(box, person_id, row.source_id, row.sealed_source)
        marks[row.source_id] = SourceMark(row.source_id, kept.kind, kept.label)
    alone = {source_id: (mark,) for source_id, mark in marks.items()}
    order = {mark: place for place, mark in enumerate(marks.values())}
    said_by: dict[str, tuple[SourceMark, ...]] = {}
    links = select(record_sources.c.record_id, record_sources.c.source_id).where(record_sources.c.person_id == person_id)
    for record_id, source_id in connection.execute(links):
        before = said_by.get(record_id)
        said_by[record_id] = tuple(sorted((*before, marks[source_id]), key=order.__getitem__)) if before else alone[source_id]
    return said_by


def _kept_as(vault: Vault, kind: str) -> str:
    """How a kind is named in the open (core/store/importing.py): what is only kept says no more than that."""
    return kind if kind in KINDS_SHOWN else "other." + vault.keys.mark("kind", kind).hex()


def _groups(box: Box, person_id: str, rows: Sequence[Row]) -> list[Group]:
    """Records that count now and state the same fact together, all others alone; in the order of the first arrival."""
    groups: dict[object, Group] = {}
    for row in sorted(rows, key=lambda row: row.arrival):
        merges = row.standing in _SHOWN
        key = (row.standing, row.fact_mark) if merges else row.record_id
        groups.setdefault(key, []).append((row, open_body(box, person_id, row.record_id, row.sealed_item)))
    return [sorted(group, key=_best_informed) if len(group) > 1 else group for group in groups.values()]


def _best_informed(member: tuple[Row, Body]) -> tuple[bool, int, int]:
    """Complete without its original, with most values, first received."""
    row, body = member
    item = body.item
    return (item is None or bool(item.see_original), -len(item.values) if item else 0, row.arrival)


def _without_raw(group: Group, at: int) -> Original:
    row, body = group[at]
    return Original(row.record_id, b"", body.origin, body.origin_id, group[0][0].record_id if at else "")


def _record(group: Group, marks: Marks) -> Record:
    row, body = group[0]
    named = marks.get(row.record_id, ())
    if len(group) > 1:
        named = tuple(dict.fromkeys(mark for member, _ in group for mark in marks.get(member.record_id, ())))
    return Record(
        record_id=row.record_id,
        item=body.item or Item(body.kind, "raw", Concept()),
        standing=Standing(row.standing),
        sources=named,
        received_at=from_micros(row.received_at),
        problems=body.problems,
        origin_id=body.origin_id,
    )


def _newest_first(record: Record) -> tuple[bool, float]:
    """By when it was or began, else was issued; what has no time comes last, by when it was received."""
    item = record.item
    at = _instant(item.start) or _instant(item.end) or _instant(item.issued)
    return (at is None, -(at or record.received_at).timestamp())


def _instant(text: str) -> datetime | None:
    """The first instant a FHIR time can mean. The plain form of nearly all is read without PartialTime's pattern."""
    if len(text) > 19 and text[10] == "T":
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    time = PartialTime.parse(text)
    return time.earliest if time else None
