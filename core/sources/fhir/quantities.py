"""This is the place where a foreign number and its unit are judged: usable as what it claims to be, or quarantined with a reason."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any, NamedTuple

from core.domain.codes import LOINC, UCUM, Concept
from core.domain.signals import SIGNALS, Signal, by_loinc
from core.domain.unit_table import AMBIGUOUS
from core.domain.units import linear, ucum
from core.sources.fhir.concepts import system_url
from core.sources.fhir.foreign import Node, clean, is_number
from core.sources.fhir.times import amount_words

BOUNDS = ("<", "<=", ">=", ">", "ad")
_LONGEST_UNIT = 60
_EXTENSION_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


class Unit(NamedTuple):
    """A unit as UCUM, or why it can't be used; canonical value of the signal = value * mult + add."""

    code: str
    problem: str = ""
    mult: float = 1.0
    add: float = 0.0


class Measured(NamedTuple):
    """A Quantity as it can be kept. `canonical` is the number in the signal's own unit (in `unit` where there is no signal);
    `text` holds what was sent where there is a problem."""

    number: float | None = None
    unit: str = ""
    bound: str = ""
    problem: str = ""
    absent: str = ""
    text: str = ""
    canonical: float | None = None


def signal_of(concept: Concept) -> Signal | None:
    """The signal a concept's LOINC codes stand for."""
    for coding in concept.codings:
        if coding.system == LOINC:
            row = by_loinc(coding.code)
            if row is not None:
                return row
    return None


def measured(node: Node, row: Signal | None) -> Measured:
    """Judge a Quantity for the signal it claims to measure (None: one we don't know)."""
    value = node.get("value")
    if value is None:
        absent = absent_in(node)
        return Measured(absent=absent) if absent else Measured(problem="number_missing", text=amount_words(node))
    number = number_of(value)
    if number is None:
        return Measured(problem="not_a_number", text=amount_words(node))
    system, code, text = node.get("system"), node.get("code"), node.get("unit")
    unit = unit_for(
        system if type(system) is str else "",
        code if type(code) is str else "",
        text if type(text) is str else "",
        row.key if row else "",
    )
    bound = node.get("comparator")
    if bound is None:
        bound = ""
    elif bound not in BOUNDS:
        return Measured(number, unit.code, "", "comparator_unknown", text=amount_words(node))
    if unit.problem:
        return Measured(number, unit.code, bound, unit.problem, text=amount_words(node))
    canonical = number * unit.mult + unit.add
    if row is not None and _implausible(canonical, bound, row):
        return Measured(number, unit.code, bound, "implausible", text=amount_words(node), canonical=canonical)
    return Measured(number, unit.code, bound, canonical=canonical)


def bare_number(value: object, row: Signal | None) -> Measured:
    """Judge a number that comes without any place for a unit (valueInteger): fine for counts and scores."""
    number = number_of(value)
    if number is None:
        return Measured(problem="not_a_number", text=clean(value) if type(value) is str else "")
    if row is not None and row.unit and not is_unitless(row.unit):
        return Measured(number, problem="unit_missing", text=f"{number:.12g}")
    if row is not None and _implausible(number, "", row):
        return Measured(number, problem="implausible", text=f"{number:.12g}")
    return Measured(number, row.unit if row else "", canonical=number)


def number_of(value: object) -> float | None:
    """A finite number, or None (texts and truth values are no numbers)."""
    if not is_number(value):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def absent_in(node: Any) -> str:
    """The code of a data-absent-reason extension on an element, or ""."""
    listed = node.get("extension") if type(node) is dict else None
    for extension in listed if type(listed) is list else ():
        if type(extension) is dict and extension.get("url") == _EXTENSION_ABSENT:
            code = extension.get("valueCode")
            return clean(code) if type(code) is str else "unknown"
    return ""


def is_unitless(unit: str) -> bool:
    """Units that say no more than what is counted: scores, ratios, pH."""
    return unit in ("", "1", "[pH]") or (unit.startswith("{") and unit.endswith("}"))


def unit_for(system: str, code: str, text: str, signal_key: str) -> Unit:
    """The unit that a Quantity's system, code and unit text say together."""
    if len(code) > _LONGEST_UNIT or len(text) > _LONGEST_UNIT or len(system) > 200:
        return Unit("", "unit_unknown")
    return _unit_for(system, code.strip(), text.strip(), signal_key)


@lru_cache(maxsize=4096)
def _unit_for(system: str, code: str, text: str, signal_key: str) -> Unit:
    row = SIGNALS.get(signal_key)
    if not code and not text:
        if row is not None and is_unitless(row.unit):
            return Unit(row.unit)
        return Unit("", "unit_missing")
    stated = system_url(system) if system else ""
    by_code = canonical_unit(code) if code and stated in ("", UCUM) else None
    by_text = canonical_unit(text)
    if code and stated == UCUM and by_code is None:
        return Unit("", "unit_unknown")
    if by_code and by_text and not _agree(by_code, by_text, signal_key):
        return Unit(by_code, "unit_contradicts")
    unit = by_code or by_text
    if unit is None:
        return Unit("", "unit_unknown")
    return _fitted(unit, row)


def _fitted(unit: str, row: Signal | None) -> Unit:
    if row is None or not row.unit or unit == row.unit:
        return Unit(unit)
    if is_unitless(unit) and is_unitless(row.unit):
        return Unit(unit)
    factors = linear(unit, row.unit, row.key)
    return Unit(unit, "unit_unfit") if factors is None else Unit(unit, "", *factors)


@lru_cache(maxsize=4096)
def canonical_unit(text: str) -> str | None:
    """The canonical UCUM of a unit as written: by our table, else where it is good UCUM as it stands; else None."""
    if not text:
        return None
    known = ucum(text)
    if known:
        return known
    return text if text not in AMBIGUOUS and "<" not in text and _is_ucum(text) else None


def _is_ucum(text: str) -> bool:
    from lark.exceptions import LarkError  # heavy, and seldom needed

    try:
        _ucum_parser().parse(text)
    except (LarkError, ValueError, RecursionError):
        return False
    return True


@lru_cache(maxsize=1)
def _ucum_parser() -> Any:
    from ucumvert.parser import get_ucum_parser  # heavy, and seldom needed

    return get_ucum_parser()


def _agree(one: str, other: str, signal_key: str) -> bool:
    """Whether code and unit text mean the same; enzyme units and international units are written for each other."""
    if one == other or (is_unitless(one) and is_unitless(other)) or one.replace("[IU]", "U") == other.replace("[IU]", "U"):
        return True
    factors = linear(one, other, signal_key)
    return factors is not None and math.isclose(factors[0], 1.0, rel_tol=1e-6) and abs(factors[1]) < 1e-9


def _implausible(canonical: float, bound: str, row: Signal) -> bool:
    """Past the guard range; a value that is only bounded on that side can't be judged there."""
    if row.plausible is None:
        return False
    low, high = row.plausible
    return (canonical < low and not bound.startswith("<")) or (canonical > high and not bound.startswith(">"))
