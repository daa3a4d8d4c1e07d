"""This is the place where `healthboard serve` is started on an empty folder, asked whether it is well, and stopped."""

from __future__ import annotations

import re
import signal
import socket
import threading
import urllib.request
from pathlib import Path

from tests.cli.given import House


def test_the_demo_is_served_on_an_empty_folder_and_stops_when_asked(tmp_path: Path) -> None:
    house = House(tmp_path / "home")
    running = house.start("serve", "--demo", "--port", "0")
    assert running.stderr is not None
    too_long = threading.Timer(150, running.kill)
    too_long.start()
    try:
        said: list[str] = []
        address = ""
        for line in running.stderr:
            said.append(line)
            found = re.search(r"listens on (http://\S+)", line)
            if found:
                address = found[1]
                break
        assert address, "".join(said)
        with urllib.request.urlopen(f"{address}/healthz", timeout=60) as answer:
            assert answer.status == 200
        with urllib.request.urlopen(f"{address}/", timeout=60) as answer:
            assert b"<!DOCTYPE html>" in answer.read()
        running.send_signal(signal.SIGINT)
        rest = running.stderr.read()
        assert running.wait(timeout=60) in (0, 1)
        assert "Traceback" not in "".join(said) + rest
    finally:
        too_long.cancel()
        running.kill()
        running.wait()
    assert len(house.json("people")["people"]) == 9


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        answer = House(tmp_path / "home").json("serve", "--port", taken.getsockname()[1], status=1)
    assert answer["error"] == "port_taken"


def test_a_setting_that_cannot_be_is_said(tmp_path: Path) -> None:
    ran = House(tmp_path / "home").run("people", "--json", HEALTHBOARD_IDLE_MINUTES="soon")
    assert (ran.status, ran.document["error"], ran.document["place"]) == (1, "bad_setting", "HEALTHBOARD_IDLE_MINUTES")
