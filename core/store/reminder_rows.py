"""This is the place where rows of reminders are written within a transaction at hand: by a plan, and by answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, insert, select, update

from core.domain.doses import OPEN_STATES, Plan, PlannedDose, PlannedReminder, ReminderState
from core.store.codec import pack, unpack
from core.store.instants import to_micros
from core.store.sealing import Box, new_id
from core.store.tables import reminders
from core.store.vault import Vault

_OPEN = frozenset(state.value for state in OPEN_STATES)


def open_planned(box: Box, row: Row) -> PlannedReminder:
    """What a reminder is about. Raises StoreDamaged."""
    return unpack(PlannedReminder, box.open(row.sealed_reminder, "reminders", row.person_id, row.reminder_id, "reminder"))


def put(vault: Vault, connection: Connection, box: Box, person_id: str, plan: Plan) -> int:
    """Add, change and end reminders as the plan has them; how many were touched. One that went out keeps how it stands."""
    wanted = {vault.keys.mark("reminder", person_id, one.slot): one for one in plan.reminders}
    start, until = to_micros(plan.start), to_micros(plan.until)
    rows = connection.execute(select(reminders).where(reminders.c.person_id == person_id, reminders.c.due_at >= start)).all()
    there = {bytes(row.reminder_mark): row for row in rows}
    for mark in [mark for mark in wanted if mark not in there]:
        mine = (reminders.c.person_id == person_id, reminders.c.reminder_mark == mark)
        if (row := connection.execute(select(reminders).where(*mine)).first()) is not None:
            there[mark] = row
    touched = sum(_put_one(connection, box, (person_id, mark), one, there.get(mark)) for mark, one in wanted.items())
    for mark, row in there.items():
        if mark not in wanted and row.state in _OPEN and start <= row.due_at < until:
            _change(connection, row, state=ReminderState.ENDED.value, next_at=None, why="ended", lease_until=0, leased_by="")
            touched += 1
    return touched


def _put_one(connection: Connection, box: Box, of: tuple[str, bytes], one: PlannedReminder, row: Row | None) -> int:
    person_id, mark = of
    reminder_id = row.reminder_id if row is not None else new_id()
    known = open_planned(box, row) if row is not None else None
    if row is not None and row.state != ReminderState.ENDED.value and known == one:
        return 0
    sealed = box.seal(pack(one), "reminders", person_id, reminder_id, "reminder")
    fresh = {"state": ReminderState.WAITING.value, "next_at": to_micros(one.remind_at), "why": "", "lease_until": 0, "leased_by": ""}
    said = {"kind": one.kind, "due_at": to_micros(one.due_at), "sealed_reminder": sealed}
    if row is None:
        connection.execute(
            insert(reminders), {"reminder_id": reminder_id, "person_id": person_id, "reminder_mark": mark, "round": 0, **fresh, **said}
        )
    elif row.state in (ReminderState.ENDED.value, ReminderState.WAITING.value) or _more_is_due(row, known, one):
        _change(connection, row, **fresh, **said)
    else:
        _change(connection, row, **said)
    return 1


def _more_is_due(row: Row, known: PlannedReminder | None, planned: PlannedReminder) -> bool:
    """Whether something is due at a moment that was answered before that came to it."""
    return row.state == ReminderState.ANSWERED.value and known is not None and not set(planned.subjects) <= set(known.subjects)


def answer_done(vault: Vault, connection: Connection, box: Box, person_id: str, answered: Mapping[str, bool]) -> None:
    """Reminders of doses that were answered before their time wait for nothing."""
    if not any(answered.values()):
        return
    waiting = (reminders.c.person_id == person_id, reminders.c.kind == "dose", reminders.c.state == ReminderState.WAITING.value)
    for row in connection.execute(select(reminders).where(*waiting)).all():
        subjects = open_planned(box, row).subjects
        if subjects and all(answered.get(slot, False) for slot in subjects):
            _change(connection, row, state=ReminderState.ANSWERED.value, next_at=None, why="answered", lease_until=0, leased_by="")


def about(connection: Connection, box: Box, person_id: str, dose: PlannedDose) -> list[tuple[Row, PlannedReminder]]:
    """The reminders of a dose."""
    mine = (reminders.c.person_id == person_id, reminders.c.kind == "dose", reminders.c.due_at == to_micros(dose.at))
    found = [(row, open_planned(box, row)) for row in connection.execute(select(reminders).where(*mine)).all()]
    return [(row, planned) for row, planned in found if dose.slot in planned.subjects]


def say_answered(connection: Connection, row: Row, at: datetime, *, answered: bool) -> None:
    """Close it, or open it again where an answer was taken back. Whoever is sending it loses the lease."""
    if answered and row.state not in (ReminderState.ANSWERED.value, ReminderState.ENDED.value):
        _change(connection, row, state=ReminderState.ANSWERED.value, next_at=None, why="answered", lease_until=0, leased_by="")
    elif not answered and row.state == ReminderState.ANSWERED.value:
        state = ReminderState.SENT if row.round else ReminderState.WAITING
        _change(connection, row, state=state.value, next_at=to_micros(at), why="", lease_until=0, leased_by="")


def _change(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(update(reminders).where(reminders.c.reminder_id == row.reminder_id).values(**values))
