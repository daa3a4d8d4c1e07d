from __future__ import annotations

import json
import logging
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.edge.clinic import KeptClinic
from core.edge.keyfile import read_key
from core.edge.remote import Patience, RemoteServer, address
from core.errors import BadInput, HealthboardError, NotFound, NotPermitted, SourceUnavailable
from core.kiosk import wire
from core.kiosk.sealing import opened, seal
from core.kiosk.terms import Heartbeat, Proof, ToConfirm, VisitReceipt, Welcomed
from tests.edge.given import CLINIC, PRIVATE, PUBLIC, Double
from tests.kiosk.given import AT, visit

KEY = "kiosk-key-that-is-long"
QUICK = Patience(0.5, 0.3, 0.6, 1.0)


@contextmanager
def listening(certificate: tuple[Path, Path] | None = None) -> Iterator[SimpleNamespace]:
    """A server that answers as it is told (`answers` by path: status, body) and notes what it was asked."""
    at = SimpleNamespace(answers={}, asked=[], url="", wait=0.0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            at.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if at.wait:
                threading.Event().wait(at.wait)
            status, answer = at.answers.get(self.path, (404, b""))
            self.send_response(status)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    at.url = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=lambda: server.serve_forever(0.02), daemon=True)
    thread.start()
    try:
        yield at
    finally:
        server.shutdown()
        server.server_close()


def test_each_question_goes_where_it_belongs_with_the_key_and_nothing_personal_in_the_address() -> None:
    welcomed = Welcomed("t", "v-1", "M••••", contact=(ToConfirm("phone", "•••• 0133"),), questionnaires=("phq-9",))
    sealed = seal(PUBLIC, visit(), AT)
    with listening() as at:
        at.answers = {
            wire.HELLO: (200, wire.written(CLINIC)),
            wire.IDENTIFY: (200, wire.written(welcomed)),
            wire.VISITS: (200, wire.written(VisitReceipt("v-1", "kept", link="x"))),
            wire.DESK: (204, b""),
        }
        remote = RemoteServer(at.url + "/", KEY)
        assert remote.hello(Heartbeat("1", 2, AT)) == CLINIC
        assert remote.identify(Proof("birth", birth_date="1950-01-02", initials="ME", factor="0133"), "zh_Hans") == welcomed
        assert remote.send(sealed) == VisitReceipt("v-1", "kept", link="x")
        remote.call_desk("asked", "t")
        remote.close()
    assert [path for path, _, _ in at.asked] == [wire.HELLO, wire.IDENTIFY, wire.VISITS, wire.DESK]
    assert all(headers["authorization"] == f"Bearer {KEY}" for _, headers, _ in at.asked)
    assert wire.read(Heartbeat, at.asked[0][2]) == Heartbeat("1", 2, AT)
    assert wire.read(wire.Asked, at.asked[1][2]).proof["birth_date"] == "1950-01-02"
    assert opened(PRIVATE, wire.visit_of(at.asked[2][1], at.asked[2][2])) == visit()


@pytest.mark.parametrize(
    ("path", "status", "kind", "code"),
    [
        (wire.HELLO, 401, NotPermitted, "kiosk_key_refused"),
        (wire.IDENTIFY, 403, NotPermitted, "kiosk_key_refused"),
        (wire.IDENTIFY, 404, NotFound, "kiosk_not_recognised"),
        (wire.IDENTIFY, 429, NotFound, "kiosk_not_recognised"),
        (wire.IDENTIFY, 503, SourceUnavailable, "server_busy"),
        (wire.VISITS, 413, BadInput, "bad_message"),
        (wire.VISITS, 422, BadInput, "bad_message"),
        (wire.VISITS, 404, SourceUnavailable, "server_failed"),
        (wire.VISITS, 302, SourceUnavailable, "server_failed"),
        (wire.DESK, 500, SourceUnavailable, "server_failed"),
    ],
)
def test_every_status_means_one_thing(path: str, status: int, kind: type[HealthboardError], code: str) -> None:
    with listening() as at:
        at.answers = {path: (status, b"CANARY")}
        with pytest.raises(kind) as caught:
            _ask(RemoteServer(at.url, KEY), path)
    assert caught.value.code == code and "CANARY" not in str(caught.value)


