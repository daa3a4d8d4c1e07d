"""This is the place where what was measured or answered becomes values: own value and components, each by its code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from core.domain.codes import Concept
from core.domain.records import Sampled, Value
from core.domain.signals import Signal
from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import Node, Notes, clean, node_of, nodes_of
from core.sources.fhir.quantities import Measured, absent_in, bare_number, measured, signal_of
from core.sources.fhir.ranges import interpretation_of, range_for
from core.sources.fhir.series import series_of, stated
from core.sources.fhir.times import amount_words, is_time, period_of

_MANY = 500


class Said(NamedTuple):
    """What a value[x] says: its form, and the parts of Value it fills."""

    form: str
    parts: Measured = Measured()
    coding: Any = None
    sampled: Sampled | None = None


Teller = Callable[[Any, Signal | None, Notes, str], Said]


def _quantity(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not dict:
        return _wrong(value)
    found = measured(value, row)
    return Said("absent" if found.absent and found.number is None else "quantity", found)


def _integer(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    return Said("quantity", bare_number(value, row))


def _concept(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not dict:
        return _wrong(value)
    concept = concept_of(value, notes, f"{at}.")
    if not concept.codings and not concept.text:
        absent = absent_in(value)
        return Said("absent", Measured(absent=absent)) if absent else _wrong(None)
    return Said("coded", Measured(text=concept.title, problem=_number_due(row)), concept.main if concept.codings else None)


def _string(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not str:
        return _wrong(value)
    return Said("text", Measured(text=clean(value), problem=_number_due(row)))


def _boolean(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not bool:
        return _wrong(value)
    return Said("boolean", Measured(text="true" if value else "false", problem=_number_due(row)))


def _time(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    text = clean(value) if type(value) is str else ""
    if text and not is_time(text) and ":" not in text:
        notes.add("time_invalid", at)
    return Said("time", Measured(text=text, problem=_number_due(row))) if text else _wrong(value)


def _period(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not dict:
        return _wrong(value)
    span = period_of(value, notes, at)
    return Said("time", Measured(text=f"{span.start}/{span.end}", problem=_number_due(row)))


def _range(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not dict:
        return _wrong(value)
    problems = [measured(end, row).problem for end in (value.get("low"), value.get("high")) if type(end) is dict]
    return Said(
        "range", Measured(text=amount_words(value), problem=next((p for p in problems if p), "" if problems else "number_missing"))
    )


def _ratio(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    above, below = (value.get(key) for key in ("numerator", "denominator")) if type(value) is dict else (None, None)
    if type(above) is not dict or type(below) is not dict:
        return _wrong(value)
    return Said("ratio", Measured(text=f"{amount_words(above)} : {amount_words(below)}", problem=_number_due(row)))


def _series(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    if type(value) is not dict:
        return _wrong(value)
    node_of(value, "origin", notes, f"{at}.")
    found, held = series_of(value, row, notes, at)
    return Said("series", found, sampled=held)


def _named(value: Any, row: Signal | None, notes: Notes, at: str) -> Said:
    """An attachment or a reference: its title."""
    words = (
        next((value[key] for key in ("title", "display", "reference", "url") if type(value.get(key)) is str), "")
        if type(value) is dict
        else ""
    )
    return Said("text", Measured(text=clean(words), problem=_number_due(row))) if words else _wrong(value)


_FORMS: Mapping[str, Teller] = MappingProxyType(
    {
        "valueQuantity": _quantity, "valueCodeableConcept": _concept, "valueString": _string, "valueBoolean": _boolean,
        "valueInteger": _integer, "valueDecimal": _integer, "valueRange": _range, "valueRatio": _ratio, "valueSampledData": _series,
        "valueTime": _time, "valueDateTime": _time, "valuePeriod": _period, "valueAttachment": _named, "valueReference": _named,
        "valueCoding": _concept, "valueCode": _string, "valueDate": _time, "valueInstant": _time, "valueAge": _quantity,
    }
)  # fmt: skip
"""value[x] of all releases, and a few that are sent although FHIR has none such."""


_VALUES = frozenset(_FORMS)


def values_of(resource: Node, concept: Concept, notes: Notes) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """The values of an Observation, and for each a canonical text of what it states ("" where it states nothing)."""
    found: list[tuple[Value, str]] = []
    own = _value(resource, concept, notes, "")
    if own is not None:
        found.append(own)
    for number, component in enumerate(nodes_of(resource, "component", notes)[:_MANY]):
        at = f"component[{number}]."
        named = concept_of(component.get("code"), notes, f"{at}code.")
        if not named.codings and not named.text:
            notes.add("code_missing", f"{at}code")
        value = _value(component, named, notes, at)
        if value is None:
            notes.add("value_missing", at[:-1])
        else:
            found.append(value)
    if not found and "hasMember" not in resource and "related" not in resource:
        row = signal_of(concept)
        if row is not None and row.category != "panel":
            notes.add("value_missing", "value")
    return tuple(value for value, _ in found), tuple(fact for _, fact in found)


def _value(node: Node, concept: Concept, notes: Notes, at: str) -> tuple[Value, str] | None:
    keys = [key for key in node if key in _VALUES and node[key] is not None]
    absent = _absent(node, notes, at) if not keys or "dataAbsentReason" in node else ""
    row = signal_of(concept)
    if row is not None and row.category == "panel":
        row = None
    if not keys:
        return (Value(concept, "absent", absent=absent, signal=row.key if row else ""), "") if absent else None
    at += keys[0]
    said = _FORMS[keys[0]](node[keys[0]], row, notes, at)
    parts = said.parts
    problem = "two_values" if len(keys) > 1 else parts.problem
    if problem:
        notes.add(problem, at)
    low, high, words = range_for(node, parts.unit, row, notes) if "referenceRange" in node else (None, None, "")
    value = Value(
        concept, said.form, parts.number, parts.unit, parts.bound, parts.text, said.coding, row.key if row else "",
        low, high, words, interpretation_of(node, notes) if "interpretation" in node else "", parts.absent or absent, problem,
        None if problem else said.sampled,
    )  # fmt: skip
    return value, "" if problem or said.form == "absent" else _stated(value, row, parts)


def _absent(node: Node, notes: Notes, at: str) -> str:
    if "dataAbsentReason" in node:
        concept = concept_of(node["dataAbsentReason"], notes, f"{at}dataAbsentReason.")
        return concept.codings[0].code if concept.codings else concept.text
    for key in node:
        if key.startswith("_value"):
            return absent_in(node[key])
    return ""


def _stated(value: Value, row: Signal | None, parts: Measured) -> str:
    """One spelling for the same statement: the signal (or code) and the value in its canonical unit."""
    main = value.concept.main
    name = row.key if row else f"{main.system}|{main.code or main.display.lower()}"
    if value.number is not None and parts.canonical is not None:
        return f"{name}={value.bound}{parts.canonical:.5g} {row.unit if row else value.unit}"
    if value.sampled is not None:
        return f"{name}~{stated(value.sampled)} {value.unit}"
    if value.coding is not None and value.coding.code:
        return f"{name}={value.coding.system}|{value.coding.code}"
    return f"{name}={value.text.lower()}" if value.text else ""


def _number_due(row: Signal | None) -> str:
    """The problem of an answer in words where a number with a unit belongs."""
    return "not_a_quantity" if row is not None and row.unit else ""


def _wrong(value: object) -> Said:
    text = clean(str(value)) if type(value) in (str, int, float, bool) else ""
    return Said("text", Measured(text=text, problem="wrong_kind_of_value"))
