"""This is the place where it is tried whether a request, or the token it carries, can be led away from its server."""

from __future__ import annotations

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, SourceRefused, SourceUnavailable
from core.ports import ServerLogin
from core.settings import load_settings
from core.sources.fhir.client_address import BearerToken, ServerAddress
from core.sources.fhir.client_http import Patience
from core.sources.fhir.client_pull import Manner, pull
from core.wiring import build
from tests.fhir_client.given import BASE, FakeServer, Plain, in_turn, observation, page, statement

ELSEWHERE = (
    "https://evil.example/fhir/Observation?p=2",
    "https://records.example.evil.example/fhir/Observation?p=2",
    "https://records.example@evil.example/fhir/Observation",
    "https://records.example:8443/fhir/Observation",
    "http://records.example:8080/fhir/Observation",
    "https://records.example/admin?p=2",
    "https://records.example/fhir2/Observation",
    "https://records.example/fhir/../admin",
    "https://records.example/fhir/%2e%2e/admin",
    "https://records.example/fhir/%252e%252e/admin",
    "https://records.example/fhir/..%2fadmin",
    "https://records.example/fhir/..\\admin",
    "//evil.example/fhir/Observation",
    "/admin",
    "../admin",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "http://169.254.169.254/latest/meta-data",
    "https://records.example/fhir/Observation?p=\r\nX-Evil: 1",
)
INSIDE = {
    f"{BASE}/Observation?p=2": f"{BASE}/Observation?p=2",
    f"{BASE}?_getpages=abc": f"{BASE}?_getpages=abc",
    "https://RECORDS.example:443/fhir/Observation?p=2": f"{BASE}/Observation?p=2",
    "http://records.example/fhir/Observation?p=2": f"{BASE}/Observation?p=2",
    "Observation?p=2": f"{BASE}/Observation?p=2",
    "/fhir/Observation?p=2": f"{BASE}/Observation?p=2",
    "?p=2": f"{BASE}/Observation?p=2",
    f"{BASE}/Observation?q=a/../b": f"{BASE}/Observation?q=a/../b",
}


@pytest.mark.parametrize("link", ELSEWHERE)
def test_a_next_link_that_leads_elsewhere_is_not_followed(link):
    server = FakeServer({"Observation": in_turn(page(observation(1), following=link))}, statement("Observation"))
    found = server.pull()
    assert len(list(found)) == 2
    assert found.report.problem_codes == ("next_elsewhere",) and not found.report.complete
    assert {(request.url.host, request.url.path) for request in server.requests} == {
        ("records.example", f"/fhir/{path}") for path in ("metadata", "Patient/1", "Observation")
    }


@pytest.mark.parametrize(("link", "meant"), INSIDE.items())
def test_a_next_link_inside_the_server_is_followed_and_never_without_https(link, meant):
    assert ServerAddress(BASE).within(link, f"{BASE}/Observation?patient=1") == meant


@pytest.mark.parametrize("link", ELSEWHERE)
@pytest.mark.parametrize("where", ["metadata", "Patient/1"])
def test_a_redirect_that_leads_elsewhere_is_refused_and_takes_no_token_along(where, link):
    location = link.encode("ascii", "replace").decode().replace("\r", " ").replace("\n", " ")
    server = FakeServer({where: in_turn(Plain({}, 307, {"location": location}))})
    with pytest.raises(SourceRefused) as refused:
        list(server.pull())
    assert refused.value.code == "redirected_elsewhere"
    assert all(request.url.host == "records.example" and request.url.path.startswith("/fhir/") for request in server.requests)


def test_a_redirect_inside_the_server_is_followed_but_not_for_ever():
    moved = Plain({}, 301, {"location": f"{BASE}/Obs"})
    server = FakeServer({"Observation": in_turn(moved), "Obs": page(observation(1))}, statement("Observation"))
    found = server.pull()
    assert len(list(found)) == 2 and found.report.complete
    round_and_round = FakeServer(
        {"Observation": in_turn(Plain({}, 302, {"location": f"{BASE}/Observation"}))}, statement("Observation")
    )
    found = round_and_round.pull()
    list(found)
    assert found.report.problem_codes == ("redirected_elsewhere",) and len(round_and_round.asked("Observation")) == 3


