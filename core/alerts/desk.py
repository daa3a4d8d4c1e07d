"""This is the place where findings become a person's alerts: one open alert for each family and direction, with snoozes that never mute what they must not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.alerts.chain import CHAIN, Times
from core.alerts.judging import Finding
from core.alerts.rules import HIGH, LOW, NONE, Rule
from core.alerts.states import Alert, Entry, Event, Evidence, Kind, State, Waiting, advance, caught_up, next_due, step
from core.trends.judgement import Severity

_GRAM = 0.001
DEAD_CHANNEL = "dead_channel"
MEASURED_AGAIN = timedelta(hours=30)
"""How long a rule waits for the reading that confirms it (a day, and some hours as days aren't even): then it is believed. Ours."""
LONGEST_SNOOZE = timedelta(days=7)
KEPT_ACTS = 200
EVIDENCE = 20
"""Findings kept with an alert: the first ones, and the newest in the last place."""


@dataclass(frozen=True, slots=True)
class Mute:
    """A snooze: one direction ("high" never mutes a low), one signal or all (""), until when, and the highest severity it may hold back: never ACT_NOW, never
    more than was open when it was set. `levels` are the values that were known then: what is worse by a rule's step is not held."""

    direction: str
    signal: str
    until: datetime
    ceiling: Severity
    who: str
    why: str
    levels: tuple[tuple[str, float], ...] = ()

    def holds(self, signal: str, direction: str, severity: Severity, now: datetime) -> bool:
        return now < self.until and direction == self.direction and self.signal in ("", signal) and severity <= self.ceiling


@dataclass(frozen=True, slots=True)
class Desk:
    """One person's alerts, the oldest first, and snoozes. `raised` counts the alerts there ever were: it makes their ids. `judged_from`, `judged_until`, `told` and `settled`
    are the memory of judge (judge_all.py): from and until when it was looked, what was said of which value (so that nothing is said twice), and when a person ended an alert about a signal. `acts` are the ids of
    the last acts of people: one that is delivered twice counts once, also for alerts that came between."""

    alerts: tuple[Alert, ...] = ()
    mutes: tuple[Mute, ...] = ()
    raised: int = 0
    judged_from: datetime | None = None
    judged_until: datetime | None = None
    told: frozenset[str] = frozenset()
    settled: tuple[tuple[str, datetime], ...] = ()
    acts: tuple[str, ...] = ()

    def open(self) -> tuple[Alert, ...]:
        return tuple(one for one in self.alerts if one.open)

    def with_alert(self, alert: Alert) -> Desk:
        """With this alert in the place of the one with its id, or added."""
        if any(one.alert_id == alert.alert_id for one in self.alerts):
            return replace(self, alerts=tuple(alert if one.alert_id == alert.alert_id else one for one in self.alerts))
        return replace(self, alerts=(*self.alerts, alert), raised=self.raised + 1)

    def swept(self) -> tuple[Desk, tuple[Alert, ...]]:
        """The desk with open alerts only, and those that have ended, for who keeps them elsewhere."""
        return replace(self, alerts=self.open()), tuple(one for one in self.alerts if not one.open)


def found(desk: Desk, finding: Finding) -> Desk:
    """The desk after a finding: a new alert, an open one that got worse, or no change."""
    rule = finding.rule
    mine = next((one for one in desk.open() if (one.family, one.direction) == (rule.family, rule.direction)), None)
    if mine is not None:
        changed = mine if rule.key in mine.rules else replace(mine, rules=(*mine.rules, rule.key))
        changed = _maybe_worse(changed, finding.value, finding.said_at, finding.severity, rule.key)
        return desk.with_alert(_with_evidence(_waits(changed, finding), finding))
    number = desk.raised + 1
    alert_id = f"{rule.family}-{rule.direction}-{number}"
    now = finding.said_at
    raised = Entry(now, Kind.RAISED, State.RAISED, finding.severity, why=rule.key, value=finding.value)
    alert = Alert(
        alert_id, rule.family, rule.direction, rule.signal, State.RAISED, finding.severity, now, now, finding.value, finding.value,
        rule.step, (rule.key,), timeline=(raised,), seen=frozenset({f"{alert_id}:raised"}),
    )  # fmt: skip
    alert = _with_evidence(_waits(alert, finding), finding)
    mute = next((one for one in desk.mutes if one.holds(rule.signal, rule.direction, finding.severity, now)), None)
    if mute is not None and not _beyond_mute(mute, finding):
        held = Event(f"{alert_id}:held:0", Kind.HELD, who=mute.who, why=mute.why, until=mute.until)
        alert = step(alert, held, now)
    return desk.with_alert(alert)


def measured(desk: Desk, signal: str, value: float, now: datetime, at: datetime | None = None) -> Desk:
    """The desk after a trusted value: an open alert whose step it goes beyond is worse, whether or not a rule still speaks of it (a window forgets, an alert
    doesn't). `at` is when it was measured, where it came later: a value older than the newest that was looked at changes nothing here."""
    when = at or now
    for alert in desk.open():
        if alert.signal != signal or (alert.looked_at is not None and when < alert.looked_at):
            continue
        changed = replace(alert, looked_at=when) if when != alert.looked_at else alert
        if changed.waiting is not None and changed.waiting.since < when <= changed.waiting.until:
            changed = replace(changed, waiting=None)  # it was measured again in time, and no rule said the same
        if alert.direction in (HIGH, LOW) and alert.step > 0:
            changed = _maybe_worse(changed, value, now, alert.severity, alert.rules[-1])
        if changed is not alert:
            desk = desk.with_alert(changed)
    return desk


def _with_evidence(alert: Alert, finding: Finding) -> Alert:
    """The finding is kept with the alert, and when its value was measured."""
    spoke, looked = alert.spoke_at or finding.at, alert.looked_at or finding.at
    changed = replace(alert, spoke_at=max(spoke, finding.at), looked_at=max(looked, finding.at))
    one = Evidence(
        finding.rule.key, finding.at, float(finding.value), finding.severity, float(finding.reference), finding.since, finding.confirmed, finding.facts
    )  # fmt: skip
    if one in alert.evidence:
        return changed
    return replace(changed, evidence=(*alert.evidence[: EVIDENCE - 1], one))


def _maybe_worse(alert: Alert, value: float, now: datetime, severity: Severity, rule: str) -> Alert:
    further = value - alert.level if alert.direction == HIGH else alert.level - value if alert.direction == LOW else 0.0
    if severity > alert.severity or (alert.step > 0 and further >= alert.step - _GRAM):
        worse = Event(
            f"{alert.alert_id}:worse:{len(alert.timeline)}", Kind.WORSENED, why=rule, severity=severity, value=_worst(alert, value)
        )
        return step(alert, worse, now)
    worst = _worst(alert, value)
    return alert if worst == alert.worst else replace(alert, worst=worst)


def _waits(alert: Alert, finding: Finding) -> Alert:
    """The alert, waiting for the next reading where the rule does and nobody has taken it."""
    if finding.confirmed or alert.taken or alert.held_until is not None or finding.rule.severity <= alert.severity:
        return alert
    return replace(alert, waiting=Waiting(finding.at, finding.said_at + MEASURED_AGAIN, finding.rule.severity))


def _worst(alert: Alert, value: float) -> float:
    return max(alert.worst, value) if alert.direction == HIGH else min(alert.worst, value) if alert.direction == LOW else value


def _beyond_mute(mute: Mute, finding: Finding) -> bool:
    known = dict(mute.levels).get(finding.rule.signal)
    if known is None or finding.rule.step <= 0:
        return False
    further = finding.value - known if finding.rule.direction == HIGH else known - finding.value
    return further >= finding.rule.step - _GRAM


def recovered(desk: Desk, rules: Mapping[str, Rule], back: set[str], now: datetime, at: datetime | None = None) -> Desk:
    """The desk after rules came back in range: an alert ends where every rule that took part in it has that recovery and is back. `at` is when the value was
    measured, where it came later: what is older than the last word of a rule ends nothing."""
    for alert in desk.open():
        if at is not None and alert.spoke_at is not None and at <= alert.spoke_at:
            continue
        mine = [rules[key] for key in alert.rules if key in rules]
        if mine and len(mine) == len(alert.rules) and all(rule.recovery and rule.key in back for rule in mine):
            name = mine[0].recovery
            desk = desk.with_alert(
                step(alert, Event(f"{alert.alert_id}:recovered:{len(alert.timeline)}", Kind.RECOVERED, why=name), now)
            )
    return desk


def acted(desk: Desk, kind: Kind, where: str, by: tuple[str, str, str], now: datetime) -> tuple[Desk, int]:
    """A person acknowledges, begins, or resolves every open alert of a family, signal, direction or id ("" is all); `by` is (event id, who, why). How many it was."""
    event_id, who, why = by
    if event_id in desk.acts:
        return desk, sum(f"{event_id}:{one.alert_id}" in one.seen for one in desk.alerts)
    mine = [one for one in desk.open() if where in ("", one.family, one.signal, one.direction, one.alert_id)]
    for alert in mine:
        desk = desk.with_alert(step(alert, Event(f"{event_id}:{alert.alert_id}", kind, who=who, why=why), now))
    if kind is Kind.RESOLVED:
        ended = {(one.signal, now) for one in mine if one.signal}
        desk = replace(desk, settled=tuple(sorted({*desk.settled, *ended}, key=lambda one: (one[1], one[0])))) if ended else desk
    return _done(desk, event_id) if mine else desk, len(mine)


def _done(desk: Desk, event_id: str) -> Desk:
    return replace(desk, acts=(*desk.acts, event_id)[-KEPT_ACTS:])


def snoozed(desk: Desk, mute: Mute, latest: Sequence[tuple[str, float]], event_id: str, now: datetime) -> Desk:
    """The desk with a snooze: open alerts of its direction and signal are held where they aren't ACT_NOW. The ceiling is what was open, WATCH where nothing
    was, and never more than the mute itself asks for."""
    if event_id in desk.acts:
        return desk
    mine = [
        one
        for one in desk.open()
        if one.direction == mute.direction and mute.signal in ("", one.signal) and one.severity < Severity.ACT_NOW
    ]
    ceiling = min(mute.ceiling, Severity.ACT_SOON, max((one.severity for one in mine), default=Severity.WATCH))
    kept = replace(mute, ceiling=ceiling, until=min(mute.until, now + LONGEST_SNOOZE), levels=tuple(latest))
    for alert in mine:
        if alert.severity > ceiling:
            continue
        held = Event(f"{event_id}:{alert.alert_id}", Kind.HELD, who=mute.who, why=mute.why, until=kept.until)
        desk = desk.with_alert(step(alert, held, now))
    return _done(replace(desk, mutes=(*(one for one in desk.mutes if one.until > now), kept)), event_id)


def undelivered(desk: Desk, alert_id: str, event: Event, now: datetime, *, sooner: bool = True, own: bool = True) -> Desk:
    """A message did not go out: it stands on the alert's timeline, the next in the chain is told at once, and the dead channel is an alert of its own (one
    for each recipient, for the coordinator; it ends by a person). Not `sooner`: somebody further along the chain was told already. Not `own`: there is nobody of that
    kind, which is no dead channel."""
    alert = next((one for one in desk.alerts if one.alert_id == alert_id), None)
    if alert is None or event.event_id in alert.seen:
        return desk
    alert = step(alert, event, now)
    steps = CHAIN[alert.severity].steps
    if sooner and alert.open and not alert.taken and alert.held_until is None and alert.told < len(steps):
        at_once = Event(
            f"{alert.alert_id}:{alert.cycle}:told:{alert.told}", Kind.ESCALATED, to=steps[alert.told].to, why=DEAD_CHANNEL
        )
        alert = step(alert, at_once, now)
    desk = desk.with_alert(alert)
    family = f"{DEAD_CHANNEL}:{event.to}"
    if not own or any(one.family == family for one in desk.open()):
        return desk
    dead_id = f"{family}-{desk.raised + 1}"
    raised = Entry(now, Kind.RAISED, State.RAISED, Severity.ACT_SOON, why=DEAD_CHANNEL, to=event.to)
    dead = Alert(
        dead_id, family, NONE, "", State.RAISED, Severity.ACT_SOON, now, now, 0.0, 0.0, 0.0, (DEAD_CHANNEL,), timeline=(raised,), seen=frozenset({f"{dead_id}:raised"}),
    )  # fmt: skip
    return desk.with_alert(dead)


def due_at(desk: Desk, chain: Mapping[Severity, Times] = CHAIN) -> datetime | None:
    """When time alone next changes something."""
    return min((due[0] for one in desk.open() if (due := next_due(one, chain)) is not None), default=None)


def resumed(desk: Desk, now: datetime, chain: Mapping[Severity, Times] = CHAIN) -> Desk:
    """The desk with everything that is due by now, said at `now` (states.caught_up): what the worker calls, as people are told only now."""
    for alert in desk.open():
        changed = caught_up(alert, now, chain)
        if changed is not alert:
            desk = desk.with_alert(changed)
    return replace(desk, mutes=tuple(one for one in desk.mutes if one.until > now))


def ticked(desk: Desk, now: datetime, chain: Mapping[Severity, Times] = CHAIN) -> Desk:
    """The desk with everything that is due by now."""
    for alert in desk.open():
        changed = advance(alert, now, chain)
        if changed is not alert:
            desk = desk.with_alert(changed)
    return (
        replace(desk, mutes=tuple(one for one in desk.mutes if one.until > now))
        if any(one.until <= now for one in desk.mutes)
        else desk
    )
