"""This is the place where it is tested that a number counts only with the unit it was sent in, and everything else is said."""

from __future__ import annotations

import math
from typing import Any

import pytest

from core.domain.problems import PROBLEM_CODES, UNUSABLE, is_quarantined
from core.sources.fhir.index import PackageIndex
from core.sources.fhir.normalise import normalise
from core.sources.fhir.sheet import Context
from tests.fhir_read.given import Node, detail, item, loinc, observation, one, quantity, value

SBP, DBP, WEIGHT, GLUCOSE, TEMP = (loinc(code) for code in ("8480-6", "8462-4", "29463-7", "2345-7", "8310-5"))
UNKNOWN = {"coding": [{"system": "http://example.org/codes", "code": "zz"}], "text": "Something"}


def component(code: Node, amount: Any) -> Node:
    return {"code": code, "valueQuantity": amount}


@pytest.mark.parametrize("panel", ["85354-9", "55284-4"])
def test_the_halves_of_a_blood_pressure_are_told_by_code_never_by_position(panel: str) -> None:
    halves = [component(DBP, quantity(78, "mmHg", "mm[Hg]")), component(SBP, quantity(121, "mmHg", "mm[Hg]"))]
    for order in (halves, halves[::-1]):
        found = item(observation(loinc(panel), component=order)).values
        assert {v.signal: v.number for v in found} == {"sbp": 121.0, "dbp": 78.0}


@pytest.mark.parametrize(
    "system", ["http://loinc.org", "https://loinc.org/", "urn:oid:2.16.840.1.113883.6.1", "2.16.840.1.113883.6.1"]
)
def test_loinc_is_known_by_url_and_by_oid(system: str) -> None:
    found = value(observation({"coding": [{"system": system, "code": "8867-4"}]}, valueQuantity=quantity(60, "/min", "/min")))
    assert found.signal == "hr"
    assert found.concept.codings[0].system == "http://loinc.org"


SYSTEMS = {
    "6.96": "http://snomed.info/sct", "6.88": "http://www.nlm.nih.gov/research/umls/rxnorm", "12.292": "http://hl7.org/fhir/sid/cvx",
    "6.90": "http://hl7.org/fhir/sid/icd-10-cm", "6.73": "http://www.whocc.no/atc",
}  # fmt: skip


@pytest.mark.parametrize("oid", SYSTEMS)
def test_other_code_systems_are_known_by_oid(oid: str) -> None:
    for system in (f"urn:oid:2.16.840.1.113883.{oid}", f"2.16.840.1.113883.{oid}"):
        assert item(observation({"coding": [{"system": system, "code": "1"}]})).concept.codings[0].system == SYSTEMS[oid]


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        (quantity(70, "kg", "kg"), "kg"),
        (quantity(70, "kg"), "kg"),
        (quantity(154, "lbs"), "[lb_av]"),
        (quantity(154, "pounds", "[lb_av]"), "[lb_av]"),
        ({"value": 70, "code": "kg", "system": "urn:oid:2.16.840.1.113883.6.8"}, "kg"),
        ({"value": 70, "code": "kg"}, "kg"),
        ({"value": 70, "unit": "kilogram", "code": "258683005", "system": "http://snomed.info/sct"}, "kg"),
    ],
)
def test_the_unit_is_found_in_code_or_words(amount: Node, unit: str) -> None:
    found = value(observation(WEIGHT, valueQuantity=amount))
    assert (found.unit, found.problem) == (unit, "")


@pytest.mark.parametrize(("written", "unit"), [("mmHg", "mm[Hg]"), ("mm Hg", "mm[Hg]"), ("MMHG", "mm[Hg]"), ("kPa", "kPa")])
def test_common_misspellings_of_units_are_understood(written: str, unit: str) -> None:
    found = value(observation(SBP, valueQuantity=quantity(120 if unit != "kPa" else 16, written)))
    assert (found.unit, found.problem) == (unit, "")