def test_the_token_goes_with_every_request_to_the_server_and_shows_nowhere():
    server = FakeServer(
        {"Observation": page(observation(1, performer=[{"reference": "https://evil.example/fhir/Practitioner/1"}]))}
    )
    found = server.pull()
    list(found)
    assert {request.headers["authorization"] for request in server.requests} == {"Bearer s3cret"}
    assert {request.url.host for request in server.requests} == {"records.example"}
    assert "s3cret" not in repr(BearerToken("s3cret")) + repr(ServerAddress(BASE, BearerToken("s3cret"))) + repr(found.report)


def test_the_token_of_a_later_sign_in_is_asked_for_before_each_request():
    class Renewing:
        given = 0

        def headers(self):
            self.given += 1
            return {"Authorization": f"Bearer {self.given}"}

    server = FakeServer()
    list(pull(ServerAddress(BASE, Renewing()), "1", manner=Manner(http=httpx2.Client(transport=httpx2.MockTransport(server)))))
    sent = [request.headers["authorization"] for request in server.requests]
    assert len(sent) > 2 and len(set(sent)) == len(sent)


@pytest.mark.parametrize(
    "base",
    [
        "", "records.example", "ftp://records.example", "https://", "https:///fhir", "https://u:p@records.example/fhir", "https://u@records.example",
        "https://records.example/fhir?x=1", "https://records.example/fhir#x", "https://records.example/fhir?",
        "http://records.example/fhir", "http://10.0.0.1/fhir", "https://169.254.169.254/", "https://[fe80::1]/", "https://0.0.0.0/", "https://224.0.0.1/",
        "https://[::ffff:169.254.169.254]/", "https://records.example/fh ir", "https://records.example\\fhir", "javascript:alert(1)", "https://[::1", "https://a:99999/",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused(base):
    with pytest.raises(BadInput) as refused:
        ServerAddress(base)
    assert refused.value.code == "bad_address"


@pytest.mark.parametrize("base", ["http://localhost:8080/fhir", "http://127.0.0.1:1/", "http://[::1]:8080/fhir"])
def test_plain_http_is_for_this_machine_alone(base):
    assert ServerAddress(base)


def test_plain_http_elsewhere_needs_to_be_allowed():
    assert ServerAddress("http://hapi.clinic.example/fhir/", allow_plain_http=True).base_url == "http://hapi.clinic.example/fhir"


@pytest.mark.parametrize("token", ["", "two words", "line\nbreak", "päss", "x" * 20_000])
def test_a_token_that_no_header_can_carry_is_refused(token):
    with pytest.raises(BadInput) as refused:
        BearerToken(token)
    assert refused.value.code == "bad_token" and (not token or token not in str(refused.value))


@given(link=st.text(max_size=60) | st.text(alphabet="/.%2eE5cf\\:@?#", max_size=30).map(lambda tail: f"{BASE}/{tail}"))
def test_whatever_a_link_says_it_stays_with_the_server(link):
    found = ServerAddress(BASE).within(link, f"{BASE}/Observation")
    if found:
        url = httpx2.URL(found)
        assert (url.scheme, url.host, url.port) == ("https", "records.example", None)
        assert url.path == "/fhir" or url.path.startswith("/fhir/")
        assert ".." not in url.path.split("/")


def test_our_own_client_reads_no_proxy_and_no_password_file_of_the_machine(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:1")
    attempt = pull(ServerAddress("http://127.0.0.1:9/fhir"), "1", manner=Manner(patience=Patience(attempts=1)))
    with pytest.raises(SourceUnavailable) as error:
        list(attempt)
    assert error.value.code == "server_not_reached"
    assert attempt._http.trust_env is False


@pytest.mark.parametrize("allowed", [False, True])
def test_plain_http_on_the_network_is_a_setting(monkeypatch, tmp_path, allowed):
    monkeypatch.setenv("HEALTHBOARD_HOME", str(tmp_path))
    monkeypatch.setenv("HEALTHBOARD_PLAIN_HTTP_SERVERS", str(allowed))
    ports = build(load_settings())
    login = ServerLogin("http://hapi.clinic.invalid/fhir", "1")
    try:
        if allowed:
            assert not ports.server.pull(login).complete
        else:
            with pytest.raises(BadInput):
                ports.server.pull(login)
    finally:
        ports.store.close()
