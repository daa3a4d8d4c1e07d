"""A kiosk of its own and a real server, over HTTP: what is sealed here is opened there, once."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette

from core.api_kiosk import kiosk_routes
from core.care import kiosk_registry
from core.edge.house import Edge, Place
from core.errors import NotFound, NotPermitted
from core.kiosk.sending import QUEUED, SENT
from core.kiosk.terms import Heartbeat, Proof
from tests.care.given import event
from tests.care.given_kiosk import PROOF, Clinic, clinic, collected


@contextmanager
def serving(of: Clinic, port: int = 0) -> Iterator[int]:
    """The kiosk's routes of the app on a port."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    app = Starlette(routes=kiosk_routes(lambda: of.ports))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()


def edge_of(of: Clinic, folder: Path, port: int) -> Edge:
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_text(of.key, encoding="ascii")
    return Edge(Place(f"http://127.0.0.1:{port}", key, folder / "home"))


def kept(of: Clinic) -> Counter[str]:
    """How often each signal stands in the person's record."""
    records = of.ports.store.records(of.person, event())
    return Counter(value.signal for record in records for value in record.item.values if value.signal)


def test_a_visit_at_a_kiosk_arrives_once_whatever_happens_on_the_way(tmp_path: Path) -> None:
    of = clinic()
    with serving(of) as port:
        edge = edge_of(of, tmp_path, port)
        house = edge.hello()
        assert house.name == "Clinic" and house.public_key == of.local.hello(Heartbeat("1")).public_key
        welcomed = edge.server.identify(Proof("code", code=of.code()), "en")
        first = edge.hand_over(house, collected(of, welcomed))
        assert first.state == SENT and first.receipt is not None and first.receipt.state == "kept" and first.receipt.link
        before = kept(of)
        assert before["weight"] == 1 and before["sbp"] == 2
        again = edge.hand_over(house, collected(of, welcomed))
        assert again.receipt is not None and again.receipt.state == "kept_before" and kept(of) == before
        edge.server.call_desk("asked", welcomed.ticket)
        with pytest.raises(NotFound):
            edge.server.identify(replace(PROOF, factor="9999"), "en")
    later = tuple(replace(one, at=one.at + timedelta(seconds=40)) for one in collected(of).readings[:2])
    welcomed_away = replace(collected(of), visit_id="k-away", proof=PROOF, readings=later)
    away = edge.hand_over(house, welcomed_away)
    assert away.state == QUEUED and edge.hello() == house
    edge.close()
    with serving(of, port):
        edge = edge_of(of, tmp_path, port)
        assert edge.sender.flush(now=True) == 1 and edge.sender.queued().count == 0
        edge.close()
    after = kept(of)
    assert after["weight"] == 1 and after["sbp"] == 4, "known by what they had said at the kiosk"


def test_a_kiosk_whose_key_was_revoked_says_so_and_keeps_what_waits(tmp_path: Path) -> None:
    of = clinic()
    with serving(of) as port:
        edge = edge_of(of, tmp_path, port)
        house = edge.hello()
        listed = [line for line in kiosk_registry.listed(of.ports, of.administrator) if line.kiosk.name == "Hall"]
        kiosk_registry.revoke(of.ports, of.administrator, listed[0].kiosk.kiosk_id)
        edge.beating.once()
        assert edge.beating.state == "refused"
        with pytest.raises(NotPermitted):
            edge.hello()
        assert edge.hand_over(house, replace(collected(of), visit_id="k-1", proof=PROOF)).state == QUEUED
        assert edge.sender.queued().count == 1
        edge.close()
