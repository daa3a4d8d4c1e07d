"""This is the place where an import accounts for every entry that came in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """How an entry ended; exactly one per entry, so the counts sum to the entries."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"
    DUPLICATE = "duplicate"
    NOT_FOLLOWED = "not_followed"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    KEPT_RAW = "kept_raw"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One entry, or `count` alike (samples of one column): where it stood, its kind if legible, how it ended, why (reason code or
    ""), our record id or ""."""

    path: str
    kind: str
    outcome: Outcome
    reason: str = ""
    record_id: str = ""
    count: int = 1


@dataclass(frozen=True, slots=True)
class Ledger:
    """One import as it is shown: counts by outcome (all eight keys present), who, what, when, how it ended.

    `state` is "done", "stopped" (samples: what the counts say was kept, the rest can still come), "failed" or "cancelled" (then
    nothing of it was kept) and `complete` is false when a server's answer
    broke off; `problems` are reason codes about the whole import.
    """

    import_id: str
    source_id: str
    source_label: str
    file_name: str
    started_at: datetime
    finished_at: datetime | None
    counts: tuple[tuple[str, int], ...]
    state: str = "done"
    complete: bool = True
    problems: tuple[str, ...] = ()

    @property
    def entries(self) -> int:
        return sum(count for _, count in self.counts)

    def count(self, outcome: Outcome) -> int:
        return dict(self.counts).get(outcome.value, 0)
