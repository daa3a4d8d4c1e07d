"""This is the place where servers fail: nothing broken may look whole, nothing may be asked for ever, nothing may hang."""

from __future__ import annotations

import gzip
import json
import ssl

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import HealthboardError, SourceRefused, SourceUnavailable
from core.sources.fhir.client_http import Limits
from tests.fhir_client.given import BASE, FakeServer, Plain, answer, gzipped, in_turn, observation, page, pulled, statement


def test_a_server_that_fails_twice_and_then_answers_is_whole():
    server, came, report = pulled(in_turn(Plain({}, 500), Plain({}, 503), page(observation(1))))
    assert len(came) == 1 and report.complete and report.problems == ()
    assert server.slept == [0.5, 1.0]


def test_endless_500s_are_given_up_and_said():
    server, came, report = pulled(in_turn(Plain({}, 500)))
    assert came == [] and not report.complete
    assert [(problem.code, problem.place, problem.status) for problem in report.problems] == [("server_failed", "Observation", 500)]
    assert len(server.asked("Observation")) == 5 and server.slept == [0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0][: len(server.slept)]


def test_a_server_that_never_answers_at_all_is_an_error():
    for failing in (httpx2.ConnectError("x"), httpx2.ConnectTimeout("x"), httpx2.ReadTimeout("x"), httpx2.RemoteProtocolError("x")):
        with pytest.raises(SourceUnavailable) as error:
            list(FakeServer({"metadata": in_turn(failing)}).pull())
        assert error.value.code == "server_not_reached"


def test_a_certificate_that_does_not_hold_is_refused_at_once():
    def refused(_):
        try:
            raise ssl.SSLCertVerificationError("self-signed")
        except ssl.SSLError as error:
            raise httpx2.ConnectError("tls") from error

    server = FakeServer({"metadata": refused})
    with pytest.raises(SourceRefused) as error:
        list(server.pull())
    assert error.value.code == "server_not_trusted" and len(server.requests) == 1


def test_a_server_that_is_gone_midway_is_not_asked_for_every_kind():
    server = FakeServer()
    server.capability = statement(
        "Patient", *(kind for kind in ("Encounter", "Condition", "Procedure", "Goal", "Media", "Observation"))
    )
    for kind in ("Encounter", "Condition", "Procedure", "Goal", "Media", "Observation"):
        server.paths[kind] = in_turn(httpx2.ConnectError("x"))
    pull = server.pull()
    list(pull)
    asked = {request.url.path for request in server.requests}
    assert "server_gone" in pull.report.problem_codes and "/fhir/Media" not in asked


def test_waiting_has_an_end_for_the_whole_pull():
    kinds = ("Encounter", "Condition")
    server = FakeServer({kind: in_turn(Plain({}, 503, {"retry-after": "50"})) for kind in kinds}, statement(*kinds))
    list(server.pull())
    assert sum(server.slept) == 150


def test_retry_after_in_seconds_is_obeyed():
    server, came, report = pulled(in_turn(Plain({}, 429, {"retry-after": "7"}), page(observation(1))))
    assert sum(server.slept) == 7 and max(server.slept) <= 1 and report.complete and len(came) == 1


def test_retry_after_as_a_date_is_read_against_the_servers_own_clock():
    headers = {"retry-after": "Sat, 21 Nov 2026 09:00:12 GMT", "date": "Sat, 21 Nov 2026 09:00:00 GMT"}
    server, _, report = pulled(in_turn(Plain({}, 503, headers), page(observation(1))))
    assert sum(server.slept) == 12 and report.complete


@pytest.mark.parametrize("said", ["-5", "soon", "", "1e3", "٣", "Sat, 99 Nov 2026"])
def test_a_retry_after_that_means_nothing_is_an_ordinary_wait(said):
    server, came, report = pulled(in_turn(Plain({}, 429, {"retry-after": said.encode()}), page(observation(1))))
    assert server.slept == [0.5] and report.complete and len(came) == 1


def test_a_server_that_wants_an_hour_is_not_asked_earlier():
    server, came, report = pulled(in_turn(Plain({}, 429, {"retry-after": "3600"}), page(observation(1))))
    assert server.slept == [] and came == [] and report.problem_codes == ("server_busy",) and not report.complete


@pytest.mark.parametrize("status", [400, 404, 409, 418, 501])
def test_a_refusal_is_not_asked_again(status):
    server, _, report = pulled(in_turn(Plain({}, status)))
    assert server.slept == []
    assert report.complete == (status in (404, 501))


def test_truncated_json_is_asked_again_and_then_said():
    whole = json.dumps(page(observation(1))).encode()
    server, came, report = pulled(in_turn(Plain(whole[:-20]), Plain(whole)))
    assert report.complete and len(came) == 1
    server, came, report = pulled(in_turn(Plain(whole[:-20])))
    assert came == [] and report.problem_codes == ("page_cut_short",) and len(server.asked("Observation")) == 5


def test_a_connection_lost_in_the_middle_of_a_page_is_asked_again():
    class Breaking(httpx2.SyncByteStream):
        def __iter__(self):
            yield b'{"resourceType":"Bundle",'
            raise httpx2.ReadError("gone")

    def breaking(_):
        return httpx2.Response(200, stream=Breaking())

    tries = []
    _, came, report = pulled(
        lambda request: tries.append(1) or (breaking(request) if len(tries) < 3 else answer(page(observation(1))))
    )
    assert len(came) == 1 and report.complete and len(tries) == 3


