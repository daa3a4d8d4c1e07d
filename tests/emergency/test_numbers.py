"""Whose emergency number is shown: the clock's and the address's country, both where they disagree, and none where nobody knows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.emergency.flags import BY_KEY, FLAGS
from core.emergency.numbers import COMMON, NUMBERS, country_of, elsewhere, local


@pytest.mark.parametrize(
    ("address", "country"),
    [
        ("1 Main St, Springfield, IL 62701, US", "US"), ("12 Rue X, 75001 Paris, France", "FR"), ("北京市朝阳区, 中国", "CN"), ("Beijing, China", "CN"), ("Leeds, United Kingdom", "GB"),
        ("San Francisco, CA", ""), ("Wilmington, DE", ""), ("Berlin", ""), ("", ""), (", ,", ""), ("US", ""), ("Somewhere, Atlantis", ""), ("Toronto ON, Canada", "CA"), ("10 Road, CHN", "CN"),
    ],
)  # fmt: skip
def test_the_country_of_an_address(address: str, country: str) -> None:
    assert country_of(address) == country


def test_clock_and_address_that_agree_are_one_country() -> None:
    (only,) = local("US", "US")
    assert (only.country, only.numbers, only.why) == ("US", ("911",), ("zone", "address"))


def test_clock_and_address_that_disagree_are_both_shown_the_clock_first() -> None:
    assert [(one.country, one.numbers[0]) for one in local("CN", "US")] == [("CN", "120"), ("US", "911")]


def test_where_nobody_knows_no_country_is_claimed() -> None:
    assert local("", "") == ()
    assert local("XX", "001") == ()
    assert elsewhere(()) == COMMON


def test_what_is_shown_big_is_not_shown_again() -> None:
    assert "US" not in dict(elsewhere(local("US", "")))


def test_every_number_can_be_dialled_as_it_stands() -> None:
    assert [number for numbers in (*NUMBERS.values(), [n for _, n in COMMON]) for number in numbers if not number.isdecimal()] == []
    assert {country for country, _ in COMMON} - {"EU"} <= set(NUMBERS)
    assert all(number in NUMBERS[country] for country, number in COMMON if country != "EU")


@given(st.text(max_size=80))
def test_any_address_is_a_country_of_the_table_or_none(address: str) -> None:
    assert country_of(address) in {"", *NUMBERS}


def test_every_sign_says_who_says_so() -> None:
    assert [one.key for one in FLAGS if not one.source or one.status not in ("verified", "unchecked") or one.steps < 1] == []


def test_the_limits_are_those_of_the_reference() -> None:
    assert dict(BY_KEY["low_glucose"].limits) == {"mg": 54, "mmol": 3.0}
    assert dict(BY_KEY["high_pressure"].limits) == {"upper": 180, "lower": 120}


def test_where_the_service_is_used_speaks_beside_the_clock_and_the_record() -> None:
    assert [(one.country, one.why) for one in local("", "", "GB")] == [("GB", ("service",))]
    assert [(one.country, one.why) for one in local("CN", "GB", "GB")] == [("CN", ("zone",)), ("GB", ("service", "address"))]
    assert local("", "", "XX") == ()
