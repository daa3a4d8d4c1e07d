"""This is the place where a kiosk speaks with its server over HTTP: four questions, bounded, timed, over TLS whose certificate is verified.

Nothing is retried here: what is not sent waits in the outbox. Nothing that was sent or answered is ever logged or put into an error.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar

import httpx2

from core.errors import BadInput, HealthboardError, NotFound, NotPermitted, SourceUnavailable
from core.kiosk import wire
from core.kiosk.terms import Clinic, Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: for a connection, for each piece, for a whole question, for a whole visit with its photos."""

    connect: float = 3.0
    piece: float = 8.0
    question: float = 10.0
    visit: float = 60.0


class RemoteServer:
    """Is a core.kiosk.server.KioskServer. Threads may share it."""

    def __init__(self, url: str, key: str, *, authority: Path | None = None, patience: Patience | None = None) -> None:
        """`authority`: a file of certificates to trust in place of the system's. Raises BadInput("bad_address") for an address without TLS, unless it is this machine."""
        self.base = address(url)
        self._key, self._patience = key, patience or Patience()
        self._http = httpx2.Client(
            trust_env=False,
            follow_redirects=False,
            verify=ssl.create_default_context(cafile=str(authority)) if authority else True,
            timeout=httpx2.Timeout(self._patience.piece, connect=self._patience.connect),
        )

    def hello(self, beat: Heartbeat) -> Clinic:
        return self._asked(wire.HELLO, wire.written(beat), Clinic)

    def identify(self, proof: Proof, language: str) -> Welcomed:
        said = {name: getattr(proof, name) for name in ("kind", "code", "birth_date", "initials", "factor")}
        return self._asked(wire.IDENTIFY, wire.written(wire.Asked(said, language)), Welcomed)

    def send(self, visit: SealedVisit) -> VisitReceipt:
        status, body = self._post(wire.VISITS, visit.body, wire.headers_of(visit), self._patience.visit)
        return self._read(wire.VISITS, status, body, VisitReceipt)

    def call_desk(self, why: str, ticket: str = "") -> None:
        status, _ = self._post(wire.DESK, wire.written(wire.Called(why, ticket)), _JSON, self._patience.question)
        if status not in (HTTPStatus.OK, HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT):
            raise refusal(wire.DESK, status)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def _asked(self, path: str, body: bytes, kind: type[T]) -> T:
        status, answer = self._post(path, body, _JSON, self._patience.question)
        return self._read(path, status, answer, kind)

    def _read(self, path: str, status: int, body: bytes, kind: type[T]) -> T:
        if status != HTTPStatus.OK:
            raise refusal(path, status)
        try:
            return wire.read(kind, body)
        except BadInput:
            raise SourceUnavailable("server_unreadable") from None

    def _post(self, path: str, body: bytes, headers: Mapping[str, str], whole: float) -> tuple[int, bytes]:
        """The status and the body, of which no more is read than an answer can have. A server that trickles is cut off after `whole` seconds."""
        request = {**headers, "authorization": f"Bearer {self._key}", "accept": "application/json", "accept-encoding": "identity"}
        until = time.monotonic() + whole
        try:
            with self._http.stream("POST", self.base + path, content=body, headers=request) as answer:
                read = bytearray()
                for piece in answer.iter_raw():
                    read += piece
                    if len(read) > wire.MOST_JSON or time.monotonic() > until:
                        raise SourceUnavailable("server_unreadable")
                return answer.status_code, bytes(read)
        except (httpx2.HTTPError, httpx2.StreamError, OSError) as error:
            raise SourceUnavailable("server_not_trusted" if _distrust(error) else "server_not_reached") from None


_JSON = {"content-type": "application/json"}


def address(url: str) -> str:
    """The server's address without a slash at its end. Raises BadInput("bad_address")."""
    try:
        parsed = httpx2.URL(url.strip())
    except httpx2.InvalidURL:
        raise BadInput("bad_address", place="--server", need="an address such as https://healthboard.example.org") from None
    if parsed.scheme not in ("https", "http") or not parsed.host or parsed.userinfo or parsed.query or parsed.fragment:
        raise BadInput("bad_address", place="--server", need="an address such as https://healthboard.example.org")
    if parsed.scheme == "http" and not _this_machine(parsed.host):
        raise BadInput("bad_address", place="--server", need="https: what is said at a kiosk isn't sent without TLS")
    return str(parsed).rstrip("/")


def refusal(path: str, status: int) -> HealthboardError:
    """What a status other than 200 means. Not recognised and asked too often are one answer, as on the server."""
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        return NotPermitted("kiosk_key_refused")
    if path == wire.IDENTIFY and status in (HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.TOO_MANY_REQUESTS):
        return NotFound("kiosk_not_recognised")
    if status in (HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY):
        return BadInput("bad_message", place=path, need="what this server takes")
    busy = status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return SourceUnavailable("server_busy" if busy else "server_failed", status=status)


def _this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _distrust(error: BaseException) -> bool:
    """Whether it was the certificate."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return True
        seen = seen.__cause__ or seen.__context__
    return "CERTIFICATE_VERIFY_FAILED" in str(error)