@pytest.mark.parametrize(
    ("code", "amount", "problem"),
    [
        (WEIGHT, quantity(70), "unit_missing"),
        (WEIGHT, quantity(70, " "), "unit_missing"),
        (UNKNOWN, quantity(70), "unit_missing"),
        (WEIGHT, quantity(70, "blobs"), "unit_unknown"),
        (WEIGHT, quantity(70, "kg", "kgg"), "unit_unknown"),
        (WEIGHT, quantity(70, "G"), "unit_unknown"),
        (WEIGHT, quantity(70, "x" * 200), "unit_unknown"),
        (WEIGHT, quantity(70, "cm", "cm"), "unit_unfit"),
        (GLUCOSE, quantity(5.5, "mg/dL", "mmol/L"), "unit_contradicts"),
        (UNKNOWN, quantity(5.5, "mg/dL", "mmol/L"), "unit_contradicts"),
        (WEIGHT, quantity(7000, "kg", "kg"), "implausible"),
        (TEMP, quantity(98.6, "Cel", "Cel"), "implausible"),
        (SBP, quantity(-5, "mmHg", "mm[Hg]"), "implausible"),
        (WEIGHT, quantity("70", "kg", "kg"), "not_a_number"),
        (WEIGHT, quantity(True, "kg", "kg"), "not_a_number"),
        (WEIGHT, quantity([70], "kg", "kg"), "not_a_number"),
        (WEIGHT, {"unit": "kg"}, "number_missing"),
        (WEIGHT, quantity(70, "kg", "kg", comparator="~"), "comparator_unknown"),
        (WEIGHT, quantity(70, "kg", "kg", comparator=5), "comparator_unknown"),
        (WEIGHT, quantity(70, "kg", "kg", comparator=["<"]), "comparator_unknown"),
    ],
)
def test_a_number_that_cannot_be_trusted_is_set_apart_with_a_reason(code: Node, amount: Node, problem: str) -> None:
    found = one(observation(code, valueQuantity=amount))
    assert found.item is not None
    assert found.item.values[0].problem == problem
    assert problem in found.problems
    assert f"{problem}@valueQuantity" in found.places
    assert problem in UNUSABLE
    assert is_quarantined(found.item)
    assert found.fact == ""


def test_what_was_sent_is_shown_with_a_quarantined_value() -> None:
    assert value(observation(WEIGHT, valueQuantity=quantity(70, "blobs"))).text == "70 blobs"


@pytest.mark.parametrize("unit", ["pg/mL", "10*3/uL", "ug{FEU}/L", "m[IU]/L", "[arb'U]/mL", "mm[H2O]", "kat/kg", "/10*9"])
def test_a_unit_outside_our_table_counts_where_it_is_good_ucum(unit: str) -> None:
    assert value(observation(UNKNOWN, valueQuantity=quantity(1, unit, unit))).problem == ""


def test_one_bad_half_leaves_the_other_usable() -> None:
    found = item(observation(loinc("85354-9"), component=[component(SBP, quantity(121)), component(DBP, quantity(78, "mmHg"))]))
    assert [(v.signal, v.problem) for v in found.values] == [("sbp", "unit_missing"), ("dbp", "")]
    assert not is_quarantined(found)


@pytest.mark.parametrize(
    "field", [{"valueInteger": 70}, {"valueString": "70 kg"}, {"valueBoolean": True}, {"valueCodeableConcept": {"text": "heavy"}}]
)
def test_an_answer_where_a_measurement_belongs_is_set_apart(field: Node) -> None:
    assert value(observation(WEIGHT, **field)).problem in ("unit_missing", "not_a_quantity")


def test_a_score_needs_no_unit() -> None:
    for field in ({"valueInteger": 12}, {"valueQuantity": quantity(12)}, {"valueQuantity": quantity(12, "{score}", "{score}")}):
        found = value(observation(loinc("44261-6"), **field))
        assert (found.number, found.problem) == (12.0, "")
    assert value(observation(UNKNOWN, valueInteger=3)).problem == ""


