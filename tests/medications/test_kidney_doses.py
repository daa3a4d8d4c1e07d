"""This is the place where every kidney row is tested on both sides of each of its limits, and what happens where a value is missing or old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.medications.facts import PersonFacts
from core.medications.findings import Finding, Severity
from core.medications.kidney_doses import KIDNEY, Row, Tier, check
from core.medications.kidney_function import ckd_epi, clearance, cockcroft_gault
from tests.medications.safety import DAY, measured, medicine, person, rules

ROWS = rules().of(KIDNEY).rows
STEP = 1e-6


def with_value(row: Row, member: str, value: float, **rest: object) -> PersonFacts:
    """Somebody whose eGFR, creatinine clearance or potassium is exactly that: of a man of 68 and 72 kg, 72 / creatinine."""
    known = {"egfr": {"egfr": measured(value)}, "potassium": {"potassium": measured(value)}, "crcl": {"creatinine": measured(72 / value), "weight": measured(72)}}
    return person(medicine(member), age=68, **{**known[row.measure], **rest})


def of_row(row: Row, facts: PersonFacts) -> list[Finding]:
    return [one for one in check(rules(), facts)[0] if one.rule == row.id]


def edges(tier: Tier) -> Iterator[tuple[float, bool]]:
    """Values on and beside each limit, and whether the tier holds there."""
    for limit, inside, within in ((tier.least, STEP, True), (tier.over, STEP, False), (tier.below, -STEP, False), (tier.most, -STEP, True)):
        if limit is not None:
            yield limit + inside, True
            yield limit - inside, False
            if limit != 0:
                yield limit, within


CASES = [
    (row, member, tier, value, holds)
    for row in ROWS
    if row.measure != "two_of"
    for member in row.medicines[:1]
    for tier in row.tiers
    for value, holds in edges(tier)
    if not (row.measure == "crcl" and value in (tier.least, tier.over, tier.below, tier.most))  # 72 / (72 / x) isn't always x
]


@pytest.mark.parametrize(("row", "member", "tier", "value", "holds"), CASES, ids=lambda one: one.id if isinstance(one, Row) else "")
def test_every_limit_of_every_row_holds_on_one_side_and_not_on_the_other(row: Row, member: str, tier: Tier, value: float, holds: bool) -> None:
    daily = {"daily": {member: 1e5}} if tier.limit_mg else {}
    asked = [one for one in of_row(row, with_value(row, member, value, **daily)) if one.facts["threshold"] == tier.words]
    assert bool(asked) is holds
    assert all(one.severity == tier.severity and one.why == f"check.why.kidney.{tier.ask}" for one in asked)


@pytest.mark.parametrize("row", [row for row in ROWS if row.measure != "two_of"], ids=lambda row: row.id)
def test_a_row_is_about_all_its_medicines_and_no_other(row: Row) -> None:
    tier = row.tiers[0]
    value = (tier.least or tier.over or (tier.below or tier.most or 0) - 2) + 1
    assert all(of_row(row, with_value(row, member, value)) for member in row.medicines)
    assert not of_row(row, with_value(row, "levothyroxine_sodium", value))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_from_memory_is_for_clinicians_and_what_is_read_in_a_digest_only_asks(row: Row) -> None:
    if row.measure == "two_of":
        return
    for tier in row.tiers:
        value = tier.least or (tier.over + 0.2 if tier.over else (tier.below or tier.most or 0) - 0.5)
        for one in of_row(row, with_value(row, row.medicines[0], value)):
            assert one.for_patients is (one.source.status != "memory" and one.severity > Severity.INFO)
            assert one.what.startswith("check.what.kidney.")


@pytest.mark.parametrize(
    ("egfr", "daily", "severity"),
    [(29.9, 500, 4), (30, 1000, None), (30, 1001, 3), (44.9, 1500, 3), (44.9, None, 2), (44.9, 500, None), (45, 2000, None)],
)
def test_metformin_by_kidney_function_and_dose(egfr: float, daily: float | None, severity: int | None) -> None:
    facts = person(medicine("metformin"), egfr=measured(egfr), daily={"metformin": daily} if daily else {})
    assert [one.severity for one in check(rules(), facts)[0]] == ([severity] if severity else [])


def test_of_a_combination_no_dose_is_believed() -> None:
    both = medicine("metformin")
    pair = type(both)("pair", "Sitagliptin and metformin", both.concept, ("metformin", "sitagliptin"), ("A10BA02", "A10BH01"))
    found = check(rules(), person(pair, egfr=measured(35), daily={"pair": 550.0}))[0]
    assert {(one.rule, one.why) for one in found} == {(rule, "check.why.kidney.limit_unknown") for rule in ("metformin", "sitagliptin")}


@pytest.mark.parametrize(
    ("age", "weight", "creatinine", "daily", "fires", "why"),
    [
        (80, 60.0, 1.0, 10.0, True, ""), (80, 60.1, 1.5, 10.0, True, ""), (79, 60.0, 1.5, None, True, ""), (80, 60.0, 1.0, 5.0, False, ""),
        (79, 60.0, 1.49, 10.0, False, ""), (80, 61.0, 1.4, 10.0, False, ""), (80, None, 1.5, 10.0, True, ""), (60, None, 1.2, 10.0, False, ""),
        (80, None, 1.2, 10.0, False, "no_weight"), (60, 55.0, None, 10.0, False, "no_kidney_value"),
    ],
)  # fmt: skip
def test_apixaban_by_two_of_three(age: int, weight: float | None, creatinine: float | None, daily: float | None, fires: bool, why: str) -> None:
    facts = person(
        medicine("apixaban"), age=age, weight=measured(weight) if weight else None, creatinine=measured(creatinine) if creatinine else None,
        daily={"apixaban": daily} if daily else {},
    )  # fmt: skip
    found, left = check(rules(), facts)
    assert (bool(found), [one.why for one in left]) == (fires, [why] if why else [])


def test_potassium_over_five_and_a_half_with_an_ace_inhibitor_is_said_today() -> None:
    found = {value: check(rules(), person(medicine("lisinopril"), potassium=measured(value)))[0] for value in (5.5, 5.6, 6.5)}
    assert [[(one.severity, one.what) for one in every] for every in found.values()] == [
        [], [(Severity.SERIOUS, "check.what.kidney.potassium")], [(Severity.CONTRAINDICATED, "check.what.kidney.potassium_now")],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({}, "no_kidney_value"),
        ({"egfr": measured(20, days=366)}, "kidney_value_old"),
        ({"egfr": measured(20), "age": 17}, "child"),
        ({"egfr": measured(20), "age": None}, "no_age"),
        ({"egfr": measured(20), "pregnancy": "pregnant"}, "pregnant"),
        ({"creatinine": measured(3.0), "sex": ""}, "no_sex"),
        ({"creatinine": measured(88.0)}, "kidney_value_unclear"),
        ({"egfr": measured(20, days=-1)}, "no_kidney_value"),
    ],
)
def test_without_a_usable_value_nothing_is_found_and_it_is_said(facts: dict[str, object], why: str) -> None:
    found, left = check(rules(), person(medicine("metformin"), **facts))
    assert (found, [one.why for one in left]) == ([], [why])


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"creatinine": measured(3)}, "no_weight"),
        ({"creatinine": measured(3), "weight": measured(70, days=400)}, "weight_old"),
        ({"weight": measured(70), "egfr": measured(20)}, "no_kidney_value"),
        ({"creatinine": measured(3), "weight": measured(9)}, "kidney_value_unclear"),
    ],
)
def test_clearance_is_not_worked_out_of_an_egfr_or_without_a_weight(facts: dict[str, object], why: str) -> None:
    found, left = check(rules(), person(medicine("rivaroxaban"), **facts))
    assert (found, [one.why for one in left]) == ([], [why])


def test_a_low_value_of_eight_months_ago_still_counts_and_is_said_to_be_old() -> None:
    found, left = check(rules(), person(medicine("metformin"), egfr=measured(25, days=240)))
    assert ([one.rule for one in found], [one.why for one in left]) == (["metformin"], ["kidney_value_old"])
    assert check(rules(), person(medicine("metformin"), egfr=measured(80, days=240))) == ([], [])


def test_a_newer_creatinine_counts_before_an_older_reported_egfr() -> None:
    facts = person(medicine("metformin"), egfr=measured(80, days=100), creatinine=measured(4.0, days=2))
    assert [one.severity for one in check(rules(), facts)[0]] == [Severity.CONTRAINDICATED]


@pytest.mark.parametrize(("age", "weight", "creatinine", "sex", "crcl"), [(60, 72, 1.0, "male", 80.0), (60, 72, 1.0, "female", 68.0), (40, 72, 2.0, "male", 50.0)])
def test_cockcroft_gault_by_hand(age: int, weight: float, creatinine: float, sex: str, crcl: float) -> None:
    assert cockcroft_gault(age, weight, creatinine, sex) == pytest.approx(crcl)


def test_egfr_is_the_one_of_the_risk_pages() -> None:
    assert ckd_epi(50, 1.0, "female") == pytest.approx(142 * (1.0 / 0.7) ** -1.2 * 0.9938**50 * 1.012)
    assert ckd_epi(50, 0.8, "male") == pytest.approx(142 * (0.8 / 0.9) ** -0.302 * 0.9938**50)


@given(value=st.floats(-1e9, 1e9), weight=st.floats(-1e9, 1e9), days=st.integers(-400, 4000), age=st.integers(0, 130))
def test_a_clearance_is_a_number_a_kidney_can_have_or_a_reason(value: float, weight: float, days: int, age: int) -> None:
    facts = person(age=age, creatinine=measured(value, days), weight=measured(weight, days))
    for measure in ("crcl", "egfr"):
        known = clearance(facts, measure)
        assert (known.value is None) == bool(known.why)
        assert known.value is None or 0 < known.value < 400


def test_moving_all_days_changes_nothing() -> None:
    before = person(medicine("metformin"), egfr=measured(25, 100))
    after = person(medicine("metformin"), day=DAY + timedelta(days=40), egfr=measured(25, 60))
    assert [one.severity for one in check(rules(), before)[0]] == [one.severity for one in check(rules(), after)[0]]
