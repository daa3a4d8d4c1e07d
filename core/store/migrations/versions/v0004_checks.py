"""Checks of photos and signals with what was checked, the spots they are of, and which models are switched on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def _person() -> sa.Column:
    return sa.Column("person_id", _ID, sa.ForeignKey("persons.person_id", ondelete="CASCADE"), nullable=False)


def _int(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _code(name: str) -> sa.Column:
    return sa.Column(name, _ID, nullable=False)


def _bytes(name: str) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "checks",
        sa.Column("check_id", _ID, primary_key=True),
        _person(), _bytes("check_mark"), _code("kind"), _code("state"), _int("at"), _bytes("sealed_check"),
    )  # fmt: skip
    op.create_index("checks_by_mark", "checks", ["person_id", "check_mark"], unique=True)
    op.create_index("checks_by_time", "checks", ["person_id", "at"], unique=False)
    op.create_index("checks_by_state", "checks", ["state", "at"], unique=False)
    op.create_table(
        "check_media",
        sa.Column("check_id", _ID, sa.ForeignKey("checks.check_id", ondelete="CASCADE"), primary_key=True),
        _person(), _bytes("sealed_content"), _bytes("sealed_overlay"),
    )  # fmt: skip
    op.create_index("check_media_by_person", "check_media", ["person_id"], unique=False)
    op.create_table("spots", sa.Column("spot_id", _ID, primary_key=True), _person(), _bytes("sealed_spot"))
    op.create_index("spots_by_person", "spots", ["person_id"], unique=False)
    op.create_table("model_switches", sa.Column("name", _ID, primary_key=True), _int("at"), _bytes("sealed_switch"))
