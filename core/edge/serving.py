"""This is the place where a kiosk's pages become a web server for one browser on the same machine, with the same headers as the app's."""

from __future__ import annotations

import asyncio
import gc
import logging
import secrets
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from hmac import compare_digest
from pathlib import Path
from typing import Any

import uvicorn
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config, file_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from core.edge.house import HELD, Edge
from core.edge.memory import close_up
from core.front import StartPageMiddleware, start_pages
from core.headers import SESSION_COOKIE, Guard, SecurityMiddleware
from core.incidents import keep_messages_out

LOG = logging.getLogger("healthboard.kiosk")

SCRIPT = Path(__file__).with_name("app.py")
HOST = "127.0.0.1"
COLLECT_EVERY = 5.0
"""Seconds between garbage collections."""
LARGEST_UPLOAD_MB = 20
"""What a photo from the kiosk's camera may have."""

_OPTIONS: dict[str, Any] = {
    "server.headless": True, "server.fileWatcherType": "none", "server.runOnSave": False, "server.enableStaticServing": False, "server.enableCORS": True,
    "server.enableXsrfProtection": True, "server.maxUploadSize": LARGEST_UPLOAD_MB, "server.maxMessageSize": 32, "server.disconnectedSessionTTL": 0,
    "server.allowedHosts": ["localhost", HOST], "browser.gatherUsageStats": False, "browser.serverAddress": HOST, "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none", "client.showErrorLinks": False, "client.showSidebarNavigation": False, "logger.level": "warning", "logger.enableRich": False,
    "logger.hideWelcomeMessage": True, "runner.postScriptGC": False, "runner.magicEnabled": False,
}  # fmt: skip
"""Streamlit's settings, whatever a file says: a kiosk keeps no session that lost its browser, and tells nobody anything."""


def application(mark: str) -> App:
    """The kiosk's pages as one ASGI callable. `mark` is what the one browser is known by: files of a person are for it alone."""
    pages = start_pages(Path(file_util.get_static_dir()) / "index.html")
    guard = Guard(("localhost", HOST), False, pages.script_digests, lambda given: compare_digest(given.encode(), mark.encode()))
    return App(
        SCRIPT,
        middleware=[Middleware(SecurityMiddleware, guard=guard), Middleware(MarkMiddleware, mark=mark), Middleware(StartPageMiddleware, pages=pages)],
        lifespan=_lifespan,
        on_script_error=_on_script_error,
    )  # fmt: skip


class MarkMiddleware:
    """Gives the browser that opens the page the cookie it is known by."""

    def __init__(self, app: ASGIApp, mark: str) -> None:
        self.app = app
        self.cookie = f"{SESSION_COOKIE}={mark}; HttpOnly; SameSite=Strict; Path=/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers.append("set-cookie", self.cookie)
            await send(message)

        await self.app(scope, receive, sending if scope["type"] == "http" else send)


def run(edge: Edge, port: int) -> None:
    """Serve on this machine alone until stopped. Raises OSError when the port is taken."""
    logging.basicConfig(level="WARNING", stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    logging.getLogger("healthboard").setLevel("INFO")
    for code in close_up():
        LOG.warning("this machine does not keep memory to itself: %s (docs/KIOSK.md)", code)
    app = application(secrets.token_urlsafe(32))
    for name, value in _OPTIONS.items():
        config.set_option(name, value)
    listening = _bind(port)
    HELD.put(edge)
    edge.start()
    server = _Announcing(uvicorn.Config(app, log_config=None, **_PROTOCOL), listening.getsockname()[1])
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        listening.close()
        HELD.put(None)
        edge.close()


_PROTOCOL: dict[str, Any] = {
    "ws": "websockets-sansio", "ws_ping_interval": 20, "ws_ping_timeout": 20, "ws_max_size": 32 * 1024 * 1024, "ws_per_message_deflate": False,
    "access_log": False, "server_header": False, "timeout_graceful_shutdown": 2,
}  # fmt: skip


class _Announcing(uvicorn.Server):
    """Says where the kiosk is once it really answers."""

    def __init__(self, config: uvicorn.Config, port: int) -> None:
        super().__init__(config)
        self.port = port

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            LOG.info("the kiosk is on http://%s:%d", HOST, self.port)


@asynccontextmanager
async def _lifespan(_app: App) -> AsyncIterator[None]:
    keep_messages_out()
    PagesManager.uses_pages_directory = False
    gc.freeze()
    collecting = asyncio.create_task(_collect())
    try:
        yield
    finally:
        collecting.cancel()
        with suppress(asyncio.CancelledError):
            await collecting


async def _collect() -> None:
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        await asyncio.to_thread(gc.collect)


def _on_script_error(error: Exception) -> bool:
    from core.ui.incident import show

    return show(error)


def _bind(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(64)
    except OSError:
        listening.close()
        raise
    return listening
