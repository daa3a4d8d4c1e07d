"""This is the place where the worker looks at people's readings: what is new is judged, what time alone does is done, and whoever is to be told gets a letter, all in one transaction.

A worker that dies has either written all of it or nothing: the desk then is looked at by another when the lease is over, and says the same. It never sends anything
itself (posting.py does), so a slow mail server holds no escalation up. One person's trouble stops nobody else's alerts, nor what is due of one's own.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.alerts.desk import Desk, resumed, undelivered
from core.alerts.judge_all import judge
from core.alerts.own import Own
from core.alerts.readings import Reading
from core.alerts.silence import LEAST_DAYS, TIMES, due_from, newest, usual_gap
from core.alerts.states import Alert, Event, Kind
from core.care import alert_desk, alert_limits, letters
from core.care.access import COMMAND_LINE, Action, Grant, require
from core.care.alert_desk import Looked
from core.care.alert_happenings import Look, happened
from core.care.alert_readings import measured
from core.domain.papers import Paper, PaperKind
from core.domain.people import Actor
from core.errors import BadInput, Conflict, HealthboardError, NotFound, StoreDamaged
from core.ports import Ports
from core.trends.judgement import Severity

LOG = logging.getLogger("healthboard.worker")
LEASE = timedelta(minutes=2)
MANY = 50
LOOK_AGAIN = timedelta(days=1)
"""Everything is read again when something is new, when time alone may say something (a dose that is late, a silence), and so often anyway (ours): each look leaves
its lines in the person's log."""
DAMAGED_AGAIN = timedelta(hours=1)
_OF_THE_TEAM = (letters.COORDINATOR, letters.ON_CALL)
_UNREADABLE = (HealthboardError, ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class Round:
    """What one round did: people looked at, alerts raised, letters put down, people about whom something could not be read."""

    looked_at: int = 0
    raised: int = 0
    told: int = 0
    broken: int = 0

    def __add__(self, other: Round) -> Round:
        return Round(*(getattr(self, name) + getattr(other, name) for name in ("looked_at", "raised", "told", "broken")))


def run_once(ports: Ports, actor: Actor, worker_id: str, lease: timedelta = LEASE) -> Round:
    """Look at whoever is due or has something new, as far as this worker gets them: those with open alerts first."""
    require(ports, actor, Action.RUN_ALERTS)
    now = ports.clock.now()
    until = now + lease / 2
    done = Round()
    claimed = ports.store.claim_watched(PaperKind.DESK, worker_id, now, lease, MANY)
    for paper in sorted(claimed, key=lambda one: one.state != alert_desk.OPEN):
        if ports.clock.now() > until:
            break  # taken up when the lease is over
        try:
            done += _looked_at(ports, worker_id, paper)
        except (Conflict, NotFound, StoreDamaged) as error:
            LOG.warning("The alerts of %s can't be looked at: %s; tried again when the lease is over", paper.person_id, error.code)
            done += Round(1, broken=1)
    return done


def _looked_at(ports: Ports, worker_id: str, paper: Paper) -> Round:
    grant = require(ports, COMMAND_LINE, Action.RUN_ALERTS, paper.person_id)
    now = ports.clock.now()
    try:
        before = alert_desk.read(paper)
    except BadInput as error:
        LOG.error("The alerts of %s can't be read: %s; nothing is raised until they can", paper.person_id, error.code)  # noqa: TRY400
        ports.store.settle_papers(worker_id, replace(paper, state=alert_desk.DAMAGED, next_at=now + DAMAGED_AGAIN), now)
        return Round(1, broken=1)
    look, looked = (
        Look(ports, paper.person_id, grant, _not_reached(ports, paper.person_id, before, grant), now),
        alert_desk.looked(paper),
    )
    if looked.holds(paper.revision, now):
        after = resumed(look.desk, now)
    else:
        after, broken = _judged(look)
        again = now + (DAMAGED_AGAIN if broken else LOOK_AGAIN)
        looked = Looked(now, broken, again_at=min((at for at in (*look.ahead, again) if at > now), default=again))
    looked = replace(looked, revision=paper.revision + 1)  # as this writing leaves the person
    kept, more = alert_desk.laid(paper, (before, after), now, looked)
    kept = replace(kept, next_at=min((at for at in (kept.next_at, looked.again_at) if at is not None), default=None))
    if not ports.store.settle_papers(worker_id, kept, now, more=more):
        return Round(1)  # somebody acted meanwhile, or another worker has it: looked at again
    put = sum(one.kind is PaperKind.LETTER for one in more)
    return Round(1, after.raised - before.raised, put, int(bool(looked.broken)))


def _judged(look: Look) -> tuple[Desk, tuple[str, ...]]:
    """(the desk after everything that is known and due, what could not be read). What can't be read raises nothing, is said, and holds nothing up that is due."""
    ports, broken = look.ports, list[str]()
    try:
        if ports.store.person(look.person_id, look.grant.event("alerts")).profile.deceased:
            return resumed(look.desk, look.now), ()
        records = ports.store.records(look.person_id, look.grant.event("alerts"), every_standing=True)
        own = _own(look, broken)
        more = frozenset(one.signal for one in own.limits)
        readings = measured(ports, look.person_id, look.grant, records, look.now, more)
        happenings, unread = happened(look, records)
        broken.extend(unread)
        after = judge(look.desk, readings, happenings, own, look.now)
    except _UNREADABLE as error:
        code = error.code if isinstance(error, HealthboardError) else type(error).__name__
        LOG.warning("The readings of %s can't be judged: %s; what is due is told all the same", look.person_id, code)
        return resumed(look.desk, look.now), (*broken, "readings")
    look.ahead.extend(one.at for one in readings if one.at > look.now)
    look.ahead.extend(_silences(readings, own))
    return after, tuple(dict.fromkeys(broken))


def _own(look: Look, broken: list[str]) -> Own:
    try:
        return alert_limits.load(look.ports.store, look.person_id, look.grant)[0]
    except BadInput:
        broken.append("limits")
        return Own()


def _silences(readings: Sequence[Reading], own: Own) -> Iterator[datetime]:
    """When each source will have been silent for too long, if nothing comes."""
    for expected in own.expected:
        mine = [one for one in readings if one.signal in expected.signals]
        if expected.every_days is None and not mine:
            continue
        start, last = due_from(expected, own.paused_until), newest(mine, expected)
        since = max((at for at in (start, last) if at is not None), default=None)
        usual = None if expected.every_days is not None else usual_gap(mine, expected)
        limit = expected.every_days if usual is None else max(LEAST_DAYS, TIMES * usual)
        if since is not None and limit is not None:
            yield since + timedelta(days=limit) + timedelta(seconds=1)


def _not_reached(ports: Ports, person_id: str, desk: Desk, grant: Grant) -> Desk:
    """The desk with what became of its letters: whoever could not be reached is on the timeline, and the next in the chain is told at once. The rule:

    - given up, or unreadable: a dead channel. The next is told at once, and the channel is an alert of its own.
    - only in the app: enough for what can wait; for ACT_NOW it is a dead channel too.
    - nobody of that kind: the next is told at once (not for WATCH). For the team it is a dead channel; that somebody has no caregiver is none.
    """
    for alert in desk.open():
        found = ports.store.papers(
            (person_id,), grant.event("letters"), kinds=(PaperKind.LETTER,), states=letters.NOT_REACHED, parent=alert.alert_id
        )
        for one in found:
            desk = _heard(desk, alert.alert_id, one, grant.event().at)
    return desk


def _heard(desk: Desk, alert_id: str, letter: Paper, now: datetime) -> Desk:
    alert = next(one for one in desk.alerts if one.alert_id == alert_id)
    line = alert_desk.line_of(letter.key)
    if not 0 <= line < len(alert.timeline) or not alert_desk.tells(alert.timeline[line]):
        return desk
    entry = alert.timeline[line]
    urgent = entry.severity >= Severity.ACT_NOW
    if letter.state == letters.IN_APP and not urgent:
        return desk
    nobody = letter.state == letters.NOBODY and entry.to not in _OF_THE_TEAM
    if nobody and entry.severity < Severity.ACT_SOON:
        return desk
    event = Event(f"{letter.key}:undelivered", Kind.UNDELIVERED, why=letter.state, to=entry.to)
    return undelivered(desk, alert_id, event, now, sooner=_last_told(alert) == line, own=not nobody)


def _last_told(alert: Alert) -> int:
    return max((at for at, entry in enumerate(alert.timeline) if alert_desk.tells(entry)), default=-1)
