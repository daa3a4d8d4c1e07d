"""The care team's papers (alerts, letters, tasks, visits, threads) and documents of the house."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def _int(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _code(name: str) -> sa.Column:
    return sa.Column(name, _ID, nullable=False)


def _bytes(name: str) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "papers",
        sa.Column("paper_id", _ID, primary_key=True),
        sa.Column("person_id", _ID, sa.ForeignKey("persons.person_id", ondelete="CASCADE"), nullable=False),
        _code("kind"), _bytes("paper_mark"), _bytes("parent_mark"), _code("state"), _int("at"), _int("next_at", nullable=True), _int("edition"),
        _int("revision"), _int("lease_until"), _code("leased_by"), _bytes("sealed_paper"),
    )  # fmt: skip
    op.create_index("papers_by_mark", "papers", ["person_id", "paper_mark"], unique=True)
    op.create_index("papers_by_parent", "papers", ["person_id", "parent_mark"], unique=False)
    op.create_index("papers_by_kind", "papers", ["kind", "person_id", "state"], unique=False)
    op.create_index("papers_by_next", "papers", ["kind", "next_at"], unique=False)
    op.create_table("house_documents", sa.Column("name", _ID, primary_key=True), _int("at"), _bytes("sealed_document"))
