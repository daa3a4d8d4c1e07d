"""This is the place where each new reading is held against the rules: what they say, what is back in range, and what can't be compared yet.

A reading is compared with what came BEFORE it; only then does it join. One that can hardly be (eight percent of the body's weight from one reading to the
next) joins nothing until the next reading says the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from statistics import median

from core.alerts.baseline import KEEP_DAYS, Days, Level, Lowest
from core.alerts.combined import Seen, combined
from core.alerts.readings import Issue, Reading
from core.alerts.rules import BASELINE, COMBINED, DRIFT, EVENT, GAIN, HAPPENING_KINDS, HIGH, MISSING, NEWS, SILENT, THRESHOLD, Rule
from core.alerts.usual import hardly_above, lives_there
from core.trends.judgement import Severity

_HOUR = timedelta(hours=1)
_TOLERANCE = 1e-9
GRAM = 0.001
UNLIKELY, UNLIKELY_A_DAY, IMPOSSIBLE = 0.08, 0.01, 0.30
"""Shares of the last accepted weight. A change beyond the first (and a percent more for each further day between) within RECENT_DAYS needs the next reading to agree within the same share (the scale may have
carried somebody else); a rise beyond the second raises nothing until then (pounds written as kilograms). Ours, no clinical limit."""
RECENT_DAYS = 14
_DRIFT_FROM, _DRIFT_TO = 28, 14
_LATELY = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule says about one reading. `reference` is what it was compared with (a limit, an earlier value, the person's level), `since` when that was;
    `facts` say more. `confirmed` is false while the rule waits for the next reading. `known_at`: when it came to us, where that was later than `at`."""

    rule: Rule
    at: datetime
    value: float
    severity: Severity
    reference: float
    since: str = ""
    confirmed: bool = True
    line: int = 0
    facts: tuple[tuple[str, float | int | str], ...] = ()
    known_at: datetime | None = None

    @property
    def said_at(self) -> datetime:
        """When it is said: when the value was measured, or later where it came later."""
        return self.known_at or self.at


@dataclass(slots=True)
class Judged:
    """About one reading. `accepted` is false where nobody can trust it yet; `recovered` are keys of rules that are back in range."""

    findings: list[Finding] = field(default_factory=list)
    recovered: set[str] = field(default_factory=set)
    issues: list[Issue] = field(default_factory=list)
    short: dict[str, tuple[int, int]] = field(default_factory=dict)
    accepted: bool = True


@dataclass(slots=True)
class _Signal:
    """What is remembered about one signal."""

    rules: tuple[Rule, ...]
    days: Days = field(default_factory=Days)
    lows: dict[str, Lowest] = field(default_factory=dict)
    last: Reading | None = None
    suspect: Reading | None = None
    streak: dict[str, int] = field(default_factory=dict)
    inside: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    pending: dict[str, Finding] = field(default_factory=dict)
    ended: bool = False


