"""Inputs of equations from a record: what counts as what, how old it may be, what contradicts, and that nothing is made up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.codes import SNOMED
from core.domain.records import Record, Standing
from core.risk.registry import EQUATIONS
from core.risk.rules_table import RULES, rule_of
from core.risk.sourcing import gather, source
from core.risk.sourcing_types import Evidence, Sourced
from core.risk.vocabulary import TERMS
from tests.risk.recorded import (
    AT,
    ICD10,
    LISTED,
    OWN,
    TAKING,
    ago,
    known,
    medicine,
    point,
    pregnancy,
    problem,
    record,
    rxnorm,
    smoking,
    typed,
    visit,
)

DIABETES, HYPERTENSION, AF, STROKE = "44054006", "38341003", "49436004", "230690007"


def said(evidence: Evidence, key: str, at: int = AT) -> Sourced:
    return source(evidence, [key], at)[key]


def state(evidence: Evidence, key: str) -> tuple[str, float | None, str]:
    one = said(evidence, key)
    return one.state, one.value, one.why


# --------------------------------------------------------------------------------------------------------------- staleness


@pytest.mark.parametrize("key", [key for key, term in TERMS.items() if term.signal and key not in ("sbp", "dbp", "bmi", "egfr", "height", "creatinine")])
def test_a_measurement_grows_too_old_on_the_day_its_rule_says(key: str) -> None:
    limit = rule_of(key).max_days
    assert limit is not None
    middle = {"hba1c": 6.0, "uacr": 20.0, "hdl": 50.0}.get(key, 100.0)
    on_the_day, day_after = (known(**{TERMS[key].signal: [point(middle, days)]}) for days in (limit, limit + 1))
    assert state(on_the_day, key)[:2] == ("used", middle)
    stale = said(day_after, key)
    assert (stale.state, stale.why, stale.facts) == ("stale", "too_old", {"days": limit + 1, "limit": limit})
    assert stale.how and not stale.used


def test_every_input_has_a_rule_that_says_how_to_get_it() -> None:
    assert set(RULES) == set(TERMS)
    assert all(rule.how and rule.because for rule in RULES.values())


def test_what_is_measured_tomorrow_is_not_known_today() -> None:
    assert said(known(tc=[point(200, -2)]), "tc").state == "missing"


def test_the_newest_measurement_counts_and_says_where_it_is_from() -> None:
    old, new = point(210, 400), point(190, 20)
    found = said(known(tc=[new, old]), "tc")
    assert (found.value, found.days, found.record_ids, found.source_ids, found.origin) == (190, 20, (new.record_id,), ("s1",), "record")


def test_a_limit_is_no_number() -> None:
    assert said(known(uacr=[point(5, 20, bound="<")]), "uacr").state == "unclear"


def test_two_results_of_one_moment_that_differ_contradict() -> None:
    assert state(known(tc=[point(200, 20), point(150, 20)]), "tc")[::2] == ("contradictory", "two_values_at_once")
    assert said(known(tc=[point(200, 20), point(199, 20)]), "tc").used


# ------------------------------------------------------------------------------------------------------------ worked out


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("1970-11-21", ("used", 56.0, "")), ("1970-11-22", ("used", 55.0, "")), ("1970-03", ("used", 56.0, "")), ("1970-12", ("used", 55.0, "")),
        ("1970-11", ("unclear", None, "birth_date_partial")), ("1970", ("unclear", None, "birth_date_partial")), ("", ("missing", None, "")),
        ("1850-01-01", ("unclear", None, "birth_date_impossible")), ("2030-01-01", ("unclear", None, "birth_date_impossible")),
    ],
)  # fmt: skip
def test_age_is_told_only_where_every_day_of_a_partial_birth_date_agrees(born: str, expected: tuple[str, float | None, str]) -> None:
    assert state(known(born=born), "age") == expected


def test_nobody_dead_is_given_an_age() -> None:
    assert said(known(deceased="2024-01-01"), "age").why == "deceased"


def test_sex_is_as_the_record_says_and_nothing_else() -> None:
    assert [said(known(gender=one), "sex").value for one in ("male", "female", "other", "unknown", "")] == [1.0, 0.0, None, None, None]


def test_blood_pressure_is_the_mean_of_the_two_newest_days_in_clinics() -> None:
    rows = [point(150, 40), point(140, 10), point(130, 10), point(110, 1, setting="home")]
    found = said(known(sbp=rows), "sbp")
    assert (found.value, found.why, found.facts) == (142.5, "mean_of_two_days", {"n": 3, "days": 2})


def test_days_too_far_apart_are_not_averaged() -> None:
    assert said(known(sbp=[point(150, 120), point(130, 10)]), "sbp").value == 130


def test_without_a_fresh_reading_in_a_clinic_the_average_at_home_counts_without_its_first_day() -> None:
    home = [point(value, days, setting="home") for value, days in ((180, 4), (132, 3), (128, 2), (130, 1))]
    found = said(known(sbp=[point(150, 500), *home]), "sbp")
    assert (found.value, found.why) == (130, "home_average")
    few = said(known(sbp=home[2:]), "sbp")
    assert (few.value, few.why) == (129, "home_readings")


def test_bmi_is_of_weight_and_a_grown_ups_height() -> None:
    child = point(150, 365 * 45)
    found = said(known(weight=[point(81, 20)], height=[child, point(180, 3000)]), "bmi")
    assert (found.value, found.origin, found.from_keys) == (25.0, "derived", ("weight", "height"))
    assert said(known(weight=[point(81, 20)], height=[child]), "bmi").state == "missing"


def test_a_bmi_that_is_not_of_weight_and_height_contradicts() -> None:
    measured = {"weight": [point(81, 20)], "height": [point(180, 20)]}
    assert said(known(**measured, bmi=[point(26.4, 20)]), "bmi").used
    assert said(known(**measured, bmi=[point(26.6, 20)]), "bmi").why == "bmi_not_of_weight_and_height"


def test_kidney_function_is_worked_out_of_creatinine_by_the_formula_of_2021() -> None:
    found = said(known(creatinine=[point(1.0, 20)], born="1966-01-01", gender="male"), "egfr")
    assert found.value == pytest.approx(86.5, abs=0.5)
    assert (found.origin, found.from_keys) == ("derived", ("creatinine",))


def test_a_result_of_another_formula_is_not_taken_for_it() -> None:
    assert state(known(egfr=[point(70, 20, code="33914-3")]), "egfr") == ("unclear", None, "egfr_other_formula")
    assert said(known(egfr=[point(70, 20, code="98979-8")]), "egfr").value == 70


def test_kidney_function_that_does_not_fit_its_creatinine_contradicts() -> None:
    creatinine = {"creatinine": [point(1.0, 20)], "born": "1966-01-01", "gender": "male"}
    assert said(known(**creatinine, egfr=[point(50, 20, code="98979-8")]), "egfr").why == "egfr_not_of_creatinine"  # type: ignore[arg-type]
    assert said(known(**creatinine, egfr=[point(84, 20, code="98979-8")]), "egfr").used  # type: ignore[arg-type]


def test_hdl_is_below_the_total() -> None:
    found = source(known(tc=[point(180, 20)], hdl=[point(190, 20)]), ["tc", "hdl"], AT)
    assert found["hdl"].why == "hdl_not_below_total"


def test_age_at_diabetes_is_told_to_the_year_or_not_at_all() -> None:
    exact = known([problem(DIABETES, start="2015-05-02")])
    assert (said(exact, "age_at_diabetes").value, said(known([problem(DIABETES, start="2015")]), "age_at_diabetes").why) == (45.0, "onset_partial")


# --------------------------------------------------------------------------------------------------------------- diagnoses

MEANT = [
    ("diabetes", DIABETES, SNOMED), ("diabetes", "73211009", SNOMED), ("diabetes", "46635009", SNOMED), ("diabetes", "E11.9", ICD10), ("diabetes", "E14.900x001", ICD10),
    ("hypertension", HYPERTENSION, SNOMED), ("hypertension", "I10.x00", ICD10), ("heart_failure", "84114007", SNOMED), ("heart_failure", "I50.900", ICD10),
    ("heart_failure", "I11.0", ICD10), ("atrial_fibrillation", AF, SNOMED), ("atrial_fibrillation", "5370000", SNOMED), ("atrial_fibrillation", "I48.x01", ICD10),
    ("stroke", STROKE, SNOMED), ("stroke", "266257000", SNOMED), ("stroke", "I63.902", ICD10), ("stroke", "G45.9", ICD10), ("vascular", "22298006", SNOMED),
    ("vascular", "I25.103", ICD10), ("vascular", "I70.2", ICD10), ("vascular", "399957001", SNOMED), ("cvd_known", "22298006", SNOMED), ("cvd_known", STROKE, SNOMED),
    ("cvd_known", "42343007", SNOMED), ("kidney_failure", "46177005", SNOMED), ("kidney_failure", "N18.6", ICD10), ("kidney_failure", "Z94.0", ICD10),
    ("liver_abnormal", "19943007", SNOMED), ("gestational_diabetes", "O24.4", ICD10), ("diabetes_type1", "46635009", SNOMED),
]  # fmt: skip


@pytest.mark.parametrize(("key", "code", "system"), MEANT)
def test_a_coded_problem_says_yes(key: str, code: str, system: str) -> None:
    mine = problem(code, system)
    found = said(known([mine, visit()]), key)
    assert (found.state, found.value, found.record_ids) == ("used", 1.0, (mine.record_id,))


@pytest.mark.parametrize(("key", "code", "system"), MEANT)
def test_a_problem_that_is_refuted_entered_in_error_replaced_or_taken_back_does_not_say_yes(key: str, code: str, system: str) -> None:
    not_so = [
        problem(code, system, verification="refuted"), problem(code, system, verification="entered-in-error"),
        *(problem(code, system, standing=standing) for standing in (Standing.RETRACTED, Standing.SUPERSEDED, Standing.QUARANTINED)),
    ]  # fmt: skip
    for one in not_so:
        assert said(known([one, *LISTED]), key).value in (0.0, None)


@pytest.mark.parametrize("key", ["diabetes", "hypertension", "heart_failure", "atrial_fibrillation", "stroke", "vascular", "cvd_known", "kidney_failure"])
def test_no_is_said_by_a_list_that_is_kept_and_by_nothing_less(key: str) -> None:
    assert state(known(LISTED), key) == ("used", 0.0, "not_on_problem_list")
    assert state(known(), key)[::2] == ("missing", "no_problem_list")
    assert state(known([visit()]), key)[::2] == ("missing", "no_problem_list")
    assert state(known([problem("195967001", source=OWN), visit()]), key)[::2] == ("missing", "no_problem_list")
    assert state(known([problem("195967001"), visit(800)]), key)[::2] == ("stale", "list_not_kept_lately")


def test_a_refuted_diagnosis_is_an_explicit_no() -> None:
    assert state(known([problem(AF, verification="refuted"), visit()]), "atrial_fibrillation") == ("used", 0.0, "said_not")


@pytest.mark.parametrize("verification", ["provisional", "differential", "unconfirmed"])
def test_a_doubted_diagnosis_is_neither_yes_nor_no(verification: str) -> None:
    assert state(known([problem(AF, verification=verification), *LISTED]), "atrial_fibrillation") == ("unclear", None, "diagnosis_unsure")


@pytest.mark.parametrize("words", ["Type 2 diabetes mellitus", "2型糖尿病", "Diabetic retinopathy"])
def test_a_problem_that_only_its_words_name_is_not_taken_for_a_no(words: str) -> None:
    assert state(known([problem("", display=words), visit()]), "diabetes") == ("unclear", None, "named_not_coded")


@pytest.mark.parametrize("words", ["Prediabetes", "Family history of diabetes", "Gestational diabetes", "糖尿病家族史", "Diabetes insipidus", "Heat stroke"])
def test_words_that_mean_something_else_do_not_count(words: str) -> None:
    assert said(known([problem("", display=words), visit()]), "diabetes").value == 0.0
    assert said(known([problem("", display=words), visit()]), "stroke").value == 0.0


def test_what_was_once_had_counts_for_good_but_diabetes_said_to_be_over_is_unclear() -> None:
    assert said(known([problem(STROKE, status="resolved", end="2016-01-01"), visit()]), "stroke").value == 1.0
    assert said(known([problem(DIABETES, status="remission"), visit()]), "diabetes").why == "said_to_be_over"


def test_the_type_of_diabetes_is_told_by_its_code_or_not_at_all() -> None:
    assert said(known([problem(DIABETES), visit()]), "diabetes_type1").value == 0.0
    assert said(known([problem("73211009"), visit()]), "diabetes_type1").why == "diabetes_type_not_known"
    assert said(known([problem("46635009"), problem(DIABETES), visit()]), "diabetes_type1").why == "two_types_of_diabetes"


# -------------------------------------------------------------------------------------------------- medicines and answers


@pytest.mark.parametrize(
    ("key", "one"),
    [
        ("bp_treated", medicine("C09AA05")), ("bp_treated", medicine("C10BX03")), ("bp_treated", rxnorm("lisinopril 10 MG Oral Tablet")),
        ("bp_treated", rxnorm("Hydrochlorothiazide 25 MG Oral Tablet")), ("bp_treated", medicine("", display="苯磺酸氨氯地平片")),
        ("statin", medicine("C10AA05")), ("statin", rxnorm("Simvastatin 10 MG Oral Tablet")), ("statin", medicine("", display="阿托伐他汀钙片")),
    ],
)  # fmt: skip
def test_a_medicine_of_the_class_says_treated(key: str, one: Record) -> None:
    assert state(known([one]), key)[:2] == ("used", 1.0)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (medicine("C09AA05", status="stopped", end=ago(10)), ("used", 0.0, "not_on_medicine_list")),
        (medicine("C09AA05", status="completed"), ("used", 0.0, "not_on_medicine_list")),
        (medicine("C09AA05", end=ago(3)), ("used", 0.0, "not_on_medicine_list")),
        (medicine("C09AA05", intent="proposal"), ("used", 0.0, "not_on_medicine_list")),
        (medicine("C09AA05", status="on-hold"), ("unclear", None, "medicine_on_hold")),
        (medicine("C09AA05", status="unknown"), ("unclear", None, "medicine_status_unknown")),
        (medicine("", display="Norvasc"), ("unclear", None, "medicine_not_known")),
        (medicine("C09AA05", start=ago(-20)), ("used", 0.0, "not_on_medicine_list")),
    ],
)  # fmt: skip
def test_a_medicine_that_is_not_taken_now_does_not_say_treated(one: Record, expected: tuple[str, float | None, str]) -> None:
    assert state(known([one, *TAKING]), "bp_treated") == expected


def test_not_treated_needs_a_list_of_medicines() -> None:
    assert state(known(TAKING), "statin") == ("used", 0.0, "not_on_medicine_list")
    assert state(known([visit()]), "statin")[::2] == ("missing", "no_medicine_list")


def test_of_several_records_about_a_medicine_the_newest_speaks() -> None:
    active, stopped = medicine("C09AA05", start=ago(400)), medicine("C09AA05", status="stopped", start=ago(20), end=ago(5))
    assert said(known([active, stopped, *TAKING]), "bp_treated").value == 0.0


@pytest.mark.parametrize(
    ("code", "value"),
    [("449868002", 1.0), ("428041000124106", 1.0), ("428071000124103", 1.0), ("LA18976-3", 1.0), ("8517006", 0.0), ("LA15920-4", 0.0), ("266919005", 0.0), ("266927001", None)],
)
def test_an_answer_about_smoking_means_what_its_code_says(code: str, value: float | None) -> None:
    assert said(known([smoking(code)]), "smoker").value == value


def test_smoking_with_unknown_status_is_unclear() -> None:
    assert state(known([smoking("77176002", display="Smoker, current status unknown")]), "smoker") == ("unclear", None, "smoking_unclear")


def test_the_newest_answer_about_smoking_counts_until_it_is_too_old() -> None:
    assert said(known([smoking("449868002", 400), smoking("8517006", 20)]), "smoker").value == 0.0
    assert said(known([smoking("449868002", 732)]), "smoker").state == "stale"
    assert said(known([smoking("449868002", 20, standing=Standing.RETRACTED)]), "smoker").state == "missing"


def test_answers_of_one_day_that_differ_contradict() -> None:
    assert said(known([smoking("449868002"), smoking("266919005")]), "smoker").why == "answers_differ"


def test_never_smoked_beside_a_dependence_on_tobacco_contradicts() -> None:
    assert said(known([smoking("266919005"), problem("F17.2", ICD10)]), "smoker").why == "never_but_dependent"
    assert said(known([problem("F17.2", ICD10)]), "smoker").value == 1.0


def test_pregnancy_is_unknown_until_somebody_says_and_lasts_no_longer_than_it_can() -> None:
    young = {"born": "1994-01-01"}
    assert said(known(**young), "pregnant").state == "missing"  # type: ignore[arg-type]
    assert said(known([pregnancy("77386006", 60)], **young), "pregnant").value == 1.0  # type: ignore[arg-type]
    assert said(known([pregnancy("60001007", 60)], **young), "pregnant").value == 0.0  # type: ignore[arg-type]
    assert said(known([pregnancy("77386006", 320)], **young), "pregnant").state == "missing"  # type: ignore[arg-type]
    assert said(known([problem("77386006", start=ago(60))], **young), "pregnant").value == 1.0  # type: ignore[arg-type]
    assert said(known([problem("77386006", start=ago(400))], **young), "pregnant").state == "missing"  # type: ignore[arg-type]
    assert said(known(gender="male"), "pregnant").state == "unneeded"
    assert said(known([pregnancy("77386006", 60)], gender="male"), "pregnant").why == "pregnant_and_male"


# ---------------------------------------------------------------------------------------------------------- contradictions


def test_no_diabetes_beside_a_result_in_its_range_is_a_contradiction_for_a_clinician() -> None:
    found = said(known(LISTED, hba1c=[point(6.5, 20)]), "diabetes")
    assert (found.state, found.why, found.how) == ("contradictory", "diabetes_range_without_diagnosis", "ask_clinician")
    assert said(known(LISTED, hba1c=[point(6.4, 20)]), "diabetes").value == 0.0
    assert said(known(LISTED, glucose_fasting=[point(126, 20)]), "diabetes").state == "contradictory"
    assert said(known(LISTED, hba1c=[point(6.9, 900), point(5.5, 20)]), "diabetes").value == 0.0


def test_no_diabetes_beside_insulin_is_a_contradiction_but_not_beside_a_medicine_with_other_uses() -> None:
    assert said(known([*LISTED, medicine("A10AE04")]), "diabetes").why == "diabetes_medicine_without_diagnosis"
    assert said(known([*LISTED, medicine("A10BK03", display="empagliflozin")]), "diabetes").value == 0.0


@pytest.mark.parametrize(("key", "records"), [("diabetes", (problem(DIABETES), visit())), ("bp_treated", (medicine("C09AA05"),))])
def test_a_typed_no_does_not_overrule_what_the_record_states(key: str, records: tuple[Record, ...]) -> None:
    assert said(known(records, said=[typed(key, 0.0)]), key).state == "contradictory"
    assert said(known(records, said=[typed(key, 1.0)]), key).value == 1.0


# ------------------------------------------------------------------------------------------------------------------- typed


def test_what_was_typed_counts_where_the_record_is_silent_and_is_marked() -> None:
    found = said(known(said=[typed("diabetes", 0.0)]), "diabetes")
    assert (found.state, found.value, found.origin) == ("used", 0.0, "typed")
    assert said(known(LISTED, said=[typed("diabetes", 1.0)]), "diabetes").value == 1.0


def test_of_a_typed_and_a_recorded_number_the_newer_is_used_and_the_other_told() -> None:
    newer = said(known(tc=[point(200, 30)], said=[typed("tc", 180.0, 5)]), "tc")
    older = said(known(tc=[point(200, 3)], said=[typed("tc", 180.0, 5)]), "tc")
    assert (newer.value, newer.origin, newer.facts["other"]) == (180.0, "typed", 200)
    assert (older.value, older.origin, older.facts["other"]) == (200, "record", 180.0)


def test_what_was_typed_grows_old_as_well() -> None:
    assert said(known(said=[typed("waist", 90, 800)]), "waist").state == "stale"
    assert said(known(said=[typed("physically_active", 1.0, 800)]), "physically_active").state == "stale"


def test_a_relative_with_diabetes_answers_both_forms_of_the_question() -> None:
    near = known(said=[typed("family_diabetes", 2.0, choice="first_degree")])
    assert said(near, "family_diabetes_first").value == 1.0
    assert said(known(said=[typed("family_diabetes_first", 1.0)]), "family_diabetes").value == 2.0
    assert said(known(said=[typed("family_diabetes_first", 0.0)]), "family_diabetes").state == "missing"


# --------------------------------------------------------------------------------------------------------------- equations


def whole() -> Evidence:
    """A woman of 56 of whom everything is known."""
    records = [*LISTED, *TAKING, smoking("266919005")]
    return known(
        records, sbp=[point(128, 20)], tc=[point(200, 20)], hdl=[point(55, 20)], creatinine=[point(0.8, 20)], weight=[point(70, 20)], height=[point(168, 20)],
        hba1c=[point(5.4, 20)],
    )  # fmt: skip


def test_a_whole_record_answers_prevent_in_the_equations_units() -> None:
    found = gather(whole(), EQUATIONS["prevent_base"], AT)
    assert found.faults == ()
    assert (found.values["age"], found.values["sbp"], found.values["tc"], found.values["smoker"]) == (56.0, 128, 200, 0.0)
    european = gather(replace(whole(), fixed={"score2_region": 1.0}), EQUATIONS["score2"], AT)
    assert european.values["tc"] == pytest.approx(200 * 0.02586, rel=1e-4)


def test_each_missing_input_of_each_equation_is_named_and_nothing_is_made_up() -> None:
    for equation in EQUATIONS.values():
        found = gather(known(born="", gender=""), equation, AT)
        assert {item.key for item in equation.inputs if item.required} <= found.blocked, equation.key
        assert found.values == {}


def test_a_person_must_be_known_not_to_be_left_out() -> None:
    silent = known(born="1970-04-02", sbp=[point(128, 20)], tc=[point(200, 20)])
    assert "cvd_known" in gather(silent, EQUATIONS["prevent_base"], AT).blocked
    assert "diabetes" in gather(silent, EQUATIONS["cdrs"], AT).blocked
    assert "pregnant" not in gather(silent, EQUATIONS["prevent_base"], AT).blocked


def test_men_and_women_are_asked_what_the_equation_uses_of_them() -> None:
    woman, man = (gather(known(gender=sex), EQUATIONS["china_par"], AT).blocked for sex in ("female", "male"))
    assert {"urban", "family_cvd"} <= man
    assert not {"urban", "family_cvd"} & woman
    assert "gestational_diabetes" in gather(known(), EQUATIONS["ada_risk_test"], AT).blocked
    assert "gestational_diabetes" not in gather(known(gender="male"), EQUATIONS["ada_risk_test"], AT).blocked


def test_tests_that_belong_together_must_be_of_one_time() -> None:
    def tests(days: float) -> Evidence:
        return known(ast=[point(30, 10)], alt=[point(30, 10)], platelets=[point(220, days)])

    assert gather(tests(35), EQUATIONS["fib4"], AT).faults == ()
    assert [(one.key, one.why) for one in gather(tests(45), EQUATIONS["fib4"], AT).inputs if one.state == "stale"] == [("platelets", "not_measured_together")]


def test_the_same_evidence_tells_an_earlier_day_as_it_stood() -> None:
    evidence = known([smoking("449868002", 300), smoking("8517006", 20), *LISTED], tc=[point(240, 300), point(190, 20)])
    then = AT - 100 * 86_400 * 1_000_000_000
    assert (said(evidence, "smoker", then).value, said(evidence, "tc", then).value) == (1.0, 240)
    assert (said(evidence, "smoker").value, said(evidence, "tc").value) == (0.0, 190)


# -------------------------------------------------------------------------------------------------------------- properties

_TEXT = st.sampled_from(["", "2020", "2019-05", "2026-11-20", "2026-11-20T08:00:00Z", "9999-12-31", "1600-01-01", "not a day"])
_CODES = st.sampled_from([DIABETES, "E11.9", HYPERTENSION, "77386006", "C09AA05", "C10AA05", "", "F17.2", "449868002", "no-known-problems"])
_SYSTEMS = st.sampled_from([SNOMED, ICD10, "http://www.whocc.no/atc", "http://loinc.org", "urn:other"])
_NUMBERS = st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from([0.0, 1e308, -1.0, 120.0]))


@st.composite
def some_records(draw: st.DrawFn) -> list[Record]:
    found = []
    for _ in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(["Condition", "MedicationRequest", "Observation", "Encounter"]))
        base = problem(draw(_CODES), draw(_SYSTEMS), draw(st.sampled_from(["", "diabetes", "高血压", "x"])), start=draw(_TEXT), end=draw(_TEXT))
        status = draw(st.sampled_from(["active", "stopped", "resolved", "unknown", "", "entered-in-error", "on-hold"]))
        found.append(record(replace(base.item, kind=kind, status=status), draw(st.sampled_from(list(Standing)))))
    return found


@settings(max_examples=60, deadline=None)
@given(some_records(), st.lists(st.tuples(st.sampled_from(["sbp", "tc", "hdl", "creatinine", "weight", "height", "egfr", "hba1c"]), _NUMBERS, st.integers(-10, 4000)), max_size=8), _TEXT)
def test_sourcing_never_raises_and_only_what_is_used_goes_in(records: list[Record], measured: list[tuple[str, float, int]], born: str) -> None:
    points: dict[str, list[object]] = {}
    for signal, value, days in measured:
        points.setdefault(signal, []).append(point(value, days))
    evidence = known([*records, smoking("449868002")], born=born, **points)  # type: ignore[arg-type]
    for equation in EQUATIONS.values():
        found = gather(evidence, equation, AT)
        assert set(found.values) == {one.key for one in found.inputs if one.used} - {fault.input for fault in found.faults if fault.code == "unit_unknown"}
