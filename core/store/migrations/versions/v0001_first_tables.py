"""The first tables: people, records with their versions and sources, ledgers, series, accounts, audit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("username_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_account", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_password", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("username_mark"),
    )
    op.create_table(
        "audit_head",
        sa.Column("place", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_table(
        "audit_lines",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("purpose", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("session", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("audit_by_subject", "audit_lines", ["subject_id", "number"], unique=False)
    op.create_table(
        "audit_subjects",
        sa.Column("subject_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("audit_subjects_by_number", "audit_subjects", ["number"], unique=False)
    op.create_table(
        "imports",
        sa.Column("import_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("sealed_import", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "person_id"),
    )
    op.create_index("imports_by_person", "imports", ["person_id", "started_at"], unique=False)
    op.create_table(
        "ledger_chunks",
        sa.Column("import_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("sealed_lines", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "person_id", "number"),
    )
    op.create_index("ledger_chunks_by_person", "ledger_chunks", ["person_id"], unique=False)
    op.create_table(
        "panels",
        sa.Column("panel_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_panel", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("panel_id"),
    )
    op.create_table(
        "persons",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_profile", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.Column("edition", sa.BigInteger(), nullable=False),
        sa.Column("counts", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "preferences",
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_preferences", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
    )
    op.create_table(
        "sessions",
        sa.Column("session_mark", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("session_mark"),
    )
    op.create_index("sessions_by_account", "sessions", ["account_id"], unique=False)
    op.create_table(
        "sign_in_failures",
        sa.Column("username_mark", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("username_mark"),
    )
    op.create_table(
        "store_facts",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("sealed_value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tickets",
        sa.Column("ticket_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_session", sa.LargeBinary(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_mark"),
    )
    op.create_table(
        "records",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("arrival", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("shelf", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=64), nullable=False),
        sa.Column("logical_mark", sa.LargeBinary(), nullable=False),
        sa.Column("content_mark", sa.LargeBinary(), nullable=False),
        sa.Column("fact_mark", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_head", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_item", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("records_by_content", "records", ["person_id", "logical_mark", "content_mark"], unique=True)
    op.create_index("records_by_fact", "records", ["person_id", "fact_mark"], unique=False)
    op.create_index("records_by_standing", "records", ["person_id", "standing", "shelf"], unique=False)
    op.create_table(
        "sources",
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("source_mark", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_source", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_token", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("source_id"),
    )
    op.create_index("sources_by_mark", "sources", ["person_id", "source_mark"], unique=True)
    op.create_table(
        "originals",
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("sealed_original", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record_id"),
    )
    op.create_index("originals_by_person", "originals", ["person_id"], unique=False)
    op.create_table(
        "patient_refs",
        sa.Column("ref_mark", sa.LargeBinary(), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("linked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("ref_mark", "source_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("patient_refs_by_person", "patient_refs", ["person_id"], unique=False)
    op.create_index("patient_refs_by_source", "patient_refs", ["source_id"], unique=False)
    op.create_table(
        "record_sources",
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["records.record_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", "record_id", "source_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("record_sources_by_record", "record_sources", ["record_id"], unique=False)
    op.create_table(
        "series_chunks",
        sa.Column("chunk_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=64), nullable=False),
        sa.Column("source_id", sa.String(length=64), nullable=False),
        sa.Column("signal_mark", sa.LargeBinary(), nullable=False),
        sa.Column("chunk_mark", sa.LargeBinary(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("sealed_span", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_columns", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["persons.person_id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.source_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chunk_id"),
    )
    op.create_index("series_by_chunk", "series_chunks", ["person_id", "chunk_mark"], unique=True)
    op.create_index("series_by_signal", "series_chunks", ["person_id", "signal_mark"], unique=False)
    op.create_index("series_by_source", "series_chunks", ["source_id"], unique=False)
