"""This is the place where the words of Open mHealth and IEEE 1752.1 are understood: stages of sleep, activities, who measured."""

from __future__ import annotations

from typing import Any

from core.domain.samples import MANUAL
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.clock import MINUTE
from core.sources.wearables.fitbit_records import sport
from core.sources.wearables.json_fields import MISSING, NO_MEASUREMENT, NO_READING, Odd, When

_STAGES = {
    "awake": "awake", "wake": "awake", "light": "light", "n1": "light", "n2": "light", "deep": "deep", "n3": "deep", "n4": "deep", "rem": "rem",
    "asleep": "asleep", "sleep": "asleep", "sleeping": "asleep", "unspecified": "asleep", "restless": "restless", "in bed": "in_bed", "inbed": "in_bed",
}  # fmt: skip
_NO_STAGE = frozenset({"unknown", "unmeasurable", "out of bed", "not worn"})
_NO_WORKOUT = frozenset(
    {"generic", "still", "unknown", "in vehicle", "transport", "transportation", "sleeping", "kcal burned", "none"}
)
"""Names of activities that are no exercise."""


def plain(name: str) -> str:
    """A coded word as words: "Light_sleep" -> "light", "KCAL_BURNED" -> "kcal burned"."""
    words = name.replace("_", " ").replace("-", " ").strip().lower()
    return words.removesuffix(" sleep").removesuffix(" stage")


def stage(name: str) -> float | Odd:
    """A sleep stage by its word, as an index of SLEEP_STAGES."""
    words = plain(name)
    if words in _NO_STAGE:
        return NO_READING
    return float(SLEEP_STAGES.index(_STAGES[words])) if words in _STAGES else Odd("quarantined", "value_unknown")


def activity(name: str, when: When | Odd) -> tuple[str, float | Odd]:
    """(signal, value) of an activity: an exercise, time spent sitting (minutes), or the name of something that is neither."""
    words = plain(name)
    if not words:
        return "workout", MISSING
    if words == "sedentary":
        return "sedentary_minutes", (when.end - when.start) / MINUTE if isinstance(when, When) and when.end is not None else 0.0
    if words in _NO_WORKOUT or "daily" in words:
        return "workout", NO_MEASUREMENT
    known = words.replace(" ", "_")
    return "workout", float(WORKOUTS.index(known)) if known in WORKOUTS else sport(words)


def typed_by(modality: Any) -> int:
    """MANUAL where somebody wrote the value down."""
    return MANUAL if isinstance(modality, str) and modality.replace("_", "-").strip().lower() == "self-reported" else 0
