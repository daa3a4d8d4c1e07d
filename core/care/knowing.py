"""This is the place where the graph of knowledge is had from the tables that ship, with what care alone knows: which measurement and which equation is which fact."""

from __future__ import annotations

from core.care.advice_facts import NEWEST, RISKS
from core.care.option_facts import WORKED
from core.errors import TableUnavailable
from core.knowledge.building import TABLES, Knowledge, Shipped, built
from core.ports import Tables

_SIGNALS = tuple(NEWEST.items())
_RESULTS = (*((fact, *given) for fact, given in RISKS.items()), *((fact, one.family, one.outcome) for fact, one in WORKED.items()))


def knowledge(tables: Tables | None) -> Knowledge:
    """The graph of these tables; what can't be read has its fault in it. Built once for the same bytes; nothing about a person is in it."""
    return built(Shipped(tuple((kind.name, _read(tables, kind.name)) for kind in TABLES), _SIGNALS, _RESULTS))


def _read(tables: Tables | None, name: str) -> bytes | None:
    try:
        return tables.read(name) if tables is not None else None
    except TableUnavailable:
        return None
