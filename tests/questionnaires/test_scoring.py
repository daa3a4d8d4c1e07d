"""This is the place where it is checked that a score is what the equation table says, and nothing where an answer is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as suppose
from hypothesis import settings
from hypothesis import strategies as st

from core.questionnaires.answering import state
from core.questionnaires.instruments import BY_KEY, INSTRUMENTS
from core.questionnaires.scoring import inputs, score
from core.questionnaires.terms import Answer
from core.risk.equation import evaluate
from core.risk.registry import EQUATIONS
from tests.questionnaires.given import phq


def scored(key: str, answers: dict[str, Answer]):  # type: ignore[no-untyped-def]
    found = score(BY_KEY[key], state(BY_KEY[key], answers))
    assert found is not None
    return found


@pytest.mark.parametrize("one", [one for one in INSTRUMENTS if one.equation], ids=lambda one: one.key)
def test_every_scored_form_asks_for_all_that_its_equation_requires(one) -> None:  # type: ignore[no-untyped-def]
    asked = {item.input for item in one.every()} | ({"bmi"} if one.item("weight") else set())
    assert {item.key for item in EQUATIONS[one.equation].inputs if item.required} <= asked


@pytest.mark.parametrize(
    ("total", "band"),
    [(0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"), (15, "moderately_severe"), (19, "moderately_severe"),
     (20, "severe"), (24, "severe")],
)  # fmt: skip
def test_phq9_is_read_by_the_bands_of_kroenke_2001(total: int, band: str) -> None:
    values = [min(3, max(0, total - 3 * at)) for at in range(8)] + [0]
    found = scored("phq-9", dict(phq(values)))
    assert (found.value, [one.code for _, one in found.bands]) == (total, [band])


@settings(max_examples=25, deadline=None)
@suppose(st.lists(st.integers(0, 3), min_size=7, max_size=7))
def test_a_total_is_the_sum_of_its_answers(values: list[int]) -> None:
    assert scored("gad-7", dict(phq(values, "gad"))).value == sum(values)


@pytest.mark.parametrize("lacking", range(1, 10))
def test_one_answer_missing_is_no_score_and_says_which(lacking: int) -> None:
    answers = dict(phq([1] * 9))
    del answers[f"phq{lacking}"]
    found = scored("phq-9", answers)
    assert (found.value, found.unanswered) == (None, (f"phq{lacking}",))


def test_the_chinese_score_of_a_published_table() -> None:
    """Points of Zhou 2013 added up by hand: 52 years 13, man 2, BMI 26 3, waist 92 8, 145 mmHg 7, father with diabetes 6."""
    answers: dict[str, Answer] = {
        "age": 52, "sex": "male", "height": 170.0, "weight": 26 * 1.7**2, "waist": 92.0, "sbp": 145, "family_diabetes_first": True,
    }  # fmt: skip
    found = scored("cdrs", answers)
    assert (found.value, [one.code for _, one in found.bands]) == (39, ["screen_positive"])


def test_a_bmi_is_never_rounded_before_it_counts() -> None:
    form = BY_KEY["findrisc"]
    given = inputs(form, state(form, {"height": 175.0, "weight": 76.5}))
    assert given["bmi"] == pytest.approx(24.97959, abs=1e-4)


def test_a_form_scores_as_the_equation_does_with_the_same_inputs() -> None:
    form = BY_KEY["findrisc"]
    answers: dict[str, Answer] = {
        "age": 60, "sex": "female", "height": 160.0, "weight": 80.0, "waist": 90.0, "physically_active": False, "vegetables_daily": False,
        "bp_treated": True, "high_glucose_ever": True, "family_diabetes": "first_degree",
    }  # fmt: skip
    found = state(form, answers)
    columns = {key: np.array([value]) for key, value in inputs(form, found).items()}
    assert scored("findrisc", answers).value == evaluate(EQUATIONS["findrisc"], columns).values["score"][0] == 3 + 3 + 4 + 2 + 1 + 2 + 5 + 5


@pytest.mark.parametrize(("age", "code"), [(19, "below_range"), (75, "above_range")])
def test_outside_the_ages_of_a_score_there_is_none(age: int, code: str) -> None:
    found = scored("cdrs", {"age": age, "sex": "male", "height": 170.0, "weight": 70.0, "waist": 90.0, "sbp": 120, "family_diabetes_first": False})
    assert found.value is None
    assert [(fault.code, fault.input) for fault in found.faults] == [(code, "age")]


@pytest.mark.parametrize(("answers", "band"), [((False, False, False), "no_yes"), ((False, True, False), "any_yes"), ((True, True, True), "any_yes")])
def test_any_yes_about_falls_is_a_yes(answers: tuple[bool, bool, bool], band: str) -> None:
    found = scored("steadi", dict(zip(("unsteady", "worried_falling", "fallen"), answers, strict=True)))
    assert [one.code for _, one in found.bands] == [band]
