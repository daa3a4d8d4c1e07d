"""This is the place where visits become events of a calendar: among the reminders a telephone subscribes to, and one alone to save."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from core.care import visit_papers
from core.care.access import Action, Grant, require
from core.care.desk_views import Download
from core.domain.calendar import CalendarMoment, CalendarSheet
from core.domain.papers import PaperKind
from core.domain.people import Actor
from core.domain.visits import BOOKED, KINDS, PROPOSED, STANDING, Visit
from core.errors import BadInput, Conflict
from core.ports import Ports, Say

ALARMS = (timedelta(days=1), timedelta(hours=2))
SHOWN_FOR = timedelta(days=92)
NAMES = "names"


def coming(ports: Ports, person_id: str, grant: Grant, start: datetime) -> tuple[tuple[str, Visit], ...]:
    """The visits whose time is taken, from then on. One that can't be read isn't one to be drawn."""
    papers = ports.store.papers((person_id,), grant.event("calendar"), kinds=(PaperKind.VISIT,), states=STANDING)
    found = []
    for paper in papers:
        if start <= paper.at < start + SHOWN_FOR:
            visit = visit_papers.read_or_damaged(paper)
            found += [(paper.key, visit)] if visit.kind in KINDS else []
    return tuple(found)


def moments(say: Say, person_id: str, visits: Iterable[tuple[str, Visit]], detail: str) -> tuple[CalendarMoment, ...]:
    """As events: what it is about is told only where the person asked for names. The way into a video room is never told."""
    return tuple(_moment(say, person_id, key, visit, detail) for key, visit in visits if visit.start is not None)


def file(ports: Ports, actor: Actor, person_id: str, visit_id: str, say: Say, language: str) -> Download:
    """One visit as a file for any calendar. Raises NotFound; Conflict (visit_ended) for one that isn't ahead."""
    grant = require(ports, actor, Action.VIEW_VISITS, person_id)
    _, visit = visit_papers.kept(ports.store, person_id, visit_id, grant.event(visit_id))
    if visit.state not in (PROPOSED, BOOKED):
        raise Conflict("visit_ended", place="visit", state=visit.state)
    if ports.calendar_file is None:
        raise BadInput("bad_setting", place="calendar", need="a writer of calendars")
    shown = moments(say, person_id, ((visit_id, visit),), NAMES)
    sheet = CalendarSheet(say("visits.calendar_name"), language.replace("_", "-"), ports.clock.now(), shown, ports.public_url)
    return Download(f"healthboard-visit-{visit.start:%Y-%m-%d}.ics", "text/calendar", ports.calendar_file(sheet))


def _moment(say: Say, person_id: str, visit_id: str, visit: Visit, detail: str) -> CalendarMoment:
    assert visit.start is not None
    uid = hashlib.sha256(f"{person_id}/visit/{visit_id}".encode()).hexdigest()[:32] + "@healthboard"
    title, body, place = say("visits.calendar_discreet"), say("visits.calendar_open"), ""
    if detail == NAMES:
        kind = say("visit.kind." + visit.kind)
        title = say("visits.calendar_with", kind=kind, name=visit.with_name) if visit.with_name else kind
        body = "\n".join(one for one in (visit.bring, say("visits.calendar_open")) if one)
        place = visit.where
    if visit.state == PROPOSED:
        title = say("visits.calendar_proposed", title=title)
    return CalendarMoment(uid, visit.start, title, body, ALARMS, timedelta(minutes=visit.minutes), place, visit.state == PROPOSED)
