"""This is the place where a visit is handed over: sealed first, kept on disk second, sent third; it leaves the disk only when there is a receipt for it.

Whatever happens between two of these steps, sending it again is harmless: the server knows a visit by its id. Waiting times between attempts are counted by a clock that
nobody sets (monotonic), so that a kiosk whose time jumps neither hammers nor sleeps for a year.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime
from random import SystemRandom
from threading import Lock

from core.edge.outbox import Outbox
from core.errors import BadInput, NotPermitted, SourceUnavailable
from core.kiosk.sealing import seal
from core.kiosk.sending import QUEUED, REFUSED, SENT, TAKEN, Handed, Waiting
from core.kiosk.server import KioskServer
from core.kiosk.terms import Collected, SealedVisit, VisitReceipt

LOG = logging.getLogger("healthboard.kiosk")

FIRST_WAIT, LONGEST_WAIT = 5.0, 600.0
"""Seconds until the next attempt after a failed one; doubled each time, up to the longest."""
_DICE = SystemRandom()


class Sender:
    """Hands visits over to one server through one outbox. `public_key` gives the key to seal to as the server last told it (b"" never told)."""

    def __init__(self, server: KioskServer, outbox: Outbox, now: Callable[[], datetime], public_key: Callable[[], bytes]) -> None:
        self.server, self.outbox, self.now, self.public_key = server, outbox, now, public_key
        self.eager = False
        """Whether a visit that got through takes along what waited before it: where nothing else sends that."""
        self.monotonic: Callable[[], float] = time.monotonic
        self._wait, self._not_before, self._lock = 0.0, 0.0, Lock()

    def send(self, collected: Collected) -> str:
        """ "sent" or "queued". Raises what `hand_over` raises."""
        return self.hand_over(collected).state

    def hand_over(self, collected: Collected) -> Handed:
        """Seal, keep, send. Raises SourceUnavailable("outbox_full") only where it could be neither kept nor sent, SourceUnavailable("kiosk_not_set_up") where no server
        has ever told its key, and BadInput where the visit can't be sealed: then nothing was kept."""
        key = self.public_key()
        if not key:
            raise SourceUnavailable("kiosk_not_set_up")
        visit = seal(key, collected, self.now())
        try:
            place = self.outbox.put(visit)
        except SourceUnavailable:
            receipt = self._tried(visit)
            if receipt is None or receipt.state not in TAKEN:
                raise
            return Handed(SENT, receipt)
        receipt = self._tried(visit)
        if receipt is None:
            self._failed()
            return Handed(QUEUED)
        self._worked()
        self.outbox.remove(place) if receipt.state in TAKEN else self.outbox.set_apart(place)
        if self.eager:
            self.flush(now=True)
        return Handed(SENT, receipt)

    def queued(self) -> Waiting:
        """What still waits: how many, since when, how many were refused."""
        return self.outbox.waiting()

    def has_room(self) -> bool:
        """Whether the largest visit could still be kept."""
        return self.outbox.has_room()

    def flush(self, *, now: bool = False) -> int:
        """Send what waits, oldest first, until one doesn't get through; how many got a receipt. Does nothing while it isn't time for another attempt, unless `now`."""
        if not now and self.monotonic() < self._not_before:
            return 0
        done = 0
        with self.outbox.alone() as mine:
            if not mine:
                return 0
            for place, visit in self.outbox.oldest_first():
                receipt = self._tried(visit)
                if receipt is None:
                    self._failed()
                    return done
                self.outbox.remove(place) if receipt.state in TAKEN else self.outbox.set_apart(place)
                done += 1
        self._worked()
        return done

    def _tried(self, visit: SealedVisit) -> VisitReceipt | None:
        """The receipt; None where there is none and trying again may help. A server that can't read what it got has refused it."""
        try:
            receipt = self.server.send(visit)
        except (SourceUnavailable, NotPermitted) as error:
            LOG.warning("a visit could not be sent: %s", error.code)
            return None
        except BadInput as error:
            LOG.warning("the server refused a visit: %s", error.code)
            return VisitReceipt(visit.visit_id, REFUSED, error.code)
        if receipt.visit_id != visit.visit_id or receipt.state not in TAKEN | {REFUSED}:
            LOG.warning("the answer to a visit was no receipt for it")
            return None
        return receipt

    def _failed(self) -> None:
        with self._lock:
            self._wait = min(max(FIRST_WAIT, self._wait * 2), LONGEST_WAIT)
            self._not_before = self.monotonic() + self._wait * _DICE.uniform(0.5, 1.0)

    def _worked(self) -> None:
        with self._lock:
            self._wait = self._not_before = 0.0
