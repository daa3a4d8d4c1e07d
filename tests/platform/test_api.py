"""A ticket becomes a cookie once; leaving closes the session; nobody is led elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api import Door, local_path, routes, signed_in
from core.care.sessions import actor_of, make_ticket
from tests.platform.given import MemoryStore, ports_with


def client(store: MemoryStore, secure: bool = False) -> TestClient:
    ports = ports_with(store)
    app = Starlette(routes=routes(Door(lambda: ports, secure)))
    return TestClient(app, base_url="https://localhost" if secure else "http://localhost", follow_redirects=False)


def ticket_in(store: MemoryStore) -> str:
    ports = ports_with(store)
    return make_ticket(ports, actor_of(ports, "s-alive"))


def test_health_says_whether_the_store_answers() -> None:
    store = MemoryStore()
    assert client(store).get("/healthz").json() == {"status": "ok"}
    store.locked = True
    answer = client(store).get("/healthz")
    assert (answer.status_code, answer.json()["code"]) == (503, "store_locked")


def test_a_ticket_becomes_a_cookie_that_scripts_cannot_read() -> None:
    store = MemoryStore(language="zh_Hans")
    answer = client(store, secure=True).get("/auth/enter", params={"ticket": ticket_in(store), "next": "/records?kind=labs"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/records?kind=labs")
    session, language = answer.headers.get_list("set-cookie")
    assert session.startswith("hb_session=s-alive;")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(session.split("; "))
    assert "expires" not in session.lower()
    assert language.startswith("hb_lang=zh_Hans;")


def test_without_tls_the_cookie_is_not_lost() -> None:
    store = MemoryStore()
    answer = client(store).get("/auth/enter", params={"ticket": ticket_in(store)})
    assert "Secure" not in answer.headers["set-cookie"]


def test_a_ticket_works_once() -> None:
    store = MemoryStore()
    ticket, browser = ticket_in(store), client(store)
    assert "set-cookie" in browser.get("/auth/enter", params={"ticket": ticket}).headers
    second = browser.get("/auth/enter", params={"ticket": ticket})
    assert (second.headers["location"], "set-cookie" in second.headers) == ("/?signin=again", False)


def test_a_peek_does_not_use_the_ticket_up() -> None:
    store = MemoryStore()
    ticket = ticket_in(store)
    assert client(store).head("/auth/enter", params={"ticket": ticket}).status_code == 405
    assert "set-cookie" in client(store).get("/auth/enter", params={"ticket": ticket}).headers


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_ticket_in_a_link_from_elsewhere_signs_nobody_in(site: str) -> None:
    store = MemoryStore()
    answer = client(store).get("/auth/enter", params={"ticket": ticket_in(store)}, headers={"sec-fetch-site": site})
    assert (answer.headers["location"], "set-cookie" in answer.headers) == ("/?signin=again", False)
    assert store.tickets


@pytest.mark.parametrize("ticket", ["", "nonsense", "x" * 5000])
def test_a_wrong_ticket_signs_nobody_in(ticket: str) -> None:
    assert "set-cookie" not in client(MemoryStore()).get("/auth/enter", params={"ticket": ticket}).headers


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_closes_the_session_and_clears_the_browser(method: str) -> None:
    store = MemoryStore()
    answer = getattr(client(store), method)("/auth/leave", headers={"cookie": "hb_session=s-alive"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "s-alive" not in store.sessions
    assert [event.what for event in store.closed] == ["sign_out"]
    assert answer.headers["clear-site-data"] == '"storage"'
    (cookie,) = answer.headers.get_list("set-cookie")
    assert cookie.startswith('hb_session="";')
    assert "Max-Age=0" in cookie


def test_leaving_twice_is_no_error() -> None:
    for session_id in ("s-gone", "s-idle", ""):
        assert client(MemoryStore()).get("/auth/leave", headers={"cookie": f"hb_session={session_id}"}).status_code == 303


def test_another_site_cannot_sign_a_person_out() -> None:
    store = MemoryStore()
    headers = {"cookie": "hb_session=s-alive", "sec-fetch-site": "cross-site"}
    assert client(store).get("/auth/leave", headers=headers).status_code == 403
    assert "s-alive" in store.sessions


def test_an_idle_session_opens_no_file() -> None:
    ports = ports_with(MemoryStore())
    assert [signed_in(ports, session_id) for session_id in ("s-alive", "s-idle", "s-gone", "")] == [True, False, False, False]


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/a\r\nset-cookie: x=1", "evil", ""],
)
def test_nobody_is_led_elsewhere(elsewhere: str) -> None:
    assert local_path(elsewhere) == "/"


@given(st.text(max_size=60))
def test_an_onward_address_always_starts_at_our_own_root(wanted: str) -> None:
    onward = local_path(wanted)
    assert onward.startswith("/") and not onward.startswith(("//", "/\\")) and "\n" not in onward
