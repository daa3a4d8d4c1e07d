"""This is the place where checks of photos and signals are kept: what was said and decided, and apart from it the photo itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, Row, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.checks import CHECK_MOVES, CheckKind, CheckState, KeptCheck, Spot
from core.errors import Conflict, NotFound
from core.store.codec import CheckBody, ResultBody, pack, unpack
from core.store.engine import upsert
from core.store.instants import from_micros, to_micros
from core.store.keys import Keyring
from core.store.sealing import Box, new_id
from core.store.tables import check_media, checks, model_switches, spots
from core.store.vault import Vault

_MANY = 400
"""People asked for in one statement."""
_ON, _OFF = b"\x01", b"\x00"


class CheckStore:
    """The store's methods about checks, spots and the switches of models."""

    _vault: Vault

    def put_check(self, check: KeptCheck, content: bytes, overlay: bytes, event: AuditEvent) -> KeptCheck:
        mark = _mark(self._vault, check)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, check.person_id)
            there = connection.execute(
                select(checks).where(checks.c.person_id == check.person_id, checks.c.check_mark == mark)
            ).first()
            if there is not None:
                return open_check(box, there)
            made = replace(check, check_id=new_id())
            fixed = {
                "check_id": made.check_id,
                "person_id": made.person_id,
                "kind": made.kind.value,
                "at": to_micros(made.submitted_at),
            }
            connection.execute(
                insert(checks), {**fixed, "check_mark": mark, "state": made.state.value, "sealed_check": _sealed(box, made)}
            )
            media = {
                "sealed_content": _sealed_media(box, made, content, "content"),
                "sealed_overlay": _sealed_media(box, made, overlay, "overlay"),
            }
            connection.execute(insert(check_media), {"check_id": made.check_id, "person_id": made.person_id, **media})
            self._vault.bump(connection, made.person_id)
        return made

    def checks(
        self, person_ids: Sequence[str], event: AuditEvent, *, kinds: Sequence[CheckKind] = (), states: Sequence[CheckState] = ()
    ) -> tuple[KeptCheck, ...]:
        found: list[KeptCheck] = []
        wanted = tuple(dict.fromkeys(person_ids))
        with self._vault.reading(event, wanted) as connection:
            boxes: dict[str, Box] = {}
            for row in _rows(connection, wanted, kinds, states):
                box = boxes.get(row.person_id) or self._vault.box_of(connection, row.person_id)
                boxes[row.person_id] = box
                found.append(open_check(box, row))
        return tuple(sorted(found, key=lambda one: (one.submitted_at, one.check_id), reverse=True))

    def check(self, person_id: str, check_id: str, event: AuditEvent) -> KeptCheck:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            return open_check(box, _row(connection, person_id, check_id))

    def check_content(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        return self._medium(person_id, check_id, event, "content")

    def check_overlay(self, person_id: str, check_id: str, event: AuditEvent) -> bytes:
        return self._medium(person_id, check_id, event, "overlay")

    def _medium(self, person_id: str, check_id: str, event: AuditEvent, which: str) -> bytes:
        mine = (check_media.c.person_id == person_id, check_media.c.check_id == check_id)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            row = connection.execute(select(check_media).where(*mine)).first()
            if row is None:
                raise NotFound("check_not_found", check=check_id)
            return open_media(box, row, which)

    def change_check(self, check: KeptCheck, was: CheckState, event: AuditEvent, *, overlay: bytes | None = None) -> KeptCheck:
        mine = (checks.c.person_id == check.person_id, checks.c.check_id == check.check_id)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, check.person_id)
            row = _row(connection, check.person_id, check.check_id)
            if not follows(check, open_check(box, row), was):
                raise Conflict("check_moved", check=check.check_id)
            values: dict[str, object] = {"state": check.state.value, "sealed_check": _sealed(box, check)}
            if check.state is CheckState.WITHDRAWN:  # the same photo may come again, as a new check
                values["check_mark"] = _mark(self._vault, check, check.check_id)
            connection.execute(update(checks).where(*mine).values(**values))
            if overlay is not None:
                sealed = _sealed_media(box, check, overlay, "overlay")
                connection.execute(
                    update(check_media).where(check_media.c.check_id == check.check_id).values(sealed_overlay=sealed)
                )
            self._vault.bump(connection, check.person_id)
        return check

    def checks_without_answer(self, limit: int, kinds: Sequence[CheckKind] = ()) -> tuple[tuple[str, str], ...]:
        query = select(checks.c.person_id, checks.c.check_id).where(checks.c.state == CheckState.WAITING_MODEL.value)
        if kinds:
            query = query.where(checks.c.kind.in_([kind.value for kind in kinds]))
        with self._vault.looking() as connection:
            rows = connection.execute(query.order_by(checks.c.at, checks.c.check_id).limit(limit)).all()
        return tuple((row.person_id, row.check_id) for row in rows)

    def put_spot(self, spot: Spot, event: AuditEvent) -> Spot:
        made = replace(spot, spot_id=spot.spot_id or new_id())
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, made.person_id)
            sealed = box.seal(pack(made), "spots", made.person_id, made.spot_id, "spot")
            if not spot.spot_id:
                connection.execute(insert(spots), {"spot_id": made.spot_id, "person_id": made.person_id, "sealed_spot": sealed})
            else:
                mine = update(spots).where(spots.c.person_id == made.person_id, spots.c.spot_id == made.spot_id)
                if not connection.execute(mine.values(sealed_spot=sealed)).rowcount:
                    raise NotFound("spot_not_found", spot=made.spot_id)
            self._vault.bump(connection, made.person_id)
        return made

    def spots(self, person_id: str, event: AuditEvent) -> tuple[Spot, ...]:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            found = [open_spot(box, row) for row in connection.execute(select(spots).where(spots.c.person_id == person_id)).all()]
        return tuple(sorted(found, key=lambda one: (one.created_at is not None, one.created_at, one.spot_id)))

    def model_switches(self) -> Mapping[str, bool]:
        with self._vault.looking() as connection:
            return {row.name: open_switch(self._vault.keys, row) for row in connection.execute(select(model_switches)).all()}

    def switch_model(self, key: str, on: bool, event: AuditEvent) -> None:
        sealed = self._vault.keys.system.seal(_ON if on else _OFF, "model_switches", "", key, "switch")
        with self._vault.writing(event) as connection:
            changes = {"at": to_micros(event.at), "sealed_switch": sealed}
            upsert(connection, model_switches, {"name": key, **changes}, changes)


