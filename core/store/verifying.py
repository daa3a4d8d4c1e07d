"""This is the place where everything that is kept is opened once, to know that it can be."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, Table, func, select

from core.errors import StoreDamaged
from core.ports import Progress
from core.store import chain
from core.store.accounts import open_account, open_panel, open_password, open_preferences
from core.store.checks import open_check, open_media, open_spot, open_switch
from core.store.codec import canonical
from core.store.doors import open_answer, open_label
from core.store.doses import open_dose
from core.store.ledgers import open_import, open_lines
from core.store.papers import open_document, open_paper
from core.store.people import open_profile
from core.store.reading import open_body, open_head, open_original, open_source
from core.store.reminder_rows import open_planned
from core.store.reminders import open_delivery
from core.store.requests import open_feed, open_request
from core.store.sealing import Box
from core.store.series import open_bins, open_columns, open_span, open_stream
from core.store.series_facts import open_any
from core.store.tables import (
    accounts,
    check_media,
    checks,
    deliveries,
    device_tokens,
    doses,
    feeds,
    house_documents,
    imports,
    ledger_chunks,
    model_switches,
    originals,
    panels,
    papers,
    persons,
    preferences,
    record_sources,
    records,
    reminders,
    requests,
    seen_keys,
    series_chunks,
    series_facts,
    sources,
    spots,
    streams,
)  # fmt: skip
from core.store.touched import NOBODY
from core.store.vault import Vault

_STREAM = {"yield_per": 200}
_COUNTED = (
    persons, records, originals, sources, imports, ledger_chunks, streams, series_chunks, series_facts, device_tokens, seen_keys,
    doses, reminders, deliveries, requests, feeds, checks, check_media, spots, papers, model_switches, house_documents, accounts, panels, preferences,
)  # fmt: skip


_DOSES: tuple[tuple[Table, Callable[[Box, Row], object]], ...] = (
    (doses, open_dose), (reminders, open_planned), (deliveries, open_delivery), (requests, open_request), (feeds, open_feed),
    (spots, open_spot), (papers, open_paper),
)  # fmt: skip


@dataclass(slots=True)
class _Findings:
    """What was opened and what was not."""

    total: int
    progress: Progress | None
    opened: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)
    done: int = 0

    def look(self, table: Table, row: Row, opener: Callable[[Any], object]) -> None:
        """Open the cells of one row and count it."""
        try:
            opener(row)
            self.opened[table.name] += 1
        except StoreDamaged as error:
            self.damaged.append(str(error.facts.get("place", table.name)))
        self.done += 1
        if self.progress and (self.done % 500 == 0 or self.done == self.total):
            self.progress(self.done, self.total)


class VerifyingStore:
    """The store's method that verifies."""

    _vault: Vault

    def verify(self, progress: Progress | None = None) -> Mapping[str, int | str]:
        """The number of rows that open, by table; `damaged` and `first_damaged`; the audit trail's lines and where it breaks;
        `ok` is 1 only where nothing is amiss."""
        with self._vault.looking() as connection:
            total = sum(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in _COUNTED)
            found = _Findings(total, progress)
            _verify_system(self._vault, connection, found)
            for row in connection.execute(select(persons), execution_options=_STREAM).all():
                _verify_person(self._vault, connection, found, row)
            found.damaged += _alone(connection)
            audit = chain.check(connection, self._vault.keys)
        return {
            **{table.name: found.opened[table.name] for table in _COUNTED},
            "damaged": len(found.damaged),
            "first_damaged": found.damaged[0] if found.damaged else "",
            "audit_lines": audit.lines,
            "audit_broken_at": audit.broken_at,
            "audit_why": audit.why,
            "ok": int(not found.damaged and not audit.broken_at),
        }


def _verify_system(vault: Vault, connection: Connection, found: _Findings) -> None:
    keys = vault.keys
    for row in _rows(connection, accounts):
        found.look(
            accounts,
            row,
            lambda r: _each(open_account(keys, r), open_password(keys, r)),
        )
    for row in _rows(connection, panels):
        found.look(panels, row, lambda r: _each(open_panel(keys, r)))
    for row in _rows(connection, preferences):
        found.look(preferences, row, lambda r: _each(open_preferences(keys, r.account_id, r.sealed_preferences)))
    for row in _rows(connection, model_switches):
        found.look(model_switches, row, lambda r: _each(open_switch(keys, r)))
    for row in _rows(connection, house_documents):
        found.look(house_documents, row, lambda r: _each(open_document(keys, r)))
    _verify_ledgers(connection, found, keys.system, NOBODY)


