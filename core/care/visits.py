"""This is the place where the team and the person agree on visits: proposed, booked, changed, cancelled, and what became of them.

Every act names the state of the visit it was decided on (`seen`): who looks at an old screen hears that it changed, and confirms nothing they haven't read. The
visit and the letters about it are kept together or not at all.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.care import visit_letters, visit_papers, visit_prepare, visit_records, visit_task
from core.care.access import Action, Grant, require
from core.care.alerts import raise_flag
from core.care.lines import Frame
from core.care.medicine_entries import known, text_within
from core.care.requests import has_team
from core.care.team import Team, team
from core.care.visit_checks import checked, concerns_of
from core.care.visit_views import Acted, Brought, NewVisit, VisitLine, VisitsView, moves_now, unsaid
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor, Role
from core.domain.visits import DAMAGED, MOVES, OF_TEAM, STANDING, VIDEO, WITH_REASON, Step, Visit, clashing, overlap, span, stepped
from core.emergency.matching import flags_in
from core.errors import BadInput, Conflict, HealthboardError
from core.ports import Ports

MOST_WHY, MOST_AHEAD = 300, 50
_BESIDE = frozenset({"change"})
"""What is done by a use case of its own."""


def of_person(ports: Ports, actor: Actor, person_id: str) -> VisitsView:
    """Every visit of a person, made here or brought along with the record."""
    grant = require(ports, actor, Action.VIEW_VISITS, person_id)
    now = ports.clock.now()
    papers = ports.store.papers((person_id,), grant.event("visits"), kinds=(PaperKind.VISIT,))
    visits = {one.key: visit_papers.read_or_damaged(one) for one in papers}
    records = visit_records.records(ports, person_id, grant)
    same = visit_records.matched(ports, person_id, grant, visits, records)
    person = ports.store.person(person_id, grant.event("profile"))
    frame = Frame(now, ports.store.preferences(actor.account_id), person.synthetic or person.profile.synthetic)
    prepared = visit_prepare.of(ports, person_id, grant, visits)
    twins = [one.record_id for one in same.values()]
    elsewhere = visit_records.taken_by(one for one in records if one.record_id not in twins)
    lines: list[VisitLine | Brought] = []
    of = _team(ports, person_id)
    for key, visit in visits.items():
        line = _line(key, person_id, visit, (actor, of, now))
        others = [one for other, one in visits.items() if other != key]
        taken = span(visit)
        twin = same.get(key)
        line = replace(
            line,
            prepared=prepared.get(key, ()),
            clash=visit.state in STANDING
            and taken is not None
            and (clashing(taken, others) or any(overlap(taken, each) for each in elsewhere)),
            also=twin.sources if twin else (),
            also_at=visit_records.another_time(twin.start, visit.start) if twin else "",
            also_status=visit_records.another_state(twin.status, visit.state) if twin else "",
        )
        lines.append(line)
    lines += visit_records.brought(records, twins, frame)
    ahead = sorted((one for one in lines if _ahead(one, now)), key=lambda one: one.at)
    past = sorted((one for one in lines if not _ahead(one, now)), key=lambda one: one.at, reverse=True)
    return VisitsView(person_id, now, tuple(ahead), tuple(past), ports.video is not None, has_team(ports, person_id))


def concerns(ports: Ports, actor: Actor, person_id: str, new: NewVisit, visit_id: str = "") -> tuple[str, ...]:
    """What is to be said before this is written down (CONCERNS): the time is taken, or nobody is there. Raises BadInput."""
    require(ports, actor, Action.EDIT_VISITS, person_id)
    return concerns_of(ports, person_id, new, checked(ports, person_id, new, _team(ports, person_id)), visit_id)


def make(ports: Ports, actor: Actor, person_id: str, new: NewVisit, token: str = "") -> VisitLine:
    """Propose or book a visit. The same `token` again is the same visit. Raises BadInput; Conflict (visit_concerns) where something is to be said that whoever
    asks hasn't seen."""
    grant = require(ports, actor, Action.EDIT_VISITS, person_id)
    now, of = ports.clock.now(), _team(ports, person_id)
    visit_id = f"v{token or secrets.token_hex(12)}"[:64]
    there = ports.store.papers((person_id,), grant.event("visits"), kinds=(PaperKind.VISIT,), states=STANDING)
    again = next((one for one in there if one.key == visit_id), None)
    if again is not None:
        return _line(visit_id, person_id, visit_papers.read(again), (actor, of, now))
    if len(there) >= MOST_AHEAD:
        raise BadInput("too_many_entries", place="visits", need=MOST_AHEAD)
    wanted = checked(ports, person_id, new, of)
    _said(concerns_of(ports, person_id, new, wanted), new)
    visit = replace(wanted, room=_room(wanted, ""), made_at=now, steps=(_step("made", actor, now, after=wanted.start),))
    paper = visit_papers.laid(person_id, visit_id, visit, now)
    try:
        ports.store.put_papers(
            person_id,
            (paper,),
            grant.event(visit_id),
            once=visit_letters.about(ports, actor.role, (person_id, visit_id, visit), now),
        )
    except Conflict:
        _, visit = visit_papers.kept(ports.store, person_id, visit_id, grant.event(visit_id))  # the other of two clicks was faster
    return _line(visit_id, person_id, visit, (actor, of, now))


