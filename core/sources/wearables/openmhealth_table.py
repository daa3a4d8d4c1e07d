"""This is the place where the measures and units of Open mHealth and IEEE 1752.1 stand as rows: what each becomes, in which units it may come.

Names and units: the schemas of openmhealth.org (omh) and of IEEE 1752.1 (ieee). A unit is taken only where the schema of its measure
allows it: "km" of a weight is none, nor is "beat/min". Stone, grain, yard and tonne are exact by definition (1959 yard and pound).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from core.domain.signals import SIGNALS
from core.domain.units import linear
from core.sources.wearables.json_fields import NOT_KEPT, PART, UNIT_UNKNOWN, Odd

SINGLE_BEATS = Odd("not_followed", "single_beats")
UNIT_UNFIT = Odd("quarantined", "unit_unfit")
Units = Mapping[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Family:
    """Units that one kind of measure may come in, each as (mult, add) into `base` (UCUM)."""

    base: str
    units: Units


def _only(base: str, *names: str) -> Family:
    return Family(base, dict.fromkeys(names, (1.0, 0.0)))


def _scaled(base: str, **units: float) -> Family:
    return Family(base, {name: (mult, 0.0) for name, mult in units.items()})


RATE = _only("/min", "beats/min")
BREATHS = _only("/min", "breaths/min")
PRESSURE = _only("mm[Hg]", "mmHg")
PERCENT = _only("%", "%")
GLUCOSE_MASS, GLUCOSE_MOLAR = "mg/dL", "mmol/L"
INDEX = _only("kg/m2", "kg/m2", "kg/m^2")
ENERGY = _only("kcal", "kcal")
STEPS = _only("{steps}", "steps")
SCORE = _only("{score}", "score", "1")
OXYGEN_UPTAKE = _only("mL/kg/min", "mL/kg/min", "mL/(kg*min)", "mL/min/kg")
GLUCOSE = Family(GLUCOSE_MASS, {GLUCOSE_MASS: (1.0, 0.0), GLUCOSE_MOLAR: (18.0182, 0.0)})
TEMPERATURE = Family("Cel", {"C": (1.0, 0.0), "F": (5.0 / 9.0, -160.0 / 9.0), "K": (1.0, -273.15)})
LENGTH = Family("m", {**_scaled("m", fm=1e-15, pm=1e-12, nm=1e-9, um=1e-6, mm=1e-3, cm=0.01, m=1.0, km=1000.0, ft=0.3048, yd=0.9144,
                              mi=1609.344).units, "in": (0.0254, 0.0)})  # fmt: skip
MASS = _scaled(
    "kg",
    fg=1e-18,
    pg=1e-15,
    ng=1e-12,
    ug=1e-9,
    mg=1e-6,
    g=1e-3,
    kg=1.0,
    Tonne=1000.0,
    gr=6.479891e-5,
    oz=0.028349523125,
    lb=0.45359237,
)
DURATION = _scaled("s", ps=1e-12, ns=1e-9, us=1e-6, ms=1e-3, sec=1.0, min=60.0, h=3600.0, d=86_400.0, wk=604_800.0)
"""Months and years ("Mo", "yr") have no length of their own."""
_SECONDS = {"h": 3600.0, "min": 60.0, "ms": 0.001}
FAMILIES = (
    RATE,
    BREATHS,
    PRESSURE,
    PERCENT,
    INDEX,
    ENERGY,
    STEPS,
    SCORE,
    OXYGEN_UPTAKE,
    GLUCOSE,
    TEMPERATURE,
    LENGTH,
    MASS,
    DURATION,
)
KNOWN_UNITS = frozenset(unit for family in FAMILIES for unit in family.units)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a name in a body becomes. `odd` where it is not taken; `interval` where it is nothing without a beginning and an end;
    `none` where zero (or less) means that nothing was read; `bare` where the number may come without its unit."""

    signal: str = ""
    family: Family = SCORE
    odd: Odd | None = None
    interval: bool = False
    none: bool = False
    bare: bool = False
    grain: str = ""


def _night(signal: str) -> Measure:
    return Measure(signal, DURATION, interval=True, grain="1d")


