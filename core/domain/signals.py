"""This is the place where signals are found by their key and by their LOINC code."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.signal import Signal
from core.domain.signals_table import ROWS

__all__ = ["SIGNALS", "Signal", "by_loinc"]

SIGNALS: Mapping[str, Signal] = MappingProxyType({row.key: row for row in ROWS})
"""Every signal by its key, in the order in which they are shown."""

_BY_LOINC: Mapping[str, Signal] = MappingProxyType({code: row for row in ROWS for code in row.loinc})


def by_loinc(code: str) -> Signal | None:
    """The signal a LOINC code stands for, or None. Panel codes give the panel's row (category "panel", no unit)."""
    return _BY_LOINC.get(code)
