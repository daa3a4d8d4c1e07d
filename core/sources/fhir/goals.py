"""This is the place where what a Goal aims at becomes values: a limit or a range, each for the thing it measures."""

from __future__ import annotations

from core.domain.codes import Concept
from core.domain.records import Value
from core.sources.fhir.concepts import concept_of
from core.sources.fhir.foreign import Node, Notes, nodes_of
from core.sources.fhir.quantities import Measured, measured, signal_of

_MANY = 50


def targets_of(resource: Node, notes: Notes) -> tuple[Value, ...]:
    """One value per measurable target: form "quantity" (number, unit, bound) or "range" (low, high, unit).

    A target that can't be used as a number stays in the record's words alone: it is no measurement, so nothing is set apart.
    """
    found = (_target(target, notes, f"target[{at}].") for at, target in enumerate(nodes_of(resource, "target", notes)[:_MANY]))
    return tuple(value for value in found if value is not None)


def _target(target: Node, notes: Notes, at: str) -> Value | None:
    measure = concept_of(target.get("measure"), notes, f"{at}measure.")
    row = signal_of(measure)
    if type(target.get("detailQuantity")) is dict:
        aim = measured(target["detailQuantity"], row)
        if aim.number is None or aim.problem:
            return None
        return Value(measure, "quantity", aim.number, aim.unit, aim.bound, signal=row.key if row else "")
    span = target.get("detailRange")
    if type(span) is not dict:
        return None
    ends = [measured(span[end], row) if type(span.get(end)) is dict else None for end in ("low", "high")]
    return _range(measure, ends[0], ends[1], row.key if row else "")


def _range(measure: Concept, low: Measured | None, high: Measured | None, signal: str) -> Value | None:
    units = {end.unit for end in (low, high) if end}
    if len(units) != 1 or any(end.problem or end.number is None for end in (low, high) if end):
        return None
    return Value(
        measure, "range", unit=units.pop(), low=low.number if low else None, high=high.number if high else None, signal=signal
    )
