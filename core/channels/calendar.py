"""This is the place where a calendar becomes the file that telephones subscribe to (RFC 5545, RFC 7986)."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration, vText

from core.domain.calendar import CalendarMoment, CalendarSheet

LASTS = timedelta(minutes=15)
"""How long an event is drawn: a calendar shows none without length."""


def rendered(sheet: CalendarSheet) -> bytes:
    """The file: instants in UTC, so that no telephone's own table of zones can move them."""
    calendar = Calendar()
    calendar.add("prodid", "-//Healthboard//Reminders//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", sheet.name)
    calendar.add("x-wr-calname", sheet.name)
    calendar.add("refresh-interval", vDuration(sheet.refresh), parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", vDuration(sheet.refresh))
    for moment in sheet.moments:
        calendar.add_component(_event(sheet, moment))
    return bytes(calendar.to_ical())


def tag_of(sheet: CalendarSheet) -> str:
    """The same for the same events, whenever they were given out (an HTTP entity tag)."""
    parts = [sheet.name, sheet.language, sheet.link, *(repr((one.uid, one.at.astimezone(UTC), one.title, one.body, one.alarms, one.lasts, one.place, one.tentative)) for one in sheet.moments)]
    return '"' + hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32] + '"'


def _event(sheet: CalendarSheet, moment: CalendarMoment) -> Event:
    event = Event()
    event.add("uid", moment.uid)
    event.add("dtstamp", sheet.made_at.astimezone(UTC))
    event.add("dtstart", moment.at.astimezone(UTC))
    event.add("duration", moment.lasts or LASTS)
    event.add("summary", _text(moment.title), parameters={"language": sheet.language})
    if moment.body:
        event.add("description", _text(moment.body), parameters={"language": sheet.language})
    if sheet.link:
        event.add("url", sheet.link)
    if moment.place:
        event.add("location", _text(moment.place))
    event.add("transp", "OPAQUE" if moment.lasts else "TRANSPARENT")  # nobody is busy while taking a medicine
    if moment.lasts:
        event.add("status", "TENTATIVE" if moment.tentative else "CONFIRMED")
    event.add("class", "PRIVATE")
    for before in moment.alarms:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", -before)
        alarm.add("description", _text(moment.title))
        event.add_component(alarm)
    return event


def _text(text: str) -> vText:
    return vText("".join(c if c.isprintable() or c == "\n" else " " for c in text))
