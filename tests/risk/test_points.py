"""This is the place where points are checked at every bound, as it is printed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.risk.equation import evaluate, one
from core.risk.points import above, points
from core.risk.registry import EQUATIONS

FINDRISC = {
    "age": 30, "sex": 1, "bmi": 22, "waist": 75, "physically_active": 1, "vegetables_daily": 1, "bp_treated": 0, "high_glucose_ever": 0, "family_diabetes": 0,
}  # fmt: skip
CDRS = {"age": 22, "sex": 0, "bmi": 20, "waist": 60, "sbp": 100, "family_diabetes_first": 0}
ADA = {"age": 30, "sex": 0, "bmi": 20, "family_diabetes_first": 0, "hypertension": 0, "physically_active": 1}
AF = {"age": 50, "sex": 1, "heart_failure": 0, "hypertension": 0, "diabetes": 0, "stroke": 0, "vascular": 0}
WELL = {"rr": 16, "spo2": 98, "on_oxygen": 0, "temp": 37, "sbp": 120, "pulse": 70, "acvpu": 0}
SCALE2 = {**WELL, "spo2_scale2": 1}
SCALE2_OXYGEN = {**SCALE2, "on_oxygen": 1}


def score(key: str, inputs: dict[str, float], **more: float) -> float:
    return float(one(EQUATIONS[key], {**inputs, **more}).values["score"][0])


@pytest.mark.parametrize(
    ("key", "inputs", "name", "steps"),
    [
        ("findrisc", FINDRISC, "age", [(44.9, 0), (45, 2), (54, 2), (55, 3), (64, 3), (65, 4)]),
        ("findrisc", FINDRISC, "bmi", [(24.99, 0), (25, 1), (30, 1), (30.01, 3)]),
        ("findrisc", FINDRISC, "waist", [(93.9, 0), (94, 3), (102, 3), (102.1, 4)]),
        ("findrisc", {**FINDRISC, "sex": 0}, "waist", [(79.9, 0), (80, 3), (88, 3), (88.1, 4)]),
        ("findrisc", FINDRISC, "family_diabetes", [(0, 0), (1, 3), (2, 5)]),
        ("ada_risk_test", ADA, "age", [(39, 0), (40, 1), (49, 1), (50, 2), (59, 2), (60, 3)]),
        ("ada_risk_test", ADA, "bmi", [(24.9, 0), (25, 1), (29.99, 1), (30, 2), (39.9, 2), (40, 3)]),
        ("ada_risk_test", ADA, "gestational_diabetes", [(0, 0), (1, 1)]),
        ("cdrs", CDRS, "age", [(20, 0), (24, 0), (25, 4), (34, 4), (35, 8), (40, 11), (45, 12), (50, 13), (55, 15), (60, 16), (64, 16), (65, 18), (74, 18)]),
        ("cdrs", CDRS, "bmi", [(21.99, 0), (22, 1), (23.99, 1), (24, 3), (29.99, 3), (30, 5)]),
        ("cdrs", CDRS, "sbp", [(109, 0), (110, 1), (119, 1), (120, 3), (130, 6), (140, 7), (150, 8), (159, 8), (160, 10)]),
        ("cdrs", CDRS, "waist", [(69.9, 0), (70, 3), (75, 5), (80, 7), (85, 8), (89.9, 8), (90, 10)]),
        ("cdrs", {**CDRS, "sex": 1}, "waist", [(74.9, 2), (75, 5), (80, 7), (85, 9), (90, 10), (94.9, 10), (95, 12)]),
        ("cha2ds2_vasc", AF, "age", [(64, 0), (65, 1), (74, 1), (75, 2)]),
        ("cha2ds2_vasc", AF, "sex", [(1, 0), (0, 1)]),
        ("cha2ds2_va", AF, "age", [(64, 0), (65, 1), (74, 1), (75, 2)]),
        ("qsofa", {"rr": 16, "sbp": 120, "altered_mentation": 0}, "rr", [(21, 0), (22, 1)]),
        ("qsofa", {"rr": 16, "sbp": 120, "altered_mentation": 0}, "sbp", [(101, 0), (100, 1)]),
        ("news2", WELL, "rr", [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)]),
        ("news2", WELL, "spo2", [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0)]),
        ("news2", SCALE2, "spo2", [(83, 3), (84, 2), (85, 2), (86, 1), (87, 1), (88, 0), (92, 0), (93, 0), (97, 0), (100, 0)]),
        ("news2", SCALE2_OXYGEN, "spo2", [(83, 5), (87, 3), (88, 2), (92, 2), (93, 3), (94, 3), (95, 4), (96, 4), (97, 5), (100, 5)]),
        ("news2", WELL, "sbp", [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)]),
        ("news2", WELL, "pulse", [(40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)]),
        ("news2", WELL, "temp", [(35.0, 3), (35.1, 1), (36.0, 1), (36.1, 0), (38.0, 0), (38.1, 1), (39.0, 1), (39.1, 2)]),
        ("news2", WELL, "temp", [(35.04, 3), (35.05, 1), (38.04, 0), (38.05, 1)]),
        ("news2", WELL, "acvpu", [(0, 0), (1, 3), (2, 3), (3, 3), (4, 3)]),
    ],
)  # fmt: skip
def test_points_change_where_the_publication_says(key: str, inputs: dict[str, float], name: str, steps: list[tuple[float, float]]) -> None:
    assert [(value, score(key, inputs, **{name: value})) for value, _ in steps] == steps


def test_oxygen_counts_two_more() -> None:
    assert (score("news2", WELL), score("news2", WELL, on_oxygen=1)) == (0, 2)


def test_scale_2_is_used_only_where_somebody_set_it() -> None:
    assert [score("news2", WELL, spo2=90), score("news2", WELL, spo2=90, spo2_scale2=0), score("news2", WELL, spo2=90, spo2_scale2=1)] == [3, 3, 0]


@pytest.mark.parametrize(
    ("more", "response", "single"),
    [
        ({}, "low", "no"), ({"rr": 21, "pulse": 111}, "low", "no"), ({"rr": 25}, "low_medium", "yes"),
        ({"rr": 25, "pulse": 111}, "medium", "yes"), ({"rr": 25, "pulse": 131, "temp": 38.5}, "high", "yes"),
    ],
)  # fmt: skip
def test_three_points_in_one_place_call_for_somebody_before_five_in_all(more: dict[str, float], response: str, single: str) -> None:
    found = one(EQUATIONS["news2"], {**WELL, **more})
    words = {key: EQUATIONS["news2"].outcome(key).categories[int(found.values[key][0])] for key in ("response", "single_three")}
    assert words == {"response": response, "single_three": single}


@pytest.mark.parametrize(
    ("egfr", "uacr", "said"),
    [
        (90, 29.9, ("G1", "A1", "low", 1)), (89.9, 30, ("G2", "A2", "moderate", 1)), (60, 300, ("G2", "A2", "moderate", 1)),
        (59.9, 10, ("G3a", "A1", "moderate", 1)), (45, 300.1, ("G3a", "A3", "very_high", 3)), (44.9, 10, ("G3b", "A1", "high", 2)),
        (30, 30, ("G3b", "A2", "very_high", 3)), (29.9, 1, ("G4", "A1", "very_high", 3)), (15, 301, ("G4", "A3", "very_high", 4)),
        (14.9, 1, ("G5", "A1", "very_high", 4)), (120, 500, ("G1", "A3", "high", 3)),
    ],
)  # fmt: skip
def test_the_heat_map_is_kdigos(egfr: float, uacr: float, said: tuple[str, str, str, int]) -> None:
    kdigo = EQUATIONS["kdigo"]
    found = one(kdigo, {"egfr": egfr, "uacr": uacr}).values
    words = [kdigo.outcome(key).categories[int(found[key][0])] for key in ("g", "a", "risk")]
    assert (*words, found["monitoring_per_year"][0]) == said


@pytest.mark.parametrize(
    ("guideline", "cuts"), [("who_bmi", (18.5, 25, 30)), ("who_bmi_asia", (18.5, 23, 27.5)), ("china_bmi", (18.5, 24, 28))]
)
def test_one_body_mass_is_read_by_three_guidelines(guideline: str, cuts: tuple[float, float, float]) -> None:
    bands = next(row for row in EQUATIONS["bmi"].thresholds if row.key == guideline)
    names = ("underweight", "usual_weight", "overweight", "obesity")
    assert [bands.band(cut).code for cut in cuts] == list(names[1:])
    assert [bands.band(np.nextafter(cut, 0)).code for cut in cuts] == list(names[:-1])


def test_body_mass_is_weight_by_height_squared() -> None:
    assert one(EQUATIONS["bmi"], {"weight": 81, "height": 180}).values["bmi"][0] == pytest.approx(25.0, abs=1e-12)


@given(st.lists(st.floats(0, 200, allow_nan=False), min_size=1, max_size=20))
def test_points_of_a_column_are_the_points_of_its_rows(values: list[float]) -> None:
    steps = ((10.0, 2.0), (above(50.0), 5.0), (100.0, 9.0))
    expected = [9.0 if v >= 100 else 5.0 if v > 50 else 2.0 if v >= 10 else 0.0 for v in values]
    assert points(np.array(values), steps).tolist() == expected


@given(st.floats(18.5, 100), st.floats(0.05, 50), st.floats(0.05, 50), st.sampled_from([0.0, 1.0]))
def test_more_creatinine_is_never_a_better_kidney(age: float, first: float, second: float, sex: float) -> None:
    low, high = sorted((first, second))
    found = evaluate(EQUATIONS["ckdepi_2021_cr"], {"age": np.full(2, age), "sex": np.full(2, sex), "creatinine": np.array([low, high])}).values["egfr"]
    assert found[0] >= found[1] > 0


@given(st.floats(0.5, 59.9), st.floats(0.01, 50000), st.floats(18, 100), st.sampled_from([0.0, 1.0]), st.sampled_from([0.0, 1.0]))
def test_kidney_failure_is_a_chance_that_grows_with_the_years(egfr: float, uacr: float, age: float, sex: float, region: float) -> None:
    found = one(EQUATIONS["kfre_4var"], {"egfr": egfr, "uacr": uacr, "age": age, "sex": sex, "kfre_region": region}).values
    assert 0 <= found["kidney_failure_2yr"][0] <= found["kidney_failure_5yr"][0] <= 1
