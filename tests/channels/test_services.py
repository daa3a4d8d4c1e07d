"""Other services through apprise: a receiver of our own gets the message, and no address leads anywhere it may not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.channels.apprise_service import FIXED, OWN_HOST, Services
from core.channels.outgoing import Outgoing
from core.errors import BadInput, NotDelivered
from core.ports import Message

MESSAGE = Message("r1.r1@healthboard", "Time for your medicine", "Two medicines are due.", "https://health.example")


class Receiver:
    def __init__(self) -> None:
        self.came: list[dict[str, Any]] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.came.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                self.send_response(receiver.status)
                self.send_header("location", "/again")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"json://127.0.0.1:{self.server.server_address[1]}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_a_message_reaches_a_service_of_ones_own(receiver: Receiver) -> None:
    Services(("127.0.0.1",)).send(receiver.address, MESSAGE)
    (came,) = receiver.came
    assert (came["title"], came["message"]) == (MESSAGE.title, f"{MESSAGE.body}\n\n{MESSAGE.link}")


@pytest.mark.parametrize("status", [302, 500])
def test_a_service_that_does_not_take_it_is_tried_again_and_not_followed(receiver: Receiver, status: int) -> None:
    receiver.status = status
    with pytest.raises(NotDelivered) as caught:
        Services(("127.0.0.1",)).send(receiver.address, MESSAGE)
    assert (caught.value.code, caught.value.permanent, len(receiver.came)) == ("service_failed", False, 1)


def test_without_the_operators_word_no_host_of_ones_own_is_reached(receiver: Receiver) -> None:
    with pytest.raises(NotDelivered) as caught:
        Services().send(receiver.address, MESSAGE)
    assert (caught.value.permanent, receiver.came) == (True, [])


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "exec://rm", "syslog://", "dbus://", "windows://", "macosx://", "xml://127.0.0.1", "form://127.0.0.1", "mailto://a:b@c.org",
     "https://hooks.slack.com/services/A/B/C", "json://10.0.0.1/x", "json://127.0.0.1/x?verify=no", "json://127.0.0.1/x?rto=9000", "json://127.0.0.1/x?+redirect=yes",
     "json://127.0.0.1@10.0.0.1/", "tgram://", "", "tgram", "json://127.0.0.1/x y", "json://127.0.0.1\n/"],
)  # fmt: skip
def test_addresses_that_lead_elsewhere_are_refused(address: str) -> None:
    with pytest.raises(BadInput, match="bad_service"):
        Services(("127.0.0.1",)).check(address)


def test_well_known_services_are_open() -> None:
    Services().check("tgram://123456789:abcdefg_hijklmnop/12315544/")
    Services(("ntfy.example",)).check("ntfys://ntfy.example/my-reminders")


def test_every_open_service_has_its_host_in_apprises_own_code() -> None:
    from apprise.plugins import N_MGR

    named = {scheme for scheme in FIXED if any("{host" in template for template in N_MGR[scheme].templates)}
    assert named == set()
    assert all(scheme in N_MGR for scheme in OWN_HOST)


def test_a_channel_that_is_not_set_up_says_so() -> None:
    nothing = Outgoing()
    assert (nothing.kinds, nothing.push_key) == (frozenset(), "")
    with pytest.raises(BadInput, match="channel_not_set_up"):
        nothing.check("email", "a@b.example")
    with pytest.raises(NotDelivered) as caught:
        nothing.send("email", "a@b.example", MESSAGE)
    assert caught.value.permanent
