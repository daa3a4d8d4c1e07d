"""This is the place where a kiosk remembers what its server last told it of the house: nothing of a person, and without it no kiosk could begin while the server is away."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from pathlib import Path
from threading import Lock

from core.errors import BadInput, SourceUnavailable
from core.kiosk import wire
from core.kiosk.server import KioskServer
from core.kiosk.terms import Clinic, Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed

LOG = logging.getLogger("healthboard.kiosk")


class KeptClinic:
    """A KioskServer in front of another: `hello` answers with what was heard last where nobody answers now. Everything else goes through."""

    def __init__(self, server: KioskServer, place: Path) -> None:
        self._server, self._place, self._lock = server, place, Lock()
        self._known = _read(place)
        self.reached = False
        """Whether the server answered when it was last said hello to."""

    @property
    def known(self) -> Clinic | None:
        """The house as it was last heard of."""
        return self._known

    @property
    def public_key(self) -> bytes:
        """The key visits are sealed to; b"" while none was ever told."""
        return self._known.public_key if self._known else b""

    def hello(self, beat: Heartbeat) -> Clinic:
        try:
            clinic = self._server.hello(beat)
        except SourceUnavailable:
            self.reached = False
            if self._known is None:
                raise
            return self._known
        self.reached = True
        with self._lock:
            if clinic != self._known:
                self._known = clinic
                _write(self._place, clinic)
        return clinic

    def identify(self, proof: Proof, language: str) -> Welcomed:
        return self._server.identify(proof, language)

    def send(self, visit: SealedVisit) -> VisitReceipt:
        return self._server.send(visit)

    def call_desk(self, why: str, ticket: str = "") -> None:
        self._server.call_desk(why, ticket)


def _read(place: Path) -> Clinic | None:
    """What was kept; a file that can't be read is as none."""
    try:
        return wire.read(Clinic, place.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, BadInput):
        LOG.warning("what this kiosk knew of the house can't be read; it needs its server once before it can begin")
        return None


def _write(place: Path, clinic: Clinic) -> None:
    """Renamed into its place, so that it is always whole. A disk that doesn't take it costs only the next start without a server."""
    half = place.with_suffix(".part")
    with suppress(OSError):
        half.unlink(missing_ok=True)
        handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(wire.written(clinic))
            file.flush()
            os.fsync(file.fileno())
        half.replace(place)
