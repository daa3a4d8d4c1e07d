"""This is the place where what a screen or the command line is told about advice has its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.advice.table import Row
from core.advice.terms import Advice, Outcome
from core.medications.findings import TableState


@dataclass(frozen=True, eq=False)
class AdviceView:
    """All that became of the rules whoever asks may see. `table` says which table it rests on; where it has a fault there is no advice at all, and that
    is said. `hidden` counts the rules that are for clinicians only."""

    revision: int
    made_at: datetime
    person_id: str
    advice: Advice
    rows: dict[str, Row]
    table: TableState
    clinician: bool
    may_answer: bool
    region: str = ""
    hidden: int = 0
    hangs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By rule, other rules and calculations of the graph that rest on the same facts (ids of nodes), those that share most first."""
    opens: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By missing fact, the calculations that would use it too."""

    def row(self, outcome: Outcome) -> Row:
        return self.rows[outcome.rule]

    @property
    def urgent(self) -> tuple[Outcome, ...]:
        return tuple(one for one in self.advice.cards if one.severity >= 4)
