"""This is the place where a gathered import becomes part of the store, in one transaction."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger
from core.errors import Conflict, NotFound
from core.ports import ImportHead
from core.store import chain
from core.store.codec import KeptImport, KeptSource, pack
from core.store.instants import to_micros
from core.store.ledgers import all_counts, seal_import
from core.store.people import renew_person
from core.store.reading import open_source
from core.store.sealing import new_id
from core.store.staging import Known, Staging
from core.store.tables import imports, ledger_chunks, originals, patient_refs, persons, record_sources, records, sources
from core.store.touched import Touched
from core.store.vault import Vault

_STREAM = {"yield_per": 1000}


@dataclass(frozen=True, slots=True)
class Target:
    """The open transaction and the store it belongs to."""

    connection: Connection
    vault: Vault


@dataclass(frozen=True, slots=True)
class End:
    """How an import ended."""

    import_id: str
    finished_at: datetime
    complete: bool
    problems: tuple[str, ...]
    next_since: str


def get_acquainted(vault: Vault, gathered: Staging, who: Touched, head: ImportHead) -> None:
    """Take over what the store has of a person: key, edition, this import's source and the marks of every version."""
    mark = _source_mark(vault, who.person_id, head)
    with vault.looking() as connection:
        person = connection.execute(
            select(persons.c.sealed_key, persons.c.edition).where(persons.c.person_id == who.person_id)
        ).first()
        if person is None:
            raise NotFound("person_not_found", person=who.person_id)
        known_source = select(sources.c.source_id).where(sources.c.person_id == who.person_id, sources.c.source_mark == mark)
        source_id = connection.execute(known_source).scalar()
        who.box, who.edition = vault.unwrap(who.person_id, person.sealed_key), person.edition
        who.source_id, who.source_is_new = source_id or new_id(), source_id is None
        gathered.know(who.number, _known(connection, who))
        if source_id:
            gathered.say_mine(who.number, _said(connection, who))


def _known(connection: Connection, who: Touched) -> Iterator[Known]:
    of = records.c
    columns = (of.record_id, of.logical_mark, of.content_mark, of.fact_mark, of.standing, of.sealed_head, of.arrival)
    query = select(*columns).where(of.person_id == who.person_id)
    for row in connection.execute(query, execution_options=_STREAM):
        who.next_arrival = max(who.next_arrival, row.arrival + 1)
        yield Known._make(row)


def _said(connection: Connection, who: Touched) -> Iterator[tuple[str]]:
    """The records that this import's source already says."""
    links = record_sources.c
    query = select(links.record_id).where(links.person_id == who.person_id, links.source_id == who.source_id)
    return (tuple(row) for row in connection.execute(query, execution_options=_STREAM))


def merge(target: Target, gathered: Staging, touched: Sequence[Touched], head: ImportHead, event: AuditEvent, end: End) -> Ledger:
    """Write everything. Raises Conflict where a person's records have changed since they were looked at."""
    people = sorted((who for who in touched if who.person_id), key=lambda who: who.person_id)
    for who in people:
        _hold(target, who)
    for who in people:
        _write_source(target, who, head, end)
    by_number = {who.number: who for who in touched}
    _write_records(target.connection, gathered, by_number, to_micros(head.started_at))
    for who in people:
        if who.changed:
            renew_person(target.connection, who.box, who.person_id)
        elif who.source_is_new:
            target.vault.bump(target.connection, who.person_id)
    _write_ledgers(target, gathered, by_number, head, event, end)
    lines = [replace(event, subject_id=who.person_id, what=event.what or end.import_id) for who in people]
    chain.extend(target.connection, target.vault.keys, [(line, ()) for line in lines or [event]])
    return _ledger(touched, head, end)


def _hold(target: Target, who: Touched) -> None:
    if who.person_row is not None:
        target.connection.execute(insert(persons), who.person_row)
    elif target.vault.hold(target.connection, who.person_id) != who.edition:
        raise Conflict("person_changed", person=who.person_id)


def _source_mark(vault: Vault, person_id: str, head: ImportHead) -> bytes:
    """The same file name or the same address again is the same source."""
    return vault.keys.mark("source", person_id, head.kind, head.address or head.label or head.file_name)


