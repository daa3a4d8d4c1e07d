from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.commands import kiosk_edge
from core.edge.beating import Beating, there
from core.edge.house import Edge, Place, look
from core.edge.memory import close_up, overwrite, swap_is_on
from core.edge.sender import Sender
from core.errors import BadInput, FileRefused, NotPermitted, SourceUnavailable
from core.kiosk import wire
from core.kiosk.terms import Heartbeat, VisitReceipt
from tests.edge.given import CLINIC, PUBLIC
from tests.edge.test_outbox import house
from tests.edge.test_remote import KEY, listening
from tests.kiosk.given import AT, visit


@pytest.fixture
def at(tmp_path: Path) -> Iterator[SimpleNamespace]:
    key = tmp_path / "key"
    key.write_text(KEY)
    key.chmod(0o600)
    with listening() as server:
        yield SimpleNamespace(server=server, key=key, home=tmp_path / "home", place=Place(server.url, key, tmp_path / "home"))


def test_a_kiosk_that_starts_without_its_server_takes_visits_once_it_knows_the_house(at: SimpleNamespace) -> None:
    edge = Edge(at.place)
    with pytest.raises(SourceUnavailable):
        edge.hello()
    with pytest.raises(SourceUnavailable) as caught:
        edge.hand_over(CLINIC, visit())
    assert caught.value.code == "kiosk_not_set_up"
    at.server.answers = {wire.HELLO: (200, wire.written(CLINIC))}
    assert edge.hello() == CLINIC
    at.server.answers = {}
    handed = edge.hand_over(CLINIC, visit())
    assert handed.state == "queued" and edge.hello() == CLINIC
    edge.close()
    again = Edge(at.place)
    assert again.hello() == CLINIC and again.sender.queued().count == 1
    again.close()


def test_nothing_of_the_person_is_on_the_disk_of_a_kiosk(at: SimpleNamespace) -> None:
    at.server.answers = {wire.HELLO: (200, wire.written(CLINIC))}
    edge = Edge(at.place)
    edge.hello()
    edge.hand_over(CLINIC, visit())
    edge.close()
    files = [place for place in at.home.rglob("*") if place.is_file()]
    assert files and not any(b"CANARY" in place.read_bytes() for place in files)
    assert all(place.stat().st_mode & 0o077 == 0 for place in files if place.suffix in (".visit", ".json"))


def test_one_folder_is_one_kiosk(at: SimpleNamespace) -> None:
    edge = Edge(at.place)
    with pytest.raises(BadInput) as caught:
        Edge(at.place)
    assert caught.value.code == "kiosk_home"
    edge.close()
    Edge(at.place).close()


def test_the_command_says_how_the_kiosk_stands_and_sends_what_waits(at: SimpleNamespace) -> None:
    given = Namespace(
        server=at.server.url, key_file=at.key, home=at.home, authority=None, country="", check=True, again=False, port=0
    )
    answer = kiosk_edge.start(given)
    assert answer.status == 1 and answer.document["problem"] == "server_failed" and not answer.document["has_key_to_seal_to"]
    at.server.answers = {wire.HELLO: (200, wire.written(CLINIC))}
    edge = Edge(at.place)
    edge.hello()
    edge.hand_over(CLINIC, visit())
    edge.close()
    assert kiosk_edge.start(given).document["waiting"] == 1
    at.server.answers[wire.VISITS] = (422, b"")
    assert kiosk_edge.start(given).document["refused"] == 1
    at.server.answers[wire.VISITS] = (200, wire.written(VisitReceipt("v-1", "kept")))
    assert kiosk_edge.start(given).document["refused"] == 1
    given.again = True
    answer = kiosk_edge.start(given)
    assert answer.status == 0 and (answer.document["put_back"], answer.document["sent"], answer.document["refused"]) == (1, 1, 0)
    given.country = "GBR"
    with pytest.raises(BadInput):
        kiosk_edge.start(given)


def test_each_heartbeat_tells_what_waits_and_sends_it(tmp_path: Path) -> None:
    at = house(tmp_path, away=True)
    at.sender.send(visit())
    beating = Beating(at.server, at.sender, "1.2")
    beating.once()
    assert beating.state == "away"
    at.server.away = False
    at.ticks[0] = 700
    beating.once()
    assert beating.state == "reached" and at.server.kept()
    (beat,) = at.server.beats
    assert beat == Heartbeat("1.2", 1, AT, beat.bluetooth, beat.camera, 0) and {beat.bluetooth, beat.camera} <= {
        "on",
        "off",
        "unknown",
    }
    at.server.wrong = NotPermitted("kiosk_key_refused")
    beating.once()
    assert beating.state == "refused"


def test_the_heartbeat_runs_by_itself_and_ends_when_told(tmp_path: Path) -> None:
    at = house(tmp_path)
    sender = Sender(at.server, at.box, lambda: AT, lambda: PUBLIC)
    beating = Beating(at.server, sender, "1", every=60)
    beating.start()
    beating.soon()
    beating.stop(10)
    assert not beating.is_alive() and at.server.beats


def test_what_is_there_is_told_as_it_is(tmp_path: Path) -> None:
    assert there(tmp_path) == "off"
    (tmp_path / "video0").touch()
    assert there(tmp_path) == "on" and there(tmp_path / "none") == "off"


def test_the_process_is_closed_up_and_what_could_not_be_is_said(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        failed = close_up()
        limits = Path("/proc/self/limits").read_text(encoding="ascii")
        core = next(line for line in limits.splitlines() if line.startswith("Max core"))
        readable = Path("/proc/self/mem").stat().st_uid  # root's where a process can't be read by its own user
        fits = set(failed) <= {"swap"} and core.split()[4:6] == ["0", "0"] and (readable == 0 or os.getuid() == 0)
        os._exit(0 if fits else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    table = tmp_path / "swaps"
    table.write_text("Filename Type Size Used Priority\n")
    assert not swap_is_on(table) and not swap_is_on(tmp_path / "none")
    table.write_text("Filename\n/dev/sda2 partition 1 0 -2\n")
    assert swap_is_on(table)
    buffer = bytearray(b"CANARY")
    overwrite(buffer)
    assert buffer == bytes(6)


def test_a_photo_is_looked_at_on_the_spot_and_only_the_picture_goes_on() -> None:
    from io import BytesIO

    from PIL import Image

    dark = BytesIO()
    Image.new("RGB", (640, 480), (4, 4, 4)).save(dark, "JPEG", exif=b"Exif\0\0CANARY")
    content, reasons = look("skin", dark.getvalue())
    assert reasons and b"CANARY" not in content and content[:2] == b"\xff\xd8"
    with pytest.raises(FileRefused):
        look("skin", b"CANARY")
    with pytest.raises(BadInput):
        look("rhythm", dark.getvalue())
