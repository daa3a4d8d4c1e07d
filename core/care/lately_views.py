"""This is the place where the answer about a person's last weeks is defined: small pictures of what devices record, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.care.views import Fact
from core.domain.records import SourceMark


@dataclass(frozen=True, slots=True)
class LatelyTile:
    """One signal of the last weeks in the person's unit: the last day's value (`text` instead where it is two numbers), its days as
    (unix seconds, value), oldest first, the band of what is usual, and in words how the last day compares or what is still needed.
    `standing` is "usual", "above", "below", "far_above", "far_below", "learning", "old" or "unjudged"; `cautions` are catalogue
    keys of what must be said beside it."""

    signal: str
    label: str
    unit: str
    decimals: int
    value: float
    day: date
    standing: str
    said: Fact
    spark: tuple[tuple[float, float], ...] = ()
    band: tuple[float | None, float | None] | None = None
    sources: tuple[SourceMark, ...] = ()
    cautions: tuple[str, ...] = ()
    second: float | None = None


@dataclass(frozen=True, slots=True)
class VendorFinding:
    """What a device's own software said, never ours: `code` ("finding.irregular"), when it last said so, how often, and which device."""

    code: str
    when: str
    times: int
    device: str


@dataclass(frozen=True, slots=True)
class LatelyView:
    """The last weeks: tiles in the order of the signals, what changed (the strongest first, each a sentence), what devices themselves
    said of the heart. `known` is how many signals have a usual to compare with."""

    revision: int
    made_at: datetime
    tiles: tuple[LatelyTile, ...] = ()
    changes: tuple[Fact, ...] = ()
    findings: tuple[VendorFinding, ...] = ()
    known: int = 0
