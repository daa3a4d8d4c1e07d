"""This is the place where the wall clock is cut into hours, days, weeks and months.

Weeks begin on Monday; months are calendar months. The day of a sleep stage runs from noon to noon and is named after the day it ends on,
so that a night is one row; weeks and months of nights are made of such days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.trends.columns import DAY_NS, HOUR_NS

EVERY = ("1h", "1d", "1w", "1mo")
NIGHTLY = frozenset({"sleep_stage"})
_MONDAY = 3
"""1970-01-01 was a Thursday: three days before it a week begins."""


@dataclass(frozen=True, slots=True)
class Step:
    """A length of periods: `number` of a wall-clock time (int64 ns), `begin` of a number (int64 ns of the wall clock); the next
    number begins where this one ends. `moved`: by how much (ns) a period begins before the time it is named after."""

    number: Callable[[np.ndarray], np.ndarray]
    begin: Callable[[np.ndarray], np.ndarray]
    moved: int = 0


def step(every: str, signal: str = "") -> Step:
    """The step of that name for a signal. Raises KeyError for none of EVERY."""
    found = _STEPS[every]
    return Step(found.number, found.begin, DAY_NS // 2) if signal in NIGHTLY and every != "1h" else found


def _month(local: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(local).view("datetime64[ns]").astype("datetime64[M]").astype(np.int64)


def _month_begin(number: np.ndarray) -> np.ndarray:
    return number.astype("datetime64[M]").astype("datetime64[ns]").astype(np.int64)


_STEPS: Mapping[str, Step] = MappingProxyType(
    {
        "1h": Step(lambda local: local // HOUR_NS, lambda number: number * HOUR_NS),
        "1d": Step(lambda local: local // DAY_NS, lambda number: number * DAY_NS),
        "1w": Step(lambda local: (local // DAY_NS + _MONDAY) // 7, lambda number: (number * 7 - _MONDAY) * DAY_NS),
        "1mo": Step(_month, _month_begin),
    }
)
