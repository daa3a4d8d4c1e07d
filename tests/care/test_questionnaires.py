"""This is the place where it is checked that answers are saved, kept, counted and seen, and that a cry for help is never lost."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given as suppose
from hypothesis import settings
from hypothesis import strategies as st

from core.care import export, questionnaires, today
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.questionnaire_views import Filling
from core.domain.people import Role
from core.errors import BadInput, NotFound, NotPermitted
from core.exports import Exports
from core.ports import Store
from core.store import SqlStore
from tests.care.given import bring, bundle, clock, event, parcel, patient, ports_with, signed_in
from tests.care.house import House, build
from tests.care.memory_store import MemoryStore
from tests.questionnaires.given import phq, plain


@pytest.fixture(params=["memory", "sql"])
def house(request: pytest.FixtureRequest, memory_store: MemoryStore, sql_store: SqlStore) -> House:
    store: Store = memory_store if request.param == "memory" else sql_store  # type: ignore[assignment]
    return build(ports_with(store))


def fill(house: House, key: str, answers: dict[str, object]) -> Filling:
    opened = questionnaires.open_form(house.ports, house.actors[Role.PATIENT], house.own, key)
    return replace(opened, answers=answers)  # type: ignore[arg-type]


def save(house: House, filling: Filling) -> Filling:
    return questionnaires.save_draft(house.ports, house.actors[Role.PATIENT], house.own, filling, plain)


def submit(house: House, filling: Filling) -> object:
    return questionnaires.submit(house.ports, house.actors[Role.PATIENT], house.own, filling, plain)


def exported(house: House) -> dict[str, list[dict[str, object]]]:
    """The exported Bundle's resources by kind."""
    ports = replace(house.ports, exporter=Exports(None))
    whole = json.loads(export.bundle(ports, house.actors[Role.PATIENT], house.own).content)
    get_fhir_model_class("Bundle").model_validate(whole)
    found: dict[str, list[dict[str, object]]] = {}
    for entry in whole["entry"]:
        found.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    return found


def pressing(house: House, role: Role) -> list[tuple[int, str, str]]:
    view = today.view(house.ports, house.actors[role], house.own)
    return [(one.severity, one.says.code, one.action) for one in view.attention if "self_harm" in one.says.code]


def test_a_finished_form_has_its_score_and_goes_out_with_the_record(house: House) -> None:
    done = submit(house, fill(house, "phq-9", {**phq([1, 2, 3, 0, 1, 1, 0, 0, 0]), "difficulty": "1"}))
    assert done.scored.value == 8  # type: ignore[attr-defined]
    assert [band.code for _, band in done.scored.bands] == ["mild"]  # type: ignore[attr-defined]
    kinds = exported(house)
    (response,) = kinds["QuestionnaireResponse"]
    assert (response["status"], response["questionnaire"]) == ("completed", "urn:healthboard:questionnaire:phq-9|1.0")
    total = next(one for one in kinds["Observation"] if one["id"] == f"{response['id']}-score")
    assert total["valueQuantity"]["value"] == 8  # type: ignore[index]
    assert total["code"]["coding"] == [{"system": "http://loinc.org", "code": "44261-6"}]  # type: ignore[index]
    assert total["derivedFrom"] == [{"reference": f"QuestionnaireResponse/{response['id']}"}]
    assert response["subject"] == {"reference": "https://own.example/fhir/Patient/p1"}


def test_what_was_exported_is_the_same_when_it_is_brought_in_again(house: House) -> None:
    submit(house, fill(house, "gad-7", {**phq([1] * 7, "gad"), "difficulty": "0"}))
    ports = replace(house.ports, exporter=Exports(None))
    taken = export.bundle(ports, house.actors[Role.PATIENT], house.own).content
    fresh = ports_with()
    report = bring(fresh, parcel(taken), whose=Whose(fresh.store.add_person(house.ports.store.person(house.own, event()).profile, event()).person_id))
    assert dict(report.counts)["quarantined"] == dict(report.counts)["refused"] == 0
    person_id = report.person_ids[0]
    seen = questionnaires.history(fresh, COMMAND_LINE, person_id, "gad-7")
    assert [one.scored.value for one in seen.past if one.scored] == [7]


