"""This is the place where it is tested what a Goal's targets become."""

from __future__ import annotations

from core.sources.fhir.foreign import Notes
from core.sources.fhir.goals import targets_of

SYSTOLIC = {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}
WEIGHT = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]}


def targets(*given: object) -> tuple:
    return targets_of({"resourceType": "Goal", "target": list(given)}, Notes())


def test_a_limit_keeps_its_side_and_its_unit() -> None:
    (aim,) = targets({"measure": SYSTOLIC, "detailQuantity": {"value": 135, "comparator": "<", "unit": "mmHg"}})
    assert (aim.signal, aim.form, aim.number, aim.unit, aim.bound) == ("sbp", "quantity", 135, "mm[Hg]", "<")


def test_a_range_keeps_both_ends() -> None:
    (aim,) = targets({"measure": WEIGHT, "detailRange": {"low": {"value": 60, "unit": "kg"}, "high": {"value": 70, "unit": "kg"}}})
    assert (aim.signal, aim.form, aim.low, aim.high, aim.unit) == ("weight", "range", 60, 70, "kg")


def test_an_aim_that_is_no_number_of_its_measure_becomes_no_value() -> None:
    assert targets({"measure": SYSTOLIC, "detailQuantity": {"value": 135}}) == ()
    assert targets({"measure": SYSTOLIC, "detailQuantity": {"value": 135, "unit": "zorks"}}) == ()
    mixed = {"low": {"value": 60, "unit": "kg"}, "high": {"value": 150, "unit": "[lb_av]"}}
    assert targets({"measure": WEIGHT, "detailRange": mixed}, {"detailString": "Feel better"}, "nonsense", None) == ()
