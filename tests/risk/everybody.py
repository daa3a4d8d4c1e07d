"""This is the place where a person is made up whom an equation has an answer for, whichever equation it is."""

from __future__ import annotations

import numpy as np

from core.risk.equation import one
from core.risk.registry import EQUATIONS
from core.risk.terms import Equation, Input

ANSWERED_ONLY = frozenset({"cvd_known", "pregnant", "dialysis", "kidney_failure", "diabetes_type1"})
"""Flags that only ever leave people out."""
_USUAL: dict[str, tuple[float, float]] = {
    "sbp": (105, 175), "tc": (150, 300), "hdl": (35, 90), "bmi": (20, 38), "waist": (65, 120), "egfr": (20, 58), "uacr": (1, 900), "creatinine": (0.6, 2.0),
    "cystatin_c": (0.6, 2.0), "hba1c": (5, 9), "weight": (50, 110), "height": (150, 190), "ast": (15, 90), "alt": (15, 90), "platelets": (120, 350),
    "bilirubin": (0.4, 6), "inr": (0.9, 2.5), "sodium": (122, 142), "albumin": (2, 4.5), "phosphate": (3, 5), "bicarbonate": (18, 28), "calcium": (8, 10),
    "rr": (8, 28), "spo2": (88, 99), "temp": (35, 39.5), "pulse": (45, 135), "sdi_decile": (1, 10), "age_at_diabetes": (25, 39), "dbp": (60, 100),
}  # fmt: skip


def person(equation: Equation, seed: int) -> dict[str, float]:
    """Inputs by key: all that the equation asks for, plausible, within its limits and rules. The same seed is the same person."""
    random = np.random.default_rng(seed)
    for _ in range(200):
        values = {item.key: _value(item, random) for item in equation.inputs}
        for key in ("atrial_fibrillation",):
            if key in values:
                values[key] = 1.0
        if "diabetes" in values and not one(equation, values | {"diabetes": 0.0}).faults_at(0):
            values["diabetes"] = float(random.integers(0, 2)) if not one(equation, values | {"diabetes": 1.0}).faults_at(0) else 0.0
        elif "diabetes" in values:
            values["diabetes"] = 1.0
        if "elderly" in values:
            values["elderly"] = np.nan
        faults = [fault for fault in one(equation, values).faults_at(0) if not fault.outcomes]
        if not faults:
            return values
    raise AssertionError(f"nobody found for {equation.key}: {faults}")


def _value(item: Input, random: np.random.Generator) -> float:
    if item.key in ANSWERED_ONLY or item.key == "gestational_diabetes":
        return 0.0
    if item.kind in ("flag", "sex"):
        return float(random.integers(0, 2))
    if item.kind == "choice":
        return float(random.integers(0, len(item.choices)))
    low, high = _USUAL.get(item.key, (item.low or 0.0, item.high or 100.0))
    scale = {"mmol/L": 1 / 38.67, "mmol/mol": 10.929}.get(item.unit, 1.0) if item.key in ("tc", "hdl", "hba1c") else 1.0
    low, high = max(low * scale, item.low if item.low is not None else -np.inf), min(high * scale, item.high if item.high is not None else np.inf)
    number = random.uniform(low, high)
    return float(np.floor(number)) if item.key == "age" else round(float(number), 2)


EXPLAINED = tuple(key for key, equation in EQUATIONS.items() if equation.reference is not None)
