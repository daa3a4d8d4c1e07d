"""This is the place where a rule of advice is said: whom it is for, when it speaks, and what its source is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.advice.known import YES_NO
from core.advice.table import Cond, Row
from core.advice.terms import Fact
from core.ui import risk_words
from core.ui.words import Words

SOURCES: Mapping[str, str] = {
    "ACC/AHA dyslipidaemia guideline (digest)": "acc_aha_lipids",
    "ADA Standards of Care in Diabetes (goals for many adults)": "ada_goals",
    "ADA Standards of Care in Diabetes (level 2 low)": "ada_low",
    "ADA Standards of Care in Diabetes (two abnormal results are needed)": "ada_two",
    "AHA/ACC high blood pressure guideline (severe range)": "aha_acc_pressure",
    "Adult vaccine schedule of 2025 (digest; changed again since late 2025)": "vaccines",
    "Adult vaccine schedule of 2025 (digest; changed again since late 2025); its pages disagree: from 50 or from 65": "vaccines_pneumo",
    "China: ages for cancer screening": "china_screening",
    "China: how often lipids are tested": "china_lipids",
    "Chinese guideline on the assessment and management of cardiovascular risk": "china_cvd",
    "Chinese guideline on the assessment and management of cardiovascular risk (China-PAR, high)": "china_cvd_par",
    "Chinese guideline on the assessment and management of cardiovascular risk (WS/T 428)": "china_cvd_weight",
    "ESH guideline for the management of arterial hypertension": "esh",
    "Healthboard: an answer to the question about self-harm is never left alone": "own_self_harm",
    "Healthboard: the safety checks on the Medicines page": "own_checks",
    "Healthy China Action": "healthy_china",
    "International consensus on time in range": "time_in_range",
    "International consensus on time in range (older people)": "time_in_range_older",
    "KDIGO chronic kidney disease guideline": "kdigo",
    "US Preventive Services Task Force": "uspstf",
}  # fmt: skip
"""By the name of a source as the table has it, the key of its name in other languages."""
OWN_FACTS = (
    "region_china", "sbp_now", "dbp_now", "sbp_home", "dbp_home", "bp_measured", "glucose_now", "tir", "tbr70", "tbr54", "self_harm", "prediabetes",
    "colorectal_cancer", "ibd", "breast_cancer", "cervical_cancer", "no_cervix", "pack_years", "quit_years", "postmenopausal", "family_cancer",
    "born_hbv_region", "born_tb_region", "planning_pregnancy", "sexual_risk", "fracture_risk", "risk_prevent_ascvd", "risk_china_par", "medicine_serious",
    "done_mammogram", "done_cervical", "done_colonoscopy", "done_fit", "done_lung_ct", "done_aaa", "done_dxa", "done_hcv", "done_hbv", "done_hiv",
    "done_audit", "done_phq", "done_gad", "done_flu", "done_zoster", "done_pneumo", "done_rsv", "done_hpv",
    "risk_pce", "sti_risk", "hiv_risk", "hiv_known", "fair_skin", "breast_risk_high", "dyslipidaemia", "done_tetanus", "done_hepatitis_b_vaccine",
)  # fmt: skip
"""Facts that only advice has a name for; the others are called as on My risks."""
FOR_ALL = 130
"""The age up to which a rule is for everybody."""
OPS = ("is", "is_not", "ge", "gt", "lt", "le")


def fact_name(t: Words, key: str) -> str:
    return t("advice.fact." + key) if key in OWN_FACTS else risk_words.name(t, key)


def source_name(t: Words, row: Row) -> str:
    """The source in the reader's language, with its own name behind it where that differs."""
    key = SOURCES.get(row.source)
    name = t("advice.source_name." + key) if key else row.source
    return name if name == row.source else f"{name}（{row.source}）"


def said(t: Words, row: Row, facts: Sequence[Fact]) -> str:
    """Whom the rule is for and when it speaks, in one line; units are those of the facts it rests on."""
    low, high = row.ages
    parts = [t("advice.rule.ages", low=low, high=high) if high < FOR_ALL else t("advice.rule.from", low=low)] if (low, high) != (0, FOR_ALL) else []
    if row.sex != "any":
        parts.append(t("advice.rule." + row.sex))
    units = {one.key: one.unit for one in facts}
    parts += [t("advice.rule.or").join(_condition(t, one, units) for one in any_of) for any_of in row.when]
    if row.done:
        days = max(one.days for one in row.done)
        parts.append(_since(t, days) if days else t("advice.rule.never_done"))
    return t("list.comma").join(parts)


def _since(t: Words, days: int) -> str:
    years = round(days / 365.25)
    return t("advice.rule.not_done_years", n=years) if years and abs(days - years * 365.25) < 2 else t("advice.rule.not_done", n=days)


def _condition(t: Words, one: Cond, units: Mapping[str, str]) -> str:
    name = fact_name(t, one.fact)
    if one.fact == "self_harm":
        return name
    if one.fact in YES_NO:
        return t("advice.rule.is" if one.value else "advice.rule.is_not", name=name)
    value = risk_words.measured(t, one.value, units.get(one.fact, ""))
    return t("advice.rule." + one.op, name=name, value=value)
