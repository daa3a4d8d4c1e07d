"""This is the place where it is checked which questions are asked, and that hidden answers never count."""

from __future__ import annotations

import pytest
from hypothesis import given as suppose
from hypothesis import strategies as st

from core.questionnaires.answering import enabled, holds, state
from core.questionnaires.instruments import BY_KEY, INSTRUMENTS
from core.questionnaires.terms import Condition, Item, Option, Questionnaire, Text
from tests.questionnaires.given import phq


def form(*items: Item) -> Questionnaire:
    return Questionnaire("t", "urn:t", "1", Text(said=(("", "T"),)), Text(), items)


@pytest.mark.parametrize(
    ("operator", "answer", "given", "wanted"),
    [
        ("exists", True, 3, True), ("exists", True, None, False), ("exists", False, 3, False), ("exists", False, None, True),
        ("=", 3, 3, True), ("=", 3, 4, False), ("=", 3, None, False), ("=", 3, 3.0, True), ("=", "a", "a", True), ("=", True, True, True),
        ("!=", 3, 4, True), ("!=", 3, 3, False), ("!=", 3, None, True), ("!=", 3, "3", True), ("=", 3, "3", False), ("=", 1, True, False),
        (">", 3, 4, True), (">", 3, 3, False), (">", 3, None, False), (">", 3, "4", False),
        ("<", 3, 2, True), ("<", 3, 3, False), (">=", 3, 3, True), (">=", 3, 2, False), ("<=", 3, 3, True), ("<=", 3, 4, False),
        (">", "2026-01-31", "2026-02-01", True), (">", True, True, False), ("~", 3, 3, False),
    ],
)  # fmt: skip
def test_a_condition_holds_as_fhir_says(operator: str, answer: object, given: object, wanted: bool) -> None:
    answers = {} if given is None else {"q": given}
    assert holds(Condition("q", operator, answer), answers) is wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("a", "b", "any_of", "wanted"),
    [(1, 1, False, True), (1, 0, False, False), (0, 1, False, False), (0, 0, False, False), (1, 0, True, True), (0, 1, True, True), (0, 0, True, False)],
)
def test_all_or_any_of_several_conditions(a: int, b: int, any_of: bool, wanted: bool) -> None:
    both = (Condition("a", "=", 1), Condition("b", "=", 1))
    assert enabled(both, any_of, {"a": a, "b": b}) is wanted


def test_what_hangs_on_a_hidden_question_is_hidden_and_its_answer_is_not_kept() -> None:
    chain = form(
        Item("a", "boolean"),
        Item("b", "boolean", conditions=(Condition("a", "=", True),)),
        Item("c", "text", conditions=(Condition("b", "=", True),), required=True),
    )
    whole = {"a": True, "b": True, "c": "because"}
    assert state(chain, whole).answers == whole
    hidden = state(chain, {**whole, "a": False})
    assert hidden.answers == {"a": False}
    assert not hidden.wrong


def test_a_question_in_a_hidden_group_is_not_asked() -> None:
    grouped = form(Item("a", "boolean"), Item("g", "group", conditions=(Condition("a", "=", True),), items=(Item("b", "boolean", required=True),)))
    assert [one.link_id for one in state(grouped, {"b": True}).shown] == ["a"]
    assert [one.code for one in state(grouped, {"a": True}).wrong] == ["missing"]


def test_questions_that_hide_one_another_end_somewhere() -> None:
    circle = form(Item("a", "boolean", conditions=(Condition("b", "!=", True),)), Item("b", "boolean", conditions=(Condition("a", "=", True),)))
    assert set(state(circle, {"a": True, "b": True}).answers) <= {"a", "b"}


@pytest.mark.parametrize(
    ("item", "answer", "code"),
    [
        (Item("q", "integer", low=0, high=10), 11, "out_of_range"), (Item("q", "integer"), 1.5, "not_whole"), (Item("q", "decimal"), float("nan"), "not_a_number"),
        (Item("q", "decimal"), True, "not_a_number"), (Item("q", "boolean"), 1, "not_yes_or_no"), (Item("q", "date"), "2026-02-30", "not_a_date"),
        (Item("q", "text"), " ", "empty"), (Item("q", "text", longest=3), "long", "too_long"),
        (Item("q", "choice", options=(Option("x", Text()),)), "y", "not_offered"),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_named_and_does_not_count(item: Item, answer: object, code: str) -> None:
    found = state(form(item), {"q": answer})  # type: ignore[dict-item]
    assert [one.code for one in found.wrong] == [code]
    assert found.answers == {}


def test_how_difficult_it_was_is_asked_once_anything_is_above_not_at_all() -> None:
    nothing = state(BY_KEY["phq-9"], phq([0] * 9))
    something = state(BY_KEY["phq-9"], phq([0, 0, 0, 0, 1]))
    assert "difficulty" not in {one.link_id for one in nothing.shown}
    assert "difficulty" in {one.link_id for one in something.shown}


def test_a_man_is_not_asked_about_diabetes_in_pregnancy() -> None:
    shown = {sex: {one.link_id for one in state(BY_KEY["ada-risk"], {"sex": sex}).shown} for sex in ("male", "female")}
    assert ("gestational_diabetes" in shown["male"], "gestational_diabetes" in shown["female"]) == (False, True)


@suppose(st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=9, max_size=9))
def test_the_crisis_path_opens_with_the_ninth_answer_alone(values: list[int | None]) -> None:
    assert state(BY_KEY["phq-9"], phq(values)).crisis is bool(values[8])


@pytest.mark.parametrize("key", [one.key for one in INSTRUMENTS if one.key != "phq-9"])
def test_no_other_questionnaire_opens_the_crisis_path(key: str) -> None:
    assert not any(one.crisis for one in BY_KEY[key].every())


def test_no_two_questions_share_a_name() -> None:
    for one in INSTRUMENTS:
        names = [item.link_id for item in one.every()]
        assert len(set(names)) == len(names)
