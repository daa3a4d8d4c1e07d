"""This is the place where a person says whether their photos may be used to make the checks better. Nobody said anything: they may not.

What was said lies in a drawer with who said it and when. A drawer that cannot be read is a no.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from core.care.access import Action, Grant, require
from core.domain.people import Actor
from core.ports import Ports, Store

DRAWER = "photo_use"


@dataclass(frozen=True, slots=True)
class PhotoUse:
    """Whether photos may be used for training, and since when that holds (None: it was never said)."""

    allowed: bool = False
    since: datetime | None = None
    by: str = ""


def view(ports: Ports, actor: Actor, person_id: str) -> PhotoUse:
    """What the person said."""
    return of(ports.store, person_id, require(ports, actor, Action.VIEW_RECORD, person_id))


def say(ports: Ports, actor: Actor, person_id: str, allowed: bool) -> PhotoUse:
    """Allow it, or take it back: from now on no export has them. The same said again changes nothing."""
    grant = require(ports, actor, Action.ALLOW_TRAINING, person_id)
    held = of(ports.store, person_id, grant)
    if held.since is not None and held.allowed == allowed:
        return held
    said = PhotoUse(allowed, ports.clock.now(), "" if grant.account is None else grant.account.account_id)
    ports.store.put_in_drawer(person_id, DRAWER, msgspec.json.encode(said), grant.event(DRAWER))
    return said


def of(store: Store, person_id: str, grant: Grant) -> PhotoUse:
    """The same for a use case that has asked for access already."""
    body = store.drawer(person_id, DRAWER, grant.event(DRAWER))
    try:
        return msgspec.json.decode(body, type=PhotoUse) if body else PhotoUse()
    except msgspec.DecodeError:  # ValidationError is one too
        return PhotoUse()
