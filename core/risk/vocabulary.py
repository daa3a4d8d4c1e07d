"""This is the place where every input of every equation has its one name, its unit, and the signal of the record that holds it.

`kind`: number, flag, choice or sex. `signal` is a key of core/domain/signals.py where a measurement answers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SCORE2_REGIONS = ("low", "moderate", "high", "very_high")
KFRE_REGIONS = ("na", "non_na")
RELATIVES = ("none", "second_degree", "first_degree")
ACVPU = ("A", "C", "V", "P", "U")
PCE_GROUPS = ("white_female", "black_female", "white_male", "black_male")
ANSWERS = ("0", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that equations ask for."""

    key: str
    kind: str
    unit: str = ""
    signal: str = ""
    choices: tuple[str, ...] = ()


_NUMBERS = (
    Term("age", "number", "a"),
    Term("sbp", "number", "mm[Hg]", "sbp"),
    Term("dbp", "number", "mm[Hg]", "dbp"),
    Term("tc", "number", "mg/dL", "tc"),
    Term("hdl", "number", "mg/dL", "hdl"),
    Term("bmi", "number", "kg/m2", "bmi"),
    Term("waist", "number", "cm", "waist"),
    Term("weight", "number", "kg", "weight"),
    Term("height", "number", "cm", "height"),
    Term("hba1c", "number", "%", "hba1c"),
    Term("egfr", "number", "mL/min/{1.73_m2}", "egfr"),
    Term("uacr", "number", "mg/g", "uacr"),
    Term("creatinine", "number", "mg/dL", "creatinine"),
    Term("cystatin_c", "number", "mg/L", "cystatin_c"),
    Term("albumin", "number", "g/dL", "albumin"),
    Term("phosphate", "number", "mg/dL", "phosphate"),
    Term("bicarbonate", "number", "mmol/L", "co2"),
    Term("calcium", "number", "mg/dL", "calcium"),
    Term("ast", "number", "U/L", "ast"),
    Term("alt", "number", "U/L", "alt"),
    Term("platelets", "number", "10*9/L", "platelets"),
    Term("bilirubin", "number", "mg/dL", "bilirubin"),
    Term("inr", "number", "{INR}", "inr"),
    Term("sodium", "number", "mmol/L", "sodium"),
    Term("rr", "number", "/min", "rr"),
    Term("spo2", "number", "%", "spo2"),
    Term("temp", "number", "Cel", "temp"),
    Term("pulse", "number", "/min", "hr"),
    Term("sdi_decile", "number", "{decile}"),
    Term("age_at_diabetes", "number", "a"),
)
_FLAGS = (
    "bp_treated", "statin", "diabetes", "smoker", "smoked_100", "north", "urban", "family_cvd", "family_diabetes_first", "physically_active",
    "vegetables_daily", "high_glucose_ever", "gestational_diabetes", "hypertension", "heart_failure", "stroke", "vascular",
    "bp_uncontrolled", "renal_abnormal", "liver_abnormal", "bleeding", "elderly", "labile_inr", "bleeding_drugs", "alcohol_high", "dialysis",
    "on_oxygen", "spo2_scale2", "altered_mentation", "unsteady", "worried_falling", "fallen",
    "atrial_fibrillation", "cvd_known", "pregnant", "diabetes_type1", "kidney_failure",
)  # fmt: skip
_CHOICES = (
    Term("sex", "sex"),
    Term("score2_region", "choice", choices=SCORE2_REGIONS),
    Term("kfre_region", "choice", choices=KFRE_REGIONS),
    Term("family_diabetes", "choice", choices=RELATIVES),
    Term("acvpu", "choice", choices=ACVPU),
    Term("pce_group", "choice", choices=PCE_GROUPS),
    *(Term(f"phq{n}", "choice", choices=ANSWERS) for n in range(1, 10)),
    *(Term(f"gad{n}", "choice", choices=ANSWERS) for n in range(1, 8)),
)

TERMS: Mapping[str, Term] = {one.key: one for one in (*_NUMBERS, *(Term(key, "flag") for key in _FLAGS), *_CHOICES)}
"""By key. The last flags of the list are only ever asked in order to leave people out."""
