"""This is the place where it stands what each field of Oura's JSON means: the interface's names (API v2) and the older export's (API v1).

The same rules as for Oura's tables (oura_csv.py). Durations are seconds, v1's activity minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.domain.samples import ESTIMATED
from core.sources.wearables.json_fields import GOAL, NOT_KEPT, PART, Odd

SCORE = Odd("not_followed", "score_not_kept")
_HOURS = 1 / 3600


@dataclass(frozen=True, slots=True)
class Field:
    """A number: canonical = number * mult. `day`: it belongs to the local day and not to the period. `zero`: zero is a reading."""

    signal: str
    mult: float = 1.0
    day: bool = False
    zero: bool = True
    quality: int = 0


def _read(signal: str, day: bool = False, quality: int = 0) -> Field:
    return Field(signal, 1.0, day, False, quality)


FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "total_sleep_duration": Field("sleep", _HOURS), "total": Field("sleep", _HOURS),
        "deep_sleep_duration": Field("sleep_deep", _HOURS), "deep": Field("sleep_deep", _HOURS),
        "light_sleep_duration": Field("sleep_light", _HOURS), "light": Field("sleep_light", _HOURS),
        "rem_sleep_duration": Field("sleep_rem", _HOURS), "rem": Field("sleep_rem", _HOURS),
        "average_heart_rate": _read("rhr"), "hr_average": _read("rhr"), "average_hrv": _read("hrv_rmssd"), "rmssd": _read("hrv_rmssd"),
        "average_breath": _read("rr"), "breath_average": _read("rr"), "temperature_deviation": Field("skin_temp_change", day=True),
        "steps": Field("steps", day=True), "active_calories": Field("energy_active", day=True), "cal_active": Field("energy_active", day=True),
        "total_calories": Field("energy_total", day=True), "cal_total": Field("energy_total", day=True),
        "sedentary_time": Field("sedentary_minutes", 1 / 60, True), "inactive": Field("sedentary_minutes", day=True),
        "vo2_max": _read("vo2max", True, ESTIMATED),
    }
)  # fmt: skip
"""Of a day or of a period of sleep, each once for it (grain "1d")."""
MOMENTS: Mapping[str, Field] = MappingProxyType({"bpm": _read("hr"), "skin_temp": _read("skin_temp")})
"""Of the moment of `timestamp`."""
LISTS: Mapping[str, str] = MappingProxyType({"heart_rate": "hr", "hrv": "hrv_rmssd", "hr_5min": "hr", "rmssd_5min": "hrv_rmssd"})
PHASES = ("sleep_phase_5_min", "hypnogram_5min")
GRAINS = {60: "1min", 300: "5min", 900: "15min", 3600: "1h"}
"""By the seconds of a list's interval; any other is a measurement as it came."""
LEFT: Mapping[str, Odd] = MappingProxyType(
    {
        "contributors": SCORE, "target_calories": GOAL, "target_meters": GOAL, "meters_to_target": GOAL, "target_km": GOAL, "target_miles": GOAL,
        "to_target_km": GOAL, "to_target_miles": GOAL, "readiness": PART, "sleep_phase_30_sec": PART, "app_sleep_phase_5_min": PART,
        "temperature_delta": PART, "distance": PART, "calories": PART, "duration": PART, "motion_count": NOT_KEPT, "movement_30_sec": NOT_KEPT, "met": NOT_KEPT, "met_1min": NOT_KEPT, "breathing_disturbance_index": NOT_KEPT,
    }
)  # fmt: skip
STRUCTURAL = frozenset({
    "id", "day", "date", "summary_date", "timestamp", "source", "bedtime_start", "bedtime_end", "start_datetime", "end_datetime", "type",
    "period", "period_id", "label", "activity", "intensity", "timezone", "is_longest", "bedtime_start_delta", "bedtime_end_delta",
    "midpoint_at_delta", "midpoint_time", "day_start", "day_end", "sleep_algorithm_version", "sleep_analysis_reason", "rest_mode_state",
    "ring_id", "producer_timestamp", "low_battery_alert", "mood", "spo2_percentage",
})  # fmt: skip
"""Names, times and marks, which are no entries; or fields that are read on their own."""
TAKEN_BACK = ("deleted", "rest")
"""Types of a period that the person deleted, or answered to be none (Oura API v2, "SleepType")."""
