"""This is the place where the worker gathers in advance what the worklist needs, a few people at a time, so that nobody waits for it at eight in the morning.

It looks at everybody's revision in turn, and gathers of those who have changed, or of whom nothing is kept for today. Several workers do the same work twice
at worst: what they lay down is the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from core.care import worklist_kept
from core.care.access import Action, require
from core.domain.people import Actor
from core.errors import HealthboardError
from core.ports import Ports

LOOKED_AT = 200
"""People whose revision is looked at in one round."""


@dataclass(slots=True)
class Ready:
    """What this worker knows to be kept: the key of each person and language. It belongs to one worker."""

    known: dict[tuple[str, str], worklist_kept.Key] = field(default_factory=dict)
    turn: list[tuple[str, str]] = field(default_factory=list)


def keep_ready(ports: Ports, actor: Actor, ready: Ready, limit: int) -> int:
    """Gather of up to so many people; how many it was. Fewer than `limit`: for now there is no more to do in this round."""
    require(ports, actor, Action.KEEP_WORKLIST)
    if not ready.turn:
        ready.turn = _turn(ports)
        ready.known = {key: ready.known[key] for key in ready.turn if key in ready.known}
    done, now = 0, ports.clock.now()
    some, ready.turn = ready.turn[:LOOKED_AT], ready.turn[LOOKED_AT:]
    for at, (person_id, language) in enumerate(some):
        key = worklist_kept.key_of(ports.store.revision(person_id), now, language)
        if not key[0] or ready.known.get((person_id, language)) == key:
            continue
        if done == limit:
            ready.turn = [*some[at:], *ready.turn]
            break
        done += _gather(ports, actor, person_id, language)
        ready.known[person_id, language] = key
    return done


def _gather(ports: Ports, actor: Actor, person_id: str, language: str) -> int:
    """1 where something had to be read; 0 where it was kept already, or can't be read at all: then the worklist itself says so."""
    grant = require(ports, actor, Action.KEEP_WORKLIST, person_id)
    now = ports.clock.now()
    try:
        person = ports.store.person(person_id, grant.event("worklist"))
        if worklist_kept.fetch(ports, grant, {person_id: worklist_kept.key_of(person.revision, now, language)}):
            return 0
        worklist_kept.anew(ports, grant, person, now, language)
    except HealthboardError:
        return 0
    return 1


def _turn(ports: Ports) -> list[tuple[str, str]]:
    """Everybody of every panel that somebody works on, by the languages of those who do."""
    found: dict[tuple[str, str], None] = {}
    for panel in ports.store.panels():
        chosen = (ports.store.preferences(account_id).language for account_id in panel.coordinators)
        families = {worklist_kept.key_of(0, ports.clock.now(), language)[2]: language for language in chosen}
        found |= dict.fromkeys((person_id, language) for language in families.values() for person_id in panel.persons)
    return list(found)