class Judge:
    """The rules over one person's readings, one after another in the order of time."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._signals: dict[str, _Signal] = {}
        self._seen: dict[str, Seen] = {}
        self._combined = [rule for rule in rules if rule.kind == COMBINED]
        self._parts = {part.signal for rule in self._combined for part in rule.parts}
        for signal in sorted({rule.signal for rule in rules} | self._parts):
            own = tuple(rule for rule in rules if rule.signal == signal and rule.kind not in (MISSING, SILENT, COMBINED))
            self._signals[signal] = _Signal(own, lows={rule.key: Lowest(rule.within) for rule in own if rule.kind == GAIN})

    def take(self, reading: Reading) -> Judged:
        """What the rules say; afterwards the reading is part of what later ones are compared with."""
        kept, said = self._signals.get(reading.signal), Judged()
        if kept is None:
            return said
        kept.days.begin(reading.day)
        if any(rule.kind == GAIN for rule in kept.rules) and not self._trusted(kept, reading, said):
            return said
        self._compare(kept, reading, said)
        self._combine(kept, reading, said)
        own = {rule.key for rule in kept.rules if rule.kind == BASELINE}
        if own and own <= said.recovered:
            kept.days.release()
        self._join(kept, reading, unusual=any(one.rule.kind == BASELINE for one in said.findings))
        return said

    def settle(self, signal: str) -> None:
        """A person ended an alert about this signal: what was unusual may be usual now."""
        if signal in self._signals:
            self._signals[signal].days.settle()
            self._signals[signal].ended = True

    # ---------------------------------------------------------------------------------------------------- can it be?

    def _trusted(self, kept: _Signal, reading: Reading, said: Judged) -> bool:
        last, suspect = kept.last, kept.suspect
        if last is None or reading.day - last.day > RECENT_DAYS:
            kept.suspect = None
            return True
        change = reading.value / last.value - 1
        unlikely = UNLIKELY + UNLIKELY_A_DAY * max(0, reading.day - last.day - 1)
        if abs(change) <= unlikely:
            if suspect is not None:
                said.issues.append(Issue("jump_not_confirmed", suspect.line, suspect.at, suspect.signal))
            kept.suspect = None
            return True
        if suspect is not None and abs(reading.value / suspect.value - 1) <= UNLIKELY:
            kept.suspect = None  # two say the same: it is so
            said.issues.append(Issue("jump_confirmed", reading.line, reading.at, reading.signal))
            return True
        kept.suspect, said.accepted = reading, False
        said.issues.append(Issue("jump_unlikely", reading.line, reading.at, reading.signal, "the same person weighed once more"))
        if unlikely < change <= IMPOSSIBLE:
            rule = next((rule for rule in kept.rules if rule.kind == GAIN and rule.within >= reading.day - last.day), None)
            if rule is not None:
                said.findings.append(_finding(rule, reading, last.value, last.at.isoformat(), sure=False))
        return False

    # ------------------------------------------------------------------------------------------------------- compare

    def _compare(self, kept: _Signal, reading: Reading, said: Judged) -> None:
        gained = False
        for rule in kept.rules:
            if rule.kind == GAIN:
                found = self._gain(kept, rule, reading, done=gained)
                gained = gained or kept.lows[rule.key].lowest(reading.day) is not None
            elif rule.kind == DRIFT:
                found = self._drift(kept, rule, reading, said)
            else:
                found = self._level(kept, rule, reading, said)
            if found is not None:
                said.findings.append(found)

    def _combine(self, kept: _Signal, reading: Reading, said: Judged) -> None:
        """What several signals say together, where this is one of them."""
        if reading.signal not in self._parts:
            return
        level = kept.days.level(KEEP_DAYS)
        if level is None:
            self._seen.pop(reading.signal, None)
            return
        self._seen[reading.signal] = Seen(reading.at, reading.value, level)
        for rule in self._combined:
            if all(part.signal != reading.signal for part in rule.parts):
                continue
            found = combined(rule, self._seen, reading.at)
            if found is None:
                continue
            if self._inside(self._signals[rule.signal], rule, reading, found.score >= rule.limit - _TOLERANCE, said):
                continue
            one = self._seen[rule.signal]
            facts = (("score", found.score), *found.parts)
            about = replace(reading, value=one.value, signal=rule.signal)
            said.findings.append(_finding(rule, about, one.level.level, _day(one.level.first), sure=True, facts=facts))

    def _inside(self, kept: _Signal, rule: Rule, reading: Reading, beyond: bool, said: Judged) -> bool:
        """Whether the reading is inside the rule's limit; the second one, an hour or more later, is the recovery."""
        if beyond:
            kept.inside.pop(rule.key, None)
            kept.streak[rule.key] = kept.streak.get(rule.key, 0) + 1
            return False
        kept.streak[rule.key] = 0
        times, first = kept.inside.get(rule.key, (0, reading.at))
        kept.inside[rule.key] = (times + 1, first)
        if (times >= 1 and reading.at - first >= _HOUR) or rule.kind in HAPPENING_KINDS:
            said.recovered.add(rule.key)
        return True

    def _level(self, kept: _Signal, rule: Rule, reading: Reading, said: Judged) -> Finding | None:
        """A limit, a count of an event, or the person's own level."""
        reference, since, facts = rule.limit, "", ()  # type: tuple[float, str, tuple[tuple[str, float | int | str], ...]]
        at_once = False
        if rule.kind == BASELINE:
            level = kept.days.level(rule.within)
            if level is None or level.days < rule.least:
                said.short[rule.key] = (level.days if level else 0, rule.least)
                return None
            far = max(rule.limit * level.spread, rule.floor)
            reference = level.level + far if rule.direction == HIGH else level.level - far
            if rule.only_from:
                reference = max(reference, rule.only_from) if rule.direction == HIGH else min(reference, rule.only_from)
            at_once = rule.at_once > 0 and abs(reading.value - _nearest(kept, level, rule)) >= rule.at_once * far
            since = _day(level.first)
            facts = (
                ("level", level.level), ("spread", level.spread), ("days", level.days), ("last_day", datetime.fromordinal(level.last).date().isoformat()),
            )  # fmt: skip
        if self._inside(kept, rule, reading, reaches(reading.value, reference, rule), said):
            return None
        sure = kept.streak[rule.key] >= rule.confirm or at_once
        found = _finding(rule, reading, reference, since, sure=sure, facts=facts)
        if rule.kind == THRESHOLD and rule.severity < Severity.ACT_NOW and kept.ended:
            usual = kept.days.level(KEEP_DAYS)
            return _for_a_look(found, usual) if lives_there(reading.value, usual, rule) else found
        return found

    def _gain(self, kept: _Signal, rule: Rule, reading: Reading, *, done: bool) -> Finding | None:
        """The rise over the lowest earlier reading of the window. The longest window is for gaps: it speaks only where no shorter one has a reading."""
        waiting = kept.pending.pop(rule.key, None)
        level = kept.days.level(KEEP_DAYS)
        if waiting is not None and reading.value - waiting.reference >= rule.limit - GRAM:
            found = _finding(rule, reading, waiting.reference, waiting.since, sure=True)
            return _for_a_look(found, level) if hardly_above(reading.value, level) else found
        if rule.within > RECENT_DAYS:
            if done or kept.last is None or reading.day - kept.last.day > rule.within:
                return None
            reference, since = kept.last.value, kept.last.at
        else:
            low = kept.lows[rule.key].lowest(reading.day)
            if low is None:
                return None
            reference, since = low[1], low[2]  # type: ignore[assignment]
        if reading.value - reference < rule.limit - GRAM:
            return None
        found = _finding(rule, reading, reference, since.isoformat(), sure=rule.confirm == 1)
        if not found.confirmed:
            kept.pending[rule.key] = found
        return _for_a_look(found, level) if hardly_above(reading.value, level) else found

    def _drift(self, kept: _Signal, rule: Rule, reading: Reading, said: Judged) -> Finding | None:
        """The middle of the last days (`span`, this one the last) against the level two to four weeks ago."""
        before = kept.days.earlier(_DRIFT_FROM, _DRIFT_TO)
        recent = [*kept.days.recent(rule.span - 1), reading.value]
        if before is None or before.days < rule.least or len(recent) < rule.span:
            said.short[rule.key] = (before.days if before else 0, rule.least)
            return None
        rise = rule.limit / 100 * before.level if rule.percent else rule.limit
        middle = median(recent)
        if (middle - before.level if rule.direction == HIGH else before.level - middle) < rise - GRAM:
            return None
        since = _day(before.first)
        return _finding(
            rule,
            reading,
            before.level,
            since,
            sure=True,
            facts=(("days", before.days), ("middle", middle), ("middle_days", rule.span)),
        )

    def _join(self, kept: _Signal, reading: Reading, *, unusual: bool) -> None:
        kept.last = reading
        kept.days.add(reading.value, unusual=unusual)
        for low in kept.lows.values():
            low.add(reading.day, reading.value, reading.at)


