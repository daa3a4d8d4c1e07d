"""This is the place where the life of an alert is a table: what may follow what, who may end it, and every step on its timeline.

`step` is pure: the same alert, event and instant give the same alert, and an event that was delivered before changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from core.alerts.chain import CHAIN, Times
from core.errors import BadInput, Conflict
from core.trends.judgement import Severity


class State(StrEnum):
    RAISED = "raised"
    NOTIFIED = "notified"
    ACKNOWLEDGED = "acknowledged"
    ACTING = "acting"
    ESCALATED = "escalated"
    RESOLVED = "resolved"


class Kind(StrEnum):
    """What can happen to an alert."""

    RAISED = "raised"
    NOTIFIED = "notified"
    UNDELIVERED = "undelivered"
    ESCALATED = "escalated"
    EXPIRED = "expired"
    LAPSED = "lapsed"
    HELD = "held"
    RELEASED = "released"
    ACKNOWLEDGED = "acknowledged"
    ACTING = "acting"
    WORSENED = "worsened"
    RESOLVED = "resolved"
    RECOVERED = "recovered"


BY_PERSON = frozenset({Kind.ACKNOWLEDGED, Kind.ACTING, Kind.RESOLVED, Kind.HELD})
"""These need a name (`who`), and all but acting a reason (`why`)."""

_OPEN: Mapping[Kind, State] = {
    Kind.ACKNOWLEDGED: State.ACKNOWLEDGED, Kind.ACTING: State.ACTING, Kind.RESOLVED: State.RESOLVED, Kind.RECOVERED: State.RESOLVED,
    Kind.ESCALATED: State.ESCALATED, Kind.EXPIRED: State.ESCALATED,
}  # fmt: skip


def _stays(state: State, *kinds: Kind) -> Mapping[Kind, State]:
    return dict.fromkeys(kinds, state)


_QUIET = (Kind.HELD, Kind.RELEASED, Kind.UNDELIVERED)
_TAKEN: Mapping[Kind, State] = {
    Kind.RESOLVED: State.RESOLVED, Kind.RECOVERED: State.RESOLVED, Kind.WORSENED: State.RAISED, Kind.LAPSED: State.RAISED, Kind.ACTING: State.ACTING,
}  # fmt: skip
TRANSITIONS: Mapping[State, Mapping[Kind, State]] = MappingProxyType(
    {
        State.RAISED: {**_OPEN, Kind.NOTIFIED: State.NOTIFIED, **_stays(State.RAISED, Kind.WORSENED, *_QUIET)},
        State.NOTIFIED: {**_OPEN, **_stays(State.NOTIFIED, Kind.NOTIFIED, Kind.WORSENED, *_QUIET)},
        State.ESCALATED: {**_OPEN, **_stays(State.ESCALATED, Kind.NOTIFIED, Kind.WORSENED, *_QUIET)},
        State.ACKNOWLEDGED: {**_TAKEN, **_stays(State.ACKNOWLEDGED, Kind.ACKNOWLEDGED, Kind.NOTIFIED, *_QUIET)},
        State.ACTING: {**_TAKEN, **_stays(State.ACTING, Kind.ACKNOWLEDGED, Kind.NOTIFIED, *_QUIET)},
        State.RESOLVED: _stays(State.RESOLVED, Kind.NOTIFIED, Kind.UNDELIVERED, Kind.RELEASED),
    }
)
"""State -> what may happen -> state after it. What is not here is refused. Late receipts of messages are kept also after the end; nothing reopens what is
resolved: a new finding is a new alert. Expiry never ends anything: it hands the alert to the end of the chain, and begins the chain anew."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an alert. `event_id` is its own: delivered twice, it counts once. `why` of a recovery is the name of its rule."""

    event_id: str
    kind: Kind
    who: str = ""
    why: str = ""
    to: str = ""
    severity: Severity = Severity.UNKNOWN
    value: float | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline: what, when, the state and severity after it, who, why, to whom."""

    at: datetime
    kind: Kind
    state: State
    severity: Severity
    who: str = ""
    why: str = ""
    to: str = ""
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A rule that waits for the next reading: since which one, until when, and the severity it has where none comes."""

    since: datetime
    until: datetime
    severity: Severity


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule said about a value, kept with the alert: the value, when it was measured, what it was compared with (in the signal's unit) and since when."""

    rule: str
    at: datetime
    value: float
    severity: Severity
    reference: float
    since: str = ""
    confirmed: bool = True
    facts: tuple[tuple[str, float | int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Alert:
    """`level` is the value from which "worse" counts: that of the raising, of the last worsening, or the worst that was known when a person took it. `since`
    is when the chain began, `told` how many of its steps were taken, `held_until` when a snooze ends. `spoke_at` is when what a rule last spoke of was measured,
    `looked_at` the newest value that was looked at: what is older changes neither. `evidence`: the first findings, and the newest in the last place."""

    alert_id: str
    family: str
    direction: str
    signal: str
    state: State
    severity: Severity
    raised_at: datetime
    since: datetime
    level: float
    worst: float
    step: float
    rules: tuple[str, ...]
    told: int = 0
    cycle: int = 0
    held_until: datetime | None = None
    waiting: Waiting | None = None
    timeline: tuple[Entry, ...] = ()
    seen: frozenset[str] = frozenset()
    spoke_at: datetime | None = None
    looked_at: datetime | None = None
    evidence: tuple[Evidence, ...] = ()

    @property
    def open(self) -> bool:
        return self.state is not State.RESOLVED

    @property
    def taken(self) -> bool:
        """A person has it."""
        return self.state in (State.ACKNOWLEDGED, State.ACTING)


def step(alert: Alert, event: Event, now: datetime) -> Alert:
    """The alert after the event. Raises Conflict where the table has no such transition, BadInput where a person's act has no name or reason."""
    if event.event_id in alert.seen:
        return alert
    after = TRANSITIONS[alert.state].get(event.kind)
    if after is None:
        raise Conflict("alert_transition", state=alert.state.value, event=event.kind.value)
    _needs(event)
    if event.kind is Kind.HELD and alert.severity >= Severity.ACT_NOW:
        raise Conflict("alert_transition", state=alert.state.value, event=event.kind.value)  # what is severe is never muted
    severity = max(alert.severity, event.severity)
    entry = Entry(now, event.kind, after, severity, event.who, event.why, event.to, event.value)
    changed = replace(alert, state=after, severity=severity, timeline=(*alert.timeline, entry), seen=alert.seen | {event.event_id})
    return _after(alert, changed, event, now)


def _after(before: Alert, alert: Alert, event: Event, now: datetime) -> Alert:
    """What an event does beside the state."""
    match event.kind:
        case Kind.NOTIFIED | Kind.ESCALATED if event.to and before.open:
            return replace(alert, told=alert.told + 1)
        case Kind.ACKNOWLEDGED | Kind.ACTING:
            return replace(alert, since=now, level=alert.worst, held_until=None, waiting=None)
        case Kind.HELD:
            return replace(alert, held_until=event.until, level=alert.worst, waiting=None)
        case Kind.RELEASED | Kind.LAPSED | Kind.EXPIRED if before.open:
            return _anew(alert, now)
        case Kind.WORSENED:
            value = alert.worst if event.value is None else event.value
            worse = replace(alert, level=value, worst=value, waiting=None)
            again = before.taken or before.held_until is not None or alert.severity > before.severity
            return _anew(worse, now) if again else worse
    return alert


def _anew(alert: Alert, now: datetime) -> Alert:
    """The chain begins again."""
    return replace(alert, since=now, told=0, cycle=alert.cycle + 1, held_until=None)


def _needs(event: Event) -> None:
    if event.kind in BY_PERSON and not event.who.strip():
        raise BadInput("alert_event", place="who", need="a name")
    if event.kind in BY_PERSON - {Kind.ACTING} and not event.why.strip():
        raise BadInput("alert_event", place="why", need="a reason")
    if event.kind is Kind.RECOVERED and not event.why.strip():
        raise BadInput("alert_event", place="why", need="the name of a recovery rule")
    if event.kind is Kind.HELD and event.until is None:
        raise BadInput("alert_event", place="until", need="when the snooze ends")


# ------------------------------------------------------------------------------------------------------------- what is due


def next_due(alert: Alert, chain: Mapping[Severity, Times] = CHAIN) -> tuple[datetime, Event] | None:
    """The next thing that time alone does to the alert, and when: telling the next in the chain, coming back from a snooze or from an acknowledgement
    nobody followed, believing what nobody measured again, beginning anew. None for what is resolved: an open alert always has one."""
    if not alert.open:
        return None
    usual = _usual(alert, chain)
    if alert.waiting is None or usual[0] <= alert.waiting.until:
        return usual
    event_id = f"{alert.alert_id}:not_again:{alert.waiting.since.isoformat()}"
    return alert.waiting.until, Event(
        event_id, Kind.WORSENED, why="not_measured_again", severity=alert.waiting.severity, value=alert.worst
    )


def _usual(alert: Alert, chain: Mapping[Severity, Times]) -> tuple[datetime, Event]:
    times, name = chain[alert.severity], f"{alert.alert_id}:{alert.cycle}"
    if alert.held_until is not None:
        return alert.held_until, Event(f"{name}:released", Kind.RELEASED, why="snooze_over")
    if alert.taken:
        limit = times.acting_for if alert.state is State.ACTING else times.acknowledged_for
        return alert.since + limit, Event(f"{name}:lapsed:{len(alert.timeline)}", Kind.LAPSED, why="nobody_finished")
    if alert.told < len(times.steps):
        due = times.steps[alert.told]
        kind = Kind.NOTIFIED if alert.told == 0 else Kind.ESCALATED
        return alert.since + due.after, Event(f"{name}:told:{alert.told}", kind, to=due.to)
    return alert.since + times.expires_after, Event(f"{name}:expired", Kind.EXPIRED, why="nobody_acted")


def caught_up(alert: Alert, now: datetime, chain: Mapping[Severity, Times] = CHAIN) -> Alert:
    """The alert with everything that is due by now, each said at `now`: for who comes back after a time in which nobody looked, and tells people only now.
    So a night without a worker is one chain, not one for each time that it would have begun anew."""
    while (due := next_due(alert, chain)) is not None and due[0] <= now:
        alert = step(alert, due[1], now)
    return alert


def advance(alert: Alert, now: datetime, chain: Mapping[Severity, Times] = CHAIN) -> Alert:
    """The alert with everything that is due by now, each at its own time. Again with the same now: the same."""
    while (due := next_due(alert, chain)) is not None and due[0] <= now:
        alert = step(alert, due[1], due[0])
    return alert
