"""This is the place where it stands which facts rules may ask for, and how each is got where it isn't there."""

from __future__ import annotations

from collections.abc import Mapping

_HOW: Mapping[str, tuple[str, ...]] = {
    "add_birth_date": ("age",),
    "add_sex": ("sex",),
    "set_region": ("region_china",),
    "measure_bp": ("sbp_now", "dbp_now", "sbp_home", "dbp_home", "bp_measured"),
    "blood_test": ("hba1c", "glucose_fasting", "potassium", "ldl", "egfr"),
    "measure_now": ("glucose_now", "tir", "tbr70", "tbr54"),
    "weigh": ("bmi",),
    "tell_smoking": ("smoker", "smoked_100"),
    "tell_habits": ("physically_active",),
    "tell_diagnosis": ("diabetes", "hypertension", "atrial_fibrillation", "cvd_known", "kidney_failure", "liver_abnormal"),
    "tell_pregnancy": ("pregnant",),
    "tell_medicines": ("statin",),
    "answer_questionnaire": ("unsteady", "fallen", "worried_falling", "self_harm", "done_phq", "done_gad", "done_audit"),
    "ask_clinician": (
        "prediabetes", "colorectal_cancer", "ibd", "breast_cancer", "cervical_cancer", "no_cervix", "pack_years", "quit_years", "postmenopausal",
        "family_cancer", "born_hbv_region", "born_tb_region", "planning_pregnancy", "sexual_risk", "fracture_risk", "risk_prevent_ascvd", "risk_china_par",
        "risk_pce", "sti_risk", "hiv_risk", "hiv_known", "fair_skin", "breast_risk_high", "dyslipidaemia", "done_tetanus", "done_hepatitis_b_vaccine",
        "medicine_serious", "done_mammogram", "done_cervical", "done_colonoscopy", "done_fit", "done_lung_ct", "done_aaa", "done_dxa", "done_hcv",
        "done_hbv", "done_hiv", "done_flu", "done_zoster", "done_pneumo", "done_rsv", "done_hpv",
    ),
}  # fmt: skip
HOW: Mapping[str, str] = {key: how for how, keys in _HOW.items() for key in keys}
"""By fact; every fact that a rule may ask for is in it."""
YES_NO = frozenset(
    {
        "region_china", "smoker", "smoked_100", "physically_active", "diabetes", "hypertension", "atrial_fibrillation", "cvd_known", "kidney_failure",
        "liver_abnormal", "pregnant", "statin", "unsteady", "fallen", "worried_falling", "prediabetes", "colorectal_cancer", "ibd", "breast_cancer",
        "cervical_cancer", "no_cervix", "postmenopausal", "family_cancer", "born_hbv_region", "born_tb_region", "planning_pregnancy", "sexual_risk",
        "fracture_risk", "sti_risk", "hiv_risk", "hiv_known", "fair_skin", "breast_risk_high", "dyslipidaemia", *(key for key in HOW if key.startswith("done_")),
    }
)  # fmt: skip
"""Those that are a yes (1) or a no (0)."""
