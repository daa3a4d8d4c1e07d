"""This is the place where reading Oura's JSON is tested. No real export is at hand: cases by the documented interface."""

from __future__ import annotations

from typing import Any

import pytest

from core.domain.samples import FLOATING, MANUAL, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.oura_json import FORMAT
from core.sources.wearables.registry import formats
from tests.wearables.csv_given import at
from tests.wearables.json_given import came, check_json_damage, given

FIVE = 300 * 10**9
PERIOD = {
    "id": "a", "day": "2024-01-02", "type": "long_sleep", "bedtime_start": "2024-01-01T23:00:00+05:30", "bedtime_end": "2024-01-02T07:00:00+05:30",
    "total_sleep_duration": 27000, "deep_sleep_duration": 5400, "light_sleep_duration": 14400, "rem_sleep_duration": 7200,
    "average_heart_rate": 55.2, "average_hrv": 61, "average_breath": 14.5, "lowest_heart_rate": 47, "efficiency": 90, "sleep_phase_5_min": "44213",
    "heart_rate": {"interval": 300.0, "items": [None, 60.0, 58.0, 0], "timestamp": "2024-01-01T23:00:00.000+05:30"},
    "hrv": {"interval": 300.0, "items": [None, 50.0], "timestamp": "2024-01-01T23:00:00.000+05:30"},
}  # fmt: skip
ACTIVITY = {
    "id": "b", "day": "2024-03-31", "timestamp": "2024-03-31T04:00:00+02:00", "steps": 9000, "active_calories": 400, "total_calories": 2400,
    "sedentary_time": 36000, "medium_activity_time": 600, "high_activity_time": 60, "class_5_min": "00123450?1", "score": 88,
    "target_calories": 500, "target_meters": 9000, "equivalent_walking_distance": 8000, "met": {"interval": 60, "items": [0.9]},
}  # fmt: skip
READINESS = {"id": "c", "day": "2024-01-02", "score": 80, "temperature_deviation": -0.2, "contributors": {"hrv_balance": 70}}
HEARTS = [
    {"bpm": 60, "source": "awake", "timestamp": "2024-01-01T23:00:00.000Z"},
    {"bpm": 0, "source": "rest", "timestamp": "2024-01-01T23:05:00+00:00"},
]
OXYGEN = [{"day": "2024-01-02", "spo2_percentage": {"average": 96.5}}, {"day": "2024-01-03", "spo2_percentage": None}]
WORKOUT = {
    "activity": "cycling", "calories": 100, "day": "2024-01-01", "distance": 5000, "start_datetime": "2024-01-01T10:00:00+01:00",
    "end_datetime": "2024-01-01T10:30:00+01:00", "source": "manual", "intensity": "easy",
}  # fmt: skip
OLD = {
    "sleep": [{"summary_date": "2019-05-01", "bedtime_start": "2019-05-01T23:00:00+03:00", "bedtime_end": "2019-05-02T06:00:00+03:00", "total": 21600,
               "rem": 3600, "deep": 3600, "light": 14400, "hr_average": 52.5, "hr_lowest": 46, "rmssd": 44, "breath_average": 14, "score": 80,
               "temperature_delta": 0.1, "hypnogram_5min": "4231", "hr_5min": [0, 55], "rmssd_5min": [0, 45]}],
    "activity": [{"summary_date": "2019-05-01", "day_start": "2019-05-01T04:00:00+03:00", "steps": 7000, "cal_active": 300, "cal_total": 2200,
                  "inactive": 600, "medium": 20, "high": 5, "daily_movement": 5000, "class_5min": "1100"}],
    "readiness": [{"summary_date": "2019-05-01", "score": 70, "score_hrv_balance": 60}],
}  # fmt: skip
ACCOUNT = {
    "sleep": [PERIOD],
    "daily_activity": [ACTIVITY],
    "daily_readiness": [READINESS],
    "heartrate": HEARTS,
    "daily_spo2": OXYGEN,
    "workout": [WORKOUT],
}
SEEDS = [ACCOUNT, OLD, {"data": HEARTS, "next_token": None}, {"data": [PERIOD], "next_token": None}]


def page(*items: Any) -> dict[str, Any]:
    return {"data": list(items), "next_token": None}


