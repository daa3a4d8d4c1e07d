"""This is the place where the sources of a person are listed, and one is removed with all that only it brought."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Row, delete, exists, func, select, update

from core.domain.audit import AuditEvent
from core.domain.records import Standing
from core.domain.standing import standings
from core.errors import NotFound
from core.ports import SourceInfo
from core.store.instants import from_micros
from core.store.people import BATCH, renew_person
from core.store.reading import open_head, open_source
from core.store.sealing import Box
from core.store.tables import imports, ledger_chunks, record_sources, records, series_facts, sources, streams
from core.store.vault import Vault

_COUNTED = (Standing.CURRENT.value, Standing.QUARANTINED.value, Standing.RAW.value)


class SourceStore:
    """The store's methods about sources."""

    _vault: Vault

    def sources(self, person_id: str, event: AuditEvent) -> tuple[SourceInfo, ...]:
        """Oldest first; `records` counts what the source says that counts now."""
        query = select(sources).where(sources.c.person_id == person_id).order_by(sources.c.created_at, sources.c.source_id)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(query).all()
            counts, samples = _counts(connection, person_id), _samples(connection, person_id)
        return tuple(_info(box, row, counts.get(row.source_id, 0), samples.get(row.source_id, 0)) for row in rows)

    def source_token(self, person_id: str, source_id: str, event: AuditEvent) -> str:
        """The token that the source was connected with, or ""."""
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            row = _source(connection, person_id, source_id)
        if row.sealed_token is None:
            return ""
        return box.open(row.sealed_token, "sources", person_id, source_id, "token").decode()

    def remove_source(self, person_id: str, source_id: str, event: AuditEvent) -> int:
        """What another source says too stays; a version that was superseded by one that goes counts again."""
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            _source(connection, person_id, source_id)
            gone = _only_from(connection, person_id, source_id)
            touched = {row.logical_mark for row in gone}
            record_ids = [row.record_id for row in gone]
            for start in range(0, len(record_ids), BATCH):  # originals and links go with them
                connection.execute(delete(records).where(records.c.record_id.in_(record_ids[start : start + BATCH])))
            links = record_sources.c
            connection.execute(delete(record_sources).where(links.person_id == person_id, links.source_id == source_id))
            resettle(connection, box, person_id, list(touched))
            of_source = select(imports.c.import_id).where(imports.c.source_id == source_id)
            connection.execute(
                delete(ledger_chunks).where(ledger_chunks.c.person_id == person_id, ledger_chunks.c.import_id.in_(of_source))
            )
            connection.execute(delete(imports).where(imports.c.person_id == person_id, imports.c.source_id == source_id))
            facts = series_facts.c
            connection.execute(delete(series_facts).where(facts.person_id == person_id, facts.source_id == source_id))
            connection.execute(delete(sources).where(sources.c.source_id == source_id))  # streams and tokens go with it
            renew_person(connection, box, person_id)
        return len(gone)


def resettle(connection: Connection, box: Box, person_id: str, logical_marks: Sequence[bytes]) -> None:
    """Decide anew which versions of these logical ids count."""
    columns = (records.c.logical_mark, records.c.record_id, records.c.standing, records.c.sealed_head, records.c.arrival)
    for start in range(0, len(logical_marks), BATCH):
        part = logical_marks[start : start + BATCH]
        query = select(*columns).where(records.c.person_id == person_id, records.c.logical_mark.in_(part))
        versions: dict[bytes, list[Row]] = {}
        for row in connection.execute(query):
            versions.setdefault(row.logical_mark, []).append(row)
        for rows in versions.values():
            kept = [open_head(box, person_id, row.record_id, row.sealed_head).kept(row.arrival) for row in rows]
            for row, standing in zip(rows, standings(kept), strict=True):
                if row.standing != standing.value:
                    changed = update(records).where(records.c.record_id == row.record_id)
                    connection.execute(changed.values(standing=standing.value))


def _source(connection: Connection, person_id: str, source_id: str) -> Row:
    query = select(sources).where(sources.c.person_id == person_id, sources.c.source_id == source_id)
    row = connection.execute(query).first()
    if row is None:
        raise NotFound("source_not_found", source=source_id)
    return row


def _only_from(connection: Connection, person_id: str, source_id: str) -> Sequence[Row]:
    """The records that no other source says."""
    other = record_sources.alias()
    mine = (record_sources.c.person_id == person_id, record_sources.c.source_id == source_id)
    same = (other.c.person_id == person_id, other.c.record_id == record_sources.c.record_id)
    elsewhere = exists().where(*same, other.c.source_id != source_id)
    query = (
        select(records.c.record_id, records.c.logical_mark)
        .join(record_sources, record_sources.c.record_id == records.c.record_id)
        .where(records.c.person_id == person_id, *mine, ~elsewhere)
    )
    return connection.execute(query).all()


def _counts(connection: Connection, person_id: str) -> dict[str, int]:
    query = (
        select(record_sources.c.source_id, func.count())
        .join(records, records.c.record_id == record_sources.c.record_id)
        .where(record_sources.c.person_id == person_id, records.c.person_id == person_id, records.c.standing.in_(_COUNTED))
        .group_by(record_sources.c.source_id)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _samples(connection: Connection, person_id: str) -> dict[str, int]:
    query = select(streams.c.source_id, func.sum(streams.c.samples)).where(streams.c.person_id == person_id)
    return {row[0]: int(row[1]) for row in connection.execute(query.group_by(streams.c.source_id))}


def _info(box: Box, row: Row, number: int, samples: int) -> SourceInfo:
    kept = open_source(box, row.person_id, row.source_id, row.sealed_source)
    return SourceInfo(
        source_id=row.source_id,
        person_id=row.person_id,
        kind=kept.kind,
        label=kept.label,
        address=kept.address,
        patient_ref=kept.patient_ref,
        created_at=from_micros(row.created_at),
        last_at=from_micros(row.last_at),
        next_since=kept.next_since,
        records=number,
        has_token=row.sealed_token is not None,
        samples=samples,
    )
