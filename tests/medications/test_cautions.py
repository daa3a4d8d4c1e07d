"""This is the place where it is tested what pregnancy and age say about a medicine, and that it is never guessed."""

from __future__ import annotations

import pytest

from core.medications.cautions import CAUTIONS, Row, check
from tests.medications.safety import medicine, person, rules

ROWS = rules().of(CAUTIONS).rows
PREGNANCY = [row for row in ROWS if row.kind == "pregnancy"]
AGES = [row for row in ROWS if row.kind == "age"]


@pytest.mark.parametrize("row", PREGNANCY, ids=lambda row: row.id)
def test_a_row_about_pregnancy_holds_for_the_pregnant_alone(row: Row) -> None:
    for member in row.medicines:
        known = {state: check(rules(), person(medicine(member), age=30, sex="female", pregnancy=state)) for state in ("pregnant", "not_pregnant", "")}
        assert [one.rule for one in known["pregnant"][0] if one.kind == "pregnancy"] == [row.id]
        assert known["not_pregnant"] == ([], [])
        assert (known[""][0], {one.why for one in known[""][1]}) == ([], {"pregnancy_unknown"})
    assert check(rules(), person(medicine("levothyroxine_sodium"), age=30, sex="female", pregnancy="pregnant")) == ([], [])


@pytest.mark.parametrize("row", AGES, ids=lambda row: row.id)
def test_a_row_about_age_holds_below_its_limit_and_not_at_it(row: Row) -> None:
    assert row.below
    for member in row.medicines:
        young, old, unknown = (check(rules(), person(medicine(member), age=age, pregnancy="not_pregnant")) for age in (row.below - 1, row.below, None))
        assert row.id in {one.rule for one in young[0]}
        assert row.id not in {one.rule for one in old[0]}
        assert "no_age" in {one.why for one in unknown[1]}


@pytest.mark.parametrize(("age", "sex", "open_question"), [(11, "female", False), (12, "female", True), (50, "female", True), (51, "female", False), (30, "male", False), (30, "", True), (None, "female", True)])
def test_pregnancy_is_an_open_question_only_where_it_could_be(age: int | None, sex: str, open_question: bool) -> None:
    left = check(rules(), person(medicine("valproic_acid"), age=age, sex=sex))[1]
    assert bool(left) is open_question


def test_nothing_of_it_was_read_in_a_source_so_no_patient_is_told() -> None:
    found = check(rules(), person(medicine("warfarin"), age=30, sex="female", pregnancy="pregnant"))[0]
    assert [(one.source.status, one.for_patients) for one in found] == [("memory", False)]


def test_what_is_put_on_the_skin_is_not_meant() -> None:
    gel = medicine("M02AA15")
    drops = type(gel)("drops", "Diclofenac eye drops", gel.concept, ("diclofenac",), ("S01BC03",))
    assert check(rules(), person(drops, age=30, sex="female", pregnancy="pregnant")) == ([], [])
