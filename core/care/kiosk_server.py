"""This is the place where a kiosk's five questions are answered: for an account of the app in this process, and for a kiosk with a key of its own (core/api_kiosk.py)."""

from __future__ import annotations

from collections.abc import Callable

from core.care import kiosk_clinic, kiosk_desk, kiosk_intake, kiosk_registry, kiosk_who
from core.care.kiosk_registry import Hand
from core.domain.people import Actor
from core.kiosk.terms import Clinic, Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed
from core.ports import Ports


class LocalServer:
    """The server as an account of the app with the role kiosk sees it. Access is checked anew at every question."""

    def __init__(self, ports: Ports, actor: Actor) -> None:
        self._hand: Callable[[], Hand] = lambda: kiosk_registry.of_account(ports, actor)

    def hello(self, beat: Heartbeat) -> Clinic:
        """Say that this kiosk lives; hear what the house wants."""
        return answered(self._hand(), beat)

    def identify(self, proof: Proof, language: str) -> Welcomed:
        """Who this is. Raises NotFound (kiosk_not_recognised)."""
        return kiosk_who.identify(self._hand(), proof, language)

    def send(self, visit: SealedVisit) -> VisitReceipt:
        """Hand over a sealed visit."""
        return kiosk_intake.receive(self._hand(), visit)

    def call_desk(self, why: str, ticket: str = "") -> None:
        """Somebody at this kiosk needs a person."""
        kiosk_desk.call(self._hand(), why, ticket)


class KeyServer(LocalServer):
    """The same for a kiosk that says who it is by its key."""

    def __init__(self, ports: Ports, key: str) -> None:
        self._hand = lambda: kiosk_registry.by_key(ports, key)


def answered(hand: Hand, beat: Heartbeat) -> Clinic:
    kiosk_registry.heard(hand, beat)
    return kiosk_clinic.told(hand)
