"""Doses, reminders and what went out of them, plans, workers, requests to the care team, and calendar addresses."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def _person(*, alone: bool = False) -> sa.Column:
    return sa.Column("person_id", _ID, sa.ForeignKey("persons.person_id", ondelete="CASCADE"), nullable=False, primary_key=alone)


def _int(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _code(name: str) -> sa.Column:
    return sa.Column(name, _ID, nullable=False)


def _bytes(name: str, *, unique: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=False, unique=unique)


def upgrade() -> None:
    op.create_table(
        "plan_heads",
        _person(alone=True), _int("planned_until"), _int("revision"), _int("next_at"), _int("lease_until"), _code("leased_by"),
    )  # fmt: skip
    op.create_index("plan_heads_by_time", "plan_heads", ["next_at"], unique=False)
    op.create_table(
        "doses",
        sa.Column("dose_id", _ID, primary_key=True),
        _person(), _bytes("dose_mark"), _int("due_at"), _code("state"), _bytes("sealed_dose"),
    )  # fmt: skip
    op.create_index("doses_by_mark", "doses", ["person_id", "dose_mark"], unique=True)
    op.create_index("doses_by_time", "doses", ["person_id", "due_at"], unique=False)
    op.create_table(
        "reminders",
        sa.Column("reminder_id", _ID, primary_key=True),
        _person(), _bytes("reminder_mark"), _code("kind"), _int("due_at"), _code("state"),
        sa.Column("round", sa.Integer(), nullable=False),
        _int("next_at", nullable=True), _code("why"), _int("lease_until"), _code("leased_by"), _bytes("sealed_reminder"),
    )  # fmt: skip
    op.create_index("reminders_by_mark", "reminders", ["person_id", "reminder_mark"], unique=True)
    op.create_index("reminders_by_time", "reminders", ["person_id", "due_at"], unique=False)
    op.create_index("reminders_by_next", "reminders", ["next_at"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("delivery_id", _ID, primary_key=True),
        _person(),
        sa.Column("reminder_id", _ID, sa.ForeignKey("reminders.reminder_id", ondelete="CASCADE"), nullable=False),
        _bytes("delivery_mark"), _int("at"), _code("state"), _bytes("sealed_delivery"),
    )  # fmt: skip
    op.create_index("deliveries_by_mark", "deliveries", ["reminder_id", "delivery_mark"], unique=True)
    op.create_index("deliveries_by_person", "deliveries", ["person_id"], unique=False)
    op.create_table("workers", sa.Column("worker_id", _ID, primary_key=True), _int("seen_at"))
    op.create_table(
        "requests",
        sa.Column("request_id", _ID, primary_key=True),
        _person(), _bytes("about_mark"), _code("state"), _int("asked_at"), _bytes("sealed_request"),
    )  # fmt: skip
    op.create_index("requests_by_person", "requests", ["person_id", "state"], unique=False)
    op.create_table(
        "feeds",
        sa.Column("feed_id", _ID, primary_key=True),
        _person(), _bytes("feed_mark", unique=True), _int("created_at"), _int("seen_at", nullable=True), _int("revoked_at", nullable=True),
        _bytes("sealed_feed"),
    )  # fmt: skip
    op.create_index("feeds_by_person", "feeds", ["person_id"], unique=False)
