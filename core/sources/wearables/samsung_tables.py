"""This is the place where the tables of a Samsung Health export stand as rows: which columns are values, of what and in what unit.

Names and units: Samsung Health SDK data types (developer.samsung.com/health/android/data/api-reference) and the columns of exports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.signals_table import WORKOUTS
from core.sources.wearables.clock import DAY
from core.sources.wearables.csv_columns import Leave, Take

SPAN, INSTANT, DAILY = "span", "instant", "daily"


@dataclass(frozen=True, slots=True)
class Table:
    """`when`: SPAN from start_time to end_time, INSTANT at start_time, DAILY the local day of day_time. `columns` by their name
    without the package before it; `session`: the row itself is an interval in bed. `combined`: only rows of source_type -2;
    `apart`: what the phone and the watch count adds up, so each device's rows keep to themselves."""

    when: str
    columns: Mapping[str, Take | Leave] = field(default_factory=dict)
    session: bool = False
    combined: bool = False
    apart: bool = False


_PART, _KEPT_NOT, _SCORE, _ELSEWHERE = (
    Leave("part_of_another"), Leave("signal_not_kept"), Leave("score_not_kept"), Leave("in_another_file"),
)  # fmt: skip
_ZERO = (0.0, -1.0)
_MMOL_GLUCOSE = 18.0182
_MS_TO_MIN = 1 / 60_000
_STAGES = {40001.0: 1, 40002.0: 3, 40003.0: 4, 40004.0: 5}
"""Samsung's awake, light, deep and REM, as SLEEP_STAGES."""

_Columns = dict[str, Take | Leave]
_RANGES: _Columns = {"min": _PART, "max": _PART}
_DAY_STEPS: _Columns = {
    "count": Take("steps", grain="1d", lasts=DAY), "step_count": Take("steps", grain="1d", lasts=DAY),
    "distance": Take("distance", grain="1d", lasts=DAY), "calorie": _PART, "active_time": Take("active_minutes", _MS_TO_MIN, grain="1d", lasts=DAY),
    "walk_step_count": _PART, "run_step_count": _PART, "healthy_step": _PART, "speed": _KEPT_NOT, "achievement": _KEPT_NOT,
    "recommendation": Leave("goal_not_measured"), "goal": Leave("goal_not_measured"),
}  # fmt: skip


def _workouts() -> dict[float, int]:
    """Samsung's codes of exercises, as WORKOUTS; a code that is not here is some other workout."""
    names = {
        "walking": (1001,), "running": (1002,), "hiking": (13001, 13003), "cycling": (11007, 13004, 15003), "swimming": (14001,),
        "strength": (15002, *range(10001, 10027)), "yoga": (9002,), "rowing": (14009, 15004), "elliptical": (15006,),
        "other": (0,), "team_sport": (2001, 2002, 2003, 4001, 4002, 4003, 4004, 4005, 4006, 5001, 5002),
    }  # fmt: skip
    return {float(code): WORKOUTS.index(name) for name, codes in names.items() for code in codes}


EXERCISES: Mapping[float, int] = MappingProxyType(_workouts())

_HEART = Table(SPAN, {"heart_rate": Take("hr", none=_ZERO), **_RANGES, "heart_beat_count": _KEPT_NOT})
_STEPS = Table(SPAN, {
    "count": Take("steps"), "distance": Take("distance"), "calorie": _PART, "run_step": _PART, "walk_step": _PART, "speed": _KEPT_NOT,
}, apart=True)  # fmt: skip
_SLEEP = Table(SPAN, {
    "sleep_duration": Take("sleep", 1 / 60, grain="1d", none=_ZERO), "total_rem_duration": Take("sleep_rem", 1 / 60, grain="1d"),
    "total_light_duration": Take("sleep_light", 1 / 60, grain="1d"), "efficiency": _SCORE, "sleep_score": _SCORE,
    "mental_recovery": _SCORE, "physical_recovery": _SCORE, "sleep_cycle": _KEPT_NOT, "movement_awakening": _SCORE,
    "sleep_latency": _KEPT_NOT, "quality": _SCORE,
}, session=True)  # fmt: skip
_WEIGHT = Table(INSTANT, {
    "weight": Take("weight", none=_ZERO), "body_fat": Take("body_fat", none=_ZERO), "fat_free_mass": Take("lean_mass", none=_ZERO),
    "height": Take("height", none=_ZERO), "body_fat_mass": _PART, "muscle_mass": _KEPT_NOT, "skeletal_muscle_mass": _KEPT_NOT,
    "skeletal_muscle": _KEPT_NOT, "fat_free": _PART, "basal_metabolic_rate": _KEPT_NOT, "total_body_water": _KEPT_NOT, "vfa_level": _KEPT_NOT,
})  # fmt: skip
_PRESSURE = Table(INSTANT, {
    "systolic": Take("sbp", none=_ZERO), "diastolic": Take("dbp", none=_ZERO), "pulse": Take("hr", none=_ZERO), "mean": Take("map", none=_ZERO),
    "medication": _KEPT_NOT,
})  # fmt: skip
_GLUCOSE = Table(
    INSTANT, {"glucose": Take("glucose", _MMOL_GLUCOSE, none=_ZERO), "insulin_injected": _KEPT_NOT, "medication": _KEPT_NOT}
)
_OXYGEN = Table(
    SPAN, {"spo2": Take("spo2", none=_ZERO), "heart_rate": Take("hr", none=_ZERO), **_RANGES, "low_duration": _KEPT_NOT}
)
_EXERCISE = Table(SPAN, {
    "exercise_type": Take("workout", states=EXERCISES), "vo2_max": Take("vo2max", none=_ZERO), "distance": _PART, "calorie": _PART,
    "total_calorie": _PART, "mean_heart_rate": _PART, "max_heart_rate": _PART, "min_heart_rate": _PART, "duration": _PART, "count": _PART,
    "mean_speed": _KEPT_NOT, "max_speed": _KEPT_NOT, "mean_cadence": _KEPT_NOT, "max_cadence": _KEPT_NOT, "altitude_gain": _KEPT_NOT,
    "altitude_loss": _KEPT_NOT, "location_data": Leave("workout_route"), "live_data": _ELSEWHERE,
})  # fmt: skip
_CELSIUS: _Columns = {
    "temperature": Take("skin_temp", none=_ZERO),
    **_RANGES,
    "baseline": _KEPT_NOT,
    "lower_bound": _KEPT_NOT,
    "upper_bound": _KEPT_NOT,
}

