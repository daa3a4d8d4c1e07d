"""This is the place where the graph is built from the bytes of the tables that ship: the same bytes make the same graph, and nothing about a person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import networkx as nx

from core.advice.table import ADVICE
from core.errors import TableUnavailable
from core.knowledge import from_medicines, from_rules
from core.knowledge.options_table import OPTIONS
from core.knowledge.terms import Builder
from core.medications.checking import KINDS
from core.medications.findings import TableState
from core.medications.tables import Kind, Rules, load

TABLES: tuple[Kind[Any], ...] = (ADVICE, OPTIONS, *KINDS)


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the graph is built from: the tables' bytes by name (None: not to be had), which measurement is which fact, and which equation gives which."""

    contents: tuple[tuple[str, bytes | None], ...]
    signals: tuple[tuple[str, str], ...] = ()
    results: tuple[tuple[str, str, str], ...] = ()
    for_clinicians: frozenset[str] = frozenset()
    """Equations that are shown to clinicians only."""


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The graph (frozen), and the tables it is built from. Where one has a fault, its rows are not in the graph."""

    graph: nx.MultiDiGraph
    tables: tuple[TableState, ...]

    @property
    def fault(self) -> str:
        return next((one.name for one in self.tables if one.fault), "")


@lru_cache(maxsize=4)
def built(shipped: Shipped) -> Knowledge:
    """The graph of these tables. Raises ValueError where a row names what isn't there."""
    held = dict(shipped.contents)

    def read(name: str) -> bytes:
        content = held.get(name)
        if content is None:
            raise TableUnavailable(table=name, why="missing")
        return content

    rules: Rules = load(read, TABLES)
    builder = Builder()
    from_medicines.add(builder, rules)
    from_rules.add(builder, rules, {fact: (family, outcome) for fact, family, outcome in shipped.results}, shipped.for_clinicians)
    from_rules.measured(builder, dict(shipped.signals))
    from_medicines.classes(builder, rules)
    return Knowledge(builder.done(), rules.states)
