"""This is the place where the answers about visits are defined: what is asked for, a visit as a screen shows it, a person's list, the team's day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time

from core.care.views import RecordLine
from core.domain.people import Role
from core.domain.records import SourceMark
from core.domain.visits import (
    BOOKED,
    CLINIC,
    DAMAGED,
    EARLIEST_ARRIVAL,
    FROM_ITS_START,
    MOVES,
    OF_PERSON,
    OF_TEAM,
    STANDING,
    Visit,
)
from core.questionnaires.terms import Text

CLASH_PERSON, CLASH_WITH, OUTSIDE_HOURS, CLOCK_TWICE = "clash_person", "clash_with", "outside_hours", "clock_twice"
CONCERNS = (CLASH_PERSON, CLASH_WITH, OUTSIDE_HOURS, CLOCK_TWICE)
"""What is said before a visit is written down, and does not stop it."""


@dataclass(frozen=True, slots=True)
class NewVisit:
    """A visit as the team asks for it: a day and a clock time of a zone. `state` proposed or booked; `anyway` the concerns that whoever asks has seen."""

    day: date
    clock: time
    zone: str
    minutes: int
    kind: str = CLINIC
    reason: str = "other"
    words: str = ""
    where: str = ""
    with_account: str = ""
    forms: tuple[str, ...] = ()
    medicines: bool = False
    bring: str = ""
    elsewhere: str = ""
    state: str = BOOKED
    anyway: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A questionnaire to be filled in before a visit: its key, its title (empty where there is no such form any more), when it was (FHIR time, "" not yet)."""

    key: str
    title: Text
    filled: str = ""


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as a screen shows it. `moves` what whoever asks can do with it now; `unsaid`: its time is over and nobody said what became of it; `clash`: another
    visit of the person takes the same time; `also` where it came from, too, and `also_at` the time said there, where that is another one, and
    `also_status` how it stands there, where that ends it. `gone`: who it is with
    doesn't look after the person any more."""

    visit_id: str
    person_id: str
    visit: Visit
    person_name: str = ""
    moves: tuple[str, ...] = ()
    prepared: tuple[Prepared, ...] = ()
    unsaid: bool = False
    clash: bool = False
    clash_with: bool = False
    gone: bool = False
    also: tuple[SourceMark, ...] = ()
    also_at: str = ""
    also_status: str = ""

    @property
    def at(self) -> datetime:
        assert self.visit.start is not None
        return self.visit.start


@dataclass(frozen=True, slots=True)
class Brought:
    """An appointment that came with the record: as it stands there, never changed here."""

    line: RecordLine
    at: datetime
    ahead: bool


@dataclass(frozen=True, slots=True)
class VisitsView:
    """A person's visits: those to come (the next one first), those that are over (the newest first). `video`: whether there is any video here."""

    person_id: str
    made_at: datetime
    ahead: tuple[VisitLine | Brought, ...]
    past: tuple[VisitLine | Brought, ...]
    video: bool
    has_team: bool

    @property
    def next(self) -> VisitLine | Brought | None:
        return self.ahead[0] if self.ahead else None


@dataclass(frozen=True, slots=True)
class Acted:
    """What came of an act: the visit, the signs of danger in the words, and whether telling the team of these failed."""

    line: VisitLine
    flags: tuple[str, ...] = ()
    alarm_failed: bool = False


@dataclass(frozen=True, slots=True)
class Load:
    """How full a day is: visits and minutes; `open_minutes` how long the team is there (None: no office hours were set)."""

    day: date
    visits: int
    minutes: int
    open_minutes: int | None = None


@dataclass(frozen=True, slots=True)
class DayView:
    """A day of everybody within reach, by the clock of `zone`: its visits, the days from it on, by whom, and what waits for the team whenever it is."""

    day: date
    zone: str
    made_at: datetime
    lines: tuple[VisitLine, ...]
    loads: tuple[Load, ...]
    by_name: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    waiting: tuple[VisitLine, ...] = ()
    damaged: tuple[VisitLine, ...] = ()


def moves_now(visit: Visit, role: Role, now: datetime) -> tuple[str, ...]:
    """What this role can do with a visit at this moment."""
    mine = OF_TEAM if role in (Role.COORDINATOR, Role.SYSTEM) else OF_PERSON
    found = []
    for what, (states, _) in MOVES.items():
        if what not in mine or visit.state not in states or visit.start is None:
            continue
        if what in FROM_ITS_START and now < visit.start:
            continue
        if what == "arrive" and now < visit.start - EARLIEST_ARRIVAL:
            continue
        before_it = ("confirm", "ask", "book") if mine is OF_TEAM else ("confirm", "ask", "cancel")
        if what in before_it and now >= visit.start:
            continue
        found.append(what)
    return tuple(found)


def unsaid(visit: Visit, now: datetime) -> bool:
    """Whether its time is over and nobody said what became of it."""
    return visit.state in STANDING and visit.end is not None and visit.end <= now


def readable(line: VisitLine) -> bool:
    return line.visit.state != DAMAGED
