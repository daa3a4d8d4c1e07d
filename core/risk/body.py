"""This is the place where the body mass index is worked out, and read by three sets of cut-offs: WHO, WHO for Asia, and China.

Weight in kg by the square of height in m. For adults who are not pregnant. China: WS/T 428 as in the 2019 cardiovascular guideline (read in full); both WHO
sets are from memory (status unchecked).
"""

from __future__ import annotations

import numpy as np

from core.risk.terms import Band, Columns, Computed, Equation, Input, Outcome, Thresholds, excluded, flag


def _bmi(columns: Columns) -> Computed:
    """Weight and height multiply, so the predictor is the logarithm."""
    value = columns["weight"] / (columns["height"] / 100.0) ** 2
    return {"bmi": (np.log(value), value)}


def _cuts(over: float, obese: float) -> tuple[Band, ...]:
    return (Band("underweight", None, "watch"), Band("usual_weight", 18.5, "fine"), Band("overweight", over, "watch"), Band("obesity", obese, "soon"))


BMI = Equation(
    key="bmi",
    version="WHO TRS 894",
    family="body",
    citation="WHO Technical Report Series 894 (2000); WHO Expert Consultation, Lancet 2004;363:157-163; WS/T 428-2013",
    status="verified",
    inputs=(
        Input("weight", "number", "kg", 0.2, 650, modifiable=True, also=("weight_kg",)),
        Input("height", "number", "cm", 20, 275, also=("height_cm",)),
        Input("age", "number", "a", 18, 120, "published", required=False),
        flag("pregnant", required=False),
    ),
    outcomes=(Outcome("bmi", "kg/m2", decimals=1),),
    compute=_bmi,
    rules=(excluded("pregnant"),),
    thresholds=(
        Thresholds("who_bmi", "bmi", "WHO: 18.5, 25, 30", _cuts(25, 30), "unchecked"),
        Thresholds("who_bmi_asia", "bmi", "WHO for Asia: 18.5, 23, 27.5", _cuts(23, 27.5), "unchecked"),
        Thresholds("china_bmi", "bmi", "China (WS/T 428): 18.5, 24, 28", _cuts(24, 28)),
    ),
)

EQUATIONS = (BMI,)
