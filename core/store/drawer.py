"""This is the place where small things of a person are kept whole under a name: what they chose, typed in, or have not finished writing."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Row, delete, insert, select

from core.domain.audit import AuditEvent
from core.errors import BadInput, Conflict, StoreDamaged
from core.store.codec import KeptInDrawer, pack
from core.store.instants import to_micros
from core.store.sealing import Box, new_id
from core.store.series_facts import DRAWER, open_fact
from core.store.tables import persons, series_facts
from core.store.vault import Vault

LOG = logging.getLogger("healthboard.store")
LONGEST_KEY = 100
_MANY = 400
LARGEST = 1_000_000
"""Bytes in one drawer: it holds a page of choices, not files."""


class DrawerStore:
    """The store's methods about a person's drawers."""

    _vault: Vault

    def drawer(self, person_id: str, key: str, event: AuditEvent) -> bytes:
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            row = _row(self._vault, connection, person_id, key)
        return b"" if row is None else _opened(box, row)

    def drawers(self, person_ids: Sequence[str], key: str, event: AuditEvent) -> Mapping[str, bytes]:
        found: dict[str, bytes] = {}
        with self._vault.reading(event, tuple(person_ids)) as connection:
            for start in range(0, len(person_ids), _MANY):
                marks = {_mark(self._vault, person_id, key): person_id for person_id in person_ids[start : start + _MANY]}
                query = select(series_facts, persons.c.sealed_key).join(persons, persons.c.person_id == series_facts.c.person_id)
                mine = (
                    series_facts.c.kind == DRAWER,
                    series_facts.c.person_id.in_(marks.values()),
                    series_facts.c.source_id.in_(marks),
                )
                for row in connection.execute(query.where(*mine)).all():
                    try:
                        found[row.person_id] = _opened(self._vault.unwrap(row.person_id, row.sealed_key), row)
                    except StoreDamaged:  # like an empty one to who asks for many; who asks for this one alone hears of it
                        LOG.error("A drawer of %s can't be read (healthboard verify says more)", row.person_id)  # noqa: TRY400
        return found

    def put_in_drawer(
        self, person_id: str, key: str, body: bytes, event: AuditEvent, *, was: bytes | None = None, quiet: bool = False
    ) -> None:
        if not key or len(key) > LONGEST_KEY:
            raise BadInput("bad_input", place="drawer", need=LONGEST_KEY)
        if len(body) > LARGEST:
            raise BadInput("bad_input", place="drawer", need=LARGEST)
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, person_id)
            row = _row(self._vault, connection, person_id, key)
            held = b"" if row is None else _opened(box, row)
            if was is not None and was != held:
                raise Conflict("person_changed", person=person_id)
            if held == body:
                return
            if row is not None:
                connection.execute(delete(series_facts).where(series_facts.c.fact_id == row.fact_id))
            if body:
                fact_id, mark = new_id(), _mark(self._vault, person_id, key)
                sealed = box.seal(pack(KeptInDrawer(key, body)), "series_facts", person_id, fact_id, "fact")
                kept = {"fact_id": fact_id, "person_id": person_id, "kind": DRAWER, "source_id": mark, "at": to_micros(event.at)}
                connection.execute(insert(series_facts), {**kept, "sealed_fact": sealed})
            if not quiet:
                self._vault.bump(connection, person_id)


def _mark(vault: Vault, person_id: str, key: str) -> str:
    """What stands for the key in the open: that somebody fills in a certain questionnaire is nobody's business."""
    return vault.keys.mark("drawer", person_id, key).hex()


def _row(vault: Vault, connection: Connection, person_id: str, key: str) -> Row | None:
    table = series_facts.c
    mine = (table.person_id == person_id, table.kind == DRAWER, table.source_id == _mark(vault, person_id, key))
    return connection.execute(select(series_facts).where(*mine)).first()


def _opened(box: Box, row: Row) -> bytes:
    kept: KeptInDrawer = open_fact(box, row, KeptInDrawer)
    return kept.body
