"""Advice for a person on record: the facts it finds, who is told what, what is kept of their answers, and what is said where it can't be had."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.advice import shown
from core.advice.saying import DRAWER
from core.advice.terms import Outcome
from core.care import advice, advice_order, advice_urgent, log
from core.care.access import COMMAND_LINE
from core.care.advice_views import AdviceView
from core.care.placing import Whose
from core.commands.advice import show
from core.domain.people import Role
from core.errors import BadInput, NotPermitted, TableUnavailable
from core.ports import Ports
from core.rules import FOLDER, ShippedTables
from tests.care.given import NOW, bring, bundle, event, parcel, patient, ports_with
from tests.care.house import House, build
from tests.care.test_risks import observed, problem


def done(code: str, days: int, system: str = "http://snomed.info/sct", text: str = "", status: str = "completed") -> dict[str, Any]:
    coding = [{"system": system, "code": code}] if code else []
    return {
        "resourceType": "Procedure", "id": f"p{code}{days}{len(text)}", "status": status, "subject": {"reference": "Patient/p1"},
        "code": {"coding": coding, "text": text or code}, "performedDateTime": (NOW - timedelta(days=days)).date().isoformat(),
    }  # fmt: skip


def with_tables(ports: Ports | None = None) -> Ports:
    return replace(ports or ports_with(), tables=ShippedTables())


def person(*resources: dict[str, Any], born: str = "1970-04-02", gender: str = "female", **more: Any) -> tuple[Ports, str]:
    ports = with_tables()
    about = patient("p1", "Own", "Ann", born) | {"gender": gender} | more
    bring(ports, parcel(bundle(about, *resources)), whose=Whose(new=True))
    return ports, ports.store.people(None, event())[0].person_id


def outcome(view: AdviceView, rule: str) -> Outcome:
    return next(one for one in view.advice.all if one.rule == rule)


def asked(ports: Ports, person_id: str) -> AdviceView:
    return advice.view(ports, COMMAND_LINE, person_id)


LISTED = problem("38341003")
"""Hypertension: somebody of a clinic keeps a list of problems."""


def test_a_list_of_problems_that_does_not_name_it_says_no_and_without_a_list_it_is_asked() -> None:
    with_list = asked(*person(LISTED, observed("8480-6", 128, "mm[Hg]")))
    assert outcome(with_list, "breast").state == "card"
    without = outcome(asked(*person(observed("8480-6", 128, "mm[Hg]"))), "breast")
    assert (without.state, [one.key for one in without.lacks]) == ("needs", ["breast_cancer"])


@pytest.mark.parametrize(
    ("found", "state", "why"),
    [
        (done("71651007", 300), "not_for", "done"),
        (done("71651007", 800), "card", ""),
        (done("", 300, text="Mammography of both breasts"), "needs", ""),
        (done("", 300, text="Mammogram refused"), "card", ""),
        (done("71651007", 300, status="not-done"), "card", ""),
    ],
)
def test_a_code_says_that_it_was_done_and_words_only_ask(found: dict[str, Any], state: str, why: str) -> None:
    one = outcome(asked(*person(LISTED, observed("8480-6", 128, "mm[Hg]"), found)), "breast")
    assert (one.state, one.why) == (state, why)


def test_a_diagnosis_excludes_with_the_record_it_rests_on() -> None:
    cancer = problem("254837009") | {"code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "C50.9"}], "text": "C50.9"}}
    one = outcome(asked(*person(LISTED, cancer)), "breast")
    assert (one.state, one.why, one.facts[-1].key, len(one.facts[-1].record_ids)) == ("not_for", "excluded", "breast_cancer", 1)


def test_a_very_high_pressure_of_today_is_urgent_and_one_of_last_week_is_a_question() -> None:
    for days, state in ((0.2, "card"), (7, "needs")):
        rows = (observed("8480-6", 196, "mm[Hg]", days), observed("8462-4", 101, "mm[Hg]", days))
        ports, person_id = person(*rows)
        view = asked(ports, person_id)
        assert outcome(view, "bp_very_high").state == state
        assert [one.rule for one in view.urgent] == (["bp_very_high"] if state == "card" else [])
        assert advice_urgent.urgent(ports, COMMAND_LINE, person_id) == tuple(one.rule for one in view.urgent)
    assert advice_urgent.urgent(replace(ports, tables=None), COMMAND_LINE, person_id) is None


@pytest.mark.parametrize(("days_before", "state"), [(1, "not_for"), (0, "card")])
def test_age_is_counted_to_the_day(days_before: int, state: str) -> None:
    born = (NOW + timedelta(days=days_before)).date()
    ports, person_id = person(LISTED, observed("8480-6", 128, "mm[Hg]"), born=born.replace(year=born.year - 40).isoformat())
    assert outcome(asked(ports, person_id), "breast").state == state


def test_unknown_sex_and_unknown_pregnancy_are_questions() -> None:
    assert [one.key for one in outcome(asked(*person(LISTED, observed("8480-6", 128, "mm[Hg]"), gender="unknown")), "breast").lacks] == ["sex"]
    weight = (observed("29463-7", 95, "kg"), observed("8302-2", 165, "cm"))
    young = outcome(asked(*person(LISTED, *weight, born="1992-01-01")), "weight_us")
    assert (young.state, [one.key for one in young.lacks]) == ("needs", ["pregnant"])
    assert outcome(asked(*person(LISTED, *weight, born="1960-01-01")), "weight_us").state == "card"


def test_somebody_who_died_gets_none() -> None:
    view = asked(*person(LISTED, deceasedBoolean=True))
    assert view.advice.deceased and view.advice.all == ()


def test_what_is_known_at_an_earlier_moment_is_what_counts_then() -> None:
    ports, person_id = person(LISTED, observed("8480-6", 196, "mm[Hg]", 1), observed("8462-4", 90, "mm[Hg]", 1))
    assert outcome(advice.view(ports, COMMAND_LINE, person_id, NOW - timedelta(days=3)), "bp_very_high").state == "needs"
    assert outcome(advice.view(ports, COMMAND_LINE, person_id, NOW), "bp_very_high").state == "card"


@pytest.mark.parametrize("damage", ["none", "missing", "corrupt"])
def test_without_its_table_there_is_no_advice_and_that_is_said(tmp_path: Any, damage: str) -> None:
    ports, person_id = person(LISTED)
    if damage == "corrupt":
        (tmp_path / "manifest.json").write_bytes((FOLDER / "manifest.json").read_bytes())
        (tmp_path / "advice.json").write_bytes(b"{}")
    ports = replace(ports, tables=None if damage == "none" else ShippedTables(tmp_path))
    view = asked(ports, person_id)
    assert (view.table.fault, view.advice.all) == ("corrupt" if damage == "corrupt" else "missing", ())
    answer = show(ports, Namespace(person=person_id, at=None, language="en", feedback=False, ranking=False))
    assert (answer.status, answer.document["available"]) == (1, False)
    with pytest.raises(TableUnavailable):
        advice.answer(ports, COMMAND_LINE, person_id, "hcv", "done")


# ----------------------------------------------------------------------------------------------------------- who is told what


@pytest.fixture
def house() -> House:
    return build(with_tables())


def test_what_is_for_clinicians_only_is_seen_by_nobody_else(house: House) -> None:
    views = {role: advice.view(house.ports, house.actors[role], house.own) for role in (Role.PATIENT, Role.CAREGIVER, Role.COORDINATOR)}
    clinician = {one.rule for one in views[Role.COORDINATOR].advice.all}
    for role in (Role.PATIENT, Role.CAREGIVER):
        seen = {one.rule for one in views[role].advice.all}
        assert seen < clinician
        assert all(views[role].rows[rule].for_patients for rule in seen)
        assert views[role].hidden == len(clinician) - len(seen) > 0
        assert not seen & {"ipv", "hiv", "aspirin_not_started", "diabetes_screen", "vaccine_flu"}
    assert [views[role].may_answer for role in views] == [True, False, False]


def test_what_a_person_says_is_kept_put_aside_and_taken_back(house: House) -> None:
    ports, me = house.ports, house.actors[Role.PATIENT]
    assert outcome(advice.view(ports, me, house.own), "hcv").state == "card"
    advice.answer(ports, me, house.own, "hcv", "later", until=(NOW + timedelta(days=30)).date())
    assert (outcome(advice.view(ports, me, house.own), "hcv").state, outcome(advice.view(ports, me, house.own), "hcv").why) == ("aside", "later")
    assert outcome(advice.view(ports, me, house.own, NOW + timedelta(days=31)), "hcv").state == "card"
    advice.answer(ports, me, house.own, "hcv", "not_for_me", "had_it")
    assert outcome(advice.view(ports, house.actors[Role.COORDINATOR], house.own), "hcv").reason == "had_it"
    advice.take_back(ports, me, house.own, "hcv")
    assert outcome(advice.view(ports, me, house.own), "hcv").state == "card"
    with pytest.raises(NotPermitted):
        advice.answer(ports, house.actors[Role.CAREGIVER], house.own, "hcv", "done")


@pytest.mark.parametrize(
    "given",
    [
        {"rule": "no_such", "said": "done"}, {"rule": "hcv", "said": "whatever"}, {"rule": "bp_very_high", "said": "done"}, {"rule": "hcv", "said": "not_for_me"},
        {"rule": "hcv", "said": "done", "why": "other"}, {"rule": "hcv", "said": "later"}, {"rule": "hcv", "said": "later", "until": NOW.date()},
        {"rule": "hcv", "said": "later", "until": (NOW + timedelta(days=400)).date()}, {"rule": "hcv", "said": "done", "until": (NOW + timedelta(days=4)).date()},
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(house: House, given: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        advice.answer(house.ports, house.actors[Role.PATIENT], house.own, **given)


def test_a_damaged_drawer_is_said_and_never_taken_for_an_empty_one(house: House) -> None:
    house.ports.store.put_in_drawer(house.own, DRAWER, b"not ours", event())
    with pytest.raises(BadInput, match="drawer_damaged"):
        advice.view(house.ports, house.actors[Role.PATIENT], house.own)


def test_a_look_by_the_team_is_in_the_log_of_the_person(house: House) -> None:
    me, team = house.actors[Role.PATIENT], house.accounts[Role.COORDINATOR].account_id
    assert team not in str(log.who_looked(house.ports, me, house.own))
    advice.view(house.ports, house.actors[Role.COORDINATOR], house.own)
    assert house.accounts[Role.COORDINATOR].display_name in str(log.who_looked(house.ports, me, house.own))


# ----------------------------------------------------------------------------------------------------------- the command line


def test_the_command_tells_every_rule_its_facts_and_its_source(house: House) -> None:
    answer = show(house.ports, Namespace(person=house.own, at="2026-11-20T10:00:00+00:00", language="zh_Hans", feedback=False, ranking=False))
    document = json.loads(json.dumps(answer.document, allow_nan=False))
    told = [one for state in ("cards", "needs", "not_for", "aside", "unavailable") for one in document[state]]
    assert len(told) == document["tables"][0]["rows"] == len({one["rule"] for one in told})
    assert all(one["source"]["title"] and one["source"]["status"] and one["source"]["expires"] for one in told)
    assert all(one["facts"] and one["how_sure"] for one in document["cards"])
    assert all(one["lacks"] for one in document["needs"])
    assert all(one["why"] for one in document["not_for"])
    assert document["at"] == "2026-11-20T10:00:00+00:00"
    assert any("丙型肝炎" in line for line in answer.lines)


def test_a_moment_that_is_none_is_refused(house: House) -> None:
    with pytest.raises(BadInput, match="--at"):
        show(house.ports, Namespace(person=house.own, at="yesterday", language="en", feedback=False, ranking=False))


# ------------------------------------------------------------------------------------------------------------------ the order


def test_what_came_first_is_kept_once_a_day_with_what_was_said(house: House) -> None:
    me = house.actors[Role.PATIENT]
    ports = replace(house.ports, explore_advice=True)
    view = advice.view(ports, me, house.own)
    assert [one.rule for one in view.advice.cards] == [one.rule for one in advice.view(ports, house.actors[Role.CAREGIVER], house.own).advice.cards]
    advice_order.note_shown(ports, me, house.own, view)
    raw = ports.store.drawer(house.own, shown.DRAWER, event())
    advice_order.note_shown(ports, me, house.own, view)
    assert ports.store.drawer(house.own, shown.DRAWER, event()) == raw
    looks = shown.read(raw)
    assert looks and all(abs(sum(card.chance for card in one.choice.cards) - 1) < 1e-6 for one in looks)
    top = looks[0].choice.top
    advice.answer(ports, me, house.own, top, "done")
    assert [one.said for one in shown.read(ports.store.drawer(house.own, shown.DRAWER, event())) if one.choice.top == top] == ["done"]
    found = advice_order.report(ports, house.actors[Role.COORDINATOR])
    assert (found.looks, found.said, found.exploring) == (1, {"done": 1}, True)
    assert {one.why for one in found.orders} == {"few_people"}


def test_a_damaged_log_costs_the_report_a_word_and_not_the_person_their_answer(house: House) -> None:
    ports, me = house.ports, house.actors[Role.PATIENT]
    ports.store.put_in_drawer(house.own, shown.DRAWER, b"not ours", event())
    advice.answer(ports, me, house.own, "hcv", "done")
    assert outcome(advice.view(ports, me, house.own), "hcv").state == "aside"
    assert advice_order.report(ports, COMMAND_LINE).damaged == 1
    answer = show(ports, Namespace(person=None, at=None, language="en", feedback=False, ranking=True))
    assert answer.document["damaged_logs"] == 1
    assert all(one["declined"] == "few_people" and one["estimates"] == {} for one in answer.document["orders"])


def test_looking_for_an_illness_is_not_having_it() -> None:
    base = (LISTED, observed("8480-6", 128, "mm[Hg]"))
    for words in ("Screening for colon cancer", "结肠癌筛查", "Human immunodeficiency virus antibody test"):
        view = asked(*person(*base, done("", 30, text=words)))
        assert "colorectal_cancer" not in [one.key for one in outcome(view, "colorectal_50").lacks], words
        assert "hiv_known" not in [one.key for one in outcome(view, "hiv").lacks], words
    ill = problem("0") | {"code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "Z21"}], "text": "Z21"}}
    assert outcome(asked(*person(*base, ill)), "hiv").why == "excluded"


def test_a_tetanus_shot_counts_for_ten_years() -> None:
    def shot(days: int) -> dict[str, Any]:
        coding = [{"system": "http://hl7.org/fhir/sid/cvx", "code": "115"}]
        when = (NOW - timedelta(days=days)).date().isoformat()
        return {"resourceType": "Immunization", "id": "i1", "status": "completed", "patient": {"reference": "Patient/p1"}, "vaccineCode": {"coding": coding, "text": "Tdap"}, "occurrenceDateTime": when}

    for days, state in ((3000, "not_for"), (4000, "card")):
        assert outcome(asked(*person(LISTED, shot(days))), "vaccine_tetanus").state == state