def _verify_person(vault: Vault, connection: Connection, found: _Findings, person: Row) -> None:
    person_id = person.person_id
    try:
        box = vault.unwrap(person_id, person.sealed_key)
    except StoreDamaged as error:
        found.damaged.append(str(error.facts["place"]))
        return
    found.look(persons, person, lambda row: _each(open_profile(box, person_id, row.sealed_profile)))
    for row in _rows(connection, sources, person_id):
        found.look(sources, row, lambda r: _open_source(box, r))
    query = select(records, originals.c.sealed_original).outerjoin(originals, originals.c.record_id == records.c.record_id)
    for row in connection.execute(query.where(records.c.person_id == person_id), execution_options=_STREAM):
        found.look(records, row, lambda r: _each(open_head(box, person_id, r.record_id, r.sealed_head)))
        found.look(originals, row, lambda r: _open_record(vault, box, r))
    for row in _rows(connection, series_chunks, person_id):
        found.look(series_chunks, row, lambda r: _each(open_span(box, r), open_columns(box, r), open_bins(box, r)))
    for row in _rows(connection, streams, person_id):
        found.look(streams, row, lambda r: _each(open_stream(box, r)))
    for row in _rows(connection, series_facts, person_id):
        found.look(series_facts, row, lambda r: _each(open_any(box, r)))
    for row in _rows(connection, device_tokens, person_id):
        found.look(device_tokens, row, lambda r: _each(open_label(box, r)))
    for row in _rows(connection, seen_keys, person_id):
        found.look(seen_keys, row, lambda r: _each(open_answer(box, person_id, r.key_mark, r.sealed_answer)))
    for table, opener in _DOSES:
        for row in _rows(connection, table, person_id):
            found.look(table, row, partial(opener, box))
    for row in _rows(connection, checks, person_id):
        found.look(checks, row, lambda r: _each(open_check(box, r)))
        found.look(check_media, row, lambda r: _open_media(connection, box, r))
    _verify_ledgers(connection, found, box, person_id)


def _verify_ledgers(connection: Connection, found: _Findings, box: Box, person_id: str) -> None:
    for row in _rows(connection, imports, person_id):
        found.look(imports, row, lambda r: _each(open_import(box, person_id, r.import_id, r.sealed_import)))
    for row in _rows(connection, ledger_chunks, person_id):
        found.look(ledger_chunks, row, lambda r: _each(open_lines(box, (person_id, r.import_id, r.number), r.sealed_lines)))


def _rows(connection: Connection, table: Table, person_id: str | None = None) -> Iterator[Row]:
    query = select(table)
    if person_id is not None:
        query = query.where(table.c.person_id == person_id)
    yield from connection.execute(query, execution_options=_STREAM)


def _open_source(box: Box, row: Row) -> None:
    open_source(box, row.person_id, row.source_id, row.sealed_source)
    if row.sealed_token is not None:
        box.open(row.sealed_token, "sources", row.person_id, row.source_id, "token")


def _open_record(vault: Vault, box: Box, row: Row) -> None:
    """The original must be there and be what the record was made of."""
    body = open_body(box, row.person_id, row.record_id, row.sealed_item)
    if row.sealed_original is None:
        raise StoreDamaged("original_missing", place=f"originals/{row.person_id}/{row.record_id}")
    raw = open_original(box, row.person_id, row.record_id, row.sealed_original)
    if vault.keys.mark("content", row.person_id, body.kind, canonical(raw)) != row.content_mark:
        raise StoreDamaged("original_differs", place=f"originals/{row.person_id}/{row.record_id}")


def _open_media(connection: Connection, box: Box, row: Row) -> None:
    """What was checked must be there and be what the check says it is."""
    media = connection.execute(select(check_media).where(check_media.c.check_id == row.check_id)).first()
    if media is None:
        raise StoreDamaged("content_missing", place=f"check_media/{row.person_id}/{row.check_id}")
    if hashlib.sha256(open_media(box, media, "content")).hexdigest() != open_check(box, row).digest:
        raise StoreDamaged("content_differs", place=f"check_media/{row.person_id}/{row.check_id}")
    open_media(box, media, "overlay")


def _alone(connection: Connection) -> list[str]:
    """Records that no source says."""
    linked = select(record_sources.c.record_id).where(record_sources.c.record_id == records.c.record_id).exists()
    return [f"record_sources/{row.record_id}" for row in connection.execute(select(records.c.record_id).where(~linked).limit(100))]


def _each(*_: object) -> None:
    """What was opened is looked at no further."""
