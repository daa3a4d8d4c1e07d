"""This is the place where scores say nothing, and why: what is missing, what they aren't for, and what contradicts itself."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from core.risk.equation import evaluate, one
from core.risk.registry import EQUATIONS
from tests.risk.test_points import ADA, AF, CDRS, FINDRISC, WELL

BLED = dict.fromkeys(
    ("bp_uncontrolled", "renal_abnormal", "liver_abnormal", "stroke", "bleeding", "labile_inr", "bleeding_drugs", "alcohol_high"), 0.0
)  # fmt: skip
PHQ9 = {f"phq{n}": 1.0 for n in range(1, 10)}
GAD7 = {f"gad{n}": 1.0 for n in range(1, 8)}


def declined(key: str, **inputs: float) -> str:
    found = one(EQUATIONS[key], inputs)
    assert np.isnan(next(iter(found.values.values()))[0]) == bool(found.declined()[0])
    return str(found.declined()[0])


@pytest.mark.parametrize(
    ("key", "inputs", "reason"),
    [
        ("cdrs", {**CDRS, "age": 19}, "below_range:age(20..74)"), ("cdrs", {**CDRS, "age": 75}, "above_range:age(20..74)"),
        ("cdrs", {**CDRS, "waist": np.nan}, "missing:waist"), ("cdrs", {**CDRS, "diabetes": 1}, "not_for:diabetes"),
        ("findrisc", {**FINDRISC, "diabetes": 1}, "not_for:diabetes"), ("ada_risk_test", {**ADA, "diabetes": 1}, "not_for:diabetes"),
        ("ada_risk_test", {**ADA, "sex": 1, "gestational_diabetes": 1}, "contradiction:gestational_diabetes"),
        ("cha2ds2_vasc", {**AF, "atrial_fibrillation": 0}, "only_for:atrial_fibrillation"),
        ("cha2ds2_va", {**AF, "atrial_fibrillation": 0}, "only_for:atrial_fibrillation"),
        ("has_bled", {**BLED, "age": 70, "atrial_fibrillation": 0}, "only_for:atrial_fibrillation"),
        ("has_bled", BLED, "missing:age"), ("has_bled", {**BLED, "age": 40, "elderly": 1}, "contradiction:elderly"),
        ("has_bled", {**BLED, "age": 80, "elderly": 0}, "contradiction:elderly"),
        ("fib4", {"age": 34, "ast": 30, "alt": 30, "platelets": 200}, "below_range:age(35..120)"),
        ("news2", {**WELL, "age": 15}, "below_range:age(16..120)"), ("news2", {**WELL, "pregnant": 1}, "not_for:pregnant"),
        ("ckdepi_2021_cr", {"age": 17, "sex": 0, "creatinine": 0.8}, "below_range:age(18..120)"),
        ("ckdepi_2021_cr", {"age": 40, "sex": 0, "creatinine": 0.8, "pregnant": 1}, "not_for:pregnant"),
        ("ckdepi_2021_cr", {"age": 40, "sex": 0, "creatinine": 8, "dialysis": 1}, "not_for:dialysis"),
        ("kfre_4var", {"kfre_region": 1, "age": 60, "sex": 1, "egfr": 60, "uacr": 30}, "above_range:egfr(0.5..60)"),
        ("kfre_4var", {"kfre_region": 1, "age": 60, "sex": 1, "egfr": 30, "uacr": 0}, "below_range:uacr(0.01..50000)"),
        ("kfre_4var", {"age": 60, "sex": 1, "egfr": 30, "uacr": 30}, "missing:kfre_region"),
        ("kfre_4var", {"kfre_region": 1, "age": 60, "sex": 1, "egfr": 12, "uacr": 30, "dialysis": 1}, "not_for:dialysis"),
        ("bmi", {"weight": 60, "height": 170, "pregnant": 1}, "not_for:pregnant"), ("bmi", {"weight": 60}, "missing:height"),
        ("steadi", {"unsteady": 1, "fallen": 0}, "missing:worried_falling"),
    ],
)  # fmt: skip
def test_a_score_says_why_it_says_nothing(key: str, inputs: dict[str, float], reason: str) -> None:
    assert declined(key, **inputs) == reason


def test_kidney_failure_is_answered_just_under_an_egfr_of_60() -> None:
    assert declined("kfre_4var", kfre_region=1, age=60, sex=1, egfr=59.99, uacr=30) == ""


@pytest.mark.parametrize(("key", "answers"), [("phq2", PHQ9), ("phq9", PHQ9), ("gad2", GAD7), ("gad7", GAD7)])
def test_an_answer_that_is_missing_leaves_the_score_open(key: str, answers: dict[str, float]) -> None:
    asked = [item.key for item in EQUATIONS[key].inputs]
    whole = {name: answers[name] for name in asked}
    assert one(EQUATIONS[key], whole).values["score"][0] == len(asked)
    for name in asked:
        without = one(EQUATIONS[key], {**whole, name: np.nan})
        assert np.isnan(without.values["score"][0])
        assert f"missing:{name}" in without.declined()[0]


def test_thoughts_of_self_harm_are_reported_whatever_the_total_and_whatever_is_missing() -> None:
    phq9 = EQUATIONS["phq9"]
    for last, others in product((0.0, 1.0, 2.0, 3.0), (0.0, 3.0, np.nan)):
        found = one(phq9, {**{f"phq{n}": others for n in range(1, 9)}, "phq9": last})
        assert found.values["self_harm"][0] == float(last > 0)
        assert np.isnan(found.values["score"][0]) == np.isnan(others)


def test_nothing_is_said_of_self_harm_where_that_item_is_missing() -> None:
    found = one(EQUATIONS["phq9"], {**PHQ9, "phq9": np.nan})
    assert np.isnan(found.values["self_harm"][0])
    assert found.declined()[0] == "missing:phq9"


@pytest.mark.parametrize(
    ("key", "cuts"),
    [("phq9", {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14), "moderately_severe": (15, 19), "severe": (20, 27)}),
     ("gad7", {"minimal": (0, 4), "mild": (5, 9), "moderate": (10, 14), "severe": (15, 21)})],
)  # fmt: skip
def test_bands_are_the_developers(key: str, cuts: dict[str, tuple[int, int]]) -> None:
    bands = EQUATIONS[key].thresholds[0]
    assert {code: tuple(bands.band(points).code for points in ends) for code, ends in cuts.items()} == {code: (code, code) for code in cuts}


def test_a_woman_of_whom_the_pregnancy_item_is_unknown_has_the_sum_of_the_others_and_a_remark() -> None:
    ada = EQUATIONS["ada_risk_test"]
    assert one(ada, {**ADA, "age": 50}).values["score"][0] == 2
    assert "without_gestational_item" in ada.notes


def test_the_sum_of_all_items_is_the_printed_range() -> None:
    most = {**FINDRISC, "age": 70, "bmi": 40, "waist": 130, "physically_active": 0, "vegetables_daily": 0, "bp_treated": 1, "high_glucose_ever": 1, "family_diabetes": 2}
    full = dict.fromkeys(AF, 1.0) | {"age": 80, "sex": 0}
    assert one(EQUATIONS["findrisc"], most).values["score"][0] == 26
    assert one(EQUATIONS["cha2ds2_vasc"], full).values["score"][0] == 9
    assert one(EQUATIONS["cha2ds2_va"], full).values["score"][0] == 8
    assert one(EQUATIONS["has_bled"], dict.fromkeys(BLED, 1.0) | {"age": 66}).values["score"][0] == 9


def test_a_bad_row_takes_no_other_row_with_it() -> None:
    rows = {key: np.array([value, np.nan, value]) for key, value in CDRS.items()}
    assert evaluate(EQUATIONS["cdrs"], rows).values["score"].tolist()[::2] == [0, 0]
