"""This is the place where a screen asks whether what it holds is still what is known."""

from __future__ import annotations

from core.care.access import Action, require
from core.domain.people import Actor
from core.ports import Ports


def revision(ports: Ports, actor: Actor, person_id: str) -> int:
    """The revision of this person's record: it grows with every change. Access is checked; nothing is read, no line is written."""
    require(ports, actor, Action.VIEW_RECORD, person_id)
    return ports.store.revision(person_id)
