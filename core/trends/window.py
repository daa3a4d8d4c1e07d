"""This is the place where a series is cut to a range of time and made ready to be drawn on a true time axis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np
from tsdownsample import MinMaxLTTBDownsampler

from core.domain.targets import Band
from core.errors import BadInput
from core.trends.change import SentenceFacts, sentence_facts
from core.trends.columns import DAY_NS, Series, ns
from core.trends.gaps import GapSpan, Habit, gaps, habit, segments

RANGES: Mapping[str, int] = MappingProxyType(
    {"1D": 1, "1W": 7, "1M": 31, "3M": 92, "6M": 183, "1Y": 366, "2Y": 731, "5Y": 1827, "all": 0}
)
"""Range code -> days back from the end; 0 is everything."""

MOST_POINTS = 2000
_USUAL_LEAST = 10
_USUAL_NS = 365 * DAY_NS
_MEDIAN_NS = 7 * DAY_NS
_MEDIAN_LEAST = 4


@dataclass(frozen=True, slots=True)
class Usual:
    """The person's own usual band: the 10th to the 90th percentile of `n` readings of the year before the end."""

    low: float
    high: float
    n: int


@dataclass(frozen=True, eq=False)
class Window:
    """One signal over one range. `shown` are the readings to draw (thinned above the limit, extremes kept), `found` how many
    there are, `segments` index ranges of `shown` that a line may join, `median` the seven-day rolling median at the times of
    `shown` (NaN where fewer than four readings stand behind it; None where the series is not dense)."""

    series: Series
    shown: Series
    start: int
    end: int
    found: int
    habit: Habit
    gaps: tuple[GapSpan, ...]
    segments: tuple[tuple[int, int], ...]
    usual: Usual | None
    target: Band | None
    median: np.ndarray | None
    sentence: SentenceFacts


def window(
    series: Series, span: str, now: datetime, target: Band | None = None, most: int = MOST_POINTS, since: datetime | None = None
) -> Window:
    """A series between `now` and a range back (a code of RANGES), or since an instant where one is given. Readings after `now`
    are left out; the band of the target is in the signal's unit. Raises BadInput for an unknown range."""
    if span not in RANGES:
        raise BadInput(place="range", need=" ".join(RANGES))
    end = ns(now)
    known = series.take(series.time <= end)
    first = int(known.time[0]) if len(known) else end
    start = ns(since) if since else end - RANGES[span] * DAY_NS if RANGES[span] else first
    inside = known.take(slice(int(np.searchsorted(known.time, start)), None))
    usual_step = habit(known.time)
    silences = gaps(known.time, usual_step, start, end)
    shown = inside.take(_kept(inside, most, silences))
    return Window(
        series=inside,
        shown=shown,
        start=start,
        end=end,
        found=len(inside),
        habit=usual_step,
        gaps=silences,
        segments=segments(shown.time, shown.measured, _widened(usual_step, len(inside), len(shown))),
        usual=_usual(known, end),
        target=target,
        median=_rolling(inside, shown) if usual_step.dense else None,
        sentence=sentence_facts(inside, silences, target),
    )


def _kept(series: Series, most: int, silences: tuple[GapSpan, ...]) -> np.ndarray:
    """Which rows to draw: all, or MinMaxLTTB's choice with both extremes, the ends, limits and the edges of gaps kept."""
    n = len(series)
    if n <= most:
        return np.arange(n)
    time, value = np.ascontiguousarray(series.time), np.ascontiguousarray(series.value)
    chosen = MinMaxLTTBDownsampler().downsample(time, value, n_out=max(most, 4)).astype(np.int64)
    edges = np.searchsorted(time, [edge for gap in silences for edge in (gap.start, gap.end)])
    limits = np.flatnonzero(~series.measured)[:most]
    return np.unique(np.concatenate([chosen, edges[edges < n], limits, [0, n - 1, int(value.argmin()), int(value.argmax())]]))


def _widened(usual: Habit, found: int, shown: int) -> Habit:
    """Thinned points stand further apart than the readings did: the step grows with the thinning."""
    if shown >= found or usual.step_ns is None or usual.gap_ns is None:
        return usual
    return Habit(usual.step_ns * 4 * found / shown, usual.gap_ns, usual.dense, usual.sittings)


def _usual(series: Series, end: int) -> Usual | None:
    recent = series.value[series.measured & (series.time > end - _USUAL_NS)]
    if len(recent) < _USUAL_LEAST:
        return None
    low, high = np.percentile(recent, (10, 90))
    return Usual(float(low), float(high), len(recent))


def _rolling(series: Series, shown: Series) -> np.ndarray:
    """The median of the seven days up to each shown reading."""
    time, value = series.time[series.measured], series.value[series.measured]
    until = np.searchsorted(time, shown.time, side="right")
    since = np.searchsorted(time, shown.time - _MEDIAN_NS, side="right")
    found = np.full(len(shown), np.nan)
    for at, (low, high) in enumerate(zip(since, until, strict=True)):
        if high - low >= _MEDIAN_LEAST:
            found[at] = np.median(value[low:high])
    return found
