"""This is the place where what a screen or the command line is told about treatment options has its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.advice.terms import Outcome
from core.knowledge.options_table import Option
from core.medications.findings import Finding, NotChecked, Severity, Source, TableState

STANDS = ("contraindicated", "caution", "unknown", "nothing_found")
"""How an ingredient stands: something forbids it by the tables; something speaks against it; a check could not be made; or the tables found nothing, which is no
word that it is safe."""


@dataclass(frozen=True, slots=True)
class AgainstView:
    """What in the record speaks against a whole option, by the options' own table: how gravely, a code of words, the fact, the source."""

    why: str
    level: Severity
    fact: str
    known: bool
    source: Source


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ingredient of an option, held against the person as if it were taken. `taken`: they take it already. `watched` are the measurements that the graph of
    rules says watch it."""

    key: str
    name: str
    zh: str
    stands: str
    findings: tuple[Finding, ...]
    unknown: tuple[NotChecked, ...]
    taken: bool
    watched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option of the table with what became of it: `state` "open" (possible, to be confirmed), "needs" (more observations needed), "not_for" or "unavailable".
    `already`: titles of medicines taken now that are of this group."""

    row: Option
    state: str
    outcome: Outcome
    first: Source
    choice: Source
    status: str
    against: tuple[AgainstView, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    already: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class OptionsView:
    """Every option for one person. `tables` are all tables it rests on; where one has a fault, `fault` is its name and there are no options at all."""

    revision: int
    made_at: datetime
    person_id: str
    options: tuple[OptionView, ...]
    tables: tuple[TableState, ...]
    fault: str = ""
    region: str = ""
    deceased: bool = False
    unread: tuple[str, ...] = ()
    words: Mapping[str, str] | None = None

    def of(self, state: str) -> tuple[OptionView, ...]:
        return tuple(one for one in self.options if one.state == state)
