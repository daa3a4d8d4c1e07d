"""This is the place where the scores for people with atrial fibrillation are: stroke (CHA2DS2-VASc, CHA2DS2-VA) and bleeding (HAS-BLED).

Lip GYH et al., Chest 2010;137:263-272; ESC 2024 for the form without sex; Pisters R et al., Chest 2010;138:1093-1100. Only for people with atrial
fibrillation: a person of whom it is known that they have none gets no score. HAS-BLED points at what can be changed; it is no reason to withhold a
medicine.
"""

from __future__ import annotations

import numpy as np

from core.risk.points import Steps, steps, summed, yes
from core.risk.terms import FEMALE, Band, Equation, Fault, Input, Outcome, Rule, Thresholds, flag

_SCORE = Outcome("score", "{score}", decimals=0)
_AGES: Steps = ((65, 1), (75, 2))
_AF = flag("atrial_fibrillation", "af", required=False, also=("afib",))
_ONLY = Rule(Fault("only_for", "atrial_fibrillation"), ("atrial_fibrillation",), lambda columns: columns["atrial_fibrillation"] == 0)
_SHARED = (
    flag("heart_failure", "chf", also=("hf",)),
    flag("hypertension", "htn"),
    flag("diabetes", "dm"),
    flag("stroke", also=("stroke_tia_te",)),
    flag("vascular", also=("vascular_disease",)),
)
_PARTS = (
    steps("age", _AGES), yes("heart_failure"), yes("hypertension"), yes("diabetes"), yes("stroke", 2), yes("vascular"),
)  # fmt: skip
_NO_RISK = {"heart_failure": 0, "hypertension": 0, "diabetes": 0, "stroke": 0, "vascular": 0}

CHA2DS2_VASC = Equation(
    key="cha2ds2_vasc",
    version="2010",
    family="rhythm",
    citation="Lip GYH et al. Chest 2010;137:263-272, doi:10.1378/chest.09-1584",
    status="verified",
    inputs=(Input("age", "number", "a", 18, 120), Input("sex", "sex"), *_SHARED, _AF),
    outcomes=(_SCORE,),
    compute=summed("score", *_PARTS, lambda columns: (columns["sex"] == FEMALE).astype(float)),
    rules=(_ONLY,),
    thresholds=(
        Thresholds("acc_aha_2023_men", "score", "ACC/AHA 2023, men: 2 or more", (Band("below_blood_thinner", None, "fine"), Band("treat", 2, "soon")), "unchecked", sex=1.0),
        Thresholds("acc_aha_2023_women", "score", "ACC/AHA 2023, women: 3 or more", (Band("below_blood_thinner", None, "fine"), Band("treat", 3, "soon")), "unchecked", sex=0.0),
    ),
    reference=_NO_RISK,
    reference_source="somebody of the same age and sex with none of these conditions",
    notes=("only_with_atrial_fibrillation",),
)

CHA2DS2_VA = Equation(
    key="cha2ds2_va",
    version="2024",
    family="rhythm",
    citation="Van Gelder IC et al. 2024 ESC Guidelines, Eur Heart J 2024;45:3314-3414, doi:10.1093/eurheartj/ehae176",
    status="verified",
    inputs=(Input("age", "number", "a", 18, 120), *_SHARED, _AF),
    outcomes=(_SCORE,),
    compute=summed("score", *_PARTS),
    rules=(_ONLY,),
    thresholds=(
        Thresholds("esc_2024", "score", "ESC 2024", (Band("no_treatment", None, "fine"), Band("consider_treatment", 1, "watch"), Band("treat", 2, "soon"))),
    ),
    reference=_NO_RISK,
    reference_source="somebody of the same age with none of these conditions",
    notes=("only_with_atrial_fibrillation",),
)


def _elderly(columns: dict[str, np.ndarray]) -> np.ndarray:
    """1 where age is over 65 (completed years, so from the 66th birthday on), by the age or by the flag."""
    return np.where(np.isnan(columns["elderly"]), columns["age"] >= 66, columns["elderly"])


HAS_BLED = Equation(
    key="has_bled",
    version="2010",
    family="bleeding",
    citation="Pisters R et al. Chest 2010;138:1093-1100, doi:10.1378/chest.10-0134",
    status="verified",
    inputs=(
        flag("bp_uncontrolled", "hypertension"),
        flag("renal_abnormal", "renal"),
        flag("liver_abnormal", "liver"),
        flag("stroke"),
        flag("bleeding"),
        flag("labile_inr", modifiable=False),
        Input("age", "number", "a", 18, 120, required=False),
        flag("elderly", required=False),
        flag("bleeding_drugs", "drugs"),
        flag("alcohol_high", "alcohol"),
        _AF,
    ),
    outcomes=(_SCORE,),
    compute=summed(
        "score",
        *(yes(key) for key in ("bp_uncontrolled", "renal_abnormal", "liver_abnormal", "stroke", "bleeding", "labile_inr", "bleeding_drugs", "alcohol_high")),
        _elderly,  # type: ignore[arg-type]
    ),
    rules=(
        _ONLY,
        Rule(Fault("missing", "age"), ("age", "elderly"), lambda columns: np.isnan(columns["age"]) & np.isnan(columns["elderly"])),
        Rule(
            Fault("contradiction", "elderly"), ("age", "elderly"),
            lambda columns: ((columns["age"] >= 66) & (columns["elderly"] == 0)) | ((columns["age"] <= 65) & (columns["elderly"] == 1)),
        ),
    ),
    thresholds=(Thresholds("pisters_2010", "score", "Pisters 2010: 3 or more", (Band("bleeding_low", None, "fine"), Band("bleeding_high", 3, "soon"))),),
    notes=("only_with_atrial_fibrillation", "change_what_can_be_changed"),
)  # fmt: skip
"""Whether somebody is elderly is told by the age, or by a flag (as the published vectors have it); one of both is needed, and they must not contradict."""

EQUATIONS = (CHA2DS2_VASC, CHA2DS2_VA, HAS_BLED)
