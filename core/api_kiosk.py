"""This is the place where a kiosk asks over HTTP: five questions, each with the kiosk's key as `Authorization: Bearer`, none with anything secret in its address.

401 for a key that is unknown or revoked (before the body is read), 413 past a size, 422 for what can't be read, 429 where one kiosk asks too often, 503 where something
isn't at work just now and the same is to be sent again. Who isn't recognised is 404, whatever the reason. Nothing that was sent or answered is logged.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from threading import Lock

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from core.care import kiosk_registry
from core.care.kiosk_server import KeyServer
from core.errors import BadInput, Conflict, HealthboardError, NotFound, NotPermitted, SourceUnavailable, StoreDamaged
from core.kiosk import wire
from core.kiosk.terms import Heartbeat, Proof
from core.ports import Ports

Opened = Callable[[], Ports]
Answered = Callable[[KeyServer, Request, bytes], bytes]
MOST_ASKED, ASKED_WITHIN = 120, timedelta(minutes=1)
"""Questions of one kiosk (house choice: a busy one asks about ten times a minute)."""
MOST_KNOWN = 1000


def kiosk_routes(ports: Opened) -> list[Route]:
    """The addresses of core/kiosk/wire.py."""
    pace = Pace()
    return [
        Route(wire.HELLO, _route(ports, pace, _hello), methods=["POST"]),
        Route(wire.IDENTIFY, _route(ports, pace, _identify), methods=["POST"]),
        Route(wire.VISITS, _route(ports, pace, _visit, wire.MOST_SEALED), methods=["POST"]),
        Route(wire.DESK, _route(ports, pace, _desk), methods=["POST"]),
    ]


class Pace:
    """How often each kiosk has asked lately, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._asked: dict[str, deque[datetime]] = {}

    def too_fast(self, kiosk_id: str, now: datetime) -> bool:
        """Whether this question is one too many; it counts only where it isn't."""
        with self._lock:
            if len(self._asked) > MOST_KNOWN:
                self._asked.clear()
            mine = self._asked.setdefault(kiosk_id, deque())
            while mine and not now - ASKED_WITHIN < mine[0] <= now:
                mine.popleft()
            if len(mine) >= MOST_ASKED:
                return True
            mine.append(now)
            return False


def _route(ports: Opened, pace: Pace, answer: Answered, most: int = wire.MOST_JSON) -> Callable[[Request], Awaitable[Response]]:
    async def route(request: Request) -> Response:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not key.strip():
            return _no("kiosk_unknown", 401)
        try:
            opened = ports()
            hand = await run_in_threadpool(kiosk_registry.by_key, opened, key.strip())
            if pace.too_fast(hand.kiosk_id, opened.clock.now()):
                return _no("kiosk_too_fast", 429)
            body = await _body(request, most)
            if body is None:
                return _no("file_too_large", 413)
            said = await run_in_threadpool(answer, KeyServer(opened, key.strip()), request, body)
        except HealthboardError as error:
            return _no(error.code, _status(error))
        return Response(said, media_type="application/json") if said else Response(status_code=204)

    return route


def _hello(server: KeyServer, request: Request, body: bytes) -> bytes:
    return wire.written(server.hello(wire.read(Heartbeat, body)))


def _identify(server: KeyServer, request: Request, body: bytes) -> bytes:
    asked = wire.read(wire.Asked, body)
    try:
        proof = Proof(**asked.proof)
    except TypeError:
        raise BadInput("bad_message", place="proof", need="a proof") from None
    return wire.written(server.identify(proof, asked.language[:20]))


def _visit(server: KeyServer, request: Request, body: bytes) -> bytes:
    return wire.written(server.send(wire.visit_of(request.headers, body)))


def _desk(server: KeyServer, request: Request, body: bytes) -> bytes:
    called = wire.read(wire.Called, body)
    server.call_desk(called.why, called.ticket)
    return b""


async def _body(request: Request, most: int) -> bytes | None:
    """The body, no more of it than may be sent; None for one that is larger."""
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        return None
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            return None
        pieces.append(piece)
    return b"".join(pieces)


def _status(error: HealthboardError) -> int:
    if isinstance(error, NotPermitted):
        return 401
    if isinstance(error, NotFound):
        return 404
    if isinstance(error, Conflict | SourceUnavailable | StoreDamaged) or error.code in ("document_damaged", "drawer_damaged"):
        return 503
    return 422 if isinstance(error, BadInput) else 503


def _no(code: str, status: int) -> Response:
    headers = {"www-authenticate": "Bearer"} if status == 401 else {"retry-after": "30"} if status in (429, 503) else None
    return JSONResponse({"error": code}, status_code=status, headers=headers)
