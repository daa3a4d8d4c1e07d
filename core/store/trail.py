"""This is the place where the store lets the audit trail be added to, read and verified."""

from __future__ import annotations

from core.domain.audit import AuditCheck, AuditEvent, AuditLine
from core.ports import Progress
from core.store import chain
from core.store.vault import Vault


class TrailStore:
    """The store's methods about the audit trail."""

    _vault: Vault

    def append_audit(self, event: AuditEvent) -> None:
        with self._vault.writing(event):
            pass

    def audit_of(self, person_id: str, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]:
        """Newest first, without the line this reading leaves."""
        with self._vault.reading(event) as connection:
            return chain.lines(connection, subject_id=person_id, limit=limit)

    def audit_lines(self, event: AuditEvent, *, limit: int = 200) -> tuple[AuditLine, ...]:
        """Newest first, without the line this reading leaves."""
        with self._vault.reading(event) as connection:
            return chain.lines(connection, limit=limit)

    def verify_audit(self, progress: Progress | None = None) -> AuditCheck:
        with self._vault.looking() as connection:
            return chain.check(connection, self._vault.keys, progress)
