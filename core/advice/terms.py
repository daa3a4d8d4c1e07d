"""This is the place where the words of advice are defined: facts, what is lacking, and what became of a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import IntEnum


class Severity(IntEnum):
    """How soon advice matters, in order. URGENT is never hidden and never moved down."""

    GOOD_TO_KNOW = 1
    WORTH_DOING = 2
    SOON = 3
    URGENT = 4


STATUSES = ("verified", "house", "digest", "memory")
"""Where the content of a rule comes from: read in the named source; our own cautious choice; a digest; memory. The last two are for clinicians only."""
FOR_PATIENTS = frozenset({"verified", "house"})
NOT_FOR = ("age", "sex", "region", "excluded", "not_the_case", "done", "another_speaks")
"""Why a rule has nothing to say to somebody, in the order in which the reasons are given."""
LACKING = ("missing", "stale", "unclear", "contradictory")
"""Why a fact can't be used."""
ASIDE = ("done", "not_for_me", "later")
"""What a person can say about advice."""
REASONS = ("had_it", "told_otherwise", "do_not_want", "too_hard", "other")
"""Why something is not for them."""
SURE = ("recorded", "told", "no_last")
"""How sure a card is: all its facts are on record; some were told by the person; nothing on record says when it was last done."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing known about a person, or not: `state` "used" or one of LACKING, `days` its age (None: it has no moment of its own), `when` a FHIR time,
    `origin` "record", "typed", "derived" or "profile", `sources` what the sources are called, `how` a code of words for getting it (`risk.how.<how>`)."""

    key: str
    state: str = "missing"
    value: float | None = None
    unit: str = ""
    when: str = ""
    days: int | None = None
    origin: str = ""
    record_ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    how: str = "ask_clinician"


@dataclass(frozen=True, slots=True)
class Lack:
    """A fact without which a rule can't be judged: why, its age where it is too old, the most that would do (0: any), and how to get it."""

    key: str
    why: str
    how: str
    days: int | None = None
    limit: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one rule. `state`: "card", "needs", "not_for", "aside" or "unavailable"; `why` a code of NOT_FOR or ASIDE, or "expired"; `facts` what
    it rests on; `lacks` what is missing; `last` when the thing was last done; `instead` rules that spoke in its place, or in whose place it speaks; `until` and
    `reason` (a code of REASONS) for what was put aside."""

    rule: str
    state: str
    severity: Severity
    why: str = ""
    facts: tuple[Fact, ...] = ()
    lacks: tuple[Lack, ...] = ()
    last: Fact | None = None
    sure: str = ""
    instead: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a person said about a rule's card, and when; `why` a code of REASONS for "not_for_me"; `until` for "later"."""

    rule: str
    said: str
    at: datetime
    why: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Advice:
    """Every rule with what became of it, the cards in the order in which they are shown."""

    at: datetime
    deceased: bool = False
    cards: tuple[Outcome, ...] = ()
    needs: tuple[Outcome, ...] = ()
    not_for: tuple[Outcome, ...] = ()
    aside: tuple[Outcome, ...] = ()
    unavailable: tuple[Outcome, ...] = ()
    usefulness: Mapping[str, float] = field(default_factory=dict)

    @property
    def all(self) -> tuple[Outcome, ...]:
        return (*self.cards, *self.needs, *self.not_for, *self.aside, *self.unavailable)
