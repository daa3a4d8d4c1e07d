"""This is the place where an import gathers what it will keep, in a private file, so that the store stays open to others.

The file lies in the data folder, loses its name as soon as it is open (a killed import leaves nothing), and holds only what
the store holds: marks and sealed cells.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from core.domain.records import Standing
from core.store.sealing import new_id

FOLDER = "spill"
_BATCH = 500
_TABLES = """
CREATE TABLE version (
    place INTEGER PRIMARY KEY, person INTEGER NOT NULL, record_id TEXT NOT NULL, logical BLOB NOT NULL, content BLOB NOT NULL,
    fact BLOB NOT NULL, standing TEXT NOT NULL, head BLOB NOT NULL, arrival INTEGER NOT NULL, mine INTEGER NOT NULL,
    known INTEGER NOT NULL, settled TEXT NOT NULL, linked INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX version_by_logical ON version (person, logical);
CREATE INDEX version_by_fact ON version (person, fact);
CREATE TABLE body (place INTEGER PRIMARY KEY, kind TEXT NOT NULL, shelf TEXT NOT NULL, item BLOB NOT NULL, original BLOB NOT NULL);
CREATE TABLE said (record_id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE chunk (person INTEGER NOT NULL, number INTEGER NOT NULL, counts TEXT NOT NULL, lines BLOB NOT NULL, PRIMARY KEY (person, number));
"""


class Staged(NamedTuple):
    """A version of some logical id. `mine`: this import's source already says so."""

    place: int
    record_id: str
    content: bytes
    standing: str
    head: bytes
    arrival: int
    mine: int


class Fresh(NamedTuple):
    """A version that the store does not have yet: marks and sealed cells."""

    record_id: str
    logical: bytes
    content: bytes
    fact: bytes
    kind: str
    shelf: str
    arrival: int
    head: bytes
    item: bytes
    original: bytes


class Known(NamedTuple):
    """What is needed of a version that the store has."""

    record_id: str
    logical: bytes
    content: bytes
    fact: bytes
    standing: str
    head: bytes
    arrival: int


class Staging:
    """The gathered rows of one import; people go by small numbers here."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._rows = connection

    def know(self, person: int, rows: Iterable[Known]) -> None:
        """Take over what the store has of a person."""
        self._rows.executemany(
            "INSERT INTO version (person, record_id, logical, content, fact, standing, head, arrival, mine, known, settled)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 1, ?)",
            ((person, r.record_id, r.logical, r.content, r.fact, r.standing, r.head, r.arrival, r.standing) for r in rows),
        )

    def say_mine(self, person: int, record_ids: Iterable[tuple[str]]) -> None:
        """Of what the store has of a person, this import's source already says these."""
        self._rows.executemany("INSERT INTO said VALUES (?)", record_ids)
        self._rows.execute("UPDATE version SET mine = 1 WHERE person = ? AND record_id IN (SELECT record_id FROM said)", (person,))
        self._rows.execute("DELETE FROM said")

    def versions(self, person: int, logical: bytes) -> list[Staged]:
        found = self._rows.execute(
            "SELECT place, record_id, content, standing, head, arrival, mine FROM version WHERE person = ? AND logical = ?",
            (person, logical),
        )
        return [Staged(*row) for row in found]

    def states_elsewhere(self, person: int, fact: bytes, logical: bytes) -> bool:
        """Whether a current record with another logical id states the fact."""
        found = self._rows.execute(
            "SELECT 1 FROM version WHERE person = ? AND fact = ? AND standing = ? AND logical <> ? LIMIT 1",
            (person, fact, Standing.CURRENT.value, logical),
        )
        return found.fetchone() is not None

    def add(self, person: int, row: Fresh, standing: str) -> None:
        place = self._rows.execute(
            "INSERT INTO version (person, record_id, logical, content, fact, standing, head, arrival, mine, known, settled)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 0, '')",
            (person, row.record_id, row.logical, row.content, row.fact, standing, row.head, row.arrival),
        ).lastrowid
        self._rows.execute("INSERT INTO body VALUES (?, ?, ?, ?, ?)", (place, row.kind, row.shelf, row.item, row.original))

    def settle(self, place: int, standing: str) -> None:
        self._rows.execute("UPDATE version SET standing = ? WHERE place = ?", (standing, place))

    def link(self, place: int) -> None:
        """This import's source says the same."""
        self._rows.execute("UPDATE version SET mine = 1, linked = known WHERE place = ?", (place,))

    def add_chunk(self, person: int, number: int, counts: str, lines: bytes) -> None:
        self._rows.execute("INSERT INTO chunk VALUES (?, ?, ?, ?)", (person, number, counts, lines))

    def take_chunks(self, person: int) -> list[bytes]:
        """The sealed lines of a person, which are then no longer here."""
        found = [row[0] for row in self._rows.execute("SELECT lines FROM chunk WHERE person = ? ORDER BY number", (person,))]
        self._rows.execute("DELETE FROM chunk WHERE person = ?", (person,))
        return found

    def fresh(self) -> Iterator[list[tuple]]:
        """(person, record_id, logical, content, fact, standing, head, arrival, kind, shelf, item, original) in batches."""
        return self._batches(
            "SELECT person, record_id, logical, content, fact, standing, head, arrival, kind, shelf, item, original"
            " FROM body JOIN version USING (place) ORDER BY place"
        )

    def resettled(self) -> Iterator[list[tuple]]:
        """(standing, record_id) of versions the store has and that now count for something else."""
        return self._batches("SELECT standing, record_id FROM version WHERE known AND standing <> settled")

    def linked(self) -> Iterator[list[tuple]]:
        """(person, record_id) of versions the store has and that this import's source says too."""
        return self._batches("SELECT person, record_id FROM version WHERE linked")

    def chunks(self) -> Iterator[list[tuple]]:
        """(person, number, counts, lines)."""
        return self._batches("SELECT person, number, counts, lines FROM chunk ORDER BY person, number", 8)

    def _batches(self, query: str, size: int = _BATCH) -> Iterator[list[tuple]]:
        rows = self._rows.execute(query)
        while batch := rows.fetchmany(size):
            yield batch


@contextmanager
def staging(home: Path) -> Iterator[Staging]:
    """A staging file for one import, gone at the end."""
    folder = home / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{new_id()}.db"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        for setting in (
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
            "cache_size = -16000",
            "temp_store = MEMORY",
        ):
            connection.execute(f"PRAGMA {setting}")
        connection.executescript(_TABLES)
        _forget_name(path)
        connection.execute("BEGIN")
        yield Staging(connection)
    finally:
        connection.close()
        path.unlink(missing_ok=True)


def sweep(home: Path) -> None:
    """Remove what a killed import may have left, where names cannot be taken from open files."""
    folder = home / FOLDER
    for path in folder.glob("*.db") if folder.is_dir() else ():
        _forget_name(path)


def _forget_name(path: Path) -> None:
    if os.name == "posix":
        path.unlink(missing_ok=True)
