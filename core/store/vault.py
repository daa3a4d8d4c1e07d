"""This is the place where one operation becomes one transaction, with its audit line inside and the keys at hand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, Select, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from core.domain.audit import AuditEvent
from core.errors import Conflict, NotFound
from core.store import chain
from core.store.engine import DURABLE, LOOK_ONLY, MUCH
from core.store.keys import Keyring
from core.store.sealing import Box, new_key
from core.store.tables import persons


@dataclass(frozen=True, slots=True)
class Vault:
    """The connected database and its keys. Shared by all threads; holds nothing about anybody."""

    engine: Engine
    keys: Keyring
    home: Path

    @contextmanager
    def reading(self, event: AuditEvent, subjects: Sequence[str] = ()) -> Iterator[Connection]:
        """Read about a person; the audit line is written in the same transaction, or nothing is read."""
        with self._transaction({}) as connection:
            yield connection
            chain.append(connection, self.keys, event, subjects)

    @contextmanager
    def writing(self, event: AuditEvent | None, *, much: bool = False) -> Iterator[Connection]:
        """Write, with the audit line in the same transaction; on the disk when this returns. `much` takes more memory."""
        with self._transaction({DURABLE: True, MUCH: much}) as connection:
            yield connection
            if event is not None:
                chain.append(connection, self.keys, event)

    @contextmanager
    def looking_after(self) -> Iterator[Connection]:
        """Write what may be lost in a power cut and is about nobody's record (when a session was last seen)."""
        with self._transaction({}) as connection:
            yield connection

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """Look at one consistent state without writing: for what carries no person's data, and for upkeep."""
        with self._transaction({LOOK_ONLY: True, **self._snapshot()}) as connection:
            yield connection

    @contextmanager
    def _transaction(self, options: Mapping[str, object]) -> Iterator[Connection]:
        try:
            with self.engine.connect().execution_options(**options) as connection, connection.begin():
                yield connection
        except PoolTimeout as error:
            raise Conflict("store_busy") from error
        except OperationalError as error:
            if "locked" in str(error.orig) or "busy" in str(error.orig):
                raise Conflict("store_busy") from error
            raise

    def _snapshot(self) -> Mapping[str, object]:
        return {"isolation_level": "REPEATABLE READ"} if self.engine.dialect.name == "postgresql" else {}

    def box_of(self, connection: Connection, person_id: str) -> Box:
        """The person's own key, when looking. Raises NotFound for nobody, or somebody erased."""
        return self._box(connection, person_id, select(persons.c.sealed_key))

    def box_to_read(self, connection: Connection, person_id: str) -> Box:
        """The person's own key, before anything else of the person is read: nobody changes the person until the transaction
        ends, so all that is read is of one moment. (SQLite has one writer at a time, and a reading is one.)"""
        return self._box(connection, person_id, select(persons.c.sealed_key).with_for_update(read=True))

    def box_to_change(self, connection: Connection, person_id: str) -> Box:
        """The person's own key, before anything of the person is changed: others wait until the transaction ends."""
        return self._box(connection, person_id, select(persons.c.sealed_key).with_for_update())

    def _box(self, connection: Connection, person_id: str, query: Select[bytes]) -> Box:
        sealed = connection.execute(query.where(persons.c.person_id == person_id)).scalar()
        if sealed is None:
            raise NotFound("person_not_found", person=person_id)
        return self.unwrap(person_id, sealed)

    def unwrap(self, person_id: str, sealed_key: bytes) -> Box:
        return Box(self.keys.wrapping.open(sealed_key, "persons", person_id, person_id, "key"))

    def fresh_key(self, person_id: str) -> tuple[Box, bytes]:
        """A new data key for a person, and the same wrapped for keeping."""
        key = new_key()
        return Box(key), self.keys.wrapping.seal(key, "persons", person_id, person_id, "key")

    def hold(self, connection: Connection, person_id: str) -> int:
        """Keep others from changing this person until the transaction ends; the edition of the records, 0 for nobody."""
        query = select(persons.c.edition).where(persons.c.person_id == person_id).with_for_update()
        return connection.execute(query).scalar() or 0

    def bump(self, connection: Connection, person_id: str) -> None:
        """Something of the person has changed that is not a record."""
        connection.execute(update(persons).where(persons.c.person_id == person_id).values(revision=persons.c.revision + 1))
