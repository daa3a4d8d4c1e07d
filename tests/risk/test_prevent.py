"""This is the place where the fast PREVENT must agree with the plain one, and its answers move the way its coefficients say."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.risk.equation import evaluate, one
from core.risk.prevent import HORIZONS, PARTS
from core.risk.prevent_table import TABLES
from core.risk.registry import EQUATIONS
from tests.risk.everybody import person
from tests.risk.plain_prevent import optional, risks, terms

RISES = ("sbp", "smoker", "diabetes", "tc")


def test_the_fast_one_agrees_with_the_plain_one() -> None:
    equation = EQUATIONS["prevent_base"]
    people = [person(equation, seed) | {"age": float(30 + seed % 30)} for seed in range(200)]
    columns = {item.key: np.array([one_person[item.key] for one_person in people]) for item in equation.inputs}
    made = evaluate(equation, columns).values
    for row, someone in enumerate(people):
        for outcome, expected in risks(someone).items():
            assert made[outcome][row] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("known", [(), ("hba1c",), ("uacr",), ("sdi_decile",), ("hba1c", "uacr", "sdi_decile")])
def test_the_extended_model_uses_the_published_term_for_what_is_not_known(known: tuple[str, ...]) -> None:
    equation = EQUATIONS["prevent_full"]
    values = person(equation, 7) | {"age": 50.0}
    values = {key: number for key, number in values.items() if key not in ("hba1c", "uacr", "sdi_decile") or key in known}
    mine = terms(values) | optional(values)
    made = one(equation, values).values
    for years in HORIZONS:
        table, first = TABLES["full", years], len(PARTS) if values["sex"] == 1 else 0
        for at, part in enumerate(PARTS):
            total = sum(row[first + at] * mine[name] for name, row in table.items())
            assert made[f"{part}_{years}yr"][0] == pytest.approx(1 / (1 + np.exp(-total)), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(RISES))
def test_more_of_what_harms_never_lowers_the_ten_year_risk_under_65(seed: int, key: str) -> None:
    """Up to the middle of life; later some of PREVENT's age products turn small effects around, and we show what it says."""
    equation = EQUATIONS["prevent_base"]
    values = person(equation, seed) | {"age": 40.0 + seed % 25, "bp_treated": 0.0, "statin": 0.0}
    item = equation.input(key)
    low, high = (0.0, 1.0) if item.kind == "flag" else (max(values["sbp"], 110.0), 180.0) if key == "sbp" else (values["tc"], 320.0)
    both = [one(equation, values | {key: number}).values["ascvd_10yr"][0] for number in (low, high)]
    assert both[0] <= both[1]


def test_an_empty_table_has_no_answers() -> None:
    made = evaluate(EQUATIONS["prevent_base"], {"age": np.array([])})
    assert made.size == 0
    assert all(len(column) == 0 for column in made.values.values())
