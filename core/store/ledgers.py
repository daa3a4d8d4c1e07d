"""This is the place where the accounts of imports are read back, line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection, RowMapping, Select, select

from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.people import Role
from core.errors import NotFound
from core.store.codec import KeptImport, pack, pack_lines, unpack, unpack_lines
from core.store.instants import from_micros, maybe_from_micros
from core.store.sealing import Box
from core.store.tables import imports, ledger_chunks
from core.store.touched import NOBODY
from core.store.vault import Vault

_COUNTS = msgspec.json.Decoder(dict[str, int])
Place = tuple[str, str, int]
"""Whose lines, of which import, which part."""


class LedgerStore:
    """The store's methods about ledgers. Person "" stands for the lines of nobody known; whoever imported them sees them."""

    _vault: Vault

    def ledgers(self, person_id: str, event: AuditEvent) -> tuple[Ledger, ...]:
        query = _own(select(imports), person_id, event).order_by(imports.c.started_at.desc(), imports.c.import_id)
        with self._vault.reading(event) as connection:
            box = _box(self._vault, connection, person_id)
            rows = connection.execute(query).mappings().all()
        return tuple(_ledger(box, row) for row in rows)

    def ledger_lines(
        self, person_id: str, import_id: str, event: AuditEvent, *, outcome: str = "", offset: int = 0, limit: int = 200
    ) -> tuple[tuple[LedgerLine, ...], int]:
        query = _own(select(imports.c.import_id), person_id, event).where(imports.c.import_id == import_id)
        with self._vault.reading(event) as connection:
            box = _box(self._vault, connection, person_id)
            if connection.execute(query).first() is None:
                raise NotFound("import_not_found", import_id=import_id)
            lines = _page(connection, box, (person_id, import_id), (outcome, offset, limit))
            found = _found(connection, (person_id, import_id), outcome)
        return tuple(lines), found


def all_counts(counts: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Every outcome with its number, also where that is 0."""
    return tuple((outcome.value, counts.get(outcome.value, 0)) for outcome in Outcome)


def seal_import(box: Box, person_id: str, import_id: str, kept: KeptImport) -> bytes:
    return box.seal(pack(kept), "imports", person_id, import_id, "import")


def open_import(box: Box, person_id: str, import_id: str, sealed: bytes) -> KeptImport:
    return unpack(KeptImport, box.open(sealed, "imports", person_id, import_id, "import"))


def seal_lines(box: Box, place: Place, lines: Sequence[LedgerLine]) -> bytes:
    return box.seal(pack_lines(lines), *_where(place))


def open_lines(box: Box, place: Place, sealed: bytes) -> list[LedgerLine]:
    return unpack_lines(box.open(sealed, *_where(place)))


def _where(place: Place) -> tuple[str, str, str, str]:
    person_id, import_id, number = place
    return "ledger_chunks", person_id, f"{import_id}/{number}", "lines"


def _page(connection: Connection, box: Box, whose: tuple[str, str], wanted: tuple[str, int, int]) -> list[LedgerLine]:
    """The lines wanted; parts that hold none of them stay closed."""
    outcome, skip, limit = wanted
    chunks = ledger_chunks.c
    query = select(chunks.number, chunks.counts, chunks.sealed_lines).order_by(chunks.number)
    found: list[LedgerLine] = []
    for row in connection.execute(query.where(chunks.person_id == whose[0], chunks.import_id == whose[1])):
        here = _matching(_COUNTS.decode(row.counts), outcome)
        if skip >= here:
            skip -= here
            continue
        lines = [line for line in open_lines(box, (*whose, row.number), row.sealed_lines) if outcome in ("", line.outcome.value)]
        found += lines[skip : skip + limit - len(found)]
        skip = 0
        if len(found) >= limit:
            break
    return found


def _found(connection: Connection, whose: tuple[str, str], outcome: str) -> int:
    """How many lines there are; one line may stand for many entries alike."""
    chunks = ledger_chunks.c
    query = select(chunks.counts).where(chunks.person_id == whose[0], chunks.import_id == whose[1])
    return sum(_matching(_COUNTS.decode(row.counts), outcome) for row in connection.execute(query))


def _matching(counts: Mapping[str, int], outcome: str) -> int:
    return counts.get(outcome, 0) if outcome else sum(counts.values())


def _own(query: Select, person_id: str, event: AuditEvent) -> Select:
    query = query.where(imports.c.person_id == person_id)
    if person_id == NOBODY and event.role != Role.SYSTEM.value:
        query = query.where(imports.c.account_id == event.actor_id)
    return query


def _box(vault: Vault, connection: Connection, person_id: str) -> Box:
    return vault.keys.system if person_id == NOBODY else vault.box_to_read(connection, person_id)


def _ledger(box: Box, row: RowMapping) -> Ledger:
    kept = open_import(box, row["person_id"], row["import_id"], row["sealed_import"])
    return Ledger(
        import_id=row["import_id"],
        source_id=row["source_id"],
        source_label=kept.source_label,
        file_name=kept.file_name,
        started_at=from_micros(row["started_at"]),
        finished_at=maybe_from_micros(row["finished_at"]),
        counts=all_counts(_COUNTS.decode(row["counts"])),
        state=row["state"],
        complete=row["complete"],
        problems=kept.problems,
    )
