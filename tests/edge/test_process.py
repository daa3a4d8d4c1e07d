"""The process itself, as systemd starts it: once for the whole module, as it takes seconds."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from core.edge.house import HELD, Edge, Place
from core.headers import SESSION_COOKIE
from core.kiosk import wire
from core.kiosk.terms import Heartbeat
from tests.edge.given import CLINIC
from tests.edge.test_remote import KEY, listening

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "pandas",
    "pyarrow",
    "scipy",
    "sqlalchemy",
    "sqlcipher3",
    "tensorflow",
    "fhir",
    "opendp",
    "apprise",
    "core.store",
    "core.wiring",
    "core.care.kiosk_intake",
)


def started(at: SimpleNamespace) -> tuple[subprocess.Popen[str], int]:
    """The process and the port it says it listens on."""
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "kiosk", "--server", at.server.url, "--key-file", at.key, "--home", at.home, "--port", "0", "--country", "GB"],
        cwd=ROOT, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        at.said.append(line)
        if "http://127.0.0.1:" in line:
            return process, int(line.rstrip().rpartition(":")[2])
    raise AssertionError("".join(at.said))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    folder = tmp_path_factory.mktemp("kiosk")
    (folder / "key").write_text(KEY)
    (folder / "key").chmod(0o600)
    with listening() as server:
        server.answers = {wire.HELLO: (200, wire.written(CLINIC))}
        at = SimpleNamespace(server=server, key=folder / "key", home=folder / "home", said=[])
        at.process, at.port = started(at)
        try:
            yield at
        finally:
            at.process.kill()
            at.process.wait()


def asked(port: int, path: str, **headers: str) -> tuple[int, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in {"host": f"127.0.0.1:{port}", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, {name.lower(): value for name, value in answer.getheaders()}


def test_it_answers_this_machine_with_the_headers_of_the_app_and_nobody_else(running: SimpleNamespace) -> None:
    status, headers = asked(running.port, "/")
    assert status == 200 and headers["cache-control"] == "no-store"
    assert "default-src 'none'" in headers["content-security-policy"] and headers["x-frame-options"] == "DENY"
    assert (
        SESSION_COOKIE in headers["set-cookie"]
        and "HttpOnly" in headers["set-cookie"]
        and "SameSite=Strict" in headers["set-cookie"]
    )
    assert asked(running.port, "/", host="kiosk.example.org")[0] == 400
    assert asked(running.port, "/_stcore/metrics")[0] == 404
    rows = [row.split() for row in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()]
    local = [row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{running.port:04X}")]
    assert local == [f"0100007F:{running.port:04X}"]


def test_files_of_a_person_are_for_the_one_browser_that_opened_the_page(running: SimpleNamespace) -> None:
    cookie = asked(running.port, "/")[1]["set-cookie"].partition(";")[0]
    assert asked(running.port, "/media/x.jpg")[0] == 403
    assert asked(running.port, "/media/x.jpg", cookie=f"{SESSION_COOKIE}=guess")[0] == 403
    assert asked(running.port, "/media/x.jpg", cookie=cookie)[0] == 404


def test_it_says_hello_by_itself_and_keeps_its_key_to_itself(running: SimpleNamespace) -> None:
    until = time.monotonic() + 30
    while not running.server.asked and time.monotonic() < until:
        time.sleep(0.05)
    path, headers, body = running.server.asked[0]
    assert path == wire.HELLO and headers["authorization"] == f"Bearer {KEY}"
    assert wire.read(Heartbeat, body).queued == 0
    assert KEY not in "".join(running.said)
    assert KEY not in Path(f"/proc/{running.process.pid}/cmdline").read_text(encoding="utf-8")


def test_killed_it_begins_again_where_it_was_and_stopped_it_ends_by_itself(running: SimpleNamespace) -> None:
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    kept = json.loads((running.home / "clinic.json").read_bytes())
    assert kept["name"] == CLINIC.name
    running.server.answers = {}
    running.process, running.port = started(running)
    assert asked(running.port, "/")[0] == 200
    running.process.terminate()
    assert running.process.wait(timeout=30) == 0


def test_no_heavy_library_is_imported_before_it_is_needed() -> None:
    code = f"import sys, core.cli, core.edge.serving, core.edge.app; print([one for one in {HEAVY!r} if one in sys.modules])"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.fixture
def edge(tmp_path: Path) -> Iterator[Edge]:
    """A kiosk whose server says what the house wants, and knows nobody: everything else it answers with 503."""
    (tmp_path / "key").write_text(KEY)
    (tmp_path / "key").chmod(0o600)
    with listening() as server:
        server.answers = {
            wire.HELLO: (200, wire.written(CLINIC)),
            wire.IDENTIFY: (503, b""),
            wire.VISITS: (503, b""),
            wire.DESK: (503, b""),
        }
        made = Edge(Place(server.url, tmp_path / "key", tmp_path / "home", country="GB"))
        HELD.put(made)
        try:
            yield made
        finally:
            HELD.put(None)
            made.close()


@pytest.fixture(autouse=True)
def no_other_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit's player of tests looks through every installed package at every run."""
    monkeypatch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)


def page() -> AppTest:
    return AppTest.from_file(str(ROOT / "core" / "edge" / "app.py"), default_timeout=60)


def test_the_page_says_where_it_cannot_be_used() -> None:
    assert not page().run().exception


def test_a_visit_without_a_server_goes_through_the_screens_is_kept_sealed_and_wiped(edge: Edge, tmp_path: Path) -> None:
    shown = page().run()
    keys = {str(button.key) for button in shown.button}
    assert {"kq_language_en", "kq_language_zh_Hans", "kq_person"} <= keys and "kq_demo" not in keys
    shown.button(key="kq_language_en").click().run()
    (field,) = (one for one in shown.text_input if str(one.key).startswith("kq_code"))
    field.set_value("ACDEFHJK")
    shown.button(key="kq_go").click().run()
    for _ in range(25):
        assert not shown.exception
        stay = shown.session_state["hb.kiosk"]
        if stay.state.outcome:
            break
        keys = {str(button.key) for button in shown.button}
        shown.button(key="kq_rested" if "kq_rested" in keys else "kq_next").click().run()
    assert stay.state.outcome == "queued" and edge.sender.queued().count == 1
    files = [place.read_bytes() for place in tmp_path.rglob("*") if place.is_file()]
    assert not any(b"ACDEFHJK" in content for content in files)
    shown.button(key="kq_next").click().run()
    assert shown.session_state["hb.kiosk"].state.wiped and not shown.exception
