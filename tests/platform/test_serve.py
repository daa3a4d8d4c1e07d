"""The server as it runs: a process of its own, visited as a browser does."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from benchmarks.servers import ROOT, free_port, ours
from benchmarks.visitors import BrokenPage, Visitor, sign_in
from core.serve import allowed_hosts
from core.settings import Settings

CANARY = "Eleanor weighs 71.4 kg"
BROKEN = f"""
import streamlit as st
st.html("<h1>Broken</h1>")
if st.button("Break", key="break"):
    raise ValueError("{CANARY}")
"""
START = """
import sys
from pathlib import Path
from core import serve, wiring
from core.settings import load_settings
import uvicorn
settings = load_settings()
app = serve.application(settings, wiring.ports, Path(sys.argv[1]))
uvicorn.run(app, port=int(sys.argv[2]), ws="websockets-sansio", log_level="warning")
"""


def on_its_own(visit: Coroutine[Any, Any, Any]) -> Any:
    """What a visit answers, in a thread of its own: a browser test may have left a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, visit).result()


@contextmanager
def broken_app(folder: Path) -> Iterator[tuple[str, Path]]:
    """A server whose one page breaks on a click; its address and its log."""
    (folder / "broken.py").write_text(BROKEN, encoding="utf-8")
    port, log = free_port(), folder / "log"
    environment = {"HEALTHBOARD_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    with log.open("wb") as output:
        command = [sys.executable, "-c", START, str(folder / "broken.py"), str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            for _ in range(600):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert process.poll() is None, log.read_text()
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}", log
        finally:
            process.terminate()
            process.wait(10)


def test_a_page_that_breaks_gives_a_code_and_keeps_the_value_out_of_screen_and_log(tmp_path: Path) -> None:
    async def visit(address: str) -> list[bytes]:
        visitor = Visitor(address)
        seen: list[bytes] = []
        visitor.hear = seen.append
        first = await visitor.arrive()
        await visitor.press(first.buttons["break"])
        await visitor.leave()
        return seen

    with broken_app(tmp_path) as (address, log):
        seen = b"".join(on_its_own(visit(address)))
        time.sleep(0.2)
        logged = log.read_text()
    assert b"Traceback" not in seen
    assert CANARY.encode() not in seen
    assert CANARY not in logged
    assert "builtins.ValueError" in logged
    reference = logged.split(" incident ")[1].split()[0] if " incident " in logged else logged.split("incident ")[1].split()[0]
    assert reference.encode() in seen


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ours(tmp_path_factory.mktemp("served") / "data") as server:
        yield server.address


def test_the_first_visitor_of_a_server_meets_the_front_door_at_every_address(fresh: str) -> None:
    """Streamlit would run pages/records.py by itself here; a broken page is one without a title."""

    async def visit() -> set[str]:
        visitor = Visitor(fresh)
        run = await visitor.arrive("records")
        await visitor.leave()
        return set(run.buttons)

    try:
        buttons = on_its_own(visit())
    except BrokenPage as error:
        pytest.fail(f"the first visitor got something else than the front door: {error}")
    assert "demo_0" in buttons


def test_the_cookie_opens_the_same_page_again(fresh: str) -> None:
    async def visit() -> set[str]:
        visitor = Visitor(fresh, await sign_in(fresh, "demo_0"))
        run = await visitor.arrive("today")
        await visitor.leave()
        return set(run.buttons)

    assert not {name for name in on_its_own(visit()) if name.startswith("demo_")}


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/records", 200), ("/healthz", 200), ("/_stcore/metrics", 404), ("/media/x", 403)])
def test_the_running_server_answers_with_our_headers(fresh: str, path: str, status: int) -> None:
    try:
        answer = urlopen(fresh + path, timeout=10)
    except HTTPError as error:
        answer = error
    with answer:
        assert answer.status == status
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["server"] is None


def test_a_foreign_host_gets_nothing_from_the_running_server(fresh: str) -> None:
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(fresh, headers={"Host": "evil.example"}), timeout=10)
    assert refused.value.code == 400


def test_a_taken_port_is_said_so(fresh: str, tmp_path: Path) -> None:
    port = fresh.rsplit(":", 1)[1]
    said = subprocess.run(
        [sys.executable, "-m", "core.cli", "serve", "--port", port],
        cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        env={"HEALTHBOARD_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    assert port in said.stderr


def test_the_hosts_answered_are_this_machine_and_the_public_address() -> None:
    public = Settings(public_url="https://health.example.org/", host="0.0.0.0")
    assert allowed_hosts(public) == ("localhost", "127.0.0.1", "::1", "health.example.org")
    assert public.secure_cookies
    assert allowed_hosts(Settings(allowed_hosts=("a.example",))) == ("a.example",)


@pytest.mark.parametrize("asked", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_is_no_failure(asked: signal.Signals, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "serve", "--port", str(port)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={"HEALTHBOARD_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert process.stdout is not None
    assert "listens" in process.stdout.readline()
    process.send_signal(asked)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert not [path.name for path in (tmp_path / "home").glob("*-wal") if path.stat().st_size]
