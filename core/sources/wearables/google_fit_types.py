"""This is the place where it stands what each data type of Google Fit means to us, and by what name a stream's device goes.

Fields and units: Google Fit, "Data types" (public). Activity numbers: Google Fit, "Activity types".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from core.domain.signals_table import SLEEP_STAGES
from core.sources.wearables.json_fields import NOT_KEPT, Odd, text

_ROUTE = Odd("not_followed", "workout_route")
_SCORE = Odd("not_followed", "score_not_kept")
_FOOD = Odd("not_followed", "not_a_measurement")


@dataclass(frozen=True, slots=True)
class Field:
    """One value of a data point: canonical = value * mult. `none` are numbers that mean that nothing was read."""

    signal: str
    mult: float = 1.0
    index: int = 0
    optional: bool = False
    none: tuple[float, ...] = ()
    codes: Mapping[float, float] = field(default_factory=dict)


def _stage(name: str) -> float:
    return float(SLEEP_STAGES.index(name))


WORKOUT = (Field("workout"),)
SLEEP = (
    Field(
        "sleep_stage",
        codes={
            1.0: _stage("awake"),
            2.0: _stage("asleep"),
            3.0: _stage("awake"),
            4.0: _stage("light"),
            5.0: _stage("deep"),
            6.0: _stage("rem"),
        },
    ),
)
_GOOGLE = "com.google."
TYPES: Mapping[str, tuple[Field, ...]] = MappingProxyType(
    {
        _GOOGLE + "step_count.delta": (Field("steps"),), _GOOGLE + "distance.delta": (Field("distance"),),
        _GOOGLE + "calories.expended": (Field("energy_total"),), _GOOGLE + "active_minutes": (Field("active_minutes"),),
        _GOOGLE + "heart_rate.bpm": (Field("hr", none=(0.0,)),), _GOOGLE + "weight": (Field("weight", none=(0.0,)),),
        _GOOGLE + "height": (Field("height", 100.0, none=(0.0,)),), _GOOGLE + "body.fat.percentage": (Field("body_fat", none=(0.0,)),),
        _GOOGLE + "body.temperature": (Field("temp"),), _GOOGLE + "oxygen_saturation": (Field("spo2", none=(0.0,)),),
        _GOOGLE + "respiratory_rate": (Field("rr", none=(0.0,)),), _GOOGLE + "blood_glucose": (Field("glucose", 18.0182, none=(0.0,)),),
        _GOOGLE + "blood_pressure": (Field("sbp", none=(0.0,)), Field("dbp", 1.0, 1, none=(0.0,))),
    }
)  # fmt: skip
"""Blood glucose is mmol/L in Google Fit; the factor is the signal table's."""
STREAMS: Mapping[str, tuple[Field, ...] | Odd] = MappingProxyType(
    {
        _GOOGLE + "activity.segment": WORKOUT, _GOOGLE + "sleep.segment": SLEEP,
        _GOOGLE + "heart_minutes": _SCORE, _GOOGLE + "location.sample": _ROUTE, _GOOGLE + "location.bounding_box": _ROUTE,
        _GOOGLE + "nutrition": _FOOD, _GOOGLE + "hydration": _FOOD, _GOOGLE + "nutrition.source": _FOOD, _GOOGLE + "hydration.source": _FOOD,
        **{
            _GOOGLE + name: NOT_KEPT
            for name in (
                "speed", "calories.bmr", "step_count.cumulative", "step_count.cadence", "cycling.pedaling.cadence", "cycling.wheel_revolution.rpm",
                "cycling.pedaling.cumulative", "cycling.wheel_revolution.cumulative", "power.sample", "activity.exercise", "menstruation",
                "floor_change", "internal.goal", "body.waist.circumference", "body.hip.circumference", "activity.samples",
            )
        },
    }
)  # fmt: skip
SLEEP_NAMES = {
    "sleep": "asleep",
    "sleep.light": "light",
    "sleep.deep": "deep",
    "sleep.rem": "rem",
    "sleep.awake": "awake",
    "sleep.out_of_bed": "awake",
}
ACTIVITIES: Mapping[int, str] = MappingProxyType(
    {
        0: "", 3: "", 4: "", 5: "", 112: "awake", 72: "asleep", 109: "light", 110: "deep", 111: "rem",
        1: "bike", 14: "bike", 15: "bike", 16: "bike", 17: "bike", 18: "bike", 19: "bike", 7: "walk", 2: "walk", 93: "walk", 94: "walk", 95: "walk",
        116: "walk", 8: "run", 56: "run", 57: "run", 58: "run", 35: "hike", 82: "swim", 83: "swim", 84: "swim", 80: "strength", 97: "weights",
        100: "yoga", 49: "pilates", 53: "row", 103: "row", 25: "elliptical", 29: "soccer", 27: "football", 28: "football", 11: "basketball",
        89: "volleyball", 90: "volleyball", 91: "volleyball", 37: "hockey", 55: "rugby", 10: "baseball",
    }
)  # fmt: skip
"""A sport, a stage of sleep, or "" for what is neither (in a vehicle, still, unknown, tilting); anything else is another sport."""

_APPS = {
    "com.google.android.apps.fitness": "Google Fit", "com.google.android.gms": "Google Fit", "com.fitbit.fitbitmobile": "Fitbit",
    "com.xiaomi.hm.health": "Zepp Life", "com.huami.watch.hmwatchmanager": "Zepp", "com.sec.android.app.shealth": "Samsung Health",
    "com.strava": "Strava", "com.nike.plusgps": "Nike Run Club", "com.withings.wiscale2": "Withings", "com.ouraring.oura": "Oura",
    "com.garmin.android.apps.connectmobile": "Garmin Connect", "com.runtastic.android": "adidas Running", "com.polar.polarflow": "Polar Flow",
}  # fmt: skip


def device_of(source: str) -> str:
    """The device that a data source's id names ("raw:type:app:maker:model:id:stream"): maker and model, else the app; what Google
    merged is "Google Fit", what it worked out otherwise has the stream's name behind."""
    parts = source.split(":")
    app = parts[2] if len(parts) > 2 else ""
    if len(parts) >= 6 and parts[3] and parts[4]:
        return text(f"{parts[3]} {parts[4]}")
    stream = parts[-1] if len(parts) > 3 else ""
    name = _APPS.get(app.lower(), app) or "Google Fit"
    if parts[0] == "derived" and name == "Google Fit" and stream and not stream.startswith("merge_"):
        return text(f"Google Fit ({stream})")
    return text(name)
