"""This is the place where a visit is said: when by the clock it was agreed by, how, with whom, where, and what was done with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from core.care.visit_views import VisitLine
from core.domain.people import Role
from core.domain.visits import ARRIVED, BOOKED, CANCELLED, DAMAGED, DONE, KINDS, MISSED, PROPOSED, REASONS, Step, Visit
from core.ui.markup import tag
from core.ui.session import Visit as Here
from core.ui.words import Words

TONES = {PROPOSED: "watch", BOOKED: "fine", ARRIVED: "fine", DONE: "plain", CANCELLED: "unknown", MISSED: "soon", DAMAGED: "now"}
LOOKS = {PROPOSED: "clock", BOOKED: "check", ARRIVED: "check", DONE: "check", CANCELLED: "unknown", MISSED: "soon", DAMAGED: "now"}


def in_zone(t: Words, zone: str) -> Words:
    """The same words by another clock."""
    return replace(t, zone=ZoneInfo(zone))


def place_name(t: Words, zone: str) -> str:
    """The place by whose clock something is said, as people call it ("New York")."""
    return get_timezone_location(zone, locale=t.locale, return_city=True)


def when(t: Words, visit: Visit) -> str:
    """Day, time of day and how long it takes, by the clock it was agreed by."""
    assert visit.start is not None
    place = in_zone(t, visit.zone)
    return t(
        "visits.when", day=place.as_written(visit.start, "weekday"), clock=place.as_written(visit.start, "clock"), n=visit.minutes
    )


def elsewhere(t: Words, visit: Visit) -> str:
    """The same moment by the reader's own clock, where that shows another time; "" where it doesn't."""
    assert visit.start is not None
    here, there = visit.start.astimezone(t.zone), visit.start.astimezone(ZoneInfo(visit.zone))
    if here.utcoffset() == there.utcoffset():
        return ""
    return t(
        "visits.your_clock",
        zone=place_name(t, visit.zone),
        day=t.as_written(visit.start, "weekday"),
        clock=t.as_written(visit.start, "clock"),
    )


def distance(t: Words, visit: Visit, now: datetime) -> str:
    """Today, tomorrow, in so many days, by the calendar of the place."""
    assert visit.start is not None
    zone = ZoneInfo(visit.zone)
    days = (visit.start.astimezone(zone).date() - now.astimezone(zone).date()).days
    if days < 0:
        return ""
    return t("visits.today") if days == 0 else t("visits.tomorrow") if days == 1 else t("visits.in_days", n=days)


def how(t: Words, visit: Visit) -> str:
    """Its kind, and with whom."""
    if visit.kind not in KINDS:
        return t("visits.damaged")
    kind = t("visit.kind." + visit.kind)
    return t("visits.calendar_with", kind=kind, name=visit.with_name) if visit.with_name else kind


def reason(t: Words, visit: Visit) -> str:
    said = t("visit.reason." + visit.reason) if visit.reason in REASONS else visit.reason
    return f"{said}: {visit.words}" if visit.words else said


def state(t: Words, line: VisitLine, role: Role) -> str:
    """How it stands, in words with an icon each."""
    visit = line.visit
    team = role is Role.COORDINATOR
    marks = [
        tag(
            t(f"visit.state.{visit.state}" + ("_team" if team and visit.state == PROPOSED else "")),
            LOOKS[visit.state],
            TONES[visit.state],
        )
    ]
    if visit.wish:
        marks.append(tag(t("visits.wish_team" if team else "visits.wish"), "watch", "watch"))
    if line.unsaid and team:
        marks.append(tag(t("visits.unsaid"), "unknown", "unknown"))
    if line.clash or line.clash_with:
        marks.append(tag(t("visits.clash" if line.clash else "visits.clash_with"), "soon", "soon"))
    if line.gone and team:
        marks.append(tag(t("visits.gone"), "unknown", "unknown"))
    return f'<span class="th-tags">{" ".join(marks)}</span>'


def step(visit: Here, one: Step, zone: str) -> str:
    """One line of what was done with it."""
    t = visit.t
    who = one.name or t("visits.the_house")
    said = t("visit.step." + one.what, name=who)
    if one.before is not None and one.after is not None:
        place = in_zone(t, zone)
        said = t("visits.moved", said=said, before=place.moment(one.before), after=place.moment(one.after))
    if one.why:
        said = t("visits.because", said=said, why=one.why)
    return f"{t.moment(one.at)} · {said}"


def history(visit: Here, line: VisitLine) -> str:
    steps = "".join(f"<li>{escape(step(visit, one, line.visit.zone))}</li>" for one in line.visit.steps)
    return f"<ul>{steps}</ul>"
