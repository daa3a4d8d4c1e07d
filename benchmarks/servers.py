"""This is the place where the servers to be compared are started: ours with demo people, and bare Streamlit pages beside it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent
STARTED_WITHIN = 120.0

BARE = """
import streamlit as st
st.title("Bare")
st.write("One line of text.")
st.button("Again")
"""
SERVE = """
import socket, sys
import uvicorn
from streamlit.starlette import App
listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listening.bind(("127.0.0.1", int(sys.argv[1])))
config = uvicorn.Config(App("bare.py"), ws="websockets-sansio", ws_per_message_deflate=False, access_log=False, log_level="warning")
uvicorn.Server(config).run(sockets=[listening])
"""
OUR_SETTINGS = """
[server]
headless = true
fileWatcherType = "none"
[browser]
gatherUsageStats = false
[runner]
postScriptGC = false
"""
DEFAULTS = """
[server]
headless = true
[browser]
gatherUsageStats = false
"""


@dataclass(frozen=True)
class Server:
    """A running server: its address, its process, and the seconds from the start of the process to the first answer."""

    name: str
    address: str
    pid: int
    answered: float

    def memory_mb(self) -> float:
        """Resident memory of the process now, in MB."""
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(self.pid)], capture_output=True, text=True, check=True)
        return int(said.stdout) / 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def bare(folder: Path, name: str, *, tuned: bool) -> Iterator[Server]:
    """A Streamlit server with three elements on one page: as `streamlit run` starts it, or with our settings and our socket."""
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "config.toml").write_text(OUR_SETTINGS if tuned else DEFAULTS, encoding="utf-8")
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    port = free_port()
    (folder / "serve.py").write_text(SERVE, encoding="utf-8")
    plain = ["-m", "streamlit", "run", "bare.py", "--server.port", str(port), "--server.address", "127.0.0.1"]
    command = [sys.executable, *(["serve.py", str(port)] if tuned else plain)]
    with _started(name, command, folder, port, "/_stcore/health") as server:
        yield server


@contextmanager
def ours(home: Path, *more: str) -> Iterator[Server]:
    """Healthboard with its demo people, in a data folder of its own; `more` are further words of the command ("--worker")."""
    port = free_port()
    command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--port", str(port), *more]
    environment = {"HEALTHBOARD_HOME": str(home), "HEALTHBOARD_HOST": "127.0.0.1", "HEALTHBOARD_LOG_LEVEL": "WARNING"}
    with _started("Healthboard", command, ROOT, port, "/healthz", environment) as server:
        yield server


@contextmanager
def _started(
    name: str, command: list[str], folder: Path, port: int, health: str, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    address = f"http://127.0.0.1:{port}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("HEALTHBOARD_", "STREAMLIT_", "PYTHONDONT"))}
    with tempfile.TemporaryFile() as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env={**kept, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log
        )
        try:
            _wait(process, address + health, began, log)
            yield Server(name, address, process.pid, time.perf_counter() - began)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


def _wait(process: subprocess.Popen[bytes], address: str, began: float, log: IO[bytes]) -> None:
    while time.perf_counter() - began < STARTED_WITHIN:
        if process.poll() is not None:
            log.seek(0)
            raise SystemExit(f"the server ended at once with {process.returncode}:\n{log.read().decode(errors='replace')[-2000:]}")
        try:
            with urlopen(address, timeout=1.0) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.01)
    raise SystemExit(f"no answer within {STARTED_WITHIN:.0f} s")
