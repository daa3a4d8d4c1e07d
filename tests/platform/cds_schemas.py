"""This is the place where the shapes of CDS Hooks 2.0 stand as JSON Schema, written down from the standard's tables: discovery, cards, feedback."""

from __future__ import annotations

from typing import Any

UUID = {"type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"}
WORDS = {"type": "string", "minLength": 1}
PREFETCH_TOKENS = "^([^{}]|\\{\\{context\\.(patientId|userId|encounterId)\\}\\})+$"


def _closed(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


CODING = _closed(["code", "system"], code=WORDS, system=WORDS, display=WORDS)
REASON = _closed(["code", "system", "display"], code=WORDS, system=WORDS, display=WORDS)
ACTION = {
    **_closed(["type", "description"], type={"enum": ["create", "update", "delete"]}, description=WORDS, resource={"type": "object"}, resourceId=WORDS),
    "allOf": [
        {"if": {"properties": {"type": {"const": "delete"}}}, "then": {"required": ["resourceId"]}},
        {"if": {"properties": {"type": {"enum": ["create", "update"]}}}, "then": {"required": ["resource"]}},
    ],
}  # fmt: skip
SUGGESTION = _closed(
    ["label", "uuid"], label=WORDS, uuid=UUID, isRecommended={"type": "boolean"}, actions={"type": "array", "items": ACTION}
)
SOURCE = _closed(["label"], label=WORDS, url=WORDS, icon=WORDS, topic=CODING)
CARD = {
    **_closed(
        ["summary", "indicator", "source"],
        uuid=UUID,
        summary={"type": "string", "minLength": 1, "maxLength": 139},
        detail=WORDS,
        indicator={"enum": ["info", "warning", "critical"]},
        source=SOURCE,
        suggestions={"type": "array", "minItems": 1, "items": SUGGESTION},
        selectionBehavior={"enum": ["any", "at-most-one"]},
        overrideReasons={"type": "array", "minItems": 1, "items": REASON},
        links={"type": "array"},
    ),
    "dependentRequired": {"suggestions": ["selectionBehavior", "uuid"]},
}
CARDS = _closed(["cards"], cards={"type": "array", "items": CARD}, systemActions={"type": "array"})
SERVICE = _closed(
    ["hook", "description", "id"], hook={"type": "string", "pattern": "^[a-z]+(-[a-z]+)*$"}, title=WORDS, description=WORDS,
    id={"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, prefetch={"type": "object", "additionalProperties": {"type": "string", "pattern": PREFETCH_TOKENS}},
    usageRequirements=WORDS,
)  # fmt: skip
DISCOVERY = _closed(["services"], services={"type": "array", "items": SERVICE})
FEEDBACK = _closed(
    ["feedback"],
    feedback={
        "type": "array",
        "minItems": 1,
        "items": {
            **_closed(
                ["card", "outcome", "outcomeTimestamp"], card=UUID, outcome={"enum": ["accepted", "overridden"]}, outcomeTimestamp=WORDS,
                acceptedSuggestions={"type": "array", "items": _closed(["id"], id=UUID)},
                overrideReason=_closed([], reason=CODING, userComment=WORDS),
            ),
            "if": {"properties": {"outcome": {"const": "accepted"}}},
            "then": {"required": ["acceptedSuggestions"]},
        },
    },
)  # fmt: skip
