"""This is the place where reading .fit files is tested: files written here, the recorded ones, and damage done on purpose."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from fitdecode.utils import compute_crc
from hypothesis import given
from hypothesis import strategies as st

from core.domain.samples import ESTIMATED, UNSURE, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.garmin_fit import FORMAT
from tests.wearables.csv_given import Came, check_damage, member, of_path, survives
from tests.wearables.fit_writer import NOON, UNIX, day, file_id, fit, message, ride

NS = 1_000_000_000
HOUR = 3600
MIDNIGHT = NOON // 86_400 * 86_400
"""A midnight in UTC, as FIT counts."""


def came(data: bytes) -> Came:
    return Came(FORMAT, member(data, "some.fit"))


def at(fit_seconds: int) -> int:
    return (UNIX + fit_seconds) * NS


def test_a_workout_becomes_heart_rate_metres_and_its_totals_on_the_local_clock() -> None:
    run = came(ride(30))
    hr = run.columns("hr")
    assert hr.value.tolist() == [100.0 + second for second in range(30)]
    assert hr.start[0] == at(NOON)
    assert set(hr.offset.tolist()) == {330}
    distance = run.columns("distance", "")
    assert distance.value.sum() == pytest.approx(2.5 * 29)
    assert distance.end.max() == at(NOON + 29)
    workout = run.columns("workout")
    assert workout.value.tolist() == [WORKOUTS.index("running")]
    assert (workout.start[0], workout.end[0]) == (at(NOON), at(NOON + 30))
    assert run.values("steps", "1h") == [80.0]
    assert run.values("energy_total", "1h") == [12.0]
    assert run.devices == {"Garmin fenix5"}
    assert run.odd["not_followed", "summary_of_others"] == 2
    assert run.odd["not_followed", "workout_route"] == 30


def test_totals_stand_for_metres_where_no_record_has_them() -> None:
    data = fit(
        file_id(),
        message(
            "session",
            timestamp=NOON + 60,
            start_time=NOON,
            sport="cycling",
            total_elapsed_time=60.0,
            total_distance=500.0,
            total_cycles=80,
        ),
    )
    ridden = came(data)
    assert ridden.values("distance", "1h") == [500.0]
    assert not ridden.values("steps")
    assert ridden.columns("workout").offset.tolist() == [UTC_ONLY]


def test_a_running_sum_that_starts_again_gives_no_negative_metres() -> None:
    records = [
        message("record", 1, timestamp=NOON + second, distance=metres) for second, metres in enumerate((0.0, 40.0, 80.0, 5.0, 45.0))
    ]
    run = came(fit(file_id(), *records))
    assert run.values("distance") == [0.0, 40.0, 40.0, 40.0]
    assert run.odd["not_followed", "counter_start"] == 1


def test_metres_covered_before_the_file_began_are_not_counted() -> None:
    records = [message("record", 1, timestamp=NOON + second, distance=5000.0 + second) for second in range(3)]
    assert came(fit(file_id(), *records)).values("distance") == [1.0, 1.0]


def test_counters_of_a_day_become_amounts_for_each_kind_of_activity() -> None:
    offset = 5 * HOUR + 1800
    began = MIDNIGHT - offset
    walked = came(
        day(
            began, offset, (HOUR, "walking", 100), (2 * HOUR, "walking", 250), (2 * HOUR, "running", 30), (3 * HOUR, "walking", 250)
        )
    )
    steps = walked.columns("steps", "15min")
    assert steps.value.tolist() == [100.0, 150.0, 30.0, 0.0]
    assert steps.start[0] == at(began)
    assert (steps.end - steps.start).tolist() == [HOUR * NS, HOUR * NS, 2 * HOUR * NS, HOUR * NS]
    assert set(steps.offset.tolist()) == {330}


def test_counters_start_again_at_the_local_midnight() -> None:
    offset = -7 * HOUR
    began = MIDNIGHT - offset
    days = came(
        day(
            began,
            offset,
            (10 * HOUR, "walking", 5000),
            (23 * HOUR, "walking", 8000),
            (25 * HOUR, "walking", 40),
            (26 * HOUR, "walking", 9000),
        )
    )
    steps = days.columns("steps")
    assert steps.value.tolist() == [5000.0, 3000.0, 40.0, 8960.0]
    assert steps.start[2] == at(began + 86_400)


def test_what_a_counter_held_when_a_file_begins_in_mid_day_is_a_summary_since_midnight() -> None:
    began = MIDNIGHT + 10 * HOUR
    late = came(day(began, 0, (0, "walking", 5000), (HOUR, "walking", 5100), (2 * HOUR, "running", 70)))
    assert late.values("steps", "1h") == [5000.0]
    assert late.values("steps", "15min") == [100.0, 70.0]
    summary = late.columns("steps", "1h")
    assert (summary.start[0], summary.end[0]) == (at(MIDNIGHT), at(began))


def test_short_times_roll_over() -> None:
    began = (MIDNIGHT // 65_536) * 65_536 + 65_000
    rows = [
        message("monitoring", 2, raw_timestamp_16=(began + after) & 0xFFFF, heart_rate=60 + after // 300)
        for after in (300, 600, 900)
    ]
    rows.append(message("monitoring", 3, raw_timestamp_min_8=(began // 60 + 30) & 0xFF, heart_rate=70))
    hr = came(fit(file_id("monitoring_b"), message("monitoring_info", 1, timestamp=began, local_timestamp=began), *rows)).columns(
        "hr"
    )
    assert hr.start.tolist() == [at(began + 300), at(began + 600), at(began + 900), at(began // 60 * 60 + 1800)]


def test_a_time_counted_from_switching_on_is_no_time() -> None:
    odd = came(
        fit(file_id(), message("record", 1, timestamp=5_000_000, heart_rate=90, distance=5.0), message("record", 1, heart_rate=90))
    ).odd
    assert odd["refused", "time_unclear"] == 2
    assert odd["refused", "time_missing"] == 1


def test_scales_say_when_they_are_still_calculating() -> None:
    weighed = came(
        fit(
            file_id("weight", "tanita", 1),
            message("weight_scale", 1, timestamp=NOON, weight=75.8, percent_fat=22.3, user_profile_index=0),
            message("weight_scale", 1, timestamp=NOON + 60, weight="calculating", user_profile_index=0),
            message("weight_scale", 1, timestamp=NOON + 90, raw_weight=0xFFFF, bmi=24.1, user_profile_index=0),
        )
    )
    assert weighed.values("weight") == [75.8]
    assert weighed.values("body_fat") == [22.3]
    assert weighed.values("bmi") == [24.1]
    assert weighed.odd["not_followed", "no_reading"] == 1
    assert weighed.devices == {"Tanita 1"}


def test_a_scale_of_several_people_does_not_say_whose_weight_it_is() -> None:
    rows = [message("weight_scale", 1, timestamp=NOON + who, weight=60.0 + who, user_profile_index=who) for who in range(3)]
    assert came(fit(file_id("weight"), *rows)).odd["quarantined", "several_people"] == 3


def test_a_cuff_that_doubts_itself_is_believed_less() -> None:
    pressure = {"systolic_pressure": 130, "diastolic_pressure": 80, "heart_rate": 61}
    cuff = came(
        fit(
            file_id("blood_pressure"),
            message("blood_pressure", 1, timestamp=NOON, status="no_error", **pressure),
            message("blood_pressure", 1, timestamp=NOON + 1, status="error_irregular_heart_rate", **pressure),
            message("blood_pressure", 1, timestamp=NOON + 2, status="error_no_measurement", **pressure),
        )
    )
    assert cuff.values("sbp") == [130.0, 130.0]
    assert cuff.columns("dbp").quality.tolist() == [0, UNSURE]
    assert cuff.odd["not_followed", "no_reading"] == 3


def test_a_night_has_stages_until_it_ends() -> None:
    rows = [
        message("sleep_level", 1, timestamp=NOON + 600 * row, sleep_level=stage)
        for row, stage in enumerate(("awake", "light", "deep", "unmeasurable", "rem"))
    ]
    ended = message("event", 2, timestamp=NOON + 3000, event=74, event_type="stop")
    night = came(fit(file_id("monitoring_b"), *rows, ended)).columns("sleep_stage")
    assert [SLEEP_STAGES[int(value)] for value in night.value] == ["awake", "light", "deep", "rem"]
    assert ((night.end - night.start) // NS).tolist() == [600] * 4
    without = came(fit(file_id("monitoring_b"), *rows))
    assert without.odd["not_followed", "end_missing"] == 1


def test_daily_values_belong_to_the_local_day() -> None:
    told = message("timestamp_correlation", 1, timestamp=NOON, local_timestamp=NOON + 8 * HOUR)
    rhr = [
        message("monitoring_hr_data", 2, timestamp=NOON + late, resting_heart_rate=55, current_day_resting_heart_rate=50 + late)
        for late in (0, 1)
    ]
    night = [
        message("hrv_status_summary", 3, timestamp=NOON, weekly_average=50.0, last_night_average=48.5),
        message("hrv_value", 4, timestamp=NOON, value=44.5),
    ]
    daily = came(fit(file_id(), *rhr, *night, told))
    resting = daily.columns("rhr", "1d")
    assert resting.value.tolist() == [51.0]
    assert (resting.start[0] // NS + 8 * HOUR) % 86_400 == 0
    assert resting.end[0] - resting.start[0] == 86_400 * NS
    assert daily.values("hrv_rmssd", "1d") == [48.5]
    assert daily.values("hrv_rmssd", "5min") == [44.5]
    assert daily.odd["not_followed", "summary_of_others"] == 3
    assert daily.odd["duplicate", "value_replaced"] == 1


def test_other_things_a_watch_measures() -> None:
    data = fit(
        file_id(),
        message("spo2_data", 1, timestamp=NOON, reading_spo2=97, reading_confidence=3),
        message("respiration_rate", 1, timestamp=NOON, respiration_rate=14.25),
        message("respiration_rate", 1, timestamp=NOON + 1, raw_respiration_rate=-2),
        message("max_met_data", 1, update_time=NOON, vo2_max=48.3),
        message("stress_level", 1, stress_level_time=NOON, stress_level_value=25),
        message("hrv", 1, time=(0.8, 0.81, 0.79)),
        message("goal", 1, target_value=10_000),
        message("user_profile", 1, weight=71.0),
    )
    watch = came(data)
    assert watch.values("spo2") == [97.0]
    assert watch.values("rr") == [14.25]
    assert watch.values("vo2max") == [48.3]
    assert watch.columns("vo2max").quality.tolist() == [ESTIMATED]
    expected = {
        "no_reading": 1,
        "score_not_kept": 1,
        "beats_not_kept": 3,
        "goal_not_measured": 1,
        "profile": 1,
        "not_a_measurement": 1,
    }
    assert watch.odd == {("not_followed", why): count for why, count in expected.items()}


def test_big_endian_and_short_headers_are_read() -> None:
    rows = [message("record", 1, big=True, timestamp=NOON + one, heart_rate=80) for one in range(3)]
    assert came(fit(file_id(), *rows, header=12)).values("hr") == [80.0] * 3


def test_files_one_after_the_other_are_each_read() -> None:
    data = ride(10) + ride(5) + fit(file_id())
    assert len(came(data).values("hr")) == 15
    broken = bytearray(data)
    broken[30] ^= 0xFF
    both = came(bytes(broken))
    assert len(both.values("hr")) == 15
    assert both.odd["refused", "checksum_wrong"] == 1


def test_a_wrong_checksum_costs_no_value() -> None:
    data = bytearray(ride(50))
    data[-1] ^= 0x55
    assert came(bytes(data)).counts == came(ride(50)).counts
    assert came(bytes(data)).odd["refused", "checksum_wrong"] == 1


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_file_cut_off_keeps_what_came_before(share: float) -> None:
    data = ride(200)
    cut = came(data[: int(len(data) * share)])
    assert len(cut.values("hr")) >= 200 * share * 0.9
    assert cut.odd["refused", "cut_short"] == 1
    assert set(cut.odd) - {("refused", "cut_short")} <= set(came(data).odd)


def test_a_recording_whose_length_was_never_written_is_read() -> None:
    data = bytearray(ride(40))
    data[4:8] = bytes(4)
    assert len(came(bytes(data)).values("hr")) == 40


def test_a_broken_magic_word_loses_nothing_else() -> None:
    data = bytearray(ride(40))
    data[8:12] = b".GIT"
    assert FORMAT.recognises(bytes(data), "a.fit")
    assert not FORMAT.recognises(bytes(data), "a.csv")
    assert len(came(bytes(data)).values("hr")) == 40
    assert came(bytes(data)).odd["refused", "header_damaged"] == 1


@pytest.mark.parametrize("block", [bytes(24), b"\xff" * 24, random.Random(4).randbytes(24)])
def test_damage_in_the_middle_loses_only_what_is_damaged(block: bytes, shared_data: Path) -> None:
    whole = (shared_data / "wearable/garmin-fit/sample-activity.fit").read_bytes()
    data = bytearray(whole)
    middle = len(data) // 2
    data[middle : middle + len(block)] = block
    before, after = came(whole), came(bytes(data))
    assert len(after.values("hr")) >= len(before.values("hr")) - 8
    assert set(after.values("hr")) <= {*before.values("hr"), *map(float, block)}
    assert after.odd["refused", "checksum_wrong"] == 1


def test_a_file_beyond_all_measure_is_refused() -> None:
    odd = came(ride(5) + bytes(33_000_000)).odd
    assert odd == {("refused", "too_large"): 1}


KNOWN = {
    "2013-02-06-12-11-14": {"hr": 590, "distance": 590},
    "2019-02-17-062644-ELEMNT-297E-195-0": {"hr": 13402, "distance": 13425},
    "Edge810-Vector-2013-08-16-15-35-10": {"hr": 4671},
    "MonitoringFile": {"steps": 81},
    "WeightScaleSingleUser": {"weight": 2, "body_fat": 2},
    "activity-activity-filecrc": {"distance": 28, "workout": 2},
    "activity-settings-corruptheader": {"distance": 14, "workout": 1},
    "activity-small-fenix2-run": {"hr": 2808},
    "garmin-edge-500-activity": {"hr": 10686},
    "nick": {"hr": 14387},
}
METRES = {
    "2013-02-06-12-11-14": 4835.38, "2015-10-13-08-43-15": 11536.43, "garmin-edge-500-activity": 92622.34,
    "sample-activity": 88797.21, "garmin-fenix-5-run": 157.56, "Activity": 5.73, "developer-types-sample": 6753.99,
}  # fmt: skip
"""What the session of each file says was covered."""


def test_every_recorded_file_is_read_and_accounted_for(shared_data: Path) -> None:
    files = sorted((shared_data / "wearable/garmin-fit").glob("*.fit"))
    assert len(files) == 29
    for path in files:
        assert FORMAT.recognises(path.read_bytes()[:65_536], "whatever"), path.name
        one = Came(FORMAT, of_path(path))
        assert one.entries > 0
        for signal, count in KNOWN.get(path.stem, {}).items():
            assert len(one.values(signal)) == count, path.name
        if path.stem in METRES:
            assert one.columns("distance").value.sum() == pytest.approx(METRES[path.stem]), path.name
        values = [batch.columns.value for batch in one.samples]
        assert all(np.isfinite(column).all() for column in values)


def test_the_steps_of_the_recorded_day_add_up_to_what_its_counters_say(shared_data: Path) -> None:
    recorded = Came(FORMAT, of_path(shared_data / "wearable/garmin-fit/MonitoringFile.fit"))
    steps = recorded.columns("steps")
    assert steps.value.sum() == 3173.0
    assert set(steps.offset.tolist()) == {-360}


def test_damage_never_raises(shared_data: Path) -> None:
    recorded = [(shared_data / f"wearable/garmin-fit/{name}.fit").read_bytes() for name in ("Activity", "WeightScaleSingleUser")]
    check_damage(FORMAT, [ride(20), day(MIDNIGHT, 0, (60, "walking", 5)), *recorded], lambda _: "a.fit", 200)


@given(st.binary(max_size=300))
def test_any_body_under_a_valid_header_is_survived(body: bytes) -> None:
    head = b"\x0c\x20\x5c\x08" + len(body).to_bytes(4, "little") + b".FIT"
    whole = head + body
    survives(FORMAT, whole + compute_crc(whole).to_bytes(2, "little"), "a.fit")
    survives(FORMAT, whole, "a.fit")
