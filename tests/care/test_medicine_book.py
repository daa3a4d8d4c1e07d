"""What a person keeps about their medicines: changed in small steps, only where it makes sense, and a damaged drawer is never written over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from core.care import medicine_book, series_choices
from core.care.access import COMMAND_LINE, Action, require
from core.errors import BadInput, NotFound
from core.medications.book import Answered, Book, Choices, OwnMedicine, Stock, Trip
from core.medications.book_json import DRAWER
from core.ports import Ports
from tests.care.given import NOW, add_person, event, ports_with

TWICE = ({"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}},)
UNCLEAR = ({"text": "as you were told"},)


@pytest.fixture
def ports() -> Ports:
    return ports_with()


@pytest.fixture
def person(ports: Ports) -> str:
    person_id = add_person(ports)
    series_choices.set_zone(ports, COMMAND_LINE, person_id, "Europe/Berlin")
    return person_id


def book(ports: Ports, person: str) -> Book:
    return medicine_book.load(ports.store, person, require(ports, COMMAND_LINE, Action.VIEW_RECORD, person))


def test_what_was_added_is_kept_with_an_id_of_ours(ports: Ports, person: str) -> None:
    made = medicine_book.add_own(ports, COMMAND_LINE, person, OwnMedicine("mine", " Vitamin  D ", "supplement", dosages=TWICE))
    assert book(ports, person).own == (made,)
    assert (made.medicine_id[:4], made.title, made.added_at) == ("own-", "Vitamin D", NOW)
    medicine_book.change_own(ports, COMMAND_LINE, person, replace(made, reason="bones", added_at=None))
    medicine_book.end_own(ports, COMMAND_LINE, person, made.medicine_id, date(2026, 12, 1))
    (kept,) = book(ports, person).own
    assert (kept.reason, kept.until, kept.added_at) == ("bones", date(2026, 12, 1), NOW)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda p, who: medicine_book.add_own(p, COMMAND_LINE, who, OwnMedicine("", " ")), "title_needed"),
        (lambda p, who: medicine_book.add_own(p, COMMAND_LINE, who, OwnMedicine("", "x" * 121)), "text_too_long"),
        (lambda p, who: medicine_book.add_own(p, COMMAND_LINE, who, OwnMedicine("", "X", dosages=UNCLEAR)), "still_unclear"),
        (lambda p, who: medicine_book.add_own(p, COMMAND_LINE, who, OwnMedicine("", "X", dosages=({"text": "a" * 30_000},))), "dosage_needed"),
        (lambda p, who: medicine_book.add_own(p, COMMAND_LINE, who, OwnMedicine("", "X", since=date(2026, 2, 2), until=date(2026, 2, 1))), "day_before_start"),
        (lambda p, who: medicine_book.answer(p, COMMAND_LINE, who, "m", Answered("d", (), UNCLEAR, "", NOW)), "still_unclear"),
        (lambda p, who: medicine_book.answer(p, COMMAND_LINE, who, "m", Answered("d", (), (), "", NOW)), "dosage_needed"),
        (lambda p, who: medicine_book.count_stock(p, COMMAND_LINE, who, "m", Stock(-1, "tablets", NOW)), "number_impossible"),
        (lambda p, who: medicine_book.count_stock(p, COMMAND_LINE, who, "m", Stock(float("nan"), "tablets", NOW)), "number_impossible"),
        (lambda p, who: medicine_book.count_stock(p, COMMAND_LINE, who, "m", Stock(1, "", NOW)), "unit_needed"),
        (lambda p, who: medicine_book.choose(p, COMMAND_LINE, who, "m", Choices("perhaps")), "bad_choice"),
        (lambda p, who: medicine_book.choose(p, COMMAND_LINE, who, "m", Choices(lead=-5)), "number_impossible"),
        (lambda p, who: medicine_book.set_hours(p, COMMAND_LINE, who, {"wake": time(22)}), "hours_without_night"),
        (lambda p, who: medicine_book.set_hours(p, COMMAND_LINE, who, {"tea": time(16)}), "bad_choice"),
        (lambda p, who: medicine_book.add_trip(p, COMMAND_LINE, who, Trip(date(2026, 12, 1), None, "Mars/Olympus")), "bad_choice"),
        (lambda p, who: medicine_book.add_trip(p, COMMAND_LINE, who, Trip(date(2026, 12, 2), date(2026, 12, 1), "Asia/Tokyo")), "day_before_start"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(ports: Ports, person: str, edit: Callable[[Ports, str], None], code: str) -> None:
    with pytest.raises(BadInput) as refused:
        edit(ports, person)
    assert refused.value.code == code
    assert book(ports, person) == Book()


def test_an_answer_stands_until_it_is_taken_back(ports: Ports, person: str) -> None:
    medicine_book.answer(ports, COMMAND_LINE, person, "m", Answered("digest", ("how_often",), TWICE, "twice a day", datetime(1999, 1, 1, tzinfo=UTC)))
    assert book(ports, person).answers["m"] == Answered("digest", ("how_often",), TWICE, "twice a day", NOW)
    medicine_book.take_answer_back(ports, COMMAND_LINE, person, "m")
    assert book(ports, person).answers == {}


def test_the_usual_hour_comes_back(ports: Ports, person: str) -> None:
    medicine_book.set_hours(ports, COMMAND_LINE, person, {"wake": time(5, 30), "dinner": time(20)})
    medicine_book.set_hours(ports, COMMAND_LINE, person, {"wake": None})
    assert book(ports, person).hours == {"dinner": time(20)}


def test_journeys_do_not_overlap_and_can_be_taken_back(ports: Ports, person: str) -> None:
    medicine_book.add_trip(ports, COMMAND_LINE, person, Trip(date(2026, 12, 1), date(2026, 12, 5), "Asia/Tokyo"))
    with pytest.raises(BadInput, match="trips_overlap"):
        medicine_book.add_trip(ports, COMMAND_LINE, person, Trip(date(2026, 12, 5), None, "Asia/Seoul"))
    medicine_book.remove_trip(ports, COMMAND_LINE, person, date(2026, 12, 1))
    assert book(ports, person).trips == ()
    with pytest.raises(NotFound):
        medicine_book.remove_trip(ports, COMMAND_LINE, person, date(2026, 12, 1))


def test_a_damaged_drawer_is_said_and_not_written_over(ports: Ports, person: str) -> None:
    ports.store.put_in_drawer(person, DRAWER, b"{", event())
    with pytest.raises(BadInput, match="drawer_damaged"):
        medicine_book.choose(ports, COMMAND_LINE, person, "m", Choices("yes"))
    assert ports.store.drawer(person, DRAWER, event()) == b"{"
    medicine_book.start_over(ports, COMMAND_LINE, person)
    assert book(ports, person) == Book()


def test_the_next_ten_doses_are_shown_before_anything_is_kept(ports: Ports, person: str) -> None:
    found = medicine_book.preview(ports, COMMAND_LINE, person, TWICE)
    assert [f"{one.at:%d %H:%M %z}" for one in found[:3]] == ["21 20:00 +0100", "22 08:00 +0100", "22 20:00 +0100"]
    assert len(found) == 10
    later = medicine_book.preview(ports, COMMAND_LINE, person, TWICE, date(2026, 12, 24))
    assert later[0].at.isoformat() == "2026-12-24T08:00:00+01:00"
    assert medicine_book.preview(ports, COMMAND_LINE, person, UNCLEAR) == ()
