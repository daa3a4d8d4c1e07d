"""This is the place where the fields of a FIT message are taken by name: the value in the profile's unit, and as it was written."""

from __future__ import annotations

from typing import Any

from fitdecode import FitDataMessage

Fields = dict[str, tuple[Any, Any]]


def fields_of(message: FitDataMessage) -> tuple[Fields, int]:
    """(field by its name in the profile: value in the profile's unit and raw value; how many fields are not in it). Fields without
    a value are left out; of several of one name, the one that was written goes before one that was worked out from it."""
    fields: Fields = {}
    strangers = 0
    for one in message.fields:
        empty = one.raw_value is None or (isinstance(one.raw_value, tuple) and all(part is None for part in one.raw_value))
        if empty:
            continue
        if one.field is None or (one.field_def is not None and one.field_def.is_dev):
            strangers += 1
            continue
        name = (one.parent_field or one.field).name
        worked_out = one.field_def is None and name not in ("timestamp", "distance", "activity_type")
        if not worked_out and (name not in fields or one.field_def is not None):
            fields[name] = (one.value, one.raw_value)
    return fields, strangers


def value_of(fields: Fields, name: str) -> Any:
    found = fields.get(name)
    return found[0] if found else None


def number_of(fields: Fields, name: str) -> float | None:
    """A number, or None where there is none."""
    found = value_of(fields, name)
    return None if isinstance(found, bool) or not isinstance(found, int | float) else float(found)
