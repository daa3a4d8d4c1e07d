"""This is the place where a database is connected: SQLCipher's SQLite in the data folder, or PostgreSQL."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import QueuePool

from core.errors import BadInput

FILE_NAME = "healthboard.db"
LOOK_ONLY = "healthboard_look_only"
DURABLE = "healthboard_durable"
MUCH = "healthboard_much"
"""Options of a connection: reads only; on the disk when committed; writes so much that a larger cache pays."""
_BUSY_MS = 30_000
_CACHE_KB, _LARGE_CACHE_KB = 4_000, 48_000


def sqlite_engine(path: Path, key: bytes) -> Engine:
    """An encrypted SQLite file in WAL mode. The file is made where it is missing, readable by its owner alone."""

    def connect() -> Any:
        if not path.exists():
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        made = sqlcipher.connect(str(path), timeout=_BUSY_MS / 1000, check_same_thread=False, isolation_level=None)
        try:
            _prepare(made, key)
        except sqlcipher.Error:
            made.close()
            raise
        return made

    engine = create_engine(
        "sqlite://", module=sqlcipher, creator=connect, poolclass=QueuePool, pool_size=4, max_overflow=28, pool_timeout=60
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def postgres_engine(url: str) -> Engine:
    """PostgreSQL through psycopg 3. Raises BadInput for an address of another kind."""
    return create_engine(_postgres_url(url), pool_size=4, max_overflow=28, pool_timeout=60, pool_pre_ping=True)


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def upsert(connection: Connection, table: Table, row: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
    """Add a row, or change the one that already has its primary key, whoever else does the same at this moment."""
    add = postgresql.insert(table) if is_postgres(connection) else sqlite.insert(table)
    keys = [column.name for column in table.primary_key.columns]
    connection.execute(add.values(**row).on_conflict_do_update(index_elements=keys, set_=dict(changes)))


def clear_pages(engine: Engine, tables: Sequence[str]) -> None:
    """Have the database let go of what was deleted. SQLite has already overwritten it (secure_delete) and empties its journal
    here; where somebody else is at work, the rest waits for the next time."""
    with engine.connect() as connection:
        try:
            if is_postgres(connection):
                connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in tables:
                    connection.exec_driver_sql(f"VACUUM {table}")
            else:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except (OperationalError, sqlcipher.OperationalError):
            return


def _postgres_url(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        raise BadInput("bad_setting", place="HEALTHBOARD_DATABASE_URL", need="postgresql://...") from None
    if url.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise BadInput("bad_setting", place="HEALTHBOARD_DATABASE_URL", need="postgresql://...")
    return url.set(drivername="postgresql+psycopg")


def _prepare(made: Any, key: bytes) -> None:
    made.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    made.execute(f"PRAGMA busy_timeout = {_BUSY_MS}")
    made.execute("PRAGMA foreign_keys = ON")
    made.execute("PRAGMA journal_mode = WAL")  # the first that reads the file: a wrong key fails here
    made.execute("PRAGMA synchronous = NORMAL")
    made.execute("PRAGMA secure_delete = ON")
    made.execute("PRAGMA temp_store = MEMORY")
    made.execute(f"PRAGMA cache_size = -{_CACHE_KB}")


def _begin_sqlite(connection: Connection) -> None:
    """A transaction that will write (nearly all do: reading leaves an audit line) takes the write lock at once, in turn."""
    options = connection.get_execution_options()
    if options.get(LOOK_ONLY):
        connection.exec_driver_sql("BEGIN")
        return
    connection.exec_driver_sql(f"PRAGMA synchronous = {'FULL' if options.get(DURABLE) else 'NORMAL'}")
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_LARGE_CACHE_KB if options.get(MUCH) else _CACHE_KB}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
