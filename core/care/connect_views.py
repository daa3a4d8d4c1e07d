"""This is the place where what a screen or the command line is told about how a person's things hang together has its shape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.advice.terms import Fact
from core.knowledge.personal import RuleHere
from core.knowledge.walking import Link, Unlock
from core.medications.findings import Finding, TableState

GROUPS = ("problems", "medicines", "allergies", "measured", "genes", "habits", "results", "done", "about")
"""What a person's things are, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something of the person's that the graph knows: its node, the group, the key (of a fact, ingredient or gene); `titles` are what the record calls it (medicines,
    allergies: foreign words), `fact` its value and date, `zh` the ingredient's Chinese name; `shares` the titles of other medicines of the same chemical group."""

    node_id: str
    group: str
    key: str
    name: str = ""
    zh: str = ""
    titles: tuple[str, ...] = ()
    fact: Fact | None = None
    shares: tuple[str, ...] = ()
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnlockView:
    """A fact that isn't known: why, how it is got, what it would let be worked out at once, and what would wait for more."""

    fact: str
    why: str
    how: str
    ready: tuple[Unlock, ...]
    waiting: int


@dataclass(frozen=True, eq=False)
class ConnectsView:
    """A person's part of the graph. `fault` is the table that could not be read: then nothing is shown. `hidden` counts relations that are for clinicians or not
    verified; `silent` rules that touch something of theirs and have nothing to say."""

    revision: int
    made_at: datetime
    person_id: str
    things: tuple[Thing, ...] = ()
    rules: tuple[RuleHere, ...] = ()
    findings: tuple[Finding, ...] = ()
    unlocks: tuple[UnlockView, ...] = ()
    tables: tuple[TableState, ...] = ()
    fault: str = ""
    clinician: bool = False
    deceased: bool = False
    hidden: int = 0
    silent: int = 0
    more_things: int = 0
    more_rules: int = 0

    def links_of(self, node_id: str) -> tuple[tuple[RuleHere, Link], ...]:
        """The rules that touch a thing, each with the way to it."""
        return tuple((rule, link) for rule in self.rules for link in rule.links if link.thing == node_id)

    @property
    def joined(self) -> tuple[Thing, ...]:
        """Those that any rule touches."""
        touched = {link.thing for rule in self.rules for link in rule.links}
        return tuple(one for one in self.things if one.node_id in touched)