@pytest.mark.parametrize("bound", ["<", "<=", ">=", ">", "ad"])
def test_comparators_are_kept(bound: str) -> None:
    found = value(observation(GLUCOSE, valueQuantity=quantity(40, "mg/dL", "mg/dL", comparator=bound)))
    assert (found.bound, found.number, found.problem) == (bound, 40.0, "")


def test_a_bound_past_the_guard_range_is_no_mistake() -> None:
    assert value(observation(GLUCOSE, valueQuantity=quantity(1, "mg/dL", "mg/dL", comparator="<"))).problem == ""
    assert value(observation(GLUCOSE, valueQuantity=quantity(1, "mg/dL", "mg/dL", comparator=">"))).problem == "implausible"


FORMS: list[tuple[Node, str, str]] = [
    (
        {"valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "1", "display": "Positive"}]}},
        "coded",
        "Positive",
    ),
    ({"valueString": "clear"}, "text", "clear"),
    ({"valueBoolean": False}, "boolean", "false"),
    ({"valueRange": {"low": quantity(2, "kg", "kg"), "high": quantity(4, "kg", "kg")}}, "range", "2 kg - 4 kg"),
    ({"valueRatio": {"numerator": quantity(1), "denominator": quantity(128)}}, "ratio", "1 : 128"),
    ({"valueTime": "08:30:00"}, "time", "08:30:00"),
    ({"valueDateTime": "2024-02"}, "time", "2024-02"),
    ({"valuePeriod": {"start": "2024", "end": "2025"}}, "time", "2024/2025"),
    ({"valueSampledData": {"origin": quantity(0, "mV"), "period": 10, "dimensions": 1, "data": "1 2 E"}}, "series", ""),
    ({"valueAttachment": {"title": "ECG"}}, "text", "ECG"),
]


@pytest.mark.parametrize(("field", "form", "text"), FORMS, ids=[next(iter(field)) for field, _, _ in FORMS])
def test_every_form_of_value_is_kept(field: Node, form: str, text: str) -> None:
    found = value(observation(UNKNOWN, **field))
    assert (found.form, found.text, found.problem) == (form, text, "")


@pytest.mark.parametrize(
    "field", ["valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueRange", "valueRatio", "valuePeriod"]
)
@pytest.mark.parametrize("wrong", [["x"], 5, {}, "x", True])
def test_a_value_of_the_wrong_kind_is_noted_not_guessed(field: str, wrong: Any) -> None:
    found = item(observation(UNKNOWN, **{field: wrong})).values
    good = {"valueString": str, "valueBoolean": bool}.get(field)
    assert len(found) == 1
    assert bool(found[0].problem) != (good is not None and type(wrong) is good) or field == "valuePeriod"


def test_two_values_at_once_are_not_chosen_from() -> None:
    assert value(observation(WEIGHT, valueQuantity=quantity(70, "kg"), valueString="80 kg")).problem == "two_values"


def test_the_reason_why_a_value_is_absent_is_kept_on_record_and_component() -> None:
    reason = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/data-absent-reason", "code": "not-performed"}]}
    found = one(
        observation(
            loinc("85354-9"), dataAbsentReason=reason, component=[{"code": SBP, "dataAbsentReason": {"text": "arm in plaster"}}]
        )
    )
    assert found.item is not None
    assert [(v.form, v.absent) for v in found.item.values] == [("absent", "not-performed"), ("absent", "arm in plaster")]
    assert found.problems == ()
    assert not is_quarantined(found.item)


def test_a_reason_in_an_extension_counts_too() -> None:
    why = {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "masked"}]}
    assert value(observation(WEIGHT, valueQuantity=why)).absent == "masked"
    assert value(observation(UNKNOWN, _valueString=why)).absent == "masked"


