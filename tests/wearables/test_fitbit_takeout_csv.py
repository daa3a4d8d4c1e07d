"""This is the place where the tables of Fitbit archives are tested."""

from __future__ import annotations

import pytest

from core.domain.samples import ESTIMATED, FLOATING, MANUAL, UTC_ONLY
from core.sources.wearables.fitbit_takeout_csv import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member

HRV_DAYS = "timestamp,rmssd,nremhr,entropy\n2024-03-31T00:00:00,38.221,56.1,2.9\n2024-04-01T00:00:00,0,0,0\n"
HRV_DETAILS = "timestamp,rmssd,coverage,low_frequency,high_frequency\n2024-03-31T01:55:00,41.5,0.97,512.1,301.2\n2024-03-31T02:00:00,x,0.9,1,1\n"
SPO2_DAYS = "timestamp,average_value,lower_bound,upper_bound\n2024-01-11T00:00:00Z,96.5,93.0,99.9\n"
SPO2_MINUTES = "timestamp,value\n2024-01-11T03:10:00Z,95.2\n2024-01-11T03:11:00Z,50.0\n"
NIGHTS = (
    "type,sleep_start,sleep_end,temperature_samples,nightly_temperature,baseline_relative_sample_sum,"
    "baseline_relative_sample_sum_of_squares,baseline_relative_nightly_standard_deviation,baseline_relative_sample_standard_deviation\n"
    "IDT,2024-01-10T23:15,2024-01-11T07:05,530,31.42,NaN,NaN,NaN,NaN\nIDT,2024-01-11T23:15,2024-01-12T07:05,530,31.5,-456.5,1.3,0.2,0.5\n"
)
DEVICE_TEMPERATURE = "recorded_time,temperature,sensor_type\n2024-01-11T00:00,-2.47,UNKNOWN\n2024-01-11T00:01,31.2,UNKNOWN\n"
HEART = "timestamp,beats per minute,data source\n2024-05-01T00:00:03Z,72.0,Charge 5\n2024-05-01T00:00:08Z,,Charge 5\n2024-05-01T00:00:13Z,60,\n"
SLEEPS = (
    "sleep_id,sleep_type,minutes_in_sleep_period,minutes_after_wake_up,minutes_to_fall_asleep,minutes_asleep,minutes_awake,"
    "start_utc_offset,sleep_start,end_utc_offset,sleep_end,data_source,algorithm_version,sleep_created,sleep_last_updated\n"
    "111,STAGES,450,0,5,411,40,+05:30,2026-09-11T17:30:00Z,+05:30,2026-09-12T01:00:00Z,GOOGLE_FITBIT_AIR,3,,\n"
)
STAGES = (
    "sleep_id,sleep_stage_id,sleep_stage_type,start_utc_offset,sleep_stage_start,end_utc_offset,sleep_stage_end,data_source\n"
    "111,0,AWAKE,+05:30,2026-09-11T17:30:00Z,+05:30,2026-09-11T17:45:00Z,BAND\n"
    "111,1,DEEP,+05:30,2026-09-11T17:45:00Z,+05:30,2026-09-11T18:15:00Z,BAND\n"
    "111,2,DREAMING,+05:30,2026-09-11T18:15:00Z,+05:30,2026-09-11T18:45:00Z,BAND\n"
)
EXERCISES = (
    "exercise_id,exercise_start,exercise_end,utc_offset,activity_name,log_type,tracker_total_steps,tracker_avg_heart_rate,events\n"
    '1,2026-10-04T12:54:29Z,2026-10-04T14:03:06Z,+02:00,Bike,AUTO_DETECTED,,118,"[{""a"":1,""b"":2}]"\n'
    "2,2026-10-05T12:00:00Z,2026-10-05T12:30:00Z,+02:00,Outdoor Walk,MANUAL,3000,,\n"
)
ACTIVE = "timestamp,light,moderate,very,data source\n2026-09-10T04:00:00Z,1,0,0,Band\n2026-09-10T04:01:00Z,0,1,0,Band\n2026-09-10T04:02:00Z,0,0,1,Band\n"
ALL = [HRV_DAYS, HRV_DETAILS, SPO2_DAYS, NIGHTS, DEVICE_TEMPERATURE, HEART, SLEEPS, STAGES, EXERCISES, ACTIVE]


def came(text: str, name: str = "heart_rate_2024-05-01.csv") -> Came:
    assert FORMAT.recognises(text.encode(), name)
    return Came(FORMAT, member(text, name))


