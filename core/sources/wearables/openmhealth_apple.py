"""This is the place where samples of HealthKit in the clothes of Open mHealth are read (the schemas "granola": hk-quantity-sample,
hk-category-sample, hk-correlation, hk-workout). Types mean what they mean in Apple's own export (apple_types.py)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.domain.samples import MANUAL
from core.domain.signals_table import WORKOUTS
from core.sources.wearables.apple_types import ACTIVITIES, CATEGORY, NOT_SAID, QUANTITY, Kind, kind_of
from core.sources.wearables.apple_values import factors
from core.sources.wearables.collect import Place
from core.sources.wearables.json_fields import (
    MISSING,
    NO_READING,
    UNIT_MISSING,
    UNKNOWN,
    WRONG_KIND,
    Entries,
    Odd,
    When,
    dig,
    number,
    text,
)
from core.sources.wearables.openmhealth_body import Origin, read_body
from core.sources.wearables.openmhealth_time import UNCLEAR_TIME, frame_of

_PREFIXES = (
    "",
    "HKCategoryValueSleepAnalysis",
    "HKCategoryValueMenstrualFlow",
    "HKCategoryValueSeverity",
    "HKCategoryValuePresence",
)
_SUMMING = frozenset({"steps", "distance", "energy_active", "energy_basal", "active_minutes", "floors", "sleep_stage"})
_NAMES = frozenset({"quantity_type", "category_type", "correlation_type"})
_WORKOUT = "HKWorkoutActivityType"


def is_apples(body: Any) -> bool:
    return isinstance(body, dict) and (not _NAMES.isdisjoint(body) or text(body, "activity_name").startswith(_WORKOUT))


def read_sample(entries: Entries, body: Mapping[str, Any], origin: Origin, at: str) -> None:
    """All entries of one sample."""
    if "correlation_type" in body:
        _correlation(entries, body, origin, at)
        return
    named = text(body, "quantity_type") or text(body, "category_type") or "Workout"
    fault = _fault(body)
    if fault is not None:
        entries.odd(named, fault, at, subject=origin.subject)
        return
    origin = replace(origin, typed=origin.typed | _typed(body))
    if named == "Workout":
        _workout(entries, body, origin, at)
        return
    kind, when = kind_of(named), frame_of(body)
    if not kind.signal:
        entries.odd(named, Odd("not_followed", kind.why), at, subject=origin.subject)
        return
    if kind.signal in _SUMMING and isinstance(when, When) and when.end is None:
        when = UNCLEAR_TIME
    value = (
        _quantity(body, kind) if named.startswith(QUANTITY) else _category(body, kind) if named.startswith(CATEGORY) else UNKNOWN
    )
    place = Place(kind.signal, origin.device, "", origin.subject)
    entries.put(named, place, when, value, kind.quality | origin.typed, at)


def _fault(body: Mapping[str, Any]) -> Odd | None:
    facts = body.get("metadata")
    if facts is not None and not (
        isinstance(facts, list) and all(isinstance(one, dict) and {"key", "value"} <= set(one) for one in facts)
    ):
        return WRONG_KIND
    if "quantity_type" in body and "count" in body and "unit_value" in body:
        return Odd("refused", "two_values")
    if "category_type" in body and not text(body, "category_type").startswith(CATEGORY):
        return UNKNOWN
    return None


def _typed(body: Mapping[str, Any]) -> int:
    facts = body.get("metadata") or []
    return MANUAL if any(one["key"] == "HKMetadataKeyWasUserEntered" and one["value"] is True for one in facts) else 0


def _quantity(body: Mapping[str, Any], kind: Kind) -> float | Odd:
    if "count" in body:
        value, unit = number(body["count"]), "count"
    else:
        value, unit = number(body, "unit_value.value"), text(body, "unit_value.unit")
    if isinstance(value, Odd):
        return value
    if kind.positive and value <= 0:
        return NO_READING
    if not unit:
        return UNIT_MISSING
    if unit == "%":  # HealthKit counts in fractions; neither oxygen nor fat can be one percent or less
        return value * 100 if value <= 1 else value
    into = factors("count/min" if unit == "beats/min" else unit, kind.signal)
    return Odd("quarantined", into) if isinstance(into, str) else value * into[0] + into[1]


def _category(body: Mapping[str, Any], kind: Kind) -> float | Odd:
    if kind.always is not None:
        return kind.always
    written = body.get("category_value")
    if written is None:
        return MISSING
    found = (
        next((kind.codes[one + written] for one in _PREFIXES if one + written in kind.codes), None)
        if isinstance(written, str)
        else None
    )
    if found is None:
        return Odd("quarantined", "value_unknown")
    return Odd("not_followed", "severity_not_said") if found == NOT_SAID else found


def _correlation(entries: Entries, body: Mapping[str, Any], origin: Origin, at: str) -> None:
    """What was measured together; the samples count, the bond does not."""
    lists = [(name, body[name]) for name in ("quantity_samples", "category_samples") if isinstance(body.get(name), list)]
    sound = (
        text(body, "correlation_type").startswith("HKCorrelationTypeIdentifier")
        and isinstance(frame_of(body), When)
        and _fault(body) is None
    )
    inner = [(f"{at}.{name}[{number_}]", one) for name, samples in lists for number_, one in enumerate(samples)]
    if not inner:
        entries.odd("correlation", MISSING, at, subject=origin.subject)
    for where, one in inner:
        if sound and is_apples(one) and "correlation_type" not in one:
            read_sample(entries, one, replace(origin, typed=origin.typed | _typed(body)), where)
        else:
            entries.odd("correlation", WRONG_KIND, where, subject=origin.subject)


def _workout(entries: Entries, body: Mapping[str, Any], origin: Origin, at: str) -> None:
    """A workout; its distance and energy are read as those of any activity."""
    unit = dig(body, "duration.unit")
    if body.get("duration") is not None and unit != "sec":
        entries.odd("Workout", Odd("quarantined", "unit_unknown"), at, subject=origin.subject)
        return
    name = text(body, "activity_name")
    rest = {key: value for key, value in body.items() if key != "metadata"}
    read_body(entries, {**rest, "activity_name": WORKOUTS[int(ACTIVITIES.get(name, 0.0))]}, origin, at)
