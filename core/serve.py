"""This is the place where the pages, the routes and the middleware become one web server.

`app.py` uses `around` for those who start it with Streamlit or another ASGI server; `run` is what `healthboard serve` does.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import logging
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from starlette.middleware import Middleware
from streamlit import config, file_util
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from core import wiring
from core.api import Door, routes, signed_in
from core.front import StartPageMiddleware, start_pages
from core.headers import Guard, SecurityMiddleware
from core.incidents import keep_messages_out
from core.ports import Ports
from core.settings import Settings

LOG = logging.getLogger("healthboard.serve")

SCRIPT = Path(__file__).resolve().parent.parent / "app.py"
COLLECT_EVERY = 2.0
"""Seconds between garbage collections. Streamlit's own collection after every rerun takes most of a busy server's time; this
replaces it (`runner.postScriptGC` is off) and keeps the memory of closed charts from piling up."""

COLLECT_SHARE = 0.03
"""The most of all time that may go into collections: with many people here each takes longer, and nobody is served meanwhile."""

AHEAD_AFTER = 3.0
"""Seconds after the start at which what only some pages need is imported, so that neither the start nor a visitor waits for it."""

_AHEAD = ("plotly.graph_objs._figure", "plotly.graph_objs._scatter", "plotly.io._json", "core.ui.charts", "core.exports.summary",
          "core.sources.fhir.package", "core.sources.fhir.client", "core.sources.wearables.package", "pyarrow.parquet", "scipy.stats")  # fmt: skip


def around(settings: Settings, ports: Callable[[], Ports]) -> dict[str, Any]:
    """What st.App needs beside the script: routes, middleware, lifespan and what to do when a page breaks."""
    pages = start_pages(Path(file_util.get_static_dir()) / "index.html")
    guard = Guard(allowed_hosts(settings), settings.secure_cookies, pages.script_digests, lambda session_id: signed_in(ports(), session_id))
    return {
        "routes": routes(Door(ports, settings.secure_cookies, settings.cds_hooks)),
        "middleware": [Middleware(SecurityMiddleware, guard=guard), Middleware(StartPageMiddleware, pages=pages)],
        "lifespan": _lifespan,
        "on_script_error": _on_script_error,
    }


def application(settings: Settings, ports: Callable[[], Ports], script: Path = SCRIPT) -> App:
    """The whole web application as one ASGI callable."""
    return App(script, **around(settings, ports))


def run(settings: Settings, *, open_browser: bool = False) -> None:
    """Serve until stopped. Raises OSError when the port is taken."""
    _log_to_stderr(settings.log_level)
    ports = wiring.ports_for(settings)
    app = application(settings, lambda: ports)
    _configure_streamlit(settings)
    listening = _bind(settings.host, settings.port)
    address = settings.public_url or f"http://{_display(settings.host)}:{listening.getsockname()[1]}"
    server = _Announcing(uvicorn.Config(app, log_config=None, **_PROTOCOL), address, open_browser)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's stop closes the store as Ctrl-C does
    try:
        with suppress(KeyboardInterrupt):
            server.run(sockets=[listening])
    finally:
        listening.close()
        ports.store.close()


_PROTOCOL: dict[str, Any] = {
    "ws": "websockets-sansio",
    "ws_ping_interval": 30,
    "ws_ping_timeout": 30,
    "ws_max_size": 32 * 1024 * 1024,
    "ws_per_message_deflate": False,
    "access_log": False,  # addresses can hold one-time tickets
    "server_header": False,
    "timeout_graceful_shutdown": 3,
}


class _Announcing(uvicorn.Server):
    """Says where the server listens once it really answers."""

    def __init__(self, config: uvicorn.Config, address: str, open_browser: bool) -> None:
        super().__init__(config)
        self.address, self.open_browser = address, open_browser

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if self.started:
            LOG.info("Healthboard listens on %s", self.address)
            if self.open_browser:
                await asyncio.to_thread(webbrowser.open, self.address)


def allowed_hosts(settings: Settings) -> tuple[str, ...]:
    """The host names that are answered: what was set, else this machine and the host of the public address."""
    if settings.allowed_hosts:
        return settings.allowed_hosts
    named = {urlsplit(settings.public_url).hostname, settings.host} - {None, "", "0.0.0.0", "::"}  # noqa: S104
    return ("localhost", "127.0.0.1", "::1", *sorted(str(name) for name in named))


@asynccontextmanager
async def _lifespan(_app: App) -> AsyncIterator[None]:
    """Around the server's life: no message in a log, no page without the front door, and memory looked after."""
    keep_messages_out()
    # Until the first st.navigation of a process, Streamlit takes a folder called pages/ for its old kind of app and would run
    # a page by itself for whoever comes first by its address: without app.py, without asking who is there.
    PagesManager.uses_pages_directory = False
    gc.freeze()  # what the imports made is here to stay; looking through it first would cost a tenth of a second
    looking_after = asyncio.create_task(_look_after_memory())
    try:
        yield
    finally:
        looking_after.cancel()
        with suppress(asyncio.CancelledError):
            await looking_after


async def _look_after_memory() -> None:
    await asyncio.sleep(AHEAD_AFTER)
    for name in _AHEAD:
        await asyncio.to_thread(importlib.import_module, name)
    gc.collect()
    gc.freeze()
    loop, pause = asyncio.get_running_loop(), COLLECT_EVERY
    while True:
        await asyncio.sleep(pause)
        started = loop.time()
        await asyncio.to_thread(gc.collect)
        pause = max(COLLECT_EVERY, (loop.time() - started) / COLLECT_SHARE)


def _on_script_error(error: Exception) -> bool:
    from core.ui.incident import show

    return show(error)


def _log_to_stderr(level: str) -> None:
    """Our own lines at the level that was set, those of libraries from WARNING on."""
    logging.basicConfig(level="DEBUG" if level == "DEBUG" else "WARNING", stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    logging.getLogger("healthboard").setLevel(level)
    for tells_too_much in ("httpx2", "httpcore2", "fontTools", "fpdf"):
        # addresses with a patient's id, and the characters of a name, as the libraries see them
        logging.getLogger(tells_too_much).setLevel("WARNING")


def _configure_streamlit(settings: Settings) -> None:
    """What the configuration file cannot know: limits and names that come from our own settings."""
    config.set_option("server.maxUploadSize", settings.max_upload_mb)
    config.set_option("server.allowedHosts", list(allowed_hosts(settings)))
    config.set_option("browser.serverAddress", _display(settings.host))


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on for every connection and a rerun waits 40 ms for a delayed acknowledgement.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError:
        listening.close()
        raise
    return listening


def _display(host: str) -> str:
    if host in ("0.0.0.0", "::", ""):  # noqa: S104
        return "localhost"
    return f"[{host}]" if ":" in host else host
