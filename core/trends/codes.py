"""This is the place where every code of this subject that is said in words stands, with the facts it carries.

The catalogues say each of them (a test compares); a "?" marks a fact that may be missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_READING = "signal value unit bound?"
_PRESSURE = "signal sbp dbp unit"
_LAB = f"{_READING} low? high? basis?"

CODES: Mapping[str, str] = MappingProxyType(
    {
        "judged.stale": "signal unit days limit value? sbp? dbp? bound?",
        "judged.no_target": f"{_READING} basis? low? high?",
        "judged.no_target_age": _PRESSURE,
        "judged.no_target_pregnancy": _PRESSURE,
        "judged.in_target": "signal unit basis value? sbp? dbp? low? high? sbp_high? dbp_high? setting? flag? bound?",
        "judged.above_target": f"{_READING} basis low? high? flag?",
        "judged.below_target": f"{_READING} basis low? high? flag?",
        "judged.bound_undecided": "signal unit basis? value? sbp? dbp? low? high? sbp_high? dbp_high? setting? flag? bound?",
        "judged.bp_above_target": f"{_PRESSURE} basis setting sbp_high? dbp_high?",
        "judged.bp_low": f"{_PRESSURE} basis setting sbp_high? dbp_high?",
        "judged.bp_setting_unclear": f"{_PRESSURE} basis setting sbp_high? dbp_high?",
        "judged.bp_severe": "signal unit sbp_limit dbp_limit days sbp? dbp? value? bound?",
        "judged.bp_severe_earlier": "signal unit sbp_limit dbp_limit days sbp? dbp? value? bound?",
        "judged.glucose_very_low": f"{_READING} days limit_value",
        "judged.glucose_low": f"{_READING} days limit_value",
        "judged.glucose_was_low": f"{_READING} days limit_value",
        "judged.lab_critical": "signal unit flag? value? sbp? dbp? bound? low? high?",
        "judged.lab_high": f"{_LAB} flag?",
        "judged.lab_low": f"{_LAB} flag?",
        "judged.lab_abnormal": f"{_LAB} flag",
        "judged.lab_normal": f"{_LAB}",
        "attention.no_records": "",
        "attention.self_harm": "when",
        "attention.bp_severe": "signal unit sbp_limit dbp_limit days when sbp? dbp? value? bound?",
        "attention.bp_severe_earlier": "signal unit sbp_limit dbp_limit days when sbp? dbp? value? bound?",
        "attention.glucose_very_low": f"{_READING} days limit_value when",
        "attention.glucose_low": f"{_READING} days limit_value when",
        "attention.lab_critical": "signal? name? when",
        "attention.bp_average_above": "sbp dbp n days unit basis sbp_high? dbp_high?",
        "attention.bp_measure_more": "days need unit basis sbp_high? dbp_high?",
        "attention.outside_range": "n signals",
        "attention.series_stopped": "signal days",
        "attention.see_original": "n",
        "attention.quarantined": "n",
        "attention.retracted_lately": "n",
        "attention.allergies_not_recorded": "",
        "bp_average.no_readings": "",
        "bp_average.setting_unknown": "",
        "bp_average.too_old": "days limit",
        "bp_average.measure_more": "days need",
        "change.none": "signal unit n limits",
        "change.too_few": "signal unit n limits least? most? to_value?",
        "change.rising": "signal unit n limits least most from_value to_value percent",
        "change.falling": "signal unit n limits least most from_value to_value percent",
        "change.steady": "signal unit n limits least most from_value to_value percent",
        "change.compared": "signal unit n limits least most from_value to_value",
        "change.target_all": "inside judged",
        "change.target_some": "inside judged",
        "change.target_none": "inside judged",
        "gap.no_readings": "",
        "span.until": "",
        "span.ongoing": "",
        "span.end_unknown": "",
        "action.add_a_source": "",
        "action.self_harm": "",
        "action.measure_again_then_get_help": "",
        "action.measure_again_and_call": "",
        "action.measure_again": "",
        "action.measure_more": "",
        "action.call_clinician": "",
        "action.call_if_unwell": "",
        "action.show_at_next_visit": "",
        "action.low_sugar_plan_now": "",
        "action.low_sugar_plan": "",
        "action.look_at_records": "",
        "action.tell_allergies": "",
    }
)
"""Code -> names of its facts. Facts named value, low, high, least ... are in the unit `unit` (see conversion.facts_for)."""

BASES = (
    "own_goal",
    "lab",
    "china_2024",
    "esh_2023",
    "esc_2024",
    "aha_2025",
    "ada_goals",
    "cds_goals",
    "cgm_2019",
    "china_bmi",
    "china_waist",
)
"""Whose measure it is: values of the fact `basis`, said as `basis.<code>`."""