def test_the_same_answers_sent_twice_at_one_instant_are_one(house: House) -> None:
    filling = fill(house, "gad-2", phq([1, 2], "gad"))
    submit(house, filling)
    submit(house, filling)
    seen = questionnaires.history(house.ports, house.actors[Role.PATIENT], house.own, "gad-2")
    assert len(seen.past) == 1
    assert len(exported(house)["QuestionnaireResponse"]) == 1


def test_a_form_sent_again_later_takes_the_place_of_itself(house: House) -> None:
    filling = fill(house, "gad-2", phq([1, 2], "gad"))
    submit(house, filling)
    clock(house.ports).wait(seconds=5)
    submit(house, replace(filling, answers=phq([2, 2], "gad")))
    seen = questionnaires.history(house.ports, house.actors[Role.PATIENT], house.own, "gad-2")
    assert [one.scored.value for one in seen.past if one.scored] == [4]


def test_two_forms_a_month_apart_are_a_history(house: House) -> None:
    for value in (3, 1):
        submit(house, fill(house, "phq-2", phq([value, value])))
        clock(house.ports).wait(days=30)
        signed_in_again(house)
    seen = questionnaires.history(house.ports, house.actors[Role.PATIENT], house.own, "phq-2")
    assert [one.scored.value for one in seen.past if one.scored] == [2, 6]


def signed_in_again(house: House) -> None:
    """A new session for everybody: the old ones are over."""
    for role, account in house.accounts.items():
        house.actors[role] = signed_in(house.ports, account, f"{account.username}-{house.ports.clock.now().isoformat()}")


def test_a_draft_is_there_in_the_next_session(house: House) -> None:
    save(house, fill(house, "phq-9", phq([1, 2])))
    clock(house.ports).wait(hours=20)
    signed_in_again(house)
    again = questionnaires.open_form(house.ports, house.actors[Role.PATIENT], house.own, "phq-9")
    assert again.answers == phq([1, 2])
    offer = next(one for one in offers(house, Role.PATIENT) if one.questionnaire.key == "phq-9")
    assert (offer.draft_answered, offer.draft_questions) == (2, 10)
    questionnaires.discard_draft(house.ports, house.actors[Role.PATIENT], house.own, "phq-9")
    assert questionnaires.open_form(house.ports, house.actors[Role.PATIENT], house.own, "phq-9").answers == {}


def offers(house: House, role: Role):  # type: ignore[no-untyped-def]
    return questionnaires.offered(house.ports, house.actors[role], house.own).offers


def test_nobody_else_sees_what_is_not_finished(house: House) -> None:
    save(house, fill(house, "phq-9", phq([1, 2])))
    for role in (Role.CAREGIVER, Role.COORDINATOR):
        assert all(one.draft_at is None for one in offers(house, role))


def test_nothing_is_counted_while_an_answer_is_missing(house: House) -> None:
    filling = fill(house, "phq-9", phq([1, 1, None, 1, 1, 1, 1, 1, 0]))
    with pytest.raises(BadInput) as refused:
        submit(house, filling)
    assert refused.value.facts["place"] == "phq3"
    assert questionnaires.history(house.ports, house.actors[Role.PATIENT], house.own, "phq-9").past == ()


def test_an_empty_diary_is_not_kept(house: House) -> None:
    with pytest.raises(BadInput):
        submit(house, fill(house, "diary", {}))


@pytest.mark.parametrize("values", [[None] * 8 + [1], [0] * 8 + [3], [3] * 9, [0, None, 2, None, 0, 1, 0, 0, 2]])
def test_thoughts_of_self_harm_are_in_the_record_at_once(house: House, values: list[int | None]) -> None:
    save(house, fill(house, "phq-9", phq(values)))
    assert pressing(house, Role.COORDINATOR) == [(3, "attention.self_harm", "action.self_harm")]
    assert pressing(house, Role.PATIENT) == [(3, "attention.self_harm_own", "action.self_harm_own")]
    (response,) = exported(house)["QuestionnaireResponse"]
    assert response["status"] == "in-progress"


