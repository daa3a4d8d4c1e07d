"""This is the place where it is explained, on demand, why a resource is odd: every rule of FHIR R4B that it breaks."""

from __future__ import annotations

from typing import Any

_MOST = 50
_OVERALL = "resource"

Oddity = tuple[str, str]
"""(element, what is wrong there). The words are the validator's own, in English, and hold no value of the record."""


def explain(resource: dict[str, Any]) -> tuple[Oddity, ...]:
    """What fhir.resources (R4B, the nearest it has to R4) finds wrong with one resource; empty where it finds nothing. Total."""
    from fhir.resources.R4B import get_fhir_model_class  # heavy: only asked for one record at a time
    from pydantic import ValidationError

    kind = resource.get("resourceType")
    if not isinstance(kind, str):
        return ((f"{_OVERALL}.resourceType", "missing"),)
    try:
        model = get_fhir_model_class(kind)
    except (KeyError, LookupError, ImportError, AttributeError, ValueError):
        return ((f"{_OVERALL}.resourceType", "no resource type of R4B"),)
    try:
        model.model_validate(resource)
    except ValidationError as error:
        return tuple(
            dict.fromkeys(_said(each) for each in error.errors(include_input=False, include_url=False, include_context=False))
        )[:_MOST]
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, RecursionError) as error:
        # the validator itself stumbles over unknown contained types, numbers past any range and the like
        return ((_OVERALL, f"cannot be checked ({type(error).__name__})"),)
    return ()


def _said(error: Any) -> Oddity:
    place = ""
    for part in error.get("loc", ()):
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    # the message may quote what was sent, so only the kind of error is said where it would
    kind = str(error.get("type", "invalid"))
    return place or _OVERALL, _WORDS.get(kind, kind.replace("_", " "))


_WORDS = {
    "extra_forbidden": "not an element of this resource",
    "missing": "missing",
    "model_field_validation.missing": "missing",
    "model_validation.format": "must be an object",
    "model_type": "must be an object",
    "list_type": "must be a list",
    "string_type": "must be a text",
    "string_pattern_mismatch": "not in the form FHIR asks for",
    "bool_type": "must be true or false",
    "decimal_type": "must be a number",
    "decimal_parsing": "must be a number",
    "int_type": "must be a whole number",
    "value_error": "breaks a rule of FHIR",
}
