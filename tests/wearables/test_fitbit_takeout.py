"""This is the place where reading the JSON of a Fitbit archive is tested: two recorded files, the others by their documented form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.samples import ESTIMATED, FLOATING, MANUAL, UNSURE, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.fitbit_takeout import FORMAT
from tests.wearables.csv_given import Came, at, member, of_path
from tests.wearables.json_given import came, check_json_damage

MINUTE = 60 * 10**9
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def minutes(*values: Any) -> list[dict[str, Any]]:
    return [{"dateTime": f"05/01/20 04:{n:02}:00", "value": value} for n, value in enumerate(values)]


BEATS = [{"dateTime": f"05/01/20 04:00:{n:02}", "value": {"bpm": 60 + n, "confidence": n % 4}} for n in range(8)]
RESTING = [
    {"dateTime": "02/28/24 00:00:00", "value": {"date": "02/28/24", "value": 52.25, "error": 6.7}},
    {"dateTime": "02/29/24 00:00:00", "value": {"date": None, "value": 0.0, "error": 0.0}},
    {"dateTime": "03/01/24 00:00:00", "value": {"date": None, "value": None, "error": None}},
]
NIGHT = {
    "logId": 3, "dateOfSleep": "2021-03-14", "startTime": "2021-03-13T23:50:30.000", "endTime": "2021-03-14T00:50:30.000", "duration": 3600000,
    "minutesAsleep": 50, "minutesAwake": 10, "timeInBed": 60, "efficiency": 92, "type": "stages", "mainSleep": True,
    "levels": {
        "summary": {"deep": {"minutes": 20}, "light": {"minutes": 20}, "rem": {"minutes": 10}, "wake": {"minutes": 10}},
        "data": [
            {"dateTime": "2021-03-13T23:50:30.000", "level": "wake", "seconds": 480},
            {"dateTime": "2021-03-13T23:58:30.000", "level": "light", "seconds": 1320},
            {"dateTime": "2021-03-14T00:20:30.000", "level": "deep", "seconds": 1200},
            {"dateTime": "2021-03-14T00:40:30.000", "level": "rem", "seconds": 600},
        ],
        "shortData": [{"dateTime": "2021-03-14T00:05:00.000", "level": "wake", "seconds": 120}],
    },
}  # fmt: skip
EXERCISE = {
    "logId": 2, "activityName": "Outdoor Bike", "activityTypeId": 90001, "averageHeartRate": 120, "calories": 300, "duration": 1638000,
    "steps": 20, "logType": "manual", "startTime": "05/01/20 18:10:04", "lastModified": "05/01/20 18:40:00",
}  # fmt: skip
WEIGHTS = [
    {"logId": 1431993599000, "weight": 191.8, "bmi": 27.77, "date": "05/18/15", "time": "23:59:59"},
    {"logId": 1499258640000, "weight": 193.9, "bmi": 28.08, "fat": 24.0, "date": "07/05/17", "time": "12:44:00", "source": "Web"},
    {"logId": 1499258640001, "weight": 80.0, "bmi": 24.69, "date": "07/06/17", "time": "12:44:00", "source": "Aria"},
]
SEEDS = [BEATS, minutes("0", "13", "7"), RESTING, [NIGHT], [EXERCISE], WEIGHTS]
NAMES = ("heart_rate-2020-05-01.json", "steps-2020-05-01.json", "demographic_vo2_max-2020-05-01.json", "x.json")


@pytest.mark.parametrize(("name", "first", "values"), [
    ("resting_heart_rate-2023-03-02.json", "2024-02-28", [52.26781178, 53.27277470]),
    ("resting_heart_rate-2024-03-01.json", "2024-03-01", [54.01231098, 55.06995296]),
])  # fmt: skip
def test_recorded_resting_heart_rates_are_of_local_days(shared_data: Path, name: str, first: str, values: list[float]) -> None:
    path = shared_data / "wearable" / "fitbit-takeout-rhr" / name
    assert FORMAT.recognises(path.read_bytes(), name)
    found = Came(FORMAT, of_path(path))
    days = found.columns("rhr", "1d")
    assert days.value.tolist() == pytest.approx(values)
    assert (days.start[0], days.end[0], set(days.offset.tolist())) == (at(first), at(first) + DAY, {FLOATING})
    assert found.entries == 2


def test_a_day_without_a_resting_heart_rate_is_no_zero() -> None:
    found = came(FORMAT, RESTING, "resting_heart_rate-2024-02-28.json")
    assert found.values("rhr") == [52.25]
    assert found.odd == {("not_followed", "no_reading"): 2}


def test_heart_rates_are_utc_and_a_guess_says_so() -> None:
    found = came(FORMAT, BEATS, "anything.json")
    beats = found.columns("hr", "")
    assert beats.value.tolist() == [60.0 + n for n in range(8)]
    assert (beats.start[0], set(beats.offset.tolist())) == (at("2020-05-01T04:00:00"), {UTC_ONLY})
    assert beats.quality.tolist() == [UNSURE, 0, 0, 0, UNSURE, 0, 0, 0]
    assert (beats.start == beats.end).all()
    assert came(FORMAT, [*BEATS, {"dateTime": "05/01/20 04:01:00", "value": {"bpm": 0, "confidence": 0}}], "x.json").odd == {
        ("not_followed", "no_reading"): 1
    }


@pytest.mark.parametrize(("name", "signal", "values"), [
    ("steps", "steps", [0.0, 13.0]), ("distance", "distance", [0.0, 0.13]), ("calories", "energy_total", [0.0, 13.0]),
])  # fmt: skip
def test_minutes_are_utc_in_our_units_by_the_name_of_the_file(name: str, signal: str, values: list[float]) -> None:
    found = came(FORMAT, minutes("0", "13"), f"Takeout/Fitbit/Global Export Data/{name}-2020-05-01.json")
    columns = found.columns(signal, "1min")
    assert columns.value.tolist() == pytest.approx(values)
    assert columns.start.tolist() == [at("2020-05-01T04:00"), at("2020-05-01T04:01")]
    assert (set((columns.end - columns.start).tolist()), set(columns.offset.tolist())) == ({MINUTE}, {UTC_ONLY})


def test_a_value_whose_file_has_another_name_is_not_guessed() -> None:
    assert came(FORMAT, minutes("1", "2"), "mystery-2020-05-01.json").odd == {("not_followed", "unknown_type"): 2}
    assert came(FORMAT, minutes("1"), "altitude-2020-05-01.json").odd == {("not_followed", "signal_not_kept"): 1}


def test_the_active_minutes_of_two_files_are_of_the_same_day_and_not_the_same_sample() -> None:
    day = [{"dateTime": "05/01/20 00:00:00", "value": "31"}]
    very = came(FORMAT, day, "very_active_minutes-2020-05-01.json").columns("active_minutes", "1d")
    fairly = came(FORMAT, day, "moderately_active_minutes-2020-05-01(1).json").columns("active_minutes", "1d")
    assert very.start[0] == fairly.start[0] == at("2020-05-01")
    assert very.end[0] != fairly.end[0]
    assert very.offset[0] == fairly.offset[0] == FLOATING
    assert came(FORMAT, day, "lightly_active_minutes-2020-05-01.json").samples == []


def test_vo2max_is_an_estimate() -> None:
    value = {
        "demographicVO2Max": 40.1,
        "demographicVO2MaxError": 3.0,
        "filteredDemographicVO2Max": 41.5,
        "filteredDemographicVO2MaxError": 2.0,
    }
    found = came(FORMAT, [{"dateTime": "05/01/20 00:00:00", "value": value}], "demographic_vo2_max-2020-05-01.json").columns(
        "vo2max", "1d"
    )
    assert (found.value[0], found.quality[0]) == (41.5, ESTIMATED)


def test_a_short_waking_is_cut_out_of_its_stage_and_the_night_adds_up() -> None:
    found = came(FORMAT, [NIGHT], "sleep-2021-03-14.json")
    stages = found.columns("sleep_stage")
    lasted = {
        name: int((stages.end - stages.start)[stages.value == SLEEP_STAGES.index(name)].sum())
        for name in ("awake", "light", "deep", "rem")
    }
    assert lasted == {"awake": 10 * MINUTE, "light": 20 * MINUTE, "deep": 20 * MINUTE, "rem": 10 * MINUTE}
    assert (stages.start.min(), stages.end.max(), set(stages.offset.tolist())) == (
        at("2021-03-13T23:50:30"),
        at("2021-03-14T00:50:30"),
        {FLOATING},
    )
    slept = found.columns("sleep", "1d")
    assert (slept.value[0], slept.start[0], slept.end[0]) == (
        pytest.approx(50 / 60),
        at("2021-03-13T23:50:30"),
        at("2021-03-14T00:50:30"),
    )
    assert found.values("sleep_deep") == [pytest.approx(1 / 3)]


def test_an_exercise_began_in_utc_and_repeats_what_minutes_say() -> None:
    found = came(FORMAT, [EXERCISE], "exercise-0.json")
    one = found.columns("workout")
    assert (WORKOUTS[int(one.value[0])], one.start[0], one.end[0] - one.start[0]) == (
        "cycling",
        at("2020-05-01T18:10:04"),
        1638 * 10**9,
    )
    assert (one.offset[0], one.quality[0]) == (UTC_ONLY, MANUAL)
    assert found.odd == {("not_followed", "part_of_another"): 3}


def test_weights_are_pounds_and_a_bmi_that_does_not_fit_says_so() -> None:
    found = came(FORMAT, WEIGHTS, "weight-2015-05-18.json")
    weights = found.columns("weight")
    assert weights.value.tolist() == pytest.approx([191.8 * 0.45359237, 193.9 * 0.45359237])
    assert (weights.start[0], set(weights.offset.tolist()), weights.quality.tolist()) == (
        at("2015-05-18T23:59:59"),
        {FLOATING},
        [0, MANUAL],
    )
    assert found.values("body_fat") == [24.0]
    assert found.values("bmi") == [27.77, 28.08, 24.69]
    assert found.odd == {("quarantined", "unit_doubtful"): 1}


def test_a_bad_element_loses_itself() -> None:
    rows = [*minutes("1", "2"), {"dateTime": "13/45/20 04:00:00", "value": "3"}, {"dateTime": "05/01/20 05:00:00", "value": "x"}, 7,
            {"dateTime": "05/01/20 05:01:00"}, {"dateTime": None, "value": 1}, {"dateTime": "05/01/20 06:00:00", "value": True}]  # fmt: skip
    found = came(FORMAT, rows, "steps-2020-05-01.json")
    assert found.values("steps") == [1.0, 2.0]
    assert found.odd == {
        ("refused", "time_invalid"): 2, ("refused", "not_a_number"): 2, ("refused", "entry_not_an_object"): 1, ("refused", "value_missing"): 1,
    }  # fmt: skip
    assert "steps-2020-05-01.json:[2]" in found.paths


def test_a_cut_file_keeps_what_came_before() -> None:
    text = json.dumps(minutes(*(str(n) for n in range(50))), indent=2)
    found = Came(FORMAT, member(text[:-40], "steps-2020-05-01.json"))
    assert found.values("steps") == [float(n) for n in range(49)]
    assert found.odd == {("refused", "cut_short"): 1}


def test_other_json_is_not_ours() -> None:
    for text in ('[{"resourceType":"Patient","dateTime":"05/01/20 04:00:00","value":1}]', '{"dateTime":"x","value":1}', "[1,2]", "[]", "", "x",
                 '[{"dateTime":"2020-05-01","value":"1"}]'):  # fmt: skip
        assert not FORMAT.recognises(text.encode(), "data.json")
    assert FORMAT.recognises(b"[ ]\n", "steps-2020-05-01.json")
    assert Came(FORMAT, member("[ ]\n", "steps-2020-05-01.json")).entries == 0


def test_damage_raises_nothing() -> None:
    check_json_damage(FORMAT, SEEDS, lambda n: NAMES[n % len(NAMES)], 400)
