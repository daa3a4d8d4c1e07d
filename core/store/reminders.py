"""This is the place where reminders are claimed, sent and settled: by one worker at a time, each message written down before it goes out."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Row, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.doses import REMINDER_MOVES, Delivery, Reminder, ReminderState
from core.errors import Conflict, NotFound, StoreDamaged
from core.store.codec import pack, unpack
from core.store.engine import is_postgres, upsert
from core.store.instants import from_micros, maybe_from_micros, to_micros
from core.store.reminder_rows import open_planned
from core.store.sealing import Box, new_id
from core.store.tables import deliveries, reminders, workers
from core.store.vault import Vault

LOG = logging.getLogger("healthboard.store")
WORKERS_KEPT_FOR = timedelta(days=7)


class ReminderStore:
    """The store's methods about reminders and their deliveries."""

    _vault: Vault

    def reminders(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[Reminder, ...]:
        within = (reminders.c.person_id == person_id, reminders.c.due_at >= to_micros(start), reminders.c.due_at < to_micros(end))
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(select(reminders).where(*within).order_by(reminders.c.due_at, reminders.c.reminder_id)).all()
            return _opened(connection, box, rows)

    def change_reminder(self, person_id: str, reminder: Reminder, event: AuditEvent) -> Reminder:
        mine = (reminders.c.person_id == person_id, reminders.c.reminder_id == reminder.reminder_id)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            row = connection.execute(select(reminders).where(*mine)).first()
            if row is None:
                raise NotFound("reminder_not_found", reminder=reminder.reminder_id)
            if reminder.state not in REMINDER_MOVES[ReminderState(row.state)]:
                raise Conflict("reminder_moved", reminder=reminder.reminder_id)
            next_at = None if reminder.next_at is None else to_micros(reminder.next_at)
            changed = {"state": reminder.state.value, "next_at": next_at, "why": reminder.why, "lease_until": 0, "leased_by": ""}
            connection.execute(update(reminders).where(*mine).values(**changed))
            self._vault.bump(connection, person_id)
            return _opened(connection, box, connection.execute(select(reminders).where(*mine)).all())[0]

    def claim_reminders(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[Reminder, ...]:
        at, table = to_micros(now), reminders.c
        due = select(table.reminder_id).where(table.next_at <= at, table.lease_until <= at).order_by(table.next_at).limit(limit)
        with self._vault.looking_after() as connection:
            chosen = due.with_for_update(skip_locked=True) if is_postgres(connection) else due
            claim = update(reminders).where(table.reminder_id.in_(chosen.scalar_subquery()))
            rows = connection.execute(claim.values(lease_until=to_micros(now + lease), leased_by=worker_id).returning(reminders)).all()
            found: list[Reminder] = []
            for row in sorted(rows, key=lambda one: (one.next_at, one.reminder_id)):
                try:
                    found += _opened(connection, self._vault.box_of(connection, row.person_id), [row])
                except StoreDamaged:  # stays leased, and stops nobody else's
                    LOG.error("The reminder %s can't be read (healthboard verify says more)", row.reminder_id)  # noqa: TRY400
        return tuple(found)

    def begin_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> Delivery | None:
        with self._vault.writing(None) as connection:
            if not _holds(connection, worker_id, reminder):
                return None
            box = self._vault.box_of(connection, reminder.person_id)
            mark = self._delivery_mark(reminder, delivery)
            mine = (deliveries.c.reminder_id == reminder.reminder_id, deliveries.c.delivery_mark == mark)
            row = connection.execute(select(deliveries).where(*mine)).first()
            known = None if row is None else open_delivery(box, row)
            if known is not None and known.state in ("sent", "given_up"):
                return known
            begun = _begun(delivery, known, at)
            _put_delivery(connection, box, (reminder, mark), begun, at)
        return begun

    def end_delivery(self, worker_id: str, reminder: Reminder, delivery: Delivery, at: datetime) -> bool:
        with self._vault.writing(None) as connection:
            box = self._vault.box_of(connection, reminder.person_id)
            _put_delivery(connection, box, (reminder, self._delivery_mark(reminder, delivery)), delivery, at)
            self._vault.bump(connection, reminder.person_id)
            return _holds(connection, worker_id, reminder)

    def settle_reminder(self, worker_id: str, reminder: Reminder, at: datetime) -> bool:
        mine = (reminders.c.reminder_id == reminder.reminder_id, reminders.c.leased_by == worker_id)
        next_at = None if reminder.next_at is None else to_micros(reminder.next_at)
        values = {"state": reminder.state.value, "round": reminder.round, "next_at": next_at, "why": reminder.why, "lease_until": 0, "leased_by": ""}
        with self._vault.writing(None) as connection:
            done = connection.execute(update(reminders).where(*mine).values(**values)).rowcount == 1
            if done:
                self._vault.bump(connection, reminder.person_id)
        return done

    def beat(self, worker_id: str, at: datetime) -> None:
        row = {"worker_id": worker_id, "seen_at": to_micros(at)}
        with self._vault.looking_after() as connection:
            upsert(connection, workers, row, {"seen_at": row["seen_at"]})
            connection.execute(workers.delete().where(workers.c.seen_at < to_micros(at - WORKERS_KEPT_FOR)))

    def last_beat(self) -> datetime | None:
        with self._vault.looking() as connection:
            return maybe_from_micros(connection.execute(select(workers.c.seen_at).order_by(workers.c.seen_at.desc()).limit(1)).scalar())

    def _delivery_mark(self, reminder: Reminder, delivery: Delivery) -> bytes:
        return self._vault.keys.mark("delivery", reminder.reminder_id, str(delivery.round), delivery.channel, delivery.recipient)


def open_delivery(box: Box, row: Row) -> Delivery:
    """What went out, or was about to. Raises StoreDamaged."""
    return unpack(Delivery, box.open(row.sealed_delivery, "deliveries", row.person_id, row.delivery_id, "delivery"))


def _begun(delivery: Delivery, known: Delivery | None, at: datetime) -> Delivery:
    """One that was being sent when its sender died may have gone out: the same message again says so."""
    if known is None:
        return replace(delivery, delivery_id=new_id(), state="sending", tries=1, at=at, next_at=None, why="")
    twice = known.maybe_twice or known.state == "sending"
    return replace(known, state="sending", tries=known.tries + 1, at=at, next_at=None, why="", maybe_twice=twice)


def _put_delivery(connection: Connection, box: Box, of: tuple[Reminder, bytes], delivery: Delivery, at: datetime) -> None:
    reminder, mark = of
    sealed = box.seal(pack(delivery), "deliveries", reminder.person_id, delivery.delivery_id, "delivery")
    changing = {"at": to_micros(at), "state": delivery.state, "sealed_delivery": sealed}
    mine = update(deliveries).where(deliveries.c.delivery_id == delivery.delivery_id)
    if not connection.execute(mine.values(**changing)).rowcount:
        key = {"delivery_id": delivery.delivery_id, "person_id": reminder.person_id, "reminder_id": reminder.reminder_id, "delivery_mark": mark}
        connection.execute(insert(deliveries), {**key, **changing})


def _holds(connection: Connection, worker_id: str, reminder: Reminder) -> bool:
    query = select(reminders.c.leased_by).where(reminders.c.reminder_id == reminder.reminder_id).with_for_update()
    return connection.execute(query).scalar() == worker_id


def _opened(connection: Connection, box: Box, rows: Sequence[Row]) -> tuple[Reminder, ...]:
    ids = [row.reminder_id for row in rows]
    sent: dict[str, list[Delivery]] = {}
    for start in range(0, len(ids), 400):
        query = select(deliveries).where(deliveries.c.reminder_id.in_(ids[start : start + 400])).order_by(deliveries.c.at, deliveries.c.delivery_id)
        for row in connection.execute(query):
            sent.setdefault(row.reminder_id, []).append(open_delivery(box, row))
    return tuple(
        Reminder(
            row.reminder_id, row.person_id, open_planned(box, row), ReminderState(row.state), row.round,
            None if row.next_at is None else from_micros(row.next_at), row.why, tuple(sent.get(row.reminder_id, ())),
        )
        for row in rows
    )  # fmt: skip
