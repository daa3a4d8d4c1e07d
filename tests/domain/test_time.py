"""This is the place where partial dates stay partial and instants keep their offset."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.time import PartialTime

TIMES = [
    ("2024", "year", (2024, 1, 1), (2025, 1, 1)), ("2024-02", "month", (2024, 2, 1), (2024, 3, 1)), ("2024-12", "month", (2024, 12, 1), (2025, 1, 1)),
    ("2024-02-29", "day", (2024, 2, 29), (2024, 3, 1)), ("2024-03-10T08:15:00+08:00", "instant", (2024, 3, 10, 0, 15), (2024, 3, 10, 0, 15, 1)),
    ("2024-03-10T23:15:00-05:00", "instant", (2024, 3, 11, 4, 15), (2024, 3, 11, 4, 15, 1)), ("2024-03-10T08:15Z", "instant", (2024, 3, 10, 8, 15), (2024, 3, 10, 8, 15, 1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "precision", "earliest", "until"), TIMES)
def test_a_time_means_no_more_than_it_says(text: str, precision: str, earliest: tuple[int, ...], until: tuple[int, ...]) -> None:
    time = PartialTime.parse(text)
    assert time is not None
    assert time.precision == precision
    assert time.earliest == datetime(*earliest, tzinfo=UTC)
    assert time.until == datetime(*until, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "2023-02-29", "2024-13", "2024-1-1", "24", "yesterday", "2024-03-10T25:00:00Z", "0000", None, 2024, "2024-03-10 08:15"],
)
def test_what_is_no_date_is_none(text: object) -> None:
    assert PartialTime.parse(text) is None


def test_the_local_day_is_the_day_where_it_was_written_down() -> None:
    late = PartialTime.parse("2024-03-10T23:30:00-05:00")
    assert late is not None
    assert late.local_date == date(2024, 3, 10)
    assert late.earliest.date() == date(2024, 3, 11)


def test_for_ever_is_a_time_too() -> None:
    for text in ("9999", "9999-12", "9999-12-31"):
        time = PartialTime.parse(text)
        assert time is not None
        assert time.until >= time.earliest


@given(
    st.text(max_size=40) | st.from_regex(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?", fullmatch=True)
)
def test_any_text_is_a_time_or_none_and_never_an_error(text: str) -> None:
    time = PartialTime.parse(text)
    assert time is None or time.earliest < time.until
