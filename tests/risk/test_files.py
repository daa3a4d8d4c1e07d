"""This is the place where files are read: cells as people write them, units row by row, and any text at all without an error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.risk import cells
from core.risk.files import read
from core.risk.mixed import MIXED, answer
from core.risk.registry import EQUATIONS

CDRS = {"age": "52", "sex": "male", "bmi": "26", "waist": "92", "sbp": "145", "fh": "1"}
KIDNEY = {"sex": "female", "age": "60", "scr_mgdl": "1.0"}


def said(key: str, row: dict[str, str], outcome: str = "") -> tuple[float, str]:
    found = answer(key, {name: [text] for name, text in row.items()}, 1)
    return float(found.values[outcome or found.outcomes[0].key][0]), str(found.declined[0])


@pytest.mark.parametrize("text", ["1", "1.0", "true", "TRUE", "True", "yes", "Y", "是", " yes "])
def test_yes_is_read_as_people_write_it(text: str) -> None:
    assert cells.flag(text) == 1.0


@pytest.mark.parametrize("text", ["0", "0.0", "false", "FALSE", "no", "N", "否"])
def test_no_is_read_as_people_write_it(text: str) -> None:
    assert cells.flag(text) == 0.0


@pytest.mark.parametrize("text", ["", " ", "NA", "N/A", "nan", "NULL", "None"])
def test_an_empty_cell_is_not_known(text: str) -> None:
    assert all(np.isnan(how(text)) for how in (cells.number, cells.flag, cells.sex, cells.a_choice(("none_said", "some"))))


@pytest.mark.parametrize("text", ["1,5", "12 mg", "<5", "1_000", "0x10", "１２", "--1", "1e9999x", "inf", "-Infinity", "twelve", "1.2.3"])
def test_what_is_no_number_is_not_guessed_at(text: str) -> None:
    assert said("cdrs", {**CDRS, "waist": text})[1] == "not_a_number:waist"


@pytest.mark.parametrize(("text", "sex"), [("male", 1), ("M", 1), ("男", 1), ("Female", 0), ("f", 0), ("女", 0)])
def test_sex_is_read_as_people_write_it(text: str, sex: float) -> None:
    assert cells.sex(text) == sex


def test_a_number_is_no_sex_and_a_word_no_flag() -> None:
    assert said("cdrs", {**CDRS, "sex": "1"})[1] == "not_a_sex:sex"
    assert said("cdrs", {**CDRS, "fh": "2"})[1] == "not_yes_or_no:family_diabetes_first"


def test_sex_may_stand_in_a_column_of_either() -> None:
    base = {"age": "60", "scr_mgdl": "1.0"}
    women = [said("ckdepi_2021_cr", {**base, **more}) for more in ({"sex": "female"}, {"female": "1"}, {"male": "no"}, {"Gender": "F"}, {"male": "", "female": "yes"})]
    assert len(set(women)) == 1
    assert women[0][1] == ""
    assert said("ckdepi_2021_cr", {**base, "male": "1"})[0] > women[0][0]


def test_columns_that_disagree_on_the_sex_are_refused() -> None:
    assert said("ckdepi_2021_cr", {**KIDNEY, "male": "1"})[1] == "contradiction:sex"


@pytest.mark.parametrize("text", ["second_degree", "Second Degree", "second-degree", " SECOND_DEGREE "])
def test_a_choice_is_read_whatever_stands_between_its_words(text: str) -> None:
    assert cells.a_choice(("none", "second_degree", "first_degree"))(text) == 1


def test_none_is_a_choice_where_it_is_one() -> None:
    assert cells.a_choice(("none", "second_degree", "first_degree"))("none") == 0


@pytest.mark.parametrize(("text", "read_as"), [("0", 0), ("3", 3), ("2.0", 2), ("4", cells.WRONG), ("1.5", cells.WRONG), ("-1", cells.WRONG)])
def test_answers_are_their_number(text: str, read_as: float) -> None:
    assert cells.a_choice(("0", "1", "2", "3"))(text) == read_as


def test_north_america_and_not_available_are_not_mixed_up() -> None:
    person = {"age": "60", "male": "1", "egfr": "30", "acr_mg_g": "300"}
    assert [said("kfre_4var", {**person, "region": text})[1] for text in ("na", "non-NA", "NA", "")] == [
        "", "", "not_a_choice:kfre_region", "missing:kfre_region",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "unit"), [("1.0", "mg/dL"), ("88.401", "umol/L"), ("88.401", "μmol/l"), ("0.088401", "mmol/L")]
)
def test_each_row_has_its_unit(value: str, unit: str) -> None:
    plain = said("ckdepi_2021_cr", KIDNEY)[0]
    assert said("ckdepi_2021_cr", {**KIDNEY, "scr_mgdl": value, "scr_mgdl_unit": unit}) == (pytest.approx(plain, rel=1e-4), "")


def test_units_of_one_column_may_differ_from_row_to_row() -> None:
    rows = {"weight": ["80", "176.3698", "80", "80"], "weight_unit": ["kg", "lb", "stone?", ""], "height": ["1.8", "70.866", "180", "180"], "height_unit": ["m", "in", "cm", "cm"]}
    found = answer("bmi", rows, 4)
    assert found.values["bmi"][:2] == pytest.approx([24.691, 24.691], abs=1e-3)
    assert found.declined.tolist() == ["", "", "unit_unknown:weight", "unit_unknown:weight"]


def test_an_unknown_unit_of_an_empty_cell_stops_nobody() -> None:
    assert said("prevent_hba1c", {"hba1c": "", "hba1c_unit": "??"})[1].count("hba1c") == 0


def test_headings_are_found_by_their_published_name_their_key_or_another_name() -> None:
    assert {said("ckdepi_2021_cr", {"AGE": "60", " Sex ": "female", name: "1.0"}) for name in ("scr_mgdl", "creatinine", "SCR", "cr")} == {said("ckdepi_2021_cr", KIDNEY)}


def test_needed_columns_that_a_file_lacks_are_named() -> None:
    assert answer("cdrs", {"age": ["50"], "sex": ["male"]}, 1).lacking == ("bmi", "waist", "sbp", "fh")


@pytest.mark.parametrize("flag", ["pregnant", "dialysis"])
def test_columns_that_leave_people_out_are_heeded_and_need_not_be_there(flag: str) -> None:
    assert said("ckdepi_2021_cr", {**KIDNEY, flag: "yes"}) == (pytest.approx(np.nan, nan_ok=True), f"not_for:{flag}")
    assert said("ckdepi_2021_cr", KIDNEY)[1] == ""


@pytest.mark.parametrize(
    ("key", "row", "reason"),
    [
        ("prevent", {"model": "base", "horizon": "20yr"}, "not_a_choice:horizon"), ("prevent", {"model": "best", "horizon": "10yr"}, "not_a_choice:model"),
        ("prevent", {"model": "", "horizon": "10yr"}, "missing:model"), ("prevent", {"horizon": "10yr"}, "missing:model"),
        ("kfre", {"model": "5var", "years": "2"}, "not_a_choice:model"), ("ckdepi", {"equation": "MDRD"}, "not_a_choice:equation"),
    ],
)  # fmt: skip
def test_a_model_that_nobody_knows_is_declined(key: str, row: dict[str, str], reason: str) -> None:
    assert said(key, row)[1] == reason


def test_a_table_may_mix_models_and_each_row_gets_its_own() -> None:
    rows = {"equation": ["CKD-EPI-2021-cr", "CKD-EPI-2021-cr-cys", "x"], "sex": ["female"] * 3, "age": ["60"] * 3, "scr_mgdl": ["1.0"] * 3, "cys_mgl": ["", "1.1", "1.1"]}
    found = answer("ckdepi", rows, 3)
    alone = [said("ckdepi_2021_cr", KIDNEY)[0], said("ckdepi_2021_cr_cys", {**KIDNEY, "cys_mgl": "1.1"})[0]]
    assert found.values["egfr"][:2].tolist() == alone
    assert found.declined.tolist() == ["", "", "not_a_choice:equation"]


COLUMNS = sorted({name for one in EQUATIONS.values() for item in one.inputs for name in (item.name, item.key, f"{item.name}_unit")} | {"model", "horizon", "years", "equation", "male"})
TEXTS = st.one_of(st.text(max_size=12), st.sampled_from(["1", "0", "50", "male", "yes", "", "NA", "mg/dL", "mmol/L", "base", "10yr", "low", "1e308", "-0", "非"]))


@settings(max_examples=150)
@given(st.sampled_from([*EQUATIONS, *MIXED]), st.dictionaries(st.sampled_from(COLUMNS), st.lists(TEXTS, min_size=3, max_size=3), max_size=14))
def test_any_text_is_an_answer_or_a_reason_and_never_an_error(key: str, rows: dict[str, list[str]]) -> None:
    found = answer(key, rows, 3)
    for row in range(3):
        numbers = [found.values[outcome.key][row] for outcome in found.outcomes]
        assert all(np.isfinite(number) for number in numbers) or found.declined[row]
        assert not any(np.isinf(number) for number in numbers)


@given(st.text(max_size=20))
def test_a_cell_is_a_number_nothing_or_wrong(text: str) -> None:
    for how in (cells.number, cells.flag, cells.sex, cells.is_female, cells.a_choice(("a", "b"))):
        assert isinstance(how(text), float)


def test_reading_nothing_knows_nothing() -> None:
    table = read(EQUATIONS["bmi"], {}, 2)
    assert table.evaluated(EQUATIONS["bmi"]).declined().tolist() == ["missing:weight; missing:height"] * 2
