"""This is the place where explanations are held to their word: shares add up, levers stay within limits, bounds hold whatever is missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.risk.equation import one
from core.risk.explain import Explained, between, contributions
from core.risk.intervals import interval, useful
from core.risk.registry import EQUATIONS
from core.risk.what_if import levers, vary
from tests.risk.everybody import EXPLAINED, person


@pytest.mark.parametrize("key", EXPLAINED)
def test_the_shares_of_every_outcome_add_up_to_the_whole_difference(key: str) -> None:
    equation = EQUATIONS[key]
    for seed in range(3):
        values = person(equation, seed)
        made = one(equation, values)
        for outcome in equation.outcomes:
            if not np.isfinite(made.values[outcome.key][0]):
                continue
            found = contributions(equation, outcome.key, values)
            assert isinstance(found, Explained)
            assert found.value == pytest.approx(made.values[outcome.key][0], abs=1e-12)
            assert sum(part.share for part in found.contributions) == pytest.approx(found.predictor - found.reference_predictor, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_what_changed_between_two_people_adds_up_too(before: int, after: int) -> None:
    equation = EQUATIONS["prevent_base"]
    found = between(equation, "ascvd_10yr", person(equation, before), person(equation, after))
    assert isinstance(found, Explained)
    assert sum(part.share for part in found.contributions) == pytest.approx(found.predictor - found.reference_predictor, abs=1e-9)


def test_points_are_their_own_shares() -> None:
    equation = EQUATIONS["cha2ds2_vasc"]
    values = {"age": 76.0, "sex": 0.0, "heart_failure": 0.0, "hypertension": 1.0, "diabetes": 0.0, "stroke": 1.0, "vascular": 0.0}
    found = contributions(equation, "score", values)
    assert isinstance(found, Explained)
    assert {part.key: part.share for part in found.contributions} == {"stroke": 2.0, "hypertension": 1.0}


def test_waist_is_no_lever_for_men_and_no_medicine_is_one() -> None:
    equation = EQUATIONS["china_par"]
    values = person(equation, 1)
    assert "waist" not in [one.input.key for one in levers(equation, values | {"sex": 1.0})]
    assert "waist" in [one.input.key for one in levers(equation, values | {"sex": 0.0})]
    for equation in EQUATIONS.values():
        assert not {"bp_treated", "statin", "age", "sex", "diabetes"} & {item.key for item in equation.inputs if item.modifiable}


def test_a_lever_beyond_its_limit_is_refused_and_within_it_answers() -> None:
    equation = EQUATIONS["prevent_base"]
    values = person(equation, 2) | {"smoker": 1.0, "sbp": 150.0}
    with pytest.raises(BadInput):
        vary(equation, values, {"sbp": 185.0})
    with pytest.raises(BadInput):
        vary(equation, values, {"statin": 1.0})
    less = vary(equation, values, {"sbp": 120.0, "smoker": 0.0}).values["total_cvd_10yr"][0]
    assert less < one(equation, values).values["total_cvd_10yr"][0]


@pytest.mark.parametrize("missing", ["smoker", "bp_treated", "egfr", "sbp"])
def test_whatever_is_missing_the_answer_lies_within_the_bounds(missing: str) -> None:
    equation = EQUATIONS["prevent_base"]
    values = person(equation, 3)
    whole = one(equation, values).values["total_cvd_10yr"][0]
    without = {key: number for key, number in values.items() if key != missing}
    found = interval(equation, "total_cvd_10yr", without, one(equation, without))
    assert found is not None and found.missing == missing
    assert found.low - 1e-12 <= whole <= found.high + 1e-12
    assert useful(found, equation, equation.thresholds) or equation.input(missing).kind == "number"


def test_two_missing_answers_an_unknown_age_or_a_guarded_number_are_not_bounded() -> None:
    equation = EQUATIONS["prevent_base"]
    values = person(equation, 3)
    for gone in (("smoker", "statin"), ("age",), ("sex",)):
        without = {key: number for key, number in values.items() if key not in gone}
        assert interval(equation, "total_cvd_10yr", without, one(equation, without)) is None
    score2 = EQUATIONS["score2"]
    without = {key: number for key, number in person(score2, 3).items() if key != "sbp"}
    assert interval(score2, "cvd_10yr", without, one(score2, without)) is None
