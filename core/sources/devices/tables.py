"""This is the place where the Bluetooth profiles of measuring devices stand as tables: services, characteristics, layouts, and what each status bit means for a reading.

Facts of the Bluetooth SIG's adopted specifications: Blood Pressure 1.1, Weight Scale 1.0, Body Composition 1.0, Pulse Oximeter 1.0.1, Health Thermometer 1.0, Glucose 1.0.1, Heart Rate
1.0, Current Time 1.1, Device Information 1.1 and the GATT Specification Supplement. What a bit does to a reading (`effect`) is our choice: "keep" noted with it; "doubt" noted, and
measuring again is better; "unfit" not taken; "passing" it isn't over yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.kiosk.terms import Measure
from core.sources.devices.layouts import Field, Layout

PRESSURE, CUFF, WEIGHT, BODY, SPOT, OXIMETER = 0x2A35, 0x2A36, 0x2A9D, 0x2A9C, 0x2A5E, 0x2A5F
THERMOMETER, THERMOMETER_NOW, GLUCOSE, GLUCOSE_CONTEXT, RACP, HEART = 0x2A1C, 0x2A1E, 0x2A18, 0x2A34, 0x2A52, 0x2A37
CURRENT_TIME, MAKER, MODEL, SERIAL = 0x2A2B, 0x2A29, 0x2A24, 0x2A25

MASS_SERVICES = (0x181D, 0x181B)
SERVICES: Mapping[Measure, tuple[int, ...]] = {
    Measure.BLOOD_PRESSURE: (0x1810,), Measure.WEIGHT: MASS_SERVICES, Measure.OXYGEN: (0x1822,), Measure.TEMPERATURE: (0x1809,), Measure.GLUCOSE: (0x1808,),
    Measure.PULSE: (0x180D,),
}  # fmt: skip
"""What a device that can measure it announces."""

FINAL: Mapping[Measure, tuple[int, ...]] = {
    Measure.BLOOD_PRESSURE: (PRESSURE,), Measure.WEIGHT: (WEIGHT, BODY), Measure.OXYGEN: (SPOT, OXIMETER), Measure.TEMPERATURE: (THERMOMETER,), Measure.GLUCOSE: (GLUCOSE,),
    Measure.PULSE: (HEART,),
}  # fmt: skip
"""The characteristics that carry results."""
PASSING: Mapping[Measure, tuple[int, ...]] = {Measure.BLOOD_PRESSURE: (CUFF,), Measure.TEMPERATURE: (THERMOMETER_NOW,)}
"""Those that show it while it goes on."""
STREAMS = frozenset({OXIMETER, HEART})
"""Those that send the present value all the time and have nothing stored."""

_BLOOD = (
    Field("systolic", "sfloat"), Field("diastolic", "sfloat"), Field("mean", "sfloat"), Field("time", "time", 1), Field("pulse", "sfloat", 2),
    Field("user", "u8", 3), Field("status", "u16", 4),
)  # fmt: skip
_SPO2 = (Field("oxygen", "sfloat"), Field("pulse", "sfloat"))
_HEAT = (Field("degrees", "float"), Field("time", "time", 1), Field("site", "u8", 2))

LAYOUTS: Mapping[int, Layout] = {
    PRESSURE: Layout("blood_pressure", 1, 0x1F, _BLOOD),
    CUFF: Layout("cuff_pressure", 1, 0x1F, _BLOOD),
    WEIGHT: Layout("weight", 1, 0x0F, (
        Field("mass", "u16"), Field("time", "time", 1), Field("user", "u8", 2), Field("bmi", "u16", 3), Field("height", "u16", 3),
    )),
    BODY: Layout("body_composition", 2, 0x1FFF, (
        Field("fat", "u16"), Field("time", "time", 1), Field("user", "u8", 2), Field("metabolism", "u16", 3), Field("muscle", "u16", 4), Field("muscle_mass", "u16", 5),
        Field("fat_free_mass", "u16", 6), Field("lean_mass", "u16", 7), Field("water_mass", "u16", 8), Field("impedance", "u16", 9), Field("mass", "u16", 10),
        Field("height", "u16", 11),
    )),
    SPOT: Layout("oxygen_spot", 1, 0x1F, (
        *_SPO2, Field("time", "time", 0), Field("status", "u16", 1), Field("sensor", "u24", 2), Field("amplitude", "sfloat", 3),
    )),
    OXIMETER: Layout("oxygen_stream", 1, 0x1F, (
        *_SPO2, Field("oxygen_fast", "sfloat", 0), Field("pulse_fast", "sfloat", 0), Field("oxygen_slow", "sfloat", 1), Field("pulse_slow", "sfloat", 1),
        Field("status", "u16", 2), Field("sensor", "u24", 3), Field("amplitude", "sfloat", 4),
    )),
    THERMOMETER: Layout("temperature", 1, 0x07, _HEAT),
    THERMOMETER_NOW: Layout("temperature_now", 1, 0x07, _HEAT),
    GLUCOSE: Layout("glucose", 1, 0x1F, (
        Field("sequence", "u16"), Field("time", "time"), Field("offset", "s16", 0), Field("concentration", "sfloat", 1), Field("sample", "u8", 1), Field("status", "u16", 3),
    )),
    GLUCOSE_CONTEXT: Layout("glucose_context", 1, 0xFF, (
        Field("sequence", "u16"), Field("more", "u8", 7), Field("carbohydrate", "u8", 0), Field("carbohydrate_kg", "sfloat", 0), Field("meal", "u8", 1),
        Field("tester_health", "u8", 2), Field("exercise_for", "u16", 3), Field("exercise", "u8", 3), Field("medicine", "u8", 4), Field("medicine_amount", "sfloat", 4),
        Field("hba1c", "sfloat", 6),
    )),
    HEART: Layout("heart_rate", 1, 0x1F, ()),  # its first field is one byte or two: see heart_layout
}  # fmt: skip


def heart_layout(flags: int) -> Layout:
    """The rate is one byte or two by bit 0."""
    rate = Field("pulse", "u16" if flags & 1 else "u8")
    return Layout("heart_rate", 1, 0x1F, (rate, Field("energy", "u16", 3), Field("interval", "u16", 4, many=True)))


@dataclass(frozen=True, slots=True)
class Bit:
    """What it means that `mask` of a status field reads `value`."""

    mask: int
    value: int
    code: str
    effect: str = "keep"


def _one(number: int, code: str, effect: str = "keep") -> Bit:
    return Bit(1 << number, 1 << number, code, effect)


PRESSURE_STATUS = (
    _one(0, "moved", "doubt"), _one(1, "cuff_loose", "doubt"), _one(2, "irregular_pulse"), Bit(0x18, 0x08, "pulse_above_range"), Bit(0x18, 0x10, "pulse_below_range"),
    _one(5, "position", "doubt"),
)  # fmt: skip
OXYGEN_STATUS = (
    _one(5, "ongoing", "passing"), _one(6, "early", "passing"), _one(7, "validated"), _one(8, "qualified"), _one(9, "stored"), _one(10, "demonstration", "unfit"),
    _one(11, "testing", "unfit"), _one(12, "calibrating", "passing"), _one(13, "unavailable", "unfit"), _one(14, "questionable", "doubt"), _one(15, "invalid", "unfit"),
)  # fmt: skip
SENSOR_STATUS = (
    _one(1, "device_fault", "unfit"), _one(2, "irregular_signal", "doubt"), _one(3, "inadequate_signal", "unfit"), _one(4, "poor_signal", "doubt"),
    _one(5, "low_perfusion", "doubt"), _one(6, "erratic_signal", "doubt"), _one(7, "no_pulse", "unfit"), _one(8, "questionable_pulse", "doubt"), _one(9, "analysing", "passing"),
    _one(10, "interference", "doubt"), _one(11, "not_on_person", "unfit"), _one(12, "unknown_sensor", "doubt"), _one(13, "displaced", "unfit"), _one(14, "sensor_fault", "unfit"),
    _one(15, "sensor_off", "unfit"),
)  # fmt: skip
GLUCOSE_STATUS = (
    _one(0, "battery_low"), _one(1, "sensor_fault", "unfit"), _one(2, "sample_small", "unfit"), _one(3, "strip_inserted_wrong", "unfit"), _one(4, "strip_wrong", "unfit"),
    _one(5, "above_range", "above"), _one(6, "below_range", "below"), _one(7, "too_hot", "unfit"), _one(8, "too_cold", "unfit"), _one(9, "strip_pulled", "unfit"),
    _one(10, "device_fault", "unfit"), _one(11, "time_fault"),
)  # fmt: skip
HEART_FLAGS = (Bit(0x06, 0x04, "no_contact", "unfit"),)
"""Contact is watched (bit 2), and there is none (bit 1)."""
SITES = {1: "armpit", 2: "body", 3: "ear", 4: "finger", 5: "gut", 6: "mouth", 7: "rectum", 8: "toe", 9: "eardrum"}
SITE_BITS = tuple(
    Bit(0xFF, number, f"site_{site}", "doubt" if site in ("finger", "toe") else "keep") for number, site in SITES.items()
)
"""A finger or a toe says little about a fever."""
SAMPLES = {
    1: "capillary_whole", 2: "capillary_plasma", 3: "venous_whole", 4: "venous_plasma", 5: "arterial_whole", 6: "arterial_plasma", 7: "whole", 8: "plasma", 9: "tissue",
}  # fmt: skip
CONTROL_TYPE, CONTROL_PLACE = 10, 4
SAMPLE_BITS = (
    *(Bit(0x0F, number, f"sample_{sample}") for number, sample in SAMPLES.items()), Bit(0x0F, CONTROL_TYPE, "control", "control"), Bit(0xF0, CONTROL_PLACE << 4, "control", "control"),
)  # fmt: skip
MEALS = {1: "before_meal", 2: "after_meal", 3: "fasting", 4: "casual", 5: "bedtime"}
STATUS: Mapping[int, Mapping[str, tuple[Bit, ...]]] = {
    PRESSURE: {"status": PRESSURE_STATUS},
    SPOT: {"status": OXYGEN_STATUS, "sensor": SENSOR_STATUS},
    OXIMETER: {"status": tuple(bit for bit in OXYGEN_STATUS if bit.code != "ongoing"), "sensor": SENSOR_STATUS},
    THERMOMETER: {"site": SITE_BITS},
    GLUCOSE: {"status": GLUCOSE_STATUS, "sample": SAMPLE_BITS},
}
"""Status fields by characteristic. A stream of oximetry always goes on: that isn't noted."""


