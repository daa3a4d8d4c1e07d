"""This is the place where an import remembers what it has found out about one person and counted so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from core.domain.ledger import LedgerLine
from core.store.sealing import Box

NOBODY = ""


@dataclass(slots=True)
class Touched:
    """One person in one import, or nobody (with the system's key). Lives as long as the import and in it alone."""

    number: int
    person_id: str
    box: Box
    source_id: str = ""
    source_is_new: bool = False
    person_row: dict[str, object] | None = None
    """The row to add, for a person that came with this import."""
    edition: int = 0
    """The edition of the person's records when they were looked at."""
    next_arrival: int = 1
    changed: bool = False
    brought: bool = False
    refs: set[bytes] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[LedgerLine] = field(default_factory=list)
    chunks: int = 0