def test_a_period_has_its_own_times_stages_and_lists() -> None:
    found = came(FORMAT, page(PERIOD))
    sleep = found.columns("sleep", "1d")
    assert (sleep.value[0], sleep.start[0], sleep.end[0], sleep.offset[0]) == (
        7.5,
        at("2024-01-01T17:30"),
        at("2024-01-02T01:30"),
        330,
    )
    assert (found.values("sleep_deep"), found.values("sleep_light"), found.values("sleep_rem")) == ([1.5], [4.0], [2.0])
    stages = found.columns("sleep_stage")
    assert [SLEEP_STAGES[int(one)] for one in stages.value] == ["awake", "awake", "light", "deep", "rem"]
    assert (stages.end - stages.start).tolist() == [FIVE] * 5
    heart = found.columns("hr", "5min")
    assert (heart.value.tolist(), heart.start[0]) == ([60.0, 58.0], at("2024-01-01T17:35"))
    assert (found.values("hrv_rmssd", "5min"), found.values("hrv_rmssd", "1d"), found.values("rhr", "1d")) == (
        [50.0],
        [61.0],
        [55.2],
    )
    assert found.odd == {("not_followed", "no_reading"): 1, ("not_followed", "signal_not_kept"): 2}


def test_a_day_of_activity_is_local_its_targets_are_goals_and_the_ring_was_off() -> None:
    found = came(FORMAT, page(ACTIVITY))
    steps = found.columns("steps", "1d")
    assert (steps.value[0], steps.start[0], steps.end[0], steps.offset[0]) == (9000.0, at("2024-03-31"), at("2024-04-01"), FLOATING)
    assert (found.values("active_minutes"), found.values("sedentary_minutes")) == ([11.0], [600.0])
    worn = found.columns("worn")
    assert worn.value.tolist() == [0.0, 1.0, 0.0, 1.0]
    assert ((worn.end - worn.start) // FIVE).tolist() == [2, 5, 1, 1]
    assert (worn.start[0], worn.start[-1]) == (at("2024-03-31T02:00"), at("2024-03-31T02:00") + 9 * FIVE)
    assert found.odd == {
        ("not_followed", "goal_not_measured"): 2,
        ("not_followed", "signal_not_kept"): 2,
        ("not_followed", "score_not_kept"): 1,
        ("not_followed", "part_of_another"): 1,
    }


def test_hearts_oxygen_readiness_and_workouts() -> None:
    found = came(FORMAT, ACCOUNT)
    hearts = found.columns("hr", "")
    assert (hearts.value.tolist(), hearts.offset.tolist()) == ([60.0], [UTC_ONLY])
    assert (found.values("spo2", "1d"), found.values("skin_temp_change", "1d")) == ([96.5], [-0.2])
    workout = found.columns("workout")
    assert (WORKOUTS[int(workout.value[0])], workout.quality[0], workout.offset[0]) == ("cycling", MANUAL, 60)


def test_heart_rates_of_the_day_are_utc_even_where_they_say_plus_nothing() -> None:
    found = came(FORMAT, page({"bpm": 61, "source": "awake", "timestamp": "2024-01-01T23:00:00+00:00"})).columns("hr", "")
    assert (found.start[0], found.offset[0]) == (at("2024-01-01T23:00"), UTC_ONLY)


def test_the_older_names_are_read_as_well() -> None:
    found = came(FORMAT, OLD)
    assert (found.values("sleep"), found.values("rhr"), found.values("rr")) == ([6.0], [52.5], [14.0])
    assert [SLEEP_STAGES[int(one)] for one in found.values("sleep_stage")] == ["awake", "light", "rem", "deep"]
    assert (found.values("hr", "5min"), found.values("hrv_rmssd", "5min")) == ([55.0], [45.0])
    assert (found.values("active_minutes"), found.values("sedentary_minutes"), found.values("worn")) == (
        [25.0],
        [600.0],
        [1.0, 0.0],
    )


def test_a_deleted_period_was_taken_back() -> None:
    assert came(FORMAT, page({**PERIOD, "type": "deleted"})).odd == {("not_followed", "taken_back"): 1}


def test_an_empty_answer_has_no_entries() -> None:
    assert came(FORMAT, page()).entries == 0


def test_one_object_alone_is_an_entry() -> None:
    assert came(FORMAT, {**PERIOD, "sleep": []}).values("sleep") == [7.5]


@pytest.mark.parametrize(
    "value", [{"resourceType": "Bundle", "data": HEARTS}, {"sleep": []}, {"data": [1]}, {"header": {}, "body": {"day": 1}}, []]
)
def test_other_json_is_not_ours(value: Any) -> None:
    with given(value).open() as stream:
        assert not FORMAT.recognises(stream.read(), "oura.json")


def test_no_other_format_is_asked_first() -> None:
    for value in SEEDS:
        with given(value).open() as stream:
            head = stream.read()
        assert next(one.key for one in formats() if one.recognises(head, "x.json")) == "oura_json"


def test_damage_raises_nothing() -> None:
    check_json_damage(FORMAT, SEEDS, count=400)
