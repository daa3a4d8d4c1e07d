"""This is the place where it stands what clinics call the columns and signals of a table of readings, so that nobody has to rename them first."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from core.domain.signals import SIGNALS, by_loinc

COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "time": ("timestamp", "datetime", "date_time", "measured_at", "date"), "signal": ("metric", "measure", "measurement", "vital", "type", "name"),
        "value": ("result", "reading"), "unit": ("units", "uom"), "who": (), "why": (),
    }
)  # fmt: skip
"""A column, and what else it may be called where no column has its own name."""
REQUIRED = ("time", "signal", "value", "unit")
PRESSURE = frozenset({"bp", "blood_pressure", "bp_panel", "nibp"})
"""Names of a pressure that is written as one cell, 120/80."""
_ALSO: Mapping[str, tuple[str, ...]] = {
    "weight": ("body_weight", "bodyweight", "wt", "mass", "body_mass"), "sbp": ("systolic", "systolic_bp", "bp_systolic", "sys", "systolic_blood_pressure", "blood_pressure_systolic", "sys_bp"),
    "dbp": ("diastolic", "diastolic_bp", "bp_diastolic", "dia", "diastolic_blood_pressure", "blood_pressure_diastolic", "dia_bp"),
    "hr": ("heart_rate", "heartrate", "pulse", "pulse_rate", "bpm"), "rhr": ("resting_heart_rate", "resting_hr", "resting_pulse"),
    "spo2": ("oxygen_saturation", "o2_sat", "o2sat", "sao2", "sat", "oxygen", "pulse_ox"), "temp": ("temperature", "body_temperature", "body_temp"),
    "rr": ("respiratory_rate", "resp_rate", "respiration_rate", "breathing_rate", "resp"), "glucose": ("blood_glucose", "blood_sugar", "bg", "smbg"), "cgm_glucose": ("cgm", "sensor_glucose"),
    "phq9_item9": ("phq9_q9", "phq9_9"), "ack": ("acknowledge", "acknowledged"), "resolve": ("resolved",), "snooze": ("mute",),
}  # fmt: skip
_NAMES = {other: key for key, others in _ALSO.items() for other in others if other not in SIGNALS}


def plain(name: str) -> str:
    """Lower case, with one underscore for whatever stands between words."""
    return re.sub(r"[^0-9a-z]+", "_", name.strip().lower()).strip("_")


def signal_key(name: str) -> str:
    """Our key of a signal's name, or of its LOINC code; a name nobody knows stays as it is."""
    key = plain(name)
    row = by_loinc(name.strip())
    return row.key if row is not None and key not in SIGNALS else _NAMES.get(key, key)


def columns(names: Sequence[str]) -> dict[str, int] | None:
    """Where each column stands, or None where a required one is missing or there twice."""
    at: dict[str, int] = {}
    plain_names = [plain(name) for name in names]
    for column, others in COLUMNS.items():
        mine = next((name for name in (column, *others) if name in plain_names), None)
        if mine is not None:
            at[column] = plain_names.index(mine)
            if plain_names.count(mine) > 1:
                return None
    return at if all(column in at for column in REQUIRED) else None
