"""This is the place where the graph of knowledge is had from the tables that ship, with what care alone knows: which measurement and which equation is which fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.advice.known import HOW
from core.advice.terms import Fact
from core.care.advice_facts import NEWEST, RISKS
from core.care.option_facts import WORKED
from core.care.risks_families import CLINICIAN
from core.errors import TableUnavailable
from core.knowledge.building import TABLES, Knowledge, Shipped, built
from core.knowledge.walking import node, related, unlocked
from core.ports import Tables

_SIGNALS = tuple(NEWEST.items())
_RESULTS = (*((fact, *given) for fact, given in RISKS.items()), *((fact, one.family, one.outcome) for fact, one in WORKED.items()))

_SAID = ("rule:advice:", "equation:", "option:")
MOST_AROUND = 5
"""How many are named beside a card, at most."""


def knowledge(tables: Tables | None) -> Knowledge:
    """The graph of these tables; what can't be read has its fault in it. Built once for the same bytes; nothing about a person is in it."""
    return built(Shipped(tuple((kind.name, _read(tables, kind.name)) for kind in TABLES), _SIGNALS, _RESULTS, frozenset(CLINICIAN)))


class Around:
    """What stands around advice in the graph; nothing where the graph can't be had, which the advice itself says for its own table."""

    def __init__(self, tables: Tables | None, *, clinician: bool) -> None:
        self._known, self._clinician = knowledge(tables), clinician

    def hangs(self, rules: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """By rule of advice, what rests on the same facts: advice, calculations and, for clinicians, options."""
        found = {rule: related(self._known.graph, f"rule:advice:{rule}", clinician=self._clinician) for rule in rules}
        return {rule: tuple(one for one in ids if one.startswith(_SAID))[:MOST_AROUND] for rule, ids in found.items()}

    def opens(self, facts: Mapping[str, Fact]) -> dict[str, tuple[str, ...]]:
        """By fact that can't be used or isn't there, the calculations that ask for it."""
        lacking = [key for key in HOW if key not in facts or facts[key].state != "used"]
        found = {
            key: [one.rule for one in unlocked(self._known.graph, f"fact:{key}", ()) if one.rule.startswith("equation:")]
            for key in lacking
        }
        told = {
            key: tuple(one for one in ids if self._clinician or not node(self._known.graph, one).clinician)[:MOST_AROUND]
            for key, ids in found.items()
        }
        return {key: ids for key, ids in told.items() if ids}


def _read(tables: Tables | None, name: str) -> bytes | None:
    try:
        return tables.read(name) if tables is not None else None
    except TableUnavailable:
        return None
