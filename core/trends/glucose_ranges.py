"""This is the place where the ranges of a glucose sensor and the aims for the time spent in them stand as rows.

Ranges and aims: international consensus on time in range (Battelino et al., Diabetes Care 2019;42:1593), as read in secondary
pages that agree; the aims for pregnancy are those of type 1 diabetes (the consensus has none for other kinds).

The consensus prints whole mg/dL (54-69, 70-180, 181-250) and tenths of mmol/L (3.0-3.8, 3.9-10.0, 10.1-13.9). What lies between
two printed ranges belongs to the outer one (69.5 is low, 180.4 is high), as in the published software; but a sensor that
shows mmol/L is read in mmol/L: 10.0 mmol/L is 180.182 mg/dL and still in range. So each upper edge has two numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.domain.targets import Band, Traits
from core.domain.units import linear
from core.trends.published import FROM_MEMORY, VERIFIED

ADULT, OLDER, PREGNANCY = "adult", "older_high_risk", "pregnancy"
GROUPS = (ADULT, OLDER, PREGNANCY)
_OLDER_FROM = 65

_MMOL, _ = linear("mmol/L", "mg/dL", "cgm_glucose") or (18.0182, 0.0)
_SAME = 0.01
"""mg/dL within which a stored value is the one that was shown in mmol/L."""


@dataclass(frozen=True, slots=True)
class Range:
    """One range: its code (a part of 100 %: tbr2, tbr1, tir, tar1, tar2), from `low` (inclusive) to `high` (inclusive) mg/dL, and
    `high` as printed in mmol/L. None is open."""

    code: str
    low: float | None
    high: float | None
    high_mmol: float | None = None


_USUAL = (
    Range("tbr2", None, 53.0),
    Range("tbr1", 54.0, 69.0),
    Range("tir", 70.0, 180.0, 10.0),
    Range("tar1", 181.0, 250.0, 13.9),
    Range("tar2", 251.0, None),
)
RANGES: Mapping[str, tuple[Range, ...]] = MappingProxyType(
    {
        ADULT: _USUAL,
        OLDER: _USUAL,
        PREGNANCY: (
            Range("tbr2", None, 53.0),
            Range("tbr1", 54.0, 62.0),
            Range("tir", 63.0, 140.0, 7.8),
            Range("tar1", 141.0, None),
        ),
    }
)
"""Group -> ranges from low to high; together they hold every value."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What share (or spread) a group aims at: `measure` is tir, tbr (all below range), tbr2, tar (all above), tar2 or cv."""

    group: str
    measure: str
    band: Band
    status: str = VERIFIED


def _less(percent: float) -> Band:
    return Band(None, percent, "%", high_open=True)


def _more(percent: float) -> Band:
    return Band(percent, None, "%", low_open=True)


AIMS: tuple[Aim, ...] = (
    Aim(ADULT, "tir", _more(70)),
    Aim(ADULT, "tbr", _less(4)),
    Aim(ADULT, "tbr2", _less(1)),
    Aim(ADULT, "tar", _less(25)),
    Aim(ADULT, "tar2", _less(5)),
    Aim(ADULT, "cv", Band(None, 36, "%")),
    Aim(OLDER, "tir", _more(50)),
    Aim(OLDER, "tbr", _less(1)),
    Aim(OLDER, "tar2", _less(10), FROM_MEMORY),
    Aim(PREGNANCY, "tir", _more(70)),
    Aim(PREGNANCY, "tbr", _less(4)),
    Aim(PREGNANCY, "tbr2", _less(1)),
    Aim(PREGNANCY, "tar", _less(25)),
)
BASIS = "cgm_2019"
"""The citation's key in the catalogue (`basis.cgm_2019`)."""


def group_of(traits: Traits) -> str:
    """The group whose aims hold for a person, or "" where none does: no diabetes on record, or no age. Older: from 65 years."""
    if not traits.diabetes:
        return ""
    if traits.pregnant:
        return PREGNANCY
    if traits.age_years is None:
        return ""
    return OLDER if traits.age_years >= _OLDER_FROM else ADULT


def aims_for(group: str) -> tuple[Aim, ...]:
    """The aims of a group in the order in which they are shown."""
    return tuple(aim for aim in AIMS if aim.group == group)


def shares(value: np.ndarray, group: str = ADULT) -> dict[str, float]:
    """Percent of the readings (float64, mg/dL, at least one) in each range of the group; they sum to 100."""
    counts = np.bincount(ranked(value, group), minlength=len(RANGES[group]))
    return {row.code: float(100.0 * count / len(value)) for row, count in zip(RANGES[group], counts, strict=True)}


def ranked(value: np.ndarray, group: str = ADULT) -> np.ndarray:
    """The index of the range of each reading (0 the lowest), int64."""
    rank = np.zeros(len(value), dtype=np.int64)
    for row, above in zip(RANGES[group], RANGES[group][1:], strict=False):
        rank += _is_above(value, row, above)
    return rank


def _is_above(value: np.ndarray, row: Range, above: Range) -> np.ndarray:
    """Which readings are past a range. Below the range people aim at, the next one starts at its printed lower edge (69.5 is
    still low); above it, the range ends at its printed upper edge (180.4 is already high)."""
    if row.code in ("tbr2", "tbr1"):
        return value >= float(above.low or 0.0)
    shown_in_mmol = np.abs(value - (row.high_mmol or 0.0) * _MMOL) < _SAME
    return (value > float(row.high or 0.0)) & ~shown_in_mmol
