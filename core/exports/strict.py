"""This is the place where one FHIR resource is held against strict R4, to say what is odd about it without saying its values."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import orjson

_NEEDS = MappingProxyType(
    {
        "missing": "is required",
        "model_field_validation.missing": "is required",
        "extra_forbidden": "is not a member of R4",
        "string_pattern_mismatch": "needs the form of its R4 type",
        "value_error": "needs the form of its R4 type",
        "model_validation_format": "needs to be an object",
        "model_type": "needs to be an object",
        "dict_type": "needs to be an object",
        "list_type": "needs to be a list",
        "string_type": "needs to be a text",
        "bool_type": "needs to be true or false",
        "bool_parsing": "needs to be true or false",
        "int_type": "needs to be a whole number",
        "int_parsing": "needs to be a whole number",
        "int_from_float": "needs to be a whole number",
        "decimal_parsing": "needs to be a number",
        "float_type": "needs to be a number",
        "url_parsing": "needs to be a URL",
        "string_too_long": "is too long",
        "string_too_short": "needs to hold something",
        "fhir-validation-wrong-resource-type": "needs its own resource type",
        "model_field_validation.one_of_many": "holds two of which only one may be",
    }
)
"""What R4 needs, by the kind of finding of pydantic and fhir.resources."""

_LEGIBLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a record departs from R4 and what is needed there, as codes of the standard; never a value of the record."""

    path: str
    need: str

    def __str__(self) -> str:
        return f"{self.path}: {self.need}" if self.path else self.need


def faults_in(original: bytes) -> tuple[Fault, ...]:
    """What strict R4 (fhir.resources, R4B models) finds wrong with the JSON of one resource; empty: nothing. Never raises."""
    try:
        resource = orjson.loads(original)
    except orjson.JSONDecodeError:
        return (Fault("", "needs to be JSON"),)
    if not isinstance(resource, dict) or not isinstance(resource.get("resourceType"), str):
        return (Fault("resourceType", "is required"),)
    return _faults(resource["resourceType"], resource)


def _faults(kind: str, resource: dict[str, Any]) -> tuple[Fault, ...]:
    # read on the first export, not at the start: the models cost a third of a second and 30 MB
    from fhir.resources.R4B import get_fhir_model_class
    from pydantic import ValidationError

    try:
        model = get_fhir_model_class(kind)
    except (LookupError, ValueError):
        return (Fault("resourceType", "is not a kind of R4"),)
    try:
        model.model_validate(resource)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(dict.fromkeys(Fault(_path(each["loc"]), _need(each["type"])) for each in found))[:_MOST]
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return (Fault("", "holds a resource that is not of R4"),)
    return ()


def _need(kind: str) -> str:
    return _NEEDS.get(kind, "is not as R4 has it")


def _path(parts: Iterable[str | int]) -> str:
    """The place as FHIRPath writes it; a name that is no FHIR name is not repeated."""
    said = ""
    for part in parts:
        if isinstance(part, int):
            said += f"[{part}]"
        elif part != "root":
            said += ("." if said else "") + (part if _LEGIBLE.fullmatch(part) else "?")
    return said
