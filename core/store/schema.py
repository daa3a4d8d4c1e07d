"""This is the place where a database is brought to the tables this program needs, by Alembic's migrations."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from core.errors import StoreDamaged
from core.store.engine import DURABLE, LOOK_ONLY, is_postgres
from core.store.migrations import HEAD

_LOCK = 7_305_001
"""PostgreSQL's advisory lock under which one process at a time migrates."""


def revision_of(connection: Connection) -> str:
    """The migration a database stands at, or "" for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


def migrate(engine: Engine, target: str = HEAD) -> bool:
    """Bring the tables to `target` in one transaction, however many processes start at once; whether there was work."""
    with engine.connect().execution_options(**{LOOK_ONLY: True}) as connection, connection.begin():
        if revision_of(connection) == target:
            return False
    with engine.connect().execution_options(**{DURABLE: True}) as connection, connection.begin():
        one_at_a_time(connection)
        upgrade(connection, target)
    return True


def one_at_a_time(connection: Connection) -> None:
    """Wait until no other process begins or migrates this database (SQLite's write lock does so by itself)."""
    if is_postgres(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def upgrade(connection: Connection, target: str = HEAD) -> None:
    """Bring the tables to `target` within the transaction at hand. Raises StoreDamaged for a store from a later program."""
    from alembic import command  # a tenth of a second that most starts don't need
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    try:
        command.upgrade(config, target)
    except CommandError as error:
        raise StoreDamaged("store_newer", place="alembic_version", need=f"a program that knows more than step {HEAD}") from error
