"""This is the place where it stands which fields of FIT messages are values of ours, and what becomes of all others.

Names, scales and units: Garmin's FIT profile as in fitdecode (field values come scaled to the profile's units). Sports are mapped
to our few kinds of workout. Where the profile gives no unit the value is set apart ("unit_missing").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.samples import ESTIMATED
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS


@dataclass(frozen=True, slots=True)
class Value:
    """A field that is a value of ours, in the signal's unit once scaled. `least`: smaller means that nothing was read."""

    signal: str
    quality: int = 0
    grain: str = ""
    least: float = 1e-9


@dataclass(frozen=True, slots=True)
class Kind:
    """A message: its values by field, fields that only describe it, why others are left out, where else than in "timestamp" its time is."""

    values: Mapping[str, Value] = field(default_factory=dict)
    describes: frozenset[str] = frozenset()
    otherwise: str = "signal_not_kept"
    at: str = "timestamp"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ALWAYS = _words("timestamp message_index device_index timestamp_16 timestamp_min_8 local_timestamp")
KINDS: Mapping[str, Kind] = MappingProxyType({
    "record": Kind(
        {
            "heart_rate": Value("hr"), "enhanced_respiration_rate": Value("rr"), "respiration_rate": Value("rr"),
            "core_temperature": Value("temp", ESTIMATED),
        },
        _ALWAYS | _words("position_lat position_long activity_type"),
    ),
    "monitoring": Kind(
        {"heart_rate": Value("hr")}, _ALWAYS | _words("activity_type activity_subtype activity_level current_activity_type_intensity")
    ),
    "monitoring_hr_data": Kind({"current_day_resting_heart_rate": Value("rhr", 0, "1d")}, _ALWAYS, "summary_of_others"),
    "hrv_value": Kind({"value": Value("hrv_rmssd", 0, "5min")}, _ALWAYS),
    "hrv_status_summary": Kind({"last_night_average": Value("hrv_rmssd", 0, "1d")}, _ALWAYS | _words("status"), "summary_of_others"),
    "spo2_data": Kind({"reading_spo2": Value("spo2")}, _ALWAYS | _words("reading_confidence mode")),
    "respiration_rate": Kind({"respiration_rate": Value("rr")}, _ALWAYS),
    "weight_scale": Kind(
        {"weight": Value("weight"), "percent_fat": Value("body_fat"), "bmi": Value("bmi")}, _ALWAYS | _words("user_profile_index")
    ),
    "blood_pressure": Kind(
        {
            "systolic_pressure": Value("sbp"), "diastolic_pressure": Value("dbp"), "mean_arterial_pressure": Value("map"),
            "heart_rate": Value("hr"),
        },
        _ALWAYS | _words("heart_rate_type status user_profile_index"),
    ),
    "max_met_data": Kind(
        {"vo2_max": Value("vo2max", ESTIMATED)},
        _ALWAYS | _words("update_time sport sub_sport max_met_category calibrated_data hr_source speed_source"), at="update_time",
    ),
    "session": Kind(
        {"rmssd_hrv": Value("hrv_rmssd"), "sdrr_hrv": Value("hrv_sdnn")},
        _ALWAYS | _words(
            "start_time sport sub_sport total_elapsed_time total_timer_time event event_type event_group trigger first_lap_index num_laps"
            " sport_profile_name sport_index start_position_lat start_position_long end_position_lat end_position_long"
            " nec_lat nec_long swc_lat swc_long"
        ),
        "summary_of_others",
    ),
})  # fmt: skip
COUNTERS: Mapping[str, str] = MappingProxyType({
    "cycles": "steps", "cycles_16": "steps", "distance": "distance", "calories": "energy_total", "active_calories": "energy_active",
    "moderate_activity_minutes": "active_minutes", "vigorous_activity_minutes": "active_minutes",
})  # fmt: skip
"""Fields of monitoring that count up from local midnight, for each kind of activity by itself."""
ON_FOOT = ("walking", "running")
"""Where one cycle, raw, is a step (FIT profile: monitoring.cycles has the subfield `steps` for these, without the scale of 2)."""
TOTALS: Mapping[str, tuple[str, float]] = MappingProxyType({
    "total_calories": ("energy_total", 1.0), "total_distance": ("distance", 1.0), "total_cycles": ("steps", 2.0),
})  # fmt: skip
"""Fields of a session that sum it up. A stride (one foot) is two steps."""

WHOLE: Mapping[str, str] = MappingProxyType({
    "lap": "summary_of_others", "split": "summary_of_others", "split_summary": "summary_of_others", "totals": "summary_of_others",
    "time_in_zone": "summary_of_others", "sleep_assessment": "score_not_kept", "stress_level": "score_not_kept",
    "hsa_stress_data": "score_not_kept", "hsa_body_battery_data": "score_not_kept", "hsa_heart_rate_data": "signal_not_kept",
    "hsa_spo2_data": "signal_not_kept", "hsa_respiration_data": "signal_not_kept", "hsa_step_data": "signal_not_kept",
    "hsa_wrist_temperature_data": "signal_not_kept", "hr": "signal_not_kept", "raw_bbi": "beats_not_kept", "beat_intervals": "beats_not_kept",
    "length": "summary_of_others", "set": "signal_not_kept", "jump": "signal_not_kept", "dive_summary": "signal_not_kept",
    "goal": "goal_not_measured", "workout": "goal_not_measured", "workout_step": "goal_not_measured", "schedule": "goal_not_measured",
    "user_profile": "profile", "course_point": "workout_route", "gps_metadata": "workout_route", "segment_point": "workout_route",
})  # fmt: skip
"""Messages that hold nothing we take, each one entry. Others of the profile are "not_a_measurement", unknown ones "unknown_type"."""

STAGES: Mapping[str, float] = MappingProxyType(
    {name: float(SLEEP_STAGES.index(name)) for name in ("awake", "light", "deep", "rem")}
)

_SPORTS = {
    "walking": "walking", "running": "running", "cycling": "cycling e_biking", "swimming": "swimming", "hiking": "hiking mountaineering snowshoeing",
    "rowing": "rowing paddling kayaking stand_up_paddleboarding",
    "team_sport": "basketball soccer american_football baseball cricket rugby hockey lacrosse volleyball",
}  # fmt: skip
SPORTS: Mapping[str, float] = MappingProxyType(
    {sport: float(WORKOUTS.index(what)) for what, sports in _SPORTS.items() for sport in sports.split()}
)
SUB_SPORTS: Mapping[str, float] = MappingProxyType(
    {name: float(WORKOUTS.index(what)) for name, what in (("strength_training", "strength"), ("yoga", "yoga"), ("elliptical", "elliptical"), ("indoor_rowing", "rowing"))}
)  # fmt: skip
PRESSURE_UNREAD = ("error_incomplete_data", "error_no_measurement")
PRESSURE_UNSURE = ("error_data_out_of_range", "error_irregular_heart_rate")
"""blood_pressure.status: no value, or one that the cuff itself doubts."""
