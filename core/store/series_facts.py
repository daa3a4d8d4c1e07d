"""This is the place where what a person chose and wrote about their series is kept, and what happened to their sources."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select

from core.domain.audit import AuditEvent
from core.domain.samples import Note, SeriesChoices, SyncEvent
from core.errors import NotFound
from core.ports import ImportHead
from core.store import series_ledger
from core.store.codec import KeptInDrawer, KeptSource, pack, unpack
from core.store.instants import to_micros
from core.store.sealing import Box, new_id
from core.store.tables import series_facts, sources
from core.store.vault import Vault

_CHOICES, _SYNC, _NOTE = "choices", "sync", "note"
DRAWER = "drawer"
"""Kept by core/store/drawer.py."""
_NO_SOURCE = ""


class SeriesFactStore:
    """The store's methods about what stands beside the samples."""

    _vault: Vault

    def open_source(self, person_id: str, head: ImportHead, event: AuditEvent) -> str:
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            known = series_ledger.source_of(self._vault, connection, person_id, head)
            if known:
                return known
            source_id, at = new_id(), to_micros(head.started_at)
            kept = KeptSource(head.kind, head.label or head.file_name, head.address, head.patient_ref, "")
            row = {
                "source_id": source_id, "person_id": person_id, "created_at": at, "last_at": at,
                "source_mark": series_ledger.source_mark(self._vault, person_id, head),
                "sealed_source": box.seal(pack(kept), "sources", person_id, source_id, "source"),
            }  # fmt: skip
            connection.execute(insert(sources), row)
            keep_sync_event(connection, box, person_id, SyncEvent(source_id, "connected", at * 1000))
            self._vault.bump(connection, person_id)
            return source_id

    def series_choices(self, person_id: str) -> SeriesChoices:
        with self._vault.looking() as connection:
            rows = _rows(connection, person_id, _CHOICES)
            if not rows:
                return SeriesChoices()
            return open_fact(self._vault.box_of(connection, person_id), rows[-1], SeriesChoices)  # type: ignore[no-any-return]

    def save_series_choices(self, person_id: str, choices: SeriesChoices, event: AuditEvent) -> None:
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            mine = (series_facts.c.person_id == person_id, series_facts.c.kind == _CHOICES)
            connection.execute(delete(series_facts).where(*mine))
            _keep(connection, box, (person_id, _CHOICES, _NO_SOURCE, to_micros(event.at)), choices)
            self._vault.bump(connection, person_id)

    def add_sync_event(self, person_id: str, happened: SyncEvent, event: AuditEvent) -> None:
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            keep_sync_event(connection, box, person_id, happened)
            self._vault.bump(connection, person_id)

    def sync_events(self, person_id: str, event: AuditEvent) -> tuple[SyncEvent, ...]:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = _rows(connection, person_id, _SYNC)
        return tuple(open_fact(box, row, SyncEvent) for row in rows)

    def notes(self, person_id: str, event: AuditEvent) -> tuple[Note, ...]:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = _rows(connection, person_id, _NOTE)
        return tuple(replace(open_fact(box, row, Note), note_id=row.fact_id) for row in rows)

    def add_note(self, person_id: str, note: Note, event: AuditEvent) -> str:
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            note_id = _keep(connection, box, (person_id, _NOTE, _NO_SOURCE, note.at_ns // 1000), replace(note, note_id=""))
            self._vault.bump(connection, person_id)
        return note_id

    def remove_note(self, person_id: str, note_id: str, event: AuditEvent) -> None:
        with self._vault.writing(event) as connection:
            self._vault.box_to_change(connection, person_id)
            mine = (series_facts.c.person_id == person_id, series_facts.c.kind == _NOTE, series_facts.c.fact_id == note_id)
            if not connection.execute(delete(series_facts).where(*mine)).rowcount:
                raise NotFound("note_not_found", note=note_id)
            self._vault.bump(connection, person_id)


def keep_sync_event(connection: Connection, box: Box, person_id: str, happened: SyncEvent) -> None:
    _keep(connection, box, (person_id, _SYNC, happened.source_id, happened.at_ns // 1000), happened)


def open_fact(box: Box, row: Row, kind: type) -> Any:
    """What is written in a row. Raises StoreDamaged."""
    return unpack(kind, box.open(row.sealed_fact, "series_facts", row.person_id, row.fact_id, "fact"))


def open_any(box: Box, row: Row) -> Any:
    """The same, whatever its kind."""
    return open_fact(box, row, {_CHOICES: SeriesChoices, _SYNC: SyncEvent, _NOTE: Note, DRAWER: KeptInDrawer}[row.kind])


def _keep(connection: Connection, box: Box, where: tuple[str, str, str, int], fact: object) -> str:
    person_id, kind, source_id, at = where
    fact_id = new_id()
    sealed = box.seal(pack(fact), "series_facts", person_id, fact_id, "fact")
    row = {"fact_id": fact_id, "person_id": person_id, "kind": kind, "source_id": source_id, "at": at, "sealed_fact": sealed}
    connection.execute(insert(series_facts), row)
    return fact_id


def _rows(connection: Connection, person_id: str, kind: str) -> list[Row]:
    mine = (series_facts.c.person_id == person_id, series_facts.c.kind == kind)
    return list(connection.execute(select(series_facts).where(*mine).order_by(series_facts.c.at, series_facts.c.fact_id)))
