"""This is the place where a person and their team see the alerts there are, and do something about them. Every act has a name, a time and a reason.

What the person or who helps them says ("I have seen this") is kept with the alert. It stops nothing that is to reach the team, unless all that was asked is that they
look: a WATCH that waits for no second reading.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from core.alerts.desk import LONGEST_SNOOZE, Desk, Mute, acted, snoozed
from core.alerts.rules import HIGH, LOW
from core.alerts.states import Alert, Event, Kind, step
from core.care import alert_desk, alert_flags, alert_lines, letters
from core.care.access import Action, Grant, reach, require
from core.care.alert_lines import SEEN, Reader
from core.care.alert_views import AlertsView, AlertView, History, MuteView, PanelAlerts
from core.domain.papers import PaperKind
from core.domain.people import Actor, Role
from core.errors import BadInput, Conflict, NotFound
from core.ports import Ports
from core.trends.judgement import Severity

TRIES = 4
"""How often an act is done again where a worker or somebody else wrote the desk at the same moment."""
LONGEST_WHY, LONGEST_NAME = 500, 80
REASONS = ("spoke_with", "treated", "changed_plan", "known", "false_reading", "sent_to_care", "other")
"""Why an alert is ended (`alert.why.<code>`); own words may follow."""

Change = Callable[[Desk], Desk]


def alerts_of(ports: Ports, actor: Actor, person_id: str) -> AlertsView:
    """A person's open alerts with their timelines, evidence and letters. A desk that can't be read is said to be so."""
    grant = require(ports, actor, Action.VIEW_ALERTS, person_id)
    revision, name = ports.store.revision(person_id), ports.store.person(person_id, grant.event("alerts")).profile.name
    reader = Reader(ports.store.preferences(actor.account_id), actor.role, _letters(ports, person_id, grant))
    paper = ports.store.paper(person_id, PaperKind.DESK, alert_desk.KEY, grant.event("desk"))
    damaged = False
    try:
        desk, looked = alert_desk.read(paper), alert_desk.looked(paper)
    except BadInput:
        desk, looked, damaged = Desk(), alert_desk.Looked(), True
    now = ports.clock.now()
    lines = alert_lines.by_severity([alert_lines.alert_view((person_id, name), one, reader) for one in desk.open()])
    mutes = tuple(MuteView(one.direction, one.signal, one.until, one.who, one.why) for one in desk.mutes if one.until > now)
    may_act = actor.role in (Role.COORDINATOR, Role.SYSTEM)
    return AlertsView(
        person_id, name, revision, now, lines, mutes, looked.at, looked.broken, ports.store.last_beat(), may_act, damaged
    )


def panel(ports: Ports, actor: Actor) -> PanelAlerts:
    """The open alerts of everybody within reach, without their letters (but with whom no letter reached)."""
    grant = require(ports, actor, Action.VIEW_PANEL_ALERTS)
    people = ports.store.people(reach(ports, grant.account) if grant.account else None, grant.event("alerts"))
    names = {one.person_id: one.profile.name for one in people}
    papers = ports.store.papers(tuple(names), grant.event("alerts"), kinds=(PaperKind.DESK,)) if names else ()
    some = tuple(one.person_id for one in papers if one.state == alert_desk.OPEN)
    preferences, missed = ports.store.preferences(actor.account_id), _missed(ports, some, grant)
    found: list[AlertView] = []
    damaged, broken, unseen = list[str](), list[str](), len(names)
    for paper in papers:
        try:
            desk, looked = alert_desk.read(paper), alert_desk.looked(paper)
        except BadInput:
            damaged.append(paper.person_id)
            unseen -= 1
            continue
        unseen -= looked.at is not None
        broken.extend([paper.person_id] if looked.broken else [])
        person = (paper.person_id, names[paper.person_id])
        reader = Reader(preferences, actor.role, missed=missed.get(paper.person_id, {}))
        found.extend(alert_lines.alert_view(person, one, reader) for one in desk.open())
    lines = alert_lines.by_severity(found)
    return PanelAlerts(ports.clock.now(), lines, len(names), tuple(damaged), tuple(broken), unseen, ports.store.last_beat())


def alert_history(ports: Ports, actor: Actor, person_ids: Sequence[str], since: datetime) -> History:
    """Alerts about these people that ended and were raised since then."""
    found, damaged, preferences = [], 0, None
    for person_id in person_ids:
        grant = require(ports, actor, Action.VIEW_ALERTS, person_id)
        preferences = preferences or ports.store.preferences(actor.account_id)
        for paper in ports.store.papers((person_id,), grant.event("alert_history"), kinds=(PaperKind.ALERT,)):
            if paper.at < since:
                continue
            try:
                found.append(alert_lines.past_alert(person_id, alert_desk.ended_of(paper), preferences))
            except BadInput:
                damaged += 1
    return History(tuple(sorted(found, key=lambda one: one.raised_at)), damaged)


def raise_flag(ports: Ports, actor: Actor, person_id: str, flags: Sequence[str], where: str) -> None:
    """Raise an ACT_NOW alert from signs that need help at once (keys of core/emergency/flags.py). `where` is what they stood in ("message:<thread>"): while an
    alert about it is open there is no second one. Whoever is to be told at once gets a letter in the same transaction. Raises BadInput."""
    grant = require(ports, actor, Action.RAISE_ALERT, person_id)
    now = ports.clock.now()
    _change(ports, person_id, grant, lambda desk: alert_flags.flagged(desk, flags, where, now), "red_flag")


def see(ports: Ports, actor: Actor, person_id: str, alert_id: str) -> None:
    """Say that one has seen it, as the person or who helps them. Raises NotFound for an alert that isn't open."""
    grant = require(ports, actor, Action.SEE_ALERT, person_id)
    now, who = ports.clock.now(), _name(actor, grant, "")

    def changed(desk: Desk) -> Desk:
        alert = _open(desk, alert_id)
        if any((one.who, one.why) == (who, SEEN) for one in alert.timeline[-1:]):
            return desk
        enough = alert.severity <= Severity.WATCH and alert.waiting is None and not alert.taken and alert.held_until is None
        kind = Kind.ACKNOWLEDGED if enough else Kind.NOTIFIED
        return desk.with_alert(step(alert, Event(_event(SEEN, actor), kind, who=who, why=SEEN), now))

    _change(ports, person_id, grant, changed, SEEN)


