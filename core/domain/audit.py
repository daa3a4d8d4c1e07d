"""This is the place where a line of the audit trail is defined: ids and codes only, never a value or a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """What is about to be done, by whom, to whom, why. Required by every store method that reads or writes about a person.

    `action` is a code of core/care/access.py, `purpose` a code (self, care, panel_review, administration, demo, system),
    `subject_id` a person id or "", `what` an id or a short code, never a value.
    """

    at: datetime
    actor_id: str
    role: str
    action: str
    subject_id: str = ""
    purpose: str = ""
    what: str = ""
    session_id: str = ""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """A kept event with its place in the hash chain."""

    number: int
    event: AuditEvent
    digest: str


@dataclass(frozen=True, slots=True)
class AuditCheck:
    """The result of walking the chain: `broken_at` is the number of the first line that doesn't fit (0: none)."""

    lines: int
    broken_at: int = 0
    why: str = ""
