"""The page on which a browser subscribes: for who is signed in, in their language, keeping only what is a subscription, for themselves alone."""

from __future__ import annotations

import base64
import json
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from core.api import Door, routes
from core.care import reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.channels.outgoing import Outgoing
from core.channels.push import Push, PushKey
from core.domain.people import Role
from core.headers import SESSION_COOKIE, Guard, SecurityMiddleware
from core.medications.book import Channel
from tests.care.house import House, build


def subscription(host: str = "fcm.googleapis.com") -> dict[str, object]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {"p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="), "auth": base64.urlsafe_b64encode(b"a" * 16).decode().rstrip("=")}
    return {"endpoint": f"https://{host}/send/x", "expirationTime": None, "keys": keys}


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory) -> House:
    made = build()
    push = Push(PushKey(tmp_path_factory.mktemp("keys") / "push.pem"), "mailto:a@example.org", made.ports.clock.now)
    return replace(made, ports=replace(made.ports, channels=Outgoing(push=push)))


def client(house: House, role: Role | None = Role.PATIENT) -> TestClient:
    guard = Guard(("localhost",), False, (), lambda session_id: True)
    made = TestClient(Starlette(routes=routes(Door(lambda: house.ports, False)), middleware=[Middleware(SecurityMiddleware, guard=guard)]), base_url="http://localhost")
    if role is not None:
        made.cookies.set(SESSION_COOKIE, house.actors[role].session_id)
    return made


def channels(house: House) -> tuple[Channel, ...]:
    return reminder_book.load(house.ports.store, house.own, require(house.ports, COMMAND_LINE, Action.VIEW_RECORD, house.own)).channels


def test_the_page_speaks_the_persons_language_and_its_scripts_are_our_own(house: House) -> None:
    here = client(house)
    page = here.get("/push")
    assert page.status_code == 200
    assert f'data-key="{house.ports.channels.push_key}"' in page.text  # type: ignore[union-attr]
    assert "Turn notifications on" in page.text
    here.cookies.set("hb_lang", "zh_Hans")
    assert "开启通知" in here.get("/push").text
    for name in ("page.js", "worker.js"):
        script = here.get(f"/push/{name}")
        assert (script.status_code, script.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    assert "script-src 'self'" in page.headers["content-security-policy"]


def test_a_stranger_is_sent_to_the_door_and_without_push_there_is_no_page(house: House) -> None:
    assert client(house, None).get("/push", follow_redirects=False).status_code == 303
    without = replace(house, ports=replace(house.ports, channels=Outgoing()))
    assert client(without).get("/push").status_code == 404


def test_what_the_browser_gives_is_kept_as_a_way_to_reach_the_person(house: House) -> None:
    answer = client(house).post("/push/subscribe", json={"subscription": subscription(), "name": "My phone"})
    assert answer.status_code == 200
    assert [(one.kind, one.name) for one in channels(house)] == [("push", "My phone")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ([], 422),
        ({"subscription": {"endpoint": "http://127.0.0.1/x"}}, 422),
        ({"subscription": {**subscription("evil.example.org")}}, 422),
        ({"subscription": "x" * 9_000}, 413),
    ],
)
def test_anything_else_is_refused_and_nothing_is_kept(house: House, body: object, status: int) -> None:
    assert client(house).post("/push/subscribe", json=body).status_code == status
    assert channels(house) == ()


def test_only_the_person_with_a_living_session_from_our_own_page_may(house: House) -> None:
    body = {"subscription": subscription(), "name": ""}
    assert client(house, None).post("/push/subscribe", json=body).status_code == 401
    for role in (Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.KIOSK):
        assert client(house, role).post("/push/subscribe", json=body).status_code == 403
    foreign = {"origin": "https://evil.example.org", "content-type": "application/json"}
    assert client(house).post("/push/subscribe", content=json.dumps(body), headers=foreign).status_code == 403
    assert client(house).post("/push/subscribe", content=json.dumps(body), headers={"content-type": "text/plain"}).status_code == 415
    assert channels(house) == ()
