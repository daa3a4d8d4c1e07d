"""This is the place where the states of readings are held to a table: whose measure, which reason, which action."""

from __future__ import annotations

import pytest

from core.domain.codes import ICD10CM
from core.domain.records import PersonProfile, Record, Reference
from core.domain.targets import HOME, OFFICE, TARGETS, Traits, family_for, targets_for
from core.trends import Severity, Standards, age_years, latest, readings, standards, target_of
from tests.trends.given import (
    ADULT,
    CHINESE,
    CLINIC,
    CUFF,
    DIABETIC,
    NOW,
    PERSON,
    condition,
    goal,
    observation,
    one,
    pressure,
    value,
)

VISIT = {"references": (Reference("encounter", "x|Encounter/1"),)}
AT_VISIT = {"source": CLINIC, "item": VISIT}
CHILD, UNBORN, OLD = (
    Standards(Traits(9, "male")),
    Standards(Traits(30, "female", pregnant=True)),
    Standards(Traits(84, "male", family="china_2024")),
)
AMERICAN = Standards(Traits(50, "male", family="aha_2025"))

PRESSURES = [
    # upper, lower, days ago, more, standards, severity, code, action
    (128, 78, 0.1, {}, ADULT, Severity.FINE, "judged.in_target", ""),
    (134, 84, 1, {}, ADULT, Severity.FINE, "judged.in_target", ""),
    (135, 84, 1, {}, ADULT, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (120, 85, 1, {}, ADULT, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (132, 78, 1, {}, AMERICAN, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (139, 89, 1, AT_VISIT, ADULT, Severity.FINE, "judged.in_target", ""),
    (140, 80, 1, AT_VISIT, ADULT, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (148, 80, 1, AT_VISIT, OLD, Severity.FINE, "judged.in_target", ""),
    (148, 80, 1, AT_VISIT, CHINESE, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (137, 80, 1, {"source": CLINIC}, ADULT, Severity.UNKNOWN, "judged.bp_setting_unclear", ""),
    (130, 80, 1, {"source": CLINIC}, ADULT, Severity.FINE, "judged.in_target", ""),
    (141, 80, 1, {"source": CLINIC}, ADULT, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (179, 119, 0.1, {}, ADULT, Severity.WATCH, "judged.bp_above_target", "action.measure_more"),
    (180, 90, 0.1, {}, ADULT, Severity.ACT_NOW, "judged.bp_severe", "action.measure_again_then_get_help"),
    (150, 120, 0.1, {}, ADULT, Severity.ACT_NOW, "judged.bp_severe", "action.measure_again_then_get_help"),
    (185, 90, 0.1, {}, CHILD, Severity.ACT_NOW, "judged.bp_severe", "action.measure_again_then_get_help"),
    (185, 90, 9, {}, ADULT, Severity.ACT_SOON, "judged.bp_severe_earlier", "action.measure_again_and_call"),
    (185, 90, 70, {}, ADULT, Severity.UNKNOWN, "judged.stale", ""),
    (88, 50, 1, {}, ADULT, Severity.WATCH, "judged.bp_low", "action.call_if_unwell"),
    (120, 70, 1, {}, CHILD, Severity.UNKNOWN, "judged.no_target_age", ""),
    (120, 70, 1, {}, Standards(Traits(None)), Severity.UNKNOWN, "judged.no_target_age", ""),
    (120, 70, 1, {}, UNBORN, Severity.UNKNOWN, "judged.no_target_pregnancy", ""),
]


@pytest.mark.parametrize(("upper", "lower", "days", "more", "who", "severity", "code", "action"), PRESSURES)
def test_pressures_are_judged_by_the_table(upper, lower, days, more, who, severity, code, action) -> None:  # type: ignore[no-untyped-def]
    found = latest(readings([pressure(upper, lower, days, **more)]), who, NOW)
    assert [one.signal for one in found] == ["blood_pressure"]
    assert (found[0].judgement.severity, found[0].judgement.code, found[0].judgement.action) == (severity, code, action)


LABS = [
    # signal, number, days, more, standards, severity, code
    ("potassium", 4.1, 5, {"low": 3.5, "high": 5.0}, ADULT, Severity.FINE, "judged.lab_normal"),
    ("potassium", 5.0, 5, {"low": 3.5, "high": 5.0}, ADULT, Severity.FINE, "judged.lab_normal"),
    ("potassium", 5.4, 5, {"low": 3.5, "high": 5.0}, ADULT, Severity.WATCH, "judged.lab_high"),
    ("potassium", 3.1, 5, {"low": 3.5, "high": 5.0}, ADULT, Severity.WATCH, "judged.lab_low"),
    ("potassium", 6.8, 5, {"low": 3.5, "high": 5.0, "interpretation": "HH"}, ADULT, Severity.ACT_SOON, "judged.lab_critical"),
    ("potassium", 2.2, 5, {"interpretation": "ll"}, ADULT, Severity.ACT_SOON, "judged.lab_critical"),
    ("potassium", 4.1, 5, {"interpretation": "H", "low": 3.5, "high": 5.0}, ADULT, Severity.WATCH, "judged.lab_high"),
    ("potassium", 5.6, 5, {"interpretation": "N", "low": 3.5, "high": 5.0}, ADULT, Severity.WATCH, "judged.lab_high"),
    ("potassium", 4.1, 5, {"interpretation": "N"}, ADULT, Severity.FINE, "judged.lab_normal"),
    ("potassium", 4.1, 5, {"interpretation": "Critical high"}, ADULT, Severity.ACT_SOON, "judged.lab_critical"),
    ("potassium", 4.1, 5, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("potassium", 4.1, 300, {"low": 3.5, "high": 5.0}, ADULT, Severity.UNKNOWN, "judged.stale"),
    ("crp", 5, 5, {"bound": "<", "high": 5.0}, ADULT, Severity.FINE, "judged.lab_normal"),
    ("crp", 10, 5, {"bound": "<", "high": 5.0}, ADULT, Severity.UNKNOWN, "judged.bound_undecided"),
    ("crp", 200, 5, {"bound": ">", "high": 5.0}, ADULT, Severity.WATCH, "judged.lab_high"),
    ("egfr", 90, 5, {"bound": ">", "low": 60.0}, ADULT, Severity.FINE, "judged.lab_normal"),
    ("egfr", 60, 5, {"bound": "<", "low": 60.0}, ADULT, Severity.WATCH, "judged.lab_low"),
    ("hba1c", 6.8, 20, {"low": 4.0, "high": 5.6, "interpretation": "H"}, DIABETIC, Severity.FINE, "judged.in_target"),
    ("hba1c", 7.0, 20, {}, DIABETIC, Severity.WATCH, "judged.above_target"),
    ("hba1c", 6.8, 20, {"low": 4.0, "high": 5.6}, ADULT, Severity.WATCH, "judged.lab_high"),
    ("hba1c", 6.8, 20, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("glucose_fasting", 131, 5, {}, DIABETIC, Severity.WATCH, "judged.above_target"),
    ("glucose_fasting", 130, 5, {}, DIABETIC, Severity.FINE, "judged.in_target"),
    ("glucose", 160, 5, {}, DIABETIC, Severity.UNKNOWN, "judged.no_target"),
    ("glucose", 50, 0.2, {}, DIABETIC, Severity.ACT_NOW, "judged.glucose_very_low"),
    ("glucose", 65, 0.2, {}, DIABETIC, Severity.ACT_SOON, "judged.glucose_low"),
    ("glucose", 50, 5, {}, DIABETIC, Severity.WATCH, "judged.glucose_was_low"),
    ("glucose", 50, 0.2, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("bmi", 24.0, 5, {}, CHINESE, Severity.WATCH, "judged.above_target"),
    ("bmi", 23.9, 5, {}, CHINESE, Severity.FINE, "judged.in_target"),
    ("bmi", 32.0, 5, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("spo2", 85, 1, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("hr", 40, 1, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("sbp", 190, 1, {}, ADULT, Severity.ACT_NOW, "judged.bp_severe"),
    ("sbp", 120, 1, {}, ADULT, Severity.UNKNOWN, "judged.no_target"),
    ("ldl", 190, 5, {}, CHINESE, Severity.UNKNOWN, "judged.no_target"),
]


@pytest.mark.parametrize(("signal", "number", "days", "more", "who", "severity", "code"), LABS)
def test_readings_are_judged_by_the_table(signal, number, days, more, who, severity, code) -> None:  # type: ignore[no-untyped-def]
    found = latest(readings([one(signal, number, days, **more)]), who, NOW)[0].judgement
    assert (found.severity, found.code) == (severity, code)
    assert found.action or severity <= Severity.FINE


def test_severities_are_ordered_and_unknown_is_no_verdict() -> None:
    assert Severity.UNKNOWN < Severity.FINE < Severity.WATCH < Severity.ACT_SOON < Severity.ACT_NOW
    assert [s.word for s in Severity] == ["unknown", "fine", "watch", "soon", "now"]


def test_the_range_is_read_in_the_unit_of_the_laboratory() -> None:
    found = latest(readings([one("glucose", 5.0, 1, "mmol/L", low=3.9, high=6.1)]), ADULT, NOW)[0]
    assert found.judgement.code == "judged.lab_normal"
    assert found.band is not None
    assert found.band.high == pytest.approx(109.9, abs=0.1)


def test_a_persons_own_goal_outranks_the_guideline_and_the_laboratory() -> None:
    own = standards(
        [goal((value("sbp", 150, bound="<"), value("dbp", 90, bound="<"), value("hba1c", 8.0, bound="<=")))], PERSON, NOW
    )
    found = latest(readings([pressure(145, 84, 1), one("hba1c", 7.8, 9, low=4.0, high=5.6)]), own, NOW)
    assert [(f.judgement.code, f.judgement.facts["basis"]) for f in found] == [("judged.in_target", "own_goal")] * 2
    assert target_of("sbp", HOME, own)[1] == "own_goal"  # type: ignore[index]


GOALS = [
    ([goal((value("weight", 72, bound="<="),))], {"weight": (None, 72)}),
    ([goal((value("weight", 158.73, "[lb_av]", bound="<="),))], {"weight": (None, pytest.approx(72, abs=0.01))}),
    ([goal((value("weight", 72),))], {}),
    ([goal((value("hba1c", 7),))], {"hba1c": (None, 7)}),
    ([goal((value("steps", 8000, bound=">="),))], {"steps": (8000, None)}),
    ([goal((value("glucose_fasting", None, "mmol/L", form="range", low=5, high=7),))], {"glucose_fasting": (pytest.approx(90.1, abs=0.1), pytest.approx(126.1, abs=0.1))}),
    ([goal((value("weight", 72, bound="<="),), status="completed")], {}),
    ([goal((value("weight", 72, bound="<="),)), goal((value("weight", 68, bound="<="),), start="2026-06-01", record_id="g0")], {"weight": (None, 68)}),
    ([goal((value("weight", 72, bound="<=", problem="implausible"),))], {}),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), GOALS)
def test_goals_are_read_with_their_side(records: list[Record], expected: dict[str, object]) -> None:
    for order in (records, records[::-1]):
        found = standards(order, PERSON, NOW).goals
        assert {signal: (own.band.low, own.band.high) for signal, own in found.items()} == expected


TRAITS = [
    ([], {"diabetes": False, "pregnant": False}), ([condition("44054006")], {"diabetes": True}), ([condition("E11.9", ICD10CM)], {"diabetes": True}),
    ([condition("44054006", status="resolved")], {"diabetes": False}), ([condition("15777000")], {"diabetes": False}),
    ([condition("44054006", verification="refuted")], {"diabetes": False}), ([condition("77386006", start="2026-07-01")], {"pregnant": True}),
    ([condition("77386006", start="2024-07-01")], {"pregnant": False}),
]  # fmt: skip


@pytest.mark.parametrize(("records", "expected"), TRAITS)
def test_traits_come_from_what_is_on_record(records: list[Record], expected: dict[str, bool]) -> None:
    traits = standards(records, PERSON, NOW, language="zh-Hans").traits
    assert {name: getattr(traits, name) for name in expected} == expected
    assert (traits.age_years, traits.family) == (60, "china_2024")


@pytest.mark.parametrize(
    ("born", "years"),
    [("1966-11-21", 60), ("1966-11-22", 59), ("1966-12", 59), ("1966", 59), ("", None), ("2030", None), ("x", None)],
)
def test_age_is_the_youngest_that_is_possible(born: str, years: int | None) -> None:
    assert age_years(born, NOW.date()) == years
    assert standards([], PersonProfile(birth_date=born), NOW).traits.age_years == years


def test_rows_that_were_not_verified_are_never_shown() -> None:
    hidden = [row for row in TARGETS if row.status != "verified" or row.with_clinician_only]
    assert {row.signal for row in hidden} == {"bmi", "spo2", "hr", "ldl"}
    assert not any(row.shown_to_patients for row in hidden)
    for row in hidden:
        fitting = Traits(50, "male", diabetes=True, family=row.family or "esh_2023")
        assert targets_for(row.signal, OFFICE, fitting, hidden) is None


def test_every_row_says_where_it_is_from_and_every_family_has_both_halves_and_places() -> None:
    for row in TARGETS:
        assert row.citation
        assert row.basis
    for family in ("china_2024", "esh_2023", "esc_2024", "aha_2025"):
        for half in ("sbp", "dbp"):
            for place in (HOME, OFFICE):
                assert targets_for(half, place, Traits(50, family=family)) is not None
    assert [family_for(tag) for tag in ("zh", "zh_Hans", "zh-TW", "en", "")] == ["china_2024"] * 3 + ["esh_2023"] * 2


def test_the_newest_counts_and_tomorrow_is_not_yet() -> None:
    records = [one("weight", 70, 3), one("weight", 71, 1), one("weight", 99, -5)]
    for order in (records, records[::-1]):
        found = latest(readings(order), ADULT, NOW)[0]
        assert (found.values[0].number, found.seconds) == (71, 86_400)
    assert latest(readings([one("weight", 70, -0.2)]), ADULT, NOW)[0].seconds == 0


def test_a_lone_half_is_shown_only_when_it_is_newer_than_the_pair() -> None:
    lone = observation("lone", (value("sbp", 150),), one("sbp", 1, 0.5).item.start)
    assert [f.signal for f in latest(readings([pressure(120, 70, 1), lone]), ADULT, NOW)] == ["blood_pressure", "sbp"]
    assert [f.signal for f in latest(readings([pressure(120, 70, 0.1), lone]), ADULT, NOW)] == ["blood_pressure"]


def test_a_stale_reading_is_unknown_and_says_so() -> None:
    found = latest(readings([pressure(120, 70, 200)]), ADULT, NOW)[0]
    assert found.stale
    assert found.judgement.facts["days"] == 200
    assert latest(readings([]), ADULT, NOW) == ()
    assert CUFF.source_id in found.source_ids
