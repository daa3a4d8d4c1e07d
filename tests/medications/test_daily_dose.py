"""This is the place where it is tested that milligrams a day are told only where they are known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.daily_dose import daily_mg, strength_mg
from core.medications.terms import Amount, Due

AT = datetime(2026, 11, 26, 8, tzinfo=UTC)
METFORMIN = "Metformin hydrochloride 500 MG Oral Tablet"


def doses(amount: Amount | None, times: int) -> list[Due]:
    return [Due(AT, f"0#{n}", 0, amount) for n in range(times)]


@pytest.mark.parametrize(
    ("title", "amount", "times", "days", "mg"),
    [
        (METFORMIN, Amount(1, 1, "tablet"), 14, 7, 1000), (METFORMIN, Amount(2, 2, "Tablet", "{tbl}"), 7, 7, 1000), ("二甲双胍片 0.5 g", Amount(1, 1, "片"), 3, 1, 1500),
        ("Levothyroxine 100 MCG Oral Tablet", Amount(1, 1, "TAB"), 7, 7, 0.1), ("Methotrexate 2.5 MG Oral Tablet", Amount(4, 4, "tablet"), 1, 7, 10 / 7),
        ("Apixaban", Amount(5, 5, "mg", "mg"), 14, 7, 10), ("Apixaban", Amount(5, 5, "mg"), 2, 1, 10), ("x", Amount(0.5, 0.5, "g"), 2, 1, 1000),
        (METFORMIN, Amount(1, 2, "tablet"), 14, 7, None), (METFORMIN, Amount(1, 1), 14, 7, None), (METFORMIN, None, 14, 7, None),
        ("Metformin", Amount(1, 1, "tablet"), 14, 7, None), ("Hydrochlorothiazide 25 MG / Lisinopril 20 MG Oral Tablet", Amount(1, 1, "tablet"), 7, 7, None),
        ("Digoxin 0.05 MG/ML Oral Solution", Amount(1, 1, "tablet"), 7, 7, None), ("Digoxin", Amount(5, 5, "mL"), 7, 7, None), (METFORMIN, Amount(1, 1, "tablet"), 0, 7, None),
    ],
)  # fmt: skip
def test_milligrams_a_day(title: str, amount: Amount | None, times: int, days: int, mg: float | None) -> None:
    assert daily_mg(title, doses(amount, times), days) == (pytest.approx(mg) if mg is not None else None)


def test_one_dose_of_unknown_size_makes_the_day_unknown() -> None:
    assert daily_mg(METFORMIN, [*doses(Amount(1, 1, "tablet"), 2), *doses(None, 1)], 1) is None


@given(st.text(max_size=40))
def test_any_title_has_a_strength_or_none(title: str) -> None:
    found = strength_mg(title)
    assert found is None or found >= 0
