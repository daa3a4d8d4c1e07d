"""This is the place where the answers of the Trends page are defined: one or several signals on one time axis, and what belongs to them.

Frozen, in the person's units, and small: never the samples themselves, only what is drawn. Times called `wall` are int64 ns of the
local clock of `zone`, read as if it were UTC, which is what the axis of a chart shows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from core.care.views import Fact, MedicineSpan, TrendView
from core.domain.records import SourceMark
from core.trends.missing_summary import Said
from core.trends.window import RANGES

MOST_SIGNALS = 4
MOST_POINTS = 1500


@dataclass(frozen=True, slots=True)
class Offer:
    """A signal that can be drawn: how many numbers there are, the newest time (FHIR text) and where they come from."""

    signal: str
    label: str
    group: str
    count: int
    newest: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Signals that belong together (`trend_group.<group>`)."""

    group: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class Offers:
    """Everything that can be drawn for a person, the newest first within each group."""

    revision: int
    made_at: datetime
    groups: tuple[OfferGroup, ...]

    @property
    def signals(self) -> tuple[str, ...]:
        return tuple(offer.signal for group in self.groups for offer in group.offers)

    def label(self, signal: str) -> str:
        return next((o.label for g in self.groups for o in g.offers if o.signal == signal), f"signal.{signal}")


@dataclass(frozen=True, slots=True)
class PictureQuery:
    """What to draw: up to four signals; `range` a code of RANGES back from `end`, or from `start` to `end` where both are given (ISO
    instants, a stretch that was zoomed into); `compare` with the time before; `off` devices that are left out of this picture;
    `most` points for each source."""

    signals: tuple[str, ...] = ()
    range: str = "3M"
    start: str = ""
    end: str = ""
    compare: bool = False
    off: tuple[str, ...] = ()
    most: int = MOST_POINTS

    @property
    def zoomed(self) -> bool:
        return bool(self.start and self.end)

    @property
    def days(self) -> int:
        """Days of the range; 0 for everything."""
        return RANGES.get(self.range, 0)


@dataclass(frozen=True, eq=False, slots=True)
class Cells:
    """Stretches of time with a number each, columns of one length. `name` is the component, the source or the state they stand for,
    `kind` "band" (median `middle`, 10th and 90th percentile `low` `high`, `least` `most`) or "bar" (an amount in `middle`);
    `start`, `end` wall ns; `count` samples; `whole` false where a day is not over or only partly recorded."""

    name: str
    kind: str
    every: str
    start: np.ndarray
    end: np.ndarray
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    least: np.ndarray
    most: np.ndarray
    count: np.ndarray
    whole: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


@dataclass(frozen=True, slots=True)
class DeviceUse:
    """A device of this picture: `key` what switches it off, `samples` of it in the shown time and how many of them count; `instead`
    names the devices that told of the same time, `reasons` (`discard.<reason>`) why samples of it do not count; `always_off` where the person left it out for good (Sources)."""

    key: str
    mark: SourceMark
    samples: int
    used: int
    left_out: int = 0
    instead: tuple[str, ...] = ()
    on: bool = True
    always_off: bool = False
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """Something on the time axis: `at` wall ns; `kind` "visit", "note" or "symptom"; `note_id` where a person wrote it."""

    at: int
    kind: str
    text: str
    note_id: str = ""
    signal: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One signal of the picture. `trend` holds what was measured one by one (points by source, bands, gaps, table), `cells` what was
    summed up, `before` the same of the time before, moved onto this one; `kind` as in the table of signals; `states` names the
    values of a coded signal; `facts` what is said about it, newest first."""

    signal: str
    kind: str
    trend: TrendView
    cells: tuple[Cells, ...] = ()
    before: tuple[Cells, ...] = ()
    devices: tuple[DeviceUse, ...] = ()
    facts: tuple[Fact, ...] = ()
    states: tuple[str, ...] = ()
    every: str = ""
    missing: Said | None = None
    cautions: tuple[str, ...] = ()
    """Catalogue keys of what must be said beside the values ("not validated", "the watch's own finding")."""

    @property
    def empty(self) -> bool:
        return not self.trend.rows and not any(len(c) for c in self.cells) and not any(len(c.time) for c in self.trend.columns)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn: `start`, `end` instants; `zone` the IANA name of the clock of the axis ("" where none is known, then UTC)."""

    revision: int
    made_at: datetime
    query: PictureQuery
    start: datetime
    end: datetime
    zone: str
    parts: tuple[Part, ...]
    medicines: tuple[MedicineSpan, ...] = ()
    happenings: tuple[Happening, ...] = ()
    said: tuple[Fact, ...] = field(default=())
