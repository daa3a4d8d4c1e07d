"""This is the place where it is decided whether something has changed, or only wavers as it always does.

Two laboratory results differ for good only outside the reference change value (change_value.py); home pressure and weight are
compared by the same table, whose rows for them hold for means of seven days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from core.domain.signals import SIGNALS
from core.domain.targets import Band
from core.trends.change_value import VARIATIONS
from core.trends.columns import Series
from core.trends.gaps import GapSpan
from core.trends.judgement import Facts

CHANGE_LIMITS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {signal: (round(row.up, 2), round(row.down, 2)) for row in VARIATIONS for signal in row.signals}
)
"""Signal -> (percent up, percent down) beyond which two values differ; in the signal's canonical unit."""

_ENOUGH_FOR_MEDIANS = 6
_ENOUGH_OF_A_VITAL = 4


@dataclass(frozen=True, slots=True)
class SentenceFacts:
    """What the one sentence above a chart says. `code` is one of

    change.none (no readings), change.too_few, change.rising, change.falling, change.steady, change.compared (no yardstick for
    this signal: two numbers, no verdict). `facts`: n, from_value, to_value (medians or values), percent, least, most, unit.
    `gaps` are the silences; `target` compares with the target: change.target_all/some/none with inside, judged."""

    code: str
    facts: Facts = field(default_factory=dict)
    gaps: tuple[GapSpan, ...] = ()
    target: tuple[str, Facts] | None = None


def sentence_facts(series: Series, gaps: Sequence[GapSpan] = (), target: Band | None = None) -> SentenceFacts:
    """The facts about a series (already cut to the window). Limit values ("<5") are counted, never compared."""
    measured = series.value[series.measured]
    n, limits = len(measured), len(series) - len(measured)
    base: dict[str, str | int | float] = {"n": n, "limits": limits, "unit": series.unit, "signal": series.signal}
    if n == 0:
        return SentenceFacts("change.none" if not limits else "change.too_few", base, tuple(gaps))
    base |= {"least": float(measured.min()), "most": float(measured.max())}
    code, more = _changed(series.signal, measured)
    return SentenceFacts(code, base | more, tuple(gaps), _against(target, measured))


def _changed(signal: str, measured: np.ndarray) -> tuple[str, dict[str, str | int | float]]:
    """The verdict from the first to the last third's median (at least three readings each; two of a few readings), or from the
    first to the last of a few laboratory results."""
    n = len(measured)
    row = SIGNALS.get(signal)
    enough = 2 if row and row.category == "lab" else _ENOUGH_OF_A_VITAL
    if n < enough:
        return "change.too_few", {"to_value": float(measured[-1])}
    part = max(3, n // 3) if n >= _ENOUGH_FOR_MEDIANS else n // 2 if enough == _ENOUGH_OF_A_VITAL else 1
    before, after = float(np.median(measured[:part])), float(np.median(measured[-part:]))
    facts: dict[str, str | int | float] = {"from_value": before, "to_value": after}
    limits = CHANGE_LIMITS.get(signal)
    if limits is None or before <= 0:
        return "change.compared", facts
    percent = (after / before - 1) * 100
    facts["percent"] = round(percent, 1)
    return _verdict(percent, limits), facts


def _verdict(percent: float, limits: tuple[float, float]) -> str:
    if percent > limits[0]:
        return "change.rising"
    return "change.falling" if percent < limits[1] else "change.steady"


def _against(target: Band | None, measured: np.ndarray) -> tuple[str, Facts] | None:
    if target is None:
        return None
    inside = sum(target.side(float(value)) == 0 for value in measured)
    code = "change.target_all" if inside == len(measured) else "change.target_none" if not inside else "change.target_some"
    return code, {"inside": inside, "judged": len(measured)}
