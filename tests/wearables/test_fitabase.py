"""This is the place where reading Fitabase exports is tested, on made tables and on the real ones."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

from core.domain.samples import FLOATING, MANUAL
from core.sources.wearables.fitabase import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member, of_path

HOUR = 3_600_000_000_000
DAILY = (
    "Id,ActivityDate,TotalSteps,TotalDistance,TrackerDistance,LoggedActivitiesDistance,VeryActiveDistance,ModeratelyActiveDistance,"
    "LightActiveDistance,SedentaryActiveDistance,VeryActiveMinutes,FairlyActiveMinutes,LightlyActiveMinutes,SedentaryMinutes,Calories\n"
    "1,4/12/2016,13162,8.5,8.5,0.0,1.88,0.55,6.06,0.0,25,13,328,728,1985\n"
)
WIDE = (
    "Id,ActivityHour,"
    + ",".join(f"Steps{n:02}" for n in range(60))
    + "\n"
    + "1,4/12/2016 11:00:00 PM,"
    + ",".join(str(n) for n in range(60))
    + "\n"
)
SLEEP = "Id,date,value,logId\n1,4/12/2016 2:47:30 AM,3,11\n1,4/12/2016 2:48:30 AM,1,11\n1,4/12/2016 2:49:30 AM,2,11\n1,4/12/2016 2:50:30 AM,7,11\n"
HEART = "Id,Time,Value\n1,4/12/2016 7:21:00 AM,97\n1,4/12/2016 7:21:05 AM,0\n2,4/12/2016 12:21:05 PM,101\n"
WEIGHT = (
    "Id,Date,WeightKg,WeightPounds,Fat,BMI,IsManualReport,LogId\n"
    "1,5/2/2016 11:59:59 PM,52.6,115.96,22,22.65,True,1462233599000\n"
    "1,5/3/2016 6:47:11 AM,52.7,116.2,,22.7,False,1462233599001\n"
    "1,5/4/2016 6:47:11 AM,,100,,,False,1462233599002\n"
)
NARROW = "Id,ActivityMinute,METs\n1,4/12/2016 12:00:00 AM,10\n"
SEEDS = [one.encode() for one in (DAILY, WIDE, SLEEP, HEART, WEIGHT, NARROW)]


@pytest.mark.parametrize("table", SEEDS)
def test_it_is_recognised_by_its_columns_in_any_encoding(table: bytes) -> None:
    assert FORMAT.recognises(table, "x")
    assert FORMAT.recognises(b"\xef\xbb\xbf" + table, "x")
    assert FORMAT.recognises(table.decode().encode("utf-16"), "x")


@pytest.mark.parametrize(
    "other", ["", "Id,Name\n1,2\n", "id,time,gl\n", "time,value,unit,signal\n", '{"Id": 1}', "Id,Date,Total\n"]
)
def test_other_tables_are_not(other: str) -> None:
    assert not FORMAT.recognises(other.encode(), "dailyActivity_merged.csv")


def test_a_day_runs_from_local_midnight_to_the_next_and_distances_are_kilometres() -> None:
    came = Came(FORMAT, member(DAILY))
    steps = came.columns("steps")
    assert (steps.start[0], steps.end[0], steps.offset[0]) == (at("2016-04-12"), at("2016-04-13"), FLOATING)
    assert came.values("distance") == [8500.0]
    assert came.values("energy_total") == [1985.0]
    assert came.values("active_minutes") == [38.0]
    assert came.values("sedentary_minutes") == [728.0]
    assert set(came.counts) == {(key, "1d") for key in ("steps", "distance", "energy_total", "active_minutes", "sedentary_minutes")}
    assert came.entries == 13


def test_a_wide_hour_is_sixty_entries_also_when_cells_are_bad_or_empty() -> None:
    came = Came(FORMAT, member(WIDE.replace(",7,", ",x,").replace(",8,", ",,")))
    steps = came.columns("steps", "1min")
    assert len(steps) == 58
    assert steps.start[-1] == at("2016-04-12T23:59")
    assert steps.end[-1] == at("2016-04-13")
    assert came.odd == {("refused", "not_a_number"): 1}
    assert came.paths == {"table.csv:2"}


def test_a_bad_time_costs_all_values_of_its_row_and_no_other() -> None:
    came = Came(FORMAT, member(WIDE + WIDE.splitlines()[1].replace("4/12", "13/12") + "\n"))
    assert came.odd == {("refused", "time_invalid"): 60}
    assert came.counts["steps", "1min"] == 60


def test_minutes_of_sleep_are_stages() -> None:
    came = Came(FORMAT, member(SLEEP))
    stages = came.columns("sleep_stage")
    assert stages.value.tolist() == [1.0, 2.0, 6.0]
    assert stages.end[0] - stages.start[0] == 60 * 10**9
    assert came.odd == {("not_followed", "unknown_type"): 1}


def test_heart_rates_are_instants_of_their_people_and_zero_is_no_reading() -> None:
    came = Came(FORMAT, member(HEART))
    assert came.columns("hr", subject="2").start.tolist() == [at("2016-04-12T12:21:05")]
    assert came.odd == {("not_followed", "no_reading"): 1}
    assert came.devices == {"Fitbit"}


def test_a_weight_counts_once_and_says_whether_it_was_typed_in() -> None:
    came = Came(FORMAT, member(WEIGHT))
    weight = came.columns("weight")
    assert np.allclose(sorted(weight.value), [45.359237, 52.6, 52.7])
    assert dict(zip(weight.value.round(1).tolist(), weight.quality.tolist(), strict=True)) == {52.6: MANUAL, 52.7: 0, 45.4: 0}
    assert came.values("body_fat") == [22.0]
    assert came.odd == {("duplicate", "same_as_another"): 2}


def test_mets_are_counted_and_not_kept() -> None:
    assert Came(FORMAT, member(NARROW)).odd == {("not_followed", "signal_not_kept"): 1}


def test_one_part_of_the_active_minutes_alone_makes_no_value() -> None:
    came = Came(FORMAT, member(DAILY.replace(",25,13,", ",25,,")))
    assert ("active_minutes", "1d") not in came.counts
    assert came.odd["not_followed", "part_missing"] == 1


def test_empty_and_cut_files_say_what_is_wrong() -> None:
    assert Came(FORMAT, member("")).odd == {("refused", "header_missing"): 1}
    cut = Came(FORMAT, member(HEART[:-20]))
    assert cut.odd["refused", "cut_short"] == 1
    assert cut.counts["hr", ""] == 1


def test_damage_never_raises() -> None:
    check_damage(FORMAT, SEEDS)


# the real files --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "wearable" / "fitbit-fitabase"


def test_each_value_of_the_real_files_is_accounted_for(folder: Path) -> None:
    structural = {"Id", "LogId", "IsManualReport", "ActivityDate", "ActivityDay", "ActivityHour", "SleepDay", "Date"}
    for path in sorted(folder.glob("*.csv")):
        lines = path.read_text().splitlines()
        names = lines[0].split(",")
        filled = sum(
            bool(cell.strip())
            for line in lines[1:]
            for name, cell in zip(names, line.split(","), strict=True)
            if name not in structural
        )
        assert FORMAT.recognises(path.read_bytes()[:65536], path.name)
        came = Came(FORMAT, of_path(path))
        assert came.entries == filled, path.name
        assert not [why for outcome, why in came.odd if outcome in ("refused", "quarantined")]


def test_the_hours_are_the_sums_of_their_minutes(folder: Path) -> None:
    for signal, wide, hourly in (
        ("steps", "minuteStepsWide", "hourlySteps"),
        ("intensity", "minuteIntensitiesWide", "hourlyIntensities"),
    ):
        minutes = Came(FORMAT, of_path(folder / f"{wide}_merged.csv"))
        hours = Came(FORMAT, of_path(folder / f"{hourly}_merged.csv"))
        summed: dict[tuple[str, int], float] = defaultdict(float)
        for batch in minutes.samples:
            for hour in np.unique(batch.columns.start // HOUR):
                summed[batch.subject, int(hour)] += float(batch.columns.value[batch.columns.start // HOUR == hour].sum())
        stated = {
            (batch.subject, int(start // HOUR)): value
            for batch in hours.samples
            if batch.signal == signal
            for start, value in zip(batch.columns.start.tolist(), batch.columns.value.tolist(), strict=True)
        }
        both = summed.keys() & stated.keys()  # the minutes go on for a day
        assert len(both) == 14_926
        assert all(stated[key] == summed[key] for key in both)


def test_the_daily_tables_give_the_very_same_samples(folder: Path) -> None:
    together = Came(FORMAT, of_path(folder / "dailyActivity_merged.csv"))
    for name, signal in (("dailySteps", "steps"), ("dailyCalories", "energy_total"), ("dailyIntensities", "active_minutes")):
        alone = Came(FORMAT, of_path(folder / f"{name}_merged.csv"))
        for column in ("start", "end", "value", "offset", "quality"):
            assert np.array_equal(getattr(alone.columns(signal), column), getattr(together.columns(signal), column))


def test_known_totals_of_the_real_files(folder: Path) -> None:
    assert sum(Came(FORMAT, of_path(folder / "dailySteps_merged.csv")).values("steps")) == 5_110_066
    weights = Came(FORMAT, of_path(folder / "weightLogInfo_merged.csv"))
    assert weights.counts == {("weight", ""): 59, ("bmi", ""): 59, ("body_fat", ""): 1}
