"""This is the place where the KDIGO heat map is: eGFR and albumin in urine together give a category, and how often a year to look again.

KDIGO 2024 (10.1016/j.kint.2023.10.018), Tables 2 and 3, Figure 13. A category is kidney disease only when it has lasted for more than three months
(and G1 or G2 with A1 only with another sign of it): a remark says so beside every result.
"""

from __future__ import annotations

import numpy as np

from core.risk.points import above, points
from core.risk.terms import Band, Columns, Computed, Equation, Input, Outcome, Thresholds, excluded, flag

G = ("G1", "G2", "G3a", "G3b", "G4", "G5")
A = ("A1", "A2", "A3")
RISKS = ("low", "moderate", "high", "very_high")
_G_STEPS = ((15.0, -1.0), (30.0, -2.0), (45.0, -3.0), (60.0, -4.0), (90.0, -5.0))
"""How many categories better than G5: from below 15 on."""
_A_STEPS = ((30.0, 1.0), (above(300.0), 2.0))
"""A2 is 30 to 300 mg/g, both included."""
_HEAT = np.array([[0, 1, 2], [0, 1, 2], [1, 2, 3], [2, 3, 3], [3, 3, 3], [3, 3, 3]], dtype=float)
_MONITORING = np.array([[1, 1, 3], [1, 1, 3], [1, 2, 3], [2, 3, 3], [3, 3, 4], [4, 4, 4]], dtype=float)
"""Times a year; 4 is "4 or more"."""


def _compute(columns: Columns) -> Computed:
    g = 5.0 + points(columns["egfr"], _G_STEPS)
    a = points(columns["uacr"], _A_STEPS)
    at = g.astype(int), a.astype(int)
    made = {"g": g, "a": a, "risk": _HEAT[at], "monitoring_per_year": _MONITORING[at]}
    return {key: (column, column) for key, column in made.items()}


KDIGO = Equation(
    key="kdigo",
    version="2024",
    family="kidney",
    citation="KDIGO 2024 Clinical Practice Guideline. Kidney Int 2024;105(4S):S117-S314, doi:10.1016/j.kint.2023.10.018",
    status="verified",
    inputs=(
        Input("egfr", "number", "mL/min/{1.73_m2}", 0.5, 300),
        Input("uacr", "number", "mg/g", 0.01, 50000, column="acr_mg_g", also=("acr",)),
        Input("age", "number", "a", 18, 120, required=False),
        flag("pregnant", required=False),
        flag("dialysis", required=False),
    ),
    outcomes=(
        Outcome("risk", "category", categories=RISKS),
        Outcome("g", "category", categories=G),
        Outcome("a", "category", categories=A),
        Outcome("monitoring_per_year", "/a", decimals=0),
    ),
    compute=_compute,
    rules=(excluded("pregnant"), excluded("dialysis")),
    thresholds=(
        Thresholds(
            "kdigo_2024_heat_map", "risk", "KDIGO 2024 heat map",
            (Band("kdigo_low", None, "fine"), Band("kdigo_moderate", 1, "watch"), Band("kdigo_high", 2, "soon"), Band("kdigo_very_high", 3, "soon")),
        ),
    ),
    notes=("three_months",),
)  # fmt: skip

EQUATIONS = (KDIGO,)