_NOT_KEPT = """
    ambient_temperature ambient_light ambient_sound acceleration_x acceleration_y acceleration_z angular_velocity_x angular_velocity_y
    angular_velocity_z magnetic_field_strength_x magnetic_field_strength_y magnetic_field_strength_z latitude longitude altitude bearing
    speed pace average_speed average_cadence breath_carbon_monoxide expiratory_time inspiratory_time ventilation_cycle_time minute_volume
    supplemental_oxygen_flow_rate met_value latency_to_sleep_onset latency_to_arising wake_after_sleep_onset number_of_awakenings
    sleep_maintenance_efficiency_percentage sleep_efficiency_percentage sleep_onset_latency time_in_bed apnea_hypopnea_index snore_index
    arousal_index awake_duration duration_light_activity stress medication_adherence_percent lights_off_time vertical_distance
"""
MEASURES: Mapping[str, Measure] = MappingProxyType(
    {
        "heart_rate": Measure("hr", RATE, none=True),
        "resting_heart_rate": Measure("rhr", RATE, none=True),
        "respiratory_rate": Measure("rr", BREATHS, none=True),
        "oxygen_saturation": Measure("spo2", PERCENT, none=True),
        "systolic_blood_pressure": Measure("sbp", PRESSURE, none=True),
        "diastolic_blood_pressure": Measure("dbp", PRESSURE, none=True),
        "blood_glucose": Measure("glucose", GLUCOSE, none=True),
        "body_temperature": Measure("temp", TEMPERATURE),
        "skin_temperature": Measure("skin_temp", TEMPERATURE),
        "body_weight": Measure("weight", MASS, none=True),
        "lean_body_mass": Measure("lean_mass", MASS, none=True),
        "body_height": Measure("height", LENGTH, none=True),
        "waist_circumference": Measure("waist", LENGTH, none=True),
        "body_mass_index": Measure("bmi", INDEX, none=True),
        "body_fat_percentage": Measure("body_fat", PERCENT, none=True),
        "vo2_max": Measure("vo2max", OXYGEN_UPTAKE, none=True),
        "pain": Measure("pain", SCORE, bare=True),
        "pain_intensity": Measure("pain", SCORE, bare=True),
        "mood": Measure("mood", SCORE, bare=True),
        "step_count": Measure("steps", STEPS, interval=True, bare=True),
        "base_movement_quantity": Measure("steps", STEPS, interval=True),
        "distance": Measure("distance", LENGTH, interval=True),
        "kcal_burned": Measure("energy_active", ENERGY, interval=True),
        "calories_value": Measure("energy_active", ENERGY, interval=True),
        "minutes_moderate_activity": Measure("active_minutes", DURATION, interval=True),
        "duration_moderate_activity": Measure("active_minutes", DURATION, interval=True),
        "duration_vigorous_activity": Measure("active_minutes", DURATION, interval=True),
        "sleep_duration": _night("sleep"),
        "total_sleep_time": _night("sleep"),
        "light_sleep_duration": _night("sleep_light"),
        "deep_sleep_duration": _night("sleep_deep"),
        "rem_sleep_duration": _night("sleep_rem"),
        "rr_interval": Measure(odd=SINGLE_BEATS),
        "duration": Measure(odd=PART),
        **{name: Measure(odd=NOT_KEPT) for name in _NOT_KEPT.split()},
    }
)
"""By their names in a body. kcal_burned is LOINC 41981-2, what activity burned. heart_rate_variability, activities, stages and what
HealthKit writes are read apart."""

_CONTEXT = """
    effective_time_frame descriptive_statistic descriptive_statistic_denominator user_notes temporal_relationship_to_physical_activity
    temporal_relationship_to_meal temporal_relationship_to_sleep blood_specimen_type specimen_source position_during_measurement
    body_posture measurement_location measurement_method system sensor_body_location oxygen_therapy_mode_of_administration
    reported_activity_intensity is_main_sleep activity_name algorithm metadata
"""
CONTEXT = frozenset(_CONTEXT.split())
"""Names that say something about a measure."""
AROUND_ACTIVITY = frozenset({"at rest", "active", "before exercise", "after exercise", "during exercise"})
STATISTICS = frozenset(
    """
    average|count|maximum|median|minimum|standard deviation|variance|sum|20th percentile|80th percentile|lower quartile|upper quartile|
    quartile deviation|1st quintile|2nd quintile|3rd quintile|4th quintile
    """.replace("\n", "")
    .replace("  ", "")
    .split("|")
)


@cache
def factors(signal: str, base: str) -> tuple[float, float] | None:
    return linear(base, SIGNALS[signal].unit, signal)


def converted(value: float, unit: str, measure: Measure) -> float | Odd:
    """A value in its signal's unit."""
    into = measure.family.units.get(unit)
    if into is None:
        return UNIT_UNFIT if unit in KNOWN_UNITS else UNIT_UNKNOWN
    if measure.family is DURATION and SIGNALS[measure.signal].unit in _SECONDS:
        return value * into[0] / _SECONDS[SIGNALS[measure.signal].unit]
    further = factors(measure.signal, measure.family.base)
    return UNIT_UNFIT if further is None else (value * into[0] + into[1]) * further[0] + further[1]
