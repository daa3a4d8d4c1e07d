"""This is the place where it stands what a kiosk may ask of the server: five things, none of which reads a record."""

from __future__ import annotations

from typing import Protocol

from core.kiosk.terms import Clinic, Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed


class KioskServer(Protocol):
    """In the same process (core/care/kiosk_server.py) or over HTTP (core/edge/remote.py). Every method raises SourceUnavailable where nobody answers, and NotPermitted
    where this kiosk's key is unknown or was revoked."""

    def hello(self, beat: Heartbeat) -> Clinic:
        """Say that this kiosk lives; hear what the house wants."""
        ...

    def identify(self, proof: Proof, language: str) -> Welcomed:
        """Who this is. Raises NotFound("kiosk_not_recognised"): the same words, and as long a wait, whether the person is unknown, the proof wrong or tried too often."""
        ...

    def send(self, visit: SealedVisit) -> VisitReceipt:
        """Hand over a sealed visit. The same visit again answers "kept_before" and changes nothing."""
        ...

    def call_desk(self, why: str, ticket: str = "") -> None:
        """Somebody at this kiosk needs a person: `why` a code ("asked", "danger", "not_recognised")."""
        ...
