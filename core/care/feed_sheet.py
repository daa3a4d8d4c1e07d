"""This is the place where the coming doses of a person become the calendar that a telephone is given, and no more of them than it may show."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby

from core.care.messages import names_of
from core.domain.calendar import CalendarMoment, CalendarSheet
from core.domain.doses import Feed
from core.ports import Say

SHOWN_FOR = timedelta(days=14)
"""How far ahead a calendar reaches: a telephone that is off for a fortnight has more to ask than a calendar."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A dose to come, as a calendar needs it."""

    at: datetime
    slot: str
    title: str
    lead: int = 0


def drawn(say: Say, feed: Feed, coming: Sequence[Coming], language: str, made_at: datetime, link: str = "") -> CalendarSheet:
    """One event a moment, however many doses are due then. The id of an event hangs on the person and the moment alone: a dose that is
    added or ends changes the event of its moment, and the last one takes it away."""
    ordered = sorted(coming, key=lambda one: (one.at, one.slot))
    moments = tuple(_moment(say, feed, at, tuple(several)) for at, several in groupby(ordered, key=lambda one: one.at.astimezone(UTC)))
    return CalendarSheet(say("feed.name"), language.replace("_", "-"), made_at, moments, link)


def _moment(say: Say, feed: Feed, at: datetime, doses: tuple[Coming, ...]) -> CalendarMoment:
    uid = hashlib.sha256(f"{feed.person_id}/dose@{at:%Y%m%dT%H%M%SZ}".encode()).hexdigest()[:32] + "@healthboard"
    titles = list(dict.fromkeys(one.title for one in doses))
    title, body = say("message.title.discreet"), say("message.discreet")
    if feed.detail == "count":
        title, body = say("message.count.dose", n=len(titles)), say("message.next.dose")
    elif feed.detail == "names":
        title, body = say("message.names.dose", names=names_of(say, titles)), say("message.next.dose")
    leads = sorted({timedelta(0), *(timedelta(minutes=one.lead) for one in doses)})
    return CalendarMoment(uid, at, title, body, tuple(leads))
