"""This is the place where accounts, panels and preferences are kept, sealed with the system's key."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.domain.audit import AuditEvent
from core.domain.people import Account, Panel, Preferences
from core.errors import Conflict, NotFound
from core.store.codec import pack, unpack
from core.store.engine import upsert
from core.store.instants import from_micros, to_micros
from core.store.keys import Keyring
from core.store.sealing import new_id
from core.store.tables import accounts, panels, preferences, sign_in_failures
from core.store.vault import Vault


class AccountStore:
    """The store's methods about accounts, panels and preferences."""

    _vault: Vault

    def add_account(self, account: Account, password_hash: str, event: AuditEvent) -> Account:
        """Raises Conflict where the name is taken. The id is made here unless the account brings one."""
        account = replace(account, account_id=account.account_id or new_id(), created_at=account.created_at or event.at)
        row = {
            **_sealed(self._vault.keys, account),
            "account_id": account.account_id,
            "sealed_password": _seal_password(self._vault.keys, account.account_id, password_hash),
            "created_at": to_micros(event.at),
        }
        try:
            with self._vault.writing(replace(event, what=event.what or account.account_id)) as connection:
                connection.execute(insert(accounts), row)
        except IntegrityError as error:
            raise Conflict("username_taken") from error
        return account

    def update_account(self, account: Account, event: AuditEvent, *, password_hash: str = "") -> None:
        values = _sealed(self._vault.keys, account)
        if password_hash:
            values["sealed_password"] = _seal_password(self._vault.keys, account.account_id, password_hash)
        try:
            with self._vault.writing(replace(event, what=event.what or account.account_id)) as connection:
                done = connection.execute(update(accounts).where(accounts.c.account_id == account.account_id).values(**values))
                if not done.rowcount:
                    raise NotFound("account_not_found", account=account.account_id)
        except IntegrityError as error:
            raise Conflict("username_taken") from error

    def account(self, account_id: str) -> Account:
        with self._vault.looking() as connection:
            row = connection.execute(select(accounts).where(accounts.c.account_id == account_id)).first()
        if row is None:
            raise NotFound("account_not_found", account=account_id)
        return open_account(self._vault.keys, row)

    def account_by_username(self, username: str) -> tuple[Account, str] | None:
        mark = username_mark(self._vault.keys, username)
        with self._vault.looking() as connection:
            row = connection.execute(select(accounts).where(accounts.c.username_mark == mark)).first()
        if row is None:
            return None
        return open_account(self._vault.keys, row), open_password(self._vault.keys, row)

    def accounts(self, event: AuditEvent) -> tuple[Account, ...]:
        """All, oldest first."""
        with self._vault.reading(event) as connection:
            rows = connection.execute(select(accounts).order_by(accounts.c.created_at, accounts.c.account_id)).all()
        return tuple(open_account(self._vault.keys, row) for row in rows)

    def failures(self, username: str) -> tuple[int, datetime | None]:
        mark = username_mark(self._vault.keys, username)
        with self._vault.looking() as connection:
            row = connection.execute(select(sign_in_failures).where(sign_in_failures.c.username_mark == mark)).first()
        return (row.failures, from_micros(row.last_at)) if row else (0, None)

    def note_failure(self, username: str, at: datetime, event: AuditEvent) -> None:
        mark, failed = username_mark(self._vault.keys, username), sign_in_failures.c
        with self._vault.writing(event) as connection:
            row = {"username_mark": mark, "failures": 1, "last_at": to_micros(at)}
            upsert(connection, sign_in_failures, row, {"failures": failed.failures + 1, "last_at": to_micros(at)})

    def clear_failures(self, username: str) -> None:
        mark = username_mark(self._vault.keys, username)
        with self._vault.writing(None) as connection:
            connection.execute(delete(sign_in_failures).where(sign_in_failures.c.username_mark == mark))

    def panels(self, panel_ids: Sequence[str] | None = None) -> tuple[Panel, ...]:
        """Those asked for in that order, None: all by name."""
        with self._vault.looking() as connection:
            rows = connection.execute(select(panels)).all()
        found = {row.panel_id: open_panel(self._vault.keys, row) for row in rows}
        if panel_ids is None:
            return tuple(sorted(found.values(), key=lambda panel: (panel.name, panel.panel_id)))
        return tuple(found[panel_id] for panel_id in dict.fromkeys(panel_ids) if panel_id in found)

    def save_panel(self, panel: Panel, event: AuditEvent) -> Panel:
        adding = not panel.panel_id
        panel = replace(panel, panel_id=panel.panel_id or new_id())
        sealed = seal_panel(self._vault.keys, panel)
        with self._vault.writing(replace(event, what=event.what or panel.panel_id)) as connection:
            if adding:
                connection.execute(insert(panels), {"panel_id": panel.panel_id, "sealed_panel": sealed})
            elif not connection.execute(
                update(panels).where(panels.c.panel_id == panel.panel_id).values(sealed_panel=sealed)
            ).rowcount:
                raise NotFound("panel_not_found", panel=panel.panel_id)
        return panel

    def preferences(self, account_id: str) -> Preferences:
        """What the account chose, or what everybody starts with."""
        with self._vault.looking() as connection:
            query = select(preferences.c.sealed_preferences).where(preferences.c.account_id == account_id)
            sealed = connection.execute(query).scalar()
        if sealed is None:
            return Preferences()
        return open_preferences(self._vault.keys, account_id, sealed)

    def save_preferences(self, account_id: str, chosen: Preferences) -> None:
        sealed = self._vault.keys.system.seal(pack(chosen), "preferences", "", account_id, "preferences")
        with self._vault.writing(None) as connection:
            row = {"account_id": account_id, "sealed_preferences": sealed}
            upsert(connection, preferences, row, {"sealed_preferences": sealed})


def username_mark(keys: Keyring, username: str) -> bytes:
    """One name however it is typed: blanks around it, capitals and width make no difference."""
    return keys.mark("username", unicodedata.normalize("NFKC", username).strip().casefold())


def open_account(keys: Keyring, row: Row) -> Account:
    return unpack(Account, keys.system.open(row.sealed_account, "accounts", "", row.account_id, "account"))


def seal_account(keys: Keyring, account: Account) -> bytes:
    return keys.system.seal(pack(account), "accounts", "", account.account_id, "account")


def open_password(keys: Keyring, row: Row) -> str:
    """The hash, not the password."""
    return keys.system.open(row.sealed_password, "accounts", "", row.account_id, "password").decode()


def open_preferences(keys: Keyring, account_id: str, sealed: bytes) -> Preferences:
    return unpack(Preferences, keys.system.open(sealed, "preferences", "", account_id, "preferences"))


def open_panel(keys: Keyring, row: Row) -> Panel:
    return unpack(Panel, keys.system.open(row.sealed_panel, "panels", "", row.panel_id, "panel"))


def seal_panel(keys: Keyring, panel: Panel) -> bytes:
    return keys.system.seal(pack(panel), "panels", "", panel.panel_id, "panel")


def _sealed(keys: Keyring, account: Account) -> dict[str, object]:
    return {"username_mark": username_mark(keys, account.username), "sealed_account": seal_account(keys, account)}


def _seal_password(keys: Keyring, account_id: str, password_hash: str) -> bytes:
    return keys.system.seal(password_hash.encode(), "accounts", "", account_id, "password")
