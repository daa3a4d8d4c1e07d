"""This is the place where the settled samples of one device become counts by day, as the question why something is missing needs them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.domain.samples import GRAINS, IMPLAUSIBLE
from core.trends.day_slots import SLOTS, Axis, counted, occupied
from core.trends.day_states import StreamDays


@dataclass(frozen=True, eq=False, slots=True)
class Came:
    """The samples of one stream on the local clock (int64 ns, float64 value, uint8 quality bits, bool usable), and `kept_local` where
    those begin that count when several devices tell of one time."""

    local: np.ndarray
    local_end: np.ndarray
    value: np.ndarray
    quality: np.ndarray
    usable: np.ndarray
    kept_local: np.ndarray
    grain: str = ""


def stream_days(axis: Axis, signal: tuple[str, str], came: Sequence[Came], source_slots: np.ndarray, first_day: int) -> StreamDays:
    """The days of one device for a signal (its key and kind), from its streams of every grain. Samples of a summary are counted only
    on days that have no finer ones."""
    nothing = np.zeros(axis.count, dtype=np.int64)
    usable, odd, kept = nothing.copy(), nothing.copy(), nothing.copy()
    slots = np.zeros((axis.count, SLOTS), dtype=bool)
    active = slots.copy()
    for one in sorted(came, key=lambda one: GRAINS.index(one.grain)):
        local, end, value = one.local, one.local_end, one.value
        if not one.usable.all():
            local, end, value = local[one.usable], end[one.usable], value[one.usable]
        usable += np.where(usable > 0, 0, counted(axis, local))
        odd += counted(axis, one.local[(one.quality & IMPLAUSIBLE) != 0])
        kept += counted(axis, one.kept_local)
        held, some = occupied(axis, local, end), value > 0
        slots |= held
        active |= held if some.all() else occupied(axis, local[some], end[some])
    return StreamDays(signal[0], signal[1], usable, odd, np.minimum(kept, usable), slots, active, source_slots | slots, first_day)