TABLES: Mapping[str, Table] = MappingProxyType({
    "tracker.heart_rate": _HEART, "heart_rate": _HEART,
    "tracker.pedometer_step_count": _STEPS, "step_count": _STEPS,
    "step_daily_trend": Table(DAILY, _DAY_STEPS, combined=True),
    "tracker.pedometer_day_summary": Table(DAILY, _DAY_STEPS, apart=True),
    "activity.day_summary": Table(DAILY, {
        **_DAY_STEPS, "floor_count": Take("floors", grain="1d", lasts=DAY), "exercise_time": _PART, "walk_time": _PART, "run_time": _PART,
        "others_time": _PART, "score": _SCORE, "longest_active_time": _KEPT_NOT, "longest_idle_time": _KEPT_NOT,
    }, apart=True),
    "calories_burned.details": Table(DAILY, {
        "active_calorie": Take("energy_active", grain="1d", lasts=DAY), "rest_calorie": Take("energy_basal", grain="1d", lasts=DAY),
        "tef_calorie": _KEPT_NOT, "active_time": _PART, "total_exercise_calories": _PART, "exercise_calories": _PART,
        "calories_goal": Leave("goal_not_measured"),
    }, apart=True),
    "tracker.floors_day_summary": Table(DAILY, {"floor_count": Take("floors", grain="1d", lasts=DAY)}, apart=True),
    "floors_climbed": Table(SPAN, {"floor": Take("floors")}, apart=True),
    "sleep": _SLEEP,
    "sleep_stage": Table(SPAN, {"stage": Take("sleep_stage", states=_STAGES)}),
    "weight": _WEIGHT, "tracker.weight": _WEIGHT,
    "height": Table(INSTANT, {"height": Take("height", none=_ZERO)}),
    "blood_pressure": _PRESSURE, "tracker.blood_pressure": _PRESSURE,
    "blood_glucose": _GLUCOSE, "tracker.blood_glucose": _GLUCOSE,
    "oxygen_saturation": _OXYGEN, "tracker.oxygen_saturation": _OXYGEN,
    "body_temperature": Table(INSTANT, {"temperature": Take("temp", none=_ZERO)}),
    "tracker.body_temperature": Table(INSTANT, {"temperature": Take("temp", none=_ZERO)}),
    "skin_temperature": Table(SPAN, _CELSIUS), "tracker.skin_temperature": Table(SPAN, _CELSIUS),
    "exercise": _EXERCISE,
    "respiratory_rate": Table(SPAN, {"average": Take("rr", none=_ZERO), "lower_limit": _PART, "upper_limit": _PART}),
    "hba1c": Table(INSTANT, {"hba1c": Take("hba1c", none=_ZERO)}),
    "hrv": Table(SPAN, {"binning_data": _ELSEWHERE}),
    "stress": Table(SPAN, {"score": _SCORE, **_RANGES}),
})  # fmt: skip
"""By the name of the table without "com.samsung.health." or "com.samsung.shealth."."""

GOALS = ("goal", "target", "recommendation", "reward", "badge", "program", "preferences", "user_profile", "social", "insight", "best_records",
         "device_profile", "food", "nutrition", "water", "caffeine", "permission", "service", "breathing", "challenge")  # fmt: skip
"""Words in the names of tables that hold no measurement of ours."""
