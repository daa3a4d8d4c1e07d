"""This is the place where the tokens of devices are kept (their digests only), and what devices sent is known again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Row, delete, insert, select, update

from core.domain.audit import AuditEvent
from core.errors import NotFound
from core.ports import DeviceToken
from core.store.codec import KeptText, pack, unpack
from core.store.engine import upsert
from core.store.instants import from_micros, maybe_from_micros, to_micros
from core.store.sealing import Box, new_id
from core.store.tables import device_tokens, seen_keys, sources
from core.store.vault import Vault

KEYS_KEPT_FOR = timedelta(days=90)


class DoorStore:
    """The store's methods about devices that bring data in by themselves."""

    _vault: Vault

    def add_token(self, token: DeviceToken, digest: str, event: AuditEvent) -> DeviceToken:
        made = replace(token, token_id=new_id())
        with self._vault.writing(event) as connection:
            box = self._vault.box_to_change(connection, token.person_id)
            mine = (sources.c.person_id == token.person_id, sources.c.source_id == token.source_id)
            if connection.execute(select(sources.c.source_id).where(*mine)).first() is None:
                raise NotFound("source_not_found", source=token.source_id)
            row = {
                "token_id": made.token_id, "person_id": made.person_id, "source_id": made.source_id,
                "token_mark": self._vault.keys.mark("device token", digest), "created_at": to_micros(made.created_at),
                "seen_at": None, "revoked_at": None,
                "sealed_label": box.seal(pack(KeptText(made.label)), "device_tokens", made.person_id, made.token_id, "label"),
            }  # fmt: skip
            connection.execute(insert(device_tokens), row)
            self._vault.bump(connection, token.person_id)
        return made

    def tokens(self, person_id: str, event: AuditEvent) -> tuple[DeviceToken, ...]:
        query = select(device_tokens).where(device_tokens.c.person_id == person_id)
        with self._vault.reading(event) as connection:
            box = self._vault.box_to_read(connection, person_id)
            rows = connection.execute(query.order_by(device_tokens.c.created_at, device_tokens.c.token_id)).all()
        return tuple(_token(box, row) for row in rows)

    def token_of(self, digest: str) -> DeviceToken | None:
        mark = self._vault.keys.mark("device token", digest)
        query = select(device_tokens).where(device_tokens.c.token_mark == mark, device_tokens.c.revoked_at.is_(None))
        with self._vault.looking() as connection:
            row = connection.execute(query).first()
            return None if row is None else _token(self._vault.box_of(connection, row.person_id), row)

    def revoke_token(self, person_id: str, token_id: str, event: AuditEvent) -> None:
        mine = (device_tokens.c.person_id == person_id, device_tokens.c.token_id == token_id)
        with self._vault.writing(event) as connection:
            self._vault.box_to_change(connection, person_id)
            changed = update(device_tokens).where(*mine, device_tokens.c.revoked_at.is_(None)).values(revoked_at=to_micros(event.at))
            if not connection.execute(changed).rowcount:
                raise NotFound("token_not_found", token=token_id)
            self._vault.bump(connection, person_id)

    def touch_token(self, token_id: str, at: datetime) -> None:
        with self._vault.looking_after() as connection:
            connection.execute(update(device_tokens).where(device_tokens.c.token_id == token_id).values(seen_at=to_micros(at)))

    def seen_key(self, person_id: str, key: str) -> str:
        mark = self._vault.keys.mark("idempotency", person_id, key)
        query = select(seen_keys.c.sealed_answer).where(seen_keys.c.person_id == person_id, seen_keys.c.key_mark == mark)
        with self._vault.looking() as connection:
            sealed = connection.execute(query).scalar()
            if sealed is None:
                return ""
            return open_answer(self._vault.box_of(connection, person_id), person_id, mark, sealed)

    def keep_key(self, person_id: str, key: str, answer: str, at: datetime) -> None:
        mark = self._vault.keys.mark("idempotency", person_id, key)
        with self._vault.writing(None) as connection:
            box = self._vault.box_to_change(connection, person_id)
            sealed = box.seal(pack(KeptText(answer)), "seen_keys", person_id, mark.hex(), "answer")
            row = {"person_id": person_id, "key_mark": mark, "at": to_micros(at), "sealed_answer": sealed}
            upsert(connection, seen_keys, row, {"at": row["at"], "sealed_answer": sealed})
            connection.execute(delete(seen_keys).where(seen_keys.c.at < to_micros(at - KEYS_KEPT_FOR)))


def open_answer(box: Box, person_id: str, mark: bytes, sealed: bytes) -> str:
    return unpack(KeptText, box.open(sealed, "seen_keys", person_id, mark.hex(), "answer")).text


def open_label(box: Box, row: Row) -> str:
    return unpack(KeptText, box.open(row.sealed_label, "device_tokens", row.person_id, row.token_id, "label")).text


def _token(box: Box, row: Row) -> DeviceToken:
    return DeviceToken(
        token_id=row.token_id,
        person_id=row.person_id,
        source_id=row.source_id,
        label=open_label(box, row),
        created_at=from_micros(row.created_at),
        seen_at=maybe_from_micros(row.seen_at),
        revoked_at=maybe_from_micros(row.revoked_at),
    )
