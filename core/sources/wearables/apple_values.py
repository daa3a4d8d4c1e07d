"""This is the place where the values of an Apple Health export become numbers in our units.

Percentages: HealthKit counts in fractions and exports "0.98" with the unit "%"; some apps wrote 98. Neither oxygen nor body fat can
be one percent or less, so what is up to 1 is a fraction and what is above is percent. Blood sugar is a spot value (`glucose`)
unless its source or device is a continuous sensor by name and nobody typed it in: then it is `cgm_glucose`. Blood pressure
from sources that measure without a cuff is marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from core.domain.samples import UNVALIDATED
from core.domain.signals import SIGNALS
from core.domain.units import linear, ucum

_UCUM = {
    "count/min": "/min", "count/s": "/s", "count": "1", "Cal": "kcal", "degC": "Cel", "degF": "[degF]", "mL/min·kg": "mL/kg/min",
    "ml/min·kg": "mL/kg/min", "ml/kg*min": "mL/kg/min", "mL/kg*min": "mL/kg/min", "mL/kg·min": "mL/kg/min", "mL/(kg*min)": "mL/kg/min",
    "ft": "[ft_i]", "in": "[in_i]", "mi": "[mi_i]", "lb": "[lb_av]", "oz": "[oz_av]", "mmHg": "mm[Hg]", "hr": "h",
}  # fmt: skip
_ODD = {("st", "weight"): (6.35029318, 0.0), ("st", "lean_mass"): (6.35029318, 0.0), ("K", "temp"): (1.0, -273.15), ("K", "skin_temp"): (1.0, -273.15),
        ("cmAq", "sbp"): (0.7355592, 0.0), ("cmAq", "dbp"): (0.7355592, 0.0), ("inHg", "sbp"): (25.4, 0.0), ("inHg", "dbp"): (25.4, 0.0),
        ("yd", "distance"): (0.9144, 0.0), ("yd", "height"): (91.44, 0.0), ("count", "bmi"): (1.0, 0.0)}  # fmt: skip
"""HealthKit's units that UCUM has no code for in our table: a stone is 14 lb, an inch of mercury 25.4 mmHg,
1 cm of water 0.7355592 mmHg."""
_MOLAR = re.compile(r"^(m?)mol<180\.\d+>/L$")
_SENSOR = re.compile(
    r"dexcom|libre|\bg[567]\b|\bcgm\b|xdrip|guardian|minimed|medtronic|eversense|stelo|\blingo\b|nightscout|\bloop\b|\biaps\b|"
    r"sugarmate|sibionics|aidex|glucomen day",
    re.IGNORECASE,
)
_NO_CUFF = re.compile(r"aktiia|\bhilo\b|biobeat|valencell|livemetric|\bcart-i\b", re.IGNORECASE)
_MOOD = (5.0, 5.0)
PERCENT = "%"


@lru_cache(maxsize=1024)
def factors(unit: str, signal: str) -> tuple[float, float] | str:
    """(mult, add) into the signal's unit, or why there is none."""
    if signal == "mood":
        return _MOOD
    known = _ODD.get((unit, signal))
    if known:
        return known
    molar = _MOLAR.match(unit)
    code = ("mmol/L" if molar[1] else "mol/L") if molar else _UCUM.get(unit) or ucum(unit)
    if not unit.strip():
        return "unit_missing"
    if code is None:
        return "unit_unknown"
    return linear(code, SIGNALS[signal].unit, signal) or "unit_unfit"


def numbers(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """(float64, whether there was a text at all); what is no finite number is not a number here either."""
    try:
        read = np.fromiter(map(float, texts), np.float64, len(texts))
        if "_" not in "".join(texts):
            return read, np.ones(len(texts), bool)
    except ValueError:
        pass
    return np.fromiter(map(_number, texts), np.float64, len(texts)), np.fromiter(
        (bool(text.strip()) for text in texts), bool, len(texts)
    )


def _number(text: str) -> float:
    try:
        return float(text) if "_" not in text else np.nan
    except ValueError:
        return np.nan


def in_percent(value: np.ndarray) -> np.ndarray:
    """Fractions as percent; what is percent already stays."""
    return np.where(value <= 1.0, value * 100.0, value)


def is_sensor(source: str, device: str) -> bool:
    """Whether a blood sugar's source or device is a continuous sensor, by its name."""
    return bool(_SENSOR.search(source) or _SENSOR.search(device))


def cuffless(source: str, device: str) -> int:
    """The quality bit of a blood pressure that was measured without a cuff."""
    return UNVALIDATED if _NO_CUFF.search(source) or _NO_CUFF.search(device) else 0


def plain_name(source: str) -> str:
    """A source's name as a person would type it: no odd spaces, not endless."""
    return " ".join(source.split())[:120]
