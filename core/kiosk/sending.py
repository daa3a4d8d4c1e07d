"""This is the place where it stands what becomes of a visit that is handed over: sent, or kept sealed until it can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from core.kiosk.server import KioskServer
from core.kiosk.terms import Collected, VisitReceipt

SENT, QUEUED = "sent", "queued"
KEPT, KEPT_BEFORE, UNMATCHED, REFUSED = "kept", "kept_before", "unmatched", "refused"
TAKEN = frozenset({KEPT, KEPT_BEFORE, UNMATCHED})
"""The receipts after which a kiosk need not keep a visit any more."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of a visit: `state` SENT or QUEUED; `receipt` the server's, None where it wasn't reached. A visit the server refused is SENT with a receipt that says so:
    it has an answer, and lies apart for the team."""

    state: str
    receipt: VisitReceipt | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What lies in the outbox: `count` to be sent, since when the oldest waits, `refused` put apart, `size` bytes in all."""

    count: int = 0
    oldest_at: datetime | None = None
    refused: int = 0
    size: int = 0


class VisitSender(Protocol):
    """What hands visits over (core/edge/sender.py)."""

    def send(self, collected: Collected) -> str:
        """SENT or QUEUED. Raises what `hand_over` raises."""
        ...

    def hand_over(self, collected: Collected) -> Handed:
        """Seal, keep, send. Raises SourceUnavailable: "outbox_full" (neither kept nor sent), "kiosk_not_set_up" (no server ever told its key); BadInput: it can't be
        sealed."""
        ...

    def queued(self) -> Waiting:
        """What still waits."""
        ...

    def flush(self, *, now: bool = False) -> int:
        """Send what waits, if it is time for another attempt (or `now`); how many got a receipt."""
        ...

    def has_room(self) -> bool:
        """Whether another visit could be kept: look before somebody begins one."""
        ...


SenderOf = Callable[[KioskServer, bytes], VisitSender]
"""Makes the sender of a server, with the public key that visits are sealed to."""
