"""This is the place where reading Withings exports is tested. No real export is at hand: tables by its README and public examples."""

from __future__ import annotations

import pytest

from core.domain.samples import FLOATING
from core.sources.wearables.withings_csv import FORMAT
from tests.wearables.csv_given import Came, at, check_damage, member

WEIGHT = (
    'Date,"Weight (kg)","Fat mass (kg)","Bone mass (kg)","Muscle mass (kg)","Hydration (kg)",Comments\n'
    '"2026-06-10 08:15:00",80,16,3.1,57,43.8,\n"2026-06-11 08:15:00",80.5,,,,,"after the run, late"\n"2026-06-12 08:15:00",,15,,,,\n'
)
PRESSURE = 'Date,"Heart rate",Systolic,Diastolic,Comments\n"2019-01-05 07:12:33",61,121,78,\n"2019-01-06 07:12:33",0,118,,\n'
SLEEP = (
    'from,to,"light (s)","deep (s)","rem (s)","awake (s)","wake up","Average heart rate"\n'
    "2022-01-06T23:10:00+01:00,2022-01-07T06:10:00+01:00,14400,7200,3600,1800,2,52\n"
    "2022-01-07T23:10:00+01:00,2022-01-08T06:10:00+01:00,14400,,3600,1800,2,\n"
)
RAW = 'start,duration,value\n2022-01-06T12:50:26+01:00,[60],[44]\n2022-01-06T13:45:36+05:30,"[60,30]","[44,65]"\n2022-01-06T13:45:36+05:30,"[60,60]","[44]"\n'
DAILY = "date,value\n2021-10-31,7274\n"
ACTIVITIES = (
    "from,to,from (manual),to (manual),Timezone,Activity type,Data,GPS,Modified\n"
    '2022-01-06T12:50:26+01:00,2022-01-06T13:50:26+01:00,,,Europe/Oslo,Running,"{""calories"":410}","[{""latitude"":1}]",x\n'
    "2022-01-06T12:50:26+01:00,2022-01-06T13:50:26+01:00,,,Europe/Oslo,Kite surfing,,,x\n"
)


def test_weight_by_the_unit_of_the_header_and_fat_as_a_share_of_it() -> None:
    came = Came(FORMAT, member(WEIGHT))
    weight = came.columns("weight")
    assert (weight.value.tolist(), weight.start[0], weight.offset[0]) == ([80.0, 80.5], at("2026-06-10T08:15"), FLOATING)
    assert came.values("body_fat") == [20.0]
    assert came.odd == {
        ("not_followed", "signal_not_kept"): 3, ("not_followed", "not_a_measurement"): 1, ("not_followed", "part_missing"): 1,
    }  # fmt: skip
    pounds = Came(FORMAT, member(WEIGHT.replace("(kg)", "(lb)")))
    assert pounds.values("weight")[0] == pytest.approx(80 * 0.45359237)
    assert pounds.values("body_fat") == [20.0]
    assert Came(FORMAT, member(WEIGHT.replace("(kg)", "(zz)"))).odd["quarantined", "unit_unknown"] == 2


def test_pressures_by_their_column_and_a_pulse_of_zero_is_none() -> None:
    came = Came(
        FORMAT,
        member(PRESSURE.replace("Systolic,Diastolic", "Diastolic,Systolic").replace("121,78", "78,121").replace("118,", ",118")),
    )
    assert came.values("sbp") == [121.0, 118.0]
    assert came.values("dbp") == [78.0]
    assert came.values("hr") == [61.0]
    assert came.odd == {("not_followed", "no_reading"): 1}


def test_a_night_has_its_parts_and_its_sum_where_no_part_is_missing() -> None:
    came = Came(FORMAT, member(SLEEP))
    total = came.columns("sleep", "1d")
    assert (total.value.tolist(), total.offset[0]) == ([7.0], 60)
    assert (total.start[0], total.end[0]) == (at("2022-01-06T22:10"), at("2022-01-07T05:10"))
    assert came.values("sleep_light") == [4.0, 4.0]
    assert came.odd["not_followed", "part_missing"] == 1


def test_lists_follow_one_another_and_uneven_ones_are_refused() -> None:
    came = Came(FORMAT, member(RAW, "export/raw_tracker_steps.csv"))
    steps = came.columns("steps")
    assert steps.value.tolist() == [44.0, 44.0, 65.0]
    assert steps.offset.tolist() == [60, 330, 330]
    assert steps.start[2] == steps.end[1] == at("2022-01-06T08:16:36")
    assert steps.end[2] - steps.start[2] == 30 * 10**9
    assert came.odd == {("refused", "list_uneven"): 1}


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("raw_hr_hr.csv", "hr"),
        ("raw_bed_hr.csv", "hr"),
        ("raw_tracker_calories-earned.csv", "energy_active"),
        ("raw_tracker_distance.csv", "distance"),
    ],
)
def test_what_the_raw_values_are_is_in_the_files_name(name: str, signal: str) -> None:
    assert Came(FORMAT, member(RAW, name)).counts[signal, ""] == 3


def test_routes_and_unknown_files_are_counted() -> None:
    assert Came(FORMAT, member(RAW, "raw_location_latitude.csv")).odd == {("not_followed", "workout_route"): 4}
    assert Came(FORMAT, member(RAW, "raw_new_thing.csv")).odd == {("not_followed", "unknown_type"): 4}


def test_sleep_states_are_stages() -> None:
    came = Came(
        FORMAT,
        member('start,duration,value\n2022-01-06T23:00:00Z,"[600,600,600,600,600]","[0,1,2,3,9]"\n', "raw_tracker_sleep-state.csv"),
    )
    assert came.values("sleep_stage") == [1.0, 3.0, 4.0, 5.0]
    assert came.odd == {("not_followed", "unknown_type"): 1}


def test_daily_sums_are_of_the_local_day() -> None:
    came = Came(FORMAT, member(DAILY, "aggregates_steps.csv"))
    day = came.columns("steps", "1d")
    assert (day.start[0], day.end[0], day.offset[0]) == (at("2021-10-31"), at("2021-11-01"), FLOATING)
    assert FORMAT.recognises(DAILY.encode(), "a/aggregates_steps.csv")
    assert not FORMAT.recognises(DAILY.encode(), "something.csv")


def test_workouts_keep_their_kind_or_are_some_other() -> None:
    came = Came(FORMAT, member(ACTIVITIES))
    assert came.values("workout") == [2.0, 0.0]
    assert came.odd == {("not_followed", "signal_not_kept"): 1, ("not_followed", "workout_route"): 1}


def test_a_height_in_feet_and_inches() -> None:
    came = Came(FORMAT, member('Date,"Height (in)",Comments\n"2026-06-01 08:00:00","5\' 10.0\'\'",\n'))
    assert came.values("height") == [pytest.approx(177.8)]


@pytest.mark.parametrize("table", [WEIGHT, PRESSURE, SLEEP, RAW, ACTIVITIES])
def test_it_is_recognised(table: str) -> None:
    assert FORMAT.recognises(table.encode(), "x.csv")


def test_damage_never_raises() -> None:
    names = ("raw_tracker_steps.csv", "raw_bed_sleep-state.csv", "aggregates_steps.csv", "x.csv")
    check_damage(FORMAT, [one.encode() for one in (WEIGHT, PRESSURE, SLEEP, RAW, DAILY, ACTIVITIES)], lambda n: names[n % 4])
