"""This is the place where silence in a series is found: how often somebody measures, and where that stopped for a while.

All is counted in steps between readings, never in calendar days, so that shifting all times changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS

_SENSOR_STEP_NS = HOUR_NS
_SENSOR_LEAST = 48
_SITTING_NS = 8 * HOUR_NS
_LONGER_THAN_USUAL = 4.0
_DENSE_STEP_NS = 3 * DAY_NS
_LEAST_GAP_NS = 3 * DAY_NS
_LEAST_SENSOR_GAP_NS = 3 * HOUR_NS
_LEAST_SITTINGS = 4

NO_READINGS = "gap.no_readings"


@dataclass(frozen=True, slots=True)
class Habit:
    """How a series is measured: `step_ns` the usual time from one sitting to the next, `gap_ns` what counts as silence
    (None where there is no habit to break), `dense` whether a line between points says something, `sittings` their number."""

    step_ns: float | None
    gap_ns: float | None
    dense: bool
    sittings: int


@dataclass(frozen=True, slots=True)
class GapSpan:
    """A stretch without readings that is longer than this person's usual, in ns UTC, and its reason."""

    start: int
    end: int
    why: str = NO_READINGS


def habit(time: np.ndarray) -> Habit:
    """The habit behind ascending times (ns). Readings less than eight hours apart are one sitting, except a sensor's."""
    steps = np.diff(time)
    if len(time) >= _SENSOR_LEAST and float(np.percentile(steps, 90)) <= _SENSOR_STEP_NS:
        step = float(np.median(steps))
        return Habit(step, max(12 * step, _LEAST_SENSOR_GAP_NS), True, len(time))
    between = steps[steps >= _SITTING_NS]
    sittings = len(between) + 1 if len(time) else 0
    if not len(between):
        return Habit(None, None, False, sittings)
    step = float(np.median(between))
    dense = step <= _DENSE_STEP_NS and sittings >= _LEAST_SITTINGS
    gap = max(_LONGER_THAN_USUAL * step, _LEAST_GAP_NS) if sittings >= _LEAST_SITTINGS else None
    return Habit(step, gap, dense, sittings)


def gaps(time: np.ndarray, usual: Habit, start: int, end: int) -> tuple[GapSpan, ...]:
    """The silences within [start, end], cut to it, the one that lasts until `end` included. Nothing before the first reading
    of all: there was no habit yet."""
    if usual.gap_ns is None or not len(time):
        return ()
    known = time[time <= end]
    edges = np.append(known, end)
    found = []
    for at in np.flatnonzero(np.diff(edges) > usual.gap_ns):
        left, right = max(int(edges[at]), start), int(edges[at + 1])
        if right > start:
            found.append(GapSpan(left, right))
    return tuple(found)


def segments(time: np.ndarray, drawable: np.ndarray, usual: Habit) -> tuple[tuple[int, int], ...]:
    """Index ranges [from, to) in which a line may join the points: dense series only, never over a gap or a limit value."""
    if not usual.dense or usual.gap_ns is None:
        return ()
    longest = min(usual.gap_ns, max(2.5 * (usual.step_ns or 0.0), _LEAST_SENSOR_GAP_NS)) if len(time) else 0
    joined = (np.diff(time) <= longest) & drawable[:-1] & drawable[1:]
    found, begun = [], None
    for at, together in enumerate(joined):
        if together and begun is None:
            begun = at
        elif not together and begun is not None:
            found.append((begun, at + 1))
            begun = None
    if begun is not None:
        found.append((begun, len(time)))
    return tuple(found)
