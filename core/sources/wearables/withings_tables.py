"""This is the place where the tables of a Withings export stand as rows: which columns and files are values, of what and in what unit."""

from __future__ import annotations

from collections.abc import Mapping

from core.sources.wearables.clock import DAY
from core.sources.wearables.csv_columns import Leave, Take

BODY = {"weight": "weight", "height": "height", "body temperature": "temp", "skin temperature": "skin_temp"}
KEPT_NOT = Leave("signal_not_kept")
HOURS = 1 / 3600
PLAIN: Mapping[str, Take | Leave] = {
    "heart rate": Take("hr", none=(0.0,)),
    "systolic": Take("sbp"),
    "diastolic": Take("dbp"),
    "spo2": Take("spo2", none=(0.0,)),
    "light (s)": Take("sleep_light", HOURS, grain="1d"),
    "deep (s)": Take("sleep_deep", HOURS, grain="1d"),
    "rem (s)": Take("sleep_rem", HOURS, grain="1d"),
    "gps": Leave("workout_route"),
    "data": KEPT_NOT,
    "comments": Leave("not_a_measurement"),
    "notes": Leave("not_a_measurement"),
}
STAGES = {0.0: 1, 1.0: 3, 2.0: 4, 3.0: 5}
"""Withings' awake, light, deep and REM, as SLEEP_STAGES."""
BY_NAME: Mapping[str, Take | Leave] = {
    "aggregates_steps": Take("steps", grain="1d", lasts=DAY),
    "aggregates_distance": Take("distance", grain="1d", lasts=DAY),
    "aggregates_calories_earned": Take("energy_active", grain="1d", lasts=DAY),
    "aggregates_calories_passive": Take("energy_basal", grain="1d", lasts=DAY),
    "aggregates_elevation": KEPT_NOT,
    "aggregates_manual_spo2": Leave("same_as_another"),
    "manual_spo2": Take("spo2", none=(0.0,)),
    "raw_tracker_steps": Take("steps"),
    "raw_tracker_distance": Take("distance"),
    "raw_tracker_calories-earned": Take("energy_active"),
    "raw_tracker_elevation": KEPT_NOT,
    "raw_hr_hr": Take("hr", none=(0.0,)),
    "raw_tracker_hr": Take("hr", none=(0.0,)),
    "raw_bed_hr": Take("hr", none=(0.0,)),
    "raw_bed_respiratory-rate": Take("rr", none=(0.0,)),
    "raw_spo2_auto_spo2": Take("spo2", none=(0.0,)),
    "raw_tracker_sleep-state": Take("sleep_stage", states=STAGES),
    "raw_bed_sleep-state": Take("sleep_stage", states=STAGES),
}
WORKOUTS = {
    "walking": "walking", "running": "running", "hiking": "hiking", "cycling": "cycling", "bicycling": "cycling", "indoor cycling": "cycling",
    "swimming": "swimming", "weights": "strength", "lift weights": "strength", "yoga": "yoga", "rowing": "rowing", "elliptical": "elliptical",
    "football": "team_sport", "basketball": "team_sport", "soccer": "team_sport", "volleyball": "team_sport", "rugby": "team_sport",
}  # fmt: skip
