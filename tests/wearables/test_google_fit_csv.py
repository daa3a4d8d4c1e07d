"""This is the place where the tables of Google Fit archives are tested."""

from __future__ import annotations

import pytest

from core.domain.samples import FLOATING
from core.sources.wearables.google_fit_csv import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member

QUARTERS = (
    "Start time,End time,Move Minutes count,Calories (kcal),Distance (m),Heart Points,Average heart rate (bpm),Max heart rate (bpm),"
    "Min heart rate (bpm),Low latitude (deg),Step count,Average weight (kg),Walking duration (ms)\n"
    "00:00:00.000+01:00,00:15:00.000+01:00,,17.5,,,,,,,,,\n"
    "01:45:00.000+01:00,03:00:00.000+02:00,5,20.25,350.5,3,71.5,90,60,48.1,412,,300000\n"
    "23:45:00.000+02:00,00:00:00.000+02:00,,18,,,,,,,11,70.5,\n"
)
DAYS = (
    "Date,Move Minutes count,Calories (kcal),Distance (m),Heart Points,Average heart rate (bpm),Step count,Average weight (kg),"
    "Sleep duration (ms),Deep sleeping duration (ms)\n2024-03-30,64,2480.5,6200,18,72,8400,78.4,25200000,3600000\n2024-03-31,0,1700,0,0,0,0,0,0,\n"
)


def came(text: str, name: str) -> Came:
    assert FORMAT.recognises(text.encode(), name)
    return Came(FORMAT, member(text, name))


def test_quarters_of_an_hour_have_their_offset_also_where_the_clock_changes() -> None:
    found = came(QUARTERS, "Takeout/Fit/Daily activity metrics/2024-03-31.csv")
    steps = found.columns("steps", "15min")
    assert steps.value.tolist() == [412, 11]
    assert steps.start.tolist() == [at("2024-03-31T00:45"), at("2024-03-31T21:45")]
    assert steps.end.tolist() == [at("2024-03-31T01:00"), at("2024-03-31T22:00")]
    assert steps.offset.tolist() == [60, 120]
    assert found.values("energy_total") == [17.5, 20.25, 18]
    assert (found.values("distance"), found.values("hr"), found.values("active_minutes")) == ([350.5], [71.5], [5])
    assert found.values("weight", "15min") == [70.5]
    assert found.odd == {
        ("not_followed", "part_of_another"): 2,
        ("not_followed", "signal_not_kept"): 2,
        ("not_followed", "workout_route"): 1,
    }
    assert found.devices == {"Google Fit"}
    assert found.entries == 14


def test_without_a_day_in_its_name_no_time_is_made_up() -> None:
    found = came(QUARTERS, "activity.csv")
    assert not found.counts
    assert found.odd["refused", "time_invalid"] == 9
    assert found.entries == 14


def test_the_file_of_all_days_is_by_local_days_and_zero_weights_are_no_reading() -> None:
    found = came(DAYS, "Daily activity metrics.csv")
    steps = found.columns("steps", "1d")
    assert (steps.start.tolist(), steps.end.tolist()) == (
        [at("2024-03-30"), at("2024-03-31")],
        [at("2024-03-31"), at("2024-04-01")],
    )
    assert set(steps.offset.tolist()) == {FLOATING}
    assert steps.value.tolist() == [8400, 0]
    assert (found.values("weight"), found.values("hr")) == ([78.4], [72])
    assert found.values("sleep") + found.values("sleep_deep") == pytest.approx([7, 1])
    assert found.odd == {("not_followed", "no_reading"): 3, ("not_followed", "signal_not_kept"): 2}
    assert found.entries == 17


def test_the_unit_in_brackets_decides() -> None:
    text = "Date,Step count,Move Minutes count,Distance (mi),Calories,Average weight (lb),Average heart rate (furlong)\n2024-01-01,1,2,2,3,150,4\n"
    found = came(text, "Daily Summaries.csv")
    assert found.values("weight") == pytest.approx([68.0388555])
    assert found.values("distance") == pytest.approx([3218.688])
    assert found.odd == {("quarantined", "unit_missing"): 1, ("quarantined", "unit_unknown"): 1}


def test_tables_of_other_makers_are_left_to_them() -> None:
    assert not FORMAT.recognises(b"Date,Step count\n2024-01-01,3\n", "2024-01-01.csv")
    assert not FORMAT.recognises(b"Id,ActivityDate,TotalSteps\n1,4/12/2016,5\n", "dailyActivity_merged.csv")
    assert not FORMAT.recognises(b"", "2024-01-01.csv")


def test_what_stands_before_a_cut_is_kept() -> None:
    found = came(QUARTERS[: QUARTERS.rindex(",70.5")], "2024-03-31.csv")
    assert found.values("steps") == [412]
    assert found.odd["refused", "cut_short"] == 1


def test_damage_never_raises() -> None:
    check_damage(FORMAT, [QUARTERS.encode(), DAYS.encode()], lambda n: "2024-03-31.csv" if n % 2 else "Daily activity metrics.csv")
