"""This is the place where tests of the store make what they put in, and say in short what they find."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from core.domain.audit import AuditEvent
from core.domain.codes import LOINC, Coding, Concept
from core.domain.ledger import Ledger, LedgerLine, Outcome
from core.domain.records import Incoming, Item, PersonName, PersonProfile, Record, Value, Version
from core.ports import ImportHead
from core.store import SqlStore

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
EVENT = AuditEvent(NOW, "system", "system", "view_record", purpose="system")
HOSPITAL = "https://hospital.example/fhir"


def head(label: str = "a.json", *, kind: str = "file", at: datetime = NOW, **more: str) -> ImportHead:
    return ImportHead(kind, label, label if kind == "file" else "", at, **more)


def later(minutes: int) -> datetime:
    return NOW + timedelta(minutes=minutes)


def profile(name: str = "Ada Example", **more: object) -> PersonProfile:
    return PersonProfile((PersonName(name),), **more)


def incoming(
    record_id: str = "1",
    number: float | None = 120.0,
    *,
    code: str = "8480-6",
    version: str = "",
    updated: str = "",
    **more: object,
) -> Incoming:
    """An Observation; `number` None is a value without a usable number. Everything that differs is in the original too."""
    concept = Concept((Coding(LOINC, code),), f"code {code}")
    problem = "" if number is not None else "unit_missing"
    value = Value(concept, "quantity", number, "mm[Hg]" if number is not None else "", problem=problem)
    item = Item("Observation", "vitals", concept, "final", start="2026-02-03T08:00:00+01:00", values=(value,))
    raw = {
        "resourceType": "Observation",
        "id": record_id,
        "code": code,
        "value": number,
        "meta": {"versionId": version, "lastUpdated": updated},
    }
    extra = {key: value for key, value in more.items() if key == "note"}
    given = Incoming(
        f"entry[{record_id}]", "Observation", HOSPITAL, record_id, Version(version, updated), "x|Patient/1",
        json.dumps({**raw, **extra}).encode(), item,
        fact=f"{code}|{number}" if number is not None else "",
    )  # fmt: skip
    return replace(given, **{key: value for key, value in more.items() if key != "note"})


def retraction(record_id: str = "1", **more: object) -> Incoming:
    """The same record, entered in error."""
    given = incoming(record_id, note="entered-in-error", fact="", **more)
    return replace(given, retracts=True)


@dataclass(frozen=True)
class Imported:
    """How an import went."""

    ledger: Ledger
    outcomes: tuple[str, ...]
    record_ids: tuple[str, ...]


def bring(store: SqlStore, person_id: str, entries: Iterable[Incoming], source: ImportHead | None = None) -> Imported:
    """Import these for one person."""
    source = source or head()
    ended: list[tuple[Outcome, str]] = []
    with store.importing(source, replace(EVENT, action="import_records", at=source.started_at), person_id=person_id) as importing:
        for entry in entries:
            outcome, record_id = importing.put(person_id, entry)
            importing.line(person_id, LedgerLine(entry.path, entry.kind, outcome, "", record_id))
            ended.append((outcome, record_id))
        ledger = importing.finish(finished_at=source.started_at)
    return Imported(ledger, tuple(outcome.value for outcome, _ in ended), tuple(record_id for _, record_id in ended))


def numbers(records: Sequence[Record]) -> list[float | None]:
    """The values shown, in ascending order (unusable ones as None, first)."""
    found = [record.item.values[0].number if record.item.values else None for record in records]
    return sorted(found, key=lambda number: (number is not None, number or 0.0))


def shown(store: SqlStore, person_id: str) -> list[float | None]:
    return numbers(store.records(person_id, EVENT))


def run(store: SqlStore, statement: str, **given: object) -> list[tuple]:
    """What somebody with the database in hands could do: run SQL past the store."""
    with store._vault.engine.begin() as connection:
        result = connection.execute(text(statement), given)
        return [tuple(row) for row in result] if result.returns_rows else []


def everything(store: SqlStore) -> dict[str, list[tuple]]:
    """Every row of every table."""
    from core.store.tables import metadata

    return {table.name: sorted(run(store, f"SELECT * FROM {table.name}"), key=repr) for table in metadata.sorted_tables}