def change(ports: Ports, actor: Actor, person_id: str, visit_id: str, to: tuple[NewVisit, int], why: str = "") -> VisitLine:
    """Change a visit that is still ahead (`to`: what it is to be, and the state it was decided on). Raises NotFound, BadInput; Conflict where somebody else
    changed it, it has ended, or something is to be said."""
    grant = require(ports, actor, Action.EDIT_VISITS, person_id)
    new, seen = to
    now, of, because = ports.clock.now(), _team(ports, person_id), text_within(why, "why", MOST_WHY)
    paper, before = visit_papers.kept(ports.store, person_id, visit_id, grant.event(visit_id))
    _still(before, seen, "change", (actor, now))
    wanted = checked(ports, person_id, new, of)
    _said(concerns_of(ports, person_id, new, wanted, visit_id), new)
    moved = wanted.start != before.start
    step = _step("change", actor, now, because, (before.start, wanted.start) if moved else (None, None))
    kept = replace(
        wanted, room=_room(wanted, before.room if wanted.with_account == before.with_account else ""), made_at=before.made_at,
        steps=before.steps, timed=before.timed + int(moved), told=before.told + 1,
    )  # fmt: skip
    kept = stepped(kept, step, new.state)
    _put(ports, actor, grant, (paper, kept))
    return _line(visit_id, person_id, kept, (actor, of, now))


def act(ports: Ports, actor: Actor, person_id: str, visit_id: str, what: tuple[str, int], why: str = "") -> Acted:
    """Do something with a visit (`what`: one of MOVES but "change", and the state it was decided on). Words that speak of danger raise the alert first. Raises
    NotFound, BadInput; Conflict where somebody else changed it or it is not the time for that."""
    grant = require(ports, actor, _right(actor), person_id)
    move, seen = what
    known(move, tuple(one for one in MOVES if one not in _BESIDE), "what")
    because, now = text_within(why, "why", MOST_WHY), ports.clock.now()
    if move in WITH_REASON and not because:
        raise BadInput("visit_why", place="why", need="a reason the others can read")
    flags = (
        tuple(flags_in(because))
        if because and move not in OF_TEAM - {"cancel"} and actor.role in (Role.PATIENT, Role.CAREGIVER)
        else ()
    )
    failed = bool(flags) and not _alarmed(ports, actor, person_id, flags, visit_id)
    paper, before = visit_papers.kept(ports.store, person_id, visit_id, grant.event(visit_id))
    _still(before, seen, move, (actor, now))
    after = stepped(before, _step(move, actor, now, because))
    after = replace(after, wish=because if move == "ask" else "", told=before.told + 1)
    more = [visit_task.follow_up(ports, person_id, visit_id, after)] if move == "missed" else []
    _put(ports, actor, grant, (paper, after), more)
    return Acted(_line(visit_id, person_id, after, (actor, _team(ports, person_id), now)), flags, failed)


# ------------------------------------------------------------------------------------------------------------------ parts


def _step(
    what: str,
    actor: Actor,
    now: datetime,
    why: str = "",
    moved: tuple[datetime | None, datetime | None] = (None, None),
    after: datetime | None = None,
) -> Step:
    return Step(what, now, actor.account_id, actor.display_name, actor.role.value, why, moved[0], after or moved[1])


def _right(actor: Actor) -> Action:
    return Action.EDIT_VISITS if actor.role in (Role.COORDINATOR, Role.SYSTEM) else Action.ANSWER_VISIT


def _still(visit: Visit, seen: int, move: str, by: tuple[Actor, datetime]) -> None:
    if visit.told != seen:
        raise Conflict("visit_changed", place="visit")
    if move not in moves_now(visit, by[0].role, by[1]):
        raise Conflict("visit_not_now", place=move, state=visit.state)


def _put(ports: Ports, actor: Actor, grant: Grant, of: tuple[Paper, Visit], more: Sequence[Paper] = ()) -> None:
    paper, visit = of
    now = ports.clock.now()
    letters = visit_letters.about(ports, actor.role, (paper.person_id, paper.key, visit), now)
    laid = visit_papers.laid(paper.person_id, paper.key, visit, now, paper)
    ports.store.put_papers(paper.person_id, (laid,), grant.event(paper.key), once=(*letters, *more))


def _room(visit: Visit, before: str) -> str:
    """128 bits that nobody can guess; a new room where the visit is somebody else's."""
    return (before or secrets.token_hex(16)) if visit.kind == VIDEO else ""


def _said(found: Sequence[str], new: NewVisit) -> None:
    left = [one for one in found if one not in new.anyway]
    if left:
        raise Conflict("visit_concerns", place="visit", concerns=" ".join(left))


def _alarmed(ports: Ports, actor: Actor, person_id: str, flags: Sequence[str], visit_id: str) -> bool:
    try:
        raise_flag(ports, actor, person_id, flags, f"visit:{visit_id}")
    except HealthboardError:
        return False
    return True


def _team(ports: Ports, person_id: str) -> Team:
    return team(ports, [panel for panel in ports.store.panels() if person_id in panel.persons])


def _line(visit_id: str, person_id: str, visit: Visit, by: tuple[Actor, Team, datetime]) -> VisitLine:
    actor, of, now = by
    gone = bool(visit.with_account) and not of.has(person_id, visit.with_account)
    return VisitLine(visit_id, person_id, visit, moves=moves_now(visit, actor.role, now), unsaid=unsaid(visit, now), gone=gone)


def _ahead(line: VisitLine | Brought, now: datetime) -> bool:
    if isinstance(line, Brought):
        return line.ahead
    if line.visit.state == DAMAGED:
        return True
    return line.visit.state in STANDING and line.visit.end is not None and line.visit.end + timedelta(hours=1) > now


line_of = _line
"""A line for a use case that has asked for access already (the day of the panel)."""