def test_a_nights_variability_belongs_to_the_local_day_and_zero_is_no_reading() -> None:
    found = came(HRV_DAYS)
    columns = found.columns("hrv_rmssd", "1d")
    assert columns.value.tolist() == [38.221]
    assert (columns.start[0], columns.end[0], columns.offset[0]) == (at("2024-03-31"), at("2024-04-01"), FLOATING)
    assert found.odd == {("not_followed", "no_reading"): 1, ("not_followed", "signal_not_kept"): 4}
    assert found.entries == 6
    assert found.devices == {"Fitbit"}


def test_variability_by_five_minutes_is_by_the_local_clock() -> None:
    found = came(HRV_DETAILS)
    columns = found.columns("hrv_rmssd", "5min")
    assert (columns.start[0], columns.end[0], columns.offset[0]) == (at("2024-03-31T01:55"), at("2024-03-31T02:00"), FLOATING)
    assert found.odd["refused", "not_a_number"] == 1
    assert found.entries == 8


def test_saturation_of_a_day_is_local_though_it_ends_in_z_and_of_a_minute_is_utc() -> None:
    day = came(SPO2_DAYS).columns("spo2", "1d")
    assert (day.start[0], day.end[0], day.offset[0], day.value[0]) == (at("2024-01-11"), at("2024-01-12"), FLOATING, 96.5)
    minutes = came(SPO2_MINUTES, "Minute SpO2 - 2024-01-11.csv")
    assert minutes.columns("spo2").offset.tolist() == [UTC_ONLY]
    assert minutes.odd == {("not_followed", "no_reading"): 1}


def test_a_plain_table_of_time_and_value_is_not_taken_for_saturation() -> None:
    assert not FORMAT.recognises(SPO2_MINUTES.encode(), "glucose.csv")
    assert not FORMAT.recognises(b"timestamp,steps\n2026-09-10T00:00:00Z,123456\n", "Account_Access_Events_1.csv")
    assert not FORMAT.recognises(b"time,value,unit\n2026-09-10T00:00:00Z,1,mg/dL\n", "Minute SpO2.csv")


def test_skin_temperature_of_a_night_lasts_over_the_night() -> None:
    found = came(NIGHTS)
    columns = found.columns("skin_temp", "1d")
    assert (columns.start[0], columns.end[0], columns.value[0]) == (at("2024-01-10T23:15"), at("2024-01-11T07:05"), 31.42)
    assert found.odd == {("not_followed", "signal_not_kept"): 4}


def test_degrees_and_changes_of_degrees_are_told_apart() -> None:
    found = came(DEVICE_TEMPERATURE)
    assert (found.values("skin_temp_change"), found.values("skin_temp")) == ([-2.47], [31.2])
    assert found.entries == 2


def test_heart_rates_are_of_the_source_that_is_named() -> None:
    found = came(HEART)
    assert found.values("hr") == [72.0, 60.0]
    assert found.devices == {"Charge 5", "Fitbit"}
    assert found.entries == 2
    rest = came(HEART, "daily_resting_heart_rate.csv")
    assert [int(day) for day in rest.columns("rhr", "1d").start] == [at("2024-05-01")] * 2
    unclear = came(HEART, "export.csv")
    assert (unclear.counts, unclear.odd) == ({}, {("quarantined", "signal_unclear"): 2})


def test_a_night_and_its_stages_keep_the_offset_beside_them() -> None:
    night = came(SLEEPS)
    columns = night.columns("sleep", "1d")
    assert (columns.start[0], columns.end[0], columns.offset[0]) == (at("2026-09-11T17:30"), at("2026-09-12T01:00"), 330)
    assert columns.value[0] == pytest.approx(411 / 60)
    assert night.devices == {"GOOGLE_FITBIT_AIR"}
    assert night.odd == {("not_followed", "part_of_another"): 4}
    stages = came(STAGES)
    assert stages.values("sleep_stage") == [1.0, 4.0]
    assert stages.odd == {("not_followed", "unknown_type"): 1}


def test_an_exercise_has_its_kind_and_a_typed_in_one_says_so() -> None:
    found = came(EXERCISES)
    columns = found.columns("workout")
    assert (columns.value.tolist(), columns.offset.tolist(), columns.quality.tolist()) == ([3.0, 1.0], [120, 120], [0, MANUAL])
    assert found.odd == {("not_followed", "part_of_another"): 2}


def test_minutes_of_moderate_and_very_active_motion_add_up() -> None:
    found = came(ACTIVE)
    columns = found.columns("active_minutes")
    assert columns.value.sum() == 2
    assert len({*zip(columns.start.tolist(), columns.end.tolist(), strict=True)}) == 6
    assert found.odd == {("not_followed", "signal_not_kept"): 3}


