"""This is the place where reading Oura's tables is tested. No real export is at hand: tables by its documented columns."""

from __future__ import annotations

import pytest

from core.domain.samples import FLOATING, UTC_ONLY
from core.sources.wearables.oura_csv import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member

TRENDS = (
    "date,Sleep Score,Total Bedtime,Total Sleep Time,REM Sleep Time,Light Sleep Time,Deep Sleep Time,Average Resting Heart Rate,"
    "Lowest Resting Heart Rate,Average HRV,Temperature Deviation (°C),Respiratory Rate,Steps,Activity Burn,Total Burn,Target Calories\n"
    "2021-03-28,80,30000,27000,7200,14400,5400,52.1,47,60,-0.2,14.5,9000,400,2400,500\n2021-03-29,,,,,,,0,,,,,8000,,,\n"
)
PERIODS = (
    "id;average_breath;average_heart_rate;average_hrv;bedtime_end;bedtime_start;day;deep_sleep_duration;heart_rate;lowest_heart_rate;"
    "sleep_phase_5_min;total_sleep_duration;type\n"
    'a;14.5;55.2;61;2024-01-02T07:00:00+05:30;2024-01-01T23:00:00+05:30;2024-01-02;5400;{"interval":300.0,"items":[null,60,58],'
    '"timestamp":"2024-01-01T23:00:00.000+05:30"};47;4421;27000;long_sleep\n'
    "b;14.5;55.2;61;2024-01-02T09:00:00+05:30;2024-01-02T08:00:00+05:30;2024-01-02;5400;;47;44213;27000;deleted\n"
)
OXYGEN = 'id,day,spo2_percentage\na,2024-01-02,"{""average"":96.5}"\nb,2024-01-03,\n'
HEART = "timestamp;bpm;source\n2024-01-01T23:00:00.000Z;60;awake\n2024-01-01T23:05:00.000Z;0;awake\n"
WORKOUT = "activity,calories,day,distance,end_datetime,start_datetime,id\ncycling,100,2024-01-01,5000,2024-01-01T10:30:00+01:00,2024-01-01T10:00:00+01:00,x\n"
SEEDS = [one.encode() for one in (TRENDS, PERIODS, OXYGEN, HEART, WORKOUT)]


def test_trends_are_of_local_days_in_hours_and_rmssd() -> None:
    came = Came(FORMAT, member(TRENDS))
    sleep = came.columns("sleep", "1d")
    assert (sleep.value[0], sleep.start[0], sleep.end[0], sleep.offset[0]) == (7.5, at("2021-03-28"), at("2021-03-29"), FLOATING)
    assert came.values("rhr") == [52.1]
    assert came.values("hrv_rmssd") == [60.0]
    assert came.values("skin_temp_change") == [-0.2]
    assert came.values("steps") == [9000.0, 8000.0]
    assert came.odd == {
        ("not_followed", "score_not_kept"): 1,
        ("not_followed", "signal_not_kept"): 3,
        ("not_followed", "no_reading"): 1,
    }
    assert came.entries == 17


def test_a_period_has_its_own_times_stages_and_lists() -> None:
    came = Came(FORMAT, member(PERIODS))
    sleep = came.columns("sleep")
    assert (sleep.start[0], sleep.end[0], sleep.offset[0]) == (at("2024-01-01T17:30"), at("2024-01-02T01:30"), 330)
    stages = came.columns("sleep_stage")
    assert stages.value.tolist() == [1.0, 1.0, 3.0, 4.0]
    assert stages.start[1] - stages.start[0] == 300 * 10**9
    heart = came.columns("hr", "5min")
    assert (heart.value.tolist(), heart.start[0]) == ([60.0, 58.0], at("2024-01-01T17:35"))
    assert came.odd["not_followed", "taken_back"] == 1


def test_oxygen_inside_json_heart_rates_and_workouts() -> None:
    assert Came(FORMAT, member(OXYGEN)).values("spo2") == [96.5]
    heart = Came(FORMAT, member(HEART))
    assert heart.columns("hr").offset.tolist() == [UTC_ONLY]
    assert heart.odd == {("not_followed", "no_reading"): 1}
    workout = Came(FORMAT, member(WORKOUT)).columns("workout")
    assert (workout.value[0], workout.end[0] - workout.start[0]) == (3.0, 1800 * 10**9)


def test_a_day_with_slashes_is_not_guessed() -> None:
    came = Came(FORMAT, member(TRENDS.replace("2021-03-28", "03/04/2021")))
    assert came.odd["refused", "time_invalid"] == 11


@pytest.mark.parametrize("table", SEEDS)
def test_it_is_recognised(table: bytes) -> None:
    assert FORMAT.recognises(table, "x")


@pytest.mark.parametrize("other", [b"date,steps\n", b"date,Sleep\n", b"day,steps\n", b""])
def test_other_tables_are_not(other: bytes) -> None:
    assert not FORMAT.recognises(other, "oura_trends.csv")


def test_damage_never_raises() -> None:
    check_damage(FORMAT, SEEDS)