def test_without_such_an_answer_nothing_is_raised(house: House) -> None:
    save(house, fill(house, "phq-9", phq([3] * 8 + [0])))
    submit(house, fill(house, "phq-9", {**phq([3] * 8 + [0]), "difficulty": "3"}))
    assert pressing(house, Role.COORDINATOR) == []


def test_an_answer_taken_back_the_same_day_is_still_seen(house: House) -> None:
    filling = save(house, fill(house, "phq-9", phq([0] * 8 + [2])))
    filling = save(house, replace(filling, answers=phq([0] * 9)))
    submit(house, filling)
    assert [code for _, code, _ in pressing(house, Role.COORDINATOR)] == ["attention.self_harm"]


def test_not_at_all_a_week_later_ends_it_and_time_alone_only_softens_it(house: House) -> None:
    submit(house, fill(house, "phq-9", {**phq([0] * 8 + [1]), "difficulty": "0"}))
    clock(house.ports).wait(days=15)
    signed_in_again(house)
    assert [severity for severity, _, _ in pressing(house, Role.COORDINATOR)] == [2]
    submit(house, fill(house, "phq-9", phq([0] * 9)))
    assert pressing(house, Role.COORDINATOR) == []


def test_a_discarded_form_leaves_the_concern_in_the_record(house: House) -> None:
    save(house, fill(house, "phq-9", phq([None] * 8 + [1])))
    questionnaires.discard_draft(house.ports, house.actors[Role.PATIENT], house.own, "phq-9")
    assert pressing(house, Role.COORDINATOR)


@settings(max_examples=15, deadline=None)
@suppose(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=8, max_size=8), st.integers(1, 3))
def test_whatever_the_total_and_however_unfinished_the_concern_is_laid_down(values: list[int | None], last: int) -> None:
    fresh = build()
    save(fresh, fill(fresh, "phq-9", phq([*values, last])))
    assert pressing(fresh, Role.COORDINATOR)


def test_an_imported_ninth_answer_counts_too_and_an_old_one_does_not() -> None:
    for day, raised in (("2026-11-15", True), ("2024-11-15", False)):
        ports = ports_with()
        answer = {"coding": [{"system": "http://loinc.org", "code": "LA6570-1"}]}
        code = {"coding": [{"system": "http://loinc.org", "code": "44260-8"}]}
        item9 = {"resourceType": "Observation", "id": "o", "status": "final", "subject": {"reference": "Patient/p1"}, "code": code,
                 "effectiveDateTime": f"{day}T08:00:00Z", "valueCodeableConcept": answer}  # fmt: skip
        report = bring(ports, bundle(patient(), item9))
        view = today.view(ports, COMMAND_LINE, report.person_ids[0])
        assert any(one.says.code == "attention.self_harm" for one in view.attention) is raised


def test_strangers_and_those_who_only_read_may_not_answer(house: House) -> None:
    for role in (Role.CAREGIVER, Role.COORDINATOR, Role.ADMINISTRATOR, Role.KIOSK):
        with pytest.raises(NotPermitted):
            questionnaires.open_form(house.ports, house.actors[role], house.own, "phq-9")
    with pytest.raises(NotPermitted):
        questionnaires.offered(house.ports, house.actors[Role.PATIENT], house.other)


def test_the_screen_says_that_the_team_can_see_it_only_where_somebody_can(house: House) -> None:
    help_now = questionnaires.crisis_help(house.ports, house.actors[Role.PATIENT], house.own, "en")
    assert help_now.seen_by_team
    house.ports.store.update_account(replace(house.accounts[Role.COORDINATOR], disabled=True), event())
    assert not questionnaires.crisis_help(house.ports, house.actors[Role.PATIENT], house.own, "en").seen_by_team
    ours = replace(house.ports, crisis_line="555-0100")
    assert questionnaires.crisis_help(ours, house.actors[Role.PATIENT], house.own, "zh_Hans").own_line == "555-0100"


