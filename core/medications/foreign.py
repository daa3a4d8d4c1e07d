"""This is the place where foreign JSON about a dosage is taken by kind. Total: what is missing or of the wrong kind is None, never an exception."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from core.domain.time import PartialTime
from core.medications.steps import Length

LONGEST = 2_000
_CALENDAR = {"d": "d", "day": "d", "days": "d", "wk": "wk", "week": "wk", "weeks": "wk", "mo": "mo", "month": "mo", "months": "mo", "a": "a", "year": "a", "years": "a"}
_SECONDS = {"s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600}


def node(value: object) -> Mapping[str, Any]:
    """An object, or an empty one."""
    return value if isinstance(value, Mapping) else {}


def nodes(value: object) -> list[Mapping[str, Any]]:
    """The objects of an array (or a single one)."""
    if isinstance(value, Mapping):
        return [value]
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else []


def text(value: object) -> str:
    """A text without spaces around it and of bounded length."""
    return value[:LONGEST].strip() if isinstance(value, str) else ""


def number(value: object) -> float | None:
    """A finite number; a boolean or a text is none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) else None


def whole(value: object) -> int | None:
    """A whole number."""
    found = number(value)
    return int(found) if found is not None and found == int(found) and abs(found) < 1e9 else None


def time_text(value: object) -> str:
    """A FHIR date or dateTime, "" where it is none. An instant without an offset is none: it could be anywhere."""
    found = PartialTime.parse(value)
    if found is None or (found.precision == "instant" and not found.zoned) or not 1900 <= found.earliest.year <= 2200:
        return ""
    return found.text


def title(concept: object) -> str:
    """What a CodeableConcept is called."""
    found = node(concept)
    return text(found.get("text")) or next((text(one.get("display")) or text(one.get("code")) for one in nodes(found.get("coding"))), "")


def length(value: object, unit: object) -> Length | None:
    """A length of time of a value and a unit code or word, None where it is none."""
    found, name = number(value), text(unit).lower()
    if found is None or not 0 < found < 1e6:
        return None
    if name in _CALENDAR:
        return Length(found, _CALENDAR[name])
    return Length(found * _SECONDS[name], "s") if name in _SECONDS else None


def duration(quantity: object) -> Length | None:
    """A FHIR Duration."""
    found = node(quantity)
    return length(found.get("value"), found.get("code") or found.get("unit"))
