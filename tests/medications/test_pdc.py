"""The proportion of days covered, by the rules of PQA: their worked examples, and what must hold of any fills."""

from __future__ import annotations

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.fills import dispensed
from core.medications.pdc import Covered, Fill, NotMeasured, coverage, intervals, pdc, threshold_of

END = date(2018, 12, 31)
SHARED = Path(__file__).resolve().parents[3] / "shared" / "clinical" / "pdc_vectors.json"


def fill(on: str, days: int, agent: str = "A") -> Fill:
    return Fill(date.fromisoformat(on), agent, days)


def spans(fills: list[Fill]) -> list[tuple[str, str]]:
    return [(one.first.isoformat(), min(one.last, END).isoformat()) for one in intervals(fills)]


EXAMPLES = {
    "another ingredient": ([fill("2018-01-01", 90), fill("2018-04-01", 90, "B")], [("2018-01-01", "2018-03-31"), ("2018-04-01", "2018-06-29")], 180, 365),
    "two ingredients on one day": ([fill("2018-01-01", 90), fill("2018-01-01", 90, "B")], [("2018-01-01", "2018-03-31")] * 2, 90, 365),
    "an early refill shifts": (
        [fill("2018-03-25", 90), fill("2018-07-05", 90), fill("2018-09-25", 90)],
        [("2018-03-25", "2018-06-22"), ("2018-07-05", "2018-10-02"), ("2018-10-03", "2018-12-31")], 270, 282,
    ),
    "cut at the end": (
        [fill("2018-01-01", 90), fill("2018-03-25", 90), fill("2018-07-05", 90), fill("2018-10-15", 90)],
        [("2018-01-01", "2018-03-31"), ("2018-04-01", "2018-06-29"), ("2018-07-05", "2018-10-02"), ("2018-10-15", "2018-12-31")], 348, 365,
    ),
    "three days early": ([fill("2018-10-04", 30), fill("2018-11-01", 30)], [("2018-10-04", "2018-11-02"), ("2018-11-03", "2018-12-02")], 60, 89),
}  # fmt: skip
"""PQA's worked examples (measure web assets pdc-sta, pdc-dr, pdc-doac; intervals as published, covered days counted from them)."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_pqas_worked_examples_come_out(name: str) -> None:
    fills, expected, covered, period = EXAMPLES[name]
    assert spans(fills) == expected
    assert coverage(fills, END) == Covered(covered, period, 0.8)


@pytest.mark.skipif(not SHARED.exists(), reason="the shared facts are not here")
def test_the_shared_vectors_come_out() -> None:
    vectors = json.loads(SHARED.read_text(encoding="utf-8"))["vectors"]
    assert len(vectors) == len(EXAMPLES)
    for one in vectors:
        fills = [fill(claim["fill"], claim["days"], claim["drug"]) for claim in one["claims"]]
        found = coverage(fills, END)
        assert isinstance(found, Covered)
        assert spans(fills) == [tuple(span) for span in one["expected_intervals_PQA"]], one["name"]
        assert (found.days, found.period) == (one["covered_days"], one["treatment_period_days"]), one["name"]
        assert (round(found.share, 4), found.reached) == (one["pdc"], one["pdc_ge_80"]), one["name"]


def measured(fills: list[Fill], start: str = "2018-01-01") -> str | float:
    found = pdc(fills, date.fromisoformat(start), END)
    return found.why if isinstance(found, NotMeasured) else found.share


def test_one_fill_is_no_measure() -> None:
    assert measured([fill("2018-01-01", 90)]) == "one_fill"


def test_two_fills_on_one_day_are_one_date() -> None:
    assert measured([fill("2018-01-01", 90), fill("2018-01-01", 90, "B")]) == "one_fill"


@pytest.mark.parametrize(("first", "measures"), [("2018-10-01", True), ("2018-10-02", False)])
def test_the_first_fill_lies_at_least_ninety_one_days_before_the_end(first: str, measures: bool) -> None:
    assert isinstance(measured([fill(first, 30), fill("2018-11-15", 30)]), float) is measures


def test_no_fills_is_a_reason_and_not_nought() -> None:
    assert measured([]) == "no_fills"
    assert measured([fill("2017-12-31", 90)]) == "no_fills"


def test_eighty_per_cent_exactly_is_reached() -> None:
    assert Covered(292, 365, 0.8).reached
    assert not Covered(291, 365, 0.8).reached


def test_antiretrovirals_need_ninety_and_insulin_has_no_measure() -> None:
    assert threshold_of(["J05AF07"]) == 0.9
    assert threshold_of(["C10AA05"]) == 0.8
    assert threshold_of(["J05AP08"]) == 0.8  # hepatitis C
    assert threshold_of(["A10AB05"]) is None


days = st.integers(0, 700).map(lambda n: date(2018, 1, 1) + timedelta(days=n))
some_fills = st.lists(st.builds(Fill, days, st.sampled_from("AB"), st.integers(-3, 400)), max_size=12)


@given(some_fills)
def test_covered_days_never_exceed_the_period(fills: list[Fill]) -> None:
    found = coverage(fills, END)
    assert isinstance(found, NotMeasured) or 0 < found.days <= found.period


@given(some_fills, st.integers(-4000, 4000))
def test_shifting_all_days_changes_nothing(fills: list[Fill], by: int) -> None:
    moved = [Fill(one.on + timedelta(days=by), one.ingredient, one.days) for one in fills]
    assert coverage(moved, END + timedelta(days=by)) == coverage(fills, END)


@given(some_fills)
def test_no_two_fills_of_one_ingredient_cover_the_same_day(fills: list[Fill]) -> None:
    found = intervals(fills)
    for agent in "AB":
        mine = sorted((one.first, one.last) for one in found if one.ingredient == agent)
        assert all(one[1] < other[0] for one, other in pairwise(mine))


def dispense(**more: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationDispense", "status": "completed", "whenHandedOver": "2018-01-01T23:30:00-05:00",
        "medicationCodeableConcept": {"text": "Metformin"}, "daysSupply": {"value": 30, "unit": "d"}, **more,
    }  # fmt: skip


def test_a_dispense_counts_on_the_day_of_its_own_clock() -> None:
    (found,) = dispensed([dispense()])
    assert (found.on, found.days, found.concept.title) == (date(2018, 1, 1), 30, "Metformin")


@pytest.mark.parametrize("more", [{"status": "cancelled"}, {"status": "in-progress"}, {"whenHandedOver": None}, {"whenHandedOver": "2018-01"}])
def test_what_was_not_handed_over_is_no_fill(more: dict[str, Any]) -> None:
    assert dispensed([dispense(**more)]) == ()


@pytest.mark.parametrize(("supply", "days"), [({"value": 2, "unit": "weeks"}, 14), ({"value": 30}, 30), ({"value": 30, "unit": "tablets"}, None), ({}, None), ({"value": True}, None), ({"value": 1.5, "code": "d"}, None)])  # fmt: skip
def test_days_of_supply_are_read_or_unknown(supply: dict[str, Any], days: int | None) -> None:
    (found,) = dispensed([dispense(daysSupply=supply)])
    assert found.days == days


def test_a_medicine_that_is_referred_to_is_looked_up() -> None:
    medicine = {"resourceType": "Medication", "code": {"coding": [{"system": "s", "code": "c", "display": "Atorvastatin"}]}}
    one = dispense(medicationCodeableConcept=None, medicationReference={"reference": "https://a.example/fhir/Medication/m1"})
    assert dispensed([one], {"Medication/m1": medicine})[0].concept.title == "Atorvastatin"
    inside = dispense(medicationCodeableConcept=None, medicationReference={"reference": "#m"}, contained=[{**medicine, "id": "m"}])
    assert dispensed([inside])[0].concept.title == "Atorvastatin"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["coding", "code", "value", "reference", "unit"]), inner, max_size=3),
    max_leaves=8,
)
KEYS = ["status", "whenHandedOver", "medicationCodeableConcept", "medicationReference", "daysSupply", "quantity", "contained"]


@given(st.dictionaries(st.sampled_from(KEYS), json_values), json_values)
def test_reading_never_raises(found: dict[str, Any], whole: Any) -> None:
    for one in dispensed([dispense(**found), whole], {"Medication/m1": whole}):
        assert one.days is None or one.days > 0
