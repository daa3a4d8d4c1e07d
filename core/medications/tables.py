"""This is the place where the tables of clinical rules are read and held: each by its own shape, with its version and digest, or as not to be had."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec

from core.errors import TableUnavailable
from core.medications.findings import TableState

T = TypeVar("T")


class Sheet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every table has: its own name, the version (a date), what it says of itself. Shapes of tables extend it."""

    table: str
    version: str
    about: str = ""

    def size(self) -> int:
        """How many rows it has: those of its `rows`, where a table doesn't count otherwise."""
        return len(getattr(self, "rows", ()))


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """A kind of table: its name (the file's), the shape its JSON has to have, and what is made of it for the checks. `made` raises ValueError where
    the rows contradict one another; then the table is corrupt."""

    name: str
    shape: type[Sheet]
    made: Callable[[Any], T]


@dataclass(frozen=True, slots=True)
class Rules:
    """The tables as they could be read. `states` are all that were asked for, those with a fault too."""

    states: tuple[TableState, ...]
    parsed: Mapping[str, object]

    def has(self, kind: Kind[Any]) -> bool:
        """Whether that table can be used."""
        return kind.name in self.parsed

    def of(self, kind: Kind[T]) -> T:
        """The table. Raises KeyError where it isn't to be had: ask `has` first."""
        return cast(T, self.parsed[kind.name])

    @property
    def whole(self) -> bool:
        """Whether nothing is missing or damaged."""
        return not any(state.fault for state in self.states)


def load(read: Callable[[str], bytes], kinds: Iterable[Kind[Any]]) -> Rules:
    """The tables of these kinds, through `read` (ports.Tables.read). Never raises for a table: one that is missing, damaged or not of its shape has
    its fault in `states` and is in nothing else."""
    states: list[TableState] = []
    parsed: dict[str, object] = {}
    for kind in kinds:
        try:
            table, state = _parsed(kind, read(kind.name))
        except TableUnavailable as error:
            states.append(TableState(kind.name, fault="missing" if error.facts.get("why") == "missing" else "corrupt"))
        except (ValueError, RecursionError):  # msgspec's errors are ValueErrors
            states.append(TableState(kind.name, fault="corrupt"))
        else:
            states.append(state)
            parsed[kind.name] = table
    return Rules(tuple(states), parsed)


@lru_cache(maxsize=32)
def _parsed(kind: Kind[Any], content: bytes) -> tuple[object, TableState]:
    """The same bytes make the same table: parsed once. Nothing about a person is in it."""
    sheet = msgspec.json.decode(content, type=kind.shape)
    if sheet.table != kind.name:
        raise ValueError("another table's file")
    if not sheet.size():
        raise ValueError("no rows")
    return kind.made(sheet), TableState(kind.name, sheet.version, hashlib.sha256(content).hexdigest()[:12], sheet.size())
