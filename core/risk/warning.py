"""This is the place where early warning is scored, for a clinician's worklist and not for patients: NEWS2 and qSOFA.

NEWS2: Royal College of Physicians 2017, (c) RCP; the numbers are facts. The chart prints whole numbers (temperature: tenths) with inclusive bounds; a
finer value is read as the chart's reader would round it, half up, so that the bands touch at 8.5 or 38.05. SpO2 scale 2 is used only where somebody set
it; on it, 93 or more on air is 0. qSOFA: Singer M et al., JAMA 2016;315:801-810; SSC 2021 advises against it as the only screen.
"""

from __future__ import annotations

from math import inf

import numpy as np

from core.risk.points import Steps, points, yes
from core.risk.terms import Band, Columns, Computed, Equation, Input, Outcome, Thresholds, excluded, flag
from core.risk.vocabulary import ACVPU

_RR: Steps = ((-inf, 3), (8.5, 1), (11.5, 0), (20.5, 2), (24.5, 3))
_SPO2: Steps = ((-inf, 3), (91.5, 2), (93.5, 1), (95.5, 0))
_SPO2_2_AIR: Steps = ((-inf, 3), (83.5, 2), (85.5, 1), (87.5, 0))
_SPO2_2_OXYGEN: Steps = (*_SPO2_2_AIR, (92.5, 1), (94.5, 2), (96.5, 3))
_SBP: Steps = ((-inf, 3), (90.5, 2), (100.5, 1), (110.5, 0), (219.5, 3))
_PULSE: Steps = ((-inf, 3), (40.5, 1), (50.5, 0), (90.5, 1), (110.5, 2), (130.5, 3))
_TEMP: Steps = ((-inf, 3), (35.05, 1), (36.05, 0), (38.05, 1), (39.05, 2))
RESPONSES = ("low", "low_medium", "medium", "high")


def _spo2(columns: Columns) -> np.ndarray:
    scale2 = np.where(columns["on_oxygen"] == 1, points(columns["spo2"], _SPO2_2_OXYGEN), points(columns["spo2"], _SPO2_2_AIR))
    return np.where(columns["spo2_scale2"] == 1, scale2, points(columns["spo2"], _SPO2))


def _news2(columns: Columns) -> Computed:
    parts = np.array([
        points(columns["rr"], _RR), _spo2(columns), yes("on_oxygen", 2)(columns), points(columns["sbp"], _SBP), points(columns["pulse"], _PULSE),
        3.0 * (columns["acvpu"] > 0), points(columns["temp"], _TEMP),
    ])  # fmt: skip
    score = parts.sum(axis=0)
    three = (parts == 3).any(axis=0).astype(float)
    response = np.select([score >= 7, score >= 5, three == 1], [3.0, 2.0, 1.0], 0.0)
    return {"score": (score, score), "single_three": (three, three), "response": (response, response)}


NEWS2 = Equation(
    key="news2",
    version="2017",
    family="early_warning",
    citation="Royal College of Physicians. National Early Warning Score (NEWS) 2. London: RCP, 2017",
    status="verified",
    inputs=(
        Input("rr", "number", "/min", 3, 120),
        Input("spo2", "number", "%", 40, 100),
        flag("on_oxygen", also=("oxygen",)),
        Input("temp", "number", "Cel", 25, 45, column="temp_c", also=("temperature",)),
        Input("sbp", "number", "mm[Hg]", 40, 300),
        Input("pulse", "number", "/min", 20, 300, also=("hr", "heart_rate")),
        Input("acvpu", "choice", choices=ACVPU, also=("consciousness",)),
        flag("spo2_scale2", "scale2", required=False),
        Input("age", "number", "a", 16, 120, "published", required=False),
        flag("pregnant", required=False),
    ),
    outcomes=(
        Outcome("score", "{score}", decimals=0),
        Outcome("single_three", "category", categories=("no", "yes")),
        Outcome("response", "category", categories=RESPONSES),
    ),
    compute=_news2,
    rules=(excluded("pregnant"),),
    thresholds=(
        Thresholds(
            "rcp_2017", "response", "RCP 2017: 5 and 7, or 3 in one parameter",
            (Band("news_low", None, "fine"), Band("news_low_medium", 1, "watch"), Band("news_medium", 2, "soon"), Band("news_high", 3, "now")),
        ),
    ),
    audience="worklist",
    notes=("spo2_scale2_only_if_set",),
)  # fmt: skip


def _qsofa(columns: Columns) -> Computed:
    score = (columns["rr"] >= 22).astype(float) + (columns["sbp"] <= 100) + columns["altered_mentation"]
    return {"score": (score, score)}


QSOFA = Equation(
    key="qsofa",
    version="2016",
    family="early_warning",
    citation="Singer M et al. JAMA 2016;315:801-810, doi:10.1001/jama.2016.0287",
    status="verified",
    inputs=(
        Input("rr", "number", "/min", 3, 120),
        Input("sbp", "number", "mm[Hg]", 40, 300),
        flag("altered_mentation", "altered"),
        Input("age", "number", "a", 18, 120, required=False),
    ),
    outcomes=(Outcome("score", "{score}", decimals=0),),
    compute=_qsofa,
    thresholds=(Thresholds("sepsis_3", "score", "Sepsis-3: 2 or more", (Band("qsofa_negative", None, "fine"), Band("qsofa_positive", 2, "now"))),),
    audience="worklist",
    notes=("not_as_only_screen",),
)

EQUATIONS = (NEWS2, QSOFA)
