"""The tables in the database are those the program thinks of, and only migrations make them."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.errors import StoreDamaged
from core.settings import Settings
from core.store import SqlStore, open_store
from core.store.migrations import HEAD
from core.store.tables import PERSONAL, metadata
from tests.store.given import run

MIGRATIONS = Path(__file__).resolve().parents[2] / "core" / "store" / "migrations"


def test_migrations_lead_to_the_tables_of_the_program(store: SqlStore) -> None:
    with store._vault.engine.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_program_needs_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


def test_a_store_of_a_later_program_is_not_touched(settings: Settings) -> None:
    store = open_store(settings)
    run(store, "UPDATE alembic_version SET version_num = '9999'")
    store.close()
    with pytest.raises(StoreDamaged, match="store_newer"):
        open_store(settings)


def test_every_table_with_a_persons_rows_is_known_to_erasing() -> None:
    assert {table.name for table in metadata.sorted_tables if "person_id" in table.c} == {table.name for table in PERSONAL}


def test_columns_that_lie_open_are_few_and_named() -> None:
    """A new column either is sealed, a mark, or is put on this list on purpose."""
    open_columns = {
        "person_id", "source_id", "record_id", "check_id", "spot_id", "paper_id", "import_id", "chunk_id", "stream_id", "fact_id", "token_id", "account_id",
        "dose_id", "reminder_id", "delivery_id", "request_id", "feed_id", "worker_id", "leased_by", "panel_id", "actor_id", "subject_id",
        "kind", "shelf", "standing", "state", "complete", "role", "action", "purpose", "what", "name", "place",
        "counts", "revision", "edition", "arrival", "number", "samples", "failures",
        "at", "created_at", "last_at", "linked_at", "received_at", "started_at", "finished_at", "seen_at", "ends_at", "revoked_at",
        "session", "digest", "seal", "due_at", "next_at", "lease_until", "planned_until", "asked_at", "round", "why",
    }  # fmt: skip
    columns = {column.name for table in metadata.sorted_tables for column in table.c}
    assert {name for name in columns if not name.startswith("sealed_") and not name.endswith("_mark")} == open_columns
