"""This is the place where the rules of alerts stand: each number with its source, its year and how well it was checked.

What is `single_source` was read on secondary pages only, `from_memory` must be checked before clinical release, and `our_choice` is a decision of this project
and no clinical limit: such rules are for a team that has looked at them. Every limit can be set anew for a person; a rule with `team` is off until it is.
"""

from __future__ import annotations

from core.alerts.rules import (
    BACK_IN_RANGE,
    BASELINE,
    COMBINED,
    DATA_AGAIN,
    DOSE_LOGGED,
    DRIFT,
    EVENT,
    GAIN,
    HIGH,
    IMAGE,
    LOW,
    MEDICINE,
    MISSING,
    NEWS,
    NO_LONGER_TAKEN,
    NONE,
    QUESTIONNAIRE,
    REVIEWED,
    RHYTHM,
    SILENT,
    STOCK_FILLED,
    THRESHOLD,
    Part,
    Rule,
    checked,
)
from core.trends.judgement import Severity
from core.trends.published import FROM_MEMORY, OUR_CHOICE, SINGLE_SOURCE, VERIFIED

WATCH, SOON, NOW = Severity.WATCH, Severity.ACT_SOON, Severity.ACT_NOW
FIVE_POUNDS = 5 * 0.45359237
GRAM = 0.001
"""A gain counts as reaching its limit from a gram below: 71.1 - 70.2 is a little less than 0.9 in a computer."""

_NEWS2 = "Royal College of Physicians, NEWS2 chart"
_AHA = "AHA/ACC hypertension guideline 2025: severe is above 180 and/or above 120 (read in a digest)"
_ADA = "ADA Standards of Care: level 2 below 54 mg/dL, level 1 below 70 (secondary pages)"
_CGM = "International consensus on time in range 2019: 250 mg/dL"
_HF_DAY = "Heart-failure instructions for patients: 2 lb or more in a day (medstarhealthinfocus.org and others), printed as 0.9 kg"
_HF_WEEK = "Heart-failure instructions for patients: 5 lb in a week (vhfclinic.org and others), printed as 2.3 kg; 5 lb is 2.268 kg, and is enough"
_PHQ = "Kroenke 2001, PHQ-9"
_DRIFT = "This project: the last week against two to four weeks ago, beyond what varies within a person (EFLM-derived 4.2 % and 4.7 %; pulse and saturation assumed)"
_FROM = ", and at or beyond "
_OWN_PARTS = "This project: several signals away from the person's own levels at one time, each by too little to be told alone"
_OWN = "This project: far from the person's own level of the last four weeks (median and MAD of earlier days only)"

_SEVERE = (
    Rule("sbp_severe", THRESHOLD, "sbp", HIGH, 180, NOW, _AHA, 2025, SINGLE_SOURCE, "sbp", strict=True, step=10),
    Rule("dbp_severe", THRESHOLD, "dbp", HIGH, 120, NOW, _AHA, 2025, SINGLE_SOURCE, "dbp", strict=True, step=10),
    Rule("glucose_level_2", THRESHOLD, "glucose", LOW, 54, NOW, _ADA, 2025, SINGLE_SOURCE, "glucose", strict=True, step=5),
    Rule("cgm_level_2", THRESHOLD, "cgm_glucose", LOW, 54, NOW, _ADA, 2025, SINGLE_SOURCE, "cgm", strict=True, step=5),
    Rule("spo2_very_low", THRESHOLD, "spo2", LOW, 83, NOW, _NEWS2 + ": 3 points on either scale", 2017, VERIFIED, "spo2", step=2),
)

