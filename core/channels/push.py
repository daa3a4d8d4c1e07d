"""This is the place where a message leaves as a push to a browser (RFC 8030, encrypted by RFC 8291, signed by RFC 8292)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from core.errors import BadInput, NotDelivered
from core.ports import Message

SERVICES = ("fcm.googleapis.com", "*.push.services.mozilla.com", "*.notify.windows.com", "*.push.apple.com")
"""The push services of today's browsers; an operator can name more. Nothing is ever posted anywhere else."""
TIMEOUT = 10.0
KEPT_FOR = 60 * 60
"""Seconds a push service keeps a message for a telephone that is off: a reminder of this morning is no use tonight."""
MOST_SUBSCRIPTION = 2000
SIGNED_FOR = 12 * 60 * 60
"""Seconds a signature is good for; RFC 8292 allows a day."""


@dataclass(frozen=True, slots=True)
class PushKey:
    """The key by which push services know this installation (VAPID), kept in a file made on first use."""

    path: Path

    def load(self) -> ec.EllipticCurvePrivateKey:
        """The key of the file; made where there is none. Raises BadInput where the file holds no such key."""
        try:
            pem = self.path.read_bytes()
        except FileNotFoundError:
            pem = self._made()
        except OSError:
            raise self._wrong() from None
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise self._wrong() from None
        if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
            raise self._wrong()
        return key

    def _made(self) -> bytes:
        pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.path.with_name(f".{self.path.name}.{os.getpid()}.{os.urandom(4).hex()}")
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, self.path)  # appears whole or not at all, and never over the key of another process
        except FileExistsError:
            return self.path.read_bytes()
        finally:
            made.unlink()
        return pem

    def _wrong(self) -> BadInput:
        return BadInput("bad_setting", place="keys/push.pem", need="a private key of the curve P-256 as PEM, or no file")


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a browser gave when it subscribed."""

    endpoint: str = field(repr=False)
    p256dh: str = field(repr=False)
    auth: str = field(repr=False)

    @classmethod
    def of(cls, text: str, services: tuple[str, ...]) -> Subscription:
        """Read PushSubscription.toJSON(). Raises BadInput for anything else, and for a host that is no push service."""
        try:
            found: Any = json.loads(text[: MOST_SUBSCRIPTION + 1])
            endpoint, keys = found["endpoint"], found["keys"]
            made = cls(endpoint, keys["p256dh"], keys["auth"])
            point, secret = _decoded(made.p256dh), _decoded(made.auth)
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
            parts = urlsplit(endpoint)
            host, port = (parts.hostname or "").lower(), parts.port
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
            raise _bad() from None
        if len(secret) != 16 or "@" in parts.netloc or not endpoint.isascii() or not endpoint.isprintable():
            raise _bad()
        named = f"{parts.scheme}://{host}:{port}" in services  # a whole origin, for a service of one's own
        if not named and (parts.scheme != "https" or port not in (None, 443) or not any(_is(host, one) for one in services)):
            raise _bad()
        return made


class Push:
    """Sends messages to browsers. `contact` is who a push service writes to when something is wrong (mailto: or https:)."""

    def __init__(self, key: PushKey, contact: str, now: Callable[[], datetime], services: tuple[str, ...] = ()) -> None:
        self._key, self._contact, self._now, self._services = key, contact, now, (*SERVICES, *services)

    @property
    def public_key(self) -> str:
        """The key a browser subscribes with: an uncompressed point, base64url without padding."""
        point = self._key.load().public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return base64.urlsafe_b64encode(point).rstrip(b"=").decode()

    def check(self, address: str) -> None:
        """Raises BadInput where this is no subscription of a browser."""
        Subscription.of(address, self._services)

    def send(self, address: str, message: Message) -> str:
        """Post it to the push service. Raises NotDelivered; permanent where the subscription is gone (404, 410) or refused."""
        try:
            subscription = Subscription.of(address, self._services)
        except BadInput as error:
            raise NotDelivered(error.code, permanent=True) from None
        claims = {"sub": self._contact, "exp": int(self._now().timestamp()) + SIGNED_FOR}
        payload = {"title": message.title, "body": message.body, "link": message.link, "id": message.message_id, "lang": message.language}
        status = _posted(subscription, json.dumps(payload), self._key.load(), claims, message)
        if status in (404, 410):
            raise NotDelivered("push_gone", permanent=True, status=status)
        if status in (400, 401, 403, 413):
            raise NotDelivered("push_refused", permanent=True, status=status)
        if not 200 <= status < 300:
            raise NotDelivered("push_unreachable", status=status)
        return f"push_{status}"


def _posted(to: Subscription, payload: str, key: ec.EllipticCurvePrivateKey, claims: Mapping[str, Any], message: Message) -> int:
    import httpx2
    from pywebpush import Vapid, WebPusher

    parts = urlsplit(to.endpoint)
    topic = base64.urlsafe_b64encode(hashlib.sha256(message.message_id.encode()).digest())[:32].decode()
    headers = {"TTL": str(KEPT_FOR), "Topic": topic, "Urgency": "high" if message.urgent else "normal", "Content-Encoding": "aes128gcm"}
    headers |= Vapid(private_key=key).sign({**claims, "aud": f"{parts.scheme}://{parts.netloc}"})
    sealed = WebPusher({"endpoint": to.endpoint, "keys": {"p256dh": to.p256dh, "auth": to.auth}}).encode(payload.encode())["body"]
    try:
        with httpx2.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            status = int(client.post(to.endpoint, content=sealed, headers=headers).status_code)
    except httpx2.HTTPError:
        raise NotDelivered("push_unreachable") from None
    return 400 if 300 <= status < 400 else status  # a push service that moves is not followed


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is(host: str, rule: str) -> bool:
    return host == rule or (rule.startswith("*.") and host.endswith(rule[1:]))


def _bad() -> BadInput:
    return BadInput("bad_subscription", place="address", need="a browser's subscription at a push service")
