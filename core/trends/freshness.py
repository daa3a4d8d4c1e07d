"""This is the place where rows say how old a reading may be to speak of today, and which series matter when they stop.

Product choices, not clinical limits: roughly twice the interval at which each thing is usually measured again.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.signals import SIGNALS

_BY_SIGNAL: Mapping[str, float] = MappingProxyType(
    {
        "temp": 2, "spo2": 7, "rr": 7, "hr": 14, "rhr": 14, "pain": 14, "peak_flow": 14, "hrv_sdnn": 14,
        "sbp": 60, "dbp": 60, "sbp_mean": 60, "dbp_mean": 60, "map": 60, "weight": 60, "bmi": 400, "waist": 400,
        "height": 1830, "head": 120, "glucose": 200, "glucose_fasting": 200, "hba1c": 200, "inr": 45,
        "potassium": 200, "sodium": 200, "crp": 60, "hscrp": 200, "wbc": 200, "platelets": 200,
        "phq9": 60, "phq2": 60, "gad7": 60, "news2": 1, "lvef": 800, "fev1_fvc": 800,
    }
)  # fmt: skip
_BY_CATEGORY: Mapping[str, float] = MappingProxyType({"vital": 60, "lab": 400, "wearable": 7, "cgm": 30, "survey": 60, "score": 30})
_OTHERWISE = 400.0

WATCHED_HABITS = ("sbp", "weight", "glucose", "cgm_glucose", "spo2", "peak_flow")
"""Series measured at home whose silence is worth a word where somebody had the habit of measuring them."""


def stale_after_days(signal: str) -> float:
    """Days after which the newest reading of a signal is too old to be judged."""
    row = SIGNALS.get(signal)
    return float(_BY_SIGNAL.get(signal) or _BY_CATEGORY.get(row.category if row else "", _OTHERWISE))