def acknowledge(ports: Ports, actor: Actor, person_id: str, alert_id: str, why: str, by: str = "") -> None:
    """Take an alert: the chain stops, for a time (core/alerts/chain.py), and comes back when nobody finishes. `by` is for the command line, which stands for nobody."""
    _by_the_team(ports, actor, person_id, (alert_id, Kind.ACKNOWLEDGED, why, by))


def begin(ports: Ports, actor: Actor, person_id: str, alert_id: str, why: str = "", by: str = "") -> None:
    """Say that one is doing something about it."""
    _by_the_team(ports, actor, person_id, (alert_id, Kind.ACTING, why or "acting", by))


def resolve(ports: Ports, actor: Actor, person_id: str, alert_id: str, why: str, by: str = "") -> None:
    """End an alert, with a reason: one of REASONS, own words, or both ("treated: dose doubled"). A later reading is a new alert."""
    _by_the_team(ports, actor, person_id, (alert_id, Kind.RESOLVED, why, by))


def snooze(ports: Ports, actor: Actor, person_id: str, alert_id: str, hours: float, why: str) -> None:
    """Hold back an alert and others of its signal and direction, for at most a week. Never what is ACT_NOW, never the other direction, never what gets worse by a step."""
    grant = require(ports, actor, Action.ACT_ON_ALERT, person_id)
    now, who, said = ports.clock.now(), _name(actor, grant, ""), _why(why)
    if not 0 < hours <= LONGEST_SNOOZE / timedelta(hours=1):
        raise BadInput("number_impossible", place="hours", need=f"up to {LONGEST_SNOOZE.days * 24}")

    def changed(desk: Desk) -> Desk:
        alert = _open(desk, alert_id)
        if alert.severity >= Severity.ACT_NOW or alert.direction not in (HIGH, LOW):
            raise BadInput("alert_not_snoozed", place="alert", need="an alert of a high or low that can wait")
        mute = Mute(alert.direction, alert.signal, now + timedelta(hours=hours), alert.severity, who, said)
        return snoozed(desk, mute, ((alert.signal, alert.worst),), _event("snooze", actor), now)

    _change(ports, person_id, grant, changed, "snoozed")