TEAM = {
    "resourceType": "Questionnaire", "id": "q1", "url": "https://clinic.example.org/q/foot", "version": "2", "status": "active", "title": "Feet",
    "item": [{"linkId": "1", "type": "boolean", "text": "Any sores?", "required": True}],
}  # fmt: skip


def test_a_questionnaire_that_came_with_the_record_can_be_answered(house: House) -> None:
    own = patient("p1", "Own", "CANARY-OWN")
    asks = {"resourceType": "ServiceRequest", "id": "s", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
            "instantiatesCanonical": ["https://clinic.example.org/q/foot"]}  # fmt: skip
    bring(house.ports, parcel(bundle(own, TEAM, asks, base="https://own.example/fhir"), "q.json"), whose=Whose(house.own))
    (offer,) = [one for one in offers(house, Role.PATIENT) if one.from_team]
    done = submit(house, fill(house, offer.questionnaire.key, {"1": True}))
    assert done.scored is None  # type: ignore[attr-defined]
    (response,) = exported(house)["QuestionnaireResponse"]
    assert response["questionnaire"] == "https://clinic.example.org/q/foot|2"
    seen = questionnaires.history(house.ports, house.actors[Role.COORDINATOR], house.own, offer.questionnaire.key)
    assert [one.answered.answers for one in seen.past] == [{"1": True}]


def test_an_unknown_questionnaire_is_an_answer(house: House) -> None:
    with pytest.raises(NotFound):
        questionnaires.open_form(house.ports, house.actors[Role.PATIENT], house.own, "nope")


def test_a_response_of_a_clinic_stands_in_the_history(house: House) -> None:
    codes = ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"]
    items = [{"linkId": f"/{code}", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": "LA6569-3"}}]} for code in codes]
    response = {"resourceType": "QuestionnaireResponse", "id": "r9", "status": "completed", "authored": "2026-10-01T08:00:00Z",
                "questionnaire": "http://loinc.org/q/44249-1", "subject": {"reference": "Patient/p1"}, "item": items}  # fmt: skip
    own = patient("p1", "Own", "CANARY-OWN")
    bring(house.ports, parcel(bundle(own, response, base="https://own.example/fhir"), "r.json"), whose=Whose(house.own))
    seen = questionnaires.history(house.ports, house.actors[Role.PATIENT], house.own, "phq-9")
    assert [(one.when, one.scored.value) for one in seen.past if one.scored] == [("2026-10-01T08:00:00Z", 9)]


@pytest.mark.parametrize(("answer", "raised"), [("LA6569-3", True), ("LA6568-5", False)])
def test_the_ninth_answer_of_an_imported_response_counts_too(house: House, answer: str, raised: bool) -> None:
    item = {"linkId": "/44260-8", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": answer}}]}
    response = {"resourceType": "QuestionnaireResponse", "id": "r9", "status": "in-progress", "authored": "2026-11-18T08:00:00Z",
                "questionnaire": "http://loinc.org/q/44249-1", "subject": {"reference": "Patient/p1"}, "item": [item]}  # fmt: skip
    own = patient("p1", "Own", "CANARY-OWN")
    bring(house.ports, parcel(bundle(own, response, base="https://own.example/fhir"), "r.json"), whose=Whose(house.own))
    assert bool(pressing(house, Role.COORDINATOR)) is raised


def test_an_answer_whose_questions_are_not_known_is_counted_as_such(house: House) -> None:
    response = {"resourceType": "QuestionnaireResponse", "id": "r9", "status": "completed", "questionnaire": "http://example.org/unknown",
                "subject": {"reference": "Patient/p1"}, "item": [{"linkId": "1", "answer": [{"valueBoolean": True}]}]}  # fmt: skip
    own = patient("p1", "Own", "CANARY-OWN")
    bring(house.ports, parcel(bundle(own, response, base="https://own.example/fhir"), "r.json"), whose=Whose(house.own))
    assert questionnaires.offered(house.ports, house.actors[Role.PATIENT], house.own).strange == 1
