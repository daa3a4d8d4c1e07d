"""This is the place where it is worked out how well the kidneys clear a medicine: Cockcroft-Gault, eGFR, and what of it is known, old or not to be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from core.medications.facts import Measured, PersonFacts
from core.risk.kidney import EQUATIONS
from core.risk.terms import MALE

ADULT = 18
OLD_DAYS = 365
"""House rule: a kidney value, a weight or a potassium older than a year decides nothing."""
LOW, LOW_OLD_DAYS = 60.0, 183
"""House rule: below 60 it is measured twice a year (KDIGO 2024 asks for one to four tests a year by stage); an older one still counts, and it is
said that it is old: that it was low once is no reason to be silent."""
_CREATININE, _WEIGHT = (0.1, 30.0), (25.0, 300.0)
"""mg/dL and kg, house: beyond them a value is more likely wrong than extreme, and nothing is worked out."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """`value` in mL/min ("crcl") or mL/min/1.73 m2 ("egfr") with the day of the test, or None with the reason why not. `old` where the value is used
    and should be newer."""

    measure: str
    value: float | None
    day: date | None = None
    why: str = ""
    old: bool = False


def cockcroft_gault(age: int, weight: float, creatinine: float, sex: str) -> float:
    """Creatinine clearance in mL/min: (140 - age) * kg * 0.85 [woman] / (72 * mg/dL), actual weight (Cockcroft & Gault, Nephron 1976;16:31-41)."""
    return (140 - age) * weight * (0.85 if sex == "female" else 1.0) / (72.0 * creatinine)


def ckd_epi(age: int, creatinine: float, sex: str) -> float:
    """eGFR in mL/min/1.73 m2 by CKD-EPI 2021 of creatinine (core/risk/kidney.py)."""
    columns = {"age": np.array([float(age)]), "sex": np.array([float(MALE) if sex == "male" else 1.0 - float(MALE)]), "creatinine": np.array([creatinine])}
    return float(EQUATIONS[0].compute(columns)["egfr"][1][0])


def clearance(facts: PersonFacts, measure: str) -> Clearance:
    """The clearance a rule asks for, "crcl" or "egfr", of the newest values."""
    if facts.age is None or facts.age < ADULT:
        return Clearance(measure, None, why="no_age" if facts.age is None else "child")
    if facts.pregnancy == "pregnant":
        return Clearance(measure, None, why="pregnant")
    return _crcl(facts) if measure == "crcl" else _egfr(facts)


def newest(measured: Measured | None, day: date, missing: str, old: str) -> str:
    """Why a value can't be used, or ""."""
    if measured is None or measured.day > day:
        return missing
    return old if (day - measured.day).days > OLD_DAYS else ""


def plausible(measured: Measured | None, limits: tuple[float, float]) -> bool:
    """Whether it lies within the limits (both included)."""
    return measured is not None and limits[0] <= measured.value <= limits[1]


def _egfr(facts: PersonFacts) -> Clearance:
    """As the laboratory reported it; where creatinine is newer or alone, of that."""
    reported, creatinine = facts.egfr, facts.creatinine
    usable = creatinine if plausible(creatinine, _CREATININE) and facts.sex else None
    if reported is not None and (usable is None or reported.day >= usable.day):
        why = newest(reported, facts.day, "no_kidney_value", "kidney_value_old")
        return _answer("egfr", reported.value, reported.day, facts.day) if not why else Clearance("egfr", None, why=why)
    why = newest(creatinine, facts.day, "no_kidney_value", "kidney_value_old")
    if why or usable is None or facts.age is None:
        return Clearance("egfr", None, why=why or ("no_sex" if not facts.sex else "kidney_value_unclear"))
    return _answer("egfr", ckd_epi(facts.age, usable.value, facts.sex), usable.day, facts.day)


def _crcl(facts: PersonFacts) -> Clearance:
    creatinine, weight = facts.creatinine, facts.weight
    why = newest(creatinine, facts.day, "no_kidney_value", "kidney_value_old") or newest(weight, facts.day, "no_weight", "weight_old")
    if why or creatinine is None or weight is None or facts.age is None:
        return Clearance("crcl", None, why=why)
    if not facts.sex:
        return Clearance("crcl", None, why="no_sex")
    if not plausible(creatinine, _CREATININE) or not plausible(weight, _WEIGHT) or facts.age >= 120:
        return Clearance("crcl", None, why="kidney_value_unclear")
    return _answer("crcl", cockcroft_gault(facts.age, weight.value, creatinine.value, facts.sex), creatinine.day, facts.day)


def _answer(measure: str, value: float, day: date, today: date) -> Clearance:
    if not 0 < value < 400:  # no kidney clears more
        return Clearance(measure, None, why="kidney_value_unclear")
    return Clearance(measure, value, day, old=value < LOW and (today - day).days > LOW_OLD_DAYS)
