"""This is the place where everything known of a person becomes their alerts: one function that the worker calls, again and again, and nothing is said twice.

The rule of lateness: readings are always judged in the order in which they were MEASURED, whenever they come. What was measured within LATE before `now` may
speak; each (rule, value, instant, severity) speaks once, so one that comes late speaks when it comes, and so do earlier ones that mean something only now. What is
older than LATE is what others are compared with, and no more. Alerts begin when it is known, not when it was measured: people are told from then on. What lies
after `now` waits until its time comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from core.alerts.desk import Desk, found, measured, recovered, resumed
from core.alerts.happening import Happening, of_subject, said
from core.alerts.judging import Finding, Judge, Judged
from core.alerts.own import Own, rules_for
from core.alerts.readings import Issue, Reading, in_order
from core.alerts.rules import NOT_EXPECTED, SILENT, Rule
from core.alerts.rules_table import RULES
from core.alerts.silence import due_from, newest, silence
from core.alerts.states import Event, Kind, step
from core.alerts.together import Round

LATE = timedelta(days=7)
FIRST_LOOK = timedelta(days=2)
"""At the very first look what was measured before is history."""
LOOK_BACK = timedelta(days=120)
"""So much must be given as `readings`, where there is so much: own levels, gaps of 90 days."""
USUAL = Own()


@dataclass(frozen=True, slots=True)
class Outcome:
    """The desk, data issues of the last LATE days (rows that no alert is made of), and for which rules there is too little: (days there are, days needed)."""

    desk: Desk
    issues: tuple[Issue, ...] = ()
    short: dict[str, tuple[int, int]] = field(default_factory=dict)


def judge(desk: Desk, readings: Iterable[Reading], happenings: Iterable[Happening], own: Own, now: datetime) -> Desk:
    """The desk at `now`. Pure; the same again changes nothing. Raises BadInput for a limit or a happening that is none."""
    return looked(desk, readings, happenings, own, now).desk


def looked(
    desk: Desk, readings: Iterable[Reading], happenings: Iterable[Happening], own: Own, now: datetime, rules: Sequence[Rule] = RULES
) -> Outcome:
    """The same, with what else came of it."""
    used, now = rules_for(own, rules), now.astimezone(UTC)
    look = _Look(desk, used, now, own)
    kept, issues = in_order(readings)
    come = [one for one in kept if one.at <= now]
    look.readings(come)
    look.happenings([one for one in happenings if one.at <= now])
    look.silences(come)
    ahead = [Issue("ahead", one.line, one.at, one.signal, "a time that has come") for one in kept if one.at > now]
    late = [one for one in (*issues, *look.issues) if one.at is None or one.at >= look.since]
    return Outcome(look.done(), (*late, *ahead), look.short)


class _Look:
    """One look at a person."""

    def __init__(self, desk: Desk, rules: Sequence[Rule], now: datetime, own: Own) -> None:
        self.desk, self.now, self.own = desk, now, own
        self.rules = {rule.key: rule for rule in rules}
        self.begun = desk.judged_from or now - FIRST_LOOK
        self.since = max(now - LATE, self.begun)
        self.told, self.lasting = set(desk.told), set[str]()
        self.issues: list[Issue] = []
        self.short: dict[str, tuple[int, int]] = {}
        self._judge, self._round = Judge(rules), Round(float(own.spo2_scale2))

    def readings(self, kept: Sequence[Reading]) -> None:
        settled = list(self.desk.settled)
        for one in kept:
            while settled and settled[0][1] < one.at:
                self._judge.settle(settled.pop(0)[0])
            self._reading(one)
            self._together(self._round.take(one))
        self._together(self._round.over(self.now))

    def _together(self, made: Sequence[Reading | Issue]) -> None:
        for one in made:
            if isinstance(one, Issue):
                self.issues.append(one)
            else:
                self._reading(one)

    def _reading(self, one: Reading) -> None:
        judged = self._judge.take(one)
        self.issues.extend(judged.issues)
        self.short.update(judged.short)
        if one.at >= self.since:
            self._said(one, judged)

    def _said(self, one: Reading, judged: Judged) -> None:
        for finding in sorted(judged.findings, key=lambda item: -item.severity):
            self._found(finding, f"{finding.value:.6g}")
        if judged.accepted:
            self.desk = measured(self.desk, one.signal, one.value, self.now, one.at)
        if judged.recovered:
            self.desk = recovered(self.desk, self.rules, judged.recovered, self.now, one.at)

    def _found(self, finding: Finding, what: str) -> str:
        name = "|".join((_utc(finding.at), finding.rule.family, finding.rule.key, str(int(finding.severity)), what))
        if name not in self.told:
            self.told.add(name)
            self.desk = found(self.desk, replace(finding, known_at=self.now))
        return name

    def happenings(self, given: Sequence[Happening]) -> None:
        every = [(one, said(one, self.rules.values())) for one in sorted(given, key=lambda item: (item.at, item.kind, item.key))]
        over = {(family, key): one.at for one, said_of in every for family, key in said_of.over}
        for one, said_of in every:
            if one.at < self.since:
                continue
            for finding in said_of.findings:
                if over.get((finding.rule.family, finding.rule.key), one.at) <= one.at:  # else it is over already
                    self._found(finding, f"{one.key}:{one.value:.6g}")
            for family, key in said_of.over:
                self._over(family, self.rules[key].recovery, one.at)

    def silences(self, kept: Sequence[Reading]) -> None:
        for rule in [rule for rule in self.rules.values() if rule.kind == SILENT]:
            for expected in self.own.expected:
                mine, last = of_subject(rule, expected.source), newest(kept, expected)
                if last is not None:
                    self._over(mine.family, rule.recovery, last)
                start = due_from(expected, self.own.paused_until)
                if start is not None and start > self.now:
                    self._over(mine.family, NOT_EXPECTED, self.now)
                quiet = silence(kept, expected, self.own.paused_until, self.now)
                if quiet is not None:
                    facts = (("days", quiet.days), *((("usual_days", quiet.usual),) if quiet.usual is not None else ()))
                    finding = Finding(
                        mine, quiet.since, quiet.days, rule.severity, quiet.limit, quiet.since.isoformat(), facts=facts
                    )
                    self.lasting.add(self._found(finding, "silent"))

    def _over(self, family: str, name: str, at: datetime) -> None:
        """What it was about is over: an open alert of this family ends by that name, if every rule in it has that recovery and nothing was said of it since."""
        for alert in self.desk.open():
            mine = alert.family == family and (alert.spoke_at is None or at > alert.spoke_at)
            if mine and all(
                key in self.rules and (self.rules[key].recovery == name or (name, self.rules[key].kind) == (NOT_EXPECTED, SILENT))
                for key in alert.rules
            ):
                event = Event(f"{alert.alert_id}:recovered:{len(alert.timeline)}", Kind.RECOVERED, why=name)
                self.desk = self.desk.with_alert(step(alert, event, self.now))

    def done(self) -> Desk:
        """With everything that time does; and forgotten what can't speak any more."""
        oldest = _utc(self.now - LATE)
        desk = resumed(self.desk, self.now)
        until = max(self.now, desk.judged_until or self.now)
        return replace(
            desk, judged_from=self.begun, judged_until=until, told=frozenset(name for name in self.told if name >= oldest or name in self.lasting),
            settled=tuple(one for one in desk.settled if one[1] >= self.now - LOOK_BACK),
        )  # fmt: skip


def _utc(at: datetime) -> str:
    """Sorts as time does."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
