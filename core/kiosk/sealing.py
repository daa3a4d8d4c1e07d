"""This is the place where what was collected is sealed so that only the server can open it: HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-256-GCM.

A body is one version byte, eight bytes that name the key it is sealed to, and HPKE's output. The visit's id, the time of sealing and the version are bound to it
as HPKE's `info`: changed, exchanged or cut short, it doesn't open. What is sealed is padded, so that its length tells little. A kiosk has no private key:
it can't open what it sealed a moment ago.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from math import isfinite

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from core.errors import BadInput
from core.kiosk import wire
from core.kiosk.bundle import transaction
from core.kiosk.terms import Collected, SealedVisit

VERSION = 1
KEY_BYTES = 32
KEY_NAME_BYTES = 8
PADDED_TO = 4096
MOST_INSIDE = wire.MOST_SEALED - 4096
"""Bytes of what is sealed, as JSON."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_HEAD = 1 + KEY_NAME_BYTES


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a sealed visit: what was collected, and the FHIR transaction made from it at the kiosk (JSON)."""

    collected: Collected
    bundle: bytes


def fresh_keys() -> tuple[bytes, bytes]:
    """A new pair (private, public), 32 raw bytes each."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def public_of(private_key: bytes) -> bytes:
    """The public half. Raises BadInput where this can be no key."""
    return _private(private_key).public_key().public_bytes_raw()


def key_name(public_key: bytes) -> bytes:
    """Eight bytes that name a public key; a server with an old and a new key finds by them which to open with."""
    return hashlib.sha256(b"healthboard kiosk key\x00" + public_key).digest()[:KEY_NAME_BYTES]


def sealed_to(visit: SealedVisit) -> bytes:
    """The name of the key a visit was sealed to, b"" where it is too short to say."""
    return visit.body[1:_HEAD] if len(visit.body) >= _HEAD else b""


def seal(public_key: bytes, collected: Collected, now: datetime) -> SealedVisit:
    """Seal one visit. Raises BadInput: "visit_too_large", or a field that can't be."""
    if len(public_key) != KEY_BYTES:
        raise BadInput("bad_message", place="public_key", need="32 bytes")
    _sound(collected)
    inside = bytearray(wire.written(Contents(collected, transaction(collected))))
    if len(inside) > MOST_INSIDE:
        raise BadInput("visit_too_large", place="visit", need=f"at most {MOST_INSIDE} bytes")
    inside.extend(b" " * (-len(inside) % PADDED_TO))
    at = now.astimezone(UTC).replace(microsecond=0)
    try:
        key = X25519PublicKey.from_public_bytes(public_key)
        body = bytes([VERSION]) + key_name(public_key) + _SUITE.encrypt(bytes(inside), key, _info(collected.visit_id, at))
    finally:
        inside[:] = bytes(len(inside))
    return SealedVisit(collected.visit_id, at, body)


def unsealed(private_key: bytes, visit: SealedVisit) -> Contents:
    """Open a visit. Raises BadInput: "sealed_to_another_key", "visit_unreadable" (damaged, changed, of another visit) or "bad_message" (what was inside)."""
    if not _HEAD < len(visit.body) <= wire.MOST_SEALED or visit.body[0] != VERSION:
        raise BadInput("visit_unreadable", place="body", need=f"version {VERSION} of a sealed visit")
    key = _private(private_key)
    if sealed_to(visit) != key_name(key.public_key().public_bytes_raw()):
        raise BadInput("sealed_to_another_key", place="body", need="a visit sealed to this server's key")
    try:
        inside = _SUITE.decrypt(visit.body[_HEAD:], key, _info(visit.visit_id, visit.sealed_at))
    except (InvalidTag, ValueError):
        raise BadInput("visit_unreadable", place="body", need="a sealed visit as it left the kiosk") from None
    contents = wire.read(Contents, inside, wire.MOST_SEALED)
    if contents.collected.visit_id != visit.visit_id:
        raise BadInput("visit_unreadable", place="visit_id", need="the id that it was sent with")
    _sound(contents.collected)
    return contents


def opened(private_key: bytes, visit: SealedVisit) -> Collected:
    """What was collected. Raises as `unsealed` does."""
    return unsealed(private_key, visit).collected


def without_photos(collected: Collected) -> Collected:
    """The same visit without its pictures, for whoever has no use for them."""
    return replace(collected, photos=())


def _sound(collected: Collected) -> None:
    """What can't be said in JSON, or by no clock: never written as something else."""
    if not wire.good_id(collected.visit_id):
        raise BadInput("bad_message", place="visit_id", need="an id of letters, digits and hyphens")
    moments = {"started_at": collected.started_at, "consented_at": collected.consented_at, "finished_at": collected.finished_at}
    moments |= {f"readings[{index}].at": one.at for index, one in enumerate(collected.readings)}
    for place, at in moments.items():
        if at is not None and at.tzinfo is None:
            raise BadInput("bad_message", place=place, need="a time with its zone")
    for index, one in enumerate(collected.readings):
        if not all(isfinite(value) for value in one.values.values()):
            raise BadInput("bad_message", place=f"readings[{index}].values", need="numbers")


def _private(raw: bytes) -> X25519PrivateKey:
    if len(raw) != KEY_BYTES:
        raise BadInput("bad_message", place="private_key", need="32 bytes")
    return X25519PrivateKey.from_private_bytes(raw)


def _info(visit_id: str, at: datetime) -> bytes:
    return b"healthboard kiosk visit %d\x00%s\x00%d" % (VERSION, visit_id.encode(), int(at.timestamp()))
