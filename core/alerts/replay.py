"""This is the place where a person's readings and the acts of people are played through the rules in the order of time: what would have been raised, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.alerts.desk import LONGEST_SNOOZE, Desk, Mute, acted, due_at, found, measured, recovered, snoozed, ticked, undelivered
from core.alerts.judging import Finding, Judge, rules_of
from core.alerts.readings import Issue, Reading, in_order
from core.alerts.rules import MISSING, NEWS, Rule
from core.alerts.states import Alert, Event, Kind
from core.alerts.together import INPUTS, SCALE2, Round
from core.errors import Conflict
from core.trends.judgement import Severity

EVIDENCE = 20
"""Findings kept with an alert: the first ones, and the newest in the last place."""
ACTS = {
    "ack": Kind.ACKNOWLEDGED,
    "act": Kind.ACTING,
    "resolve": Kind.RESOLVED,
    "snooze": Kind.HELD,
    "undelivered": Kind.UNDELIVERED,
}


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did, or a channel didn't. `where` is a family, a signal, a direction, an alert's id or "" (all open ones); for a snooze the signal or "", with its
    direction and hours; for an undelivered message the recipient."""

    at: datetime
    what: str
    who: str
    why: str
    where: str = ""
    direction: str = ""
    hours: float = 0.0
    line: int = 0


@dataclass(slots=True)
class Replayed:
    """Everything that came of it. `evidence` by alert id; `short` by rule: on how many readings there was too little to compare with, the days there were
    last, and the days needed."""

    alerts: list[Alert] = field(default_factory=list)
    evidence: dict[str, list[Finding]] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    short: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    until: datetime | None = None
    readings: int = 0


class Replay:
    """The state of a replay between two rows."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = {rule.key: rule for rule in rules}
        self.said = Replayed()
        self._judge, self._desk = Judge(rules), Desk()
        self._missing = list(rules_of(rules, MISSING))
        self._wanted: dict[str, datetime] = {}
        self._latest: dict[str, float] = {}
        self._due: datetime | None = None
        self._due_for: Desk | None = None
        self._round = Round()
        self._scored = any(True for _ in rules_of(rules, NEWS))

    def open(self) -> tuple[Alert, ...]:
        return self._desk.open()

    def begin(self, now: datetime) -> None:
        """From here on a reading is expected by the rules that expect one."""
        self._wanted = {rule.key: now + timedelta(days=rule.limit) for rule in self._missing}

    def until(self, now: datetime) -> None:
        """Everything that time alone does up to now."""
        self._score(self._round.over(now))
        while self._wanted:
            key, when = min(self._wanted.items(), key=lambda item: (item[1], item[0]))
            if when > now:
                break
            del self._wanted[key]
            self._tick(when)
            rule = self.rules[key]
            self._found(Finding(rule, when, 0.0, rule.severity, rule.limit, (when - timedelta(days=rule.limit)).isoformat()))
        self._tick(now)

    def reading(self, one: Reading) -> None:
        self.until(one.at)
        self.said.readings += 1
        if self._scored and one.signal in (*INPUTS, SCALE2):
            self._score(self._round.take(one))
        for rule in self._missing:
            if rule.signal == one.signal:
                self._wanted[rule.key] = one.at + timedelta(days=rule.limit)
                self._desk = recovered(self._desk, self.rules, {rule.key}, one.at)
        self._judged(one)

    def act(self, act: Act) -> None:
        """What a person did. What the table of states doesn't allow (a second beginning of what has begun) is told as an issue."""
        self.until(act.at)
        event_id = f"row:{act.line}"
        if act.what == "snooze":
            until = act.at + min(timedelta(hours=act.hours), LONGEST_SNOOZE)
            mute = Mute(act.direction, act.where, until, Severity.ACT_SOON, act.who, act.why)
            self._desk = snoozed(self._desk, mute, tuple(self._latest.items()), event_id, act.at)
            return
        if act.what == "undelivered":
            for alert in self._desk.open():
                event = Event(f"{event_id}:{alert.alert_id}", Kind.UNDELIVERED, why=act.why, to=act.where)
                self._desk = undelivered(self._desk, alert.alert_id, event, act.at)
            return
        try:
            signals = {
                one.signal for one in self._desk.open() if act.where in ("", one.family, one.signal, one.direction, one.alert_id)
            }
            self._desk, how_many = acted(self._desk, ACTS[act.what], act.where, (event_id, act.who, act.why), act.at)
        except Conflict:
            self.said.issues.append(Issue("act_not_possible", act.line, act.at, act.what, "an alert in a state that allows it"))
            return
        if not how_many:
            self.said.issues.append(Issue("nothing_open", act.line, act.at, act.what, "an open alert"))
        if act.what == "resolve":
            for signal in sorted(signals):
                self._judge.settle(signal)
        self._sweep()

    def end(self, now: datetime) -> Replayed:
        self.until(now)
        self._score(self._round.close())
        self._tick(now)
        self.said.alerts.extend(self._desk.alerts)
        self.said.alerts.sort(key=lambda one: (one.raised_at, one.alert_id))
        self.said.until = now
        return self.said

    # ------------------------------------------------------------------------------------------------------------------

    def _judged(self, one: Reading) -> None:
        said = self._judge.take(one)
        self.said.issues.extend(said.issues)
        for key, (have, need) in said.short.items():
            self.said.short[key] = (self.said.short.get(key, (0, 0, 0))[0] + 1, have, need)
        for finding in sorted(said.findings, key=lambda item: -item.severity):
            self._found(finding)
        if said.accepted:
            self._desk = measured(self._desk, one.signal, one.value, one.at)
            self._latest[one.signal] = one.value
        if said.recovered:
            self._desk = recovered(self._desk, self.rules, said.recovered, one.at)
            self._sweep()
        self._tick(one.at)

    def _found(self, finding: Finding) -> None:
        self._desk = found(self._desk, finding)
        rule = finding.rule
        mine = next(one for one in self._desk.open() if (one.family, one.direction) == (rule.family, rule.direction))
        kept = self.said.evidence.setdefault(mine.alert_id, [])
        if len(kept) >= EVIDENCE:
            kept.pop()
        kept.append(finding)
        self._tick(finding.at)

    def _score(self, made: Sequence[Reading | Issue]) -> None:
        for one in made:
            if isinstance(one, Issue):
                self.said.issues.append(one)
            else:
                self._judged(one)

    def _tick(self, now: datetime) -> None:
        """Cheap where nothing is due: every reading asks."""
        if self._due_for is not self._desk:
            self._due, self._due_for = due_at(self._desk), self._desk
        if self._due is not None and self._due <= now:
            self._desk = ticked(self._desk, now)

    def _sweep(self) -> None:
        self._desk, ended = self._desk.swept()
        self.said.alerts.extend(ended)


def replay(rules: Sequence[Rule], readings: Iterable[Reading], acts: Iterable[Act] = (), until: datetime | None = None) -> Replayed:
    """Play it all, in any order it is given. Readings come before acts of the same instant. `until`: how long the clock goes on (not before the last row)."""
    kept, issues = in_order(readings)
    rows: list[Reading | Act] = sorted([*kept, *acts], key=lambda one: (one.at, isinstance(one, Act), one.line))
    played = Replay(rules)
    played.said.issues.extend(issues)
    if not rows:
        return played.said
    played.begin(rows[0].at)
    for row in rows:
        if isinstance(row, Act):
            played.act(row)
        else:
            played.reading(row)
    return played.end(max(rows[-1].at, until) if until else rows[-1].at)
