"""This is the place where it is tested what reaches the Today page, in which order, and what never does."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.records import Item, Record, SourceMark, Standing
from core.trends import Declined, HomeAverage, Severity, attention, home_average, readings
from tests.trends.given import ADULT, CLINIC, DIABETIC, NOW, Standards, ago, allergy, observation, one, pressure, record, value


def codes(records: list[Record], who: Standards = ADULT) -> list[str]:
    return [notice.code for notice in attention(records, who, NOW)]


def week(upper: float = 142, lower: float = 88, days: int = 7, from_day: float = 1) -> list[Record]:
    """Home readings, morning and evening, the last of them `from_day` days ago."""
    return [pressure(upper, lower, from_day + day + half) for day in range(days) for half in (0.1, 0.4)]


def test_an_empty_record_says_so_and_finds_nothing_else() -> None:
    (notice,) = attention([], ADULT, NOW)
    assert (notice.severity, notice.code, notice.action) == (Severity.UNKNOWN, "attention.no_records", "action.add_a_source")


def test_a_quiet_record_gives_no_notice() -> None:
    assert codes([allergy(), *week(120, 70)]) == []


def test_missing_allergies_are_not_the_same_as_none() -> None:
    assert codes([one("weight", 70, 1)]) == ["attention.allergies_not_recorded"]
    taken_back = replace(allergy(), standing=Standing.RETRACTED, received_at=NOW - timedelta(days=90))
    assert codes([one("weight", 70, 1), taken_back]) == ["attention.allergies_not_recorded"]


def test_a_home_average_above_its_target_is_said_with_its_numbers() -> None:
    (notice,) = attention([allergy(), *week()], ADULT, NOW)
    assert notice.code == "attention.bp_average_above"
    assert notice.facts == {
        "unit": "mm[Hg]", "basis": "esh_2023", "sbp_high": 135, "dbp_high": 85, "sbp": 142, "dbp": 88, "n": 12, "days": 6,
    }  # fmt: skip
    assert len(notice.because) == 12


def test_two_high_days_ask_for_more_measuring_and_two_good_ones_do_not() -> None:
    assert codes([allergy(), *week(days=2)]) == ["attention.bp_measure_more"]
    assert codes([allergy(), *week(120, 70, days=2)]) == []


AVERAGES = [
    ([], "bp_average.no_readings"), (week(days=2), "bp_average.measure_more"), (week(from_day=40), "bp_average.too_old"),
    ([pressure(140, 90, n, source=CLINIC) for n in range(1, 8)], "bp_average.setting_unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("records", "code"), AVERAGES)
def test_an_average_is_refused_with_a_reason(records: list[Record], code: str) -> None:
    found = home_average(readings(records).pressures, NOW)
    assert isinstance(found, Declined)
    assert found.code == code


def test_the_first_day_is_discarded_and_older_weeks_do_not_count() -> None:
    first = [pressure(190, 119, 6.1), pressure(190, 119, 6.3)]  # the first of the seven days
    old = week(170, 100, from_day=20)
    found = home_average(readings([*week(130, 80, days=6, from_day=0), *first, *old]).pressures, NOW)
    assert isinstance(found, HomeAverage)
    assert (found.sbp, found.dbp, found.readings, found.days) == (130, 80, 12, 6)


def test_limits_are_never_averaged() -> None:
    bounded = observation("r", (value("sbp", 300, bound=">"), value("dbp", 90)), ago(1.2), sources=week()[0].sources)
    found = home_average(readings([*week(130, 80), bounded]).pressures, NOW)
    assert isinstance(found, HomeAverage)
    assert found.sbp == 130


def test_days_are_counted_where_the_person_was() -> None:
    late = [f"2026-11-{day}T23:30:00-05:00" for day in (17, 18)]  # the 18th and 19th in UTC
    early = [f"2026-11-{day}T06:30:00-05:00" for day in (17, 18)]
    made = [
        observation(when, (value("sbp", 140), value("dbp", 80)), when, sources=(SourceMark("s", "manual", ""),))
        for when in late + early
    ]
    found = home_average(readings(made).pressures, NOW)
    assert isinstance(found, Declined)
    assert found.facts == {"days": 2, "need": 3}


def test_a_mean_is_compared_as_it_is_shown() -> None:
    made = [
        pressure(upper, 80, 1 + day + part) for day in range(6) for upper, part in ((134, 0.1), (135, 0.3))
    ]  # mean 134.5, shown as 135
    found = home_average(readings(made).pressures, NOW)
    assert isinstance(found, HomeAverage)
    assert found.sbp == 135
    assert codes([allergy(), *made]) == ["attention.bp_average_above"]


def test_what_is_most_severe_stands_first_and_every_notice_has_an_action() -> None:
    records = [
        one("weight", 70, 1, problem="unit_unknown"), pressure(190, 100, 0.1), one("potassium", 6.9, 3, interpretation="HH"),
        observation("x", (value("sodium", 140),), ago(2), {"see_original": "modifier_extension"}), one("sodium", 150, 4, low=135, high=145),
        replace(one("hr", 70, 2), standing=Standing.RETRACTED), replace(one("hr", 500, 3), standing=Standing.QUARANTINED),
    ]  # fmt: skip
    found = attention(records, ADULT, NOW)
    assert [(notice.severity, notice.code) for notice in found] == [
        (Severity.ACT_NOW, "attention.bp_severe"), (Severity.ACT_SOON, "attention.lab_critical"), (Severity.WATCH, "attention.outside_range"),
        (Severity.WATCH, "attention.see_original"), (Severity.WATCH, "attention.quarantined"), (Severity.WATCH, "attention.retracted_lately"),
        (Severity.WATCH, "attention.allergies_not_recorded"),
    ]  # fmt: skip
    assert all(notice.action for notice in found)
    assert next(n for n in found if n.code == "attention.quarantined").facts == {"n": 2}


def test_the_order_of_the_records_does_not_matter() -> None:
    records = [
        *week(),
        one("potassium", 6.9, 3, interpretation="HH"),
        one("weight", 70, 1, problem="unit_unknown"),
        pressure(181, 90, 0.2),
    ]
    expected = attention(records, ADULT, NOW)
    for seed in range(5):
        random.Random(seed).shuffle(records)
        assert attention(records, ADULT, NOW) == expected


def test_a_critical_result_that_was_repeated_and_is_fine_is_over() -> None:
    critical, repeated = one("potassium", 6.9, 3, interpretation="HH"), one("potassium", 4.9, 2, interpretation="N")
    assert "attention.lab_critical" not in codes([allergy(), critical, repeated])
    assert "attention.lab_critical" in codes([allergy(), critical])
    assert "attention.lab_critical" not in codes([allergy(), one("potassium", 6.9, 120, interpretation="HH")])


def test_a_critical_result_of_a_kind_we_do_not_know_is_said_too() -> None:
    (notice,) = attention([allergy(), observation("t", (value("troponin", 900, "ng/L", interpretation="HH"),), ago(1))], ADULT, NOW)
    assert (notice.code, notice.facts["name"]) == ("attention.lab_critical", "troponin")


@pytest.mark.parametrize(
    ("step", "count", "silent", "said"),
    [
        (1, 30, 12, True),
        (1, 30, 6, False),
        (1, 30, 200, False),
        (1, 8, 12, False),
        (30, 12, 70, False),
        (2, 20, 12, True),
        (2, 20, 7.5, False),
    ],
)
def test_a_habit_that_broke_is_noticed_and_no_other_silence(step: float, count: int, silent: float, said: bool) -> None:
    records = [allergy(), *(one("weight", 70, silent + n * step) for n in range(count))]
    found = attention(records, ADULT, NOW)
    assert [n.code for n in found] == (["attention.series_stopped"] if said else [])
    if said:
        assert found[0].facts == {"signal": "weight", "days": 12}


def test_a_week_of_measuring_every_eight_weeks_is_a_rhythm_and_no_silence() -> None:
    blocks = [pressure(120, 70, 30 + 56 * block + day + half) for block in range(5) for day in range(7) for half in (0.1, 0.4)]
    assert codes([allergy(), *blocks]) == []


def test_a_low_sugar_matters_now_only_in_diabetes() -> None:
    low = one("glucose", 50, 0.2)
    assert codes([allergy(), low], DIABETIC) == ["attention.glucose_very_low"]
    assert codes([allergy(), low]) == []


def test_an_old_retraction_is_no_news() -> None:
    gone = replace(one("hr", 70, 2), standing=Standing.RETRACTED, received_at=NOW - timedelta(days=31))
    assert codes([allergy(), gone]) == []


def test_a_record_of_another_kind_with_a_problem_is_counted() -> None:
    odd = record("q", Item("Condition", "conditions", allergy().item.concept), standing=Standing.QUARANTINED)
    assert codes([allergy(), odd]) == ["attention.quarantined"]
