"""Push to browsers: a push service of our own opens what arrives as a browser would, and says no in all its ways."""

from __future__ import annotations

import base64
import json
import os
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from py_vapid import Vapid02

from core.channels.push import Push, PushKey, Subscription
from core.errors import BadInput, NotDelivered
from core.ports import Message

MESSAGE = Message("r1.r1@healthboard", "该用药了", "Two medicines are due.", "https://health.example", True, "en")


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Service:
    """A push service: keeps what came, answers with `status`."""

    server: ThreadingHTTPServer
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 201

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.came.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            if made.status == 302:
                self.send_header("location", made.origin + "/elsewhere")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made = Service(server)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Browser:
    """What a browser keeps to itself when it subscribes."""

    key: ec.EllipticCurvePrivateKey
    secret: bytes

    def subscription(self, endpoint: str) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return json.dumps({"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": b64(point), "auth": b64(self.secret)}})

    def opened(self, body: bytes) -> dict[str, str]:
        return dict(json.loads(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")))


BROWSER = Browser(ec.generate_private_key(ec.SECP256R1()), os.urandom(16))


def push_to(service: Service, home: Path) -> Push:
    return Push(PushKey(home / "keys" / "push.pem"), "mailto:board@health.example", lambda: datetime.now(UTC), (service.origin,))


def test_a_push_is_opened_by_the_browser_alone(service: Service, tmp_path: Path) -> None:
    push_to(service, tmp_path).send(BROWSER.subscription(service.origin + "/p/1"), MESSAGE)
    ((headers, body),) = service.came
    assert "该用药了".encode() not in body
    assert BROWSER.opened(body) == {"title": "该用药了", "body": MESSAGE.body, "link": MESSAGE.link, "id": MESSAGE.message_id, "lang": "en"}
    assert (headers["urgency"], headers["content-encoding"], headers["ttl"]) == ("high", "aes128gcm", "3600")
    assert len(headers["topic"]) == 32


def test_the_push_service_can_tell_who_sends(service: Service, tmp_path: Path) -> None:
    push = push_to(service, tmp_path)
    push.send(BROWSER.subscription(service.origin + "/p/1"), MESSAGE)
    signed = service.came[0][0]["authorization"]
    assert signed.startswith("vapid t=")
    assert signed.endswith(f"k={push.public_key}")
    assert Vapid02.verify(signed)


@pytest.mark.parametrize(
    ("status", "code", "permanent"),
    [(404, "push_gone", True), (410, "push_gone", True), (403, "push_refused", True), (302, "push_refused", True), (429, "push_unreachable", False), (500, "push_unreachable", False)],
)
def test_what_a_push_service_answers(service: Service, tmp_path: Path, status: int, code: str, permanent: bool) -> None:
    service.status = status
    with pytest.raises(NotDelivered) as caught:
        push_to(service, tmp_path).send(BROWSER.subscription(service.origin + "/p/1"), MESSAGE)
    assert (caught.value.code, caught.value.permanent, len(service.came)) == (code, permanent, 1)


def test_a_dead_push_service_is_tried_again(service: Service, tmp_path: Path) -> None:
    push = push_to(service, tmp_path)
    service.server.shutdown()
    service.server.server_close()
    with pytest.raises(NotDelivered) as caught:
        push.send(BROWSER.subscription(service.origin + "/p/1"), MESSAGE)
    assert (caught.value.code, caught.value.permanent) == ("push_unreachable", False)


@pytest.mark.parametrize(
    "endpoint",
    ["http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://evil.example/x", "https://fcm.googleapis.com.evil.example/x", "https://fcm.googleapis.com:22/x",
     "https://me@fcm.googleapis.com/x", "file:///etc/passwd", "https://push.apple.com.evil/x", ""],
)  # fmt: skip
def test_nothing_is_posted_to_a_host_that_is_no_push_service(tmp_path: Path, endpoint: str) -> None:
    push = Push(PushKey(tmp_path / "push.pem"), "mailto:a@b.example", lambda: datetime.now(UTC))
    with pytest.raises(BadInput):
        push.check(BROWSER.subscription(endpoint))


@pytest.mark.parametrize("endpoint", ["https://fcm.googleapis.com/fcm/send/1", "https://updates.push.services.mozilla.com/wpush/v2/x", "https://web.push.apple.com/x"])
def test_the_services_of_todays_browsers_are_known(tmp_path: Path, endpoint: str) -> None:
    Push(PushKey(tmp_path / "push.pem"), "mailto:a@b.example", lambda: datetime.now(UTC)).check(BROWSER.subscription(endpoint))


@given(st.text() | st.recursive(st.none() | st.text() | st.integers(), lambda x: st.dictionaries(st.sampled_from(["endpoint", "keys", "p256dh", "auth"]), x)).map(json.dumps))
def test_anything_else_is_no_subscription(text: str) -> None:
    with pytest.raises(BadInput):
        Subscription.of(text, ("fcm.googleapis.com",))


def test_the_key_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "push.pem"
    first = Push(PushKey(path), "", lambda: datetime.now(UTC)).public_key
    assert Push(PushKey(path), "", lambda: datetime.now(UTC)).public_key == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(base64.urlsafe_b64decode(first + "=")) == 65
    path.write_text("no key")
    with pytest.raises(BadInput, match="bad_setting"):
        PushKey(path).load()
    assert path.read_text() == "no key"
