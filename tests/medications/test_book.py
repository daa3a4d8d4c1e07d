"""A person's book of medicines: kept whole, read strictly, and their journeys as the zones they are in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.medications.book import Answered, Book, Choices, OwnMedicine, Stock, Trip
from core.medications.book_json import HOURS, SORTS, TAKING, read, written
from core.medications.journeys import habits, overlaps
from core.medications.terms import Habits
from core.medications.zones import zone_at

NAMES = st.text(max_size=8)
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
DOSAGES = st.lists(st.dictionaries(NAMES, st.none() | st.booleans() | st.integers() | NAMES, max_size=2), max_size=2).map(tuple)
BOOKS = st.builds(
    Book,
    hours=st.dictionaries(st.sampled_from(HOURS), CLOCKS),
    trips=st.lists(st.builds(Trip, DAYS, st.none(), NAMES), max_size=2).map(tuple),
    answers=st.dictionaries(NAMES, st.builds(Answered, NAMES, st.just(("how_often",)), DOSAGES, NAMES, INSTANTS), max_size=2),
    own=st.lists(st.builds(OwnMedicine, NAMES, NAMES, st.sampled_from(SORTS), NAMES, NAMES, DOSAGES, NAMES, st.none() | DAYS, st.none() | DAYS, st.none() | INSTANTS), max_size=2).map(tuple),
    choices=st.dictionaries(NAMES, st.builds(Choices, st.sampled_from(TAKING), NAMES, st.booleans(), st.booleans(), st.integers(0, 99)), max_size=2),
    stock=st.dictionaries(NAMES, st.builds(Stock, st.floats(0, 1e6), NAMES, INSTANTS, st.integers(0, 99)), max_size=2),
    both=st.dictionaries(NAMES, st.lists(NAMES, max_size=2).map(tuple), max_size=2),
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | NAMES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["hours", "trips", "own", "wake", "first", "zone"]) | NAMES, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60)
@given(BOOKS)
def test_what_is_kept_is_what_is_read(book: Book) -> None:
    again = read(written(book))
    assert written(again) == written(book)
    assert (again.own, again.stock, again.choices, again.trips) == (book.own, book.stock, book.choices, book.trips)


@given(st.binary(min_size=1, max_size=40) | ANYTHING.map(lambda one: json.dumps(one).encode()))
def test_anything_else_is_damaged_and_never_an_empty_book(raw: bytes) -> None:
    with pytest.raises(BadInput, match="drawer_damaged"):
        read(raw)


@settings(max_examples=60)
@given(BOOKS, st.data())
def test_a_book_with_one_part_missing_or_odd_is_damaged(book: Book, data: st.DataObject) -> None:
    whole = json.loads(written(book))
    key = data.draw(st.sampled_from(sorted(whole)))
    odd = data.draw(st.none() | st.integers() | NAMES | st.booleans())
    with pytest.raises(BadInput):
        read(json.dumps({**whole, key: odd}).encode())
    del whole[key]
    with pytest.raises(BadInput):
        read(json.dumps(whole).encode())


def test_an_empty_drawer_is_an_empty_book() -> None:
    assert read(b"") == Book()


def test_hours_that_were_changed_stand_beside_the_usual_ones() -> None:
    found = habits(Book(hours={"breakfast": time(9, 30)}), "Asia/Shanghai")
    assert (found.breakfast, found.dinner, found.zone) == (time(9, 30), Habits().dinner, "Asia/Shanghai")


def where(trips: tuple[Trip, ...], *instants: str) -> list[str]:
    found = habits(Book(trips=trips), "Europe/Berlin")
    return [zone_at(found, datetime.fromisoformat(one)).key for one in instants]


def test_a_journey_is_from_its_first_midnight_there_until_the_midnight_at_home_after_it() -> None:
    trip = Trip(date(2026, 12, 1), date(2026, 12, 10), "Asia/Tokyo")
    inside, outside = ("2026-11-30T15:00+00:00", "2026-12-10T22:59+00:00"), ("2026-11-30T14:59+00:00", "2026-12-10T23:00+00:00")
    assert where((trip,), *inside) == ["Asia/Tokyo"] * 2
    assert where((trip,), *outside) == ["Europe/Berlin"] * 2


def test_from_one_journey_straight_to_the_next_nobody_is_at_home_between() -> None:
    trips = (Trip(date(2026, 12, 1), date(2026, 12, 4), "America/New_York"), Trip(date(2026, 12, 5), None, "Asia/Tokyo"))
    assert where(trips, "2026-12-04T14:59+00:00", "2026-12-04T15:00+00:00", "2027-12-04T15:00+00:00") == ["America/New_York", "Asia/Tokyo", "Asia/Tokyo"]


def test_journeys_that_share_a_day_are_noticed() -> None:
    there = (Trip(date(2026, 12, 1), date(2026, 12, 4), "Asia/Tokyo"),)
    assert overlaps(there, Trip(date(2026, 12, 4), date(2026, 12, 6), "Asia/Seoul"))
    assert overlaps(there, Trip(date(2026, 11, 4), None, "Asia/Seoul"))
    assert not overlaps(there, Trip(date(2026, 12, 5), None, "Asia/Seoul"))
