"""This is the place where the platform tests get a small web server: one account, one session, one ticket, all in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

from core.domain.audit import AuditEvent
from core.domain.people import Account, Preferences, Role, Session
from core.errors import NotFound, StoreLocked
from core.ports import Ports

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
ELEANOR = Account("a1", Role.PATIENT, "eleanor", "Eleanor", ("p1",))
ALIVE = Session("s-alive", "a1", NOW, NOW, NOW + timedelta(hours=12))
IDLE = Session("s-idle", "a1", NOW - timedelta(hours=3), NOW - timedelta(hours=2), NOW + timedelta(hours=9))


@dataclass
class MemoryStore:
    """The part of the store that the web server asks for."""

    sessions: dict[str, Session] = field(default_factory=lambda: {s.session_id: s for s in (ALIVE, IDLE)})
    tickets: dict[str, str] = field(default_factory=dict)
    language: str = ""
    locked: bool = False
    closed: list[AuditEvent] = field(default_factory=list)

    def person_exists(self, _person_id: str) -> bool:
        if self.locked:
            raise StoreLocked()
        return False

    def session(self, session_id: str) -> Session | None:
        return self.sessions.get(session_id)

    def account(self, account_id: str) -> Account:
        if account_id != ELEANOR.account_id:
            raise NotFound()
        return ELEANOR

    def preferences(self, _account_id: str) -> Preferences:
        return replace(Preferences(), language=self.language)

    def keep_ticket(self, digest: str, session_id: str, _ends_at: datetime) -> None:
        self.tickets[digest] = session_id

    def take_ticket(self, digest: str, _at: datetime) -> str:
        return self.tickets.pop(digest, "")

    def close_session(self, session_id: str, event: AuditEvent) -> None:
        self.sessions.pop(session_id)
        self.closed.append(event)

    def append_audit(self, event: AuditEvent) -> None:
        self.closed.append(event)


def ports_with(store: MemoryStore) -> Ports:
    """Ports whose clock stands still; only what the web server touches is there."""
    missing = cast(Any, SimpleNamespace())
    clock = cast(Any, SimpleNamespace(now=lambda: NOW))
    return Ports(cast(Any, store), clock, missing, missing, missing, missing)
