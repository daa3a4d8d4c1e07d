"""This is the place where programs and browsers reach us beside the pages: health check, entering and leaving a session, the
door by which devices bring data in, and the calendar that telephones fetch.

The pages themselves cannot set an HttpOnly cookie. The sign-in page makes a one-time ticket instead, sends the browser to
/auth/enter, and this place trades the ticket for the cookie.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from core.api_calendar import route as calendar
from core.api_cds import cds_routes
from core.api_kiosk import kiosk_routes
from core.api_push import push_routes
from core.api_take_home import take_home_routes
from core.care import door as receiving
from core.care import sessions
from core.errors import BadInput, Conflict, FileRefused, HealthboardError, NotPermitted, SessionExpired
from core.front import LANGUAGE_COOKIE
from core.headers import SESSION_COOKIE
from core.ports import Ports

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Door:
    """What the routes need: the ports, and whether cookies may travel over TLS only, and whether other systems may ask by CDS Hooks."""

    ports: Callable[[], Ports]
    secure: bool
    cds: bool = False


def routes(door: Door) -> list[Route]:
    """Every address that is not a page."""
    return [
        Route("/healthz", _healthz(door), methods=["GET"]),
        Route("/ingest", _ingest(door), methods=["POST"]),
        calendar(door.ports),
        *push_routes(door.ports),
        *kiosk_routes(door.ports),
        *take_home_routes(door.ports, door.secure),
        *(cds_routes(door.ports) if door.cds else ()),
        Route("/auth/enter", _enter(door), methods=["GET"]),
        Route("/auth/leave", _leave(door), methods=["GET", "POST"]),
    ]


def local_path(wanted: str) -> str:
    """The address to go on to, when it is one of our own; else the front page. Nothing may lead to another host."""
    parts = urlsplit(wanted)
    own = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return wanted if own and len(wanted) < 500 and wanted.isprintable() and "\\" not in wanted else "/"


def _healthz(door: Door) -> Endpoint:
    async def healthz(_request: Request) -> Response:
        """200 where the store opens and answers, 503 where it does not."""
        try:
            await run_in_threadpool(lambda: door.ports().store.person_exists(""))
        except HealthboardError as error:
            return JSONResponse({"status": "unavailable", "code": error.code}, status_code=503)
        return JSONResponse({"status": "ok"})

    return healthz


def _ingest(door: Door) -> Endpoint:
    async def ingest(request: Request) -> Response:
        """What a device sends: its token as `Authorization: Bearer`, optionally `Idempotency-Key`, the data as the body.

        200 with the receipt, 401 without a living token, 413 past the limit, 422 where nothing of it can be read."""
        kind, _, secret = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            return _no("device_unknown", 401)
        try:
            body = await _body(request)
            key = request.headers.get("idempotency-key", "")
            receipt = await run_in_threadpool(receiving.receive, door.ports(), secret.strip(), body, key)
        except NotPermitted as error:
            return _no(error.code, 401)
        except BadInput as error:
            return _no(error.code, 413 if error.code == "file_too_large" else 422, error.facts)
        except Conflict as error:
            return _no(error.code, 503)
        return Response(receipt.body, media_type="application/json", headers={"idempotency-replayed": "true"} if receipt.repeated else None)

    return ingest


async def _body(request: Request) -> bytes:
    """The body, no more of it than may be sent. Raises FileRefused."""
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > receiving.MOST_BYTES:
            raise FileRefused("file_too_large", place="body", need=receiving.MOST_BYTES)
        pieces.append(piece)
    return b"".join(pieces)


def _no(code: str, status: int, facts: dict[str, str | int] | None = None) -> Response:
    headers = {"www-authenticate": "Bearer"} if status == 401 else None
    return JSONResponse({"error": code, **(facts or {})}, status_code=status, headers=headers)


def _enter(door: Door) -> Endpoint:
    async def enter(request: Request) -> Response:
        """Trade a one-time ticket for the session cookie. A ticket that came from elsewhere (a link in a message) is refused:
        it would sign a person in to somebody else's account."""
        if request.method != "GET":
            return Response(status_code=405)
        ticket, onward = request.query_params.get("ticket", ""), local_path(request.query_params.get("next", "/"))
        session_id = None
        if ticket and request.headers.get("sec-fetch-site", "same-origin") == "same-origin":
            session_id = await run_in_threadpool(lambda: sessions.redeem_ticket(door.ports(), ticket))
        if not session_id:
            return RedirectResponse("/?signin=again", status_code=303)
        answer = RedirectResponse(onward, status_code=303)
        answer.set_cookie(SESSION_COOKIE, session_id, httponly=True, samesite="lax", secure=door.secure, path="/")
        language = await run_in_threadpool(_language, door.ports(), session_id)
        if language:
            answer.set_cookie(LANGUAGE_COOKIE, language, samesite="lax", secure=door.secure, path="/")
        return answer

    return enter


def _leave(door: Door) -> Endpoint:
    async def leave(request: Request) -> Response:
        """Close the session and have the browser forget everything we left there but the language."""
        if request.method == "HEAD" or request.headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
            return Response(status_code=403)
        session_id = request.cookies.get(SESSION_COOKIE, "")
        if session_id:
            await run_in_threadpool(_sign_out, door.ports(), session_id)
        answer = RedirectResponse("/", status_code=303)
        answer.headers["clear-site-data"] = '"storage"'
        answer.delete_cookie(SESSION_COOKIE, path="/", secure=door.secure, samesite="lax", httponly=True)
        return answer

    return leave


def signed_in(ports: Ports, session_id: str) -> bool:
    """Whether this session is alive."""
    try:
        sessions.actor_of(ports, session_id)
    except SessionExpired:
        return False
    return True


def _sign_out(ports: Ports, session_id: str) -> None:
    try:
        sessions.sign_out(ports, sessions.actor_of(ports, session_id))
    except SessionExpired:
        return  # over already: what was asked for


def _language(ports: Ports, session_id: str) -> str:
    session = ports.store.session(session_id)
    return ports.store.preferences(session.account_id).language if session else ""
