"""This is the place where the Pooled Cohort Equations of 2013 are: they stand here for comparison with older results only.

Goff DC et al., Circulation 2014;129:S49-S73 (10.1161/01.cir.0000437741.48606.98), table A. People of 40 to 79 years without known cardiovascular disease.
They split people into Black and white, which says little about a body and leaves out everybody else; PREVENT has taken their place. The means are
those printed; unrounded ones that one program uses move the result by 0.02 points at most. The limits of the measurements are from memory, those of the form
that ACC and AHA put these equations into.
"""

from __future__ import annotations

import numpy as np

from core.risk.links import log_hazard, survival
from core.risk.terms import FEMALE, MALE, Band, Columns, Computed, Equation, Fault, Input, Outcome, Rule, Thresholds, excluded, flag
from core.risk.vocabulary import PCE_GROUPS

_SEX_OF_GROUP = np.array([FEMALE, FEMALE, MALE, MALE])
_TABLE = {
    "ln_age": (-29.799, 17.114, 12.344, 2.469),
    "ln_age_sq": (4.884, 0.0, 0.0, 0.0),
    "ln_tc": (13.54, 0.94, 11.853, 0.302),
    "ln_age_ln_tc": (-3.114, 0.0, -2.664, 0.0),
    "ln_hdl": (-13.578, -18.92, -7.99, -0.307),
    "ln_age_ln_hdl": (3.149, 4.475, 1.769, 0.0),
    "ln_sbp_treated": (2.019, 29.291, 1.797, 1.916),
    "ln_age_ln_sbp_treated": (0.0, -6.432, 0.0, 0.0),
    "ln_sbp_untreated": (1.957, 27.82, 1.764, 1.809),
    "ln_age_ln_sbp_untreated": (0.0, -6.087, 0.0, 0.0),
    "smoker": (7.574, 0.691, 7.837, 0.549),
    "ln_age_smoker": (-1.665, 0.0, -1.795, 0.0),
    "diabetes": (0.661, 0.874, 0.658, 0.645),
    "mean": (-29.18, 86.61, 61.18, 19.54),
    "s10": (0.9665, 0.9533, 0.9144, 0.8954),
}
"""Coefficients by term; columns as the groups of the vocabulary. Logarithms are natural; age in years, cholesterol in mg/dL, pressure in mmHg."""
_WEIGHTS = {name: np.array(row) for name, row in _TABLE.items()}

INPUTS = (
    Input("age", "number", "a", 40, 79, "published"),
    Input("pce_group", "choice", choices=PCE_GROUPS, column="group"),
    Input("sex", "sex", required=False),
    Input("tc", "number", "mg/dL", 130, 320, "unchecked", modifiable=True, also=("total_c",)),
    Input("hdl", "number", "mg/dL", 20, 100, "unchecked", also=("hdl_c",)),
    Input("sbp", "number", "mm[Hg]", 90, 200, "unchecked", modifiable=True),
    flag("bp_treated", "bp_tx"),
    flag("smoker", modifiable=True, also=("smoking",)),
    flag("diabetes", also=("dm",)),
    flag("cvd_known", required=False),
    flag("pregnant", required=False),
)


def _other_sex(columns: Columns) -> np.ndarray:
    """Rows whose sex is known and isn't that of their group."""
    both = np.isfinite(columns["pce_group"]) & np.isin(columns["pce_group"], np.arange(len(PCE_GROUPS))) & np.isfinite(columns["sex"])
    group = np.where(both, columns["pce_group"], 0).astype(int)
    return both & (_SEX_OF_GROUP[group] != columns["sex"])


def _compute(columns: Columns) -> Computed:
    group = columns["pce_group"].astype(int)
    weight = {name: row[group] for name, row in _WEIGHTS.items()}
    age, tc, hdl, sbp = (np.log(columns[key]) for key in ("age", "tc", "hdl", "sbp"))
    treated, smoker = columns["bp_treated"], columns["smoker"]
    on = treated * sbp
    off = (1.0 - treated) * sbp
    terms = {
        "ln_age": age, "ln_age_sq": age * age, "ln_tc": tc, "ln_age_ln_tc": age * tc, "ln_hdl": hdl, "ln_age_ln_hdl": age * hdl,
        "ln_sbp_treated": on, "ln_age_ln_sbp_treated": age * on, "ln_sbp_untreated": off, "ln_age_ln_sbp_untreated": age * off,
        "smoker": smoker, "ln_age_smoker": age * smoker, "diabetes": columns["diabetes"],
    }  # fmt: skip
    total = np.sum([weight[name] * term for name, term in terms.items()], axis=0)
    predictor = total - weight["mean"] + log_hazard(weight["s10"])
    return {"ascvd_10yr": (predictor, survival(predictor))}


PCE = Equation(
    key="pce",
    version="2013",
    family="cvd",
    citation="Goff DC et al. Circulation 2014;129(suppl 2):S49-S73, doi:10.1161/01.cir.0000437741.48606.98",
    status="verified",
    inputs=INPUTS,
    outcomes=(Outcome("ascvd_10yr", "fraction", 10),),
    compute=_compute,
    rules=(
        excluded("cvd_known"),
        excluded("pregnant"),
        Rule(Fault("contradiction", "pce_group"), ("pce_group", "sex"), _other_sex),
        Rule(Fault("hdl_above_total", "hdl"), ("tc", "hdl"), lambda columns: columns["hdl"] >= columns["tc"]),
    ),
    thresholds=(
        Thresholds(
            "acc_aha_2019_prevention", "ascvd_10yr", "ACC/AHA 2019 primary prevention (10.1161/CIR.0000000000000678)",
            (Band("low", None, "fine"), Band("borderline", 0.05, "watch"), Band("intermediate", 0.075, "watch"), Band("high", 0.20, "soon")),
            "unchecked",
        ),
    ),
    audience="clinician",
    region="us",
    reference={"tc": 170.0, "hdl": 50.0, "sbp": 110.0, "bp_treated": 0.0, "smoker": 0.0, "diabetes": 0.0},
    reference_source="the optimal risk factors of the publication's own comparison (Goff 2013)",
    notes=("comparison_only", "asks_for_race"),
)  # fmt: skip

EQUATIONS = (PCE,)