def test_nothing_measured_is_noted() -> None:
    assert "value_missing" in one(observation(WEIGHT)).problems
    assert one(observation(loinc("85354-9"), hasMember=[{"reference": "Observation/2"}])).problems == ()


def test_members_are_references_not_values() -> None:
    found = item(observation(loinc("85354-9"), hasMember=[{"reference": "Observation/2"}, {"reference": "Observation/3"}]))
    assert [r.target for r in found.references if r.role == "hasMember"] == ["Observation/2", "Observation/3"]
    assert found.values == ()


def ranged(*ranges: Node, amount: Node | None = None, code: Node = GLUCOSE) -> Any:
    return value(observation(code, valueQuantity=amount or quantity(95, "mg/dL", "mg/dL"), referenceRange=list(ranges)))


def test_a_reference_range_is_kept_in_the_unit_of_the_value() -> None:
    found = ranged({"low": quantity(70, "mg/dL", "mg/dL"), "high": quantity(99, "mg/dL")})
    assert (found.low, found.high) == (70.0, 99.0)
    found = ranged({"low": quantity(3.9, "mmol/L", "mmol/L"), "high": quantity(5.5, "mmol/L", "mmol/L")})
    assert math.isclose(found.low, 70.271, rel_tol=1e-4)
    assert math.isclose(found.high, 99.1, rel_tol=1e-4)
    assert ranged({"high": quantity(99)}).high == 99.0


def test_a_range_that_does_not_fit_is_said_in_words_only() -> None:
    made = observation(
        GLUCOSE, valueQuantity=quantity(95, "mg/dL"), referenceRange=[{"low": quantity(3, "kg"), "high": quantity(4, "kg")}]
    )
    assert (value(made).low, value(made).high, value(made).range_text) == (None, None, "3 kg - 4 kg")
    assert "range_unit_unfit" in one(made).problems
    assert value(made).problem == ""


def test_a_range_for_some_people_is_not_chosen() -> None:
    men = {"high": quantity(17, "g/dL"), "appliesTo": [{"text": "men"}]}
    women = {"high": quantity(15, "g/dL"), "appliesTo": [{"text": "women"}]}
    found = ranged(men, women, amount=quantity(14, "g/dL"), code=loinc("718-7"))
    assert (found.low, found.high) == (None, None)
    assert found.range_text == "≤ 17 g/dL (men); ≤ 15 g/dL (women)"


def test_critical_ranges_are_not_normal_ones() -> None:
    critical = {"type": {"coding": [{"code": "critical"}]}, "high": quantity(500, "mg/dL")}
    normal = {"type": {"coding": [{"code": "normal"}]}, "high": quantity(99, "mg/dL")}
    assert ranged(critical, normal).high == 99.0


@pytest.mark.parametrize(
    "system", ["http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "http://hl7.org/fhir/v2/0078"]
)
def test_the_interpretation_is_kept_as_list_or_single(system: str) -> None:
    concept = {"coding": [{"system": system, "code": "H"}]}
    for sent in ([concept], concept):
        assert value(observation(GLUCOSE, valueQuantity=quantity(200, "mg/dL"), interpretation=sent)).interpretation == "H"


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 10**400])
def test_numbers_past_all_numbers_are_none(number: Any) -> None:
    made = observation(WEIGHT, valueQuantity=quantity(number, "kg"))
    found = normalise(made, Context("x", b"{}", PackageIndex()))
    assert found.item.values[0].problem == "not_a_number"  # type: ignore[union-attr]


def test_method_and_site_are_told() -> None:
    made = observation(
        SBP, valueQuantity=quantity(120, "mmHg"), method={"text": "cuff"}, bodySite={"text": "left arm"}, note=[{"text": "at rest"}]
    )
    assert detail(made) == {"method": "cuff", "body_site": "left arm", "note": "at rest"}


def test_every_problem_has_a_code_in_the_table() -> None:
    assert len(set(PROBLEM_CODES)) == len(PROBLEM_CODES)
