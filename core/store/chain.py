"""This is the place where the audit trail is written and walked: each line's digest is keyed and holds the one before."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
from sqlalchemy import Connection, RowMapping, func, insert, or_, select, text, update

from core.domain.audit import AuditCheck, AuditEvent, AuditLine
from core.ports import Progress
from core.store.engine import is_postgres
from core.store.instants import from_micros, to_micros
from core.store.keys import Keyring
from core.store.tables import audit_head, audit_lines, audit_subjects

_LOCK = 7_305_002
"""PostgreSQL's advisory lock under which lines are appended, one transaction at a time."""
_FIELDS = ("number", "at", "actor_id", "role", "action", "subject_id", "purpose", "what", "session")
_START = b"\x00" * 32
_STREAM = {"yield_per": 1000}


def append(connection: Connection, keys: Keyring, event: AuditEvent, subjects: Sequence[str] = ()) -> None:
    """Add a line in the transaction at hand; `subjects` are the people it is about when it is about several."""
    extend(connection, keys, [(event, subjects)])


def extend(connection: Connection, keys: Keyring, entries: Sequence[tuple[AuditEvent, Sequence[str]]]) -> None:
    """Add lines in this order, each an event with the people it is about besides its subject."""
    if not entries:
        return
    if is_postgres(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    head = connection.execute(select(audit_head.c.number, audit_head.c.digest)).first()
    number, digest = (head.number, head.digest) if head else (0, _START)
    rows, names = [], []
    for event, subjects in entries:
        number += 1
        row = _row(keys, number, event)
        named = sorted(set(subjects) - {event.subject_id})
        digest = _digest(keys, digest, [row[field] for field in _FIELDS], named)
        rows.append({**row, "digest": digest})
        names += [{"subject_id": person_id, "number": number} for person_id in named]
    connection.execute(insert(audit_lines), rows)
    if names:
        connection.execute(insert(audit_subjects), names)
    new_head = {"number": number, "digest": digest, "seal": _seal(keys, number, digest)}
    connection.execute(update(audit_head).values(**new_head) if head else insert(audit_head).values(place=1, **new_head))


def lines(connection: Connection, *, subject_id: str = "", limit: int) -> tuple[AuditLine, ...]:
    """The newest lines first; with `subject_id` those about this person, alone or among others."""
    query = select(audit_lines).order_by(audit_lines.c.number.desc()).limit(limit)
    if subject_id:
        listed = select(audit_subjects.c.number).where(audit_subjects.c.subject_id == subject_id)
        query = query.where(or_(audit_lines.c.subject_id == subject_id, audit_lines.c.number.in_(listed)))
    return tuple(_line(row) for row in connection.execute(query).mappings())


def check(connection: Connection, keys: Keyring, progress: Progress | None = None) -> AuditCheck:
    """Walk the whole chain: a line changed, taken out, moved or cut off the end is named by its number."""
    head = connection.execute(select(audit_head)).mappings().first()
    total = connection.execute(select(func.count()).select_from(audit_lines)).scalar_one()
    before, expected = _START, 1
    for row, named in _walk(connection):
        if row["number"] != expected:
            return AuditCheck(total, expected, "audit_line_missing")
        before_now = _digest(keys, before, [row[field] for field in _FIELDS], named)
        if not hmac.compare_digest(before_now, row["digest"]):
            return AuditCheck(total, expected, "audit_line_changed")
        before, expected = before_now, expected + 1
        if progress and expected % 1000 == 0:
            progress(expected - 1, total)
    if progress:
        progress(total, total)
    past_end = connection.execute(select(func.max(audit_subjects.c.number))).scalar() or 0
    return _check_end(keys, head, (total, past_end), before)


def _check_end(keys: Keyring, head: RowMapping | None, end: tuple[int, int], last: bytes) -> AuditCheck:
    total, past_end = end
    if head is None:
        return AuditCheck(total, 1, "audit_head_missing") if total else AuditCheck(0)
    if not hmac.compare_digest(_seal(keys, head["number"], head["digest"]), head["seal"]):
        return AuditCheck(total, head["number"], "audit_head_changed")
    if head["number"] != total or head["digest"] != last:
        return AuditCheck(total, min(total, head["number"]) + 1, "audit_end_missing")
    if past_end > total:
        return AuditCheck(total, total + 1, "audit_line_missing")
    return AuditCheck(total)


def _walk(connection: Connection) -> Iterator[tuple[RowMapping, list[str]]]:
    """Each line in order with the people it names besides its subject, in constant memory."""
    people = select(audit_subjects.c.number, audit_subjects.c.subject_id).order_by(audit_subjects.c.number)
    grouped = groupby(connection.execute(people, execution_options=_STREAM), key=lambda row: row.number)
    group = next(grouped, None)
    everything = select(audit_lines).order_by(audit_lines.c.number)
    for row in connection.execute(everything, execution_options=_STREAM).mappings():
        named: list[str] = []
        while group is not None and group[0] <= row["number"]:  # names of a line that is gone are held against the next
            named += [subject.subject_id for subject in group[1]]
            group = next(grouped, None)
        yield row, sorted(named)


def _digest(keys: Keyring, before: bytes, fields: Sequence[str | int], named: Sequence[str]) -> bytes:
    return hmac.digest(keys.chain, before + msgspec.json.encode([*fields, list(named)]), "sha256")


def _seal(keys: Keyring, number: int, digest: bytes) -> bytes:
    return hmac.digest(keys.chain, b"head" + number.to_bytes(8, "big") + digest, "sha256")


def _row(keys: Keyring, number: int, event: AuditEvent) -> dict[str, str | int]:
    """The session is kept as a mark: its id opens doors."""
    return {
        "number": number,
        "at": to_micros(event.at),
        "actor_id": event.actor_id,
        "role": event.role,
        "action": event.action,
        "subject_id": event.subject_id,
        "purpose": event.purpose,
        "what": event.what.replace("\x00", ""),
        "session": keys.mark("audit session", event.session_id).hex()[:16] if event.session_id else "",
    }


def _line(row: RowMapping) -> AuditLine:
    event = AuditEvent(
        at=from_micros(row["at"]),
        actor_id=row["actor_id"],
        role=row["role"],
        action=row["action"],
        subject_id=row["subject_id"],
        purpose=row["purpose"],
        what=row["what"],
        session_id=row["session"],
    )
    return AuditLine(row["number"], event, row["digest"].hex())
