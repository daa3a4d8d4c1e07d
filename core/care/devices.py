"""This is the place where a person connects a device that sends by itself, sees what is connected, and disconnects it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

from core.care.access import Action, require
from core.domain.people import Actor
from core.domain.samples import SyncEvent
from core.errors import BadInput, NotFound
from core.ports import DeviceToken, ImportHead, Ports

PREFIX = "hbd_"
MOST_NAME = 80
MOST_DEVICES = 30


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A device that was just connected; `secret` is its token, shown this once and kept nowhere."""

    device: DeviceToken
    secret: str = field(repr=False)


def connect(ports: Ports, actor: Actor, person_id: str, label: str) -> NewDevice:
    """Let a device bring data in for this person. Raises BadInput for a name that is empty or too long."""
    grant = require(ports, actor, Action.MANAGE_DEVICES, person_id)
    name = " ".join(label.split())
    if not name or len(name) > MOST_NAME or not name.isprintable():
        raise BadInput("bad_device_name", place="label", need=MOST_NAME)
    living = [one for one in ports.store.tokens(person_id, grant.event("devices")) if one.revoked_at is None]
    if len(living) >= MOST_DEVICES:
        raise BadInput("too_many_devices", place="devices", need=MOST_DEVICES)
    now = ports.clock.now()
    head = ImportHead("device", name, "", now)
    source_id = ports.store.open_source(person_id, head, grant.event("connect"))
    secret = PREFIX + secrets.token_urlsafe(32)
    token = DeviceToken("", person_id, source_id, name, now)
    made = ports.store.add_token(token, digest_of(secret), grant.event("connect"))
    happened = SyncEvent(source_id, "connected", _ns(ports))
    ports.store.add_sync_event(person_id, happened, grant.event("connect"))
    return NewDevice(made, secret)


def connected(ports: Ports, actor: Actor, person_id: str) -> tuple[DeviceToken, ...]:
    """Every device that was ever connected, the ones that still are first."""
    grant = require(ports, actor, Action.VIEW_SOURCES, person_id)
    found = ports.store.tokens(person_id, grant.event("devices"))
    return tuple(sorted(found, key=lambda one: (one.revoked_at is not None, one.created_at)))


def disconnect(ports: Ports, actor: Actor, person_id: str, token_id: str) -> None:
    """From now on the device brings nothing in. What it brought stays."""
    grant = require(ports, actor, Action.MANAGE_DEVICES, person_id)
    found = next((one for one in ports.store.tokens(person_id, grant.event("devices")) if one.token_id == token_id), None)
    if found is None:
        raise NotFound("token_not_found", token=token_id)
    ports.store.revoke_token(person_id, token_id, grant.event(token_id))
    ports.store.add_sync_event(person_id, SyncEvent(found.source_id, "disconnected", _ns(ports)), grant.event(token_id))


def consent(ports: Ports, actor: Actor, person_id: str, source_id: str, given: bool) -> None:
    """Say that data of a source may (or may no longer) be brought in and looked for."""
    grant = require(ports, actor, Action.MANAGE_DEVICES, person_id)
    if all(one.source_id != source_id for one in ports.store.sources(person_id, grant.event("sources"))):
        raise NotFound("source_not_found", source=source_id)
    kind = "consent_given" if given else "consent_withdrawn"
    ports.store.add_sync_event(person_id, SyncEvent(source_id, kind, _ns(ports)), grant.event(source_id))


def digest_of(secret: str) -> str:
    """What is kept of a token: enough to know it again."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _ns(ports: Ports) -> int:
    return round(ports.clock.now().timestamp() * 1_000_000) * 1000
