"""This is the place where AHA PREVENT is: total cardiovascular disease, its parts, and heart failure, over 10 and 30 years.

Khan SS et al., Circulation 2024;149:430-449 (10.1161/CIRCULATIONAHA.123.067626). For people of 30 to 79 years without known cardiovascular disease;
30 years only to the age of 59. Where the publication's implementations differ, the narrower limits are taken (systolic 90-180, eGFR 15-140). The
extended models have their own published term for an optional input that isn't known; the base inputs are all needed. The deprivation
index is made of US addresses and belongs to nobody elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from core.risk.links import logistic
from core.risk.prevent_table import TABLES
from core.risk.terms import MALE, Band, Columns, Computed, Equation, Fault, Input, Outcome, Rule, Thresholds, excluded, flag

PARTS = ("total_cvd", "ascvd", "heart_failure", "chd", "stroke")
MODELS = ("base", "hba1c", "uacr", "sdi", "full")
HORIZONS = (10, 30)
_MMOL = 0.02586
"""mmol/L in a mg/dL of cholesterol, as the publication converts."""
_BLOCK = 512
"""People multiplied at a time: too few for the algebra library to share among threads, which costs far more than it gains on a busy machine."""
_LOGISTIC_REFERENCE = {
    "tc": (3.5 + 1.3) / _MMOL, "hdl": 1.3 / _MMOL, "sbp": 130.0, "bmi": 25.0, "egfr": 90.0,
    "bp_treated": 0.0, "statin": 0.0, "diabetes": 0.0, "smoker": 0.0,
}  # fmt: skip

# What may be a slider. Treatment is not: its coefficients say how people who are treated fare beside people who aren't (who were not as ill to begin
# with), not what starting or stopping a medicine does. Nor is HDL: raising it by itself has not lowered anybody's risk.
_BASE = (
    Input("age", "number", "a", 30, 79, "published"),
    Input("sex", "sex"),
    Input("sbp", "number", "mm[Hg]", 90, 180, "published", modifiable=True),
    flag("bp_treated", "bp_tx"),
    Input("tc", "number", "mg/dL", 130, 320, "published", column="total_c", modifiable=True),
    Input("hdl", "number", "mg/dL", 20, 100, "published", column="hdl_c"),
    flag("statin"),
    flag("diabetes", "dm"),
    flag("smoker", "smoking", modifiable=True),
    Input("egfr", "number", "mL/min/{1.73_m2}", 15, 140, "published"),
    Input("bmi", "number", "kg/m2", 18.5, 39.9, "published", modifiable=True),
)
_HBA1C = Input("hba1c", "number", "%", 4.5, 15, "published", required=False, modifiable=True)
_UACR = Input("uacr", "number", "mg/g", 0.1, 25000, "published", required=False)
_SDI = Input("sdi_decile", "number", "{decile}", 1, 10, "published", required=False)
_OPTIONAL = {"base": (), "hba1c": (_HBA1C,), "uacr": (_UACR,), "sdi": (_SDI,), "full": (_HBA1C, _UACR, _SDI)}
_APART = (flag("cvd_known", required=False), flag("pregnant", required=False))

_THIRTY = tuple(f"{part}_30yr" for part in PARTS)
RULES = (
    excluded("cvd_known"),
    excluded("pregnant"),
    Rule(Fault("hdl_above_total", "hdl"), ("tc", "hdl"), lambda columns: columns["hdl"] >= columns["tc"]),
    Rule(Fault("above_range", "age", _THIRTY, 30, 59, "a"), ("age",), lambda columns: columns["age"] >= 60),
)
THRESHOLDS = (
    Thresholds(
        "aha_acc_2025_blood_pressure", "total_cvd_10yr", "AHA/ACC 2025 blood pressure: treatment from 130/80 at 7.5 per cent or more",
        (Band("below_treatment_line", None, "fine"), Band("at_treatment_line", 0.075, "watch")), "unchecked",
    ),
    Thresholds(
        "acc_aha_2026_lipids", "ascvd_10yr", "ACC/AHA 2026 dyslipidaemia (10.1161/CIR.0000000000001423)",
        (Band("low", None, "fine"), Band("borderline", 0.03, "watch"), Band("intermediate", 0.05, "watch"), Band("high", 0.10, "soon")), "unchecked",
    ),
)  # fmt: skip
"""Both were read in digests only."""


def _terms(columns: Columns, names: Sequence[str]) -> np.ndarray:
    """One row for each term, as the supplement defines them."""
    age = (columns["age"] - 55.0) / 10.0
    hdl_mmol = columns["hdl"] * _MMOL
    non_hdl = columns["tc"] * _MMOL - hdl_mmol - 3.5
    hdl = (hdl_mmol - 1.3) / 0.3
    sbp, bmi, egfr = columns["sbp"], columns["bmi"], columns["egfr"]
    above = (np.maximum(sbp, 110.0) - 130.0) / 20.0
    heavy = (np.maximum(bmi, 30.0) - 30.0) / 5.0
    low_egfr = (np.minimum(egfr, 60.0) - 60.0) / -15.0
    diabetes, smoker, treated, statin = columns["diabetes"], columns["smoker"], columns["bp_treated"], columns["statin"]
    made: dict[str, np.ndarray | float] = {
        "const": 1.0, "age": age, "age_sq": age * age, "nonhdl": non_hdl, "hdl": hdl,
        "sbp_lt110": (np.minimum(sbp, 110.0) - 110.0) / 20.0, "sbp_ge110": above, "dm": diabetes, "smoking": smoker,
        "bmi_lt30": (np.minimum(bmi, 30.0) - 25.0) / 5.0, "bmi_ge30": heavy,
        "egfr_lt60": low_egfr, "egfr_ge60": (np.maximum(egfr, 60.0) - 90.0) / -15.0, "bptx": treated, "statin": statin,
        "bptx_sbp_ge110": treated * above, "statin_nonhdl": statin * non_hdl, "age_nonhdl": age * non_hdl, "age_hdl": age * hdl,
        "age_sbp_ge110": age * above, "age_dm": age * diabetes, "age_smoking": age * smoker, "age_bmi_ge30": age * heavy,
        "age_egfr_lt60": age * low_egfr, **_optional(columns, diabetes),
    }  # fmt: skip
    rows = np.empty((len(names), len(age)))
    for at, name in enumerate(names):
        rows[at, :] = made[name]
    return rows


def _optional(columns: Columns, diabetes: np.ndarray) -> dict[str, np.ndarray]:
    """The terms of HbA1c, UACR and deprivation; each has a published term for "not known"."""
    found: dict[str, np.ndarray] = {}
    if "hba1c" in columns:
        unknown = np.isnan(columns["hba1c"])
        over = np.where(unknown, 0.0, columns["hba1c"] - 5.3)
        found |= {"hba1c_dm": over * diabetes, "hba1c_nodm": over * (1.0 - diabetes), "hba1c_missing": unknown.astype(float)}
    if "uacr" in columns:
        unknown = np.isnan(columns["uacr"])
        found |= {"ln_uacr": np.log(np.where(unknown, 1.0, columns["uacr"])), "uacr_missing": unknown.astype(float)}
    if "sdi_decile" in columns:
        decile = columns["sdi_decile"]
        found["sdi_4_6"] = ((decile >= 4) & (decile <= 6)).astype(float)
        found["sdi_7_10"] = (decile >= 7).astype(float)
        found["sdi_missing"] = np.isnan(decile).astype(float)
    return found


def _compute(model: str) -> Callable[[Columns], Computed]:
    """The ten outcomes of both horizons by one multiplication of matrices: (sex, horizon, outcome) by term, times term by person."""
    tables = [TABLES[model, years] for years in HORIZONS]
    names = tuple(dict.fromkeys(name for table in tables for name in table))
    none = (0.0,) * (2 * len(PARTS))
    weights = np.array([[table.get(name, none) for name in names] for table in tables])  # horizon, term, sex and outcome
    weights = weights.reshape(len(HORIZONS), len(names), 2, len(PARTS)).transpose(2, 0, 3, 1).reshape(-1, len(names))
    keys = tuple(f"{part}_{years}yr" for years in HORIZONS for part in PARTS)

    def compute(columns: Columns) -> Computed:
        terms = _terms(columns, names)
        blocks = (terms[:, start : start + _BLOCK] for start in range(0, terms.shape[1], _BLOCK))
        sums = np.concatenate([weights @ block for block in blocks], axis=1)
        predictors = np.where(columns["sex"] == MALE, sums[len(keys) :], sums[: len(keys)])
        return {key: (predictor, value) for key, predictor, value in zip(keys, predictors, logistic(predictors), strict=True)}

    return compute


def _equation(model: str) -> Equation:
    return Equation(
        key=f"prevent_{model}",
        version="2024",
        family="cvd",
        citation="Khan SS et al. Circulation 2024;149:430-449, doi:10.1161/CIRCULATIONAHA.123.067626",
        status="verified",
        inputs=(*_BASE, *_OPTIONAL[model], *_APART),
        outcomes=tuple(Outcome(f"{part}_{years}yr", "fraction", years) for years in HORIZONS for part in PARTS),
        compute=_compute(model),
        rules=RULES,
        thresholds=THRESHOLDS,
        region="us",
        reference=_LOGISTIC_REFERENCE | {one.key: {"hba1c": 5.3, "uacr": 1.0, "sdi_decile": 1.0}[one.key] for one in _OPTIONAL[model]},
        reference_source="where the equation itself is centred (Khan 2024, supplement)",
        notes=("us_address",) if model in ("sdi", "full") else (),
    )


EQUATIONS = tuple(_equation(model) for model in MODELS)

