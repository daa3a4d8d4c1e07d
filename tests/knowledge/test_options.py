"""Options are what the table allows, never more: more observations where anything is unknown, and what speaks against each is what the safety checks find."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.advice.engine import judged
from core.care.option_views import STANDS, OptionView
from core.care.options import weighed
from core.knowledge.options_table import OPTIONS, STATUS_ORDER, facts_asked
from core.medications.facts import Measured, PersonFacts
from core.medications.tables import load
from core.rules import ShippedTables
from tests.knowledge.given import DAY, facts, known, no_to_all, options, person, rules

CASES = {
    "bp_ace": "hypertension=1 diabetes=1 sbp_home=132", "bp_arb": "hypertension=1 sbp_home=136", "bp_ccb": "hypertension=1 dbp_home=86",
    "bp_thiazide": "hypertension=1 ckd=1 dbp_home=80", "bp_spironolactone": "hypertension=1 sbp_home=150 bp_classes=3", "statin_cvd": "stroke=1",
    "statin_ldl_190": "ldl=190", "statin_prevent": "risk_prevent_ascvd=3", "statin_china": "region_china=1 risk_china_par=10 ldl=101",
    "statin_china_diabetes": "region_china=1 diabetes=1 ldl=101", "dm_metformin": "diabetes=1", "dm_sglt2_heart": "diabetes=1 heart_failure=1",
    "dm_glp1": "diabetes=1 bmi=30", "af_anticoagulant": "atrial_fibrillation=1 score_cha2ds2_va=2", "af_anticoagulant_consider": "atrial_fibrillation=1 score_cha2ds2_va=1",
    "af_bleeding_factors": "atrial_fibrillation=1 score_has_bled=3", "hf_ras": "heart_failure=1 lvef=40", "hf_beta": "heart_failure=1 lvef=30",
    "hf_mra": "heart_failure=1 lvef=30", "hf_sglt2": "heart_failure=1", "ckd_sglt2": "ckd=1 diabetes=1", "ckd_ras": "ckd=1 uacr=30",
    "ckd_finerenone": "ckd=1 diabetes=1 uacr=30", "ckd_refer": "egfr=29", "ckd_confirm": "egfr=59", "tobacco_medicine": "smoker=1",
}  # fmt: skip
"""For each option, what makes it possible."""
JUST_NOT = {
    "bp_ace": "hypertension=1 diabetes=1 sbp_home=129 dbp_home=79", "bp_arb": "hypertension=1 sbp_home=134 dbp_home=84", "statin_ldl_190": "ldl=189.9",
    "statin_prevent": "risk_prevent_ascvd=2.9", "af_anticoagulant": "atrial_fibrillation=1 score_cha2ds2_va=1", "hf_ras": "heart_failure=1 lvef=41",
    "ckd_sglt2": "ckd=1 diabetes=1 egfr=19.9", "ckd_finerenone": "ckd=1 diabetes=1 uacr=30 potassium=4.9", "dm_metformin": "diabetes=1 diabetes_type1=1",
    "tobacco_medicine": "smoker=1 pregnant=1", "ckd_refer": "egfr=30 uacr=300", "ckd_confirm": "egfr=60", "bp_spironolactone": "hypertension=1 sbp_home=150 bp_classes=2",
}  # fmt: skip


def weigh(text: str, told: PersonFacts | None = None, *, calm: bool = True) -> dict[str, OptionView]:
    found = no_to_all(text) if calm else facts(text)
    return {one.row.id: one for one in weighed(options(), found, rules(), told or person(), known().graph)}


def stands(one: OptionView) -> dict[str, str]:
    return {each.key: each.stands for each in one.candidates}


def test_every_option_of_the_table_has_a_case() -> None:
    assert set(CASES) == {row.id for row in options().rows}


@pytest.mark.parametrize("option", sorted(CASES))
def test_an_option_is_open_where_the_table_says_so(option: str) -> None:
    found = weigh(CASES[option])[option]
    assert found.state == "open" and bool(found.candidates) is bool(found.row.members)
    assert found.first.citation and found.choice.citation and found.status in STATUS_ORDER
    assert set(stands(found).values()) <= set(STANDS)


@pytest.mark.parametrize("option", sorted(JUST_NOT))
def test_an_option_is_not_open_just_beside_its_limit(option: str) -> None:
    assert weigh(JUST_NOT[option])[option].state == "not_for"


def test_nothing_is_open_for_somebody_with_nothing() -> None:
    assert [one.row.id for one in weigh("").values() if one.state != "not_for"] == []


def test_of_somebody_nobody_knows_anything_of_more_observations_are_needed() -> None:
    found = weigh("age=55", calm=False)
    assert {one.state for one in found.values()} == {"needs"}
    assert all(one.outcome.lacks and not one.candidates for one in found.values())


@given(st.sampled_from(sorted(CASES)), st.data())
def test_to_know_less_never_opens_an_option(option: str, data: st.DataObject) -> None:
    """Without any one of its facts an option is open only if it was before."""
    whole = no_to_all(CASES[option])
    row = next(one for one in options().rows if one.id == option)
    lost = data.draw(st.sampled_from(sorted(set(facts_asked(row)) & set(whole))))
    less = {key: fact for key, fact in whole.items() if key != lost}
    table = options().judged_as
    before, after = (
        {key for key, one in table.by_id.items() if judged(one, table, found, DAY).state == "card"} for found in (whole, less)
    )
    assert after <= before


def test_an_option_past_its_day_is_not_used_and_said_so() -> None:
    late = replace(person(), day=DAY.replace(year=2030))
    found = weighed(options(), no_to_all(CASES["af_anticoagulant"]), rules(), late, known().graph)
    assert {one.state for one in found} == {"unavailable"}


def test_an_allergy_speaks_against_what_it_is_about() -> None:
    found = weigh(CASES["hf_ras"], person(allergies=("Lisinopril",)))["hf_ras"]
    assert stands(found)["lisinopril"] in ("contraindicated", "caution")
    assert any(one.kind == "allergy" for each in found.candidates if each.key == "lisinopril" for one in each.findings)
    assert stands(found)["valsartan"] == "nothing_found"


def test_without_a_list_of_allergies_nothing_is_found_to_be_fine() -> None:
    found = weigh(CASES["hf_ras"], person(allergies=None))["hf_ras"]
    assert set(stands(found).values()) == {"unknown"}


def test_kidneys_that_clear_too_little_forbid_metformin() -> None:
    weak = person(creatinine=Measured(3.5, DAY), egfr=Measured(18, DAY))
    assert stands(weigh(CASES["dm_metformin"], weak)["dm_metformin"]) == {"metformin": "contraindicated"}


def test_without_a_kidney_value_it_is_not_known() -> None:
    unknown = person(creatinine=None, egfr=None)
    found = weigh(CASES["dm_metformin"], unknown)["dm_metformin"]
    assert stands(found) == {"metformin": "unknown"}
    assert {left.why for left in found.candidates[0].unknown} == {"no_kidney_value"}


def test_pregnancy_speaks_against_ace_inhibitors_and_what_the_tables_do_not_cover_is_said() -> None:
    carrying = person(pregnancy="pregnant", sex="female", age=30)
    found = weigh(CASES["bp_ace"] + " pregnant=1 sex=0 age=30", carrying)
    assert set(stands(found["bp_ace"]).values()) == {"contraindicated"}
    assert [(one.why, one.known) for one in found["bp_ccb"].against] == [("pregnancy_not_covered", True)]


def test_where_pregnancy_is_not_known_that_is_said_too() -> None:
    whole = no_to_all(CASES["bp_ccb"])
    del whole["pregnant"]
    found = {one.row.id: one for one in weighed(options(), whole, rules(), person(), known().graph)}["bp_ccb"]
    assert [(one.why, one.known) for one in found.against] == [("pregnancy_not_covered", False)]


def test_what_is_taken_now_is_held_against_an_option() -> None:
    found = weigh(CASES["statin_cvd"], person("clarithromycin"))["statin_cvd"]
    assert stands(found)["simvastatin"] in ("contraindicated", "caution")
    assert any(one.kind == "interaction" for each in found.candidates if each.key == "simvastatin" for one in each.findings)


def test_a_medicine_nobody_can_read_leaves_every_candidate_unknown() -> None:
    found = weigh(CASES["hf_ras"], person("Wunderpillen forte <b>"))["hf_ras"]
    assert "nothing_found" not in stands(found).values()


def test_what_is_taken_already_is_said_and_not_held_against_itself() -> None:
    found = weigh(CASES["hf_ras"], person("valsartan 80 MG tablet"))["hf_ras"]
    assert found.already == ("valsartan 80 MG tablet",)
    mine = next(each for each in found.candidates if each.key == "valsartan")
    assert mine.taken and mine.findings == ()


def test_the_graph_says_what_watches_a_medicine() -> None:
    found = weigh(CASES["dm_metformin"])["dm_metformin"]
    assert found.candidates[0].watched == ("egfr",)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("when", []),
        ("problem", "beauty"),
        ("source", "nobody"),
        ("expires", "soon"),
        ("ages", [60, 20]),
        ("when", [[{"fact": "shoe_size", "op": "ge", "value": 40}]]),
        ("dose", 5),
    ],
)
def test_a_row_that_makes_no_sense_makes_the_table_corrupt(field: str, value: object) -> None:
    sheet = json.loads(ShippedTables().read("options"))
    sheet["rows"][0][field] = value
    state = load(lambda name: json.dumps(sheet).encode(), (OPTIONS,)).states[0]
    assert state.fault == "corrupt"
