"""This is the place where it stands what the tables of a Health Connect export hold: which columns are values, of what, in what unit.

Table and column names, units and codes: Android's HealthFitness module (storage/datatypehelpers, health.connect.datatypes). Weight is in
grams, energy in small calories, length in metres, temperature in degrees Celsius, glucose in mmol/L.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.samples import ESTIMATED, MANUAL
from core.domain.signals_table import CYCLE_FLOW, SLEEP_STAGES, WORKOUTS


@dataclass(frozen=True, slots=True)
class Value:
    """A column: the signal and by what its number is multiplied. `positive`: nothing or less means that nothing was read. `codes`
    turns codes into values; a code that isn't there ends as `otherwise` (outcome, why), or where that is a number, as it."""

    signal: str
    times: float = 1.0
    positive: bool = True
    quality: int = 0
    codes: Mapping[int, float] = field(default_factory=dict)
    otherwise: tuple[str, str] | float = ("quarantined", "value_unknown")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the columns of its times and its values. `parent`: the table that says where its rows come from, by parent_key.
    `turned`: a column whose code makes the value another signal."""

    values: Mapping[str, Value]
    start: str = "time"
    end: str = ""
    offset: str = "zone_offset"
    parent: str = ""
    turned: tuple[str, Mapping[int, str]] = ("", MappingProxyType({}))


def _span(**values: Value) -> Table:
    return Table(values, "start_time", "end_time", "start_zone_offset")


def _series(parent: str, **values: Value) -> Table:
    return Table(values, "epoch_millis", "", "start_zone_offset", parent)


def _codes(names: tuple[str, ...], **codes: str) -> dict[int, float]:
    return {int(code): float(names.index(name)) for name, listed in codes.items() for code in listed.split()}


_STAGES = _codes(SLEEP_STAGES, awake="1 3 7", asleep="2", light="4", deep="5", rem="6")
_EXERCISES = _codes(
    WORKOUTS, walking="53", running="33 34", cycling="4 5", swimming="48 49 54", strength="6 8 45 55", yoga="27 46 57", hiking="21 29 39",
    rowing="24 31 61", team_sport="2 3 9 13 14 19 22 30 32 41 42 52", elliptical="44 59 60",
)  # fmt: skip
_FLOWS = _codes(CYCLE_FLOW, unspecified="0", light="1", medium="2", heavy="3")
ONCE, LASTED, TOLD = "?once", "?lasted", "?told"
"""Columns that no table has: nothing but that the row is there (0); how many ms it lasted; whether stages tell of a night (1)."""
SESSIONS, STAGES = "sleep_session_record_table", "sleep_stages_table"
_INTERSTITIAL, _FINGER, _TOE, _WRIST = 1, 2, 7, 9
_SKIN = MappingProxyType({_FINGER: "skin_temp", _TOE: "skin_temp", _WRIST: "skin_temp"})
_KCAL = 0.001
_CELSIUS = Value("temp", positive=False)
GLUCOSE = 18.0182
"""mg/dL for one mmol/L, as in the table of signals."""

TABLES: Mapping[str, Table] = MappingProxyType({
    "steps_record_table": _span(count=Value("steps", positive=False)),
    "distance_record_table": _span(distance=Value("distance", positive=False)),
    "active_calories_burned_record_table": _span(energy=Value("energy_active", _KCAL, positive=False)),
    "total_calories_burned_record_table": _span(energy=Value("energy_total", _KCAL, positive=False)),
    "floors_climbed_record_table": _span(floors=Value("floors", positive=False)),
    "exercise_session_record_table": _span(exercise_type=Value("workout", codes=_EXERCISES, otherwise=0.0)),
    "heart_rate_record_series_table": _series("heart_rate_record_table", beats_per_minute=Value("hr")),
    "skin_temperature_delta_table": _series("skin_temperature_record_table", delta=Value("skin_temp_change", positive=False)),
    STAGES: Table(
        {"stage_type": Value("sleep_stage", codes={**_STAGES}, otherwise=("not_followed", "no_reading"))},
        "stage_start_time", "stage_end_time", "start_zone_offset", SESSIONS,
    ),
    "weight_record_table": Table({"weight": Value("weight", 0.001)}),
    "height_record_table": Table({"height": Value("height", 100.0)}),
    "body_fat_record_table": Table({"percentage": Value("body_fat")}),
    "lean_body_mass_record_table": Table({"mass": Value("lean_mass", 0.001)}),
    "blood_pressure_record_table": Table({"systolic": Value("sbp"), "diastolic": Value("dbp")}),
    "blood_glucose_record_table": Table({"level": Value("glucose", GLUCOSE)}, turned=("specimen_source", {_INTERSTITIAL: "cgm_glucose"})),
    "oxygen_saturation_record_table": Table({"percentage": Value("spo2")}),
    "resting_heart_rate_record_table": Table({"beats_per_minute": Value("rhr")}),
    "heart_rate_variability_rmssd_record_table": Table({"heart_rate_variability_millis": Value("hrv_rmssd")}),
    "respiratory_rate_record_table": Table({"rate": Value("rr")}),
    "body_temperature_record_table": Table({"temperature": _CELSIUS}, turned=("measurement_location", _SKIN)),
    "basal_body_temperature_record_table": Table({"temperature": _CELSIUS}, turned=("measurement_location", _SKIN)),
    "vo2_max_record_table": Table({"vo2_milliliters_per_minute_kilogram": Value("vo2max", quality=ESTIMATED)}),
    "menstruation_flow_record_table": Table({"flow": Value("cycle", quality=MANUAL, codes=_FLOWS)}),
    "intermenstrual_bleeding_record_table": Table({ONCE: Value("cycle", quality=MANUAL, codes={0: float(CYCLE_FLOW.index("spotting"))})}),
    "activity_intensity_record_table": _span(**{LASTED: Value("active_minutes", 1 / 60_000, positive=False)}),
    SESSIONS: _span(**{
        TOLD: Value("sleep_stage", codes={0: float(SLEEP_STAGES.index("asleep"))}, otherwise=("not_followed", "summary_of_others"))
    }),
})  # fmt: skip
"""What is read, each table by itself. A finger's, toe's or wrist's temperature is the skin's."""
PARENTS = frozenset({"heart_rate_record_table", "skin_temperature_record_table"})
"""Tables that hold nothing but where the rows of another come from."""
MANUAL_ENTRY = 3
"""recording_method of what a person typed in."""

_LEFT = {
    "kind_not_taken": (
        "hydration_record_table nutrition_record_table elevation_gained_record_table wheelchair_pushes_record_table speed_record_table"
        " power_record_table steps_cadence_record_table cycling_pedaling_cadence_record_table basal_metabolic_rate_record_table"
        " bone_mass_record_table body_water_mass_record_table cervical_mucus_record_table ovulation_test_record_table"
        " sexual_activity_record_table menstruation_period_record_table mindfulness_session_record_table swimming_strokes_record_table"
        " menstrual_cycle_phase_record_table"
    ),
    "workout_route": "exercise_route_table",
    "part_of_another": "exercise_laps_table exercise_segments_table exercise_lap_table exercise_segment_table",
    "goal_not_measured": (
        "planned_exercise_session_record_table planned_exercise_session_blocks_table planned_exercise_session_steps_table"
        " planned_exercise_session_goals_table"
    ),
    "record_inside_export": "medical_resource_table",
}
LEFT: Mapping[str, str] = MappingProxyType({name: why for why, names in _LEFT.items() for name in names.split()})
"""Tables of things that are not taken, and why; each row is an entry."""
_OWN = """
    application_info_table device_info_table activity_date_table access_logs_table change_logs_table change_log_request_table
    change_logs_request_table read_access_logs_table preference_table health_data_category_priority_table migration_entity_table
    app_op_logs_table android_metadata device_data_sources_table device_data_provider_metadata_table medical_data_source_table
    medical_resource_indices_table backup_change_token_table room_master_table powerrecordtable speedrecordtable
    cyclingpedalingcadencerecordtable stepscadencerecordtable
"""
HOUSEKEEPING = frozenset(_OWN.split())
"""Tables of Health Connect's own; in lower case. Their rows are no entries."""
