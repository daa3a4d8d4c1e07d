"""This is the place where a visit that is asked for is looked at before it is written down: what can't be is refused, what is odd is said."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.care import thread_hours, visit_papers, visit_records
from core.care.access import COMMAND_LINE, Action, require
from core.care.medicine_entries import known, text_within
from core.care.team import Team, team
from core.care.visit_views import CLASH_PERSON, CLASH_WITH, CLOCK_TWICE, OUTSIDE_HOURS, NewVisit
from core.domain.office import is_open
from core.domain.papers import PaperKind
from core.domain.visits import (
    AHEAD,
    FARTHEST,
    KINDS,
    LONGEST,
    REASONS,
    SHORTEST,
    STANDING,
    OnTheClock,
    Visit,
    clashing,
    on_the_clock,
    overlap,
    span,
)
from core.errors import BadInput
from core.ports import Ports

MOST_WORDS, MOST_PLACE, MOST_NUMBER, MOST_FORMS = 300, 200, 80, 5
_MOMENT = timedelta(seconds=1)


def checked(ports: Ports, person_id: str, new: NewVisit, of: Team) -> Visit:
    """The visit as it would be kept. Raises BadInput naming what can't be."""
    known(new.kind, KINDS, "kind")
    known(new.reason, REASONS, "reason")
    known(new.state, AHEAD, "state")
    at = when(new)
    now = ports.clock.now()
    if not now < at.at <= now + FARTHEST:
        raise BadInput("visit_when", place="start", need="a time to come, at most two years ahead")
    if not SHORTEST <= new.minutes <= LONGEST:
        raise BadInput("visit_minutes", place="minutes", need=f"{SHORTEST} to {LONGEST}")
    if new.with_account and not of.has(person_id, new.with_account):
        raise BadInput("task_owner", place="with", need="somebody who looks after this person")
    if len(new.forms) > MOST_FORMS:
        raise BadInput("too_many_entries", place="forms", need=MOST_FORMS)
    return Visit(
        new.kind, new.zone, new.minutes, new.reason, text_within(new.words, "words", MOST_WORDS), text_within(new.where, "where", MOST_PLACE),
        new.with_account, of.name(new.with_account), tuple(dict.fromkeys(new.forms)), new.medicines, text_within(new.bring, "bring", MOST_WORDS),
        elsewhere=text_within(new.elsewhere, "elsewhere", MOST_NUMBER), state=new.state, start=at.at,
    )  # fmt: skip


def when(new: NewVisit) -> OnTheClock:
    """Raises BadInput: a zone that is none; a clock time that is skipped that night."""
    try:
        ZoneInfo(new.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadInput("bad_choice", place="zone", need="a time zone name") from None
    found = on_the_clock(new.day, new.clock, new.zone) if new.zone else None
    if found is None:
        raise BadInput("visit_no_such_time", place="start", need="a time the clock shows on that day")
    return found


def concerns_of(ports: Ports, person_id: str, new: NewVisit, wanted: Visit, visit_id: str = "") -> tuple[str, ...]:
    """What is to be said of it, for a use case that has asked for access. Whether whoever it is with is busy is found out by the house: of other people nothing
    is handed on but that."""
    taken = span(wanted)
    if taken is None:
        return ()
    found = [CLOCK_TWICE] if when(new).twice else []
    if clashing(taken, _visits(ports, (person_id,), visit_id)) or any(overlap(taken, one) for one in _brought(ports, person_id)):
        found.append(CLASH_PERSON)
    if wanted.with_account and clashing(taken, _of_coordinator(ports, wanted.with_account, visit_id)):
        found.append(CLASH_WITH)
    if _closed(ports, taken):
        found.append(OUTSIDE_HOURS)
    return tuple(found)


def _brought(ports: Ports, person_id: str) -> tuple[tuple[datetime, datetime], ...]:
    """When the person has appointments that came with the record and are no visits made here."""
    grant = require(ports, COMMAND_LINE, Action.RUN_VISITS, person_id)
    found = visit_records.records(ports, person_id, grant)
    ours = visit_records.made_here(ports, person_id, grant, found)
    return visit_records.taken_by(one for one in found if one.record_id not in ours)


def _of_coordinator(ports: Ports, account_id: str, without: str) -> list[Visit]:
    of = team(ports, ports.store.panels())
    people = tuple(person_id for person_id in of.by_person if of.has(person_id, account_id))
    return [one for one in _visits(ports, people, without) if one.with_account == account_id]


def _visits(ports: Ports, people: tuple[str, ...], without: str) -> list[Visit]:
    event = require(ports, COMMAND_LINE, Action.RUN_VISITS).event("free_or_busy")
    papers = ports.store.papers(people, event, kinds=(PaperKind.VISIT,), states=STANDING) if people else ()
    return [visit_papers.read_or_damaged(one) for one in papers if one.key != without]


def _closed(ports: Ports, taken: tuple[datetime, datetime]) -> bool:
    """Whether the house is closed at its beginning or its end; hours that were never set, or can't be read, say nothing."""
    try:
        hours = thread_hours.kept(ports.store).hours
    except BadInput:
        return False
    if hours is None:
        return False
    start, end = taken
    return not is_open(hours, start) or not is_open(hours, max(start, end - _MOMENT))
