"""This is the place where a person is erased: the key first, then every row, then the pages they lay on."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from core.domain.audit import AuditEvent
from core.domain.people import Account, Role
from core.errors import NotFound
from core.ports import Progress
from core.store.accounts import open_account, open_panel, seal_account, seal_panel
from core.store.engine import clear_pages
from core.store.tables import PERSONAL, accounts, panels, persons, preferences, sessions, sign_in_failures
from core.store.vault import Vault


class ErasingStore:
    """The store's method that erases a person."""

    _vault: Vault

    def erase_person(self, person_id: str, event: AuditEvent, progress: Progress | None = None) -> None:
        """Delete the person's data key and every row; accounts and panels forget the person, a patient's own account goes.
        The audit trail keeps its lines (ids only) and this one. Copies in older backups stay closed only as long as their
        key does."""
        total = len(PERSONAL) + 3
        with self._vault.writing(replace(event, subject_id=person_id, what=event.what or "erased")) as connection:
            if not self._vault.hold(connection, person_id):
                raise NotFound("person_not_found", person=person_id)
            connection.execute(update(persons).where(persons.c.person_id == person_id).values(sealed_key=b""))
            for done, table in enumerate(PERSONAL, 1):
                connection.execute(delete(table).where(table.c.person_id == person_id))
                _say(progress, done, total)
            _forget_in_accounts(self._vault, connection, person_id)
            _forget_in_panels(self._vault, connection, person_id)
            _say(progress, len(PERSONAL) + 1, total)
        clear_pages(self._vault.engine, [table.name for table in PERSONAL])
        _say(progress, total, total)


def _forget_in_accounts(vault: Vault, connection: Connection, person_id: str) -> None:
    for row in connection.execute(select(accounts)).all():
        account = open_account(vault.keys, row)
        if person_id not in account.persons:
            continue
        left = replace(account, persons=tuple(one for one in account.persons if one != person_id))
        if account.role is Role.PATIENT and not left.persons:
            _remove_account(connection, account, row.username_mark)
        else:
            mine = update(accounts).where(accounts.c.account_id == account.account_id)
            connection.execute(mine.values(sealed_account=seal_account(vault.keys, left)))


def _remove_account(connection: Connection, account: Account, username_mark: bytes) -> None:
    for table in (sessions, preferences, accounts):
        connection.execute(delete(table).where(table.c.account_id == account.account_id))
    connection.execute(delete(sign_in_failures).where(sign_in_failures.c.username_mark == username_mark))


def _forget_in_panels(vault: Vault, connection: Connection, person_id: str) -> None:
    for row in connection.execute(select(panels)).all():
        panel = open_panel(vault.keys, row)
        if person_id in panel.persons:
            left = replace(panel, persons=tuple(one for one in panel.persons if one != person_id))
            mine = update(panels).where(panels.c.panel_id == panel.panel_id)
            connection.execute(mine.values(sealed_panel=seal_panel(vault.keys, left)))


def _say(progress: Progress | None, done: int, total: int) -> None:
    if progress:
        progress(done, total)
