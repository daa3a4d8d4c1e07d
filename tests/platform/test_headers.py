"""Every answer carries the headers; foreign hosts, foreign origins and strangers at files get nothing."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.headers import Guard, SecurityMiddleware, content_policy, host_allowed

OPEN = Guard(("localhost", "*.clinic.example"), False, ("sha256-abc",), lambda session_id: session_id == "alive")
SECURE = Guard(OPEN.hosts, True, (), OPEN.signed_in)


def client(guard: Guard = OPEN) -> TestClient:
    async def plain(_request: Request) -> Response:
        return PlainTextResponse("here", headers={"cache-control": "public, max-age=5"})

    async def socket(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("in")
        await websocket.close()

    every = Route("/{path:path}", plain, methods=["GET", "POST", "PUT"])
    app = Starlette(routes=[WebSocketRoute("/_stcore/stream", socket), every], middleware=[Middleware(SecurityMiddleware, guard=guard)])
    return TestClient(app, base_url="http://localhost")


@pytest.mark.parametrize("path", ["/", "/records", "/healthz", "/static/js/x.js", "/_stcore/health"])
def test_every_answer_carries_the_headers(path: str) -> None:
    headers = client().get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "connect-src 'self' data:;" in headers["content-security-policy"]  # what the camera took; no other host
    assert "geolocation=(self)" in headers["permissions-policy"]
    assert "microphone=()" in headers["permissions-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cross-origin-opener-policy"] == "same-origin"


def test_a_refusal_carries_the_headers_too() -> None:
    answer = client().get("/", headers={"host": "evil.example"})
    assert (answer.status_code, answer.headers["x-frame-options"], answer.content) == (400, "DENY", b"")


def test_nothing_but_static_files_may_be_cached() -> None:
    assert client().get("/records").headers["cache-control"] == "no-store"
    assert client().get("/static/js/x.js").headers["cache-control"] == "public, max-age=5"


def test_no_script_may_be_inline_or_come_from_elsewhere() -> None:
    scripts = next(rule for rule in content_policy(OPEN).split("; ") if rule.startswith("script-src"))
    assert scripts == "script-src 'self' blob: 'sha256-abc'"
    assert "unsafe-eval" not in content_policy(OPEN)
    assert "http" not in content_policy(OPEN)


def test_transport_security_is_promised_only_over_tls() -> None:
    assert "strict-transport-security" not in client().get("/").headers
    answer = client(SECURE).get("/")
    assert answer.headers["strict-transport-security"].startswith("max-age=31536000")
    assert "upgrade-insecure-requests" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("host", "answered"),
    [
        ("localhost", True),
        ("LOCALHOST:8501", True),
        ("localhost.", True),
        ("north.clinic.example", True),
        ("clinic.example", False),
        ("evil-clinic.example", False),
        ("localhost.evil.example", False),
        ("evil.example@localhost", False),
        ("localhost@evil.example", False),
        ("", False),
        ("[::1", False),
        ("[::1]:8501", True),
    ],
)
def test_only_our_own_host_names_are_answered(host: str, answered: bool) -> None:
    assert host_allowed(host, ("localhost", "::1", "*.clinic.example")) is answered


def test_a_form_on_another_site_cannot_post_here() -> None:
    assert client().post("/auth/leave", headers={"origin": "http://evil.example"}).status_code == 403
    assert client().post("/auth/leave", headers={"origin": "null"}).status_code == 403
    assert client().post("/auth/leave", headers={"origin": "http://localhost"}).status_code == 200


def test_a_websocket_opens_only_for_our_own_pages() -> None:
    with client().websocket_connect("/_stcore/stream", headers={"host": "localhost", "origin": "http://localhost"}) as socket:
        assert socket.receive_text() == "in"
    for origin in ("http://evil.example", "http://localhost:9999", "null"):
        with (
            pytest.raises(WebSocketDisconnect),
            client().websocket_connect("/_stcore/stream", headers={"host": "localhost", "origin": origin}),
        ):
            pass
    with (
        pytest.raises(WebSocketDisconnect),
        client().websocket_connect("/_stcore/stream", headers={"host": "evil.example", "origin": "http://evil.example"}),
    ):
        pass


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/interact", "/_stcore/script-health-check"])
def test_what_tells_strangers_about_the_server_is_closed(path: str) -> None:
    assert client().get(path).status_code == 404


@pytest.mark.parametrize("path", ["/media/abc.pdf", "/_stcore/upload_file/1/2"])
def test_files_are_for_those_who_are_signed_in(path: str) -> None:
    assert client().get(path).status_code == 403
    assert client().get(path, headers={"cookie": "hb_session=dead"}).status_code == 403
    answer = client().get(path, headers={"cookie": "hb_session=alive"})
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["cache-control"] == "no-store"
