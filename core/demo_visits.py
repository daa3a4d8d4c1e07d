"""This is the place where the demo's visits are written down by the ordinary use cases: one that took place, a video visit tomorrow, one in two weeks, one proposed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.care import sessions, visits
from core.care.access import COMMAND_LINE, Action, require
from core.care.visit_views import CONCERNS, NewVisit
from core.domain.papers import PaperKind
from core.domain.people import Actor
from core.domain.visits import BOOKED, CLINIC, PHONE, PROPOSED, VIDEO
from core.ports import Ports

OLD, CHINESE = "margaret-ellis", "wang-jianguo"
CLINICIAN = "demo-coordinator"
ZONE, CHINA = "America/New_York", "Asia/Shanghai"


@dataclass(frozen=True, slots=True)
class _At:
    """A clock that stands at one time, for what happened some weeks ago."""

    at: datetime

    def now(self) -> datetime:
        return self.at


def add(ports: Ports, person_ids: Mapping[str, str]) -> None:
    """For the people of the demo by slug. Nothing where there is a visit already."""
    if not {OLD, CHINESE} <= set(person_ids):
        return
    event = require(ports, COMMAND_LINE, Action.VIEW_VISITS, person_ids[OLD]).event("demo")
    if ports.store.papers((person_ids[OLD], person_ids[CHINESE]), event, kinds=(PaperKind.VISIT,)):
        return
    now, old, chinese = ports.clock.now(), person_ids[OLD], person_ids[CHINESE]
    past, tomorrow, later = _weekday(now, -21), _weekday(now, 1), _weekday(now, 14)

    def first(then: Ports, who: Actor) -> None:
        new = _visit(who, past, time(10, 30), "clinic", reason="check_up", where="Riverside Clinic, Room 4", minutes=30)
        visits.make(then, who, old, new, "demo-past")

    def held(then: Ports, who: Actor) -> None:
        visits.act(then, who, old, "vdemo-past", ("done", 1))

    def ahead(then: Ports, who: Actor) -> None:
        video = _visit(who, tomorrow, time(14, 0), VIDEO, reason="results", words="your home blood pressure and your weight", forms=("phq-9",), medicines=True,
                       bring="Your blood pressure book and the boxes of all medicines")  # fmt: skip
        visits.make(then, who, old, video, "demo-video")
        there = _visit(who, later, time(9, 15), CLINIC, reason="follow_up", where="Riverside Clinic, Room 4", state=PROPOSED)
        visits.make(then, who, old, there, "demo-later")
        phone = replace(
            _visit(
                who, tomorrow, time(10, 0), PHONE, reason="medicines", words="换药以后的血压", where="86-10-5555-0100", minutes=15
            ),
            zone=CHINA,
        )
        visits.make(then, who, chinese, phone, "demo-phone")

    _as(ports, _instant(past, time(9)) - timedelta(days=5), first)
    _as(ports, _instant(past, time(11, 5)), held)
    _as(ports, now - timedelta(days=1), ahead)


def _visit(who: Actor, day: datetime, clock: time, kind: str, **more: object) -> NewVisit:
    given: dict[str, object] = {"minutes": 30, "state": BOOKED, "with_account": who.account_id, "anyway": CONCERNS, **more}
    return NewVisit(day.date(), clock, ZONE, kind=kind, **given)  # type: ignore[arg-type]


def _weekday(now: datetime, days: int) -> datetime:
    """That day by the team's clock; a weekend is left out."""
    found = now.astimezone(ZoneInfo(ZONE)) + timedelta(days=days)
    while abs(days) > 1 and found.weekday() > 4:
        found += timedelta(days=1)
    return found


def _instant(day: datetime, clock: time) -> datetime:
    return datetime.combine(day.date(), clock, ZoneInfo(ZONE))


def _as(ports: Ports, at: datetime, do: Callable[[Ports, Actor], None]) -> None:
    """Done by the demo's coordinator at that time."""
    found = ports.store.account_by_username(CLINICIAN)
    if found is None:
        return
    then = replace(ports, demo=True, clock=_At(at))
    actor = sessions.actor_of(then, sessions.demo_sign_in(then, found[0].account_id).session_id)
    do(then, actor)
    sessions.sign_out(then, actor)