@pytest.mark.parametrize(
    ("header", "row", "signal", "value", "name"),
    [
        ("timestamp,steps,data source", "2024-05-01T00:00:00Z,14,Phone", "steps", 14, "x.csv"),
        ("timestamp,steps", "2024-05-01T00:00:00Z,14", "steps", 14, "a/steps_2024-05-01.csv"),
        ("timestamp,distance,data source", "2026-08-01T01:15:09.096319Z,8.80,Phone Health Kit", "distance", 8.8, "x.csv"),
        ("timestamp,calories,data source", "2024-05-01T00:00:00Z,1.25,App", "energy_total", 1.25, "x.csv"),
        ("timestamp,floors,data source", "2024-05-01T00:00:00Z,1,App", "floors", 1, "x.csv"),
        ("timestamp,weight grams,data source", "2024-05-01T07:00:00Z,62400,Scale", "weight", 62.4, "weight.csv"),
        ("timestamp,height millimeters,data source", "2024-05-01T07:00:00Z,1720,App", "height", 172, "height.csv"),
        ("timestamp,body fat percentage,data source", "2018-06-01T13:16:20Z,11.6,Scale", "body_fat", 11.6, "x.csv"),
        ("timestamp,breaths per minute,data source", "2026-06-11T12:00:00Z,13.8,App", "rr", 13.8, "daily_respiratory_rate.csv"),
        ("timestamp,temperature celsius,data source", "2026-06-11T12:00:00Z,33,App", "skin_temp", 33, "body_temperature_2026-06-11.csv"),
        ("timestamp,temperature celsius,data source", "2026-06-11T12:00:00Z,37,App", "temp", 37, "core_body_temperature_2026.csv"),
        ("timestamp,daily_respiratory_rate", "2024-01-11T00:00:00,15.4", "rr", 15.4, "x.csv"),
        ("timestamp,average percentage,lower bound percentage,data source", "2026-06-11T12:00:00Z,94.8,,Band", "spo2", 94.8, "x.csv"),
        ("timestamp,average heart rate variability milliseconds", "2026-09-20T00:00:00Z,42.5", "hrv_rmssd", 42.5, "x.csv"),
        ("timestamp,root mean square of successive differences milliseconds", "2026-09-20T00:05:00Z,30", "hrv_rmssd", 30, "x.csv"),
    ],
)  # fmt: skip
def test_every_table_gives_its_signal_in_its_unit(header: str, row: str, signal: str, value: float, name: str) -> None:
    found = came(f"{header}\n{row}\n", name)
    assert found.values(signal) == pytest.approx([value])
    assert found.entries == 1


def test_fitness_by_age_and_weight_is_an_estimate() -> None:
    columns = came("timestamp,demographic vo2max,data source\n2026-06-11T00:00:00Z,41.2,App\n").columns("vo2max")
    assert (columns.value.tolist(), columns.quality.tolist()) == ([41.2], [ESTIMATED])


def test_steps_of_a_live_pace_are_not_counted_twice_and_unknown_tables_are_counted() -> None:
    pace = came("timestamp,steps,distance millimeters,altitude gain millimeters,data source\n2026-01-01T05:00:00Z,99,1,0,Band\n")
    assert (pace.counts, pace.odd) == ({}, {("not_followed", "part_of_another"): 3})
    unknown = came("timestamp,cardio glow,data source\n2026-01-01T05:00:00Z,99,Band\n")
    assert unknown.odd == {("not_followed", "unknown_type"): 1}
    score = came("sleep_log_entry_id,timestamp,overall_score,resting_heart_rate,restlessness\n1,2024-01-11T08:03:30Z,78,58,0.12\n")
    assert score.odd == {("not_followed", "score_not_kept"): 2, ("not_followed", "part_of_another"): 1}


def test_what_stands_before_a_cut_is_kept() -> None:
    found = came(HEART[: HEART.rindex(",60")])
    assert found.values("hr") == [72.0]
    assert found.odd == {("refused", "cut_short"): 1}


def test_header_only_tables_and_files_of_nothing_hold_nothing() -> None:
    assert came(HEART.split("\n")[0] + "\n").entries == 0
    assert not FORMAT.recognises(b"no data", "Glucose 202609.csv")
    assert Came(FORMAT, member("no data")).odd == {("refused", "header_missing"): 1}


def test_damage_never_raises() -> None:
    names = ["heart_rate_1.csv", "daily_resting_heart_rate.csv", "Minute SpO2 - 1.csv", "x.csv"]
    check_damage(FORMAT, [text.encode() for text in [*ALL, SPO2_MINUTES]], lambda n: names[n % 4])
