"""E-mail through a real server on this machine: what arrives, what a refusal means, and what a slow or dead server can't do."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from hypothesis import given
from hypothesis import strategies as st

from core.channels import email
from core.channels.email import Mail, MailServer, address_of, one_line, written
from core.errors import BadInput, NotDelivered
from core.ports import Message

AT = datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
MESSAGE = Message("r1.r1@healthboard", "该用药了：二甲双胍", "现在该用：二甲双胍。\n请打开健康看板。", "https://health.example", True, "zh_Hans")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Postbox:
    """A mail server's behaviour: it keeps letters, and answers RCPT and DATA as told."""

    def __init__(self) -> None:
        self.letters: list[Any] = []
        self.rcpt, self.data = "250 OK", "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.data.startswith("250"):
            self.letters.append(envelope)
        return self.data


@pytest.fixture
def post() -> Iterator[tuple[Postbox, Controller]]:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield box, controller
    controller.stop()


def mail_to(port: int, login: str = "") -> Mail:
    return Mail(MailServer.of(f"smtp://{login}127.0.0.1:{port}"), "board@health.example", lambda: AT)


def port_of(controller: Controller) -> int:
    return int(controller.server.sockets[0].getsockname()[1])  # type: ignore[union-attr]


def test_a_chinese_reminder_arrives_whole(post: tuple[Postbox, Controller]) -> None:
    box, controller = post
    mail_to(port_of(controller)).send("wang@example.org", MESSAGE)
    (letter,) = box.letters
    found = message_from_bytes(letter.content, policy=default)
    assert (letter.mail_from, letter.rcpt_tos) == ("board@health.example", ["wang@example.org"])
    assert (found["Subject"], found["Message-ID"]) == (MESSAGE.title, "<r1.r1@healthboard>")
    assert "请打开健康看板" in found.get_content()
    assert "https://health.example" in found.get_content()
    assert (found["Date"].datetime, found["Auto-Submitted"], found["Importance"]) == (AT, "auto-generated", "high")


def test_sent_again_it_is_the_same_letter(post: tuple[Postbox, Controller]) -> None:
    box, controller = post
    for _ in range(2):
        mail_to(port_of(controller)).send("wang@example.org", MESSAGE)
    first, second = (message_from_bytes(one.content)["Message-ID"] for one in box.letters)
    assert first == second


@pytest.mark.parametrize(
    ("rcpt", "data", "code", "permanent"),
    [
        ("550 no such user", "250 OK", "mail_refused", True),
        ("450 try later", "250 OK", "mail_later", False),
        ("250 OK", "554 not this", "mail_refused", True),
        ("250 OK", "451 busy", "mail_later", False),
        ("421 closing", "250 OK", "mail_later", False),
    ],
)
def test_a_refusal_says_whether_trying_again_can_help(post: tuple[Postbox, Controller], rcpt: str, data: str, code: str, permanent: bool) -> None:
    box, controller = post
    box.rcpt, box.data = rcpt, data
    with pytest.raises(NotDelivered) as caught:
        mail_to(port_of(controller)).send("wang@example.org", MESSAGE)
    assert (caught.value.code, caught.value.permanent) == (code, permanent)
    assert "wang" not in str(caught.value)
    assert box.letters == []


def test_a_dead_server_is_tried_again() -> None:
    with pytest.raises(NotDelivered) as caught:
        mail_to(free_port()).send("wang@example.org", MESSAGE)
    assert (caught.value.code, caught.value.permanent) == ("mail_unreachable", False)


def _serving(talk: Any) -> int:
    """A server that says what `talk` makes it say to one visitor."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        visitor, _ = listening.accept()
        with listening, visitor:
            talk(visitor)

    threading.Thread(target=serve, daemon=True).start()
    return int(listening.getsockname()[1])


def test_a_server_that_never_speaks_is_left_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(email, "ONE_STEP", 0.3)
    port = _serving(lambda visitor: time.sleep(2))
    with pytest.raises(NotDelivered, match="mail_unreachable"):
        mail_to(port).send("wang@example.org", MESSAGE)


def test_a_server_that_dribbles_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    def dribble(visitor: socket.socket) -> None:
        visitor.sendall(b"220 here\r\n")
        for _ in range(50):
            try:
                visitor.sendall(b"2")
            except OSError:
                return
            time.sleep(0.1)

    monkeypatch.setattr(email, "WHOLE", 0.6)
    started = time.monotonic()
    with pytest.raises(NotDelivered, match="mail_unreachable"):
        mail_to(_serving(dribble)).send("wang@example.org", MESSAGE)
    assert time.monotonic() - started < 3


def test_a_server_that_is_gone_after_taking_the_letter_has_taken_it() -> None:
    def rude(visitor: socket.socket) -> None:
        stream = visitor.makefile("rwb")
        stream.write(b"220 here\r\n")
        stream.flush()
        for line in stream:
            word = line[:4].upper()
            if word == b"QUIT":
                return
            stream.write(b"354 go\r\n" if word == b"DATA" else b"250 ok\r\n")
            stream.flush()
            if word == b"DATA":
                while stream.readline() != b".\r\n":
                    pass
                stream.write(b"250 kept\r\n")
                stream.flush()

    assert mail_to(_serving(rude)).send("wang@example.org", MESSAGE) == "handed_in"


class _Knows:
    def __call__(self, _server: SMTP, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
        ok = isinstance(given, LoginPassword) and (given.login, given.password) == (b"board", b"p@ss")
        return AuthResult(success=ok, handled=ok)


@pytest.mark.parametrize(("login", "code"), [("board:p%40ss@", ""), ("board:wrong@", "mail_login")])
def test_signing_in_at_the_mail_server(login: str, code: str) -> None:
    box = Postbox()
    controller = Controller(box, hostname="127.0.0.1", port=free_port(), authenticator=_Knows(), auth_require_tls=False)  # type: ignore[arg-type]
    controller.start()
    try:
        if code:
            with pytest.raises(NotDelivered, match=code):
                mail_to(port_of(controller), login).send("wang@example.org", MESSAGE)
        else:
            mail_to(port_of(controller), login).send("wang@example.org", MESSAGE)
            assert len(box.letters) == 1
    finally:
        controller.stop()


@pytest.mark.parametrize(
    "url", ["", "mail.example", "http://mail.example", "smtp://", "smtp://mail.example:port", "smtp://me:secret@mail.example", "smtp://me:secret@mail.example:99999"]
)
def test_a_setting_that_is_no_mail_server_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(BadInput) as caught:
        MailServer.of(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "address",
    ["", "wang", "wang@", "@example.org", "a@b@c.org", "a@example.org,b@example.org", "a <a@example.org>", "a@example.org\r\nBcc: b@c.org", "a b@example.org",
     '"a"@example.org', "王@example.org", "a@exa mple.org", "x" * 65 + "@example.org"],
)  # fmt: skip
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInput):
        address_of(address, "address")


@given(st.text(), st.text())
def test_no_text_makes_a_header_of_its_own(title: str, message_id: str) -> None:
    letter = written(address_of("a@b.example", "x"), address_of("c@d.example", "x"), Message(message_id, title, "body"), AT)
    names = {"message-id", "date", "from", "to", "subject", "content-language", "auto-submitted", "content-type", "content-transfer-encoding", "mime-version"}
    assert {name.lower() for name in message_from_bytes(letter.as_bytes())} <= names
    assert one_line(title) == "" or one_line(title).isprintable()
