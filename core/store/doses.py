"""This is the place where doses are kept as they were planned and what people said about them, and plans are laid down whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Row, and_, insert, or_, select, update

from core.domain.audit import AuditEvent
from core.domain.doses import DoseAnswer, DoseState, KeptDose, Plan, PlannedDose, PlanOutcome
from core.errors import Conflict, NotFound
from core.store import chain, reminder_rows
from core.store.codec import DoseBody, pack, unpack
from core.store.engine import upsert
from core.store.instants import from_micros, to_micros
from core.store.sealing import Box, new_id
from core.store.tables import doses, persons, plan_heads
from core.store.vault import Vault

_ANSWERED = (DoseState.TAKEN, DoseState.SKIPPED)
_MANY = 400
"""Marks asked for in one statement."""


@dataclass(frozen=True, slots=True)
class _Desk:
    """A transaction about one person's doses."""

    vault: Vault
    connection: Connection
    box: Box
    person_id: str

    def mark(self, slot: str) -> bytes:
        return self.vault.keys.mark("dose", self.person_id, slot)


class DoseStore:
    """The store's methods about doses."""

    _vault: Vault

    def put_plan(self, person_id: str, plan: Plan, event: AuditEvent) -> PlanOutcome:
        with self._vault.writing(None) as connection:
            desk = _Desk(self._vault, connection, self._vault.box_to_change(connection, person_id), person_id)
            found = _put_doses(desk, plan)
            reminded = reminder_rows.put(self._vault, connection, desk.box, person_id, plan)
            reminder_rows.answer_done(self._vault, connection, desk.box, person_id, _answered_slots(desk, plan))
            if found.added or found.ended or reminded:
                self._vault.bump(connection, person_id)
                chain.append(connection, self._vault.keys, event)
            _put_head(connection, person_id, plan)
        return found

    def doses(self, person_id: str, start: datetime, end: datetime, event: AuditEvent) -> tuple[KeptDose, ...]:
        within = (doses.c.person_id == person_id, doses.c.due_at >= to_micros(start), doses.c.due_at < to_micros(end))
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(select(doses).where(*within).order_by(doses.c.due_at, doses.c.dose_id)).all()
        return tuple(sorted((_kept(box, row) for row in rows), key=lambda one: (one.planned.at, one.planned.title, one.planned.slot)))

    def answer_dose(self, person_id: str, dose_id: str, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        with self._vault.writing(event) as connection:
            desk = _Desk(self._vault, connection, self._vault.box_to_change(connection, person_id), person_id)
            row = connection.execute(select(doses).where(doses.c.person_id == person_id, doses.c.dose_id == dose_id)).first()
            if row is None:
                raise NotFound("dose_not_found", dose=dose_id)
            kept = _kept(desk.box, row)
            if kept.state is DoseState.ENDED:
                raise Conflict("dose_ended", dose=dose_id)
            after = replace(kept, state=answer.state, answer=None if answer.state is DoseState.PLANNED else answer)
            _write(desk, after)
            _tell_reminders(desk, after, event.at)
            self._vault.bump(connection, person_id)
        return after

    def log_dose(self, person_id: str, dose: PlannedDose, answer: DoseAnswer, event: AuditEvent) -> KeptDose:
        with self._vault.writing(event) as connection:
            desk = _Desk(self._vault, connection, self._vault.box_to_change(connection, person_id), person_id)
            mine = (doses.c.person_id == person_id, doses.c.dose_mark == desk.mark(dose.slot))
            row = connection.execute(select(doses).where(*mine)).first()
            kept = KeptDose(row.dose_id if row else new_id(), person_id, dose, answer.state, answer)
            if row:
                _write(desk, kept)
            else:
                connection.execute(insert(doses), _row(desk, kept))
            self._vault.bump(connection, person_id)
        return kept

    def planned_until(self, person_id: str) -> datetime | None:
        mine = select(plan_heads.c.planned_until).where(plan_heads.c.person_id == person_id)
        with self._vault.looking() as connection:
            until = connection.execute(mine).scalar()
        return from_micros(until) if until else None

    def plan_is_due(self, person_id: str, now: datetime) -> bool:
        query = select(persons.c.person_id).outerjoin(plan_heads, plan_heads.c.person_id == persons.c.person_id)
        with self._vault.looking() as connection:
            return connection.execute(query.where(persons.c.person_id == person_id, _stale(to_micros(now)))).first() is not None

    def claim_plans(self, worker_id: str, now: datetime, lease: timedelta, limit: int) -> tuple[str, ...]:
        at = to_micros(now)
        head = plan_heads.c
        free = or_(head.lease_until.is_(None), head.lease_until <= at)
        query = select(persons.c.person_id).outerjoin(plan_heads, head.person_id == persons.c.person_id).where(_stale(at), free)
        claimed = []
        with self._vault.looking_after() as connection:
            for person_id in connection.execute(query.order_by(head.next_at, persons.c.person_id).limit(limit)).scalars().all():
                if _claim_head(connection, person_id, worker_id, (at, to_micros(now + lease))):
                    claimed.append(person_id)
        return tuple(claimed)


def _stale(at: int) -> ColumnElement[bool]:
    """A plan that has to be made anew: of rows of people beside their plan heads, if any."""
    head = plan_heads.c
    return or_(head.person_id.is_(None), head.next_at <= at, head.revision != persons.c.revision)


def open_dose(box: Box, row: Row) -> DoseBody:
    """What is written in a row. Raises StoreDamaged."""
    return unpack(DoseBody, box.open(row.sealed_dose, "doses", row.person_id, row.dose_id, "dose"))


def _kept(box: Box, row: Row) -> KeptDose:
    body = open_dose(box, row)
    return KeptDose(row.dose_id, row.person_id, body.planned, DoseState(row.state), body.answer, body.why)


def _row(desk: _Desk, kept: KeptDose) -> dict[str, object]:
    sealed = desk.box.seal(pack(DoseBody(kept.planned, kept.answer, kept.why)), "doses", kept.person_id, kept.dose_id, "dose")
    return {
        "dose_id": kept.dose_id, "person_id": kept.person_id, "dose_mark": desk.mark(kept.planned.slot),
        "due_at": to_micros(kept.planned.at), "state": kept.state.value, "sealed_dose": sealed,
    }  # fmt: skip


def _write(desk: _Desk, kept: KeptDose) -> None:
    row = _row(desk, kept)
    desk.connection.execute(update(doses).where(doses.c.dose_id == kept.dose_id).values(**row))


def _put_doses(desk: _Desk, plan: Plan) -> PlanOutcome:
    """Add what is new, change what moved, end what is no longer planned; what was answered stays as it was answered."""
    wanted = {desk.mark(one.slot): one for one in plan.doses}
    there = {bytes(row.dose_mark): row for row in _rows(desk, plan, tuple(wanted))}
    added = unchanged = ended = 0
    new: list[dict[str, object]] = []
    for mark, planned in wanted.items():
        row = there.get(mark)
        if row is None:
            new.append(_row(desk, KeptDose(new_id(), desk.person_id, planned, DoseState.PLANNED)))
            added += 1
            continue
        kept = _kept(desk.box, row)
        if kept.state in _ANSWERED or (kept.state is DoseState.PLANNED and kept.planned == planned):
            unchanged += 1
            continue
        _write(desk, replace(kept, planned=planned, state=DoseState.PLANNED, answer=None, why=""))
        added += 1
    if new:
        desk.connection.execute(insert(doses), new)
    start, until = to_micros(plan.start), to_micros(plan.until)
    for mark, row in there.items():
        if mark in wanted or row.state != DoseState.PLANNED.value or not start <= row.due_at < until:
            continue
        kept = _kept(desk.box, row)
        _write(desk, replace(kept, state=DoseState.ENDED, why=plan.ended_why.get(kept.planned.medicine_id, "changed")))
        ended += 1
    return PlanOutcome(added, unchanged, ended)


def _rows(desk: _Desk, plan: Plan, marks: Sequence[bytes]) -> list[Row]:
    """The rows of the plan's time, and those of its slots wherever they lie."""
    mine = doses.c.person_id == desk.person_id
    within = and_(mine, doses.c.due_at >= to_micros(plan.start), doses.c.due_at < to_micros(plan.until))
    found = {row.dose_id: row for row in desk.connection.execute(select(doses).where(within))}
    known = {bytes(row.dose_mark) for row in found.values()}
    for part in _parts([mark for mark in marks if mark not in known]):
        for row in desk.connection.execute(select(doses).where(mine, doses.c.dose_mark.in_(part))):
            found[row.dose_id] = row
    return list(found.values())


def _parts(marks: Sequence[bytes]) -> Iterable[Sequence[bytes]]:
    return (marks[at : at + _MANY] for at in range(0, len(marks), _MANY))


def _answered_slots(desk: _Desk, plan: Plan) -> Mapping[str, bool]:
    """Of the slots that the plan's reminders are about, whether each is answered."""
    slots = {slot for one in plan.reminders if one.kind == "dose" for slot in one.subjects}
    marks = {desk.mark(slot): slot for slot in slots}
    states: dict[str, bool] = dict.fromkeys(slots, False)
    for part in _parts(list(marks)):
        mine = (doses.c.person_id == desk.person_id, doses.c.dose_mark.in_(part))
        for row in desk.connection.execute(select(doses.c.dose_mark, doses.c.state).where(*mine)):
            states[marks[bytes(row.dose_mark)]] = row.state in (DoseState.TAKEN.value, DoseState.SKIPPED.value)
    return states


def _tell_reminders(desk: _Desk, kept: KeptDose, at: datetime) -> None:
    """A reminder all of whose doses are answered is answered; one whose answer was taken back is open again."""
    for row, planned in reminder_rows.about(desk.connection, desk.box, desk.person_id, kept.planned):
        marks = {desk.mark(slot): slot for slot in planned.subjects}
        mine = (doses.c.person_id == desk.person_id, doses.c.dose_mark.in_(list(marks)))
        states = desk.connection.execute(select(doses.c.state).where(*mine)).scalars().all()
        open_still = [state for state in states if state == DoseState.PLANNED.value]
        reminder_rows.say_answered(desk.connection, row, at, answered=not open_still)


def _put_head(connection: Connection, person_id: str, plan: Plan) -> None:
    revision = connection.execute(select(persons.c.revision).where(persons.c.person_id == person_id)).scalar_one()
    row = {
        "planned_until": to_micros(plan.until), "revision": revision, "next_at": to_micros(plan.next_at), "lease_until": 0, "leased_by": "",
    }  # fmt: skip
    upsert(connection, plan_heads, {"person_id": person_id, **row}, row)


def _claim_head(connection: Connection, person_id: str, worker_id: str, when: tuple[int, int]) -> bool:
    """Take the lease of one person's plan unless another has it; atomic on both databases."""
    at, until = when
    row = {"person_id": person_id, "planned_until": 0, "revision": -1, "next_at": 0, "lease_until": 0, "leased_by": ""}
    upsert(connection, plan_heads, row, {"person_id": person_id})
    mine = (plan_heads.c.person_id == person_id, plan_heads.c.lease_until <= at)
    return connection.execute(update(plan_heads).where(*mine).values(lease_until=until, leased_by=worker_id)).rowcount == 1
