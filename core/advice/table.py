"""This is the place where the table of advice rules has its shape, and where a table that contradicts itself is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

import msgspec

from core.advice.known import HOW
from core.advice.terms import FOR_PATIENTS, Severity
from core.medications.tables import Kind, Sheet


class Cond(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One condition on one fact: `op` against `value`; `days` the oldest that counts (0: the fact's own limit)."""

    fact: str
    op: Literal["is", "ge", "gt", "lt", "le"]
    value: float
    days: int = 0


class Done(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Done at most so many days ago is done (0: once for good)."""

    fact: str
    days: int


EVENTS = frozenset({"emergency", "result"})
"""Kinds of rules that a result sets off: where there is none, nobody is asked to get one for their sake."""


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule: whom it is for (completed years, both ends included), when (all of the lists, in each any one), unless (any one), what is enough,
    where it comes from (`year` 0: the source was read without one), until when it may be used (`expires`), and for how many days it is quiet after an answer (`quiet`)."""

    id: str
    topic: str
    kind: Literal["emergency", "result", "screening", "vaccine", "lifestyle", "measure", "talk", "medicines"]
    severity: Annotated[int, msgspec.Meta(ge=1, le=4)]
    region: Literal["", "us", "china"] = ""
    sex: Literal["any", "female", "male"] = "any"
    ages: tuple[int, int]
    when: tuple[tuple[Cond, ...], ...] = ()
    unless: tuple[Cond, ...] = ()
    done: tuple[Done, ...] = ()
    source: str
    year: int
    grade: str = ""
    status: Literal["verified", "house", "digest", "memory"]
    clinician: bool = False
    expires: str
    quiet: int = 180

    @property
    def for_patients(self) -> bool:
        return self.status in FOR_PATIENTS and not self.clinician


class AdviceSheet(Sheet, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The file."""

    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class AdviceTable:
    """The rules, and the topics on which a region has rules of its own."""

    version: str
    rows: tuple[Row, ...]
    by_id: Mapping[str, Row]
    topics: Mapping[str, frozenset[str]]


def made(sheet: AdviceSheet) -> AdviceTable:
    """Looked at as a whole. Raises ValueError for rows that contradict one another or ask for what there isn't."""
    by_id: dict[str, Row] = {}
    topics: dict[str, set[str]] = {}
    for row in sheet.rows:
        conditions = (*(one for any_of in row.when for one in any_of), *row.unless)
        asked = {one.fact for one in conditions} | {one.fact for one in row.done}
        if row.id in by_id or asked - set(HOW) or not row.source or any(not any_of for any_of in row.when):
            raise ValueError(row.id)
        if not 0 <= row.ages[0] <= row.ages[1] or row.quiet < 0 or any(one.days < 0 for one in row.done):
            raise ValueError(row.id)
        if row.severity == Severity.URGENT and row.quiet:
            raise ValueError(row.id)
        date.fromisoformat(row.expires)
        by_id[row.id] = row
        topics.setdefault(row.topic, set()).add(row.region)
    return AdviceTable(sheet.version, sheet.rows, by_id, {topic: frozenset(found) for topic, found in topics.items()})


ADVICE = Kind("advice", AdviceSheet, made)
