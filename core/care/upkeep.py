"""This is the place where whoever holds the key looks after the store: backup, check, adding and erasing people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from core.care.access import Action, require
from core.domain.people import Actor
from core.domain.records import Person, PersonProfile
from core.errors import NotFound
from core.ports import Ports, Progress


def backup(ports: Ports, actor: Actor, target: Path, progress: Progress | None = None) -> None:
    """Write a copy of the whole store, encrypted as the store is."""
    grant = require(ports, actor, Action.KEEP_STORE)
    ports.store.backup(target, grant.event("backup"), progress)


def verify(ports: Ports, actor: Actor, progress: Progress | None = None) -> Mapping[str, int | str]:
    """Open everything once and walk the audit trail; counts and `ok`."""
    grant = require(ports, actor, Action.KEEP_STORE)
    found = ports.store.verify(progress)
    ports.store.append_audit(grant.event("verify"))
    return found


def erase_person(ports: Ports, actor: Actor, person_id: str, progress: Progress | None = None) -> None:
    """Delete the person's key and all that was kept of them; a tombstone stays in the audit trail."""
    grant = require(ports, actor, Action.ERASE_PERSON, person_id)
    if not ports.store.person_exists(person_id):
        raise NotFound("person_not_found", person=person_id)
    ports.store.erase_person(person_id, grant.event("erase"), progress)


def add_person(ports: Ports, actor: Actor, profile: PersonProfile) -> Person:
    """A person without any record yet."""
    grant = require(ports, actor, Action.ADD_PERSON)
    return ports.store.add_person(profile, grant.event("person"))
