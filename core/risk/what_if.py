"""This is the place where it stands what a person could try out in an equation, and what it would then say.

Only inputs that a person and their clinician can change are levers, and only within the equation's own limits. Being treated is none: the coefficients
of medicines describe who takes them, not what taking them does. Waist is none for men in China-PAR, where a wider waist lowers the number. Smoking can only
be tried out as stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from core.errors import BadInput
from core.risk.equation import Evaluated, one
from core.risk.terms import Equation, Input

_HELPFUL = {"smoker": 0.0, "physically_active": 1.0, "vegetables_daily": 1.0}
"""What a yes/no input may be changed to."""
_STEPS: Mapping[str, float] = {
    "mm[Hg]": 1.0, "mg/dL": 5.0, "mmol/L": 0.1, "kg/m2": 0.5, "cm": 1.0, "%": 0.1, "mmol/mol": 1.0, "kg": 0.5,
}  # fmt: skip
_SENSIBLE: Mapping[str, tuple[float, float]] = {
    "sbp": (100.0, 180.0), "tc": (130.0, 320.0), "hdl": (20.0, 100.0), "bmi": (18.5, 45.0), "waist": (60.0, 140.0), "hba1c": (4.5, 12.0), "weight": (40.0, 200.0),
}  # fmt: skip
"""What a slider spans where an equation has only guard limits, in the vocabulary's units (house)."""


@dataclass(frozen=True, slots=True)
class Lever:
    """An input that may be tried out between `low` and `high` (its unit), from where it stands now. A flag may only become `low` (= `high`)."""

    input: Input
    value: float
    low: float
    high: float
    step: float


def levers(equation: Equation, values: Mapping[str, float]) -> tuple[Lever, ...]:
    """What may be tried out for this person: known, modifiable, not excluded for their sex, and not already as good as a yes/no can be."""
    found = (_lever(item, values[item.key]) for item in equation.inputs if _may(equation, item, values))
    return tuple(lever for lever in found if lever is not None)


def vary(equation: Equation, values: Mapping[str, float], changes: Mapping[str, float]) -> Evaluated:
    """The equation with some levers moved. Raises BadInput for what is no lever of this person, or outside its limits."""
    may = {lever.input.key: lever for lever in levers(equation, values)}
    for key, number in changes.items():
        lever = may.get(key)
        if lever is None:
            raise BadInput("no_lever", place=key, need=" ".join(may) or "nothing")
        if not (lever.low <= number <= lever.high or number == lever.value):
            raise BadInput("lever_range", place=key, need=f"{lever.low:g} - {lever.high:g}")
    return one(equation, {**values, **changes})


def _may(equation: Equation, item: Input, values: Mapping[str, float]) -> bool:
    known = np.isfinite(values.get(item.key, np.nan))
    return bool(item.modifiable and known and (item.key, values.get("sex", np.nan)) not in equation.levers_not)


def _lever(item: Input, value: float) -> Lever | None:
    if item.kind == "flag":
        better = _HELPFUL.get(item.key)
        return None if better is None or better == value else Lever(item, value, better, better, 1.0)
    low, high = _span(item)
    return Lever(item, value, low, high, _STEPS.get(item.unit, (high - low) / 100.0)) if low <= value <= high else None


def _span(item: Input) -> tuple[float, float]:
    """The equation's own limits; where it has guard limits only, what is sensible within them."""
    low, high = item.low if item.low is not None else -np.inf, item.high if item.high is not None else np.inf
    if item.limits == "guard" and item.key in _SENSIBLE:
        scale = 1 / 38.67 if item.unit == "mmol/L" and item.key in ("tc", "hdl") else 1.0
        if item.unit == "mmol/mol":
            return max(low, 20.0), min(high, 110.0)
        return max(low, _SENSIBLE[item.key][0] * scale), min(high, _SENSIBLE[item.key][1] * scale)
    return low, high
