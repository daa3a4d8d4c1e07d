"""This is the place where the liver's scores are: FIB-4 (scarring) and MELD 3.0 (how urgent a transplant is, for clinicians).

Sterling RK et al., Hepatology 2006;43:1317-1325; cut-offs as AASLD 2023 (read in a digest). Kim WR et al., Gastroenterology 2021;161:1887-1895. The
bounds inside MELD 3.0 (bilirubin, INR and creatinine at least 1, creatinine at most 3, sodium 125 to 137, albumin 1.5 to 3.5) belong to the published
equation itself; they are no clamp of ours.
"""

from __future__ import annotations

import numpy as np

from core.risk.points import above
from core.risk.terms import FEMALE, Band, Columns, Computed, Equation, Input, Outcome, Thresholds, flag

_MELD_LOWEST, _MELD_HIGHEST = 6, 40
_HIGH = above(2.67)


def _fib4(columns: Columns) -> Computed:
    """age * AST / (platelets * sqrt(ALT)); inputs multiply, so the predictor is its logarithm."""
    value = columns["age"] * columns["ast"] / (columns["platelets"] * np.sqrt(columns["alt"]))
    return {"score": (np.log(value), value)}


def _meld3(columns: Columns) -> Computed:
    bilirubin = np.log(np.maximum(columns["bilirubin"], 1.0))
    inr = np.log(np.maximum(columns["inr"], 1.0))
    measured = np.clip(columns["creatinine"], 1.0, 3.0)
    creatinine = np.log(np.where(columns["dialysis"] == 1, 3.0, measured))
    sodium = 137.0 - np.clip(columns["sodium"], 125.0, 137.0)
    albumin = 3.5 - np.clip(columns["albumin"], 1.5, 3.5)
    score = (
        1.33 * (columns["sex"] == FEMALE) + 4.56 * bilirubin + 0.82 * sodium - 0.24 * sodium * bilirubin
        + 9.09 * inr + 11.14 * creatinine + 1.85 * albumin - 1.83 * albumin * creatinine + 6.0
    )  # fmt: skip
    reported = np.clip(np.floor(score + 0.5), _MELD_LOWEST, _MELD_HIGHEST)
    return {"score": (score, score), "reported": (score, reported)}


FIB4 = Equation(
    key="fib4",
    version="2006",
    family="liver",
    citation="Sterling RK et al. Hepatology 2006;43:1317-1325, doi:10.1002/hep.21178",
    status="verified",
    inputs=(
        Input("age", "number", "a", 35, 120, "published"),
        Input("ast", "number", "U/L", 0.5, 40000),
        Input("alt", "number", "U/L", 0.5, 30000),
        Input("platelets", "number", "10*9/L", 0.5, 6000, column="plt"),
    ),
    outcomes=(Outcome("score", "{score}", decimals=2),),
    compute=_fib4,
    thresholds=(
        Thresholds(
            "aasld_2023", "score", "AASLD 2023, under 65 years: 1.3 and 2.67",
            (Band("fibrosis_low", None, "fine"), Band("fibrosis_between", 1.3, "watch"), Band("fibrosis_high", _HIGH, "soon")),
            "unchecked", ages=(35, 65),
        ),
        Thresholds(
            "aasld_2023_from_65", "score", "AASLD 2023, from 65 years on: 2.0 and 2.67",
            (Band("fibrosis_low", None, "fine"), Band("fibrosis_between", 2.0, "watch"), Band("fibrosis_high", _HIGH, "soon")),
            "unchecked", ages=(65, 121),
        ),
    ),
    notes=("not_a_diagnosis",),
)  # fmt: skip

MELD3 = Equation(
    key="meld3",
    version="3.0",
    family="liver",
    citation="Kim WR et al. Gastroenterology 2021;161:1887-1895, doi:10.1053/j.gastro.2021.08.050",
    status="verified",
    inputs=(
        Input("age", "number", "a", 18, 120, required=False),
        Input("sex", "sex", column="female"),
        Input("bilirubin", "number", "mg/dL", 0.01, 90, column="bili"),
        Input("sodium", "number", "mmol/L", 80, 220, column="na"),
        Input("inr", "number", "{INR}", 0.3, 30),
        Input("creatinine", "number", "mg/dL", 0.05, 50, column="cr", also=("scr", "scr_mgdl")),
        Input("albumin", "number", "g/dL", 0.3, 10, column="alb", also=("albumin_gdl",)),
        flag("dialysis", required=False),
    ),
    outcomes=(Outcome("score", "{score}", decimals=1), Outcome("reported", "{score}", decimals=0)),
    compute=_meld3,
    audience="clinician",
    notes=("bounds_of_the_equation",),
)
"""`score` is what the equation gives; `reported` is that rounded to a whole number, 40 at most, as it is used."""

EQUATIONS = (FIB4, MELD3)
