"""This is the place where it stands how each input of an equation may come from a record: how old at most, who may say it, how to get it.

No publication of these equations says how old a measurement may be, so the limits are ours ("house") and say why; a guideline's own limit would be
marked "guideline". Beside the age, some scores need several measurements that belong together in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.risk.vocabulary import TERMS

YEAR = 366
"""A year and a day of grace, so that a yearly check-up on the same date counts."""


@dataclass(frozen=True, slots=True)
class InputRule:
    """`max_days` None: it doesn't grow old. `typed`: the person may type it in, a number in one of `units` (UCUM, the first is the one the
    equations use). `how` is a code of words (`risk.how.<how>`). `basis` and `because` are where the age limit comes from."""

    key: str
    max_days: int | None
    how: str
    typed: bool = False
    units: tuple[str, ...] = ()
    basis: str = "house"
    because: str = ""


@dataclass(frozen=True, slots=True)
class Together:
    """Inputs of one equation that must be measured within `within_minutes` of each other, and be at most `max_days` old."""

    equation: str
    keys: tuple[str, ...]
    within_minutes: int
    max_days: int
    basis: str = "house"
    because: str = ""


def _rows(keys: str, max_days: int | None, how: str, *units: str, typed: bool = True, because: str = "") -> tuple[InputRule, ...]:
    return tuple(InputRule(key, max_days, how, typed, units, because=because) for key in keys.split())


_YEARLY = "checked once a year as a rule"
_DIAGNOSIS = "a diagnosis does not grow old; that there is none is as old as the list that says so"

RULES: Mapping[str, InputRule] = {
    one.key: one
    for one in (
        *_rows("age", None, "add_birth_date", typed=False, because="worked out for the day"),
        *_rows("sex", None, "add_sex", typed=False, because="as the record says it; the equations know two"),
        *_rows("sbp dbp", YEAR, "measure_bp", "mm[Hg]", "kPa", because=_YEARLY),
        *_rows("tc hdl", 5 * 365 + 2, "blood_test", "mg/dL", "mmol/L", because="lipids move slowly; five years is the usual pause between checks"),
        *_rows("hba1c", YEAR, "blood_test", "%", "mmol/mol", because=_YEARLY),
        *_rows("egfr", YEAR, "blood_test", "mL/min/{1.73_m2}", because=_YEARLY),
        *_rows("creatinine", YEAR, "blood_test", "mg/dL", "umol/L", because=_YEARLY),
        *_rows("cystatin_c", YEAR, "blood_test", "mg/L", because=_YEARLY),
        *_rows("uacr", YEAR, "urine_test", "mg/g", "mg/mmol", because=_YEARLY),
        *_rows("albumin", YEAR, "blood_test", "g/dL", "g/L", because=_YEARLY),
        *_rows("phosphate calcium", YEAR, "blood_test", "mg/dL", "mmol/L", because=_YEARLY),
        *_rows("bicarbonate sodium", YEAR, "blood_test", "mmol/L", because=_YEARLY),
        *_rows("ast alt", 183, "blood_test", "U/L", because="liver tests change within months"),
        *_rows("platelets", 183, "blood_test", "10*9/L", because="blood counts change within months"),
        *_rows("bilirubin", 183, "blood_test", "mg/dL", "umol/L", because="liver tests change within months"),
        *_rows("inr", 183, "blood_test", typed=False, because="changes within months"),
        *_rows("bmi", YEAR, "weigh", "kg/m2", because=_YEARLY),
        *_rows("weight", YEAR, "weigh", "kg", "[lb_av]", because=_YEARLY),
        *_rows("height", None, "measure_height", "cm", "[in_i]", because="grown people keep their height"),
        *_rows("waist", 2 * 365 + 1, "measure_waist", "cm", "[in_i]", because="measured seldom; two years"),
        *_rows("rr spo2 temp", 1, "measure_now", typed=False, because="early warning is about now"),
        *_rows("pulse", YEAR, "measure_pulse", "/min", because="early warning asks for a fresh one by itself (TOGETHER)"),
        *_rows("on_oxygen spo2_scale2 acvpu altered_mentation", 1, "measure_now", typed=False, because="early warning is about now"),
        *_rows("smoker smoked_100", 2 * 365 + 1, "tell_smoking", because="people stop and start; asked again after two years"),
        *_rows("physically_active vegetables_daily", 2 * 365 + 1, "tell_habits", because="habits change; asked again after two years"),
        *_rows("family_cvd family_diabetes family_diabetes_first", None, "tell_family", because="kept until it is changed"),
        *_rows("bp_treated statin bleeding_drugs", YEAR, "tell_medicines", because="what is typed about medicines is asked again after a year"),
        *_rows("north urban", None, "tell_home", because="kept until it is changed"),
        *_rows("sdi_decile", None, "look_up_deprivation", "{decile}", because="kept until it is changed"),
        *_rows("age_at_diabetes", None, "tell_diabetes_age", "a", because="does not change"),
        *_rows("diabetes diabetes_type1 hypertension heart_failure stroke vascular cvd_known", None, "tell_diagnosis", because=_DIAGNOSIS),
        *_rows("atrial_fibrillation kidney_failure dialysis gestational_diabetes high_glucose_ever", None, "tell_diagnosis", because=_DIAGNOSIS),
        *_rows("pregnant", 60, "tell_pregnancy", because="asked again after two months"),
        *_rows("bp_uncontrolled renal_abnormal liver_abnormal bleeding labile_inr alcohol_high", YEAR, "ask_clinician", because=_YEARLY),
        *_rows("score2_region kfre_region", None, "set_region", typed=False, because="follows the region that was chosen"),
        *_rows("elderly", None, "add_birth_date", typed=False, because="worked out from the age"),
        *_rows("pce_group", None, "not_asked", typed=False, because="race is not asked for"),
        *_rows("unsteady worried_falling fallen", YEAR, "answer_questionnaire", typed=False, because=_YEARLY),
        *_rows(" ".join(f"phq{n}" for n in range(1, 10)), 14, "answer_questionnaire", typed=False, because="asks about the last two weeks"),
        *_rows(" ".join(f"gad{n}" for n in range(1, 8)), 14, "answer_questionnaire", typed=False, because="asks about the last two weeks"),
    )
}  # fmt: skip
"""By key of core/risk/vocabulary.py."""

TOGETHER: tuple[Together, ...] = (
    Together("fib4", ("ast", "alt", "platelets"), 30 * 24 * 60, 183, because="three tests of one state of the liver"),
    Together("meld3", ("bilirubin", "inr", "sodium", "creatinine", "albumin"), 7 * 24 * 60, 30, because="a score of the present state"),
    Together("news2", ("rr", "spo2", "temp", "sbp", "pulse"), 30, 1, because="one round of measuring"),
    Together("qsofa", ("rr", "sbp"), 30, 1, because="one round of measuring"),
    Together("kdigo", ("egfr", "uacr"), 366 * 24 * 60, YEAR, because="one yearly check of the kidneys"),
)
PROBLEM_LIST_DAYS, MEDICINE_LIST_DAYS = 2 * 365 + 1, YEAR
"""A list says no by silence only while somebody of a clinic writes in the record: at most so many days ago (house)."""
SPREAD_BP_DAYS = 90
"""Blood pressures of the two newest days are averaged where they are at most so far apart (house)."""
ADULT = 18
"""From this age on a height is taken to stay."""
UNEVEN = 0.20
"""Two results of one moment that differ by more contradict each other (house)."""
BMI_APART = 1.5
"""kg/m2: a reported BMI and that of weight and height contradict each other beyond it (house)."""
DIABETES_RANGE = {"hba1c": 6.5, "glucose_fasting": 126.0}
"""% and mg/dL: from here on a result is in the range of diabetes (ADA Standards of Care; DIGEST of the 2026 text, unchanged for years)."""


def rule_of(key: str) -> InputRule:
    """The rule of an input; one that nobody wrote a rule for can neither be typed in nor grow old."""
    return RULES.get(key) or InputRule(key, None, "ask_clinician")


def typed_choices(key: str) -> tuple[str, ...]:
    """The codes that can be chosen where an input is no number."""
    term = TERMS[key]
    return term.choices if term.kind == "choice" else ("yes", "no") if term.kind == "flag" else ()
