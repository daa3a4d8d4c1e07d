"""A person's risks: by whose equations, from which record, what they typed in and apart from what; strangers see nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.care import risks
from core.care.access import COMMAND_LINE
from core.care.placing import Whose
from core.care.risk_views import EquationView, InputView, OutcomeView, RisksView
from core.care.risks_drawer import DRAWER, REGIONS, read, written
from core.domain.people import Role
from core.errors import BadInput, Conflict, NotPermitted
from core.ports import Ports
from core.risk.equation import one as apply
from core.risk.registry import EQUATIONS
from tests.care.given import NOW, bring, bundle, clock, event, parcel, patient, ports_with
from tests.care.house import House, build

LABS = {"2093-3": (200, "mg/dL"), "2085-9": (55, "mg/dL"), "2160-0": (0.8, "mg/dL"), "29463-7": (70, "kg"), "8302-2": (168, "cm"), "8480-6": (128, "mm[Hg]")}


def observed(code: str, value: float, unit: str, days: float = 20, number: str = "") -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"o{code}{number or int(days)}", "status": "final", "subject": {"reference": "Patient/p1"},
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "effectiveDateTime": (NOW - timedelta(days=days)).isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit},
    }  # fmt: skip


def smoking(code: str = "266919005", days: float = 20) -> dict[str, Any]:
    answer = {"coding": [{"system": "http://snomed.info/sct", "code": code}]}
    one = observed("72166-2", 1, "1", days)
    del one["valueQuantity"]
    return one | {"valueCodeableConcept": answer}


def problem(code: str, started: str = "2016-05-01") -> dict[str, Any]:
    return {
        "resourceType": "Condition", "id": f"c{code}", "subject": {"reference": "Patient/p1"}, "onsetDateTime": started,
        "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code}]},
    }  # fmt: skip


def taken(atc: str, name: str, started: str = "2024-01-01") -> dict[str, Any]:
    concept = {"coding": [{"system": "http://www.whocc.no/atc", "code": atc}], "text": name}
    return {
        "resourceType": "MedicationRequest", "id": f"m{atc}", "status": "active", "intent": "order", "subject": {"reference": "Patient/p1"},
        "authoredOn": started, "medicationCodeableConcept": concept,
    }  # fmt: skip


def whole(**more: Any) -> list[dict[str, Any]]:
    """The record of a woman of 56 that answers PREVENT and SCORE2."""
    labs = [observed(code, value, unit) for code, (value, unit) in LABS.items()]
    return [patient(gender="female", **more), *labs, smoking(), problem("195967001"), taken("R03AC02", "salbutamol")]


def kept(ports: Ports, *records: dict[str, Any], name: str = "clinic.json") -> str:
    return str(bring(ports, parcel(bundle(*records), name, "Clinic")).person_ids[0])


def family(view: RisksView, key: str) -> Any:
    return next(one for one in view.families if one.key == key)


def main(view: RisksView, key: str = "cvd") -> OutcomeView:
    first = family(view, key).equations[0]
    return next(one for one in first.outcomes if one.key == first.main)


def given(equation: EquationView, key: str) -> InputView:
    return next(one for one in equation.inputs if one.key == key)


@pytest.fixture
def ports() -> Ports:
    return ports_with()


# ----------------------------------------------------------------------------------------------------------------- regions


def test_before_a_region_is_chosen_nobodys_equations_are_taken(ports: Ports) -> None:
    view = risks.view(ports, COMMAND_LINE, kept(ports, *whole()))
    assert (view.region, family(view, "cvd").state, family(view, "diabetes").state) == ("", "no_region", "no_region")
    assert family(view, "kidney").state == "answered"


@pytest.mark.parametrize(
    ("region", "first"),
    [("us", "prevent_base"), ("europe_low", "score2"), ("europe_very_high", "score2"), ("asia_pacific_high", "score2_asia_pacific"), ("china", "china_par")],
)
def test_the_region_chooses_whose_equation_comes_first(ports: Ports, region: str, first: str) -> None:
    person = kept(ports, *whole())
    risks.set_region(ports, COMMAND_LINE, person, region)
    assert family(risks.view(ports, COMMAND_LINE, person), "cvd").equations[0].key == first


def test_europe_looks_at_age_and_diabetes_first(ports: Ports) -> None:
    old, diabetic = kept(ports, *whole(born="1950-01-01")), kept(ports_two := ports_with(), *whole(), problem("44054006"))
    assert family(risks.draw(risks.shelf(ports, COMMAND_LINE, old, None, "europe_low")), "cvd").equations[0].key == "score2_op"
    assert family(risks.draw(risks.shelf(ports_two, COMMAND_LINE, diabetic, None, "europe_low")), "cvd").equations[0].key == "score2_diabetes"


def test_the_richest_model_of_what_is_known_is_taken(ports: Ports) -> None:
    person = kept(ports, *whole(), observed("9318-7", 12, "mg/g"), observed("4548-4", 5.5, "%"))
    risks.set_region(ports, COMMAND_LINE, person, "us")
    assert family(risks.view(ports, COMMAND_LINE, person), "cvd").equations[0].key == "prevent_uacr"
    risks.type_in(ports, COMMAND_LINE, person, "sdi_decile", 4)
    assert family(risks.view(ports, COMMAND_LINE, person), "cvd").equations[0].key == "prevent_full"


def test_others_that_have_an_answer_stand_beside_with_why_they_differ(ports: Ports) -> None:
    person = kept(ports, *whole())
    found = family(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "europe_low")), "cvd")
    assert [one.key for one in found.equations] == ["score2", "prevent_base"]
    assert {"other_outcome", "other_people"} <= set(found.differs)


# ----------------------------------------------------------------------------------------------------------------- answers


def test_an_answer_is_the_equations_own_with_its_inputs_sources_and_reading(ports: Ports) -> None:
    person = kept(ports, *whole())
    view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us"))
    one, first = main(view), family(view, "cvd").equations[0]
    by_hand = {
        "age": 56, "sex": 0, "sbp": 128, "bp_treated": 0, "tc": 200, "hdl": 55, "statin": 0, "diabetes": 0, "smoker": 0, "bmi": 70 / 1.68**2,
        "egfr": 142 * (0.8 / 0.7) ** -1.2 * 0.9938**56 * 1.012,
    }  # fmt: skip
    assert one.value == pytest.approx(apply(EQUATIONS["prevent_base"], by_hand).values["total_cvd_10yr"][0], abs=1e-9)
    assert one.of_hundred == round(one.value * 100)
    total = given(first, "tc")
    assert (total.value, total.unit, total.days, total.origin, total.sources[0].label) == (200, "mg/dL", 20, "record", "Clinic")
    assert given(first, "egfr").from_keys == ("creatinine",)
    assert given(first, "diabetes").why == "not_on_problem_list"
    assert first.explained is not None
    assert {lever.key for lever in first.levers} == {"sbp", "tc"}


def test_units_of_the_record_make_no_difference(ports: Ports) -> None:
    american = main(risks.draw(risks.shelf(ports, COMMAND_LINE, kept(ports, *whole()), None, "us"))).value
    elsewhere = [one for one in whole() if one["id"] not in ("o2093-320", "o2085-920", "o2160-020", "o29463-720")]
    other = ports_with()
    person = kept(
        other, *elsewhere, observed("14647-2", 200 / 38.67, "mmol/L"), observed("14646-4", 55 / 38.67, "mmol/L"),
        observed("14682-9", 0.8 / 0.01131222, "umol/L"), observed("29463-7", 70 / 0.45359237, "[lb_av]"),
    )  # fmt: skip
    assert main(risks.draw(risks.shelf(other, COMMAND_LINE, person, None, "us"))).value == pytest.approx(american, abs=1e-6)


def test_a_known_disease_puts_a_person_out_of_scope_and_nothing_else_is_asked(ports: Ports) -> None:
    person = kept(ports, *whole()[:3], problem("22298006"))
    one = main(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us")))
    assert [(fault.code, fault.input) for fault in one.faults] == [("not_for", "cvd_known")]
    assert one.value is one.of_hundred is one.interval is None


def test_what_is_too_old_is_declined_with_how_to_get_it_anew(ports: Ports) -> None:
    records = [one for one in whole() if one["id"] != "o8480-620"]
    person = kept(ports, *records, observed("8480-6", 150, "mm[Hg]", 400))
    (fault,) = main(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us"))).faults
    assert (fault.code, fault.input, fault.how, fault.facts["days"]) == ("stale", "sbp", "measure_bp", 400)


def test_one_missing_yes_or_no_is_bounded(ports: Ports) -> None:
    records = [one for one in whole() if one["id"] != smoking()["id"]]
    person = kept(ports, *records)
    view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us"))
    one = main(view)
    assert family(view, "cvd").state == "interval"
    assert one.interval is not None
    assert (one.interval.missing, one.value) == ("smoker", None)
    risks.type_in(ports, COMMAND_LINE, person, "smoker", choice="yes")
    assert main(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us"))).value == one.interval.high


def test_atrial_fibrillation_alone_opens_its_scores(ports: Ports) -> None:
    without, having = kept(ports, *whole()), kept(two := ports_with(), *whole(), problem("49436004"))
    assert "rhythm" not in {one.key for one in risks.view(ports, COMMAND_LINE, without).families}
    assert family(risks.draw(risks.shelf(two, COMMAND_LINE, having, None, "europe_low")), "rhythm").equations[0].key == "cha2ds2_va"


def test_a_woman_who_may_be_pregnant_is_told_that_nobody_said(ports: Ports) -> None:
    young = kept(ports, *whole(birthDate="1990-01-01"))
    first = family(risks.draw(risks.shelf(ports, COMMAND_LINE, young, None, "us")), "cvd").equations[0]
    assert "pregnancy_not_known" in first.notes
    risks.type_in(ports, COMMAND_LINE, young, "pregnant", choice="yes")
    assert ("not_for", "pregnant") in {(fault.code, fault.input) for fault in main(risks.draw(risks.shelf(ports, COMMAND_LINE, young, None, "us"))).faults}


# ----------------------------------------------------------------------------------------------------------------- history


def test_the_history_names_the_input_that_changed_the_outcome(ports: Ports) -> None:
    person = kept(ports, *whole(), observed("8480-6", 160, "mm[Hg]", 200), *(observed(code, value, unit, 200) for code, (value, unit) in LABS.items() if code != "8480-6"), smoking(days=200))
    points = family(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us")), "cvd").equations[0].history
    assert [point.when for point in points][-2:] == [(NOW - timedelta(days=days)).date().isoformat() for days in (200, 20)]
    before, after = points[-2:]
    assert before.value is not None
    assert after.value is not None
    ((key, effect),) = after.changed
    assert key == "sbp"
    assert effect == pytest.approx(after.value - before.value, abs=1e-12)
    assert effect < 0


def test_a_history_has_at_most_two_dozen_points(ports: Ports) -> None:
    labs = [observed(code, value, unit, 120) for code, (value, unit) in LABS.items()]
    person = kept(ports, *whole(), *labs, smoking(days=120), *(observed("8480-6", 120 + n % 20, "mm[Hg]", 25 + n, f"x{n}") for n in range(60)))
    points = family(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us")), "cvd").equations[0].history
    assert 2 < len(points) <= 24
    assert [point.when for point in points] == sorted(point.when for point in points)


# ------------------------------------------------------------------------------------------------------------------- typed


def test_what_is_typed_is_marked_kept_apart_from_the_record_and_can_be_taken_back(ports: Ports) -> None:
    person = kept(ports, *whole())
    before = ports.store.records(person, event())
    risks.type_in(ports, COMMAND_LINE, person, "waist", 36, "[in_i]")
    view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "china"))
    assert [(one.key, one.unit, round(one.value, 2)) for one in view.typed] == [("waist", "[in_i]", 36.0)]
    assert given(family(view, "cvd").equations[0], "waist").origin == "typed"
    assert ports.store.records(person, event()) == before
    risks.take_back(ports, COMMAND_LINE, person, "waist")
    assert risks.view(ports, COMMAND_LINE, person).typed == ()


def test_a_newer_measurement_of_the_record_is_used_before_an_older_typed_one(ports: Ports) -> None:
    person = kept(ports, patient(gender="female"), observed("8280-0", 80, "cm", 30))
    risks.type_in(ports, COMMAND_LINE, person, "waist", 90, "cm")
    clock(ports).wait(days=10)
    bring(ports, parcel(bundle(patient(gender="female"), observed("8280-0", 85, "cm", -9, "new")), "later.json", "Clinic"))
    waist = given(risks.equation_view(risks.shelf(ports, COMMAND_LINE, person), "china_par"), "waist")
    assert (waist.value, waist.origin, waist.why, waist.facts["other"]) == (85, "record", "record_is_newer", 90.0)


@pytest.mark.parametrize(
    ("key", "value", "unit", "choice", "code"),
    [
        ("age", 50, "a", "", "bad_choice"), ("nonsense", 1, "", "", "bad_choice"), ("waist", None, "cm", "", "number_needed"), ("waist", float("nan"), "cm", "", "number_needed"),
        ("waist", 90, "kg", "", "unit_unfit"), ("waist", 9000, "cm", "", "number_impossible"), ("sdi_decile", 4.5, "", "", "number_impossible"),
        ("smoker", None, "", "maybe", "bad_choice"), ("smoker", 1, "", "", "bad_choice"), ("family_diabetes", None, "", "third", "bad_choice"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_kept(ports: Ports, key: str, value: float | None, unit: str, choice: str, code: str) -> None:
    person = kept(ports, patient())
    with pytest.raises(BadInput) as refused:
        risks.type_in(ports, COMMAND_LINE, person, key, value, unit, choice)
    assert refused.value.code == code
    assert ports.store.drawer(person, DRAWER, event()) == b""


def test_a_region_that_there_is_none_of_is_refused(ports: Ports) -> None:
    person = kept(ports, patient())
    for call in (lambda: risks.set_region(ports, COMMAND_LINE, person, "mars"), lambda: risks.shelf(ports, COMMAND_LINE, person, None, "mars")):
        with pytest.raises(BadInput):
            call()


@pytest.mark.parametrize("raw", [b"{", b"[]", b"null", b'{"region": "mars", "typed": {}}', b'{"region": "us"}', b'{"region": "us", "typed": {"waist": 3}}', b"\xff",
                                 b'{"region": "us", "typed": {"waist": {"value": "x", "unit": "cm", "choice": "", "at": "2026-01-01"}}}', b"[" * 5000])  # fmt: skip
def test_a_damaged_drawer_is_said_to_be_and_never_taken_for_an_empty_one(ports: Ports, raw: bytes) -> None:
    person = kept(ports, patient())
    ports.store.put_in_drawer(person, DRAWER, raw, event())
    for call in (lambda: risks.view(ports, COMMAND_LINE, person), lambda: risks.type_in(ports, COMMAND_LINE, person, "waist", 90, "cm")):
        with pytest.raises(BadInput) as refused:
            call()
        assert refused.value.code == "drawer_damaged"
    assert ports.store.drawer(person, DRAWER, event()) == raw
    risks.start_over(ports, COMMAND_LINE, person)
    assert risks.view(ports, COMMAND_LINE, person).typed == ()


def test_what_is_written_is_read_again(ports: Ports) -> None:
    person = kept(ports, patient())
    for region in REGIONS:
        risks.set_region(ports, COMMAND_LINE, person, region)
    risks.type_in(ports, COMMAND_LINE, person, "tc", 5.2, "mmol/L")
    risks.type_in(ports, COMMAND_LINE, person, "family_diabetes", choice="first_degree")
    found = read(ports.store.drawer(person, DRAWER, event()))
    assert read(written(found)) == replace(found, raw=written(found))
    assert (found.region, found.typed["family_diabetes"].value, found.typed["tc"].unit) == ("china", 2.0, "mmol/L")


def test_two_who_type_at_once_do_not_lose_one_anothers_answer(ports: Ports) -> None:
    person = kept(ports, patient())
    with pytest.raises(Conflict):
        ports.store.put_in_drawer(person, DRAWER, b"{}", event(), was=b"something else")


# ----------------------------------------------------------------------------------------------------------------- what if


def test_trying_something_out_changes_the_answer_and_not_the_record(ports: Ports) -> None:
    person = kept(ports, *whole())
    shelf = risks.shelf(ports, COMMAND_LINE, person, None, "us")
    before = main(risks.draw(shelf)).value
    lower = risks.what_if(shelf, "prevent_base", "total_cvd_10yr", {"sbp": 110.0}).value
    assert lower is not None
    assert before is not None
    assert lower < before == main(risks.draw(shelf)).value


@pytest.mark.parametrize("changes", [{"age": 40.0}, {"sbp": 300.0}, {"statin": 1.0}, {"nonsense": 1.0}])
def test_only_what_a_person_can_change_can_be_tried_out(ports: Ports, changes: dict[str, float]) -> None:
    shelf = risks.shelf(ports, COMMAND_LINE, kept(ports, *whole()), None, "us")
    with pytest.raises(BadInput):
        risks.what_if(shelf, "prevent_base", "total_cvd_10yr", changes)


def test_a_mans_waist_cannot_be_tried_out_in_china_par(ports: Ports) -> None:
    person = kept(ports, *whole()[1:], patient(gender="male"))
    for key, choice in (("north", "yes"), ("urban", "yes"), ("family_cvd", "no")):
        risks.type_in(ports, COMMAND_LINE, person, key, choice=choice)
    risks.type_in(ports, COMMAND_LINE, person, "waist", 95, "cm")
    first = family(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "china")), "cvd").equations[0]
    assert first.key == "china_par"
    assert first.levers
    assert "waist" not in {lever.key for lever in first.levers}


# ------------------------------------------------------------------------------------------------------------------ access


def test_strangers_see_no_risks_and_a_coordinator_may_not_type_for_a_person() -> None:
    house: House = build()
    stranger = house.actors[Role.PATIENT]
    with pytest.raises(NotPermitted):
        risks.view(house.ports, stranger, house.other)
    with pytest.raises(NotPermitted):
        risks.type_in(house.ports, house.actors[Role.COORDINATOR], house.own, "waist", 90, "cm")
    assert not risks.view(house.ports, house.actors[Role.CAREGIVER], house.own).may_edit
    assert risks.view(house.ports, stranger, house.own).may_edit


def test_what_needs_a_clinicians_judgement_is_shown_to_a_coordinator_only() -> None:
    house = build()
    mine, theirs = (risks.view(house.ports, house.actors[role], house.own) for role in (Role.PATIENT, Role.COORDINATOR))
    assert "early_warning" in {one.key for one in theirs.families}
    assert not any(equation.audience != "patient" for one in mine.families for equation in one.equations)


# ------------------------------------------------------------------------------------------------------------- real people


def test_real_records_are_answered_or_declined_with_reasons_in_every_region(shared_data: Path) -> None:
    files = sorted((shared_data / "fhir" / "synthea-r4").glob("*.json"))[::9]
    assert files
    for file in files:
        ports = ports_with()
        person = bring(ports, parcel(file.read_bytes(), file.name)).person_ids[0]
        for region in ("us", "europe_high", "china", "asia_pacific_low"):
            view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, region))
            for one in (equation for found in view.families for equation in found.equations):
                for outcome in one.outcomes:
                    assert (outcome.value is None) == bool(outcome.faults), (file.name, one.key, outcome.key)
                    assert all(fault.code and fault.how for fault in outcome.faults)
                assert {given.key for given in one.inputs} == {item.key for item in EQUATIONS[one.key].inputs}


def test_a_view_is_plain_data() -> None:
    ports = ports_with()
    person = bring(ports, parcel(bundle(*whole()), "a.json"), whose=Whose()).person_ids[0]
    view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "us"))
    facts = [fault.facts for one in view.families for equation in one.equations for outcome in equation.outcomes for fault in outcome.faults]
    assert json.dumps([dict(one) for one in facts])


@pytest.mark.parametrize(("region", "read"), [("us", {"who_bmi"}), ("china", {"china_bmi"}), ("asia_pacific_high", {"who_bmi_asia"}), ("europe_low", {"who_bmi"})])
def test_weight_for_height_is_read_by_the_cut_offs_of_the_persons_region(ports: Ports, region: str, read: set[str]) -> None:
    person = kept(ports, *whole())
    view = risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, region))
    (bmi,) = (one for one in family(view, "body").equations[0].outcomes if one.key == "bmi")
    assert {band.thresholds for band in bmi.bands} == read


@pytest.mark.parametrize(("gender", "warned"), [("male", True), ("female", False)])
def test_a_mans_waist_is_no_advice_in_china_par(ports: Ports, gender: str, warned: bool) -> None:
    records = whole()
    person = kept(ports, patient(gender=gender), *records[1:])
    first = family(risks.draw(risks.shelf(ports, COMMAND_LINE, person, None, "china")), "cvd").equations[0]
    assert first.key == "china_par"
    assert ("no_advice_on_waist" in first.notes) is warned
