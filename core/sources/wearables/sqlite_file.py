"""This is the place where a database file of somebody else's is opened: a private copy, read only, with little trust and patience.

SQLite needs a file. The copy is readable by nobody else and is taken from the folder as soon as it is open (where the system lets us;
else at the end). Its schema may call no functions with effects, nothing can be attached, long texts and deep expressions are
refused, SQLite's memory is bounded, and a query that works on without an answer is stopped.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from core.sources.wearables.form import Member

MAGIC = b"SQLite format 3\0"
MOST_BYTES = 4_000_000_000
"""A phone's Health Connect of several years is some hundred MB."""
BATCH = 20_000
FAULTS = (sqlite3.Error, MemoryError, UnicodeError)
"""What a damaged or hostile file makes SQLite raise (MemoryError: beyond its bound; UnicodeError: a name in its message is damaged)."""
_HEAP = 64_000_000
"""Of all that this process does with Python's sqlite3 from then on: SQLite never lifts it again. The store has a library of its own; what an
import of records gathers in its private file takes about 16 MB of it each."""
_STEPS, _PATIENCE = 100_000, 2_000
"""Steps of SQLite's machine between two looks, and how many looks a batch of rows may take."""
_LEAST, _MOST = -(2**63), 2**63 - 1
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 16_000_000,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 200_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 1,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_PRAGMAS = (
    f"hard_heap_limit={_HEAP}", "trusted_schema=OFF", "query_only=ON", "cell_size_check=ON", "mmap_size=0", "cache_size=-8000", "temp_store=FILE",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unopened:
    """Why a database cannot be opened."""

    why: str


@dataclass(slots=True)
class Database:
    """An open database. Its methods raise FAULTS where the file is damaged or a query takes too long."""

    connection: sqlite3.Connection
    _looks: int = 0

    def tables(self) -> dict[str, dict[str, bool]]:
        """The columns of each ordinary table, by name; true for the one that is the key of its rows. Columns that are worked out are left out."""
        found = {}
        listed = "SELECT name FROM sqlite_master WHERE type = 'table' AND upper(sql) NOT LIKE 'CREATE VIRTUAL%' LIMIT 2000"
        for (name,) in self.connection.execute(listed).fetchall():
            columns = self.connection.execute("SELECT name, type, pk, hidden FROM pragma_table_xinfo(?)", (name,)).fetchall()
            found[name] = {column: pk == 1 and kind.upper() == "INTEGER" for column, kind, pk, hidden in columns if not hidden}
        return found

    def batches(self, query: str, *values: float) -> Iterator[list[tuple]]:
        """The rows of a query, some at a time; where it fails, first those that came before."""
        cursor = self.connection.execute(query, values)
        while True:
            rows: list[tuple] = []
            self._looks, fault = 0, None
            try:
                rows.extend(islice(cursor, BATCH))
            except FAULTS as error:
                fault = error
            if rows:
                yield rows
            if fault is not None:
                raise fault
            if len(rows) < BATCH:
                return

    def one(self, query: str) -> int:
        """The number a query answers with."""
        self._looks = 0
        return int(self.connection.execute(query).fetchone()[0])

    def impatient(self) -> int:
        self._looks += 1
        return int(self._looks > _PATIENCE)


@dataclass(slots=True)
class Walk:
    """Goes through the rows of a query by their number, its first column (t.rowid): up, or from the end down to a row. `last` is where
    it came to, `whole` whether all was well until the end. A damaged table may also lead in circles, so that numbers do not go on."""

    database: Database
    query: str
    down_to: int | None = None
    whole: bool = False
    last: int = field(init=False)

    def __post_init__(self) -> None:
        self.last = _LEAST if self.down_to is None else _MOST

    def batches(self) -> Iterator[list[tuple]]:
        order = "t.rowid > ? ORDER BY t.rowid" if self.down_to is None else "t.rowid < ? ORDER BY t.rowid DESC"
        for once_more in ("", " LIMIT 1"):  # reading several, Python loses the row before the fault
            try:
                for rows in self.database.batches(f"{self.query} WHERE {order}{once_more}", self.last):
                    kept = self._in_order(rows)
                    if kept:
                        self.last = kept[-1][0]
                        yield kept
                    if len(kept) < len(rows):
                        return
                self.whole = not once_more
                return
            except FAULTS:
                continue

    def _in_order(self, rows: list[tuple]) -> list[tuple]:
        before, bound = self.last, self.down_to
        for at, (number, *_) in enumerate(rows):
            if not (before < number if bound is None else bound < number < before):
                return rows[:at]
            before = number
        return rows


def quoted(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def opened(member: Member) -> Iterator[Database | Unopened]:
    """The database in a member, or why it can't be opened. FileRefused of the stream passes."""
    with tempfile.TemporaryDirectory(prefix="healthboard-", ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "copy.db"
        fault = _copied(member, path)
        if fault:
            yield Unopened(fault)
            return
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None, check_same_thread=False
        )
        with closing(connection):
            yield _guarded(connection, path)


def _copied(member: Member, path: Path) -> str:
    """Copies a member into the file; why that failed, or ""."""
    written = 0
    try:
        with path.open("xb") as copy:
            path.chmod(0o600)
            for piece in member.chunks():
                written += len(piece)
                if written > MOST_BYTES:
                    return "too_large"
                copy.write(piece)
        _padded(path, written)
    except OSError:
        return "no_room_to_unpack"
    return ""


def _padded(path: Path, size: int) -> None:
    """Where the end is missing, empty pages stand for it: SQLite opens nothing that is shorter than its header says."""
    with path.open("r+b") as copy:
        head = copy.read(32)
        page = int.from_bytes(head[16:18], "big") or 1
        whole = (65_536 if page == 1 else page) * int.from_bytes(head[28:32], "big")
        if size < whole <= MOST_BYTES:
            copy.truncate(whole)


def _guarded(connection: sqlite3.Connection, path: Path) -> Database | Unopened:
    database = Database(connection)
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    connection.set_progress_handler(database.impatient, _STEPS)
    try:
        for category, most in _LIMITS.items():
            connection.setlimit(category, most)
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except FAULTS:
        return Unopened("document_unreadable")
    with suppress(OSError):
        path.unlink()  # the open connection keeps it; where the system forbids that, it goes with the folder
    return database
