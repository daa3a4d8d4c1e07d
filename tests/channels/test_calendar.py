"""The calendar that telephones read, read back by two other parsers: its instants are ours, and what it shows is what was allowed."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from core.care.feed_sheet import Coming, drawn
from core.channels.calendar import rendered, tag_of
from core.domain.calendar import CalendarMoment, CalendarSheet
from core.domain.doses import Feed
from core.ui.words import words

NOW = datetime(2026, 3, 27, 9, 0, tzinfo=UTC)
SAY = words("en")


def feed(detail: str = "discreet") -> Feed:
    return Feed("f1", "p1", "Phone", NOW, detail=detail)


def daily(zone: str, hour: int, minute: int = 0, days: int = 6, title: str = "Metformin 500 mg", lead: int = 0) -> list[Coming]:
    start = datetime(2026, 3, 27, hour, minute, tzinfo=ZoneInfo(zone))
    return [Coming(start + timedelta(days=n), f"m/0@{n}", title, lead) for n in range(days)]  # wall clock: the zone stays the same object


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Shanghai"])
def test_instants_are_ours_over_a_change_of_clocks(zone: str) -> None:
    coming = daily(zone, 8) + daily(zone, 20, 30)
    raw = rendered(drawn(SAY, feed(), coming, "en", NOW)).decode()
    ours = sorted(one.at.astimezone(UTC) for one in coming)
    assert sorted(event.dtstart.value for event in vobject.readOne(raw).vevent_list) == ours
    assert sorted(event.start for event in icalendar.Calendar.from_ical(raw).walk("VEVENT")) == ours


def test_one_event_a_moment_and_every_alarm_once() -> None:
    coming = daily("UTC", 8, days=1) + daily("UTC", 8, days=1, title="Aspirin", lead=10) + daily("UTC", 8, days=1, title="Zinc", lead=10)
    raw = rendered(drawn(SAY, feed("count"), coming, "en", NOW)).decode()
    (event,) = vobject.readOne(raw).vevent_list
    assert event.summary.value == "3 medicines are due now."
    assert [alarm.trigger.value for alarm in event.valarm_list] == [timedelta(0), timedelta(minutes=-10)]
    assert {alarm.action.value for alarm in event.valarm_list} == {"DISPLAY"}


@pytest.mark.parametrize(("detail", "shown"), [("discreet", False), ("count", False), ("names", True)])
def test_names_stand_in_a_calendar_only_where_that_was_allowed(detail: str, shown: bool) -> None:
    raw = rendered(drawn(words("zh_Hans"), feed(detail), daily("UTC", 8, title="二甲双胍"), "zh_Hans", NOW)).decode()
    assert ("二甲双胍" in vobject.readOne(raw).vevent_list[0].summary.value) == shown
    assert ("二甲双胍" in raw) == shown


def test_an_event_keeps_its_id_and_the_file_its_tag_until_something_changes() -> None:
    first = drawn(SAY, feed("count"), daily("UTC", 8), "en", NOW)
    later = drawn(SAY, feed("count"), daily("UTC", 8), "en", NOW + timedelta(hours=3))
    more = drawn(SAY, feed("count"), daily("UTC", 8) + daily("UTC", 8, title="Aspirin"), "en", NOW)
    assert [one.uid for one in first.moments] == [one.uid for one in more.moments]
    assert len({one.uid for one in first.moments}) == 6
    assert tag_of(first) == tag_of(later) != tag_of(more)
    other = drawn(SAY, Feed("f2", "p2", "Phone", NOW), daily("UTC", 8), "en", NOW)
    assert not {one.uid for one in first.moments} & {one.uid for one in other.moments}


@given(st.text(), st.text())
def test_any_text_is_one_summary_and_no_line_of_its_own(title: str, body: str) -> None:
    sheet = CalendarSheet("n", "en", NOW, (CalendarMoment("u@healthboard", NOW, title, body),))
    found = icalendar.Calendar.from_ical(rendered(sheet))
    (event,) = found.walk("VEVENT")
    assert set(event.keys()) <= {"UID", "DTSTAMP", "DTSTART", "DURATION", "SUMMARY", "DESCRIPTION", "TRANSP", "CLASS"}
    assert len(event.walk("VALARM")) == 1


def test_an_empty_calendar_is_a_calendar() -> None:
    found = icalendar.Calendar.from_ical(rendered(drawn(SAY, feed(), [], "en", NOW)))
    assert (found["METHOD"], found.walk("VEVENT")) == ("PUBLISH", [])


def test_a_thousand_events_are_quick() -> None:
    sheet = drawn(SAY, feed("names"), [Coming(NOW + timedelta(hours=n), f"m/{n}", "Metformin", 10) for n in range(1000)], "en", NOW)
    started = time.perf_counter()
    assert rendered(sheet).count(b"BEGIN:VEVENT") == 1000
    assert time.perf_counter() - started < 5
