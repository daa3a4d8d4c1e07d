"""This is the place where a person asks their care team for something, and each request is a receipt: requested, accepted, failed, withdrawn.

Looking is never asking: what nobody asked for is "only_viewed". Where nobody of a team would see a request, the receipt says so at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from core.care import alerts
from core.care import medicine_entries as entries
from core.care.access import Action, Grant, reach, require
from core.domain.doses import Request
from core.domain.people import Account, Actor, Panel, Role
from core.emergency.matching import flags_in
from core.errors import BadInput, NotFound
from core.ports import Ports

KINDS = ("refill", "question")
STATES = ("only_viewed", "requested", "accepted", "failed", "withdrawn")
NO_TEAM = "no_team"
"""What `Request.answer` says where the house itself had to say no (`decided_by` is "" then): nobody of a team looks after the person."""
MOST_OPEN = 30


@dataclass(frozen=True, slots=True)
class PanelRequest:
    """An open request as a coordinator sees it: whose it is, how many whole hours it has been waiting, and whether its words speak of a sign that may
    need help at once."""

    request: Request
    person_name: str
    hours: int
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """What a request is about: a medicine's id, and what it is called."""

    medicine_id: str
    title: str = ""


def ask(ports: Ports, actor: Actor, person_id: str, kind: str, about: About, text: str = "") -> Request:
    """Ask the team for a "refill", or a "question", about a medicine. The answer is the receipt: an open one of the same kind about the same
    medicine is not made twice. Words that speak of danger raise an alert at once. Raises BadInput."""
    grant = require(ports, actor, Action.ASK_TEAM, person_id)
    entries.known(kind, KINDS, "kind")
    entries.medicine(about.medicine_id)
    title, said = entries.text_within(about.title, "title", 400), entries.text_within(text, "text")
    now = ports.clock.now()
    open_now = ports.store.requests((person_id,), grant.event("requests"), open_only=True)
    if all((one.kind, one.about) != (kind, about.medicine_id) for one in open_now):
        entries.room(open_now, MOST_OPEN, "requests")
    made = Request("", person_id, kind, about.medicine_id, title, "requested", now, _name(actor), said)
    if not has_team(ports, person_id):
        made = replace(made, state="failed", decided_at=now, answer=NO_TEAM)
    kept = ports.store.add_request(made, grant.event("requests"))
    if flags := flags_in(said):  # also where the request itself failed for want of a team: the alert has its own ways
        alerts.raise_flag(ports, actor, person_id, flags, f"request:{kept.request_id}")
    return kept


def withdraw(ports: Ports, actor: Actor, person_id: str, request_id: str) -> Request:
    """Take a request back that nobody has answered. Raises NotFound; Conflict where it was answered meanwhile."""
    grant = require(ports, actor, Action.ASK_TEAM, person_id)
    found = _found(ports, person_id, grant, request_id)
    withdrawn = replace(found, state="withdrawn", decided_at=ports.clock.now(), decided_by=_name(actor))
    return ports.store.change_request(withdrawn, grant.event(request_id))


def answer(ports: Ports, actor: Actor, person_id: str, request_id: str, state: str, text: str = "") -> Request:
    """Say yes ("accepted") or no ("failed", then with a reason) for the team. Raises BadInput, NotFound, Conflict."""
    grant = require(ports, actor, Action.ANSWER_REQUEST, person_id)
    entries.known(state, ("accepted", "failed"), "state")
    said = entries.text_within(text, "text")
    if state == "failed" and not said:
        raise BadInput("reason_needed", place="text", need="a reason the person can read")
    now = ports.clock.now()
    found = _found(ports, person_id, grant, request_id)
    decided = replace(found, state=state, answer=said, decided_at=now, decided_by=_name(actor), seen_at=found.seen_at or now)
    return ports.store.change_request(decided, grant.event(request_id))


def seen(ports: Ports, actor: Actor, person_id: str, request_id: str) -> Request:
    """Write down that somebody of the team has opened it, where it waits for an answer. It is not answered by that. Raises NotFound."""
    grant = require(ports, actor, Action.ANSWER_REQUEST, person_id)
    found = _found(ports, person_id, grant, request_id)
    if found.seen_at is not None or found.state != "requested":
        return found
    return ports.store.change_request(replace(found, seen_at=ports.clock.now()), grant.event(request_id))


def listed(ports: Ports, actor: Actor, person_id: str) -> tuple[Request, ...]:
    """Every request of a person, the newest first."""
    grant = require(ports, actor, Action.VIEW_RECORD, person_id)
    return of_person(ports, person_id, grant)


def open_in_panel(ports: Ports, actor: Actor) -> tuple[PanelRequest, ...]:
    """What the people within reach have asked and nobody has answered: what may be urgent first, then the oldest."""
    grant = require(ports, actor, Action.LIST_PEOPLE)
    within = None if grant.account is None else reach(ports, grant.account)
    people = ports.store.people(within, grant.event("panel_requests"))
    names = {one.person_id: one.profile.name for one in people}
    found = ports.store.requests(tuple(names), grant.event("panel_requests"), open_only=True) if names else ()
    now = ports.clock.now()
    lines = [PanelRequest(one, names[one.person_id], _hours(one.asked_at, now), bool(flags_in(one.text))) for one in found]
    return tuple(sorted(lines, key=lambda line: (not line.urgent, line.request.asked_at, line.request.request_id)))


def of_person(ports: Ports, person_id: str, grant: Grant) -> tuple[Request, ...]:
    """The same for a use case that has asked for access already."""
    return ports.store.requests((person_id,), grant.event("requests"))


def latest(requests: Sequence[Request], kind: str, about: str) -> Request | None:
    """The newest request of a kind about a medicine."""
    return next((one for one in requests if (one.kind, one.about) == (kind, about)), None)


def state_of(requests: Sequence[Request], kind: str, about: str) -> str:
    """How it stands (one of STATES): "only_viewed" where it was never asked."""
    found = latest(requests, kind, about)
    return found.state if found is not None else "only_viewed"


def has_team(ports: Ports, person_id: str) -> bool:
    """Whether a coordinator who can sign in has the person in a panel."""
    return any(_works_on(ports, account_id, panel) for panel in ports.store.panels() if person_id in panel.persons for account_id in panel.coordinators)


def _works_on(ports: Ports, account_id: str, panel: Panel) -> bool:
    try:
        account: Account = ports.store.account(account_id)
    except NotFound:
        return False
    return account.role is Role.COORDINATOR and not account.disabled and panel.panel_id in account.panels


def _found(ports: Ports, person_id: str, grant: Grant, request_id: str) -> Request:
    found = next((one for one in of_person(ports, person_id, grant) if one.request_id == request_id), None)
    if found is None:
        raise NotFound("request_not_found", request=request_id)
    return found


def _name(actor: Actor) -> str:
    return actor.display_name or actor.account_id


def _hours(start: datetime, end: datetime) -> int:
    return max(0, int((end - start).total_seconds() // 3600))
