"""This is the place where a kiosk stands locked: it knows its own name and the time, and nobody's record."""

from __future__ import annotations

from core.care.access import Action, require
from core.care.desk_views import KioskView
from core.domain.people import Actor
from core.ports import Ports


def locked(ports: Ports, actor: Actor) -> KioskView:
    """What a locked kiosk shows."""
    grant = require(ports, actor, Action.USE_KIOSK)
    name = grant.account.display_name if grant.account else actor.display_name
    return KioskView(name, ports.clock.now())