# ------------------------------------------------------------------------------------------------------------------ parts


def _by_the_team(ports: Ports, actor: Actor, person_id: str, act: tuple[str, Kind, str, str]) -> None:
    grant = require(ports, actor, Action.ACT_ON_ALERT, person_id)
    alert_id, kind, why, by = act
    who, said, now, event_id = _name(actor, grant, by), _why(why), ports.clock.now(), _event(kind.value, actor)

    def changed(desk: Desk) -> Desk:
        _open(desk, alert_id)
        return acted(desk, kind, alert_id, (event_id, who, said), now)[0]

    _change(ports, person_id, grant, changed, kind.value)


def _change(ports: Ports, person_id: str, grant: Grant, change: Change, what: str) -> Desk:
    """Change a desk and put it down, again where somebody else did meanwhile. A desk that can't be read is never written over. Raises BadInput, Conflict."""
    for left in reversed(range(TRIES)):
        paper, before = alert_desk.fetch(ports.store, person_id, grant)
        after = change(before)
        if after == before:
            return before
        try:
            return alert_desk.put(ports.store, paper, (before, after), grant, what)
        except Conflict:
            if not left:
                raise
    raise Conflict("paper_changed")


def _letters(ports: Ports, person_id: str, grant: Grant) -> dict[str, letters.KeptLetter]:
    found = letters.of(ports.store, (person_id,), grant.event("letters"))
    hidden = grant.account is not None and grant.account.role in (Role.PATIENT, Role.CAREGIVER)
    return {one.letter.slot: _without_team(one) if hidden else one for one in found}


def _missed(ports: Ports, person_ids: tuple[str, ...], grant: Grant) -> dict[str, dict[str, letters.KeptLetter]]:
    """The letters that reached nobody, by person and slot."""
    found: dict[str, dict[str, letters.KeptLetter]] = {}
    for person_id in person_ids:
        mine = letters.of(ports.store, (person_id,), grant.event("letters"), states=letters.NOT_REACHED)
        found[person_id] = {one.letter.slot: one for one in mine}
    return found


def _without_team(one: letters.KeptLetter) -> letters.KeptLetter:
    """Who else was told is for the team to know: the person sees that the team was told, not whom of it."""
    return replace(one, sendings=()) if one.letter.audience in (letters.COORDINATOR, letters.ON_CALL) else one


def _open(desk: Desk, alert_id: str) -> Alert:
    found = next((one for one in desk.open() if one.alert_id == alert_id), None)
    if found is None:
        raise NotFound("alert_not_found", alert=alert_id[:80])
    return found


def _name(actor: Actor, grant: Grant, by: str) -> str:
    """Under which name it stands on the timeline: the account's; on the command line the one given."""
    name = grant.account.display_name if grant.account else " ".join(by.split()) or actor.display_name
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput("alert_event", place="who", need="a name")
    return name


def _why(why: str) -> str:
    said = " ".join(why.split())
    if not said or len(said) > LONGEST_WHY:
        raise BadInput("alert_event", place="why", need=f"a reason of at most {LONGEST_WHY} characters")
    return said


def _event(what: str, actor: Actor) -> str:
    return f"{what}:{actor.account_id}:{secrets.token_hex(6)}"
