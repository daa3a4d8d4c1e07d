"""This is the place where reading saved answers of vendors' interfaces is tested, on the recorded ones of shimmer and on cases of ours."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.domain.samples import FLOATING, MANUAL, UNSURE, UTC_ONLY
from core.domain.signals_table import RHYTHM_FLAGS, SLEEP_STAGES, WORKOUTS
from core.sources.wearables.form import HEAD_BYTES
from core.sources.wearables.registry import formats
from core.sources.wearables.vendor_api import FORMAT
from tests.wearables.csv_given import Came, at, member, of_path
from tests.wearables.json_given import came, check_json_damage

VENDORS = ("fitbit", "ihealth", "jawbone", "misfit", "moves", "runkeeper", "withings")
EMPTY = (
    "ihealth/mapper/ihealth-weight-empty", "ihealth/mapper/ihealth-bp-empty", "ihealth/mapper/ihealth-glucose-empty",
    "ihealth/mapper/ihealth-spo2-empty", "ihealth/mapper/ihealth-sleep-empty", "ihealth/mapper/ihealth-sport-empty",
    "ihealth/mapper/ihealth-activity-empty", "jawbone/mapper/jawbone-empty", "fitbit/mapper/fitbit-sleep-date-range-empty-sleep-list",
)  # fmt: skip
MINUTE = 60 * 10**9


@pytest.fixture
def fixtures(shared_data: Path) -> Path:
    return shared_data / "wearable" / "openmhealth-shimmer-fixtures"


def read(fixtures: Path, name: str) -> Came:
    path = next(fixtures.rglob(f"{name}.json"))
    return Came(FORMAT, of_path(path))


def test_every_recorded_answer_is_recognised_by_this_format_and_by_no_other(fixtures: Path) -> None:
    paths = [path for vendor in VENDORS for path in (fixtures / vendor).rglob("*.json")]
    assert len(paths) > 40
    for path in paths:
        head = path.read_bytes()[:HEAD_BYTES]
        asked = [one.key for one in formats() if one.recognises(head, path.name)]
        assert asked[0] == "vendor_api", (path.name, asked)
        assert Came(FORMAT, of_path(path)).odd.get(("refused", "not_json")) is None


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_list_is_an_empty_parse(fixtures: Path, name: str) -> None:
    found = Came(FORMAT, of_path(fixtures / f"{name}.json"))
    assert (found.entries, found.samples) == (0, [])


def test_ihealth_dates_are_the_local_clock_counted_since_1970(fixtures: Path) -> None:
    pressure = read(fixtures, "ihealth-bp")
    assert pressure.values("sbp") == [120.0, 130.0]
    assert pressure.values("dbp") == [90.0, 95.0]
    systolic, diastolic = pressure.columns("sbp"), pressure.columns("dbp")
    assert systolic.start.tolist() == diastolic.start.tolist() == [at("2015-09-17T20:04:23"), at("2015-09-17T20:07:45")]
    assert systolic.offset.tolist() == [-480, -360]
    assert systolic.quality.tolist() == [0, MANUAL]


def test_ihealth_zero_is_no_reading_but_no_steps_are_no_steps(fixtures: Path) -> None:
    assert read(fixtures, "ihealth-bp-no-heart-rate").odd == {("not_followed", "no_reading"): 1}
    assert read(fixtures, "ihealth-spo2-no-oxygen-saturation").odd == {("not_followed", "no_reading"): 2}
    assert read(fixtures, "ihealth-activity-no-steps").values("steps") == [0.0]
    days = read(fixtures, "ihealth-activity").columns("steps", "1d")
    assert (days.start[0], days.end[0] - days.start[0], days.offset[0]) == (at("2015-11-16"), 1440 * MINUTE, FLOATING)
    assert read(fixtures, "ihealth-sleep").values("sleep", "1d") == pytest.approx([5.75, 3.25, 355 / 60])


def _answer(**fields: Any) -> dict[str, Any]:
    one = {"MDate": 1442491463, "TimeZone": "+0530", "DataSource": "FromDevice", "HP": 16, "LP": 10, "BG": 5, "WeightValue": 10}
    return {"BPDataList": [one], "BGDataList": [one], "WeightDataList": [one], **fields}


def test_ihealth_units_are_the_answer_s_own_and_never_guessed() -> None:
    found = came(FORMAT, _answer(BPUnit=1, BGUnit=1, WeightUnit=1))
    assert found.values("sbp") == pytest.approx([16 * 7.500617])
    assert found.values("glucose") == pytest.approx([90.091])
    assert found.values("weight") == pytest.approx([4.5359237])
    assert came(FORMAT, _answer(WeightUnit=2)).values("weight") == pytest.approx([63.5029318])
    assert came(FORMAT, _answer()).odd == {("quarantined", "unit_missing"): 4}
    assert came(FORMAT, _answer(BPUnit=7, BGUnit="mg", WeightUnit=True)).odd == {("quarantined", "unit_unknown"): 4}


def test_ihealth_an_irregular_pulse_is_the_vendor_s_finding() -> None:
    one = {"MDate": 1442491463, "TimeZone": "+0000", "HP": 120, "LP": 80, "HR": 60, "IsArr": 1}
    found = came(FORMAT, {"BPDataList": [one, {**one, "IsArr": -1}, {**one, "IsArr": 0}], "BPUnit": 0})
    assert found.values("rhythm_flag") == [RHYTHM_FLAGS.index("irregular")]


def test_withings_goals_are_counted_and_never_weights(fixtures: Path) -> None:
    goal = read(fixtures, "withings-body-measures-only-goal")
    assert (goal.samples, goal.odd) == ([], {("not_followed", "goal_not_measured"): 1})
    body = read(fixtures, "withings-body-measures")
    assert body.values("weight") == [74.126, 74.128]
    assert (body.values("sbp"), body.values("dbp"), body.values("hr")) == ([104.0], [68.0], [41.0, 51.0, 47.0])
    assert (body.values("height"), body.values("temp")) == ([pytest.approx(193.0)], [37.0])
    assert body.columns("hr").quality.tolist() == [0, MANUAL, MANUAL]
    assert (body.columns("weight").start[0], set(body.columns("hr").offset.tolist())) == (1433052383 * 10**9, {-420, -480})


def test_withings_a_measure_that_may_be_another_s_waits_to_be_looked_at() -> None:
    group = {"category": 1, "attrib": 1, "date": 1433052383, "measures": [{"type": 1, "unit": -3, "value": 70000}]}
    groups = [group, {**group, "attrib": 4}, {**group, "category": None}]
    found = came(FORMAT, {"status": 0, "body": {"measuregrps": groups}})
    assert found.odd == {("quarantined", "owner_unclear"): 1, ("quarantined", "unclear"): 1}
    assert found.columns("weight").quality.tolist() == [MANUAL | UNSURE]


def test_withings_days_minutes_and_nights(fixtures: Path) -> None:
    days = read(fixtures, "withings-activity-measures")
    assert days.values("steps", "1d") == [2934.0, 2600.0, 5458.0, 1798.0]
    assert days.values("active_minutes", "1d") == [9.0, 9.0, 19.0, 6.0]
    minutes = read(fixtures, "withings-intraday-activity").columns("steps")
    assert (minutes.value.sum(), set((minutes.end - minutes.start).tolist()), set(minutes.offset.tolist())) == (
        162.0,
        {MINUTE},
        {UTC_ONLY},
    )
    nights = read(fixtures, "withings-sleep-summary").columns("sleep")
    assert nights.value.tolist() == pytest.approx([3.1, 8.25])
    assert nights.offset.tolist() == [60, 60]
    stages = read(fixtures, "withings-sleep-measures").values("sleep_stage")
    assert [SLEEP_STAGES[int(stage)] for stage in stages] == ["awake", "light", "rem"]


def test_jawbone_body_nights_and_moves(fixtures: Path) -> None:
    body = read(fixtures, "jawbone-body-events")
    assert (body.values("weight"), body.values("body_fat"), body.values("bmi")) == ([64.0, 74.5, 74.8], [10.5], [23.0, 22.0])
    assert body.columns("weight").offset.tolist() == [-360, -360, UTC_ONLY]
    assert body.odd == {("not_followed", "no_reading"): 2}
    moves = read(fixtures, "jawbone-moves")
    assert moves.values("steps", "1d") == [197.0, 593.0, 0.0]
    assert sum(moves.values("steps", "1h")) == 197 + 593
    assert moves.columns("steps", "1h").start[0] == at("2015-08-10T09:00")
    assert read(fixtures, "jawbone-sleeps").values("sleep") == pytest.approx([(11384 - 1028) / 3600, 7.75])
    assert read(fixtures, "jawbone-heartrates").values("rhr", "1d") == [55.0]
    workouts = read(fixtures, "jawbone-workouts").values("workout")
    assert [WORKOUTS[int(kind)] for kind in workouts] == ["running", "cycling", "running"]


def test_misfit_miles_and_a_stage_outside_of_its_night(fixtures: Path) -> None:
    days = read(fixtures, "misfit-detailed-summaries")
    assert days.values("steps", "1d") == [26370.0, 3782.0, 9180.0]
    assert days.values("distance", "1d")[0] == pytest.approx(10.9969 * 1609.344)
    nights = read(fixtures, "misfit-sleeps")
    stages = nights.columns("sleep_stage")
    assert len(stages) == 13
    assert int((stages.end - stages.start).sum()) == 11580 * 10**9
    assert nights.odd == {("refused", "time_invalid"): 1}
    awake = (stages.end - stages.start)[stages.value == SLEEP_STAGES.index("awake")].sum()
    assert nights.values("sleep") == [pytest.approx((11580 * 10**9 - int(awake)) / 3.6e12)]


def test_moves_leaves_out_the_vehicles_and_what_has_no_time(fixtures: Path) -> None:
    found = read(fixtures, "moves-user-activities-daily")
    assert found.values("steps", "1d") == [3636.0]
    assert found.values("distance", "1d") == [3333.0]
    steps = found.columns("steps", "")
    assert (steps.value.sum(), steps.start[0], steps.offset[0]) == (1353 + 488 + 37 + 441 + 1257, at("2012-12-12T05:14:30"), 120)
    assert found.odd["quarantined", "time_unclear"] == 5
    assert found.odd["not_followed", "not_a_measurement"] == 2
    assert read(fixtures, "moves-user-storyline-daily-no-segments").entries == 2


def test_runkeeper_without_an_offset_floats(fixtures: Path) -> None:
    runs = read(fixtures, "runkeeper-fitness-activities").columns("distance")
    assert (runs.start[0], runs.offset.tolist()) == (at("2014-10-19T11:17:27"), [120, -360])
    assert runs.quality.tolist() == [0, MANUAL]
    lone = read(fixtures, "runkeeper-fitness-activities-missing-offset").columns("distance")
    assert (lone.start[0], lone.offset[0]) == (at("2010-01-24T10:00:36"), FLOATING)


def test_fitbit_a_day_without_its_date_is_not_placed(fixtures: Path) -> None:
    found = read(fixtures, "fitbit-activities-date-empty-activities-list")
    assert found.samples == []
    assert found.odd == {("not_followed", "goal_not_measured"): 4, ("quarantined", "time_unclear"): 17}


def test_fitbit_minutes_days_weights_and_nights(fixtures: Path) -> None:
    steps = read(fixtures, "fitbit-activities-steps-1d-1m-intraday")
    minutes = steps.columns("steps", "1min")
    assert minutes.start.tolist() == [at("2015-08-21T00:00"), at("2015-08-21T14:27"), at("2015-08-21T14:28")]
    assert (minutes.value.tolist(), set(minutes.offset.tolist())) == ([7.0, 0.0, 52.0], {FLOATING})
    assert steps.values("steps", "1d") == [3212.0]
    assert read(fixtures, "fitbit-activities-steps-timeseries").values("steps", "1d") == [175.0, 2937.0, 0.0]
    assert read(fixtures, "fitbit-activities-heart-1d-1m-intraday").values("hr", "1min") == [64.0, 63.0, 64.0, 65.0, 65.0]
    assert read(fixtures, "fitbit-body-log-weight").values("weight") == [56.7, 55.9, 58.1, 57.2]
    nights = read(fixtures, "fitbit-sleep-date")
    assert nights.values("sleep", "1d") == pytest.approx([63 / 60, 112 / 60])
    stages = nights.columns("sleep_stage")
    asleep = stages.value == SLEEP_STAGES.index("asleep")
    assert int((stages.end - stages.start)[asleep].sum()) == (63 + 112) * MINUTE


def test_several_answers_in_one_file_are_each_read() -> None:
    goal = {
        "status": 0,
        "body": {"measuregrps": [{"category": 2, "attrib": 0, "date": 1, "measures": [{"type": 1, "unit": 0, "value": 7}]}]},
    }
    weights = {"WeightDataList": [{"MDate": 1442491463, "TimeZone": "+0100", "WeightValue": 70}], "WeightUnit": 0}
    found = came(FORMAT, [weights, goal, {"x": 1}, 5])
    assert found.values("weight") == [70.0]
    assert found.odd == {
        ("not_followed", "goal_not_measured"): 1,
        ("not_followed", "unknown_type"): 1,
        ("refused", "entry_not_an_object"): 1,
    }
    lines = "\n".join(json.dumps(one) for one in (weights, goal))
    assert FORMAT.recognises(lines.encode(), "x")


def test_a_cut_answer_keeps_its_whole_entries_and_never_makes_a_weight_of_a_goal() -> None:
    groups = [
        {"date": 1433052383, "attrib": 0, "category": 1, "measures": [{"type": 1, "unit": 0, "value": 70 + n}]} for n in range(3)
    ]
    groups.append({"measures": [{"type": 1, "unit": 0, "value": 60}], "category": 2})  # type: ignore[dict-item]
    text = json.dumps({"status": 0, "body": {"measuregrps": groups}})
    found = Came(FORMAT, member(text[: text.index('"category": 2')], "x.json"))
    assert found.values("weight") == [70.0, 71.0, 72.0]
    assert found.odd == {("refused", "cut_short"): 1}


def test_damage_raises_nothing(fixtures: Path) -> None:
    seeds = [json.loads(path.read_text()) for vendor in VENDORS for path in sorted((fixtures / vendor).rglob("*.json"))]
    check_json_damage(FORMAT, seeds, count=400)