def reaches(value: float, limit: float, rule: Rule) -> bool:
    """Whether the value is at the limit or beyond it (strict rules: beyond it)."""
    over = value - limit if rule.direction == HIGH else limit - value
    return over > _TOLERANCE if rule.strict else over >= -_TOLERANCE


def _finding(
    rule: Rule, reading: Reading, reference: float, since: str, *, sure: bool, facts: tuple[tuple[str, float | int | str], ...] = ()
) -> Finding:
    severity = rule.severity if sure else Severity.WATCH
    return Finding(rule, reading.at, reading.value, severity, reference, since, sure, reading.line, facts)


def _nearest(kept: _Signal, level: Level, rule: Rule) -> float:
    """The person's level, or the middle of the last days where that is nearer to a value in the rule's direction: what has moved slowly is no sudden change."""
    lately = median(kept.days.recent(_LATELY) or [level.level])
    return max(level.level, lately) if rule.direction == HIGH else min(level.level, lately)


def _for_a_look(found: Finding, level: Level | None) -> Finding:
    """It is said, and calls nobody: the value is usual for this person (usual.py)."""
    facts = (*found.facts, *((("own_level", level.level),) if level is not None else ()))
    return replace(found, severity=Severity.WATCH, confirmed=True, facts=facts)


def _day(ordinal: int) -> str:
    return datetime.fromordinal(ordinal).date().isoformat()


def rules_of(rules: Sequence[Rule], kind: str) -> Iterator[Rule]:
    return (rule for rule in rules if rule.kind == kind)


__all__ = ["EVENT", "NEWS", "THRESHOLD", "Finding", "Judge", "Judged", "rules_of"]
