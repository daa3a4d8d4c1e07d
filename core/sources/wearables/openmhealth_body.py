"""This is the place where the body of an Open mHealth or IEEE 1752.1 data point becomes entries: every measure it holds, at its one time.

A body is taken whole: where one part of it cannot be read, the rest is put aside with it (half a blood pressure is none). A mean is the
value over its interval; a minimum, maximum, count or quantile is no measurement of its own, nor is a sum "per day" of longer. What sums,
and what is a duration, needs an interval. Vigorous minutes end a nanosecond earlier than moderate ones, so that both of one time are
kept and add up. A glucose is continuous where its specimen is interstitial fluid, its list is "cgm" or its device such a sensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from core.domain.samples import ABOVE, BELOW
from core.sources.wearables.apple_values import cuffless, is_sensor
from core.sources.wearables.collect import Place
from core.sources.wearables.json_fields import (
    MISSING,
    NO_READING,
    NOT_KEPT,
    UNIT_MISSING,
    UNIT_UNKNOWN,
    UNKNOWN,
    WRONG_KIND,
    Entries,
    Odd,
    When,
    dig,
    number,
    text,
)  # fmt: skip
from core.sources.wearables.openmhealth_table import (
    AROUND_ACTIVITY,
    CONTEXT,
    MEASURES,
    STATISTICS,
    Measure,
    converted,
)  # fmt: skip
from core.sources.wearables.openmhealth_time import UNCLEAR_TIME, frame_of, grain_of
from core.sources.wearables.openmhealth_words import activity, stage

NOT_MEASURED = Odd("not_followed", "statistic_not_measured")
UNKNOWN_STATISTIC = Odd("quarantined", "statistic_unknown")
PUT_ASIDE = Odd("quarantined", "part_unreadable")
PART_MISSING = Odd("quarantined", "part_missing")
UNKNOWN_CONTEXT = Odd("quarantined", "context_unknown")
_SENSOR_LIMITS = {"low": (40.0, BELOW), "high": (400.0, ABOVE)}
"""What Dexcom's sensors show beyond what they measure, in mg/dL (Dexcom G6 and G7 user guides)."""
_ON_SKIN = ("wrist", "finger", "toe", "hand", "foot", "thumb")
_HALVES = frozenset({"systolic_blood_pressure", "diastolic_blood_pressure"})
_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Origin:
    """What stands around a body: whose and by what it is, whether somebody typed it, and the name of the list it came in."""

    device: str = ""
    subject: str = ""
    typed: int = 0
    kind: str = ""
    inside: str = ""
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One value of a body, before it is known whether the body can be taken."""

    name: str
    signal: str
    value: float | Odd
    when: When | Odd
    quality: int = 0
    grain: str = ""


def read_body(entries: Entries, body: Any, origin: Origin, at: str) -> None:
    """All entries of a body, or of the lists in it."""
    if not isinstance(body, dict):
        entries.odd(origin.kind or "body", WRONG_KIND if body is not None else MISSING, at, subject=origin.subject)
        return
    nested = [(name, value) for name, value in body.items() if _holds_bodies(name, value)] if origin.depth < _DEEPEST else []
    parts = _parts(body, origin)
    for part in _whole(body, parts):
        place = Place(part.signal, origin.device, part.grain, origin.subject)
        entries.put(part.name, place, part.when, part.value, part.quality | origin.typed, at)
    for name, inner in nested:
        for number_, one in enumerate(inner if isinstance(inner, list) else [inner]):
            around = replace(origin, inside=name, depth=origin.depth + 1)
            read_body(entries, _in_list(name, one, body), around, f"{at}.{name}[{number_}]")
    if not parts and not nested:
        said = any(value is not None for name, value in body.items() if name not in CONTEXT and name not in MEASURES)
        entries.odd(origin.kind or "body", UNKNOWN if said else MISSING, at, subject=origin.subject)


def _holds_bodies(name: str, value: Any) -> bool:
    if name in CONTEXT or name == "sleep_stage_time_frame":
        return False
    if isinstance(value, list):
        return True
    return isinstance(value, dict) and "value" not in value and name not in MEASURES and any(one in MEASURES for one in value)


def _in_list(name: str, one: Any, around: Mapping[str, Any]) -> Any:
    """An element of a list as a body: a value alone is one under the list's name, at the time of what is around where it has none."""
    if not isinstance(one, dict):
        return one
    if name in MEASURES and "value" in one and name not in one:
        one = {name: {key: one[key] for key in ("value", "unit") if key in one}, **{key: one[key] for key in one if key in CONTEXT}}
    timed = "effective_time_frame" in one or "sleep_stage_time_frame" in one
    return one if timed or "effective_time_frame" not in around else {**one, "effective_time_frame": around["effective_time_frame"]}


def _whole(body: Mapping[str, Any], parts: list[Part]) -> list[Part]:
    """The parts, all odd where one of them cannot be read or what belongs to them is missing."""
    names = {part.name for part in parts}
    odd: Odd | None = _context(body)
    if odd is None and len(_HALVES & names) == 1:
        odd = PART_MISSING
    if odd is None and {"distance", "kcal_burned"} <= names and "activity_name" not in body:
        odd = PART_MISSING
    if odd is None and any(isinstance(part.value, Odd) and part.value.outcome in ("refused", "quarantined") for part in parts):
        odd = PUT_ASIDE
    return parts if odd is None else [part if isinstance(part.value, Odd) else replace(part, value=odd) for part in parts]


