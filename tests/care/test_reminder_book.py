"""How somebody wants to be reminded: kept whole, changed in small steps, and a damaged drawer is never written over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.care import reminder_book as settings
from core.care.access import COMMAND_LINE, Action, require
from core.care.messages import helper_message, message
from core.domain.doses import PlannedReminder, Reminder, ReminderState
from core.errors import BadInput, NotDelivered, NotFound
from core.medications.book import Channel, Helper, Kind, Measuring, ReminderBook
from core.medications.reminder_json import read, written
from core.ports import Ports
from core.ui.words import languages, words
from tests.care.given import add_person, event, ports_with
from tests.channels.fake import KeptMessages

NAMES = ("Zolpidem 5 mg", "Metformin 500 mg")
clocks = st.times().map(lambda at: at.replace(second=0, microsecond=0, fold=0))
channels = st.builds(Channel, st.text(), st.sampled_from(["email", "apprise", "push"]), st.text(), st.text(), st.booleans())
books = st.builds(
    ReminderBook,
    detail=st.sampled_from(["discreet", "count", "names"]),
    quiet=st.none() | st.tuples(clocks, clocks),
    channels=st.lists(channels, max_size=3).map(tuple),
    kinds=st.dictionaries(st.sampled_from(["dose", "refill"]), st.builds(Kind, lead=st.integers(0, 60), repeat=st.integers(1, 60), rounds=st.integers(1, 6))),
    helpers=st.lists(st.builds(Helper, st.text(), st.text(), channels), max_size=2).map(tuple),
    measuring=st.lists(
        st.builds(Measuring, st.just("measure"), st.text(), st.lists(clocks, max_size=2).map(tuple), st.just(("mon",))), max_size=2
    ).map(tuple),
    late=st.integers(0, 500),
    language=st.text(),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["quiet", "channels", "kinds", "detail", "late"]) | st.text(), inner, max_size=4),
)


@pytest.fixture
def kept() -> KeptMessages:
    return KeptMessages()


@pytest.fixture
def ports(kept: KeptMessages) -> Ports:
    return replace(ports_with(), channels=kept, public_url="https://health.example")


@pytest.fixture
def person(ports: Ports) -> str:
    return add_person(ports)


def book_of(ports: Ports, person: str) -> ReminderBook:
    return settings.load(ports.store, person, require(ports, COMMAND_LINE, Action.VIEW_RECORD, person))


@given(books)
def test_what_is_written_is_read_again(book: ReminderBook) -> None:
    found = read(written(book))
    assert replace(found, raw=b"") == book


@given(st.binary() | anything.map(lambda one: __import__("json").dumps(one).encode()))
def test_whatever_lies_in_the_drawer_is_read_or_said_to_be_damaged(raw: bytes) -> None:
    try:
        assert read(raw).raw == raw
    except BadInput as error:
        assert error.code == "drawer_damaged"


def test_a_damaged_drawer_is_never_written_over(ports: Ports, person: str) -> None:
    ports.store.put_in_drawer(person, "reminders", b'{"detail": "loud"}', event())
    with pytest.raises(BadInput, match="drawer_damaged"):
        settings.set_detail(ports, COMMAND_LINE, person, "names")
    assert ports.store.drawer(person, "reminders", event()) == b'{"detail": "loud"}'
    settings.start_over(ports, COMMAND_LINE, person)
    assert book_of(ports, person) == ReminderBook()


def test_a_channel_is_added_once_switched_and_removed(ports: Ports, person: str) -> None:
    first = settings.add_channel(ports, COMMAND_LINE, person, "email", " me@example.org ", "Mine")
    again = settings.add_channel(ports, COMMAND_LINE, person, "email", "me@example.org")
    assert (again.key, again.address, again.name) == (first.key, "me@example.org", "Mine")
    settings.switch_channel(ports, COMMAND_LINE, person, first.key, False)
    assert [one.on for one in book_of(ports, person).channels] == [False]
    settings.set_kind(ports, COMMAND_LINE, person, "dose", Kind(channels=(first.key,)))
    settings.remove_channel(ports, COMMAND_LINE, person, first.key)
    book = book_of(ports, person)
    assert (book.channels, book.kind("dose").channels) == ((), ())
    with pytest.raises(NotFound):
        settings.remove_channel(ports, COMMAND_LINE, person, first.key)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda p, w: settings.set_detail(p, COMMAND_LINE, w, "all"), "bad_choice"),
        (lambda p, w: settings.add_channel(p, COMMAND_LINE, w, "fax", "1"), "bad_choice"),
        (lambda p, w: settings.add_channel(p, COMMAND_LINE, w, "email", "bad"), "bad_address"),
        (lambda p, w: settings.add_channel(p, COMMAND_LINE, w, "email", "a@b.c\nBcc: x@y.z"), "bad_address"),
        (lambda p, w: settings.set_kind(p, COMMAND_LINE, w, "dose", Kind(repeat=1)), "number_impossible"),
        (lambda p, w: settings.set_kind(p, COMMAND_LINE, w, "nap", Kind()), "bad_choice"),
        (lambda p, w: settings.set_quiet(p, COMMAND_LINE, w, (time(22), time(22))), "quiet_hours_all_day"),
        (lambda p, w: settings.add_helper(p, COMMAND_LINE, w, " ", ("email", "a@b.c"), "refills"), "helper_needs_name"),
        (lambda p, w: settings.add_helper(p, COMMAND_LINE, w, "Ann", ("email", "a@b.c"), "always"), "bad_choice"),
        (lambda p, w: settings.set_measuring(p, COMMAND_LINE, w, Measuring("measure", "weight", (time(8),), ("xyz",))), "bad_choice"),
    ],
)
def test_what_cannot_be_chosen_is_refused_and_nothing_is_kept(ports: Ports, person: str, call: object, code: str) -> None:
    with pytest.raises(BadInput) as caught:
        call(ports, person)  # type: ignore[operator]
    assert caught.value.code == code
    assert ports.store.drawer(person, "reminders", event()) == b""


def test_measuring_reminders_are_one_a_thing_and_end_without_times(ports: Ports, person: str) -> None:
    settings.set_measuring(ports, COMMAND_LINE, person, Measuring("measure", "weight", (time(20), time(8)), ("mon",)))
    settings.set_measuring(ports, COMMAND_LINE, person, Measuring("measure", "weight", (time(9),)))
    assert book_of(ports, person).measuring == (Measuring("measure", "weight", (time(9),)),)
    settings.set_measuring(ports, COMMAND_LINE, person, Measuring("measure", "weight", ()))
    assert book_of(ports, person).measuring == ()


def test_a_test_message_goes_out_through_the_channel_and_names_nobody(ports: Ports, person: str, kept: KeptMessages) -> None:
    channel = settings.add_channel(ports, COMMAND_LINE, person, "email", "me@example.org")
    assert settings.send_test(ports, COMMAND_LINE, person, channel.key, words("en")) == "kept"
    ((kind, address, sent),) = kept.sent
    assert (kind, address, sent.link) == ("email", "me@example.org", "https://health.example")
    assert "Casey" not in sent.title + sent.body
    kept.fails = NotDelivered("mail_refused", permanent=True)
    with pytest.raises(NotDelivered, match="mail_refused"):
        settings.send_test(ports, COMMAND_LINE, person, channel.key, words("en"))


def test_without_channels_a_no_has_a_reason(person: str, ports: Ports) -> None:
    with pytest.raises(BadInput, match="channel_not_set_up"):
        settings.add_channel(replace(ports, channels=None), COMMAND_LINE, person, "email", "me@example.org")


# ---------------------------------------------------------------------------------------------------- what a message says


def reminder(kind: str = "dose") -> Reminder:
    at = datetime(2026, 3, 1, 8, tzinfo=UTC)
    return Reminder("r1", "p1", PlannedReminder(f"{kind}@x", kind, at, at, critical=True), ReminderState.WAITING)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["dose", "refill", "measure", "questionnaire", "visit"])
def test_a_lock_screen_shows_what_was_allowed_and_no_more(language: str, kind: str) -> None:
    say = words(language)
    discreet, count, names = (
        message(say, reminder(kind), ReminderBook(detail=detail, language=language), NAMES, 2) for detail in ("discreet", "count", "names")
    )
    assert not any(name in discreet.title + discreet.body + count.title + count.body for name in NAMES)
    assert all(name in names.body for name in NAMES)
    assert all("2" in one.body for one in (discreet, count, names))
    assert {one.message_id for one in (discreet, count, names)} == {"r1.r2@healthboard"}
    assert "{" not in discreet.body + count.body + names.body


@pytest.mark.parametrize("language", languages())
def test_discreet_does_not_even_say_that_it_is_a_medicine(language: str) -> None:
    said = {message(words(language), reminder(kind), ReminderBook(), NAMES).body for kind in ("dose", "refill", "measure", "visit")}
    assert len(said) == 1


@pytest.mark.parametrize("language", languages())
def test_a_helper_learns_who_and_the_names_only_where_allowed(language: str) -> None:
    say = words(language)
    plain = helper_message(say, reminder(), ReminderBook(detail="count"), NAMES, "Margaret")
    named = helper_message(say, reminder(), ReminderBook(detail="names"), NAMES, "Margaret")
    assert "Margaret" in plain.title
    assert NAMES[0] not in plain.body
    assert NAMES[0] in named.body


def test_many_names_are_counted() -> None:
    made = message(words("en"), reminder(), ReminderBook(detail="names"), ["A", "B", "C", "D", "E", "F"])
    assert "A, B, C, D and 2 more" in made.body
