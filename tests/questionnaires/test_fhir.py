"""This is the place where it is checked that any JSON is read without a fall, and that what is written is what was read."""

from __future__ import annotations

import json

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given as suppose
from hypothesis import settings
from hypothesis import strategies as st

from core.questionnaires.answering import state
from core.questionnaires.fhir_read import Rejected, read
from core.questionnaires.fhir_write import write
from core.questionnaires.instruments import INSTRUMENTS
from core.questionnaires.responses import answered, read_again
from core.questionnaires.terms import Questionnaire
from tests.questionnaires.given import plain

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=6), st.sampled_from(["choice", "group", "=", "a"]))
NAMES = st.sampled_from(
    ["resourceType", "item", "linkId", "type", "text", "_text", "enableWhen", "question", "operator", "answerCoding", "answerInteger", "answerOption",
     "valueCoding", "valueInteger", "valueString", "code", "system", "extension", "url", "answerValueSet", "contained", "id", "required", "repeats",
     "answer", "status", "questionnaire", "maxLength", "enableBehavior", "initial"]
)  # fmt: skip
JSON = st.recursive(LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=5)), max_leaves=25)


@settings(max_examples=150, deadline=None)
@suppose(JSON, st.dictionaries(NAMES, JSON, max_size=6))
def test_any_json_is_read_or_rejected_and_nothing_is_raised(anything: object, held: dict[str, object]) -> None:
    for one in (anything, {**held, "resourceType": "Questionnaire"}):
        found = read(one)
        assert isinstance(found, (Questionnaire, Rejected))
        if isinstance(found, Questionnaire):
            state(found, {})
    answered({**held, "resourceType": "QuestionnaireResponse"})
    answered(anything)


def form(*items: dict[str, object], **more: object) -> dict[str, object]:
    return {"resourceType": "Questionnaire", "url": "http://example.org/q", "status": "active", "item": list(items), **more}


def read_form(*items: dict[str, object], **more: object) -> Questionnaire:
    found = read(form(*items, **more))
    assert isinstance(found, Questionnaire)
    return found


YES_NO: dict[str, object] = {"linkId": "1", "type": "boolean", "text": "Well?"}


def test_a_type_that_is_not_followed_stays_and_says_so() -> None:
    found = read_form(YES_NO, {"linkId": "2", "type": "attachment"}, {"linkId": "3", "type": "boolean", "repeats": True}, {"linkId": "4", "type": "choice"})
    assert {one.link_id: one.why_not for one in found.items} == {"1": "", "2": "attachment", "3": "several_answers", "4": "no_options"}


def test_a_required_question_that_cannot_be_answered_here_keeps_the_form_from_being_finished() -> None:
    found = read_form(YES_NO, {"linkId": "2", "type": "attachment", "required": True})
    assert [(one.link_id, one.code) for one in state(found, {"1": True}).wrong] == [("2", "cannot_answer_here")]


def test_options_come_from_a_contained_list_and_an_initial_value_is_passed_over() -> None:
    concept = [{"code": "a", "display": "A"}, {"code": "b", "display": "B"}]
    values = {"resourceType": "ValueSet", "id": "v", "compose": {"include": [{"system": "http://x", "concept": concept}]}}
    question = {"linkId": "1", "type": "choice", "answerValueSet": "#v", "initial": [{"valueCoding": {"system": "http://x", "code": "a"}}]}
    found = read_form(question, contained=[values])
    assert [one.key for one in found.items[0].options] == ["http://x|a", "http://x|b"]
    assert state(found, {}).answers == {}


@pytest.mark.parametrize("when", [{"question": "nowhere", "operator": "=", "answerBoolean": True}, {"question": "1", "operator": "~", "answerBoolean": True}])
def test_a_condition_that_cannot_be_followed_leaves_its_question_out(when: dict[str, object]) -> None:
    found = read_form(YES_NO, {"linkId": "2", "type": "boolean", "enableWhen": [when]})
    assert found.items[1].why_not == "condition_not_followed"


@pytest.mark.parametrize(
    ("resource", "why"),
    [
        ([], "not_a_questionnaire"), (form(), "nothing_to_answer"), (form(YES_NO, status="retired"), "not_in_use"),
        ({"resourceType": "Questionnaire", "item": [YES_NO]}, "no_address"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_rejected_with_its_reason(resource: object, why: str) -> None:
    found = read(resource)
    assert isinstance(found, Rejected)
    assert found.why == why


def test_a_second_question_of_the_same_name_is_dropped_and_listed() -> None:
    assert read_form(YES_NO, YES_NO).dropped == (("item[1]", "link_id_twice"),)


@pytest.mark.parametrize("one", INSTRUMENTS, ids=lambda one: one.key)
def test_an_instrument_is_valid_r4_and_reads_as_it_was_written(one: Questionnaire) -> None:
    written = write(one, {"en": plain, "zh-CN": lambda text: f"{plain(text)}（中）"})
    get_fhir_model_class("Questionnaire").model_validate(json.loads(json.dumps(written)))
    found = read(written)
    assert isinstance(found, Questionnaire)
    assert [(i.link_id, i.kind, i.required, i.low, i.high, len(i.conditions), len(i.options)) for i in found.every()] == [
        (i.link_id, i.kind, i.required, i.low, i.high, len(i.conditions), len(i.options)) for i in one.every()
    ]
    assert found.title.in_language("zh_Hans") == f"{one.title.key}（中）"
    assert found.title.in_language("en") == one.title.key


def test_a_response_by_loincs_own_names_and_answers_is_understood() -> None:
    codes = ["44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8"]
    items = [{"linkId": f"/{code}", "answer": [{"valueCoding": {"system": "http://loinc.org", "code": "LA6569-3"}}]} for code in codes]
    found = answered({"resourceType": "QuestionnaireResponse", "questionnaire": "http://loinc.org/q/44249-1", "status": "completed", "item": items})
    assert found
    phq9 = next(one for one in INSTRUMENTS if one.key == "phq-9")
    assert read_again(phq9, found).answers == {f"phq{n}": "1" for n in range(1, 10)}
    assert read_again(phq9, found).crisis
