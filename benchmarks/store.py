"""This is the place where the store's speed is measured, beside plain SQLite doing the least that could be called the same.

    python -m benchmarks.store [--records 20000] [--json]

"Plain" is an unencrypted table of (id, JSON): no versions, no sources, no ledger, no audit line, nothing sealed.
"""

from __future__ import annotations

import argparse
import json
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import orjson

from core.domain.audit import AuditEvent
from core.domain.codes import LOINC, Coding, Concept
from core.domain.ledger import LedgerLine
from core.domain.records import Incoming, Item, PersonProfile, Reference, Value, Version
from core.ports import ImportHead
from core.settings import load_settings
from core.store import SqlStore, open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
EVENT = AuditEvent(NOW, "system", "system", "import_records", purpose="system")
SHOWN = 2_000
"""The records of a person that a screen reads at once."""


def made(number: int) -> Incoming:
    """A laboratory value of about 1.2 KB, as a hospital sends it."""
    concept = Concept((Coding(LOINC, "2339-0", "Glucose"),), "Glucose [Mass/volume] in Blood")
    raw = {
        "resourceType": "Observation", "id": str(number), "status": "final", "meta": {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"},
        "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}],
        "code": {"coding": [{"system": LOINC, "code": "2339-0", "display": "Glucose"}], "text": concept.text},
        "subject": {"reference": "Patient/1"}, "effectiveDateTime": "2025-12-24T08:30:00+01:00", "valueQuantity": {"value": number, "unit": "mg/dL"},
        "note": [{"text": "a comment of some length that a laboratory adds. " * 12}],
    }  # fmt: skip
    value = Value(concept, "quantity", float(number), "mg/dL", signal="glucose", low=70.0, high=99.0)
    item = Item(
        "Observation",
        "labs",
        concept,
        "final",
        start="2025-12-24T08:30:00+01:00",
        values=(value,),
        references=(Reference("subject", "Patient/1"),),
    )
    return Incoming(
        f"entry[{number}]", "Observation", "https://hospital.example/fhir", str(number), Version("1", "2026-01-01T00:00:00Z"), "", orjson.dumps(raw), item,
        fact=f"glucose|{number}",
    )  # fmt: skip


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bring(store: SqlStore, person_id: str, entries: Sequence[Incoming], label: str) -> None:
    with store.importing(ImportHead("file", label, label, NOW), EVENT, person_id=person_id) as importing:
        for entry in entries:
            outcome, record_id = importing.put(person_id, entry)
            importing.line(person_id, LedgerLine(entry.path, entry.kind, outcome, "", record_id))
        importing.finish(finished_at=NOW)


def plain_write(path: Path, entries: Sequence[Incoming]) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE kept (id TEXT PRIMARY KEY, person TEXT, body BLOB)")
        connection.executemany("INSERT INTO kept VALUES (?, 'ada', ?)", ((entry.record_id, entry.raw) for entry in entries))


def plain_read(path: Path) -> list[object]:
    with sqlite3.connect(path) as connection:
        return [orjson.loads(body) for (body,) in connection.execute("SELECT body FROM kept WHERE person = 'ada'")]


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def measure(number: int, url: str) -> dict[str, float]:
    """Rates in records/s, times in ms."""
    entries = [made(count) for count in range(number)]
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        store = open_store(load_settings(home=home, database_url=url))
        person, few = (store.add_person(PersonProfile(), EVENT).person_id for _ in range(2))
        bring(store, few, [replace(entry, fact="") for entry in entries[:SHOWN]], "few.json")
        before = peak_mb()
        first = timed(lambda: bring(store, person, entries, "a.json"))
        grown = peak_mb() - before
        again = timed(lambda: bring(store, person, entries, "a.json"))
        read = statistics.median(timed(lambda: store.records(few, EVENT)) for _ in range(9))
        plain = timed(lambda: plain_write(home / "plain.db", entries))
        plain_write(home / "few.db", entries[:SHOWN])
        plain_again = statistics.median(timed(lambda: plain_read(home / "few.db")) for _ in range(9))
        size, plain_size = (home / "healthboard.db").stat().st_size if not url else 0, (home / "plain.db").stat().st_size
        store.close()
    return {
        "import_per_s": number / first, "import_again_per_s": number / again, "plain_write_per_s": number / plain, "import_times_plain": first / plain,
        "memory_mb": grown, "read_2000_ms": read * 1000, "plain_read_2000_ms": plain_again * 1000, "read_times_plain": read / plain_again,
        "bytes_per_record": size / (number + SHOWN), "plain_bytes_per_record": plain_size / number,
    }  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.store", description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--database-url", default="", help="measure PostgreSQL instead of the encrypted file")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = measure(given.records, given.database_url)
    if given.json:
        print(json.dumps(found))
        return
    for name, value in found.items():
        print(f"{name:26} {value:12,.1f}")


if __name__ == "__main__":
    main()
