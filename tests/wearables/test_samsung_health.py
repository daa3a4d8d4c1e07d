"""This is the place where reading Samsung Health exports is tested. No real export is at hand: tables by its documented columns."""

from __future__ import annotations

import orjson
import pytest

from core.domain.samples import FLOATING, UNVALIDATED, UTC_ONLY
from core.sources.wearables.samsung_health import FORMAT
from core.sources.wearables.samsung_tables import TABLES
from tests.wearables.csv_given import Came, at, check_damage, member

P = "com.samsung.health.heart_rate."
HEART = (
    "com.samsung.shealth.tracker.heart_rate,6310004,5\n"
    f"{P}heart_rate,{P}min,{P}max,{P}start_time,{P}end_time,{P}time_offset,{P}deviceuuid,{P}pkg_name\n"
    "77.0,,,2025-07-01 20:15:32.766,2025-07-01 20:15:32.766,UTC+0530,abcd123,com.sec.android.app.shealth,\n"
    "70.0,60,80,2025-07-01 20:00:00.000,2025-07-01 20:59:59.000,UTC-0330,abcd123,com.sec.android.app.shealth,\n"
    "71.0,,,1970-01-01 00:00:00.000,1970-01-01 00:00:00.000,UTC+0530,abcd123,com.sec.android.app.shealth,\n"
    "0,,,2025-07-01 20:15:32.766,2025-07-01 20:15:32.766,UTC+0530,abcd123,com.sec.android.app.shealth,\n"
    "66,,,2025-07-01 21:15:32.766,9999-12-31 00:00:00.000,UTC+0530,abcd123,com.urbandroid.sleep,\n"
)
TREND = (
    "com.samsung.shealth.step_daily_trend,6310004,3\n"
    "binning_data,count,create_time,datauuid,day_time,deviceuuid,distance,pkg_name,source_type,speed,update_time\n"
    ",8800,2026-06-28 00:00:00.000,u1,1782604800000,dev1,5000,com.sec.android.app.shealth,-2,1.2,2026-06-28 23:59:00.000,\n"
    ",100,2026-06-28 00:00:00.000,u2,1782604800000,dev1,50,com.sec.android.app.shealth,0,1.2,2026-06-28 23:59:00.000,\n"
    ",200,2026-06-28 00:00:00.000,u3,2018-11-28 00:00:00.000,dev1,,com.sec.android.app.shealth,-2,,2026-06-28 23:59:00.000,\n"
)
S = "com.samsung.health.step_count."
COUNTS = (
    f"com.samsung.shealth.tracker.pedometer_step_count,6310004,3\n{S}start_time,{S}end_time,{S}time_offset,{S}count,{S}deviceuuid\n"
    "2025-07-01 20:00:00.000,2025-07-01 20:01:00.000,UTC+0200,30,watch-1,\n2025-07-01 20:00:00.000,2025-07-01 20:01:00.000,UTC+0200,28,phone-1,\n"
)
STAGES = (
    "com.samsung.health.sleep_stage,7006011,7\nstart_time,end_time,stage,sleep_id,time_offset,datauuid\n"
    "2025-07-02 00:45:00.000,2025-07-02 01:03:00.000,40003,n-1,UTC+0200,s-1,\n2025-07-02 01:03:00.000,2025-07-02 01:05:00.000,40009,n-1,UTC+0200,s-2,\n"
)
SLEEP = (
    "com.samsung.shealth.sleep,7006011,7\ncom.samsung.health.sleep.start_time,com.samsung.health.sleep.end_time,sleep_duration,efficiency,"
    "com.samsung.health.sleep.time_offset\n2025-07-01 22:45:00.000,2025-07-02 05:03:00.000,360,90,UTC+0200,\n"
)
X = "com.samsung.health.exercise."
EXERCISE = (
    f"com.samsung.shealth.exercise,6320001,17\n{X}start_time,{X}end_time,{X}exercise_type,{X}time_offset,total_calorie\n"
    "2025-07-02 00:45:00.000,2025-07-02 01:03:00.000,1002,UTC-0300,100,\n2025-07-02 00:45:00.000,2025-07-02 01:03:00.000,77777,UTC-0300,,\n"
)
BP = "com.samsung.health.blood_pressure."
PRESSURE = (
    f"com.samsung.shealth.blood_pressure,6310004,3\n{BP}diastolic,{BP}systolic,{BP}pulse,{BP}start_time,{BP}time_offset,{BP}pkg_name\n"
    "78,121,61,2025-07-01 20:15:32.766,UTC+0200,com.sec.android.app.shealth,\n79,122,0,1751400932766,UTC+0200,com.samsung.android.shealthmonitor,\n"
)
BINS = orjson.dumps(
    [
        {
            "start_time": 1600000000000,
            "end_time": 1600000059000,
            "heart_rate": 71.0,
            "heart_rate_min": 70.0,
            "heart_rate_max": 72.0,
        },
        {"start_time": 1600000060000, "end_time": 1600000119000, "heart_rate": 0.0},
        7,
    ]
)
SEEDS = [one.encode() for one in (HEART, TREND, COUNTS, STAGES, SLEEP, EXERCISE, PRESSURE)] + [BINS]


def test_times_are_utc_with_the_offset_beside_them() -> None:
    came = Came(FORMAT, member(HEART))
    first = came.columns("hr", "")
    assert (first.start[0], first.offset[0], first.value[0]) == (at("2025-07-01T20:15:32.766"), 330, 77.0)
    hour = came.columns("hr", "1h")
    assert (hour.value.tolist(), hour.offset.tolist()) == ([70.0], [-210])
    assert came.odd == {("refused", "sentinel_time"): 1, ("not_followed", "no_reading"): 1, ("not_followed", "part_of_another"): 2}


