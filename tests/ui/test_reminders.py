"""The Reminders page: what a person chooses is kept, what went out is said, and who only reads changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from core.care import feeds, medicine_book, reminder_book
from core.care.access import COMMAND_LINE, Action, require
from core.medications.book import ReminderBook
from core.ports import Ports
from tests.channels.fake import KeptMessages
from tests.ui.visitor import Visitor


@pytest.fixture
def kept() -> KeptMessages:
    return KeptMessages()


@pytest.fixture
def here(own_ports: Ports, kept: KeptMessages) -> Ports:
    return replace(own_ports, channels=kept)


def book_of(ports: Ports, person: str) -> ReminderBook:
    return reminder_book.load(ports.store, person, require(ports, COMMAND_LINE, Action.VIEW_RECORD, person))


def person_of(visitor: Visitor) -> str:
    return str(visitor.app.session_state["hb.visit"].person.person_id)


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_the_page_is_drawn_in_every_language(here: Ports, language: str) -> None:
    page = Visitor(here).speak(language).sign_in("patient").go("reminders")
    assert page.problems == []
    assert ("How and when" in page.text) == (language == "en")


def test_what_a_locked_screen_shows_is_kept_and_the_language_with_it(here: Ports) -> None:
    page = Visitor(here).sign_in("patient").go("reminders")
    page.app.radio(key="reminder_detail").set_value("names").run()
    assert page.problems == []
    book = book_of(here, person_of(page))
    assert (book.detail, book.language) == ("names", "en")


def test_a_test_message_goes_out_and_is_said(here: Ports, kept: KeptMessages) -> None:
    page = Visitor(here).sign_in("patient").go("reminders")
    channel = reminder_book.add_channel(here, COMMAND_LINE, person_of(page), "email", "me@example.org", "Mine")
    page.app.run()
    page.app.button(key=f"test_{channel.key}").click().run()
    assert page.problems == []
    assert [address for _, address, _ in kept.sent] == ["me@example.org"]
    assert "The test was handed on: Mine." in page.text


def test_a_calendar_address_is_shown_once(here: Ports) -> None:
    page = Visitor(here).sign_in("patient").go("reminders")
    page.app.text_input(key="feed_name").set_value("My phone")
    next(button for button in page.app.button if button.label == "Make the address").click().run()
    assert page.problems == []
    assert ["/calendar/" in one.value for one in page.app.code] == [True]
    page.app.button(key="feed_copied").click().run()
    assert list(page.app.code) == []
    assert [one.label for one in feeds.listed(here, COMMAND_LINE, person_of(page))] == ["My phone"]


def test_a_caregiver_reads_and_sees_no_addresses(here: Ports) -> None:
    page = Visitor(here).sign_in("caregiver").go("reminders")
    reminder_book.add_channel(here, COMMAND_LINE, person_of(page), "email", "private@example.org", "Mine")
    page.app.run()
    assert page.problems == []
    assert "Mine" in page.text
    assert "private@example.org" not in page.markup
    assert "Send me a test" not in page.markup


def test_reminders_that_do_not_run_are_said(here: Ports) -> None:
    page = Visitor(here).sign_in("patient").go("reminders")
    assert "not running" in page.text
    here.store.beat("w1", here.clock.now())
    page.app.run()
    assert "Reminders are running." in page.text


def test_the_hours_of_the_day_and_a_journey_are_kept(here: Ports) -> None:
    page = Visitor(here).sign_in("patient").go("reminders")
    page.app.time_input(key="hours_breakfast").set_value(time(9, 0))
    next(one for one in page.app.button if one.label == "Keep these hours").click().run()
    assert page.problems == []
    page.app.selectbox(key="trip_zone").set_value("Asia/Tokyo")
    next(one for one in page.app.button if one.label == "Add this journey").click().run()
    assert page.problems == []
    book = medicine_book.load(here.store, person_of(page), require(here, COMMAND_LINE, Action.VIEW_RECORD, person_of(page)))
    assert book.hours["breakfast"] == time(9, 0)
    assert [one.zone for one in book.trips] == ["Asia/Tokyo"]
    page.app.button(key="danger_trip_0").click().run()
    assert "No journeys." in page.text
