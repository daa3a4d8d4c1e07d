"""This is the place where the questionnaires about undiagnosed and coming diabetes are: FINDRISC, the ADA risk test, and the Chinese Diabetes Risk Score.

Points are of unrounded values; where a publication prints whole years ("45-54", "over 64"), completed years are meant, so that the next step begins
on a birthday. Body measures are cut exactly as printed: in FINDRISC a BMI of 30.0 still has 1 point, a man's waist of 102 cm still 3. All three are
for people who have not been told that they have diabetes. The Chinese variant of FINDRISC rests on one secondary source and is left out.
"""

from __future__ import annotations

import numpy as np

from core.risk.points import above, choice, no, steps, steps_by_sex, summed, yes
from core.risk.terms import MALE, Band, Equation, Fault, Input, Outcome, Rule, Thresholds, excluded, flag
from core.risk.vocabulary import RELATIVES

_SCORE = Outcome("score", "{score}", decimals=0)
_DIABETES = flag("diabetes", "dm", required=False, also=("known_diabetes",))
_AGE = Input("age", "number", "a", 18, 120)
_SEX = Input("sex", "sex")
_BMI = Input("bmi", "number", "kg/m2", 5, 150, modifiable=True)
_WAIST = Input("waist", "number", "cm", 20, 300, modifiable=True, also=("waist_cm",))
_ACTIVE = ("active", "physical_activity", "physically_active")

FINDRISC = Equation(
    key="findrisc",
    version="2003",
    family="diabetes",
    citation="Lindstrom J, Tuomilehto J. Diabetes Care 2003;26:725-731, doi:10.2337/diacare.26.3.725",
    status="verified",
    inputs=(
        _AGE,
        _SEX,
        _BMI,
        _WAIST,
        flag("physically_active", "physical_activity", modifiable=True, also=_ACTIVE),
        flag("vegetables_daily", "daily_vegetables", modifiable=True),
        flag("bp_treated", "antihypertensive", also=("bp_tx", "treated")),
        flag("high_glucose_ever", "history_high_glucose"),
        Input("family_diabetes", "choice", choices=RELATIVES, column="family", also=("family_history",)),
        _DIABETES,
    ),
    outcomes=(_SCORE,),
    compute=summed(
        "score",
        steps("age", ((45, 2), (55, 3), (65, 4))),
        steps("bmi", ((25, 1), (above(30), 3))),
        steps_by_sex("waist", ((94, 3), (above(102), 4)), ((80, 3), (above(88), 4))),
        no("physically_active", 2),
        no("vegetables_daily", 1),
        yes("bp_treated", 2),
        yes("high_glucose_ever", 5),
        choice("family_diabetes", (0, 3, 5)),
    ),
    rules=(excluded("diabetes"),),
    thresholds=(
        Thresholds(
            "findrisc_2003", "score", "Lindstrom 2003: type 2 diabetes within ten years, about 1, 4, 17, 33 and 50 of 100",
            (Band("low", None, "fine"), Band("slightly_elevated", 7, "watch"), Band("moderate", 12, "watch"),
             Band("high", 15, "soon"), Band("very_high", 21, "soon")),
        ),
    ),
    region="europe",
    reference={"bmi": 22, "waist": 75, "physically_active": 1, "vegetables_daily": 1, "bp_treated": 0, "high_glucose_ever": 0, "family_diabetes": 0},
    reference_source="the answers that have no points (Lindstrom 2003)",
    notes=("not_a_diagnosis",),
)  # fmt: skip

ADA_RISK_TEST = Equation(
    key="ada_risk_test",
    version="2009",
    family="diabetes",
    citation="Bang H et al. Ann Intern Med 2009;151:775-783, doi:10.7326/0003-4819-151-11-200912010-00005; the ADA/CDC form of it",
    status="verified",
    inputs=(
        _AGE,
        _SEX,
        _BMI,
        flag("family_diabetes_first", "family", also=("fh", "family_history")),
        flag("hypertension", "htn"),
        flag("physically_active", "active", modifiable=True, also=_ACTIVE),
        flag("gestational_diabetes", required=False, also=("gdm",)),
        _DIABETES,
    ),
    outcomes=(_SCORE,),
    compute=summed(
        "score",
        steps("age", ((40, 1), (50, 2), (60, 3))),
        steps("bmi", ((25, 1), (30, 2), (40, 3))),
        yes("sex"),
        yes("family_diabetes_first"),
        yes("hypertension"),
        no("physically_active"),
        lambda columns: np.nan_to_num(columns["gestational_diabetes"]),
    ),
    rules=(
        excluded("diabetes"),
        Rule(
            Fault("contradiction", "gestational_diabetes"), ("sex", "gestational_diabetes"),
            lambda columns: (columns["sex"] == MALE) & (columns["gestational_diabetes"] == 1),
        ),
    ),
    thresholds=(Thresholds("ada", "score", "ADA risk test: 5 or more", (Band("below_cut", None, "fine"), Band("screen_positive", 5, "soon"))),),
    region="us",
    reference={"bmi": 22, "family_diabetes_first": 0, "hypertension": 0, "physically_active": 1, "gestational_diabetes": 0},
    reference_source="the answers that have no points (ADA risk test)",
    notes=("not_a_diagnosis", "without_gestational_item"),
)  # fmt: skip
"""The item on diabetes in a pregnancy (1 point, women) is from memory. A file need not have it: the score of a woman of whom it isn't known is the sum of the
other items, as published copies without the item count, and a remark says so beside every result; whoever asks a woman herself asks it too."""

CDRS = Equation(
    key="cdrs",
    version="2013",
    family="diabetes",
    citation="Zhou X et al. Diabetes Care 2013;36:3944-3952, doi:10.2337/dc13-0593",
    status="verified",
    inputs=(
        Input("age", "number", "a", 20, 74, "published"),
        _SEX,
        _BMI,
        _WAIST,
        Input("sbp", "number", "mm[Hg]", 40, 300, modifiable=True),
        flag("family_diabetes_first", "fh", also=("family", "family_history")),
        _DIABETES,
    ),
    outcomes=(_SCORE,),
    compute=summed(
        "score",
        steps("age", ((25, 4), (35, 8), (40, 11), (45, 12), (50, 13), (55, 15), (60, 16), (65, 18))),
        steps("bmi", ((22, 1), (24, 3), (30, 5))),
        steps_by_sex(
            "waist", ((75, 3), (80, 5), (85, 7), (90, 8), (95, 10)), ((70, 3), (75, 5), (80, 7), (85, 8), (90, 10)),
        ),
        steps("sbp", ((110, 1), (120, 3), (130, 6), (140, 7), (150, 8), (160, 10))),
        yes("family_diabetes_first", 6),
        yes("sex", 2),
    ),
    rules=(excluded("diabetes"),),
    thresholds=(Thresholds("cds", "score", "CDS: 25 or more, glucose test", (Band("below_cut", None, "fine"), Band("screen_positive", 25, "soon"))),),
    region="china",
    reference={"bmi": 21, "waist": 65, "sbp": 105, "family_diabetes_first": 0},
    reference_source="the answers that have no points (Zhou 2013)",
    notes=("not_a_diagnosis",),
)  # fmt: skip

EQUATIONS = (FINDRISC, ADA_RISK_TEST, CDRS)
