"""This is the place where reference ranges and interpretations are read, as the source gave them."""

from __future__ import annotations

from core.domain.signals import Signal
from core.domain.units import linear
from core.sources.fhir.concepts import codes_in, concept_of
from core.sources.fhir.foreign import Node, Notes, nodes_of, text_of
from core.sources.fhir.quantities import number_of, unit_for
from core.sources.fhir.times import amount_words

Range = tuple[float | None, float | None, str]

_NORMAL = frozenset(("normal", "N", "recommended", "normal range"))


def range_for(node: Node, unit: str, row: Signal | None, notes: Notes) -> Range:
    """(low, high, words) of the normal range in the value's own unit.

    A range for some people only, or one of several, can't be chosen here: it is given in words. A range in a unit that
    can't become the value's is noted and given in words; one without a unit stands in the value's.
    """
    listed = [each for each in nodes_of(node, "referenceRange", notes) if _is_normal(each)]
    words = "; ".join(text for text in map(_words, listed[:10]) if text)
    plain = [each for each in listed if "appliesTo" not in each and "age" not in each]
    if len(listed) != 1 or len(plain) != 1:
        return None, None, words
    low, low_fits = _end(plain[0], "low", unit, row)
    high, high_fits = _end(plain[0], "high", unit, row)
    if not (low_fits and high_fits) or (low is not None and high is not None and low > high):
        notes.add("range_unit_unfit", "referenceRange")
        return None, None, words
    return low, high, text_of(plain[0], "text", notes, "referenceRange.")


def interpretation_of(node: Node, notes: Notes) -> str:
    """The interpretation's code (H, L, HH, N ...), else its words."""
    concept = concept_of(node.get("interpretation"), notes, "interpretation.")
    return next((coding.code for coding in concept.codings if coding.code), concept.text)


def _is_normal(each: Node) -> bool:
    kind = each.get("type") or each.get("meaning")
    return not kind or bool(codes_in(kind) & _NORMAL)


def _end(each: Node, key: str, unit: str, row: Signal | None) -> tuple[float | None, bool]:
    """(number in the value's unit, whether it could be read)."""
    end = each.get(key)
    if type(end) is not dict:
        return None, end is None
    number = number_of(end.get("value"))
    if number is None:
        return None, end.get("value") is None
    told = {name: end[name] for name in ("system", "code", "unit") if type(end.get(name)) is str}
    if not told.get("code") and not told.get("unit"):
        return number, True
    own = unit_for(told.get("system", ""), told.get("code", ""), told.get("unit", ""), "")
    factors = linear(own.code, unit, row.key if row else "") if own.code and unit and not own.problem else None
    if factors is None:
        return None, False
    return (number, True) if factors == (1.0, 0.0) else (float(f"{number * factors[0] + factors[1]:.6g}"), True)


def _words(each: Node) -> str:
    quiet = Notes()
    text = text_of(each, "text", quiet) or amount_words({key: each[key] for key in ("low", "high") if key in each})
    if not text:
        return ""
    low, high = each.get("low"), each.get("high")
    if not text_of(each, "text", quiet) and (low is None) != (high is None):
        text = ("≥ " if high is None else "≤ ") + text
    whom = concept_of(each.get("appliesTo"), quiet).title
    age = each.get("age")
    aged = amount_words(age) if type(age) is dict else ""
    about = ", ".join(part for part in (whom, aged) if part)
    return f"{text} ({about})" if about else text
