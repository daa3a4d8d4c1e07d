"""This is the place where the team sees a day of visits: whose, how full it is, and what waits for them whenever it is (another time that is asked for, a visit
of which nobody said what became of it). Appointments that came with a record are on the page of that person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.care import thread_hours, visit_papers, visit_prepare, visits
from core.care.access import Action, reach, require
from core.care.team import team
from core.care.visit_views import DayView, Load, VisitLine
from core.domain.office import OfficeHours
from core.domain.papers import PaperKind
from core.domain.people import Actor
from core.domain.visits import DAMAGED, STANDING, clashing, span
from core.errors import BadInput
from core.ports import Ports

DAYS = 7


def day(ports: Ports, actor: Actor, wanted: date | None, zone: str) -> DayView:
    """The day (None: today) by the clock of the office where that is set, else of `zone`."""
    grant = require(ports, actor, Action.VIEW_VISIT_DAY)
    now, hours = ports.clock.now(), _hours(ports)
    place = ZoneInfo(hours.zone if hours else zone or "UTC")
    first = wanted or now.astimezone(place).date()
    people = ports.store.people(reach(ports, grant.account) if grant.account else None, grant.event("visits"))
    names = {one.person_id: one.profile.name for one in people}
    papers = ports.store.papers(tuple(names), grant.event("visits"), kinds=(PaperKind.VISIT,)) if names else ()
    of = team(ports, ports.store.panels(grant.account.panels) if grant.account and grant.account.panels else ports.store.panels())
    found = []
    for paper in papers:
        line = visits.line_of(paper.key, paper.person_id, visit_papers.read_or_damaged(paper), (actor, of, now))
        found.append(replace(line, person_name=names[paper.person_id]))
    own = [one for one in found if _on(one, first, place)]
    lines = [replace(one, clash_with=_busy(one, own)) for one in sorted(own, key=lambda one: one.at)]
    for number, line in enumerate(lines):
        if line.visit.forms:
            asked = visit_prepare.of(ports, line.person_id, grant, {line.visit_id: line.visit})
            lines[number] = replace(line, prepared=asked.get(line.visit_id, ()))
    loads = tuple(_load(found, first + timedelta(days=ahead), place, hours) for ahead in range(DAYS))
    waiting = sorted(
        (one for one in found if one.unsaid or (one.visit.wish and one.visit.state in STANDING)), key=lambda one: one.at
    )
    damaged = tuple(one for one in found if one.visit.state == DAMAGED)
    return DayView(first, str(place), now, tuple(lines), loads, _by_name(lines), tuple(waiting), damaged)


def _on(line: VisitLine, wanted: date, place: ZoneInfo) -> bool:
    return line.visit.state != DAMAGED and line.at.astimezone(place).date() == wanted


def _busy(line: VisitLine, others: Iterable[VisitLine]) -> bool:
    taken = span(line.visit)
    same = [one.visit for one in others if one.visit_id != line.visit_id and one.visit.with_account == line.visit.with_account]
    return bool(line.visit.with_account) and line.visit.state in STANDING and taken is not None and clashing(taken, same)


def _load(found: Iterable[VisitLine], wanted: date, place: ZoneInfo, hours: OfficeHours | None) -> Load:
    taken = [one.visit for one in found if _on(one, wanted, place) and one.visit.state in (*STANDING, "done")]
    return Load(wanted, len(taken), sum(one.minutes for one in taken), _open(hours, wanted))


def _open(hours: OfficeHours | None, wanted: date) -> int | None:
    """Minutes the office is open on that day, by the time that really passes."""
    if hours is None:
        return None
    span_of = hours.days[wanted.weekday()]
    if span_of is None or wanted in hours.closed:
        return 0
    start, end = (_instant(wanted, clock, hours.zone) for clock in span_of)
    return int((end - start).total_seconds() // 60)


def _instant(wanted: date, clock: time, zone: str) -> datetime:
    return datetime.combine(wanted, clock, ZoneInfo(zone)).astimezone(UTC)


def _by_name(lines: Iterable[VisitLine]) -> dict[str, tuple[int, int]]:
    """Visits and minutes by who they are with ("" nobody yet)."""
    found: dict[str, tuple[int, int]] = {}
    for one in lines:
        if one.visit.state in (*STANDING, "done"):
            number, minutes = found.get(one.visit.with_name, (0, 0))
            found[one.visit.with_name] = (number + 1, minutes + one.visit.minutes)
    return found


def _hours(ports: Ports) -> OfficeHours | None:
    try:
        return thread_hours.kept(ports.store).hours
    except BadInput:
        return None
