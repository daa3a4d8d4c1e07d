"""This is the place where China-PAR is: the chance of a heart attack or stroke over ten years for people in China, as an approximation.

Yang X et al., Circulation 2016;134:1430-1440 (10.1161/CIRCULATIONAHA.116.022367), supplementary table 1. The coefficients are printed with two decimals, and
the women's baseline survival as 0.99, which gives a third too little. The constants here were worked out of the paper's own worked example
(women 0.9851) and differ from the official site by 0.14 points on average in men and 0.26 in women of 35 to 74, by 1.4 at most. So whole per cent
are shown and no more. The lifetime equation was never published, so there is none. Outside 35 to 74, the ages it was made from, nothing is said.
"""

from __future__ import annotations

import numpy as np

from core.risk.links import log_hazard, survival
from core.risk.terms import MALE, Band, Columns, Computed, Equation, Fault, Input, Outcome, Rule, Thresholds, excluded, flag

_TABLE = {
    "ln_age": (24.87, 31.966044384151253),
    "ln_sbp_treated": (20.71, 27.39),
    "ln_sbp_untreated": (19.98, 26.148762026345203),
    "ln_tc": (0.06, 0.6208964343671103),
    "ln_hdl": (-0.22, -0.6937281906692089),
    "ln_waist": (1.48, -0.7119993236262464),
    "smoker": (0.49, 3.96),
    "diabetes": (0.57, 0.36),
    "north": (0.54, 0.48),
    "urban": (0.0, -0.16),
    "family_history": (0.0, 6.22),
    "ln_age_x_ln_sbp_treated": (-4.53, -6.02),
    "ln_age_x_ln_sbp_untreated": (-4.36, -5.730740054475007),
    "ln_age_x_smoker": (0.0, -0.94),
    "ln_age_x_family_history": (0.0, -1.53),
}
"""(women, men). Logarithms are natural; age in years, pressure in mmHg, cholesterol in mg/dL, waist in cm. North: of the Yangtze."""
_WEIGHTS = {name: np.array(pair) for name, pair in _TABLE.items()}
_MEAN = np.array([117.26, 140.68])
_BASELINE = np.array([0.9851, 0.9707])
_FROM_MMOL = (("mmol/L", 1 / 0.0259, 0.0),)
"""As the paper converts cholesterol."""

INPUTS = (
    Input("sex", "sex"),
    Input("age", "number", "a", 35, 74, "derivation"),
    flag("north"),
    flag("urban", required=False),
    Input("waist", "number", "cm", 40, 200, modifiable=True),
    Input("tc", "number", "mg/dL", 50, 600, modifiable=True, also=("total_c",), conversions=_FROM_MMOL),
    Input("hdl", "number", "mg/dL", 5, 150, also=("hdl_c",), conversions=_FROM_MMOL),
    Input("sbp", "number", "mm[Hg]", 60, 280, modifiable=True),
    flag("bp_treated", "treated", also=("bp_tx",)),
    flag("diabetes", also=("dm",)),
    flag("smoker", modifiable=True, also=("smoking",)),
    flag("family_cvd", "family_history", required=False),
    flag("cvd_known", required=False),
    flag("pregnant", required=False),
)


def _needed_of_men(key: str) -> Rule:
    """The men's equation has a term for it, the women's has not."""
    return Rule(Fault("missing", key), ("sex", key), lambda columns: (columns["sex"] == MALE) & np.isnan(columns[key]))


def _compute(columns: Columns) -> Computed:
    sex = columns["sex"].astype(int)
    age, sbp = np.log(columns["age"]), np.log(columns["sbp"])
    treated, smoker = columns["bp_treated"], columns["smoker"]
    urban, family = (np.where(sex == MALE, columns[key], 0.0) for key in ("urban", "family_cvd"))
    on, off = treated * sbp, (1.0 - treated) * sbp
    terms = {
        "ln_age": age, "ln_sbp_treated": on, "ln_sbp_untreated": off, "ln_tc": np.log(columns["tc"]), "ln_hdl": np.log(columns["hdl"]),
        "ln_waist": np.log(columns["waist"]), "smoker": smoker, "diabetes": columns["diabetes"], "north": columns["north"], "urban": urban,
        "family_history": family, "ln_age_x_ln_sbp_treated": age * on, "ln_age_x_ln_sbp_untreated": age * off,
        "ln_age_x_smoker": age * smoker, "ln_age_x_family_history": age * family,
    }  # fmt: skip
    total = np.sum([_WEIGHTS[name][sex] * term for name, term in terms.items()], axis=0)
    predictor = total - _MEAN[sex] + log_hazard(_BASELINE[sex])
    return {"ascvd_10yr": (predictor, survival(predictor))}


CHINA_PAR = Equation(
    key="china_par",
    version="2016",
    family="cvd",
    citation="Yang X et al. Circulation 2016;134:1430-1440, doi:10.1161/CIRCULATIONAHA.116.022367",
    status="approximation",
    inputs=INPUTS,
    outcomes=(Outcome("ascvd_10yr", "fraction", 10, 0),),
    compute=_compute,
    rules=(
        _needed_of_men("urban"),
        _needed_of_men("family_cvd"),
        excluded("cvd_known"),
        excluded("pregnant"),
    ),
    thresholds=(
        Thresholds(
            "china_2019_prevention", "ascvd_10yr", "Chinese guideline on the primary prevention of cardiovascular diseases 2019",
            (Band("low", None, "fine"), Band("intermediate", 0.05, "watch"), Band("high", 0.10, "soon")),
        ),
    ),
    region="china",
    reference={
        "sbp": 120.0, "bp_treated": 0.0, "tc": 200.0, "hdl": 50.0, "waist": 80.0, "diabetes": 0.0, "smoker": 0.0, "family_cvd": 0.0,
    },
    reference_source="close to the ideal person of the official site: 120 mmHg untreated, no smoking, no diabetes, nobody in the family; same place of living",
    levers_not=(("waist", MALE),),
    notes=("approximation", "no_lifetime_risk"),
)  # fmt: skip
"""The men's coefficient of waist is negative: a wider waist lowers the number. It must not be offered as something to change.

The official site, whose answers are what this is measured by, also answers for an HDL above the total, so the equation does; that such a pair
contradicts itself is found where the record is read."""

EQUATIONS = (CHINA_PAR,)
