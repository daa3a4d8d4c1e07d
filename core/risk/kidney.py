"""This is the place where kidney function is estimated: CKD-EPI 2021, of creatinine alone and of creatinine with cystatin C.

Inker LA et al., N Engl J Med 2021;385:1737-1749 (10.1056/NEJMoa2102953). For adults; without race. Creatinine in mg/dL by an assay traceable to IDMS.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from core.risk.terms import MALE, Band, Columns, Computed, Equation, Input, Outcome, Thresholds, excluded, flag

CITATION = "Inker LA et al. N Engl J Med 2021;385:1737-1749, doi:10.1056/NEJMoa2102953"
G_BANDS = (
    Band("g5", None, "now"), Band("g4", 15, "soon"), Band("g3b", 30, "soon"), Band("g3a", 45, "watch"), Band("g2", 60, "fine"), Band("g1", 90, "fine"),
)  # fmt: skip
_KAPPA = {"female": 0.7, "male": 0.9}
_CYSTATIN_KNOT = 0.8

_AGE = Input("age", "number", "a", 18, 120, "published")
_SEX = Input("sex", "sex")
_CREATININE = Input("creatinine", "number", "mg/dL", 0.05, 50, column="scr_mgdl", also=("scr", "cr"))
_CYSTATIN = Input("cystatin_c", "number", "mg/L", 0.1, 20, column="cys_mgl", also=("cys", "scys"))
_PREGNANT = flag("pregnant", required=False)
_DIALYSIS = flag("dialysis", required=False)


def _split(column: np.ndarray, knot: np.ndarray | float, below: np.ndarray | float, beyond: float) -> np.ndarray:
    """A power on each side of a knot."""
    ratio = column / knot
    return np.minimum(ratio, 1.0) ** below * np.maximum(ratio, 1.0) ** beyond


def _as_computed(log_free: np.ndarray) -> Computed:
    return {"egfr": (np.log(log_free), log_free)}


def _creatinine(columns: Columns) -> Computed:
    """142 * min(Scr/k, 1)^a * max(Scr/k, 1)^-1.200 * 0.9938^age * 1.012 [woman]."""
    male = columns["sex"] == MALE
    kappa = np.where(male, _KAPPA["male"], _KAPPA["female"])
    part = _split(columns["creatinine"], kappa, np.where(male, -0.302, -0.241), -1.200)
    return _as_computed(142.0 * part * 0.9938 ** columns["age"] * np.where(male, 1.0, 1.012))


def _both(columns: Columns) -> Computed:
    """135 * min(Scr/k, 1)^a * max(Scr/k, 1)^-0.544 * min(Scys/0.8, 1)^-0.323 * max(Scys/0.8, 1)^-0.778 * 0.9961^age * 0.963 [woman]."""
    male = columns["sex"] == MALE
    kappa = np.where(male, _KAPPA["male"], _KAPPA["female"])
    part = _split(columns["creatinine"], kappa, np.where(male, -0.144, -0.219), -0.544)
    part = part * _split(columns["cystatin_c"], _CYSTATIN_KNOT, -0.323, -0.778)
    return _as_computed(135.0 * part * 0.9961 ** columns["age"] * np.where(male, 1.0, 0.963))


def _equation(key: str, inputs: tuple[Input, ...], compute: Callable[[Columns], Computed]) -> Equation:
    return Equation(
        key=key,
        version="2021",
        family="kidney",
        citation=CITATION,
        status="verified",
        inputs=(*inputs, _PREGNANT, _DIALYSIS),
        outcomes=(Outcome("egfr", "mL/min/{1.73_m2}", decimals=0),),
        compute=compute,
        rules=(excluded("pregnant"), excluded("dialysis")),
        thresholds=(Thresholds("kdigo_2024_g", "egfr", "KDIGO 2024, Table 2", G_BANDS),),
        notes=("three_months",),
    )


EQUATIONS = (
    _equation("ckdepi_2021_cr", (_AGE, _SEX, _CREATININE), _creatinine),
    _equation("ckdepi_2021_cr_cys", (_AGE, _SEX, _CREATININE, _CYSTATIN), _both),
)
