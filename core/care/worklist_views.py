"""This is the place where the coordinator's worklist is defined as a screen or a command is given it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from core.care.task_views import TaskLine
from core.care.views import Fact
from core.care.worklist_sorting import Sorted
from core.worklist.terms import PersonFacts

MINE, NOBODY = "mine", "nobody"


@dataclass(frozen=True, slots=True)
class WorkQuery:
    """Whom to show: `lane` "" for all; `text` in names, birth dates, identifiers and tags; `tag`; `assignee` "" all, MINE, NOBODY, or an account id; `panel` ""
    all; `page` from 1. These leave people out of what is shown, never out of what is counted. `panel_id` is no filter: it asks about that panel alone."""

    lane: str = ""
    text: str = ""
    panel_id: str = ""
    page: int = 1
    page_size: int = 25
    tag: str = ""
    assignee: str = ""
    panel: str = ""


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
    """One reason (`stays`: no look moves it down; `due`: by when somebody should have seen to it): its rule with source and status, what to say, the value in the person's unit, how old the evidence is (`at` None: not known), and
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
    stays: bool = False
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One person: who, the lane, every reason with the worst first, a signal's last points (unix seconds, value), when anything last came, and who looked last.
    `assigned` is who has them ("" nobody; `left` names who had them and is gone), `due` by when the worst reason should have been seen to, `contact_at` when the team
    was last in touch, and how (`contact_kind`: "look", "message", "visit" or "answer")."""

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
    tags: tuple[str, ...] = ()
    assigned: str = ""
    assigned_name: str = ""
    left: str = ""
    due: datetime | None = None
    contact_at: datetime | None = None
    contact_kind: str = ""


@dataclass(frozen=True, slots=True)
class WorklistView:
    """A page of the list. `counts` are of every lane, before the filters, and come to `total`: the number of people within reach; `outside` are
    of every lane those whom the filters leave out. `tags` and `team` are what can be filtered by; `tasks` every open task
    within reach, whatever the filters say, what is due first first."""

    query: WorkQuery
    made_at: datetime
    counts: tuple[tuple[str, int], ...]
    panels: tuple[tuple[str, str], ...]
    lines: tuple[WorkLine, ...]
    found: int
    total: int
    pages: int
    outside: tuple[tuple[str, int], ...] = ()
    tags: tuple[str, ...] = ()
    team: tuple[tuple[str, str], ...] = ()
    tasks: tuple[TaskLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What was read of one person at one revision: `sparks` are points of signals (`points_of`), `contacts` when the team was in touch, by kind."""

    facts: PersonFacts
    sparks: Mapping[str, bytes] = field(default_factory=dict)
    looks: tuple[Look, ...] = ()
    sorted: Sorted = field(default_factory=Sorted)
    contacts: tuple[tuple[str, float], ...] = ()


def packed(points: Mapping[str, tuple[tuple[float, float], ...]]) -> dict[str, bytes]:
    """Points as they are kept by the thousand."""
    return {signal: np.asarray(found, dtype="<f8").tobytes() for signal, found in points.items()}


def points_of(kept: bytes) -> tuple[tuple[float, float], ...]:
    return tuple((float(when), float(value)) for when, value in np.frombuffer(kept, dtype="<f8").reshape(-1, 2))


@dataclass(slots=True)
class WorklistShelf:
    """What one session has read, by person and (revision, day): of those who haven't changed nothing is read again. It is asked only after the access
    check, for people within reach, and belongs to one session."""

    read: dict[str, tuple[tuple[int, int, str], Gathered]] = field(default_factory=dict)
