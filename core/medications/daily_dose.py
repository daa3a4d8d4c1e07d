"""This is the place where planned doses become milligrams a day, where that can be told without guessing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from core.medications.expanding import due
from core.medications.steps import Regimen
from core.medications.terms import Amount, Due, Habits

_WEEK = timedelta(days=7)

_MG: Mapping[str, float] = {"mg": 1.0, "毫克": 1.0, "g": 1000.0, "克": 1000.0, "ug": 0.001, "µg": 0.001, "μg": 0.001, "mcg": 0.001, "微克": 0.001}
_PIECES = frozenset(
    {"tablet", "tablets", "tab", "tabs", "tbl", "{tbl}", "{tablet}", "capsule", "capsules", "cap", "caps", "{capsule}", "{cap}", "片", "粒", "1", "[tab]"}
)
_STRENGTH = re.compile(r"(?<![\d.,])(\d+(?:\.\d+)?)\s*(mg|mcg|ug|µg|μg|g|毫克|微克|克)(?![a-z])(\s*/)?", re.IGNORECASE)


def daily_mg(title: str, doses: Sequence[Due], days: int) -> float | None:
    """What the doses planned for a number of whole days come to in mg a day, or None: a range, an amount without a unit, drops or millilitres, tablets
    of a medicine whose title doesn't hold exactly one strength ("Metformin hydrochloride 500 MG Oral Tablet")."""
    if not doses or days <= 0:
        return None
    each = [_mg(dose.amount, title) for dose in doses]
    known = [one for one in each if one is not None]
    return sum(known) / days if len(known) == len(each) else None


def daily_of(title: str, found: Regimen, start: datetime) -> float | None:
    """What an order comes to in mg a day over the week from `start` on; None also where more may be taken when needed."""
    if found.as_needed or not found.steps:
        return None
    return daily_mg(title, due(found, Habits("UTC"), start, start + _WEEK), _WEEK.days)


def strength_mg(title: str) -> float | None:
    """The strength of one piece by the medicine's title, in mg; None where there is none, several, or one per something ("5 MG/ML")."""
    found = _STRENGTH.findall(title)
    if len(found) != 1 or found[0][2]:
        return None
    number, unit, _ = found[0]
    return float(number) * _MG[unit.casefold()]


def _mg(amount: Amount | None, title: str) -> float | None:
    if amount is None or amount.low != amount.high or amount.low <= 0:
        return None
    units = (amount.code.casefold(), amount.unit.strip().casefold())
    weight = next((_MG[unit] for unit in units if unit in _MG), None)
    if weight is not None:
        return amount.low * weight
    strength = strength_mg(title)
    return amount.low * strength if strength is not None and any(unit in _PIECES for unit in units) else None
