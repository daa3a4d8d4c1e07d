"""This is the place where a panel's report is defined as a screen or a command is given it: the team's own, and what leaves the team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from core.care.check_views import ModelLine
from core.panel.burden import Burden
from core.panel.capacity import Expected, Hours, Plan
from core.panel.cohorts import Cohorts
from core.panel.privacy import Release
from core.panel.shares import Gap
from core.panel.terms import Row


@dataclass(frozen=True, slots=True)
class Known:
    """What was read of one person: the row of the figures, when they came, and the times of their appointments (unix seconds)."""

    row: Row
    since: float
    visits: tuple[float, ...] = ()


@dataclass(slots=True)
class PanelShelf:
    """What one session has read, by person and (revision, day, language). It is asked only after the access check, for people within reach."""

    read: dict[str, tuple[tuple[int, int, str], Known]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkView:
    """Work against hours: what is expected, what waits now by kind, the hours that were entered (by whom and when), the plan, and how many visits are booked on each
    weekday of the next four weeks (Monday first). `zone`: where days begin."""

    work: tuple[Expected, ...]
    waiting: Mapping[str, int]
    hours: Hours
    plan: Plan
    booked: tuple[int, ...]
    zone: str
    hours_by: str = ""
    hours_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PanelReport:
    """All figures of one panel ("" everybody within reach). `total` people count; `died` are left out; of `unreadable` nothing could be read, they are "not known" everywhere.
    `shares` are the PDC of each medicine in bands; `lanes` how many stand in each section of the worklist; `alerts` None where alerts are kept of nobody, `watched` of how many they are; `damaged`
    papers of the team can't be read."""

    panel_id: str
    panels: tuple[tuple[str, str], ...]
    made_at: datetime
    total: int
    died: int
    unreadable: int
    damaged: int
    watched: int
    tables: Mapping[str, Mapping[str, int]]
    shares: tuple[tuple[str, int], ...]
    lanes: tuple[tuple[str, int], ...]
    cohorts: Cohorts
    gaps: tuple[Gap, ...]
    asked: Burden
    alerts: Burden | None
    models: tuple[ModelLine, ...]
    work: WorkView


@dataclass(frozen=True, slots=True)
class OutsideView:
    """What leaves the team: the counts with noise, and nothing else. `epsilon` is what the release cost, `each` of it for each table; a count lies within `within` of the
    true one in 95 of 100. `again`: it was asked before in this quarter, and this is the answer of then."""

    release: Release
    epsilon: float
    each: float
    within: int
    again: bool
    left: float
    budget: float
    panels: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SpendingView:
    """The ledger as it is read: the quarter, what is left of its budget, every release (the newest first), and the panels that can be asked about."""

    quarter: str
    budget: float
    left: float
    releases: tuple[Release, ...]
    panels: tuple[tuple[str, str], ...]
