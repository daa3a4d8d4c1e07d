"""This is the place where the cardiovascular equations are held against every published example, through the command and by the names of the columns."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from core.risk.equation import one
from core.risk.registry import EQUATIONS
from tests.risk import published

PARTS = ("total_cvd", "ascvd", "heart_failure", "chd", "stroke")


@pytest.mark.parametrize(("name", "within"), [("prevent_vectors.csv", 0.000500001), ("prevent_vectors_preventr_grid.csv", 6e-7)])
def test_prevent_gives_every_published_number_and_refuses_30_years_from_60_on(name: str, within: float, tmp_path: Path) -> None:
    vectors = published.rows(name)
    answers = published.applied("prevent", vectors, tmp_path)
    for row, answer in zip(vectors, answers, strict=True):
        if row["horizon"] == "30yr" and float(row["age"]) >= 60:
            assert answer["declined"].startswith("above_range:age(30..59)")
            assert not any(answer[part] for part in PARTS)
        else:
            assert answer["declined"] == ""
            for part in PARTS:
                assert float(answer[part]) == pytest.approx(float(row[part]), abs=within)


def test_the_equations_that_hold_one_model_say_the_same_as_the_family(tmp_path: Path) -> None:
    vectors = [row for row in published.rows("prevent_vectors_preventr_grid.csv") if row["model"] == "full" and row["horizon"] == "10yr"]
    answers = published.applied("prevent_full", vectors, tmp_path)
    for row, answer in zip(vectors, answers, strict=True):
        assert float(answer["total_cvd_10yr"]) == pytest.approx(float(row["total_cvd"]), abs=6e-7)


def test_the_example_of_the_supplement() -> None:
    """Khan 2024, table S25."""
    values = {"age": 50, "sex": 0, "tc": 200, "hdl": 45, "sbp": 160, "bp_treated": 1, "diabetes": 1, "smoker": 0, "statin": 0, "egfr": 90, "bmi": 35}
    made = one(EQUATIONS["prevent_base"], values).values
    found = [round(float(made[f"{part}_{years}yr"][0]) * 100, 1) for years in (10, 30) for part in PARTS[:3]]
    assert found == [14.7, 9.2, 8.1, 53.0, 35.4, 39.0]


def test_score2_and_its_relatives_give_every_published_number(tmp_path: Path) -> None:
    vectors = published.rows("score2_vectors.csv")
    answers = published.applied("score2_family", vectors, tmp_path)
    for row, answer in zip(vectors, answers, strict=True):
        assert answer["declined"] == ""
        assert float(answer["cvd_10yr"]) * 100 == pytest.approx(float(row["expected_pct"]), abs=float(row["tol_pp"]))


def test_pce_gives_every_published_number(tmp_path: Path) -> None:
    vectors = published.rows("pce_vectors.csv")
    answers = published.applied("pce", vectors, tmp_path)
    for row, answer in zip(vectors, answers, strict=True):
        assert float(answer["ascvd_10yr"]) * 100 == pytest.approx(float(row["expected_pct"]), abs=float(row["tol"]))


def test_china_par_stays_near_the_official_site_from_35_to_74_and_says_nothing_beyond(tmp_path: Path) -> None:
    vectors = published.rows("china_par_vectors.csv")
    answers = published.applied("china_par", vectors, tmp_path)
    for row, answer in zip(vectors, answers, strict=True):
        if 35 <= float(row["age"]) <= 74:
            assert answer["declined"] == ""
            assert float(answer["ascvd_10yr"]) * 100 == pytest.approx(float(row["official_risk10_pct"]), abs=1.5)
            assert float(answer["ascvd_10yr"]) * 100 == pytest.approx(float(row["derived_pct"]), abs=0.002)
        else:
            assert (answer["ascvd_10yr"], answer["declined"].split(":")[1].split("(")[0]) == ("", "age")


def test_china_par_gives_the_profiles_of_the_paper_and_of_the_guideline() -> None:
    """Yang 2016, table 2 (diabetes, north, urban, no family history; pressure untreated); the guideline of 2019 prints 4.7 per cent."""
    equation = EQUATIONS["china_par"]
    profile = {"sbp": 130, "bp_treated": 0, "tc": 210, "hdl": 55, "waist": 80, "smoker": 0, "diabetes": 1, "north": 1, "urban": 1, "family_cvd": 0}
    printed = {1.0: {40: 2.2, 50: 5.4, 60: 11.0, 70: 19.6}, 0.0: {40: 2.4, 50: 5.4, 60: 10.1, 70: 17.1}}
    for sex, ages in printed.items():
        for age, expected in ages.items():
            assert one(equation, profile | {"sex": sex, "age": age}).values["ascvd_10yr"][0] * 100 == pytest.approx(expected, abs=0.11)
    example = {"sex": 1, "age": 40, "sbp": 145, "bp_treated": 0, "tc": 5.2 / 0.0259, "hdl": 1.3 / 0.0259, "waist": 80, "smoker": 0, "diabetes": 0,
               "north": 1, "urban": 1, "family_cvd": 1}  # fmt: skip
    assert one(equation, example).values["ascvd_10yr"][0] * 100 == pytest.approx(4.7, abs=0.25)


@pytest.mark.parametrize(
    ("equation", "name", "units", "outcome", "within"),
    [
        ("china_par", "china_par_vectors.csv", {"tc": ("mmol/L", 0.0259), "hdl": ("mmol/L", 0.0259)}, "ascvd_10yr", 1e-9),
        ("prevent_base", "prevent_vectors_preventr_grid.csv", {"total_c": ("mmol/L", 0.02586), "hdl_c": ("mmol/L", 0.02586), "sbp": ("kPa", 0.133322)}, "total_cvd_10yr", 5e-5),
        ("kfre_4var", "kfre_vectors.csv", {"acr_mg_g": ("mg/mmol", 1 / 8.84)}, "kidney_failure_2yr", 1e-9),
        ("ckdepi_2021_cr", "ckdepi_vectors.csv", {"scr_mgdl": ("umol/L", 88.4)}, "egfr", 0.01),
    ],
)  # fmt: skip
def test_another_unit_says_the_same(equation: str, name: str, units: dict[str, tuple[str, float]], outcome: str, within: float, tmp_path: Path) -> None:
    vectors = published.rows(name)
    before = published.applied(equation, vectors, tmp_path)
    changed = [
        row | {column: repr(float(row[column]) * factor) for column, (_, factor) in units.items()} | {f"{column}_unit": unit for column, (unit, _) in units.items()}
        for row in vectors
    ]
    after = published.applied(equation, changed, tmp_path)
    pairs = [(float(one["" or outcome]), float(other[outcome])) for one, other in zip(before, after, strict=True) if one[outcome] and other[outcome]]
    assert len(pairs) > len(vectors) / 4
    assert max(abs(one - other) for one, other in pairs) < within


def test_the_tables_are_the_published_ones() -> None:
    """Every coefficient of PREVENT, against the machine-readable supplement."""
    path = published.CLINICAL / "prevent_coefficients.json"
    if not path.is_file():
        pytest.skip(f"no published tables at {path}")
    from core.risk.prevent_table import TABLES

    coefficients = json.loads(path.read_text(encoding="utf-8"))["coefficients"]
    for (model, years), table in TABLES.items():
        printed = coefficients[model][f"{years}yr"]
        for at, (sex, part) in enumerate((sex, part) for sex in ("female", "male") for part in PARTS):
            assert {name: row[at] for name, row in table.items()} == printed[sex][part]


def test_a_file_of_a_million_is_nobodys_average(tmp_path: Path) -> None:
    """Rows are answered for themselves, wherever they stand in a long table."""
    rows = published.rows("prevent_vectors_preventr_grid.csv")
    long = [row for _ in range(40) for row in rows]
    answers = published.applied("prevent", long, tmp_path)
    first = [answer["total_cvd"] for answer in answers[: len(rows)]]
    for start in range(0, len(long), len(rows)):
        assert np.allclose([float(a["total_cvd"]) for a in answers[start : start + len(rows)]], [float(a) for a in first], atol=1e-12)


def test_the_reader_of_vectors_reads_them_all() -> None:
    for name in ("prevent_vectors.csv", "china_par_vectors.csv"):
        rows = published.rows(name)
        with (published.CLINICAL / name).open(encoding="utf-8", newline="") as file:
            assert len(rows) == sum(1 for _ in csv.reader(file)) - 1
