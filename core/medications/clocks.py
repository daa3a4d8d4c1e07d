"""This is the place where the usual hours stand: what FHIR's `when` codes and the abbreviations of prescriptions mean on a clock.

The meaning and the sign of an offset are FHIR R4's (value set event-timing, TimingAbbreviation); the clock times are house choices, which the person's own
hours replace (shared facts, fhir_timing.json).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from core.medications.steps import Moment

H, M = 3600, 60
MEALS = ("breakfast", "lunch", "dinner")
WHEN: Mapping[str, tuple[Moment, ...]] = {
    "MORN": (Moment(8 * H),), "MORN.early": (Moment(6 * H + 30 * M),), "MORN.late": (Moment(10 * H + 30 * M),),
    "NOON": (Moment(12 * H),),
    "AFT": (Moment(15 * H),), "AFT.early": (Moment(13 * H + 30 * M),), "AFT.late": (Moment(16 * H + 30 * M),),
    "EVE": (Moment(19 * H),), "EVE.early": (Moment(17 * H + 30 * M),), "EVE.late": (Moment(20 * H + 30 * M),),
    "NIGHT": (Moment(22 * H),),
    "HS": (Moment(0, "sleep"),), "WAKE": (Moment(0, "wake"),),
    "C": tuple(Moment(0, meal) for meal in MEALS),
    "CM": (Moment(0, "breakfast"),), "CD": (Moment(0, "lunch"),), "CV": (Moment(0, "dinner"),),
    "AC": tuple(Moment(-30 * M, meal) for meal in MEALS),
    "ACM": (Moment(-30 * M, "breakfast"),), "ACD": (Moment(-30 * M, "lunch"),), "ACV": (Moment(-30 * M, "dinner"),),
    "PC": tuple(Moment(30 * M, meal) for meal in MEALS),
    "PCM": (Moment(30 * M, "breakfast"),), "PCD": (Moment(30 * M, "lunch"),), "PCV": (Moment(30 * M, "dinner"),),
    "PHS": (Moment(0, "sleep"),),
}  # fmt: skip
SIGN: Mapping[str, int] = {**dict.fromkeys(("HS", "AC", "ACM", "ACD", "ACV"), -1), **dict.fromkeys(("WAKE", "PC", "PCM", "PCD", "PCV", "PHS"), 1)}
"""Which way an offset goes. With the other codes it has no direction, so it can't be used."""
NEEDS_OFFSET = frozenset({"PHS"})
"""Some time after falling asleep: when, only an offset says."""

TIMES_A_DAY: Mapping[int, tuple[Moment, ...]] = {
    1: (Moment(8 * H),),
    2: (Moment(8 * H), Moment(20 * H)),
    3: (Moment(8 * H), Moment(14 * H), Moment(20 * H)),
    4: (Moment(8 * H), Moment(12 * H), Moment(16 * H), Moment(20 * H)),
}
MOST_A_DAY = 12
"""More doses than this a day without a spacing or times are asked about, not spread over the day (house choice)."""


def spread(times: int) -> tuple[Moment, ...]:
    """Named times for so many doses a day: the usual clocks up to four, then evenly from 07:00 to 22:00 to the nearest five minutes (house choice)."""
    if times in TIMES_A_DAY:
        return TIMES_A_DAY[times]
    step = 15 * H / (times - 1)
    return tuple(Moment(7 * H + round(at * step / 300) * 300) for at in range(times))


_DAILY: Mapping[str, int] = {"QD": 1, "OD": 0, "DAILY": 1, "BID": 2, "BD": 2, "TID": 3, "TDS": 3, "QID": 4, "QDS": 4}
_FIXED: Mapping[str, dict[str, Any]] = {
    **{code: {"frequency": n, "period": 1, "periodUnit": "d"} for code, n in _DAILY.items() if n},
    "AM": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]},
    "QAM": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["MORN"]},
    "PM": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["AFT"]},
    "QPM": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["EVE"]},
    "BED": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]},
    "HS": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]},
    "QHS": {"frequency": 1, "period": 1, "periodUnit": "d", "when": ["HS"]},
    "QOD": {"frequency": 1, "period": 2, "periodUnit": "d"},
    "WK": {"frequency": 1, "period": 1, "periodUnit": "wk"},
    "QW": {"frequency": 1, "period": 1, "periodUnit": "wk"},
    "QWK": {"frequency": 1, "period": 1, "periodUnit": "wk"},
    "BIW": {"frequency": 2, "period": 1, "periodUnit": "wk"},
    "TIW": {"frequency": 3, "period": 1, "periodUnit": "wk"},
    "MO": {"frequency": 1, "period": 1, "periodUnit": "mo"},
    "QM": {"frequency": 1, "period": 1, "periodUnit": "mo"},
    "AC": {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["AC"]},
    "PC": {"frequency": 3, "period": 1, "periodUnit": "d", "when": ["PC"]},
    "ACM": {"when": ["ACM"]}, "ACD": {"when": ["ACD"]}, "ACV": {"when": ["ACV"]},
    "PCM": {"when": ["PCM"]}, "PCD": {"when": ["PCD"]}, "PCV": {"when": ["PCV"]},
    "CM": {"when": ["CM"]}, "CD": {"when": ["CD"]}, "CV": {"when": ["CV"]},
    "STAT": {"count": 1, "when": ["IMD"]}, "ONCE": {"count": 1, "when": ["IMD"]},
}  # fmt: skip
LOOSE = frozenset({"AM", "PM", "QAM", "QPM"})
"""Codes that leave the hour to the house: a text beside them that names one is the more exact."""
_EVERY = re.compile(r"Q(\d{1,3})\s?(H|HR|D|W|WK|MO|MIN)")
_UNITS = {"H": "h", "HR": "h", "D": "d", "W": "wk", "WK": "wk", "MO": "mo", "MIN": "min"}


def of_code(code: str) -> dict[str, Any] | None:
    """What an abbreviation says, as a FHIR `repeat`; None for one we don't know ("OD" among them: once a day to some, the right eye to others)."""
    plain = code.strip().upper().replace(".", "").replace(" ", "")
    if plain in _FIXED:
        return dict(_FIXED[plain])
    found = _EVERY.fullmatch(plain)
    if found is None or int(found[1]) == 0:
        return {"frequency": 1, "period": 1, "periodUnit": "h"} if plain in ("QH", "Q1H") else None
    return {"frequency": 1, "period": int(found[1]), "periodUnit": _UNITS[found[2]]}