def test_what_another_app_wrote_goes_by_its_name_and_an_end_that_is_no_time_is_none() -> None:
    came = Came(FORMAT, member(HEART))
    assert came.devices == {"Samsung Health", "com.urbandroid.sleep"}
    other = next(one for one in came.samples if one.device == "com.urbandroid.sleep")
    assert other.columns.start[0] == other.columns.end[0]


def test_of_daily_steps_only_the_combined_rows_count_for_the_local_day() -> None:
    came = Came(FORMAT, member(TREND))
    steps = came.columns("steps", "1d")
    assert steps.value.tolist() == [8800.0, 200.0]
    assert steps.start.tolist() == [at("2026-06-28"), at("2018-11-28")]
    assert steps.end[0] == at("2026-06-29")
    assert set(steps.offset.tolist()) == {FLOATING}
    assert came.odd == {("not_followed", "part_of_another"): 3, ("not_followed", "signal_not_kept"): 1}


def test_a_phone_and_a_watch_do_not_add_up() -> None:
    assert Came(FORMAT, member(COUNTS)).devices == {"Samsung Health watc", "Samsung Health phon"}


def test_stages_and_nights() -> None:
    stages = Came(FORMAT, member(STAGES))
    assert stages.values("sleep_stage") == [4.0]
    assert stages.odd == {("not_followed", "unknown_type"): 1}
    night = Came(FORMAT, member(SLEEP))
    assert night.values("sleep", "1d") == [6.0]
    assert night.values("sleep_stage") == [0.0]


def test_a_workout_of_a_kind_we_do_not_know_is_some_other() -> None:
    came = Came(FORMAT, member(EXERCISE))
    assert came.values("workout") == [2.0, 0.0]
    assert came.odd == {("not_followed", "part_of_another"): 1}


def test_pressure_by_its_column_and_without_a_cuff_not_validated() -> None:
    came = Came(FORMAT, member(PRESSURE))
    systolic = came.columns("sbp")
    assert systolic.value.tolist() == [121.0, 122.0]
    assert systolic.quality.tolist() == [0, UNVALIDATED]
    assert systolic.start.tolist() == [at("2025-07-01T20:15:32.766")] * 2
    assert came.values("hr") == [61.0]


def test_glucose_is_in_mmol() -> None:
    b = "com.samsung.health.blood_glucose."
    text = f"com.samsung.shealth.blood_glucose,1,2\n{b}start_time,{b}glucose\n2025-07-01 20:15:32.766,5.5,\n"
    came = Came(FORMAT, member(text))
    assert came.values("glucose") == [pytest.approx(99.1, abs=0.01)]
    assert came.columns("glucose").offset.tolist() == [UTC_ONLY]


@pytest.mark.parametrize(
    ("table", "why"), [("com.samsung.shealth.goal_history", "not_a_measurement"), ("com.samsung.shealth.new_thing", "unknown_type")]
)
def test_tables_we_do_not_read_are_counted_row_by_row(table: str, why: str) -> None:
    came = Came(FORMAT, member(f"{table},1,2\nstart_time,value\n2025-07-01 20:15:32.766,5.5,\n2025-07-01 20:15:32.766,5.5,\n"))
    assert came.odd == {("not_followed", why): 2}


def test_a_goal_is_no_measurement() -> None:
    text = "com.samsung.shealth.tracker.pedometer_day_summary,1,2\nday_time,step_count,recommendation\n1782604800000,5000,6000,\n"
    came = Came(FORMAT, member(text))
    assert came.values("steps") == [5000.0]
    assert came.odd == {("not_followed", "goal_not_measured"): 1}


def test_details_in_json_also_when_cut_off() -> None:
    came = Came(FORMAT, member(BINS, "jsons/a/b.binning_data.json"))
    heart = came.columns("hr", "1min")
    assert (heart.value.tolist(), heart.offset.tolist(), heart.start[0]) == ([71.0], [UTC_ONLY], 1600000000 * 10**9)
    assert came.odd == {
        ("not_followed", "part_of_another"): 2,
        ("not_followed", "no_reading"): 1,
        ("refused", "entry_not_an_object"): 1,
    }
    cut = Came(FORMAT, member(BINS[:-40], "jsons/a/b.binning_data.json"))
    assert cut.values("hr") == [71.0]
    assert cut.odd["refused", "cut_short"] == 1


def test_it_is_recognised_by_its_first_line() -> None:
    for table in SEEDS:
        assert FORMAT.recognises(table, "x")
        assert FORMAT.recognises(b"\xef\xbb\xbf" + table, "x")
    assert not FORMAT.recognises(b"start_time,end_time,com.samsung.health\n", "com.samsung.shealth.sleep.csv")
    assert not FORMAT.recognises(b'[{"start_time": 1600000000000, "end_time": 1600000059000, "glucose": 5}]', "x.json")


def test_every_table_names_signals_that_there_are() -> None:
    from core.domain.signals import SIGNALS
    from core.sources.wearables.csv_columns import Take

    assert all(what.signal in SIGNALS for table in TABLES.values() for what in table.columns.values() if isinstance(what, Take))


def test_damage_never_raises() -> None:
    check_damage(FORMAT, SEEDS)
