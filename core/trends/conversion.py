"""This is the place where canonical numbers become the units a person chose, rounded as that unit is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from core.domain.people import Preferences
from core.domain.signals import SIGNALS
from core.domain.targets import Band
from core.domain.units import linear
from core.trends.columns import Series
from core.trends.judgement import Facts

MOLAR: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        **dict.fromkeys(("glucose", "glucose_fasting", "cgm_glucose", "cgm_mean"), ("mmol/L", 1)),
        **dict.fromkeys(("tc", "ldl", "hdl", "nonhdl", "tg"), ("mmol/L", 2)),
        **dict.fromkeys(("calcium", "phosphate", "magnesium"), ("mmol/L", 2)),
        **dict.fromkeys(("creatinine", "uric_acid"), ("umol/L", 0)),
        **dict.fromkeys(("albumin", "protein", "globulin", "hb", "mchc"), ("g/L", 0)),
        "bilirubin": ("umol/L", 1), "bun": ("mmol/L", 1), "uacr": ("mg/mmol", 1), "vitd": ("nmol/L", 0),
    }
)  # fmt: skip
"""Signals whose unit follows the choice of mmol/L, with that unit and its decimals."""

_PERCENT = ("hba1c", "cgm_gmi")
NUMBERS = ("value", "low", "high", "from_value", "to_value", "least", "most", "limit_value")
"""Names of facts that are numbers in the unit of the fact `unit`."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A unit as it is shown to one person, with its decimals."""

    unit: str
    decimals: int


def shown_as(signal: str, preferences: Preferences) -> Shown:
    """The unit and decimals of a signal for a person; a choice that does not fit the signal is passed over."""
    row = SIGNALS[signal]
    chosen = Shown(row.unit, row.decimals)
    if preferences.labs == "mmol/L" and signal in MOLAR:
        chosen = Shown(*MOLAR[signal])
    elif signal == "weight":
        chosen = Shown(preferences.weight, 1)
    elif signal == "temp":
        chosen = Shown(preferences.temperature, 1)
    elif signal in _PERCENT and preferences.hba1c == "mmol/mol":
        chosen = Shown("mmol/mol", 0)
    return chosen if linear(row.unit, chosen.unit, signal) else Shown(row.unit, row.decimals)


def number_for(signal: str, number: float, preferences: Preferences) -> float:
    """One canonical number in the person's unit, rounded."""
    shown = shown_as(signal, preferences)
    mult, add = linear(SIGNALS[signal].unit, shown.unit, signal) or (1.0, 0.0)
    return round(number * mult + add, shown.decimals)


def converted(series: Series, preferences: Preferences) -> Series:
    """The same readings in the person's unit, values and ranges rounded to its decimals."""
    shown = shown_as(series.signal, preferences)
    mult, add = linear(series.unit, shown.unit, series.signal) or (1.0, 0.0)
    changed = {name: np.round(getattr(series, name) * mult + add, shown.decimals) for name in ("value", "low", "high")}
    return replace(series, unit=shown.unit, **changed)


def band_for(signal: str, band: Band, preferences: Preferences) -> Band:
    """A band in the person's unit, rounded."""
    low, high = (None if edge is None else number_for(signal, edge, preferences) for edge in (band.low, band.high))
    return replace(band, unit=shown_as(signal, preferences).unit, low=low, high=high)


def facts_for(facts: Facts, preferences: Preferences) -> Facts:
    """Facts of a judgement, notice or sentence with their numbers in the person's unit. Facts about no single signal (blood
    pressure has one unit for all) come back as they are."""
    signal = str(facts.get("signal", ""))
    if signal not in SIGNALS or facts.get("unit") != SIGNALS[signal].unit:
        return facts
    changed = {name: number_for(signal, float(facts[name]), preferences) for name in NUMBERS if name in facts}
    return {**facts, **changed, "unit": shown_as(signal, preferences).unit}
