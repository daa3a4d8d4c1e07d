"""This is the place where `healthboard pull` fetches from a small FHIR server: first all, then what is new, and what goes wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.care.given import heart_rate, patient
from tests.cli.given import House

TOKEN = "a-token-of-the-test"


@dataclass
class Server:
    """One patient's records; `asked` are the questions it got."""

    records: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, token: str) -> tuple[int, Any]:
        self.asked.append(path)
        parts = urlsplit(path)
        if parts.path == "/fhir/metadata":
            return 200, self._statement()
        if token != f"Bearer {TOKEN}":
            return 401, {"resourceType": "OperationOutcome"}
        if parts.path == "/fhir/Patient/p1":
            return 200, patient()
        if parts.path == "/fhir/Observation":
            since = parse_qs(parts.query).get("_lastUpdated", ["ge"])[0][2:]
            new = [one for one in self.records if one["meta"]["lastUpdated"] >= since]
            entries = [{"fullUrl": f"{self.address}/{one['resourceType']}/{one['id']}", "resource": one} for one in new]
            return 200, {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
        return 404, {"resourceType": "OperationOutcome"}

    def _statement(self) -> dict[str, Any]:
        searched = [{"name": name, "type": "reference"} for name in ("patient", "subject")] + [
            {"name": "_lastUpdated", "type": "date"}
        ]
        kinds = [
            {"type": kind, "interaction": [{"code": "search-type"}, {"code": "read"}], "searchParam": searched}
            for kind in ("Patient", "Observation")
        ]
        return {
            "resourceType": "CapabilityStatement",
            "status": "active",
            "fhirVersion": "4.0.1",
            "format": ["json"],
            "rest": [{"mode": "server", "resource": kinds}],
        }


@pytest.fixture
def server() -> Iterator[Server]:
    kept = Server([heart_rate(f"o{n}", 60 + n, meta={"lastUpdated": f"2026-01-0{n}T00:00:00Z"}) for n in (1, 2)])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = kept.answer(self.path, self.headers.get("Authorization", ""))
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/fhir+json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept.address = f"http://127.0.0.1:{listening.server_address[1]}/fhir"
    thread = threading.Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    yield kept
    listening.shutdown()
    listening.server_close()


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "home")


@pytest.fixture
def token(tmp_path: Path) -> Path:
    path = tmp_path / "token"
    path.write_text(TOKEN + "\n", "utf-8")
    return path


def test_a_pull_brings_everything_and_the_next_one_what_is_new(house: House, server: Server, token: Path) -> None:
    words = ("pull", "--server", server.address, "--patient", "p1")
    first = house.json(*words, "--token-file", token, "--new")
    assert (first["stored"], first["people"], first["refused"]) == (3, 1, 0)
    [person_id] = first["person_ids"]
    server.records.append(heart_rate("o3", 90, meta={"lastUpdated": "2099-01-01T00:00:00Z"}))
    server.asked.clear()
    second = house.json(*words, "--person", person_id)  # with the token that was kept
    assert (second["stored"], second["people"]) == (1, 1)
    assert any("_lastUpdated" in path for path in server.asked)
    full = house.json(*words, "--person", person_id, "--full", "--token-file", token)
    assert (full["stored"], full["unchanged"]) == (0, 4)
    shown = house.json("show", "--person", person_id, "--kind", "Observation")["items"]
    assert sorted(item["value"] for item in shown) == [61, 62, 90]
    assert {source for item in shown for source in item["sources"]} == {server.address}


def test_the_token_is_nowhere_to_be_read(house: House, server: Server, token: Path) -> None:
    ran = house.run("pull", "--server", server.address, "--patient", "p1", "--token-file", token, "--new")
    assert ran.status == 0
    assert TOKEN not in ran.out + ran.err
    kept = [path for path in house.home.rglob("*") if path.is_file()]
    assert kept and all(TOKEN.encode() not in path.read_bytes() for path in kept)


def test_a_wrong_token_an_unknown_patient_and_a_dead_server_are_said_and_leave_nothing(
    house: House, server: Server, token: Path
) -> None:
    assert house.json("pull", "--server", server.address, "--patient", "p1", "--new", status=1)["error"] == "token_refused"
    missing = house.json("pull", "--server", server.address, "--patient", "p2", "--token-file", token, "--new", status=1)
    assert missing["error"] == "patient_not_found"
    dead = house.json("pull", "--server", "http://127.0.0.1:9/fhir", "--patient", "p1", "--new", status=1)
    assert dead["error"] == "server_not_reached"
    assert house.json("people") == {"people": []}


def test_a_server_with_another_person_brings_nothing_into_this_record(
    house: House, server: Server, token: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps(patient("x", "Somebody", "Else", "1950-01-01")), "utf-8")
    [person_id] = house.json("import", other)["person_ids"]
    made = house.json("pull", "--server", server.address, "--patient", "p1", "--token-file", token, "--person", person_id)
    assert (made["stored"], made["refused"]) == (0, 3)
    assert {line["reason"] for line in made["lines"]} == {"another_person"}
