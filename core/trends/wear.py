"""This is the place where it is found out when a device was worn: from everything else that it measured by itself.

Numbers that a device makes up without being worn (the basal energy of a day, minutes of sitting) say nothing, and neither do
amounts of zero: a watch in a drawer counts no steps. A daily sum above zero says that it was worn by day, and nothing of the night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS
from core.trends.day_slots import NIGHT_SHIFT_NS, NIGHTLY, SLOTS, Axis, occupied

MEASURES_BY_ITSELF = frozenset(
    {
        "hr", "steps", "spo2", "rr", "hrv_rmssd", "hrv_sdnn", "rhr", "skin_temp", "skin_temp_change", "sleep_stage", "sleep", "sleep_deep",
        "sleep_light", "sleep_rem", "worn", "intensity", "active_minutes", "sedentary_minutes", "distance", "floors", "energy_active",
        "energy_total", "energy_basal", "cgm_glucose",
    }
)  # fmt: skip
"""Signals that a device measures without being asked to: without data they are "not worn" and otherwise "not used"."""
SHOWS_WEAR = MEASURES_BY_ITSELF - {"sedentary_minutes", "energy_total", "energy_basal", "cgm_glucose"}
"""Signals that show that a device was on the body."""
DAILY_NS = 6 * HOUR_NS
"""An interval longer than this is a summary and tells nothing of its single hours."""
DENSE_HOURS = 12
OFF_HOURS = 12
_DAY_HOURS = (9, 21)
_NIGHT_HOURS = (0, 6)


@dataclass(frozen=True, eq=False, slots=True)
class Trace:
    """What one stream says about wear: its usable samples on the local clock (int64 ns), from when to when, and their values."""

    signal: str
    kind: str
    local: np.ndarray
    local_end: np.ndarray
    value: np.ndarray


@dataclass(frozen=True, eq=False, slots=True)
class Wear:
    """`on` bool (days, 24): hours with a sign of wear; `off` bool (days,): the device itself says that it lay there for most of the
    day; `speaks` whether signs of wear are there on most days, so that their absence means something; `dense` whether they are
    there for most hours of such days."""

    on: np.ndarray
    off: np.ndarray
    speaks: bool
    dense: bool


def wear(axis: Axis, traces: Sequence[Trace]) -> Wear:
    """The signs of wear in the streams of one device (leave out the stream that is asked about)."""
    on = np.zeros((axis.count, SLOTS), dtype=bool)
    off = np.zeros((axis.count, SLOTS), dtype=bool)
    for one in traces:
        if one.signal not in SHOWS_WEAR or not len(one.local):
            continue
        says = one.value > 0 if one.kind == "cumulative" or one.signal == "worn" else np.ones(len(one.local), dtype=bool)
        if one.signal == "worn":
            off |= _hours(axis, one, ~says)
        on |= _hours(axis, one, says)
    off &= ~on
    any_day = on.any(axis=1)
    typical = float(np.median(on[any_day].sum(axis=1))) if any_day.any() else 0.0
    return Wear(on, off.sum(axis=1) >= OFF_HOURS, bool(any_day.any()), typical >= DENSE_HOURS)


def _hours(axis: Axis, one: Trace, rows: np.ndarray) -> np.ndarray:
    """The hours that these samples speak for; a summary of a day speaks for its day hours, one of a night for its night hours."""
    local, end = one.local[rows], one.local_end[rows]
    long = (end - local > DAILY_NS) if one.signal not in ("worn", "sleep_stage") else np.zeros(len(local), dtype=bool)
    nightly = one.signal in NIGHTLY
    stamps = nightly and one.kind == "event" and one.signal != "rhr"  # a resting heart rate comes of quiet hours by day as well
    fine = occupied(axis, local[~long], end[~long]) if not stamps else np.zeros((axis.count, SLOTS), dtype=bool)
    summaries = local if stamps else local[long]
    if len(summaries):
        first, last = _NIGHT_HOURS if nightly else _DAY_HOURS
        midnight = (summaries + (NIGHT_SHIFT_NS if nightly else 0)) // DAY_NS * DAY_NS
        fine = fine | occupied(axis, midnight + first * HOUR_NS, midnight + last * HOUR_NS)
    return fine