def follows(check: KeptCheck, there: KeptCheck, was: CheckState) -> bool:
    """Whether a check may take the place of the one that is there: nobody moved that meanwhile, the move is in the table, and its history only grows."""
    allowed = check.state is was or check.state in CHECK_MOVES[was]
    return there.state is was and allowed and check.steps[: len(there.steps)] == there.steps


def open_check(box: Box, row: Row) -> KeptCheck:
    """A check as it stands. Raises StoreDamaged."""
    body = unpack(CheckBody, box.open(row.sealed_check, "checks", row.person_id, row.check_id, "check"))
    return KeptCheck(
        row.check_id, row.person_id, CheckKind(row.kind), CheckState(row.state), from_micros(row.at), body.submitted_by, body.digest, body.result.result(),
        body.spot_id, body.facts, body.note, body.taken_at, body.answers, body.overlay, body.steps, body.seen_at, body.coin,
    )  # fmt: skip


def open_media(box: Box, row: Row, which: str) -> bytes:
    """The "content" or the "overlay" of a check. Raises StoreDamaged."""
    sealed = row.sealed_content if which == "content" else row.sealed_overlay
    return box.open(sealed, "check_media", row.person_id, row.check_id, which)


def open_spot(box: Box, row: Row) -> Spot:
    """Raises StoreDamaged."""
    return unpack(Spot, box.open(row.sealed_spot, "spots", row.person_id, row.spot_id, "spot"))


def open_switch(keys: Keyring, row: Row) -> bool:
    """Raises StoreDamaged: a switch that somebody else set is none."""
    return keys.system.open(row.sealed_switch, "model_switches", "", row.name, "switch") == _ON


def _rows(
    connection: Connection, person_ids: Sequence[str], kinds: Sequence[CheckKind], states: Sequence[CheckState]
) -> Iterator[Row]:
    for start in range(0, len(person_ids), _MANY):
        query = select(checks).where(checks.c.person_id.in_(person_ids[start : start + _MANY]))
        if kinds:
            query = query.where(checks.c.kind.in_([kind.value for kind in kinds]))
        if states:
            query = query.where(checks.c.state.in_([state.value for state in states]))
        yield from connection.execute(query).all()


def _row(connection: Connection, person_id: str, check_id: str) -> Row:
    row = connection.execute(select(checks).where(checks.c.person_id == person_id, checks.c.check_id == check_id)).first()
    if row is None:
        raise NotFound("check_not_found", check=check_id)
    return row


def _mark(vault: Vault, check: KeptCheck, also: str = "") -> bytes:
    return vault.keys.mark("check", check.person_id, check.kind.value, check.spot_id, check.digest, also)


def _sealed(box: Box, check: KeptCheck) -> bytes:
    body = CheckBody(
        check.submitted_by, check.digest, ResultBody.of(check.result), check.spot_id, check.facts, check.note, check.taken_at, check.answers, check.overlay,
        check.steps, check.seen_at, check.coin,
    )  # fmt: skip
    return box.seal(pack(body), "checks", check.person_id, check.check_id, "check")


def _sealed_media(box: Box, check: KeptCheck, content: bytes, which: str) -> bytes:
    return box.seal(content, "check_media", check.person_id, check.check_id, which)
