"""Streams of samples, what is chosen and noted about them, how far imports have come, and devices at the door.

The chunks of the step before were never filled by anything a person could reach; they go.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def _person() -> sa.Column:
    return sa.Column("person_id", _ID, sa.ForeignKey("persons.person_id", ondelete="CASCADE"), nullable=False)


def upgrade() -> None:
    op.drop_table("series_chunks")
    op.create_table(
        "streams",
        sa.Column("stream_id", _ID, primary_key=True),
        _person(),
        sa.Column("source_id", _ID, sa.ForeignKey("sources.source_id", ondelete="CASCADE"), nullable=False),
        sa.Column("signal_mark", sa.LargeBinary(), nullable=False),
        sa.Column("stream_mark", sa.LargeBinary(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("sealed_stream", sa.LargeBinary(), nullable=False),
    )
    op.create_index("streams_by_mark", "streams", ["person_id", "stream_mark"], unique=True)
    op.create_index("streams_by_signal", "streams", ["person_id", "signal_mark"], unique=False)
    op.create_index("streams_by_source", "streams", ["source_id"], unique=False)
    op.create_table(
        "series_chunks",
        sa.Column("chunk_id", _ID, primary_key=True),
        _person(),
        sa.Column("stream_id", _ID, sa.ForeignKey("streams.stream_id", ondelete="CASCADE"), nullable=False),
        sa.Column("chunk_mark", sa.LargeBinary(), nullable=False),
        sa.Column("samples", sa.BigInteger(), nullable=False),
        sa.Column("sealed_span", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_bins", sa.LargeBinary(), nullable=True),
        sa.Column("sealed_columns", sa.LargeBinary(), nullable=False),
    )
    op.create_index("series_by_chunk", "series_chunks", ["person_id", "chunk_mark"], unique=True)
    op.create_index("series_by_stream", "series_chunks", ["stream_id"], unique=False)
    op.create_table(
        "series_facts",
        sa.Column("fact_id", _ID, primary_key=True),
        _person(),
        sa.Column("kind", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_fact", sa.LargeBinary(), nullable=False),
    )
    op.create_index("series_facts_by_person", "series_facts", ["person_id", "kind", "at"], unique=False)
    op.create_table(
        "import_marks",
        sa.Column("person_id", _ID, primary_key=True),
        sa.Column("import_mark", sa.LargeBinary(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_progress", sa.LargeBinary(), nullable=False),
    )
    op.create_table(
        "device_tokens",
        sa.Column("token_id", _ID, primary_key=True),
        _person(),
        sa.Column("source_id", _ID, sa.ForeignKey("sources.source_id", ondelete="CASCADE"), nullable=False),
        sa.Column("token_mark", sa.LargeBinary(), nullable=False, unique=True),
        sa.Column("sealed_label", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
    )
    op.create_index("device_tokens_by_person", "device_tokens", ["person_id"], unique=False)
    op.create_index("device_tokens_by_source", "device_tokens", ["source_id"], unique=False)
    op.create_table(
        "seen_keys",
        sa.Column("person_id", _ID, sa.ForeignKey("persons.person_id", ondelete="CASCADE"), primary_key=True),
        sa.Column("key_mark", sa.LargeBinary(), primary_key=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_answer", sa.LargeBinary(), nullable=False),
    )
    op.create_index("seen_keys_by_time", "seen_keys", ["at"], unique=False)