def _context(body: Mapping[str, Any]) -> Odd | None:
    """What makes a body one that cannot be trusted: words that its schema does not have."""
    around = body.get("temporal_relationship_to_physical_activity")
    if around is not None and (not isinstance(around, str) or around not in AROUND_ACTIVITY):
        return UNKNOWN_CONTEXT
    flow = body.get("supplemental_oxygen_flow_rate")
    if flow is not None and dig(flow, "unit") != "L/min":
        return UNKNOWN_CONTEXT
    facts = body.get("metadata")
    if facts is not None and not (
        isinstance(facts, list) and all(isinstance(one, dict) and {"key", "value"} <= set(one) for one in facts)
    ):
        return WRONG_KIND
    return None


def _statistic(body: Mapping[str, Any]) -> Odd | str:
    said = body.get("descriptive_statistic")
    if said is None:
        return ""
    if not isinstance(said, str) or said not in STATISTICS:
        return UNKNOWN_STATISTIC
    return said if said in ("average", "sum") else NOT_MEASURED


def _parts(body: Mapping[str, Any], origin: Origin) -> list[Part]:
    when, statistic = frame_of(body), _statistic(body)
    parts = []
    for name, raw in body.items():
        measure = _measure(name, body, origin)
        if measure is not None and raw is not None and not isinstance(raw, list):
            parts.append(_part(name, raw, measure, when, statistic, origin))
        elif measure is None and name not in CONTEXT and isinstance(raw, dict) and {"value", "unit"} <= set(raw):
            parts.append(Part(name, "", UNKNOWN, when))
    if isinstance(body.get("sleep_stage_state"), str):
        parts.append(Part("sleep_stage_state", "sleep_stage", stage(body["sleep_stage_state"]), _lasting(when)))
    if body.get("activity_name") is not None:
        signal, value = activity(text(body, "activity_name"), when)
        parts.append(Part("activity_name", signal, value, _lasting(when) if signal == "sedentary_minutes" else when))
    return parts


def _measure(name: str, body: Mapping[str, Any], origin: Origin) -> Measure | None:
    measure = MEASURES.get(name)
    if name == "blood_glucose" and measure is not None:
        specimen = text(body, "specimen_source") or text(body, "blood_specimen_type")
        sensor = specimen == "interstitial fluid" or origin.inside == "cgm" or is_sensor(origin.device, "")
        return replace(measure, signal="cgm_glucose") if sensor and not origin.typed else measure
    if name == "body_temperature" and measure is not None:
        on_skin = any(place in text(body, "measurement_location") for place in _ON_SKIN)
        return replace(measure, signal="skin_temp") if on_skin else measure
    if (
        name == "base_movement_quantity"
        and measure is not None
        and dig(body[name], "unit") in ("laps", "skips", "movements", "strokes")
    ):
        return Measure(odd=NOT_KEPT)
    if name == "heart_rate_variability":
        written = text(body, "algorithm").lower() or text(body, "heart_rate_variability.algorithm").lower()
        signal = next((f"hrv_{one}" for one in ("sdnn", "rmssd") if one in written), "")
        return (
            replace(MEASURES["sleep_duration"], signal=signal, interval=False, grain="")
            if signal
            else Measure(odd=Odd("quarantined", "unclear"))
        )
    return measure


def _part(name: str, raw: Any, measure: Measure, when: When | Odd, statistic: Odd | str, origin: Origin) -> Part:
    if measure.odd is not None:
        return Part(name, measure.signal, measure.odd, when)
    value, quality = _value(raw, measure, origin)
    when = _lasting(when) if measure.interval else when
    average = statistic == "average"
    if not isinstance(statistic, Odd) and ((average and measure.interval) or (statistic == "sum" and not measure.interval)):
        statistic = NOT_MEASURED
    if isinstance(statistic, Odd) and not isinstance(value, Odd):
        value = when if isinstance(when, Odd) else statistic
    grain = measure.grain or (grain_of(when, average) if isinstance(when, When) and (average or measure.interval) else "")
    if name == "duration_vigorous_activity" and isinstance(when, When) and when.end is not None:
        when = when._replace(end=when.end - 1)
    if measure.signal in ("sbp", "dbp"):
        quality |= cuffless(origin.device, "")
    return Part(name, measure.signal, value, when, quality, grain)


def _value(raw: Any, measure: Measure, origin: Origin) -> tuple[float | Odd, int]:
    """(value in the signal's unit, quality bits)."""
    if not isinstance(raw, dict):
        return (number(raw) if measure.bare else WRONG_KIND), 0
    written, unit = raw.get("value"), raw.get("unit")
    if isinstance(written, str) and measure.signal == "cgm_glucose" and "dexcom" in origin.device.lower():
        limit = _SENSOR_LIMITS.get(written.lower())
        if limit is not None:
            return limit
    if isinstance(written, str) and not written.strip():
        return NO_READING, 0
    value = number(written)
    if isinstance(value, Odd):
        return value, 0
    if unit is None:
        return UNIT_MISSING, 0
    into = converted(value, unit, measure) if isinstance(unit, str) else UNIT_UNKNOWN
    return (NO_READING if measure.none and value <= 0 and not isinstance(into, Odd) else into), 0


def _lasting(when: When | Odd) -> When | Odd:
    return UNCLEAR_TIME if isinstance(when, When) and when.end is None else when
