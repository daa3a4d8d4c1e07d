"""This is the place where those who work here, and caregivers, say how they are reached outside the app: the ways of an account, one document of the house each.

The app itself always shows what waits for whoever signs in; it calls nobody. A person's own ways stand in their reminder settings (reminder_book.py).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from core.care import messages
from core.care.access import Action, Grant, require
from core.care.reminder_book import MOST_ADDRESS, MOST_CHANNELS, MOST_NAME
from core.domain.people import Actor
from core.errors import BadInput, NotDelivered, NotFound
from core.medications.book import Channel
from core.medications.reminder_json import CHANNEL_KINDS
from core.ports import Channels, Ports, Say, Store

DOCUMENT = "contact."
VERSION = 1


@dataclass(frozen=True, slots=True)
class Contacts:
    """The ways of one account. `raw` are the document's bytes as they were read."""

    channels: tuple[Channel, ...] = ()
    version: int = VERSION
    raw: bytes = b""


@dataclass(frozen=True, slots=True)
class ContactsView:
    """What an account sees of its own ways: `can` are the kinds that are set up here, `reached` whether anything would leave the house for them at all."""

    channels: tuple[Channel, ...]
    can: frozenset[str]
    reached: bool
    push_key: str = ""
    damaged: bool = False


def view(ports: Ports, actor: Actor) -> ContactsView:
    """The ways of the account that asks. A document that can't be read is said to be damaged; nobody is reached through it."""
    grant = require(ports, actor, Action.OWN_CONTACTS)
    can = ports.channels.kinds if ports.channels else frozenset[str]()
    key = ports.channels.push_key if ports.channels else ""
    account_id = _mine(actor, grant)
    try:
        kept = load(ports.store, account_id)
    except BadInput:
        return ContactsView((), can, False, key, damaged=True)
    return ContactsView(kept.channels, can, any(one.on and one.kind in can for one in kept.channels), key)


def load(store: Store, account_id: str) -> Contacts:
    """The ways of an account, for who sends. Raises BadInput (document_damaged) where they can't be read."""
    raw = store.house_document(DOCUMENT + account_id)
    if not raw:
        return Contacts()
    try:
        kept = msgspec.json.decode(raw, type=Contacts)
    except msgspec.DecodeError:
        raise BadInput("document_damaged", place="contact", need="start over, or restore a backup") from None
    if any(one.kind not in CHANNEL_KINDS for one in kept.channels):
        raise BadInput("document_damaged", place="contact", need="start over, or restore a backup")
    return replace(kept, raw=raw)


def add(ports: Ports, actor: Actor, kind: str, address: str, name: str = "") -> Channel:
    """Add a way to be reached. Raises BadInput where this can't be an address of that kind; the same address again is the same way, switched on."""
    grant = require(ports, actor, Action.OWN_CONTACTS)
    made = Channel(secrets.token_hex(6), _kind(kind), _address(ports, kind, address), _name(name))
    kept: list[Channel] = []

    def changed(before: Contacts) -> Contacts:
        same = next((one for one in before.channels if (one.kind, one.address) == (made.kind, made.address)), None)
        if same is not None:
            kept.append(replace(same, name=made.name or same.name, on=True))
            return replace(before, channels=tuple(kept[-1] if one.key == same.key else one for one in before.channels))
        if len(before.channels) >= MOST_CHANNELS:
            raise BadInput("too_many_channels", place="channels", need=MOST_CHANNELS)
        kept.append(made)
        return replace(before, channels=(*before.channels, made))

    _change(ports, actor, grant, changed)
    return kept[-1]


def switch(ports: Ports, actor: Actor, key: str, on: bool) -> None:
    """Use a way, or let it rest. Raises NotFound."""
    grant = require(ports, actor, Action.OWN_CONTACTS)

    def changed(before: Contacts) -> Contacts:
        _found(before, key)
        return replace(before, channels=tuple(replace(one, on=on) if one.key == key else one for one in before.channels))

    _change(ports, actor, grant, changed)


def remove(ports: Ports, actor: Actor, key: str) -> None:
    """Forget a way. Raises NotFound."""
    grant = require(ports, actor, Action.OWN_CONTACTS)

    def changed(before: Contacts) -> Contacts:
        _found(before, key)
        return replace(before, channels=tuple(one for one in before.channels if one.key != key))

    _change(ports, actor, grant, changed)


def start_over(ports: Ports, actor: Actor) -> None:
    """Empty the document, whatever it holds: the way on from a damaged one."""
    grant = require(ports, actor, Action.OWN_CONTACTS)
    ports.store.put_house_document(DOCUMENT + _mine(actor, grant), b"", grant.event("contacts"))


def send_test(ports: Ports, actor: Actor, key: str, say: Say) -> str:
    """Send a test through one way now; the answer is a receipt. Raises NotDelivered, NotFound."""
    grant = require(ports, actor, Action.OWN_CONTACTS)
    account_id = _mine(actor, grant)
    channel = _found(load(ports.store, account_id), key)
    language = ports.store.preferences(account_id).language
    message = messages.trial(say, language, f"test.{secrets.token_hex(16)}@healthboard", ports.public_url)
    ports.store.append_audit(grant.event(f"test_{channel.kind}"))
    if ports.channels is None or channel.kind not in ports.channels.kinds:
        raise NotDelivered("channel_not_set_up", permanent=True, kind=channel.kind)
    return ports.channels.send(channel.kind, channel.address, message)


# ------------------------------------------------------------------------------------------------------------------ parts


def _mine(actor: Actor, grant: Grant) -> str:
    """The account whose ways these are. The command line stands for nobody."""
    if grant.account is None:
        raise BadInput("bad_input", place="account", need="sign in")
    return actor.account_id


def _change(ports: Ports, actor: Actor, grant: Grant, change: Callable[[Contacts], Contacts]) -> None:
    account_id = _mine(actor, grant)
    before = load(ports.store, account_id)
    after = change(before)
    if after != before:
        body = msgspec.json.encode(replace(after, raw=b""))
        ports.store.put_house_document(DOCUMENT + account_id, body, grant.event("contacts"), was=before.raw)


def _kind(kind: str) -> str:
    if kind not in CHANNEL_KINDS:
        raise BadInput("bad_choice", place="kind", need=" ".join(CHANNEL_KINDS))
    return kind


def _address(ports: Ports, kind: str, address: str) -> str:
    address = address.strip()
    if not address or len(address) > MOST_ADDRESS or not address.isprintable():
        raise BadInput("bad_address", place="address", need=kind)
    channels: Channels | None = ports.channels
    if channels is None or kind not in channels.kinds:
        raise BadInput("channel_not_set_up", place=kind, need="set up by whoever runs this server")
    channels.check(kind, address)
    return address


def _name(name: str) -> str:
    cleaned = " ".join(name.split())
    if len(cleaned) > MOST_NAME or not cleaned.isprintable():
        raise BadInput("bad_channel_name", place="name", need=MOST_NAME)
    return cleaned


def _found(kept: Contacts, key: str) -> Channel:
    found = next((one for one in kept.channels if one.key == key), None)
    if found is None:
        raise NotFound("channel_not_found", channel=key)
    return found