def _write_source(target: Target, who: Touched, head: ImportHead, end: End) -> None:
    place = ("sources", who.person_id, who.source_id)
    at = to_micros(head.started_at)
    connection = target.connection
    since = end.next_since
    if not who.source_is_new and not since:
        sealed = connection.execute(select(sources.c.sealed_source).where(sources.c.source_id == who.source_id)).scalar_one()
        since = open_source(who.box, who.person_id, who.source_id, sealed).next_since
    kept = KeptSource(head.kind, head.label or head.file_name, head.address, head.patient_ref, since)
    values: dict[str, object] = {"sealed_source": who.box.seal(pack(kept), *place, "source"), "last_at": at}
    if head.token:
        values["sealed_token"] = who.box.seal(head.token.encode(), *place, "token")
    if who.source_is_new:
        mark = _source_mark(target.vault, who.person_id, head)
        new = {"source_id": who.source_id, "person_id": who.person_id, "source_mark": mark, "created_at": at}
        connection.execute(insert(sources), {**new, **values})
    else:
        connection.execute(update(sources).where(sources.c.source_id == who.source_id).values(**values))
    if who.refs:
        rows = [{"ref_mark": ref, "source_id": who.source_id, "person_id": who.person_id, "linked_at": at} for ref in who.refs]
        connection.execute(
            delete(patient_refs).where(patient_refs.c.source_id == who.source_id, patient_refs.c.ref_mark.in_(list(who.refs)))
        )
        connection.execute(insert(patient_refs), rows)
    if who.brought:
        connection.execute(update(persons).where(persons.c.person_id == who.person_id).values(last_at=at))


def _write_records(connection: Connection, gathered: Staging, by_number: dict[int, Touched], received_at: int) -> None:
    for batch in gathered.fresh():
        rows, bodies, links = [], [], []
        for number, record_id, logical, content, fact, standing, head, arrival, kind, shelf, item, original in batch:
            who = by_number[number]
            rows.append({
                "record_id": record_id, "person_id": who.person_id, "arrival": arrival, "kind": kind, "shelf": shelf,
                "standing": standing, "logical_mark": logical, "content_mark": content, "fact_mark": fact,
                "received_at": received_at, "sealed_head": head, "sealed_item": item,
            })  # fmt: skip
            bodies.append({"record_id": record_id, "person_id": who.person_id, "sealed_original": original})
            links.append({"record_id": record_id, "person_id": who.person_id, "source_id": who.source_id})
        connection.execute(insert(records), rows)
        connection.execute(insert(originals), bodies)
        connection.execute(insert(record_sources), links)
    settle = update(records).where(records.c.record_id == bindparam("one")).values(standing=bindparam("now"))
    for batch in gathered.resettled():
        connection.execute(settle, [{"one": record_id, "now": standing} for standing, record_id in batch])
    for batch in gathered.linked():
        named = [(by_number[number], record_id) for number, record_id in batch]
        rows = [{"record_id": record_id, "person_id": who.person_id, "source_id": who.source_id} for who, record_id in named]
        connection.execute(insert(record_sources), rows)


def _write_ledgers(
    target: Target, gathered: Staging, by_number: dict[int, Touched], head: ImportHead, event: AuditEvent, end: End
) -> None:
    rows = []
    for who in by_number.values():
        kept = KeptImport(head.label or head.file_name, head.file_name, end.problems)
        rows.append({
            "import_id": end.import_id, "person_id": who.person_id, "account_id": event.actor_id, "source_id": who.source_id,
            "state": "done", "complete": end.complete, "counts": json.dumps(dict(all_counts(who.counts))),
            "started_at": to_micros(head.started_at), "finished_at": to_micros(end.finished_at),
            "sealed_import": seal_import(who.box, who.person_id, end.import_id, kept),
        })  # fmt: skip
    if rows:
        target.connection.execute(insert(imports), rows)
    for batch in gathered.chunks():
        chunks = [
            {
                "import_id": end.import_id,
                "person_id": by_number[who].person_id,
                "number": number,
                "counts": counts,
                "sealed_lines": lines,
            }
            for who, number, counts, lines in batch
        ]
        target.connection.execute(insert(ledger_chunks), chunks)


def _ledger(touched: Sequence[Touched], head: ImportHead, end: End) -> Ledger:
    total: Counter[str] = Counter()
    for who in touched:
        total.update(who.counts)
    people = [who for who in touched if who.person_id]
    return Ledger(
        import_id=end.import_id,
        source_id=people[0].source_id if len(people) == 1 else "",
        source_label=head.label or head.file_name,
        file_name=head.file_name,
        started_at=head.started_at,
        finished_at=end.finished_at,
        counts=all_counts(total),
        complete=end.complete,
        problems=end.problems,
    )
