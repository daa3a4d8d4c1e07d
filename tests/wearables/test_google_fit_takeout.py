"""This is the place where reading Google Fit's JSON is tested: recorded answers of its interface, a Takeout by its documented form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.samples import MANUAL, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.google_fit_takeout import FORMAT
from core.sources.wearables.google_fit_types import device_of
from core.sources.wearables.registry import formats
from tests.wearables.csv_given import Came, at, member, of_path
from tests.wearables.json_given import came, check_json_damage

SECOND = 10**9
MERGED = "derived:com.google.{}:com.google.android.gms:merge_{}"


@pytest.fixture
def fixtures(shared_data: Path) -> Path:
    return shared_data / "wearable" / "openmhealth-shimmer-fixtures" / "googlefit"


def read(fixtures: Path, name: str) -> Came:
    return Came(FORMAT, of_path(fixtures / "mapper" / f"googlefit-{name}.json"))


def point(
    name: str, *values: dict[str, Any], start: Any = "1619856000000000000", end: Any = "1619856060000000000", origin: str = ""
) -> dict[str, Any]:
    return {
        "fitValue": [{"value": value} for value in values], "originDataSourceId": origin, "startTimeNanos": start, "endTimeNanos": end,
        "dataTypeName": f"com.google.{name}", "rawTimestampNanos": 0,
    }  # fmt: skip


def takeout(source: str, *points: Any) -> dict[str, Any]:
    return {"Data Source": source, "Data Points": list(points)}


STEPS = takeout(
    "raw:com.google.step_count.delta:com.xiaomi.hm.health:Xiaomi:Mi Band:abc:",
    *(point("step_count.delta", {"intVal": n}) for n in range(9)),
)
SLEEP = takeout(MERGED.format("sleep.segment", "sleep_segments"), *(point("sleep.segment", {"intVal": n}) for n in range(8)))
SESSION = {
    "fitnessActivity": "running", "startTime": "2021-05-01T08:00:00.000+05:30", "endTime": "2021-05-01T08:30:00.000+05:30", "duration": "1800s",
    "aggregate": [{"metricName": "com.google.step_count.delta", "intValue": 3000}], "application": {"packageName": "com.strava"},
}  # fmt: skip
NIGHT = {
    "fitnessActivity": "sleep", "startTime": "2019-06-10T20:06:00Z", "endTime": "2019-06-11T04:48:00Z",
    "segment": [
        {"fitnessActivity": "sleep.light", "startTime": "2019-06-10T20:06:00Z", "endTime": "2019-06-11T00:06:00Z"},
        {"fitnessActivity": "sleep.awake", "startTime": "2019-06-11T00:06:00Z", "endTime": "2019-06-11T00:36:00Z"},
        {"fitnessActivity": "sleep.deep", "startTime": "2019-06-11T00:36:00Z", "endTime": "2019-06-11T04:48:00Z"},
    ],
}  # fmt: skip


def test_every_recorded_answer_is_recognised(fixtures: Path) -> None:
    for path in fixtures.rglob("*.json"):
        head = path.read_bytes()
        assert next(one.key for one in formats() if one.recognises(head, path.name)) == "google_fit_takeout"
    assert read(fixtures, "empty").entries == 0


def test_recorded_steps_weights_heights_and_hearts(fixtures: Path) -> None:
    steps = read(fixtures, "merge-step-deltas")
    columns = steps.columns("steps", "")
    assert columns.value.tolist() == [4146.0, 0.0, 17.0, 184.0]
    assert columns.quality.tolist() == [0, MANUAL, 0, MANUAL]
    assert (columns.start[0], columns.end[0], set(columns.offset.tolist())) == (
        1422917379811000000,
        1422919520811000000,
        {UTC_ONLY},
    )
    assert steps.devices == {"Google Fit"}
    assert read(fixtures, "merge-weight").values("weight") == pytest.approx([72.0999984741211, 72.0, 75.75070190429688])
    assert read(fixtures, "merge-height").values("height") == pytest.approx([182.8799, 182.88], abs=1e-3)
    assert read(fixtures, "merge-heart-rate").values("hr") == [54.0, 58.0]
    assert read(fixtures, "merge-calories-expended").values("energy_total") == pytest.approx([200.0, 1672.506, 4.2215], abs=1e-3)


def test_recorded_places_and_speeds_are_counted_only(fixtures: Path) -> None:
    assert read(fixtures, "merge-location-samples").odd == {("not_followed", "workout_route"): 2}
    assert read(fixtures, "merge-speed").odd == {("not_followed", "signal_not_kept"): 2}


def test_standing_still_is_nothing_and_sleep_is_sleep(fixtures: Path) -> None:
    assert read(fixtures, "merge-activity-segments-only-stationary-activity").odd == {("not_followed", "not_a_measurement"): 1}
    assert read(fixtures, "merge-activity-segments-only-sleep").values("sleep_stage") == [SLEEP_STAGES.index("asleep")]
    kinds = read(fixtures, "merge-activity-segments").values("workout")
    assert [WORKOUTS[int(kind)] for kind in kinds] == ["walking", "other", "running"]


def test_a_takeout_stream_is_its_device_s() -> None:
    found = came(FORMAT, STEPS)
    assert (found.values("steps"), found.devices) == ([float(n) for n in range(9)], {"Xiaomi Mi Band"})
    numbers = came(
        FORMAT, takeout("", point("step_count.delta", {"intVal": 5}, start=1619856000000000000, end=1619856060000000000))
    )
    assert (numbers.values("steps"), numbers.devices) == ([5.0], {"Google Fit"})


@pytest.mark.parametrize(("source", "device"), [
    ("derived:com.google.step_count.delta:com.google.android.gms:merge_step_deltas", "Google Fit"),
    ("derived:com.google.step_count.delta:com.google.android.gms:estimated_steps", "Google Fit (estimated_steps)"),
    ("derived:com.google.step_count.cumulative:com.google.android.gms:samsung:Galaxy Nexus:32b1bd9e:soft_step_counter", "samsung Galaxy Nexus"),
    ("raw:com.google.weight:com.google.android.apps.fitness:user_input", "Google Fit"),
    ("raw:com.google.heart_rate.bpm:com.azumio.instantheartrate.full:", "com.azumio.instantheartrate.full"),
    ("", "Google Fit"),
])  # fmt: skip
def test_what_google_merged_and_what_devices_counted_are_told_apart(source: str, device: str) -> None:
    assert device_of(source) == device


def test_sleep_segments_are_stages() -> None:
    found = came(FORMAT, SLEEP)
    assert [SLEEP_STAGES[int(value)] for value in found.values("sleep_stage")] == [
        "awake",
        "asleep",
        "awake",
        "light",
        "deep",
        "rem",
    ]
    assert found.odd == {("not_followed", "unknown_type"): 2}


def test_pressure_has_two_values_at_one_time_and_glucose_is_molar() -> None:
    found = came(
        FORMAT,
        takeout("x", point("blood_pressure", {"fpVal": 121}, {"fpVal": 79}), point("blood_glucose", {"fpVal": 5.5}, {"intVal": 1})),
    )
    assert (found.values("sbp"), found.values("dbp")) == ([121.0], [79.0])
    assert found.columns("sbp").start[0] == found.columns("dbp").start[0]
    assert found.values("glucose") == pytest.approx([5.5 * 18.0182])


def test_a_session_is_a_workout_and_its_sums_are_parts() -> None:
    found = came(FORMAT, SESSION)
    one = found.columns("workout")
    assert (WORKOUTS[int(one.value[0])], one.start[0], one.offset[0]) == ("running", at("2021-05-01T02:30"), 330)
    assert (found.devices, found.odd) == ({"Strava"}, {("not_followed", "part_of_another"): 1})


def test_a_night_is_the_sum_of_its_sleep_and_not_its_span() -> None:
    found = came(FORMAT, NIGHT)
    assert found.values("sleep", "1d") == [pytest.approx(8.2)]
    assert len(found.columns("sleep_stage")) == 3


def test_bad_points_lose_themselves() -> None:
    points = [
        point("step_count.delta", {"intVal": 5}), point("step_count.delta"), point("step_count.delta", {"intVal": "x"}), point("steps.of.mars", {"intVal": 1}),
        point("step_count.delta", {"intVal": 5}, start="x"), point("heart_rate.summary", {"fpVal": 5}), point("weight", {"fpVal": 0}), None,
        point("step_count.delta", {"intVal": 5}, end="1"),
    ]  # fmt: skip
    found = came(FORMAT, takeout("x", *points))
    assert found.values("steps") == [5.0]
    assert found.odd == {
        ("refused", "value_missing"): 1, ("refused", "not_a_number"): 1, ("not_followed", "unknown_type"): 1, ("refused", "time_invalid"): 1,
        ("not_followed", "summary_of_others"): 1, ("not_followed", "no_reading"): 1, ("refused", "entry_not_an_object"): 1,
        ("refused", "ends_before_start"): 1,
    }  # fmt: skip


def test_a_cut_stream_keeps_what_came_before() -> None:
    text = json.dumps(STEPS)
    found = Came(FORMAT, member(text[:-60]))
    assert found.values("steps") == [float(n) for n in range(8)]
    assert found.odd == {("refused", "cut_short"): 1}


def test_damage_raises_nothing() -> None:
    check_json_damage(FORMAT, [STEPS, SLEEP, SESSION, NIGHT], count=400)