_BANDS = (
    Rule("sbp_low", THRESHOLD, "sbp", LOW, 90, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "sbp", confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("sbp_high", THRESHOLD, "sbp", HIGH, 160, SOON, "ESH 2023 and China 2024: grade 2 from 160", 2024, SINGLE_SOURCE, "sbp", confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("hr_high", THRESHOLD, "hr", HIGH, 131, SOON, _NEWS2 + ": 3 points (at rest)", 2017, VERIFIED, "hr", confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("hr_low", THRESHOLD, "hr", LOW, 40, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "hr", confirm=2, step=5, recovery=BACK_IN_RANGE),
    Rule("spo2_low", THRESHOLD, "spo2", LOW, 91, SOON, _NEWS2 + ": 3 points on scale 1", 2017, VERIFIED, "spo2", confirm=2, step=2, recovery=BACK_IN_RANGE),
    Rule("temp_high", THRESHOLD, "temp", HIGH, 39.1, SOON, _NEWS2 + ": 2 points", 2017, VERIFIED, "temp", step=0.5, recovery=BACK_IN_RANGE),
    Rule("temp_low", THRESHOLD, "temp", LOW, 35.0, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "temp", confirm=2, step=0.5, recovery=BACK_IN_RANGE),
    Rule("rr_low", THRESHOLD, "rr", LOW, 8, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "rr", confirm=2, step=2, recovery=BACK_IN_RANGE),
    Rule("rhr_high", THRESHOLD, "rhr", HIGH, 111, SOON, _NEWS2 + ": 2 points for a pulse of 111 to 130, here at rest", 2017, VERIFIED, "rhr", confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("rhr_low", THRESHOLD, "rhr", LOW, 40, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "rhr", confirm=2, step=5, recovery=BACK_IN_RANGE),
    Rule("rr_high", THRESHOLD, "rr", HIGH, 25, SOON, _NEWS2 + ": 3 points", 2017, VERIFIED, "rr", step=5, recovery=BACK_IN_RANGE),
    Rule("glucose_level_1", THRESHOLD, "glucose", LOW, 70, SOON, _ADA, 2025, SINGLE_SOURCE, "glucose", strict=True, confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("cgm_level_1", THRESHOLD, "cgm_glucose", LOW, 70, SOON, _ADA, 2025, SINGLE_SOURCE, "cgm", strict=True, confirm=3, step=10, recovery=BACK_IN_RANGE),
    Rule("glucose_high", THRESHOLD, "glucose", HIGH, 250, SOON, _CGM, 2019, VERIFIED, "glucose", strict=True, confirm=2, step=50, recovery=BACK_IN_RANGE),
    Rule("cgm_high", THRESHOLD, "cgm_glucose", HIGH, 250, SOON, _CGM, 2019, VERIFIED, "cgm", strict=True, confirm=3, step=50, recovery=BACK_IN_RANGE),
    Rule("weight_high", THRESHOLD, "weight", HIGH, 650, SOON, "Set by the team for a person", 2026, OUR_CHOICE, "weight_limit", step=0.9, team=True),
    Rule("weight_low", THRESHOLD, "weight", LOW, 0.2, SOON, "Set by the team for a person", 2026, OUR_CHOICE, "weight_limit", step=0.9, team=True),
)  # fmt: skip

_WEIGHT = (
    Rule("weight_day", GAIN, "weight", HIGH, 0.9, SOON, _HF_DAY, 2024, SINGLE_SOURCE, "weight_gain", within=1, confirm=2, step=0.9),
    Rule("weight_week", GAIN, "weight", HIGH, FIVE_POUNDS, SOON, _HF_WEEK, 2024, SINGLE_SOURCE, "weight_gain", within=7, step=0.9),
    Rule("weight_gap", GAIN, "weight", HIGH, FIVE_POUNDS, SOON,
         "This project: after a gap the gain since the last reading counts, as nobody knows how fast it was", 2026, OUR_CHOICE, "weight_gain", within=90, step=0.9),
    Rule("weight_drift", DRIFT, "weight", HIGH, 1.85, WATCH,
         "Reference change value of body weight, +1.85 % (within-person variation 0.66 %, EFLM-derived, one secondary source)", 2026, SINGLE_SOURCE,
         "weight_gain", within=28, least=3, percent=True, step=0.9),
)  # fmt: skip
"""A gain of weight stays open until someone acts: no recovery rule. The day rule is WATCH (measure again) until the next reading says the same."""

_PERSONAL = (
    Rule("sbp_unusual_high", BASELINE, "sbp", HIGH, 2.5, SOON, _OWN + _FROM + "135, high at home", 2026, OUR_CHOICE, "sbp_own", within=28, least=7, floor=18, confirm=2, step=10, recovery=BACK_IN_RANGE, at_once=1.0, only_from=135),
    Rule("sbp_unusual_low", BASELINE, "sbp", LOW, 2.5, SOON, _OWN + _FROM + "110, a point of NEWS2", 2026, OUR_CHOICE, "sbp_own", within=28, least=7, floor=15, confirm=2, step=10, recovery=BACK_IN_RANGE, only_from=110),
    Rule("hr_unusual_high", BASELINE, "hr", HIGH, 2.5, SOON, _OWN + _FROM + "91, a point of NEWS2", 2026, OUR_CHOICE, "hr_own", within=28, least=7, floor=12, confirm=2, step=10, recovery=BACK_IN_RANGE, only_from=91),
    Rule("rhr_unusual_high", BASELINE, "rhr", HIGH, 2.5, SOON, _OWN, 2026, OUR_CHOICE, "rhr_own", within=28, least=7, floor=10, confirm=2, step=10, recovery=BACK_IN_RANGE),
    Rule("spo2_unusual_low", BASELINE, "spo2", LOW, 2.5, SOON, _OWN + _FROM + "95, a point of NEWS2", 2026, OUR_CHOICE, "spo2_own", within=28, least=7, floor=3, confirm=2, step=2, recovery=BACK_IN_RANGE, only_from=95),
    Rule("glucose_unusual_high", BASELINE, "glucose", HIGH, 2.5, SOON, _OWN + _FROM + "140", 2026, OUR_CHOICE, "glucose_own", within=28, least=7, floor=50, confirm=2, step=50, recovery=BACK_IN_RANGE, at_once=1.0, only_from=140),
    Rule("glucose_unusual_low", BASELINE, "glucose", LOW, 2.5, SOON, _OWN + _FROM + "100: on the way down", 2026, OUR_CHOICE, "glucose_own", within=28, least=7, floor=20, confirm=2, step=20, recovery=BACK_IN_RANGE, at_once=1.0, only_from=100),
)  # fmt: skip
"""At once where one reading says enough: pressure and glucose. Pulse and saturation are wrong too often (a finger that moves), and wait or speak together."""

_TOGETHER_OWN = (
    Rule("breathing_worse", COMBINED, "spo2", LOW, 2.6, SOON, _OWN_PARTS, 2026, OUR_CHOICE, "spo2_own", within=28, least=7, floor=0.75, step=2, recovery=BACK_IN_RANGE,
         parts=(Part("spo2", LOW, 1.0), Part("hr", HIGH, 4.0))),
    Rule("pressure_falls", COMBINED, "sbp", LOW, 2.6, SOON, _OWN_PARTS, 2026, OUR_CHOICE, "sbp_own", within=28, least=7, floor=0.75, step=10, recovery=BACK_IN_RANGE,
         parts=(Part("sbp", LOW, 6.0), Part("hr", HIGH, 4.0))),
    Rule("fluid_builds", COMBINED, "weight", HIGH, 2.9, SOON, _OWN_PARTS, 2026, OUR_CHOICE, "weight_gain", within=28, least=7, floor=0.5, step=0.9,
         parts=(Part("weight", HIGH, 0.66, percent=True), Part("spo2", LOW, 1.0), Part("hr", HIGH, 4.0))),
)  # fmt: skip

_TREND = tuple(
    Rule(f"{signal}_drift", DRIFT, signal, direction, percent, WATCH, _DRIFT, 2026, OUR_CHOICE, f"{signal}_drift", within=28, least=5, percent=True, span=7, step=step)
    for signal, direction, percent, step in (("sbp", HIGH, 11.6, 10), ("rhr", HIGH, 12, 5), ("spo2", LOW, 3, 2), ("glucose", HIGH, 13, 20))
)  # fmt: skip

_MISSING = (
    *(
        Rule(f"{signal}_missing", MISSING, signal, NONE, days, WATCH, "This project: the team says how often it expects a reading", 2026, OUR_CHOICE, recovery=DATA_AGAIN, team=True)
        for signal, days in (("weight", 3), ("sbp", 3), ("glucose", 2), ("spo2", 3), ("hr", 3))
    ),
    Rule("silent", SILENT, "silence", NONE, 3, WATCH, "This project: quiet for twice as long as is usual for the person, or as the team said", 2026, OUR_CHOICE, recovery=DATA_AGAIN),
)  # fmt: skip

_TOGETHER = (
    Rule("news2_high", NEWS, NEWS, HIGH, 7, NOW, _NEWS2 + ": 7 or more", 2017, VERIFIED, "news2", step=2),
    Rule("news2_medium", NEWS, NEWS, HIGH, 5, SOON, _NEWS2 + ": 5 or 6", 2017, VERIFIED, "news2", step=2, recovery=BACK_IN_RANGE),
    Rule("news2_three", NEWS, "news2_three", HIGH, 1, SOON, _NEWS2 + ": 3 points in one part", 2017, VERIFIED, "news2_part", recovery=BACK_IN_RANGE),
    Rule("not_alert", EVENT, "acvpu", HIGH, 1, NOW, _NEWS2 + ": new confusion, or answers only to voice, to pain, or not at all: 3 points", 2017, VERIFIED, step=1),
)  # fmt: skip

_EVENTS = (
    Rule("self_harm", QUESTIONNAIRE, "phq9_item9", HIGH, 1, NOW, "Kroenke 2001, PHQ-9 question 9: any answer above not at all", 2001, FROM_MEMORY, step=1),
    Rule("phq9_severe", QUESTIONNAIRE, "phq9", HIGH, 20, SOON, _PHQ + ": 20 and above severe", 2001, FROM_MEMORY, "phq9", step=3),
    Rule("phq9_moderately_severe", QUESTIONNAIRE, "phq9", HIGH, 15, WATCH, _PHQ + ": 15 to 19 moderately severe", 2001, FROM_MEMORY, "phq9", step=5),
    Rule("gad7_severe", QUESTIONNAIRE, "gad7", HIGH, 15, WATCH, "Spitzer 2006, GAD-7: 15 and above severe", 2006, FROM_MEMORY, "gad7", step=3),
    Rule("rhythm_irregular", RHYTHM, "irregular_rhythm", HIGH, 1, SOON, "This project: a possible irregular rhythm needs an ECG, no diagnosis", 2026, OUR_CHOICE),
    Rule("dose_missed_critical", MEDICINE, "dose_missed", HIGH, 1, SOON, "This project: a dose the team calls critical was missed", 2026, OUR_CHOICE, "dose", recovery=DOSE_LOGGED),
    Rule("dose_not_logged_critical", MEDICINE, "dose_not_logged", HIGH, 1, WATCH,
         "This project: nobody knows whether a dose the team calls critical was taken", 2026, OUR_CHOICE, "dose", recovery=DOSE_LOGGED),
    Rule("interaction_new", MEDICINE, "interaction", HIGH, 1, SOON,
         "This project: a serious interaction between medicines that is new; the check names its own source", 2026, OUR_CHOICE, "interaction", recovery=NO_LONGER_TAKEN),
    Rule("stock_out", MEDICINE, "stock_out", HIGH, 1, SOON, "This project: nothing is left of a medicine that is due", 2026, OUR_CHOICE, "stock", recovery=STOCK_FILLED),
    Rule("skin_show_soon", IMAGE, "skin_check", HIGH, 1, SOON, "This project: a check said that a clinician should look soon, and none has", 2026, OUR_CHOICE, "skin", recovery=REVIEWED),
    Rule("wound_grows", IMAGE, "wound_growing", HIGH, 1, SOON,
         "This project: a wound's size grows by more than measuring alone can do (core/trends/wounds.py)", 2026, OUR_CHOICE, "wound", recovery=REVIEWED),
)  # fmt: skip

RULES: tuple[Rule, ...] = checked(
    (*_SEVERE, *_BANDS, *_WEIGHT, *_PERSONAL, *_TOGETHER_OWN, *_TREND, *_MISSING, *_TOGETHER, *_EVENTS)
)
"""Every rule that ships. Those of questionnaires are marked from memory because their thresholds were not read in the papers."""
