"""This is the place where a person and their team see the alerts there are, and do something about them. Every act has a name, a time and a reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from core.alerts.desk import Desk
from core.care import alert_desk, alert_flags
from core.care.access import Action, Grant, require
from core.domain.people import Actor
from core.errors import Conflict
from core.ports import Ports

TRIES = 4
"""How often an act is done again where a worker or somebody else wrote the desk at the same moment."""

Change = Callable[[Desk], Desk]


def raise_flag(ports: Ports, actor: Actor, person_id: str, flags: Sequence[str], where: str) -> None:
    """Raise an ACT_NOW alert from signs that need help at once (keys of core/emergency/flags.py). `where` is what they stood in ("message:<thread>"): while an
    alert about it is open there is no second one. Whoever is to be told at once gets a letter in the same transaction. Raises BadInput."""
    grant = require(ports, actor, Action.RAISE_ALERT, person_id)
    now = ports.clock.now()
    _change(ports, person_id, grant, lambda desk: alert_flags.flagged(desk, flags, where, now), "red_flag")


def _change(ports: Ports, person_id: str, grant: Grant, change: Change, what: str) -> Desk:
    """Change a desk and put it down, again where somebody else did meanwhile. A desk that can't be read is never written over. Raises BadInput, Conflict."""
    for left in reversed(range(TRIES)):
        paper, before = alert_desk.fetch(ports.store, person_id, grant)
        after = change(before)
        if after == before:
            return before
        try:
            return alert_desk.put(ports.store, paper, (before, after), grant, what)
        except Conflict:
            if not left:
                raise
    raise Conflict("paper_changed")
