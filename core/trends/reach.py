"""This is the place where the tries of a source become stretches of time: what was answered, and with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from core.domain.samples import SyncEvent
from core.trends.columns import DAY_NS

FRESH_NS = 2 * DAY_NS
"""An import whose newest sample is no older than this was a sync (or an export made just now), and answers up to itself."""
HOLE_NS = 2 * DAY_NS
"""Between two files of one source so much may be missing at their edges and still belong to what they answer for."""
PIECES = 5
"""So many imports of two days or less are the syncs of a connection, whatever it is called: it tells also of what lies between them."""
ALL_TIME = np.iinfo(np.int64).max
AHEAD_NS = DAY_NS + DAY_NS // 2
"""Samples later than this after the import have a wrong date."""
AWAY_NS = 30 * DAY_NS
"""So far from the moment of a sync a window lies only with a wrong clock."""


@dataclass(frozen=True, eq=False, slots=True)
class Reach:
    """The days as true instants: `start` and `end` int64 ns (days,), `now_ns`, and by how much each local clock is ahead of UTC
    (`ahead` int64 ns (days,)). `floating`: the source's samples bear the local clock, so that the windows of its imports do too.
    `spans`: (first, last) ns of what came from a source that left no events."""

    start: np.ndarray
    end: np.ndarray
    now_ns: int
    ahead: np.ndarray
    floating: bool = False
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """An answer at `at` for the time from `first` to `last`; `begins` with what it brought; `reached` up to when all is told;
    `silent`: nothing came."""

    at: int
    first: int
    last: int
    reached: int
    begins: int
    silent: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Lines:
    """`good` the answers in order of time, `answers` and `silences` the stretches they speak for, `misdated` those for which a
    sync brought samples of another time, `live` whether the source is a connection and no file."""

    good: tuple[Line, ...]
    answers: tuple[tuple[int, int], ...]
    silences: tuple[tuple[int, int], ...]
    misdated: tuple[tuple[int, int], ...] = ()
    live: bool = field(default=False)


def share(reach: Reach, spans: Sequence[tuple[int, int]]) -> np.ndarray:
    """The share of each day that lies in any of these stretches, float64 (days,)."""
    covered = np.zeros(len(reach.start))
    for first, last in _united(spans):
        inside = np.minimum(reach.end, last) - np.maximum(reach.start, first)
        covered += np.clip(inside, 0, None)
    return covered / (reach.end - reach.start)


def lines_of(happened: Sequence[SyncEvent], reach: Reach) -> Lines:
    """The answers among the events (in order of time)."""
    live = any(one.kind in ("connected", "disconnected", "failed") for one in happened)
    good: list[Line] = []
    misdated: list[tuple[int, int]] = []
    for one in happened:
        line = _line(one, good, reach, live)
        if line is None:
            continue
        if _is_misdated(one, line, good, live):
            since = min(good[-1].reached, one.at_ns - 1) if good else one.at_ns - DAY_NS
            misdated.append((since, one.at_ns))
            line = Line(one.at_ns, since, one.at_ns, one.at_ns, min(since, line.begins))
        good.append(line)
    answers = [(line.first, max(line.last, line.reached)) for line in good if not line.silent]
    if not any(one.kind in ("import", "empty") for one in happened):
        answers += [
            (_instant(reach, first), _instant(reach, last)) if reach.floating else (first, last) for first, last in reach.spans
        ]
    silences = tuple((line.first, line.last) for line in good if line.silent)
    small = len(answers) >= PIECES and float(np.median([last - first for first, last in answers])) <= FRESH_NS
    joined = _united(answers, ALL_TIME if live or small else HOLE_NS)
    return Lines(tuple(good), tuple(joined), silences, tuple(misdated), live)


def _line(one: SyncEvent, good: Sequence[Line], reach: Reach, live: bool) -> Line | None:
    if one.kind == "empty":
        since = good[-1].reached if good else one.at_ns - DAY_NS
        first, last = (one.first, max(one.last, one.first + 1)) if one.last else (min(since, one.at_ns - 1), one.at_ns)
        reached = one.at_ns if 0 <= one.at_ns - last <= FRESH_NS else last
        return Line(one.at_ns, first, last, reached, first, silent=True)
    if one.kind != "import":
        return None
    first, last = (_instant(reach, one.first), _instant(reach, one.last)) if reach.floating else (one.first, one.last)
    last = max(last, first + 1)
    if first <= one.at_ns + AHEAD_NS:
        last = min(last, one.at_ns + AHEAD_NS)
    fresh = one.at_ns - last <= FRESH_NS
    since = min(first, good[-1].reached) if live and fresh and good else first
    return Line(one.at_ns, since, last, max(last, one.at_ns) if fresh else last, first)


def _is_misdated(one: SyncEvent, line: Line, good: Sequence[Line], live: bool) -> bool:
    """Whether the clock of the device was wrong: all of it is still to come, or (of a connection) some of it is, or it is long past
    although this source brings what is new."""
    if line.silent:
        return False
    fresh_before = any(not done.silent and done.at - done.last <= FRESH_NS for done in good)
    to_come = one.last > one.at_ns + AHEAD_NS
    return line.begins > one.at_ns + AHEAD_NS or (live and (to_come or (fresh_before and line.last < one.at_ns - AWAY_NS)))


def _instant(reach: Reach, local: int) -> int:
    """The true instant of a local clock, by how far the clock of that day is ahead of UTC."""
    if not len(reach.start):
        return local
    at = int(np.clip(np.searchsorted(reach.start + reach.ahead, local, side="right") - 1, 0, len(reach.start) - 1))
    return local - int(reach.ahead[at])


def _united(spans: Sequence[tuple[int, int]], hole: int = 0) -> list[tuple[int, int]]:
    """The same time, each moment once; what lies between two stretches too, where it is no longer than `hole`."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if found and first - found[-1][1] <= hole:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
