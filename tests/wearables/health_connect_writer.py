"""This is the place where the tests make Health Connect exports: a database with the tables and columns of Android's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

NOON = 1_781_089_200_000
"""2026-06-10T11:00:00Z in epoch ms."""
INDIA = 19_800
_COMMON = (
    "row_id INTEGER PRIMARY KEY AUTOINCREMENT, uuid BLOB UNIQUE, last_modified_time INTEGER, client_record_id TEXT, client_record_version TEXT,"
    " device_info_id INTEGER, app_info_id INTEGER, recording_method INTEGER, dedupe_hash BLOB UNIQUE"
)
_INSTANT = _COMMON + ", time INTEGER, zone_offset INTEGER, local_date INTEGER"
_SPAN = _COMMON + ", start_time INTEGER, start_zone_offset INTEGER, end_time INTEGER, end_zone_offset INTEGER, local_date INTEGER"
_INSTANTS = {
    "weight": "weight REAL", "height": "height REAL", "body_fat": "percentage REAL", "lean_body_mass": "mass REAL",
    "blood_pressure": "systolic REAL, diastolic REAL, measurement_location TEXT, body_position TEXT",
    "blood_glucose": "specimen_source TEXT NOT NULL, level REAL, relation_to_meal TEXT, meal_type TEXT",
    "oxygen_saturation": "percentage REAL", "resting_heart_rate": "beats_per_minute INTEGER", "respiratory_rate": "rate REAL",
    "heart_rate_variability_rmssd": "heart_rate_variability_millis REAL", "body_temperature": "measurement_location INTEGER, temperature REAL",
    "vo2_max": "measurement_method INTEGER, vo2_milliliters_per_minute_kilogram REAL", "menstruation_flow": "flow INTEGER",
    "intermenstrual_bleeding": "", "basal_metabolic_rate": "basal_metabolic_rate REAL",
}  # fmt: skip
_SPANS = {
    "steps": "count INTEGER", "distance": "distance REAL", "active_calories_burned": "energy REAL", "total_calories_burned": "energy REAL",
    "floors_climbed": "floors REAL", "exercise_session": "exercise_type INTEGER, title TEXT, has_route INTEGER", "heart_rate": "",
    "skin_temperature": "baseline REAL, measurement_location INTEGER", "sleep_session": "notes TEXT, title TEXT",
    "activity_intensity": "activity_intensity_type INTEGER", "hydration": "volume REAL", "planned_exercise_session": "title TEXT",
}  # fmt: skip
_CHILDREN = {
    "heart_rate_record_series_table": "parent_key INTEGER, beats_per_minute INTEGER, epoch_millis INTEGER",
    "skin_temperature_delta_table": "parent_key INTEGER, delta REAL, epoch_millis INTEGER",
    "sleep_stages_table": "parent_key INTEGER, stage_start_time INTEGER, stage_end_time INTEGER, stage_type INTEGER",
    "exercise_route_table": "parent_key INTEGER, latitude REAL, longitude REAL, timestamp_millis INTEGER",
    "application_info_table": "row_id INTEGER PRIMARY KEY, package_name TEXT, app_name TEXT, app_icon BLOB",
    "device_info_table": "row_id INTEGER PRIMARY KEY, manufacturer TEXT, model TEXT, device_type INTEGER",
    "activity_date_table": "row_id INTEGER PRIMARY KEY, epoch_days INTEGER, record_type_id INTEGER",
    "android_metadata": "locale TEXT",
}
Rows = Mapping[str, Sequence[Mapping[str, Any]]]
APPS = [
    {"row_id": 1, "package_name": "com.fitbit", "app_name": "Fitbit"},
    {"row_id": 2, "package_name": "com.example.scale", "app_name": None},
]
DEVICES = [{"row_id": 1}, {"row_id": 2, "manufacturer": "Google", "model": "Pixel Watch 2", "device_type": 1}]


def write(path: Path, rows: Rows, more: Sequence[str] = (), page: int = 4096) -> Path:
    """A database with all tables and these rows, by table ("steps" means steps_record_table)."""
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA page_size={page}")
    database.execute("PRAGMA user_version=23")
    for names, common, local in (
        (_INSTANTS, _INSTANT, "time + 1000 * zone_offset"),
        (_SPANS, _SPAN, "start_time + 1000 * start_zone_offset"),
    ):
        for name, columns in names.items():
            own = f", {columns}" if columns else ""
            database.execute(f"CREATE TABLE {name}_record_table ({common}{own}, local_date_time INTEGER AS ({local}))")
    for name, columns in _CHILDREN.items():
        database.execute(f"CREATE TABLE {name} ({columns})")
    for statement in more:
        database.execute(statement)
    listed: dict[str, Sequence[Mapping[str, Any]]] = {"application_info_table": APPS, "device_info_table": DEVICES, **rows}
    for name, entries in listed.items():
        table = f"{name}_record_table" if name in _INSTANTS or name in _SPANS else name
        for entry in entries:
            holes = ", ".join("?" * len(entry))
            database.execute(f"INSERT INTO {table} ({', '.join(entry)}) VALUES ({holes})", tuple(entry.values()))
    database.commit()
    database.close()
    return path


def instant(minutes: int = 0, **values: Any) -> dict[str, Any]:
    return {
        "time": NOON + minutes * 60_000,
        "zone_offset": INDIA,
        "app_info_id": 1,
        "device_info_id": 2,
        "recording_method": 2,
        **values,
    }


def span(minutes: int = 0, lasts: int = 15, **values: Any) -> dict[str, Any]:
    start = NOON + minutes * 60_000
    return {
        "start_time": start, "end_time": start + lasts * 60_000, "start_zone_offset": INDIA, "end_zone_offset": INDIA,
        "app_info_id": 1, "device_info_id": 2, "recording_method": 2, **values,
    }  # fmt: skip


def full() -> dict[str, list[dict[str, Any]]]:
    """Some of everything."""
    return {
        "steps": [span(15 * at, count=100 + at) for at in range(8)],
        "distance": [span(0, distance=120.5)],
        "active_calories_burned": [span(0, energy=25_000.0)],
        "total_calories_burned": [span(0, energy=412_000.0)],
        "floors_climbed": [span(0, floors=3)],
        "exercise_session": [span(0, 40, exercise_type=33), span(60, 40, exercise_type=4), span(120, 40, exercise_type=26)],
        "heart_rate": [span(0, 5, row_id=7)],
        "heart_rate_record_series_table": [
            {"parent_key": 7, "beats_per_minute": 61 + at, "epoch_millis": NOON + 60_000 * at} for at in range(5)
        ],
        "skin_temperature": [span(0, 5, row_id=3, baseline=33.1)],
        "skin_temperature_delta_table": [{"parent_key": 3, "delta": -0.4, "epoch_millis": NOON}],
        "sleep_session": [span(0, 60, row_id=4), span(900, 45, row_id=5, recording_method=3)],
        "sleep_stages_table": [
            {
                "parent_key": 4,
                "stage_start_time": NOON + 600_000 * at,
                "stage_end_time": NOON + 600_000 * (at + 1),
                "stage_type": stage,
            }
            for at, stage in enumerate((1, 4, 5, 6, 7, 0))
        ],
        "weight": [instant(0, weight=71_250.0, app_info_id=2, device_info_id=1, recording_method=3)],
        "height": [instant(0, height=1.67)],
        "body_fat": [instant(0, percentage=28.9)],
        "lean_body_mass": [instant(0, mass=52_000.0)],
        "blood_pressure": [instant(0, systolic=125.0, diastolic=68.0)],
        "blood_glucose": [instant(0, specimen_source="1", level=5.5), instant(5, specimen_source="3", level=6.1)],
        "oxygen_saturation": [instant(0, percentage=97.0)],
        "resting_heart_rate": [instant(0, beats_per_minute=55)],
        "respiratory_rate": [instant(0, rate=14.6)],
        "heart_rate_variability_rmssd": [instant(0, heart_rate_variability_millis=40.9)],
        "body_temperature": [
            instant(0, temperature=36.7, measurement_location=4),
            instant(1, temperature=33.4, measurement_location=9),
        ],
        "vo2_max": [instant(0, vo2_milliliters_per_minute_kilogram=44.2)],
        "menstruation_flow": [instant(0, flow=2)],
        "intermenstrual_bleeding": [instant(0)],
        "activity_intensity": [span(0, 12, activity_intensity_type=1)],
        "hydration": [span(0, volume=0.3)],
        "basal_metabolic_rate": [instant(0, basal_metabolic_rate=70.5)],
        "planned_exercise_session": [span(0)],
        "exercise_route_table": [{"parent_key": 1, "latitude": 1.0, "longitude": 2.0, "timestamp_millis": NOON}],
        "activity_date_table": [{"epoch_days": 20_000, "record_type_id": 1}],
    }
