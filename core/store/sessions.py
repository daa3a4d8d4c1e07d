"""This is the place where sign-ins and one-time tickets are kept, under marks: their own texts open doors."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update

from core.domain.audit import AuditEvent
from core.domain.people import Session
from core.store.instants import from_micros, to_micros
from core.store.tables import sessions, tickets
from core.store.vault import Vault


class SessionStore:
    """The store's methods about sessions and tickets."""

    _vault: Vault

    def open_session(self, session: Session, event: AuditEvent) -> None:
        """Keep a new sign-in; those that have ended are thrown away on the way."""
        row = {
            "session_mark": self._session_mark(session.session_id),
            "account_id": session.account_id,
            "started_at": to_micros(session.started_at),
            "seen_at": to_micros(session.seen_at),
            "ends_at": to_micros(session.ends_at),
        }
        with self._vault.writing(event) as connection:
            connection.execute(delete(sessions).where(sessions.c.ends_at <= to_micros(event.at)))
            connection.execute(insert(sessions), row)

    def session(self, session_id: str) -> Session | None:
        with self._vault.looking() as connection:
            row = connection.execute(select(sessions).where(sessions.c.session_mark == self._session_mark(session_id))).first()
        if row is None:
            return None
        return Session(session_id, row.account_id, from_micros(row.started_at), from_micros(row.seen_at), from_micros(row.ends_at))

    def touch_session(self, session_id: str, seen_at: datetime) -> None:
        with self._vault.looking_after() as connection:
            mine = update(sessions).where(sessions.c.session_mark == self._session_mark(session_id))
            connection.execute(mine.values(seen_at=to_micros(seen_at)))

    def close_session(self, session_id: str, event: AuditEvent) -> None:
        with self._vault.writing(event) as connection:
            connection.execute(delete(sessions).where(sessions.c.session_mark == self._session_mark(session_id)))

    def close_sessions(self, account_id: str, event: AuditEvent, *, but: str = "") -> None:
        gone = delete(sessions).where(sessions.c.account_id == account_id)
        with self._vault.writing(event) as connection:
            connection.execute(gone.where(sessions.c.session_mark != self._session_mark(but)) if but else gone)

    def keep_ticket(self, digest: str, session_id: str, ends_at: datetime) -> None:
        mark = self._ticket_mark(digest)
        sealed = self._vault.keys.system.seal(session_id.encode(), "tickets", "", mark.hex(), "session")
        row = {"ticket_mark": mark, "sealed_session": sealed, "ends_at": to_micros(ends_at)}
        with self._vault.looking_after() as connection:
            connection.execute(insert(tickets), row)

    def take_ticket(self, digest: str, at: datetime) -> str:
        mark = self._ticket_mark(digest)
        with self._vault.looking_after() as connection:
            taken = delete(tickets).where(tickets.c.ticket_mark == mark, tickets.c.ends_at > to_micros(at))
            sealed = connection.execute(taken.returning(tickets.c.sealed_session)).scalar()
            connection.execute(delete(tickets).where(tickets.c.ends_at <= to_micros(at)))
        return "" if sealed is None else self._vault.keys.system.open(sealed, "tickets", "", mark.hex(), "session").decode()

    def _session_mark(self, session_id: str) -> bytes:
        return self._vault.keys.mark("session", session_id)

    def _ticket_mark(self, digest: str) -> bytes:
        return self._vault.keys.mark("ticket", digest)
