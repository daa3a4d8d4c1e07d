"""This is the place where the words of the worklist are defined: lanes, what is known of a person, a reason, and the list itself.

Times are unix seconds (UTC) so that a hundred thousand people can be ordered at once. What is known may be wrong in any way: see ranking.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

NOW, TODAY, WEEK, DATA, WAITING, STABLE, NEVER = LANES = ("now", "today", "week", "data", "waiting", "stable", "never")
"""Every lane, in the fixed order in which they are shown: act now, today, this week, a problem with the data, somebody else's turn, nothing due, never any
data."""
REVIEWED_LANES = (NOW, TODAY, WEEK)
"""Where a person is put before the coordinator's eyes."""
PLACE: Mapping[str, int] = {lane: at for at, lane in enumerate(LANES)}
DAY = 86_400.0
_GROW = ("days", "hours")
"""Facts that change with the clock alone: they are no new evidence."""


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual for the person: the middle and the spread of earlier days. Neither the newest value nor the last week is among them; `week` is the
    middle of that week's days, None where there are too few."""

    middle: float
    spread: float
    days: int
    week: float | None = None


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest value of a signal, in the signal's own unit."""

    signal: str
    value: float
    at: float
    usual: Usual | None = None


@dataclass(frozen=True, slots=True)
class Noticed:
    """What another part of the house found out: the code of its sentence, its severity (-1 unknown, 1 watch, 2 act soon, 3 act now), when, and its facts."""

    code: str
    severity: int
    at: float | None = None
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is open until somebody acts: `rule` a key of RULES ("request_refill", "stock_out" ...), since when, its id, and its facts."""

    rule: str
    since: float
    ref: str = ""
    facts: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody has looked: when, and the marks (`Reason.mark`) of what they saw then."""

    at: float
    seen: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """All that is known of one person. `weights` are (when, kg), oldest first; `broken` are codes of what could not be read; `last_at` is when anything
    last came, None where nothing ever did; `silent_after` days without anything are unusual for this person, None where nothing is expected."""

    person_id: str
    newest: tuple[Newest, ...] = ()
    weights: tuple[tuple[float, float], ...] = ()
    noticed: tuple[Noticed, ...] = ()
    open: tuple[Open, ...] = ()
    last_at: float | None = None
    silent_after: float | None = None
    broken: tuple[str, ...] = ()
    mark: Mark | None = None


@dataclass(slots=True)
class Reason:
    """Why a person is on the list: the rule, what was seen (`what`: a signal or a code; `value` None where there is no number), when (unix seconds, None
    unknown) and the lane. `known` says that somebody looked at exactly this and it is not due again; then `lane` is where that puts it."""

    rule: str
    lane: str
    what: str = ""
    value: float | None = None
    at: float | None = None
    severity: int = 0
    facts: Mapping[str, str | int | float] = field(default_factory=dict)
    known: bool = False

    @property
    def mark(self) -> str:
        """What stays the same while the evidence does."""
        facts = sorted((key, said) for key, said in self.facts.items() if key not in _GROW)
        return sha256(f"{self.rule}|{self.what}|{self.value!r}|{self.at!r}|{facts!r}".encode()).hexdigest()[:24]


@dataclass(slots=True)
class Entry:
    """One person on the list: the lane of the worst reason, and every reason, the worst first."""

    person_id: str
    lane: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A lane with its people, the most pressing first."""

    lane: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Worklist:
    """Every lane, also an empty one, in the order of LANES. The entries are as many as the people that were asked about."""

    sections: tuple[Section, ...]

    @property
    def total(self) -> int:
        return sum(len(one.entries) for one in self.sections)

    @property
    def counts(self) -> Mapping[str, int]:
        return {one.lane: len(one.entries) for one in self.sections}
