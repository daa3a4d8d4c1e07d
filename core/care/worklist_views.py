"""This is the place where the coordinator's worklist is defined as a screen or a command is given it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.care.views import Fact
from core.worklist.terms import PersonFacts


@dataclass(frozen=True, slots=True)
class WorkQuery:
    """Whom to show: `lane` "" for all; `text` in names, birth dates and identifiers; `panel_id` "" for all of one's panels; `page` from 1."""

    lane: str = ""
    text: str = ""
    panel_id: str = ""
    page: int = 1
    page_size: int = 25


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody has looked at a person: who, when, their note, and the marks of the reasons they saw. `undone_at` where they took it back."""

    look_id: str
    at: datetime
    by: str
    name: str = ""
    note: str = ""
    seen: tuple[str, ...] = ()
    undone_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason: its rule with source and status, what to say, the value in the person's unit, how old the evidence is (`at` None: not known), and
    whether somebody has looked at exactly this."""

    rule: str
    lane: str
    says: Fact
    source: str
    status: str
    at: datetime | None
    known: bool
    signal: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One person: who, the lane, every reason with the worst first, a signal's last points (unix seconds, value), when anything last came, and who looked last."""

    person_id: str
    name: str
    age_years: int | None
    birth_date: str
    gender: str
    synthetic: bool
    panels: tuple[str, ...]
    lane: str
    reasons: tuple[ReasonLine, ...]
    spark: tuple[tuple[float, float], ...] = ()
    spark_signal: str = ""
    last_at: datetime | None = None
    look: Look | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class WorklistView:
    """A page of the list. `counts` are of every lane, before the filters, and come to `total`: the number of people within reach."""

    query: WorkQuery
    made_at: datetime
    counts: tuple[tuple[str, int], ...]
    panels: tuple[tuple[str, str], ...]
    lines: tuple[WorkLine, ...]
    found: int
    total: int
    pages: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read of one person at one revision."""

    facts: PersonFacts
    sparks: Mapping[str, tuple[tuple[float, float], ...]] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()


@dataclass(slots=True)
class WorklistShelf:
    """What one session has read, by person and (revision, day): of those who haven't changed nothing is read again. It is asked only after the access
    check, for people within reach, and belongs to one session."""

    read: dict[str, tuple[tuple[int, int, str], Gathered]] = field(default_factory=dict)
