"""This is the place where every answer of the web server gets its security headers, and foreign requests get none at all.

Plain ASGI middleware: it sees pages, static files, our own routes and the websocket alike. What each header is for and what
is still missing stands in docs/SECURITY.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SESSION_COOKIE = "hb_session"

CLOSED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Addresses of Streamlit that tell strangers about the server; nobody needs them here."""

SIGNED_IN_ONLY = ("/media/", "/_stcore/upload_file/")
"""Addresses that hold or take a person's files: Streamlit guards them by unguessable names only."""

LONG_LIVED = ("/static/",)

ASKED_AGAIN = ("/calendar/",)
"""What a telephone may keep for itself, and asks for anew whenever it wants to show it."""

_NO_FEATURES = ("accelerometer", "display-capture", "gyroscope", "hid", "magnetometer",
                "microphone", "midi", "payment", "serial", "usb", "xr-spatial-tracking")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Guard:
    """What the middleware needs to know: `hosts` that may be asked for ("*.example.org" for all below), whether people come
    over TLS, the digests of the inline scripts that may run, and who is signed in (session id -> yes or no)."""

    hosts: tuple[str, ...]
    secure: bool
    script_digests: tuple[str, ...]
    signed_in: Callable[[str], bool]


class SecurityMiddleware:
    """Refuses foreign hosts, foreign origins and strangers at person's files; adds the headers to every other answer."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app = app
        self.guard = guard
        self.page_headers = page_headers(guard)
        self.file_headers = {**self.page_headers, "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        status = await self._refusal(scope)
        if status:
            await _refuse(scope, status, send, self.page_headers)
            return
        await self.app(scope, receive, self._with_headers(scope, send))

    async def _refusal(self, scope: Scope) -> int:
        """The status to refuse with, or 0."""
        headers, path = Headers(scope=scope), scope["path"]
        if not host_allowed(headers.get("host", ""), self.guard.hosts):
            return 400
        if not _same_origin(scope, headers):
            return 403
        if path.startswith(CLOSED):
            return 404
        if path.startswith(SIGNED_IN_ONLY):
            session_id = cookie_parser(headers.get("cookie", "")).get(SESSION_COOKIE, "")
            if not session_id or not await run_in_threadpool(self.guard.signed_in, session_id):
                return 403
        return 0

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        path = scope["path"]
        added = self.file_headers if path.startswith(SIGNED_IN_ONLY) else self.page_headers

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(added)
                if not path.startswith(LONG_LIVED):
                    headers["cache-control"] = "private, no-cache" if path.startswith(ASKED_AGAIN) else "no-store"
            await send(message)

        return sending


def page_headers(guard: Guard) -> Mapping[str, str]:
    """The headers of an ordinary answer."""
    headers = {
        "content-security-policy": content_policy(guard),
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "permissions-policy": ", ".join(("camera=(self)", "geolocation=(self)", *(f"{feature}=()" for feature in _NO_FEATURES))),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-permitted-cross-domain-policies": "none",
    }
    if guard.secure:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return headers


def content_policy(guard: Guard) -> str:
    """What a page may load: our own origin only. Streamlit writes styles into the page, keeps component scripts and workers
    in blobs, draws icons from data addresses and fetches what the camera took from one; nothing comes from another host."""
    digests = " ".join(f"'{digest}'" for digest in guard.script_digests)
    rules = (
        "default-src 'none'",
        f"script-src 'self' blob: {digests}".rstrip(),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self' data:",
        "worker-src 'self' blob:",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join((*rules, "upgrade-insecure-requests") if guard.secure else rules)


def host_allowed(host: str, allowed: tuple[str, ...]) -> bool:
    """Whether a Host header names one of the hosts; ports don't matter."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    return bool(name) and "@" not in host and any(
        rule == "*" or name == rule.strip("[]").lower() or (rule.startswith("*.") and name.endswith(rule[1:].lower())) for rule in allowed
    )


def _same_origin(scope: Scope, headers: Headers) -> bool:
    """A websocket and everything that changes something must come from our own pages. Browsers always say so; a client that
    is no browser sends no Origin and carries nobody's cookie."""
    if scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS"):
        return True
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc.lower() == headers.get("host", "").lower()


async def _refuse(scope: Scope, status: int, send: Send, headers: Mapping[str, str]) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    raw = [(name.encode(), value.encode()) for name, value in {**headers, "cache-control": "no-store", "content-length": "0"}.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    await send({"type": "http.response.body", "body": b""})
