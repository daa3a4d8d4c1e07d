"""This is the place where a step of a samples import writes its source, its ledger so far, and how far it has come."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, delete, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.ledger import Ledger, LedgerLine
from core.errors import NotFound
from core.ports import ImportHead
from core.store.codec import KeptImport, KeptProgress, KeptSource, pack, unpack
from core.store.engine import upsert
from core.store.instants import to_micros
from core.store.ledgers import all_counts, open_lines, seal_import, seal_lines
from core.store.sealing import Box
from core.store.tables import import_marks, imports, ledger_chunks, patient_refs, persons, sources
from core.store.touched import NOBODY
from core.store.vault import Vault

__all__ = ["KeptProgress"]
_LINES_PER_CHUNK = 1000


class Whose(Protocol):
    """One person in an import, as far as this place needs to know."""

    person_id: str
    box: Box
    source_id: str
    source_is_new: bool
    refs: set[bytes]
    lines: Counter[LedgerLine]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the progress of an import is kept: the person it was asked for (or ""), and the keyed mark of what is imported."""

    person_id: str
    mark: bytes


@dataclass(frozen=True, slots=True)
class End:
    """How an import stands."""

    import_id: str
    started_at: datetime
    at: datetime | None
    state: str
    complete: bool
    problems: tuple[str, ...]


def progress_of(vault: Vault, place: Place) -> KeptProgress | None:
    """How far an import of these bytes has come that was stopped, or None."""
    query = select(import_marks.c.sealed_progress).where(
        import_marks.c.person_id == place.person_id, import_marks.c.import_mark == place.mark
    )
    with vault.looking() as connection:
        sealed = connection.execute(query).scalar()
    return None if sealed is None else unpack(KeptProgress, vault.keys.system.open(sealed, *_where(place)))


def keep_progress(connection: Connection, vault: Vault, place: Place, progress: KeptProgress | None) -> None:
    """Write it down, or (None) forget it: the import is over."""
    if progress is None:
        mine = (import_marks.c.person_id == place.person_id, import_marks.c.import_mark == place.mark)
        connection.execute(delete(import_marks).where(*mine))
        return
    sealed = vault.keys.system.seal(pack(progress), *_where(place))
    row = {"person_id": place.person_id, "import_mark": place.mark, "at": to_micros(progress.started_at), "sealed_progress": sealed}
    upsert(connection, import_marks, row, {"sealed_progress": sealed})


def lines_of(vault: Vault, progress: KeptProgress) -> Mapping[str, list[LedgerLine]]:
    """What a stopped import has accounted for so far, by person; people erased since are left out."""
    found: dict[str, list[LedgerLine]] = {}
    with vault.looking() as connection:
        for person_id in progress.people:
            try:
                box = vault.keys.system if person_id == NOBODY else vault.box_of(connection, person_id)
            except NotFound:
                continue
            mine = (ledger_chunks.c.import_id == progress.import_id, ledger_chunks.c.person_id == person_id)
            for row in connection.execute(select(ledger_chunks).where(*mine).order_by(ledger_chunks.c.number)):
                found.setdefault(person_id, []).extend(open_lines(box, (person_id, progress.import_id, row.number), row.sealed_lines))
    return found


def source_of(vault: Vault, connection: Connection, person_id: str, head: ImportHead) -> str | None:
    """The source with this kind and name, where the person has it."""
    mine = (sources.c.person_id == person_id, sources.c.source_mark == source_mark(vault, person_id, head))
    return connection.execute(select(sources.c.source_id).where(*mine)).scalar()


def source_mark(vault: Vault, person_id: str, head: ImportHead) -> bytes:
    """The same kind and name again is the same source."""
    return vault.keys.mark("source", person_id, head.kind, head.address or head.label or head.file_name)


def keep_source(vault: Vault, connection: Connection, who: Whose, head: ImportHead) -> None:
    """Write the source that samples come from, and who is meant by names within the file."""
    at = to_micros(head.started_at)
    if who.source_is_new:
        kept = KeptSource(head.kind, head.label or head.file_name, head.address, head.patient_ref, "")
        row = {
            "source_id": who.source_id, "person_id": who.person_id, "created_at": at, "last_at": at,
            "source_mark": source_mark(vault, who.person_id, head),
            "sealed_source": who.box.seal(pack(kept), "sources", who.person_id, who.source_id, "source"),
        }  # fmt: skip
        connection.execute(insert(sources), row)
    else:
        connection.execute(update(sources).where(sources.c.source_id == who.source_id).values(last_at=at))
    if who.refs:
        mine = (patient_refs.c.source_id == who.source_id, patient_refs.c.ref_mark.in_(list(who.refs)))
        connection.execute(delete(patient_refs).where(*mine))
        rows = [{"ref_mark": ref, "source_id": who.source_id, "person_id": who.person_id, "linked_at": at} for ref in who.refs]
        connection.execute(insert(patient_refs), rows)
    connection.execute(update(persons).where(persons.c.person_id == who.person_id).values(last_at=at))


def keep_ledgers(
    vault: Vault, connection: Connection, people: Sequence[Whose], head: ImportHead, of: tuple[AuditEvent, End]
) -> None:
    """Write the ledger of each person as it stands, in the place of what an earlier step wrote."""
    event, end = of
    connection.execute(delete(ledger_chunks).where(ledger_chunks.c.import_id == end.import_id))
    connection.execute(delete(imports).where(imports.c.import_id == end.import_id))
    for who in people:
        counts = _counted(who.lines)
        kept = KeptImport(head.label or head.file_name, head.file_name, end.problems)
        row = {
            "import_id": end.import_id, "person_id": who.person_id, "account_id": event.actor_id, "source_id": who.source_id,
            "state": end.state, "complete": end.complete, "counts": json.dumps(dict(all_counts(counts))),
            "started_at": to_micros(end.started_at), "finished_at": None if end.at is None else to_micros(end.at),
            "sealed_import": seal_import(who.box, who.person_id, end.import_id, kept),
        }  # fmt: skip
        connection.execute(insert(imports), row)
        lines = [replace(line, count=count) for line, count in who.lines.items()]
        for number, start in enumerate(range(0, len(lines), _LINES_PER_CHUNK)):
            part = lines[start : start + _LINES_PER_CHUNK]
            sealed = seal_lines(who.box, (who.person_id, end.import_id, number), part)
            parted = json.dumps(Counter(line.outcome.value for line in part))
            chunk = {"import_id": end.import_id, "person_id": who.person_id, "number": number, "counts": parted, "sealed_lines": sealed}
            connection.execute(insert(ledger_chunks), chunk)


def ledger(people: Sequence[Whose], head: ImportHead, end: End) -> Ledger:
    """The import as a whole."""
    total: Counter[str] = Counter()
    for who in people:
        total.update(_counted(who.lines))
    known = [who for who in people if who.person_id]
    return Ledger(
        import_id=end.import_id,
        source_id=known[0].source_id if len(known) == 1 else "",
        source_label=head.label or head.file_name,
        file_name=head.file_name,
        started_at=end.started_at,
        finished_at=end.at,
        counts=all_counts(total),
        state=end.state,
        complete=end.complete,
        problems=end.problems,
    )


def audited(event: AuditEvent, person_id: str, import_id: str) -> AuditEvent:
    return replace(event, subject_id=person_id, what=event.what or import_id)


def _counted(lines: Counter[LedgerLine]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for line, count in lines.items():
        counts[line.outcome.value] += count
    return counts


def _where(place: Place) -> tuple[str, str, str, str]:
    return "import_marks", place.person_id, place.mark.hex(), "progress"
