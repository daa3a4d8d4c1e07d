"""CDS Hooks 2.0 as another system meets it: discovery, cards and feedback by the standard's schema, a chosen order held against what is taken, and what
clinicians said kept for the one person who connected the system, and for nobody else."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.advice import feedback as kept_feedback
from core.api import Door, routes
from core.api_cds import SERVICE as ADVICE
from core.api_cds_orders import MOST_DRAFTS, SERVICE
from core.care import cds, devices
from core.care.access import COMMAND_LINE
from core.commands.advice import show
from core.ports import Ports
from core.rules import ShippedTables
from core.ui.words import languages
from tests.care.given import NOW, add_person, event, ports_with
from tests.care.test_medicine_checks import creatinine, order
from tests.platform.cds_schemas import CARDS, DISCOVERY, FEEDBACK

URL = f"/cds-services/{SERVICE}"
INSTANCE = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea"
KEYS = {
    "MedicationRequest": "medications", "MedicationStatement": "statements", "AllergyIntolerance": "allergies", "Condition": "conditions",
    "Observation": "observations",
}  # fmt: skip
PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "gender": "male",
    "birthDate": "1950-01-01",
    "name": [{"family": "Own", "given": ["Ann"]}],
}
ALLERGIC = {
    "resourceType": "AllergyIntolerance", "id": "a1", "patient": {"reference": "Patient/p1"}, "category": ["medication"], "code": {"text": "Penicillin G"},
    "clinicalStatus": {"coding": [{"code": "active"}]},
}  # fmt: skip
NO_ALLERGY = ALLERGIC | {
    "id": "a0",
    "code": {"coding": [{"system": "http://snomed.info/sct", "code": "716186003"}], "text": "No known allergy"},
}


def client(ports: Ports | None = None) -> TestClient:
    opened = ports or replace(ports_with(), tables=ShippedTables())
    return TestClient(Starlette(routes=routes(Door(lambda: opened, False, True))), base_url="http://localhost")


def draft(number: int, text: str, **more: Any) -> dict[str, Any]:
    return order(number, text, 0, status="draft", **more)


def bundle(resources: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in resources]}


def asking(drafts: list[dict[str, Any]], *there: dict[str, Any], chosen: list[str] | None = None) -> dict[str, Any]:
    prefetch: dict[str, Any] = {"patient": PATIENT}
    for kind, key in KEYS.items():
        prefetch[key] = bundle(one for one in there if one["resourceType"] == kind)
    selections = [f"{one['resourceType']}/{one['id']}" for one in drafts] if chosen is None else chosen
    context = {"userId": "Practitioner/1", "patientId": "p1", "selections": selections, "draftOrders": bundle(drafts)}
    return {"hook": "order-select", "hookInstance": INSTANCE, "context": context, "prefetch": prefetch}


def cards(*given_: Any, chosen: list[str] | None = None, language: str = "en") -> list[dict[str, Any]]:
    answer = client().post(URL, json=asking(*given_, chosen=chosen), headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    jsonschema.validate(answer.json(), CARDS)
    found: list[dict[str, Any]] = answer.json()["cards"]
    return found


def rules(found: list[dict[str, Any]]) -> list[str]:
    return [one["source"]["topic"]["code"] for one in found]


def test_discovery_lists_both_services_by_the_standard() -> None:
    found = client().get("/cds-services").json()
    jsonschema.validate(found, DISCOVERY)
    assert [(one["hook"], one["id"]) for one in found["services"]] == [("patient-view", ADVICE), ("order-select", SERVICE)]


@pytest.mark.parametrize("language", languages())
def test_a_draft_against_what_is_taken_now(language: str) -> None:
    found = cards([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"), NO_ALLERGY, language=language)
    hit = next(one for one in found if one["source"]["topic"]["code"] == "h25")
    assert (hit["indicator"], "Simvastatin" in hit["summary"], "Clarithromycin" in hit["summary"]) == ("critical", True, True)
    assert hit["overrideReasons"] and hit["source"]["label"]


def test_only_what_was_chosen_is_spoken_of_and_the_other_drafts_count() -> None:
    both = [draft(1, "Clarithromycin"), draft(2, "Simvastatin 20 mg")]
    assert "h25" in rules(cards(both, NO_ALLERGY, chosen=["MedicationRequest/r1"]))
    there = cards([draft(1, "Paracetamol 500 mg")], order(8, "Clarithromycin"), order(9, "Simvastatin 20 mg"), NO_ALLERGY)
    assert "h25" not in rules(there)
    assert cards(both, NO_ALLERGY, chosen=[]) == []


def test_allergy_kidneys_duplicates_and_a_gene_that_was_not_tested_are_looked_at() -> None:
    for medicine, there, rule in (
        ("Amoxicillin 500 mg", (ALLERGIC,), "penicillins"),
        ("Metformin 500 mg", (creatinine(354), NO_ALLERGY), "metformin"),
        ("Ibuprofen 400 mg", (order(9, "Naproxen 250 mg"), NO_ALLERGY), "same_class"),
        ("Carbamazepine 200 mg", (NO_ALLERGY,), "test_before_start_ancestry_HLA-B*15:02"),
    ):
        assert rule in rules(cards([draft(1, medicine)], *there)), medicine
    assert "metformin" not in rules(cards([draft(1, "Metformin 500 mg")], creatinine(80), NO_ALLERGY))


def test_what_could_not_be_checked_is_a_card_and_never_silence() -> None:
    (unknown,) = [one for one in cards([draft(1, "Qqqzzz 5 mg")], NO_ALLERGY) if one["source"]["topic"]["code"] == "not_checked"]
    assert (unknown["indicator"], "Qqqzzz" in unknown["detail"]) == ("warning", True)
    assert "not_checked" in rules(cards([draft(1, "Paracetamol 500 mg")]))  # no list of allergies was sent


def test_the_only_suggestion_is_to_take_out_a_draft_that_must_not_be_given() -> None:
    for one in cards([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"), NO_ALLERGY):
        for each in one.get("suggestions", ()):
            assert one["indicator"] == "critical"
            assert [(action["type"], action["resourceId"]) for action in each["actions"]] == [("delete", "MedicationRequest/r1")]


def test_a_draft_of_an_order_that_is_there_already_is_not_its_own_duplicate() -> None:
    same = draft(9, "Metformin 500 mg")
    assert [rule for rule in rules(cards([same], order(9, "Metformin 500 mg"), NO_ALLERGY, creatinine(80))) if "dup" in rule] == []


def test_long_names_keep_the_summary_short() -> None:
    found = cards(
        [draft(1, "Clarithromycin " + "very long name " * 30)], order(9, "Simvastatin 20 mg " + "of some maker " * 30), NO_ALLERGY
    )
    assert found and all(len(one["summary"]) < 140 for one in found)


def test_a_table_that_is_gone_is_an_error_and_no_empty_answer(tmp_path: Any) -> None:
    for tables in (None, ShippedTables(tmp_path)):
        answer = client(replace(ports_with(), tables=tables)).post(URL, json=asking([draft(1, "Clarithromycin")]))
        assert (answer.status_code, answer.json()["error"]) == (503, "table_unavailable")


def _context(**changed: Any) -> dict[str, Any]:
    whole = asking([draft(1, "Clarithromycin")])
    return whole | {"context": {key: one for key, one in (whole["context"] | changed).items() if one is not None}}


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        (_context(draftOrders=None), 400, "context.draftOrders"), (_context(selections=None), 400, "context.selections"), (_context(selections=[3]), 400, "context.selections"),
        (_context(selections=["MedicationRequest/none"]), 400, "context.selections[0]"), (_context(userId=None), 400, "context.userId"),
        (_context(draftOrders=bundle([draft(1, "x") | {"subject": {"reference": "Patient/p2"}}])), 400, "context.draftOrders.entry[0].resource"),
        (_context(draftOrders=bundle([{k: v for k, v in draft(1, "x").items() if k != "id"}])), 400, "context.draftOrders.entry[0].resource.id"),
        (_context(draftOrders=bundle([draft(n, "x") for n in range(MOST_DRAFTS + 1)])), 413, "context.draftOrders"),
        (asking([draft(1, "x")]) | {"hook": "patient-view"}, 400, "hook"), ({k: v for k, v in asking([draft(1, "x")]).items() if k != "prefetch"}, 412, "prefetch.patient"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(body: Any, status: int, place: str) -> None:
    answer = client().post(URL, json=body)
    assert (answer.status_code, answer.json()["place"]) == (status, place)


def test_something_nested_without_end_is_refused() -> None:
    whole = json.dumps(asking([draft(1, "Clarithromycin")]))
    deep = whole.replace('"text": "Clarithromycin"', '"text": ' + '{"a":' * 600 + "1" + "}" * 600)
    assert client().post(URL, content=deep).status_code == 400
    assert client().post(URL, content='{"a":' * 9000 + "1" + "}" * 9000).status_code == 400


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["resourceType", "id", "entry", "resource", "subject", "status", "code", "coding", "feedback", "card"]), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
KNOWN = client()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.sampled_from(["whole", "context", "selections", "draftOrders", "draft", "allergies", "medications", "feedback"]))
def test_whatever_is_sent_it_is_answered_or_refused(found: Any, where: str) -> None:
    body, url = asking([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg")), URL
    if where == "whole":
        body = found
    elif where == "feedback":
        body, url = found if isinstance(found, dict) else {"feedback": found}, URL + "/feedback"
    elif where == "context":
        body["context"] = found
    elif where in ("selections", "draftOrders"):
        body["context"][where] = found
    elif where == "draft":
        body["context"]["draftOrders"] = bundle(
            [{**draft(1, "Clarithromycin"), "medicationCodeableConcept": found, "dosageInstruction": found}]
        )
    else:
        body["prefetch"][where] = found
    answer = KNOWN.post(url, json=body)
    assert answer.status_code in (200, 400, 412, 413)
    assert "cards" in answer.json() or answer.json()["place"]


# ------------------------------------------------------------------------------------------------------------------- feedback


def connected() -> tuple[Ports, str, str]:
    ports = replace(ports_with(), tables=ShippedTables())
    person_id = add_person(ports, born="1950-01-01", gender="male")
    return ports, person_id, devices.connect(ports, COMMAND_LINE, person_id, "Clinic system").secret


def saying(card: str, outcome: str = "overridden", minutes: int = 0, **why: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"card": card, "outcome": outcome, "outcomeTimestamp": (NOW + timedelta(minutes=minutes)).isoformat()}
    if outcome == "accepted":
        found["acceptedSuggestions"] = []
    return found | ({"overrideReason": why} if why else {})


def named(ports: Ports, person_id: str) -> dict[str, Any]:
    """The Patient by whom they are known here."""
    profile = ports.store.person(person_id, event()).profile
    return PATIENT | {
        "birthDate": profile.birth_date,
        "name": [{"family": one.family, "given": list(one.given), "text": one.text} for one in profile.names],
    }


def test_with_the_persons_token_cards_and_what_was_said_are_kept_once() -> None:
    ports, person_id, secret = connected()
    http, mine = client(ports), {"authorization": f"Bearer {secret}"}
    body = asking([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"), NO_ALLERGY)
    body["prefetch"]["patient"] = named(ports, person_id)
    found = http.post(URL, json=body, headers=mine).json()["cards"]
    http.post(URL, json=body, headers=mine)
    said = {
        "feedback": [
            saying(
                found[0]["uuid"],
                reason={"code": "monitored", "system": "urn:healthboard:order-reason"},
                userComment="weekly blood tests",
            )
        ]
    }
    jsonschema.validate(said, FEEDBACK)
    assert http.post(URL + "/feedback", json=said, headers=mine).json() == {"kept": 1, "unknown": 0}
    raw = ports.store.drawer(person_id, kept_feedback.DRAWER, event())
    assert http.post(URL + "/feedback", json=said, headers=mine).json() == {"kept": 1, "unknown": 0}
    assert ports.store.drawer(person_id, kept_feedback.DRAWER, event()) == raw
    view = cds.view(ports, COMMAND_LINE, person_id)
    assert len(view.cards) == len(found)
    heard = next(one for one in view.cards if one.card == found[0]["uuid"])
    assert heard.heard is not None and (heard.heard.reason, heard.heard.comment, heard.by) == (
        "monitored",
        "weekly blood tests",
        "Clinic system",
    )
    assert next(one for one in view.counts if one.rule == heard.rule).reasons == {"monitored": 1}
    document = json.loads(
        json.dumps(show(ports, Namespace(person=person_id, at=None, language="en", feedback=True, ranking=False)).document)
    )
    assert document["feedback"]["rules"][0]["overridden"] == 1


def test_an_older_word_never_undoes_a_newer_one() -> None:
    ports, person_id, secret = connected()
    http, mine = client(ports), {"authorization": f"Bearer {secret}"}
    body = asking([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"), NO_ALLERGY)
    body["prefetch"]["patient"] = named(ports, person_id)
    card = http.post(URL, json=body, headers=mine).json()["cards"][0]["uuid"]
    for minutes, outcome in ((5, "accepted"), (1, "overridden")):
        http.post(URL + "/feedback", json={"feedback": [saying(card, outcome, minutes)]}, headers=mine)
    heard = [one.heard.outcome for one in cds.view(ports, COMMAND_LINE, person_id).cards if one.heard]
    assert heard == ["accepted"]


def test_without_a_token_nothing_is_kept_and_with_a_dead_one_nothing_is_answered() -> None:
    ports, person_id, secret = connected()
    http = client(ports)
    body = asking([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"))
    assert http.post(URL, json=body, headers={"authorization": "Bearer eyJhbGciOiJFUzM4NCJ9.e30.x"}).status_code == 200
    assert http.post(URL + "/feedback", json={"feedback": [saying(INSTANCE)]}).json() == {"kept": 0, "unknown": 1}
    assert ports.store.drawer(person_id, kept_feedback.DRAWER, event()) == b""
    devices.disconnect(ports, COMMAND_LINE, person_id, devices.connected(ports, COMMAND_LINE, person_id)[0].token_id)
    for url, sent in ((URL, body), (URL + "/feedback", {"feedback": [saying(INSTANCE)]})):
        assert http.post(url, json=sent, headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_a_token_is_for_its_own_person_and_a_card_that_was_never_shown_is_not_kept() -> None:
    ports, person_id, secret = connected()
    http, mine = client(ports), {"authorization": f"Bearer {secret}"}
    body = asking([draft(1, "Clarithromycin")], order(9, "Simvastatin 20 mg"))
    body["prefetch"]["patient"] = PATIENT | {"birthDate": "1981-07-07", "name": [{"family": "Other", "given": ["Bob"]}]}
    answer = http.post(URL, json=body, headers=mine)
    assert (answer.status_code, answer.json()["error"]) == (403, "another_person")
    assert http.post(URL + "/feedback", json={"feedback": [saying(INSTANCE)]}, headers=mine).json() == {"kept": 0, "unknown": 1}
    assert cds.view(ports, COMMAND_LINE, person_id).cards == ()


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"outcomeTimestamp": "yesterday"}, "outcomeTimestamp"), ({"outcomeTimestamp": "2026-11-21T09:00:00"}, "outcomeTimestamp"), ({"outcomeTimestamp": "9999-01-01T00:00:00Z"}, "outcomeTimestamp"),
        ({"overrideReason": []}, "overrideReason"), ({"overrideReason": {"reason": 3}}, "overrideReason.reason"), ({"overrideReason": {"userComment": "x" * 501}}, "overrideReason.userComment"),
        ({"acceptedSuggestions": [{"id": 1}]}, "acceptedSuggestions[0].id"), ({"acceptedSuggestions": 1}, "acceptedSuggestions"), ({"outcome": {}}, "outcome"), ({"card": "1"}, "card"),
    ],
)  # fmt: skip
def test_feedback_that_is_none_is_refused_with_its_place(changed: dict[str, Any], place: str) -> None:
    answer = client().post(URL + "/feedback", json={"feedback": [saying(INSTANCE), saying(INSTANCE) | changed]})
    assert (answer.status_code, answer.json()["place"]) == (400, "feedback[1]." + place)


MOMENTS = st.datetimes(timezones=st.just(NOW.tzinfo))
HEARD = st.builds(
    kept_feedback.Heard,
    st.sampled_from(kept_feedback.OUTCOMES),
    MOMENTS,
    MOMENTS,
    st.text(max_size=3),
    st.just(""),
    st.just(""),
    st.text(max_size=3),
)
SHOWN = st.builds(
    kept_feedback.ShownCard,
    st.sampled_from("abcdefgh"),
    st.just("order-select"),
    st.sampled_from("xyz"),
    st.integers(0, 4),
    MOMENTS,
    st.just(""),
    st.none() | HEARD,
)


@settings(max_examples=60, deadline=None)
@given(st.lists(SHOWN, max_size=6), st.dictionaries(st.sampled_from("abcdefghij"), HEARD, max_size=4))
def test_what_is_kept_is_read_as_it_was_written_and_saying_it_twice_is_saying_it_once(
    shown: list[kept_feedback.ShownCard], said: dict[str, Any]
) -> None:
    kept = kept_feedback.with_shown((), shown)
    once, unknown = kept_feedback.with_heard(kept, said)
    assert kept_feedback.with_heard(once, said) == (once, unknown)
    assert kept_feedback.with_shown(once, shown) == once
    assert kept_feedback.read(kept_feedback.written(once)) == once
    assert sum(one.shown for one in kept_feedback.counted(once)) == len(once) == len({one.card for one in shown})
    assert all(one.silent >= 0 for one in kept_feedback.counted(once))


def test_a_colleague_who_wrote_meanwhile_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ports, person_id, secret = connected()
    token = cds.who_asks(ports, secret)
    first, second = (kept_feedback.ShownCard(card, "order-select", "h25", 4, NOW) for card in "ab")
    put, raced = ports.store.put_in_drawer, []

    def racing(person: str, key: str, body: bytes, line: Any, **more: Any) -> None:
        if not raced:
            raced.append(True)
            cds.keep_shown(ports, token, [first])
        put(person, key, body, line, **more)

    monkeypatch.setattr(ports.store, "put_in_drawer", racing)
    cds.keep_shown(ports, token, [second])
    assert {one.card for one in cds.view(ports, COMMAND_LINE, person_id).cards} == {"a", "b"}
