"""This is the place where it is checked what the trained model says of a person, when it declines, and that it never clears anybody."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.risk.terms import Fault
from core.risk.trained import Screened, banded, baseline_probability, contributions, equation, screen
from tests.models.given import PERSON, baseline, card, shipped


def ask(**changed: float) -> Screened | tuple[Fault, ...]:
    return screen(card(), baseline(), shipped().predict, PERSON | changed)


def answered(**changed: float) -> Screened:
    found = ask(**changed)
    assert isinstance(found, Screened), found
    return found


def why(**changed: float) -> list[tuple[str, str]]:
    found = ask(**changed)
    assert isinstance(found, tuple), found
    return [(fault.code, fault.input) for fault in found]


@pytest.mark.parametrize("key", [one.key for one in card().inputs])
def test_an_input_that_is_not_known_is_never_filled_in(key: str) -> None:
    assert ("missing", key) in why(**{key: float("nan")})
    without = {name: value for name, value in PERSON.items() if name != key}
    found = screen(card(), baseline(), shipped().predict, without)
    assert isinstance(found, tuple)
    assert ("missing", key) in [(fault.code, fault.input) for fault in found]


@pytest.mark.parametrize("one", [one for one in card().inputs if one.kind == "number"], ids=lambda one: one.key)
def test_outside_the_range_it_learned_from_it_declines(one: object) -> None:
    key, low, high = one.key, one.low, one.high  # type: ignore[attr-defined]
    assert why(**{key: low - 1}) == [("below_range", key)]
    assert why(**{key: high + 1}) == [("above_range", key)]
    answered(**{key: low})
    answered(**{key: high})


@pytest.mark.parametrize("one", [one for one in card().inputs if one.kind != "number"], ids=lambda one: one.key)
def test_a_half_yes_is_no_answer(one: object) -> None:
    assert len(why(**{one.key: 0.5})) == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["diabetes", "pregnant"])
def test_it_is_not_for_people_who_were_told_nor_in_pregnancy(key: str) -> None:
    assert why(**{key: 1.0}) == [("not_for", key)]
    answered(**{key: 0.0})


def test_age_counts_in_completed_years() -> None:
    assert answered(age=52.9).probability == answered(age=52.0).probability
    answered(age=79.9)
    assert why(age=80.0) == [("above_range", "age")]


@given(st.floats(20, 79), st.floats(18, 55), st.floats(88, 188), st.sampled_from([0.0, 1.0]))
def test_it_never_calls_anybody_fine(age: float, bmi: float, sbp: float, sex: float) -> None:
    assert answered(age=age, bmi=bmi, sbp=sbp, sex=sex).state in ("watch", "unknown")


@pytest.mark.parametrize("age", [25.0, 45.0, 59.9])
def test_a_low_result_says_nothing_where_too_many_are_overlooked(age: float) -> None:
    assert banded(card(), 0.0, age) == ("says_nothing_below", "unknown")
    assert banded(card(), 1.0, age) == ("more_alike", "watch")


@pytest.mark.parametrize("age", [60.0, 79.0])
def test_a_high_result_says_nothing_where_nearly_everybody_has_one(age: float) -> None:
    assert banded(card(), 1.0, age) == ("says_nothing_above", "unknown")
    assert banded(card(), 0.0, age) == ("no_more_alike", "unknown")


def test_the_cut_itself_is_above() -> None:
    assert banded(card(), card().cut, 45.0)[0] == "more_alike"
    assert banded(card(), np.nextafter(card().cut, 0), 45.0)[0] == "says_nothing_below"


def test_where_evaluation_allowed_no_band_none_is_given() -> None:
    assert banded(replace(card(), shows_band=False), 1.0, 45.0) == ("", "unknown")


def test_the_probability_is_not_shown_since_it_is_too_high_for_the_population() -> None:
    assert answered().shows_number is False


@given(st.floats(20, 78), st.floats(18, 54))
def test_heavier_people_and_up_to_60_older_ones_are_more_alike(age: float, bmi: float) -> None:
    here = answered(age=age, bmi=bmi).probability
    assert answered(age=age, bmi=bmi + 1).probability > here
    assert answered(age=min(age + 1, 60), bmi=bmi).probability >= here - 1e-6 or age > 60


def test_from_60_on_a_year_hardly_matters() -> None:
    log_odds = [np.log(p / (1 - p)) for p in (answered(age=float(age)).probability for age in range(60, 80))]
    assert np.abs(np.diff(log_odds)).max() < 0.01


@given(
    st.sampled_from([0.0, 1.0]), st.integers(20, 79), st.floats(18, 55), st.floats(88, 188), st.floats(39, 102), st.floats(46, 108), st.booleans()
)  # fmt: skip
def test_contributions_add_up_to_what_sets_a_person_apart(sex: float, age: int, bmi: float, sbp: float, dbp: float, pulse: float, active: bool) -> None:
    person = PERSON | {"sex": sex, "age": float(age), "bmi": bmi, "sbp": sbp, "dbp": dbp, "pulse": pulse, "physically_active": float(active)}
    middle = person | dict(card().reference)
    moved = sum(value for _, value in contributions(baseline(), person, card().reference))
    here, there = baseline_probability(baseline(), person), baseline_probability(baseline(), middle)
    assert moved == pytest.approx(np.log(here / (1 - here)) - np.log(there / (1 - there)), abs=1e-8)


def test_the_person_in_the_middle_has_nothing_that_sets_them_apart() -> None:
    assert [value for _, value in contributions(baseline(), PERSON | dict(card().reference), card().reference)] == [0.0] * len(card().reference)


def test_it_offers_nothing_as_a_lever() -> None:
    assert [one.key for one in equation(card(), shipped().predict).inputs if one.modifiable] == []