def _ask(remote: RemoteServer, path: str) -> object:
    return {
        wire.HELLO: lambda: remote.hello(Heartbeat("1")),
        wire.IDENTIFY: lambda: remote.identify(Proof("code", code="CANARY"), "en"),
        wire.VISITS: lambda: remote.send(seal(PUBLIC, visit(), AT)),
        wire.DESK: lambda: remote.call_desk("asked"),
    }[path]()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"name": 1}', b"\xff" * 10, b'{"name":"x","public_key":"?"}', b"x" * (wire.MOST_JSON + 1)]
)
def test_an_answer_that_is_none_is_no_answer(body: bytes) -> None:
    with listening() as at:
        at.answers = {wire.HELLO: (200, body)}
        with pytest.raises(SourceUnavailable):
            RemoteServer(at.url, KEY).hello(Heartbeat("1"))


def test_a_server_that_is_away_or_slow_is_said_to_be_not_reached_and_nothing_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="healthboard")
    with listening() as at:
        at.wait = 1.0
        with pytest.raises(SourceUnavailable) as caught:
            _ask(RemoteServer(at.url, KEY, patience=QUICK), wire.IDENTIFY)
        gone = at.url
    assert caught.value.code == "server_not_reached"
    with pytest.raises(SourceUnavailable):
        _ask(RemoteServer(gone, KEY, patience=QUICK), wire.IDENTIFY)
    assert "CANARY" not in caplog.text and KEY not in caplog.text


def test_a_certificate_nobody_vouches_for_is_not_trusted_and_one_that_was_given_is(tmp_path: Path) -> None:
    certificate = _self_signed(tmp_path)
    with listening(certificate) as at:
        at.answers = {wire.HELLO: (200, wire.written(CLINIC))}
        with pytest.raises(SourceUnavailable) as caught:
            RemoteServer(at.url, KEY).hello(Heartbeat("1"))
        assert caught.value.code == "server_not_trusted" and not at.asked
        assert RemoteServer(at.url, KEY, authority=certificate[0]).hello(Heartbeat("1")) == CLINIC


@pytest.mark.parametrize(
    "url",
    ["http://example.org", "ftp://example.org", "example.org", "https://me:you@example.org", "https://", "https://example.org?x=1"],
)
def test_an_address_without_tls_or_with_secrets_in_it_is_refused(url: str) -> None:
    with pytest.raises(BadInput):
        address(url)


def test_the_key_is_read_from_a_file_that_its_owner_alone_reads(tmp_path: Path) -> None:
    place = tmp_path / "key"
    place.write_text(KEY + "\n")
    for mode, fits in ((0o600, True), (0o400, True), (0o640, False), (0o604, False)):
        place.chmod(mode)
        if fits:
            assert read_key(place) == KEY
            continue
        with pytest.raises(BadInput) as caught:
            read_key(place)
        assert KEY not in str(caught.value)
    place.chmod(0o600)
    link = tmp_path / "link"
    link.symlink_to(place)
    for other in (link, tmp_path / "none", tmp_path):
        with pytest.raises(BadInput):
            read_key(other)
    for text in ("", "short", "two lines\nof key-key-key", "x" * 5000):
        place.write_text(text)
        with pytest.raises(BadInput):
            read_key(place)


def test_what_the_house_is_outlives_a_restart_without_a_server_and_holds_nobody(tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    server = Double(tmp_path / "s", away=True)
    place = tmp_path / "clinic.json"
    kept = KeptClinic(server, place)
    with pytest.raises(SourceUnavailable):
        kept.hello(Heartbeat("1"))
    assert kept.public_key == b""
    server.away = False
    assert kept.hello(Heartbeat("1")) == CLINIC and kept.reached
    assert set(json.loads(place.read_bytes())) == {
        "name",
        "public_key",
        "factor",
        "measures",
        "desk",
        "languages",
        "idle_seconds",
        "warn_seconds",
    }
    server.away = True
    again = KeptClinic(server, place)
    assert again.hello(Heartbeat("1")) == CLINIC and not again.reached and again.public_key == PUBLIC
    server.away, server.wrong = False, NotPermitted("kiosk_key_refused")
    with pytest.raises(NotPermitted):
        again.hello(Heartbeat("1"))
    place.write_bytes(b"{")
    assert KeptClinic(server, place).known is None


def _self_signed(folder: Path) -> tuple[Path, Path]:
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, private = folder / "cert.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate, private
