"""This is the place where it is seen how a resource is to be taken: which shelf, which version, retracted, or only in the original."""

from __future__ import annotations

from core.domain.records import Value, Version
from core.domain.signals import SIGNALS
from core.sources.fhir.concepts import codes_in
from core.sources.fhir.foreign import Node, clean
from core.sources.fhir.sheet import Sheet

_WRONG = "entered-in-error"
_GROUPS = {
    "vital-signs": "vitals", "vital-sign": "vitals", "laboratory": "labs", "LAB": "labs", "social-history": "social", "sdoh": "social",
    "survey": "survey",
}  # fmt: skip
_SIGNAL_GROUPS = {
    "vital": "vitals",
    "lab": "labs",
    "survey": "survey",
    "score": "survey",
    "social": "social",
    "cgm": "labs",
    "wearable": "vitals",
}


def observation_group(resource: Node, values: tuple[Value, ...]) -> str:
    """The shelf by the category, else by what was measured."""
    for code in _category_codes(resource.get("category")):
        if code in _GROUPS:
            return _GROUPS[code]
    for value in values:
        row = SIGNALS.get(value.signal)
        if row is not None:
            return _SIGNAL_GROUPS.get(row.category, "other_observations")
    return "other_observations"


def _category_codes(category: object) -> list[str]:
    found = []
    for each in category if type(category) is list else (category,):
        codings = each.get("coding") if type(each) is dict else None
        for coding in codings if type(codings) is list else ():
            code = coding.get("code") if type(coding) is dict else None
            if type(code) is str:
                found.append(code)
    return found


def see_original(sheet: Sheet) -> str:
    """Why what is shown may not be all that matters: a modifier we don't know, rules of its own, an order not to do it."""
    resource = sheet.resource
    if resource.get("implicitRules"):
        return "implicit_rules"
    if resource.get("doNotPerform") is True:
        return "do_not_perform"
    if b'"modifierExtension"' in sheet.context.raw and _modified(resource):
        return "modifier_extension"
    return ""


def _modified(resource: Node) -> bool:
    """Whether a modifierExtension stands anywhere in the resource, those of contained resources left out."""
    open_nodes: list[object] = [value for key, value in resource.items() if key != "contained"]
    if resource.get("modifierExtension"):
        return True
    while open_nodes:
        node = open_nodes.pop()
        if type(node) is dict:
            if node.get("modifierExtension"):
                return True
            open_nodes.extend(value for value in node.values() if type(value) in (dict, list))
        elif type(node) is list:
            open_nodes.extend(node)
    return False


def retracts(resource: Node) -> bool:
    for key in ("status", "verificationStatus", "clinicalStatus", "docStatus", "lifecycleStatus"):
        value = resource.get(key)
        if value is not None and (value == _WRONG or (type(value) is not str and _WRONG in codes_in(value))):
            return True
    return False


def version(resource: Node) -> Version:
    meta = resource.get("meta")
    if type(meta) is not dict:
        return Version()
    number, updated = meta.get("versionId"), meta.get("lastUpdated")
    return Version(
        clean(str(number))[:64] if type(number) in (str, int) else "", clean(updated)[:40] if type(updated) is str else ""
    )
