"""What a kiosk asks over HTTP, and what somebody takes home: real requests, real sealing, real words."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core import api_kiosk
from core.api import Door, routes
from core.care import kiosk_registry
from core.exports import Exports
from core.kiosk import wire
from core.kiosk.sealing import seal
from core.kiosk.terms import Clinic as House
from core.kiosk.terms import Heartbeat, Proof, SealedVisit, VisitReceipt, Welcomed
from tests.care.given import clock, event
from tests.care.given_kiosk import PROOF, Clinic, clinic, collected


@pytest.fixture
def of() -> Clinic:
    return clinic(exporter=Exports())


@pytest.fixture
def client(of: Clinic) -> TestClient:
    return fresh(of)


def fresh(of: Clinic) -> TestClient:
    """Another browser: without cookies."""
    return TestClient(Starlette(routes=routes(Door(lambda: of.ports, False))), base_url="http://localhost")


def by(key: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", **more}


def asked(proof: Proof) -> bytes:
    return wire.written(
        wire.Asked({name: getattr(proof, name) for name in ("kind", "code", "birth_date", "initials", "factor")}, "en")
    )


def hello(client: TestClient, key: str) -> House:
    answer = client.post(wire.HELLO, content=wire.written(Heartbeat("1")), headers=by(key))
    assert answer.status_code == 200, answer.text
    return wire.read(House, answer.content)


def handed_in(client: TestClient, of: Clinic, visit: SealedVisit) -> VisitReceipt:
    answer = client.post(wire.VISITS, content=visit.body, headers=by(of.key, **wire.headers_of(visit)))
    assert answer.status_code == 200, answer.text
    return wire.read(VisitReceipt, answer.content)


def test_a_visit_over_http_from_hello_to_the_page_at_home(of: Clinic, client: TestClient) -> None:
    house = hello(client, of.key)
    welcomed = wire.read(Welcomed, client.post(wire.IDENTIFY, content=asked(PROOF), headers=by(of.key)).content)
    visit = seal(house.public_key, collected(of, welcomed, language="zh_Hans"), of.ports.clock.now())
    receipt = handed_in(client, of, visit)
    assert (receipt.state, handed_in(client, of, visit).state) == ("kept", "kept_before")
    path = receipt.link.removeprefix("https://clinic.example.org")
    assert client.get(path, headers={"sec-purpose": "prefetch"}).status_code == 204
    page = client.get(path)
    assert page.status_code == 200 and "131/79" in page.text and 'lang="zh-Hans"' in page.text
    assert "Ellis" not in page.text and "0133" not in page.text and "<script" not in page.text
    sheet = client.get(f"{path}/sheet.pdf")
    assert sheet.headers["content-type"] == "application/pdf" and sheet.content.startswith(b"%PDF")
    other = fresh(of).get(path)
    assert other.status_code == 404 and "131/79" not in other.text
    clock(of.ports).wait(hours=2)
    assert client.get(path).status_code == 404


def test_the_desk_is_called_over_http(of: Clinic, client: TestClient) -> None:
    assert client.post(wire.DESK, content=wire.written(wire.Called("asked")), headers=by(of.key)).status_code == 204


@pytest.mark.parametrize("path", [wire.HELLO, wire.IDENTIFY, wire.VISITS, wire.DESK])
def test_without_a_living_key_nothing_is_answered(of: Clinic, client: TestClient, path: str) -> None:
    line = next(one for one in kiosk_registry.listed(of.ports, of.administrator) if one.kiosk.name == "Hall")
    for headers in ({}, by("hbk_none"), by("")):
        assert client.post(path, content=b"x" * 100, headers=headers).status_code == 401
    kiosk_registry.revoke(of.ports, of.administrator, line.kiosk.kiosk_id)
    answer = client.post(path, content=b"{}", headers=by(of.key))
    assert (answer.status_code, answer.json()) == (401, {"error": "kiosk_unknown"})


def test_what_is_too_large_or_no_message_is_refused_without_being_repeated(
    of: Clinic, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "healthboard")
    large = client.post(wire.IDENTIFY, content=b"CANARY" + b"x" * wire.MOST_JSON, headers=by(of.key))
    odd = [
        client.post(wire.IDENTIFY, content=one, headers=by(of.key))
        for one in (b"CANARY", b'{"proof": {"CANARY": "x"}, "language": "en"}', b"[" * 5000, b"\xff")
    ]
    visit = client.post(wire.VISITS, content=b"CANARY", headers=by(of.key))
    assert [large.status_code, *(one.status_code for one in odd), visit.status_code] == [413, 422, 422, 422, 422, 422]
    assert all("CANARY" not in one.text for one in (large, *odd, visit)) and "CANARY" not in caplog.text


def test_whoever_is_not_known_hears_the_same_whatever_the_reason(of: Clinic, client: TestClient) -> None:
    wrong = [
        Proof("code", code="WWWWWWWW"),
        Proof("code", code=""),
        replace(PROOF, factor="9999"),
        replace(PROOF, birth_date="1900-01-01"),
        Proof("birth"),
        Proof("odd"),
    ]
    answers = [client.post(wire.IDENTIFY, content=asked(one), headers=by(of.key)) for one in (*wrong, *wrong, PROOF)]
    assert {(one.status_code, one.text) for one in answers} == {(404, '{"error":"kiosk_not_recognised"}')}
    clock(of.ports).wait(minutes=11)
    assert client.post(wire.IDENTIFY, content=asked(PROOF), headers=by(of.key)).status_code == 200


def test_a_kiosk_that_asks_too_often_waits(of: Clinic, client: TestClient) -> None:
    codes = [client.post(wire.HELLO, content=b"{}", headers=by(of.key)).status_code for _ in range(api_kiosk.MOST_ASKED + 1)]
    assert (codes[0], codes[-1]) == (422, 429)
    clock(of.ports).wait(minutes=2)
    assert client.post(wire.HELLO, content=b"{}", headers=by(of.key)).status_code == 422


def test_a_damaged_document_is_said_and_nothing_is_lost(of: Clinic, client: TestClient) -> None:
    key = hello(client, of.key).public_key
    visit = seal(key, collected(of), of.ports.clock.now())
    before = of.ports.store.house_document("kiosk.secrets")
    of.ports.store.put_house_document("kiosk.secrets", b"{", event())
    answer = client.post(wire.VISITS, content=visit.body, headers=by(of.key, **wire.headers_of(visit)))
    assert answer.status_code == 503
    of.ports.store.put_house_document("kiosk.secrets", before, event())
    assert handed_in(client, of, visit).state == "unmatched"