@dataclass(frozen=True, slots=True)
class Value:
    """A field that is a signal: its unit without and with the flag `unit_bit`, and what a step of its whole number is worth in each (1: it is a number already)."""

    name: str
    signal: str
    units: tuple[str, str]
    steps: tuple[float, float] = (1.0, 1.0)
    unit_bit: int = 0
    needed: bool = True


_MMHG, _MASS, _RATE = ("mm[Hg]", "kPa"), ("kg", "[lb_av]"), ("/min", "/min")
VALUES: Mapping[int, tuple[Value, ...]] = {
    PRESSURE: (Value("systolic", "sbp", _MMHG), Value("diastolic", "dbp", _MMHG), Value("pulse", "hr", _RATE, needed=False)),
    CUFF: (Value("systolic", "sbp", _MMHG),),
    WEIGHT: (Value("mass", "weight", _MASS, (0.005, 0.01)),),
    BODY: (Value("mass", "weight", _MASS, (0.005, 0.01)),),
    SPOT: (Value("oxygen", "spo2", ("%", "%")), Value("pulse", "hr", _RATE, needed=False)),
    OXIMETER: (Value("oxygen", "spo2", ("%", "%")), Value("pulse", "hr", _RATE, needed=False)),
    THERMOMETER: (Value("degrees", "temp", ("Cel", "[degF]")),),
    THERMOMETER_NOW: (Value("degrees", "temp", ("Cel", "[degF]")),),
    GLUCOSE: (Value("concentration", "glucose", ("kg/L", "mol/L"), unit_bit=2),),
    HEART: (Value("pulse", "hr", _RATE),),
}
DIGITS = {"sbp": 1, "dbp": 1, "hr": 1, "weight": 3, "spo2": 1, "temp": 2, "glucose": 1}
"""Decimals that are kept where a value came in another unit."""
NO_MASS, NO_USER, OVERRUN = 0xFFFF, 0xFF, (0x7FFF, -0x8000)

RACP_LAST = bytes((0x01, 0x06))
"""Report stored records: the last one."""
RACP_SAYS = {
    1: "done",
    2: "refused",
    3: "refused",
    4: "refused",
    5: "refused",
    6: "none",
    7: "refused",
    8: "unfinished",
    9: "refused",
}
