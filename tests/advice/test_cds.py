"""CDS Hooks: discovery and cards have the shape the standard asks for; what can't be used is refused with its place; nothing is answered from a store."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api import Door, routes
from core.api_cds import MOST_BYTES, PREFETCH, SERVICE
from core.ports import Ports
from core.rules import ShippedTables
from tests.care.given import ports_with
from tests.care.test_risks import observed, problem

URL = f"/cds-services/{SERVICE}"
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
CARD = {"uuid", "summary", "detail", "indicator", "source", "overrideReasons"}


def client(ports: Ports | None = None, cds: bool = True) -> TestClient:
    opened = ports or replace(ports_with(), tables=ShippedTables())
    return TestClient(Starlette(routes=routes(Door(lambda: opened, False, cds))), base_url="http://localhost")


def asking(*resources: dict[str, Any], born: str = "1970-01-01", **more: Any) -> dict[str, Any]:
    patient = {"resourceType": "Patient", "id": "p1", "gender": "female", "birthDate": born} | more
    by = {"conditions": "Condition", "observations": "Observation"}
    prefetch: dict[str, Any] = {"patient": patient}
    for key, kind in by.items():
        prefetch[key] = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": one} for one in resources if one["resourceType"] == kind]}
    return {"hook": "patient-view", "hookInstance": INSTANCE, "context": {"userId": "Practitioner/1", "patientId": "p1"}, "prefetch": prefetch}


def test_it_is_off_unless_it_is_turned_on() -> None:
    off = client(cds=False)
    assert (off.get("/cds-services").status_code, off.post(URL, json=asking()).status_code) == (404, 404)


def test_discovery_names_the_service_and_what_it_needs() -> None:
    service = client().get("/cds-services").json()["services"][0]
    assert {key: service[key] for key in ("hook", "id", "prefetch")} == {"hook": "patient-view", "id": SERVICE, "prefetch": dict(PREFETCH)}
    assert service["title"] and service["description"]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_cards_have_the_shape_of_the_standard(language: str) -> None:
    rows = (problem("38341003"), observed("8480-6", 201, "mm[Hg]", 0.1), observed("8462-4", 118, "mm[Hg]", 0.1))
    answer = client().post(URL, json=asking(*rows), headers={"accept-language": language})
    assert answer.status_code == 200
    cards = answer.json()["cards"]
    assert cards[0]["indicator"] == "critical"
    assert cards[0]["source"]["topic"]["code"] == "bp_very_high"
    assert {"breast", "colorectal_50"} <= {one["source"]["topic"]["code"] for one in cards}
    for one in cards:
        assert set(one) == CARD
        assert 0 < len(one["summary"]) < 140
        assert one["indicator"] in ("info", "warning", "critical")
        assert one["source"]["label"]
        UUID(one["uuid"])
    assert len({one["uuid"] for one in cards}) == len(cards)


def test_somebody_who_died_has_no_cards_and_a_table_that_is_gone_is_an_error(tmp_path: Any) -> None:
    assert client().post(URL, json=asking(deceasedBoolean=True)).json() == {"cards": []}
    for tables in (None, ShippedTables(tmp_path)):
        answer = client(replace(ports_with(), tables=tables)).post(URL, json=asking())
        assert (answer.status_code, answer.json()["error"]) == (503, "table_unavailable")


def _without(key: str) -> dict[str, Any]:
    return {name: one for name, one in asking().items() if name != key}


def _other() -> dict[str, Any]:
    return asking(observed("8480-6", 128, "mm[Hg]") | {"subject": {"reference": "Patient/p2"}})


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        ([], 400, "body"), (_without("hook"), 400, "hook"), (asking() | {"hook": "order-sign"}, 400, "hook"), (asking() | {"hookInstance": "1"}, 400, "hookInstance"),
        (_without("context"), 400, "context"), (asking() | {"context": {"patientId": 3}}, 400, "context.patientId"), (_without("prefetch"), 412, "prefetch.patient"),
        (asking() | {"context": {"patientId": "p2"}}, 400, "prefetch.patient"), (asking() | {"prefetch": {**asking()["prefetch"], "conditions": {"resourceType": "Patient"}}}, 400, "prefetch.conditions"),
        (_other(), 400, "prefetch.observations.entry[0].resource"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(body: Any, status: int, place: str) -> None:
    answer = client().post(URL, json=body)
    assert (answer.status_code, answer.json()["place"]) == (status, place)
    assert answer.json()["need"]


def test_too_much_is_refused() -> None:
    answer = client().post(URL, content=b" " * (MOST_BYTES + 1))
    assert (answer.status_code, answer.json()["place"]) == (413, "body")


def test_feedback_is_looked_at() -> None:
    good = {"card": INSTANCE, "outcome": "overridden", "outcomeTimestamp": "2026-11-21T09:00:00Z"}
    assert client().post(URL + "/feedback", json={"feedback": [good]}).status_code == 200
    for bad in ({}, {"feedback": []}, {"feedback": [{**good, "outcome": "maybe"}]}, {"feedback": [{**good, "card": 1}]}):
        assert client().post(URL + "/feedback", json=bad).status_code == 400


JSON = st.recursive(st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["resourceType", "id", "entry", "resource", "subject", "birthDate", "code"]), inner, max_size=3), max_leaves=8)
KNOWN = client()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.sampled_from(["patient", "conditions", "observations", "prefetch", "context", "whole"]))
def test_whatever_is_sent_it_is_answered_or_refused(found: Any, where: str) -> None:
    body = json.loads(json.dumps(asking(observed("8480-6", 128, "mm[Hg]"))))
    if where == "whole":
        body = found
    elif where in ("prefetch", "context"):
        body[where] = found
    elif where == "patient" and isinstance(found, dict):
        body["prefetch"]["patient"] = {**found, "resourceType": "Patient", "id": "p1"}
    else:
        body["prefetch"][where] = {"resourceType": "Bundle", "entry": [{"resource": {**found, "subject": {"reference": "Patient/p1"}}}]} if isinstance(found, dict) else found
    answer = KNOWN.post(URL, json=body)
    assert answer.status_code in (200, 400, 412)
    assert "cards" in answer.json() or answer.json()["place"]
