"""This is the place where the FHIR server of this folder is installed, started and ended again."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

import httpx2
import pytest

HERE = Path(__file__).resolve().parent
INSTALL_FOR = 300
START_FOR = 60


@dataclass(frozen=True)
class LiveServer:
    """A running server: its base URL, and how a test puts records into it."""

    base_url: str
    token: str = ""

    def seed(self, *resources: dict[str, object]) -> None:
        """Put records in under their own ids; the server gives them a version and a time."""
        body = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": resource} for resource in resources]}
        self._send("POST", "$seed", body)

    def update(self, resource: dict[str, object]) -> None:
        self._send("PUT", f"{resource['resourceType']}/{resource['id']}", resource)

    def be_busy(self, times: int) -> None:
        """Let the server turn away the next requests with 429."""
        self._send("GET", "metadata", None, {"x-busy": str(times)})

    def _send(self, method: str, path: str, body: object, headers: dict[str, str] | None = None) -> None:
        sent = (
            {"content-type": "application/fhir+json"}
            | ({"authorization": f"Bearer {self.token}"} if self.token else {})
            | (headers or {})
        )
        with httpx2.Client(trust_env=False, timeout=60) as client:
            content = None if body is None else json.dumps(body).encode()
            client.request(method, f"{self.base_url}/{path}", content=content, headers=sent).raise_for_status()


def install() -> None:
    """`npm ci` in this folder, once; a test that needs it is skipped with the reason where that can't be done."""
    if not (shutil.which("node") and shutil.which("npm")):
        pytest.skip("the FHIR server needs node and npm")
    with (HERE / ".install.lock").open("w") as turn:  # npm empties the folder first: tests side by side take turns
        fcntl.flock(turn, fcntl.LOCK_EX)
        _install()


def _install() -> None:
    lock = HERE / "package-lock.json"
    stamp = HERE / "node_modules" / ".installed"
    if stamp.is_file() and stamp.read_bytes() == lock.read_bytes():
        return
    command = ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, timeout=INSTALL_FOR, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm ci failed: {done.stderr.strip()[-300:]}")
    stamp.write_bytes(lock.read_bytes())


@contextmanager
def running(**environment: str) -> Iterator[LiveServer]:
    """A server of one's own on a free port of this machine, ended by its process id."""
    install()
    process = subprocess.Popen(
        ["node", "server.mjs"],
        cwd=HERE,
        env={"PATH": os.environ["PATH"], "PORT": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        port = _port(process)
        yield LiveServer(f"http://127.0.0.1:{port}/fhir", environment.get("TOKEN", ""))
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        if process.stdout:
            process.stdout.close()


def _port(process: subprocess.Popen[str]) -> int:
    """The port it says it listens on; its last words where it never does."""
    lines: Queue[str] = Queue()

    def read() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    said = ""
    try:
        while line := lines.get(timeout=START_FOR):
            if line.startswith("listening "):
                return int(line.split()[1])
            said = (said + line)[-500:]
    except Empty:
        said += f" (silent for {START_FOR} s)"
    pytest.fail(f"the FHIR server did not start: {said}")