def test_a_later_page_that_breaks_leaves_what_came_and_says_where():
    pages = in_turn(page(observation(1), following=f"{BASE}/Observation?p=2"), Plain(b'{"resourceType":"Bundle","entry":[{'))
    _, came, report = pulled(pages)
    assert len(came) == 1 and not report.complete
    assert [(problem.code, problem.place) for problem in report.problems] == [("page_cut_short", "Observation page 2")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<!DOCTYPE html><html>Sign in</html>", "web_page"),
        (b"OK", "not_json"),
        (b'{"resourceType":"Patient","id":"1"}', "not_a_bundle"),
        (b"[]", "not_a_bundle"),
        (b'"Bundle"', "not_a_bundle"),
        (b'{"resourceType":"OperationOutcome","issue":[{"severity":"error"}]}', "server_reports_error"),
        (b'{"resourceType":"Bundle","entry":{"resource":{}}}', "entries_unreadable"),
        (b'{"resourceType":"Bundle","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "page_cut_short"),
    ],
)
def test_a_page_that_is_no_page_makes_the_pull_incomplete(body, code):
    _, came, report = pulled(in_turn(Plain(body)))
    assert came == [] and not report.complete and report.problem_codes == (code,)


@pytest.mark.parametrize("severity", ["error", "fatal", None, 5, [], {}])
def test_an_error_inside_a_page_makes_the_pull_incomplete(severity):
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": severity}]}
    body = page(observation(1))
    body["entry"].append({"resource": outcome, "search": {"mode": "outcome"}})
    _, came, report = pulled(body)
    assert len(came) == 1 and not report.complete and report.problem_codes == ("server_reports_error",)


def test_a_warning_inside_a_page_is_only_told():
    outcome = {"resourceType": "OperationOutcome", "issue": [{"severity": "warning"}]}
    _, came, report = pulled(page(observation(1), outcome))
    assert len(came) == 1 and report.complete and report.problem_codes == ("server_reports_warning",)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (5, "entry_not_an_object"),
        (None, "entry_not_an_object"),
        ({}, "entry_without_resource"),
        ({"resource": None}, "resource_not_an_object"),
        ({"resource": [1]}, "resource_not_an_object"),
    ],
)
def test_an_entry_without_a_record_is_accounted_for_and_loses_only_itself(entry, problem):
    body = page(observation(1))
    body["entry"].insert(0, entry)
    _, came, report = pulled(body)
    assert [each.problem for each in came] == [problem, ""] and report.complete and report.records == 3


def test_a_record_that_is_not_utf8_loses_only_itself():
    body = b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","id":"\xff"}},{"resource":{"resourceType":"Observation","id":"b"}}]}'
    _, came, _ = pulled(answer(body))
    assert [each.problem for each in came] == ["resource_unreadable", ""]


def test_a_gzipped_page_is_read_and_a_broken_one_asked_again():
    whole = json.dumps(page(observation(1))).encode()
    _, came, report = pulled(lambda _: gzipped(whole))
    assert len(came) == 1 and report.complete
    packed = gzip.compress(whole)
    for damaged in (packed[:-12], packed[:5], b"not gzip at all", b""):
        _, came, report = pulled(lambda _, body=damaged: answer(body, content_encoding="gzip"))
        assert came == [] and report.problem_codes == ("page_cut_short",)


def test_a_packing_nobody_asked_for_is_not_opened():
    _, came, report = pulled(lambda _: answer(b"\x1b\x00", content_encoding="br"))
    assert came == [] and report.problem_codes == ("unknown_encoding",)


def test_a_byte_order_mark_is_no_fault():
    _, came, _ = pulled(lambda _: answer(b"\xef\xbb\xbf" + json.dumps(page(observation(1))).encode()))
    assert len(came) == 1


def test_a_client_that_has_already_read_the_answer_is_understood_too():
    _, came, _ = pulled(lambda _: httpx2.Response(200, json=page(observation(1))))
    assert len(came) == 1


def test_errors_hold_neither_token_nor_id():
    with pytest.raises(HealthboardError) as error:
        list(FakeServer({"Patient/1": in_turn(Plain({}, 500))}).pull())
    assert "s3cret" not in repr(error.value) and "Patient/1" not in str(error.value)


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(["Bundle", "next", BASE]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=4)
            | st.sampled_from(
                [
                    "resourceType",
                    "entry",
                    "link",
                    "relation",
                    "url",
                    "resource",
                    "fullUrl",
                    "search",
                    "mode",
                    "total",
                    "meta",
                    "id",
                    "reference",
                    "issue",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)
BODIES = (
    st.binary(max_size=200)
    | JSON.map(lambda value: json.dumps(value).encode())
    | JSON.map(lambda value: json.dumps({"resourceType": "Bundle", "entry": [{"resource": value}, value], "link": value}).encode())
)


@settings(max_examples=300)
@given(
    body=BODIES,
    where=st.sampled_from(["metadata", "Patient/1", "Observation", "Patient/1/$everything"]),
    status=st.sampled_from([200, 201, 400, 500]),
)
def test_whatever_a_server_sends_only_our_own_errors_come_out(body, where, status):
    server = FakeServer(
        {where: in_turn(Plain(body, status))}, statement("Patient", "Observation", everything=where.endswith("everything"))
    )
    pull = server.pull(limits=Limits(pages=20))
    try:
        for fetched in pull:
            assert (fetched.resource is None) == bool(fetched.problem)
    except HealthboardError:
        assert not pull.report.complete
