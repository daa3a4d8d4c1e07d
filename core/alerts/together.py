"""This is the place where readings of one moment are scored together as NEWS2, or where it is said which of them are missing."""

from __future__ import annotations

from collections.abc import Mapping

from core.risk.equation import one
from core.risk.warning import NEWS2

INPUTS = {"rr": "rr", "spo2": "spo2", "on_oxygen": "on_oxygen", "temp": "temp", "sbp": "sbp", "hr": "pulse", "acvpu": "acvpu"}
"""Our signals, and what NEWS2 calls them."""
FEWEST = 4
"""With fewer of them at one time nobody meant a NEWS2, and nothing is said."""


def news2(values: Mapping[str, float]) -> float | tuple[str, ...] | None:
    """The score of what was measured at one time; the signals that are missing; None where it was not meant as one. Nothing is filled in."""
    have = [signal for signal in INPUTS if signal in values]
    if len(have) < FEWEST:
        return None
    missing = tuple(signal for signal in INPUTS if signal not in values)
    if missing:
        return missing
    given = {name: values[signal] for signal, name in INPUTS.items()} | {"spo2_scale2": values.get("spo2_scale2", 0.0)}
    made = one(NEWS2, given)
    return float(made.values["score"][0]) if not made.faults_at(0) else tuple(INPUTS)
