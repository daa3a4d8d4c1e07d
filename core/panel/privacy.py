"""This is the place where it is kept what left the team, and how much of the privacy budget that spent. Pure: what is here decides, the store keeps it.

The budget is in thousandths of epsilon, whole numbers, so that nothing is lost to rounding. Everything that leaves in a quarter adds up, whatever panel it is about: somebody may be
in several. The same question in the same quarter gets the answer that was kept: asking again neither spends nor wears the noise down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import msgspec

from core.errors import BadInput
from core.panel.terms import OUTSIDE, TABLES

BUDGET = 4000
"""Thousandths of epsilon in a quarter (house)."""
USUAL = 1000
"""Of a release, shared evenly by its tables (house)."""
LEAST_EACH = 10


@dataclass(frozen=True, slots=True)
class Release:
    """What left: when, who asked, for which panel ("" everybody), what it cost (thousandths), of each table the same part, and the counts with noise."""

    release_id: str
    quarter: str
    at: datetime
    by: str
    scope: str
    cost: int
    counts: Mapping[str, Mapping[str, int]]

    @property
    def each(self) -> int:
        """What each table cost, in thousandths."""
        return self.cost // len(self.counts)


@dataclass(frozen=True, slots=True)
class Spending:
    """The ledger: every release, the oldest first."""

    version: int = 1
    releases: tuple[Release, ...] = ()

    def spent(self, quarter: str) -> int:
        return sum(one.cost for one in self.releases if one.quarter == quarter)

    def left(self, quarter: str) -> int:
        return BUDGET - self.spent(quarter)

    def kept(self, quarter: str, scope: str, cost: int) -> Release | None:
        """The answer to the same question of the same quarter."""
        return next((one for one in self.releases if (one.quarter, one.scope, one.cost) == (quarter, scope, cost)), None)


def quarter_of(at: datetime) -> str:
    """The quarter of a year, in UTC: "2026-Q4"."""
    when = at.astimezone(UTC)
    return f"{when.year:04d}-Q{(when.month + 2) // 3}"


def cost_of(epsilon: float) -> int:
    """Thousandths that can be shared evenly, not more than was allowed. Raises BadInput (bad_epsilon)."""
    most = int(epsilon * 1000 + 1e-6) if 0 < epsilon <= BUDGET / 1000 else 0
    each = most // len(OUTSIDE)
    if each < LEAST_EACH:
        raise BadInput("bad_epsilon", place="epsilon", need=f"{LEAST_EACH * len(OUTSIDE) / 1000:g} - {BUDGET / 1000:g}")
    return each * len(OUTSIDE)


def with_release(spending: Spending, made: Release) -> Spending:
    """The ledger with one more. Raises BadInput (budget_spent) where that is more than is left."""
    if made.cost <= 0 or made.cost > spending.left(made.quarter):
        raise BadInput("budget_spent", place="epsilon", need=f"{max(0, spending.left(made.quarter)) / 1000:g}")
    return replace(spending, releases=(*spending.releases, made))


def read(body: bytes) -> Spending:
    """What lies in the store. Raises BadInput (ledger_damaged): a ledger that can't be read is never taken for an empty one."""
    if not body:
        return Spending()
    try:
        found = msgspec.json.decode(body, type=Spending)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BadInput("ledger_damaged", place="privacy") from None
    if found.version != 1 or any(one.cost <= 0 or one.at.tzinfo is None or set(one.counts) - set(TABLES) for one in found.releases):
        raise BadInput("ledger_damaged", place="privacy")
    return found


def written(spending: Spending) -> bytes:
    return msgspec.json.encode(spending)
