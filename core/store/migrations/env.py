"""This is the place where Alembic is handed the connection that core/store/schema.py opened; it reads no ini file."""

from __future__ import annotations

from alembic import context

from core.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    transactional_ddl=False,  # the caller has begun and will commit
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
