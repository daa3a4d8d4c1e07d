"""This is the place where the Kidney Failure Risk Equation is: dialysis or transplant within two and five years, of four, six or eight variables.

Tangri N et al., JAMA 2016;315:164-174 (10.1001/jama.2015.18202). For adults with an eGFR under 60 who are not on dialysis and have no transplant.
Inputs add up around the means of the cohort; the region decides the baseline (North America, or anywhere else; China is "non_na").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import nextafter

import numpy as np

from core.risk.links import log_hazard, survival
from core.risk.points import above
from core.risk.terms import Band, Columns, Computed, Equation, Input, Outcome, Thresholds, excluded, flag
from core.risk.vocabulary import KFRE_REGIONS

YEARS = (2, 5)
MODELS = ("4var", "6var", "8var")

_CENTERS: Mapping[str, tuple[str, float, float]] = {
    "age": ("age", 10, 7.036), "male": ("sex", 1, 0.5642), "egfr": ("egfr", 5, 7.222), "lnacr": ("uacr", 1, 5.137),
    "dm": ("diabetes", 1, 0.5106), "htn": ("hypertension", 1, 0.8501), "albumin": ("albumin", 1, 3.997),
    "phosphate": ("phosphate", 1, 3.916), "bicarbonate": ("bicarbonate", 1, 25.57), "calcium": ("calcium", 1, 9.355),
}  # fmt: skip
"""Term -> (input, divided by, mean of the cohort). lnacr is the natural logarithm of mg/g; calcium is corrected for albumin."""
_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "4var": {"age": -0.2201, "male": 0.2467, "egfr": -0.5567, "lnacr": 0.451},
    "6var": {"age": -0.2218, "male": 0.2553, "egfr": -0.5541, "lnacr": 0.4562, "dm": -0.1475, "htn": 0.1426},
    "8var": {
        "age": -0.1992, "male": 0.1602, "egfr": -0.4919, "lnacr": 0.3364,
        "albumin": -0.3441, "phosphate": 0.2604, "bicarbonate": -0.07354, "calcium": -0.2228,
    },
}  # fmt: skip
_SURVIVAL: Mapping[str, Mapping[int, tuple[float, float]]] = {
    "4var": {2: (0.975, 0.9832), 5: (0.924, 0.9365)},
    "6var": {2: (0.975, 0.983), 5: (0.924, 0.937)},
    "8var": {2: (0.978, 0.9827), 5: (0.9301, 0.9245)},
}
"""Model -> years -> baseline survival (North America, elsewhere), in the order of `KFRE_REGIONS`."""

_BASE = (
    Input("kfre_region", "choice", choices=KFRE_REGIONS, column="region"),
    Input("age", "number", "a", 18, 120, "published"),
    Input("sex", "sex", column="male"),
    Input("egfr", "number", "mL/min/{1.73_m2}", 0.5, nextafter(60, 0), "published"),
    Input("uacr", "number", "mg/g", 0.01, 50000, column="acr_mg_g", also=("acr",)),
)
_MORE: Mapping[str, tuple[Input, ...]] = {
    "4var": (),
    "6var": (flag("diabetes", "dm"), flag("hypertension", "htn")),
    "8var": (
        Input("albumin", "number", "g/dL", 0.3, 10, column="albumin_gdl"),
        Input("phosphate", "number", "mg/dL", 0.1, 40, column="phosphate_mgdl"),
        Input("bicarbonate", "number", "mmol/L", 1, 90, also=("bicarbonate_mmoll", "hco3")),
        Input("calcium", "number", "mg/dL", 2, 30, column="calcium_mgdl"),
    ),
}
_APART = (flag("dialysis", required=False), flag("kidney_failure", required=False, also=("transplant",)))
THRESHOLDS = (
    Thresholds(
        "kdigo_2024_5yr", "kidney_failure_5yr", "KDIGO 2024: referral from 3 to 5 per cent in five years",
        (Band("below_referral", None, "fine"), Band("at_referral", 0.03, "soon")), "unchecked",
    ),
    Thresholds(
        "kdigo_2024_2yr", "kidney_failure_2yr", "KDIGO 2024: team care above 10, preparation above 40 per cent in two years",
        (Band("below_team_care", None, "fine"), Band("team_care", above(0.10), "soon"), Band("preparation", above(0.40), "now")),
        "unchecked",
    ),
)  # fmt: skip
"""Both were read in a digest only."""


def _compute(model: str) -> Callable[[Columns], Computed]:
    def compute(columns: Columns) -> Computed:
        predictor = np.zeros(len(columns["age"]))
        for term, weight in _WEIGHTS[model].items():
            key, divided, mean = _CENTERS[term]
            column = np.log(columns[key]) if term == "lnacr" else columns[key] / divided
            predictor = predictor + weight * (column - mean)
        elsewhere = columns["kfre_region"] == 1
        made = {}
        for years, (america, other) in _SURVIVAL[model].items():
            hazard = predictor + log_hazard(np.where(elsewhere, other, america))
            made[f"kidney_failure_{years}yr"] = (hazard, survival(hazard))
        return made

    return compute


def _equation(model: str) -> Equation:
    return Equation(
        key=f"kfre_{model}",
        version="2016",
        family="kidney_failure",
        citation="Tangri N et al. JAMA 2016;315:164-174, doi:10.1001/jama.2015.18202",
        status="verified",
        inputs=(*_BASE, *_MORE[model], *_APART),
        outcomes=tuple(Outcome(f"kidney_failure_{years}yr", "fraction", years) for years in YEARS),
        compute=_compute(model),
        rules=(excluded("dialysis"), excluded("kidney_failure")),
        thresholds=THRESHOLDS,
        notes=("corrected_calcium",) if model == "8var" else (),
    )


EQUATIONS = tuple(_equation(model) for model in MODELS)
