"""This is the place where reading Open mHealth and IEEE 1752.1 is tested, on the examples of the schemas and on points of ours."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.samples import ABOVE, BELOW, FLOATING, MANUAL, UTC_ONLY
from core.domain.signals_table import SLEEP_STAGES, WORKOUTS
from core.sources.wearables.form import HEAD_BYTES
from core.sources.wearables.openmhealth import FORMAT
from core.sources.wearables.openmhealth_table import MEASURES
from core.sources.wearables.registry import formats
from tests.wearables.csv_given import Came, at, member, of_path, survives
from tests.wearables.json_given import came, check_json_damage

HOUR = 3600 * 10**9
AT = "2026-03-01T08:00:00+05:30"
NIGHT = {"start_date_time": "2026-03-28T23:30:00+01:00", "end_date_time": "2026-03-29T07:30:00+02:00"}


def frame(time: Any) -> dict[str, Any]:
    return {"date_time": time} if isinstance(time, str) else {"time_interval": time}


def body(name: str, value: Any, unit: str | None = None, time: Any = AT, **more: Any) -> dict[str, Any]:
    said = value if unit is None else {"value": value, "unit": unit}
    return {name: said, **({} if time is None else {"effective_time_frame": frame(time)}), **more}


def point(inner: Any, name: str = "heart-rate", space: str = "omh", **header: Any) -> dict[str, Any]:
    schema = {"namespace": space, "name": name, "version": "1.0"}
    return {"header": {"id": "a1", "creation_date_time": "2030-01-01T00:00:00Z", "schema_id": schema, **header}, "body": inner}


RATE = body("heart_rate", 62, "beats/min")
PRESSURE = {
    "diastolic_blood_pressure": {"value": 78, "unit": "mmHg"}, "systolic_blood_pressure": {"value": 121, "unit": "mmHg"},
    "effective_time_frame": frame(AT), "body_posture": "sitting",
}  # fmt: skip
WALK = {
    "activity_name": "walking", "distance": {"value": 1.5, "unit": "mi"}, "kcal_burned": {"value": 160, "unit": "kcal"},
    "base_movement_quantity": {"value": 3000, "unit": "steps"}, "duration": {"value": 1, "unit": "h"}, "met_value": 3.5,
    "duration_moderate_activity": {"value": 1800, "unit": "sec"}, "duration_vigorous_activity": {"value": 10, "unit": "min"},
    "effective_time_frame": frame({"start_date_time": AT, "duration": {"value": 1, "unit": "h"}}),
}  # fmt: skip
STAGES = {
    "sleep_stage_episodes": [
        {"sleep_stage_state": "Light_sleep", "sleep_stage_time_frame": frame({"start_date_time": NIGHT["start_date_time"], "duration": {"value": 30, "unit": "min"}})},
        {"sleep_stage_state": "REM", "sleep_stage_time_frame": frame({"duration": {"value": 2, "unit": "h"}, "end_date_time": NIGHT["end_date_time"]})},
        {"sleep_stage_state": "unknown", "sleep_stage_time_frame": frame(NIGHT)}, {"sleep_stage_state": "dozing", "sleep_stage_time_frame": frame(NIGHT)},
    ],
    "sleep_stage_summary": {"total_sleep_time": {"value": 27000, "unit": "sec"}, "deep_sleep_duration": {"value": 90, "unit": "min"}},
    "effective_time_frame": frame(NIGHT), "is_main_sleep": True, "number_of_awakenings": 3,
}  # fmt: skip


def odd(found: Came) -> dict[tuple[str, str], int]:
    return dict(found.odd)


def test_a_data_point_is_one_sample_at_its_own_time_and_offset() -> None:
    found = came(FORMAT, point(RATE))
    rate = found.columns("hr")
    assert (rate.value.tolist(), rate.start.tolist(), rate.end.tolist(), rate.offset.tolist()) == (
        [62.0],
        [at("2026-03-01T02:30")],
        [at("2026-03-01T02:30")],
        [330],
    )
    assert (found.entries, found.devices) == (1, {""})
    assert came(FORMAT, point(body("heart_rate", 62, "beats/min", "2026-03-01T08:00:00.250Z"))).columns("hr").offset.tolist() == [
        UTC_ONLY
    ]
    assert came(FORMAT, point(body("heart_rate", 62, "beats/min", "2026-03-01T08:00:00"))).columns("hr").offset.tolist() == [
        FLOATING
    ]


def test_who_by_what_and_whether_it_was_typed_stand_in_the_header() -> None:
    provenance = {"source_name": "Withings", "modality": "self-reported"}
    found = came(
        FORMAT,
        [
            point(RATE, user_id="u7", acquisition_provenance=provenance),
            point(RATE, patient_id=1001, modality="sensed"),
            point(RATE, modality="self-reported"),
        ],
    )
    assert [(one.device, one.subject, one.columns.quality.tolist()) for one in found.samples] == [
        ("Withings", "u7", [MANUAL]), ("", "1001", [0]), ("", "", [MANUAL]),
    ]  # fmt: skip
    (tally,) = Came(FORMAT, member(json.dumps(point(body("heart_rate", 60, "bpm"), user_id="u7")))).tallies
    assert (tally.subject, tally.outcome, tally.why) == ("u7", "quarantined", "unit_unknown")


def test_the_two_halves_of_a_blood_pressure_are_taken_by_name_and_together() -> None:
    found = came(FORMAT, PRESSURE)
    assert (found.values("sbp"), found.values("dbp"), found.entries) == ([121.0], [78.0], 2)
    assert found.columns("sbp").start.tolist() == found.columns("dbp").start.tolist()
    assert odd(came(FORMAT, {**PRESSURE, "systolic_blood_pressure": {"value": 121, "unit": "kPa"}})) == {
        ("quarantined", "unit_unknown"): 1, ("quarantined", "part_unreadable"): 1,
    }  # fmt: skip
    half = {name: value for name, value in PRESSURE.items() if name != "systolic_blood_pressure"}
    assert odd(came(FORMAT, half)) == {("quarantined", "part_missing"): 1}


@pytest.mark.parametrize(
    ("name", "value", "unit", "signal", "expected"),
    [
        ("body_temperature", 97.7, "F", "temp", 36.5), ("body_temperature", 310.15, "K", "temp", 37.0), ("body_temperature", 36.6, "C", "temp", 36.6),
        ("body_weight", 150, "lb", "weight", 68.0388555), ("body_weight", 61500, "g", "weight", 61.5), ("body_weight", 2240, "oz", "weight", 63.5029318),
        ("body_weight", 1_000_000, "gr", "weight", 64.79891), ("body_weight", 0.07, "Tonne", "weight", 70.0), ("body_weight", 7e7, "mg", "weight", 70.0),
        ("body_height", 1.8, "m", "height", 180.0), ("body_height", 70, "in", "height", 177.8), ("body_height", 6, "ft", "height", 182.88),
        ("body_mass_index", 22, "kg/m2", "bmi", 22.0), ("body_mass_index", 22, "kg/m^2", "bmi", 22.0), ("body_fat_percentage", 16, "%", "body_fat", 16.0),
        ("blood_glucose", 5.5, "mmol/L", "glucose", 99.1001), ("blood_glucose", 120, "mg/dL", "glucose", 120.0), ("oxygen_saturation", 97, "%", "spo2", 97.0),
        ("respiratory_rate", 14, "breaths/min", "rr", 14.0), ("pain", 6, "score", "pain", 6.0), ("waist_circumference", 0.5, "yd", "waist", 45.72),
    ],
)  # fmt: skip
def test_every_unit_of_a_schema_is_read_into_ours(name: str, value: float, unit: str, signal: str, expected: float) -> None:
    assert came(FORMAT, body(name, value, unit)).values(signal) == [pytest.approx(expected)]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"value": 50, "unit": "km"}, ("quarantined", "unit_unfit")), ({"value": 50, "unit": "kilos"}, ("quarantined", "unit_unknown")),
        ({"value": 50}, ("quarantined", "unit_missing")), ({"value": 50, "unit": 5}, ("quarantined", "unit_unknown")),
        ({"unit": "kg"}, ("refused", "value_missing")), ({"value": "50", "unit": "kg"}, ("refused", "not_a_number")),
        ({"value": True, "unit": "kg"}, ("refused", "not_a_number")), (50, ("refused", "wrong_kind_of_value")), ("50 kg", ("refused", "wrong_kind_of_value")),
        ({"value": 0, "unit": "kg"}, ("not_followed", "no_reading")), ({"value": "", "unit": "kg"}, ("not_followed", "no_reading")),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_read_says_why(said: Any, outcome: tuple[str, str]) -> None:
    assert odd(came(FORMAT, body("body_weight", said))) == {outcome: 1}


@pytest.mark.parametrize(
    ("time", "outcome"),
    [
        (None, ("refused", "time_missing")), ({"date": "2026-02-05", "part_of_day": "morning"}, ("quarantined", "time_unclear")),
        ("2026-02-05", ("quarantined", "time_unclear")), ("2026-02-30T08:00:00Z", ("refused", "time_invalid")), ({"start_date_time": AT}, ("refused", "time_invalid")),
        ({"start_date_time": AT, "duration": {"value": 1, "unit": "Mo"}}, ("quarantined", "time_unclear")),
        ({"start_date_time": AT, "duration": {"value": 1, "unit": "hour"}}, ("quarantined", "unit_unknown")),
        ({"start_date_time": AT, "end_date_time": "2026-03-01T01:00:00Z"}, ("refused", "ends_before_start")),
        ({"start_date_time": AT, "end_date_time": "2026-03-02T01:00:00"}, ("refused", "time_invalid")), ({}, ("refused", "time_invalid")),
        ("0001-01-01T00:00:00Z", ("refused", "time_out_of_reach")),
    ],
)  # fmt: skip
def test_a_time_that_says_none_is_never_replaced_by_another(time: Any, outcome: tuple[str, str]) -> None:
    assert odd(came(FORMAT, point(body("body_weight", 70, "kg", time)))) == {outcome: 1}


def test_both_a_moment_and_an_interval_are_no_time() -> None:
    both = {"heart_rate": {"value": 60, "unit": "beats/min"}, "effective_time_frame": {"date_time": AT, "time_interval": NIGHT}}
    assert odd(came(FORMAT, both)) == {("refused", "time_invalid"): 1}


def test_an_interval_is_read_from_any_two_of_start_end_and_duration_over_a_change_of_the_clock() -> None:
    start, end = at("2026-03-28T22:30"), at("2026-03-29T05:30")
    lasts = {"value": 7, "unit": "h"}
    for span in (
        NIGHT,
        {"start_date_time": NIGHT["start_date_time"], "duration": lasts},
        {"duration": lasts, "end_date_time": NIGHT["end_date_time"]},
    ):
        night = came(FORMAT, body("total_sleep_time", 390, "min", span)).columns("sleep", "1d")
        assert (night.start.tolist(), night.end.tolist(), night.value.tolist()) == ([start], [end], [6.5])


def test_steps_need_an_interval_and_may_come_without_their_unit() -> None:
    hour = {"start_date_time": "2026-02-05T06:25:00Z", "end_date_time": "2026-02-05T07:25:00Z"}
    for said in (6000, {"value": 6000, "unit": "steps"}):
        steps = came(FORMAT, body("step_count", said, None, hour)).columns("steps", "")
        assert (steps.value.tolist(), (steps.end - steps.start).tolist()) == ([6000.0], [HOUR])
    day = {"start_date_time": "2026-02-05T00:00:00Z", "end_date_time": "2026-02-06T00:00:00Z"}
    assert came(FORMAT, body("step_count", 6000, None, day)).values("steps", "1d") == [6000.0]
    assert odd(came(FORMAT, body("step_count", 6000))) == {("quarantined", "time_unclear"): 1}
    assert odd(came(FORMAT, body("step_count", "6000", None, hour))) == {("refused", "not_a_number"): 1}


def test_a_mean_is_the_value_over_its_interval_and_other_statistics_are_no_measurements() -> None:
    span = {"start_date_time": "2026-02-05T06:00:00+01:00", "end_date_time": "2026-02-06T06:00:00+01:00"}
    mean = came(FORMAT, body("heart_rate", 58, "beats/min", span, descriptive_statistic="average")).columns("hr", "1d")
    assert (mean.value.tolist(), (mean.end - mean.start).tolist()) == ([58.0], [24 * HOUR])
    for word in ("minimum", "maximum", "median", "standard deviation", "80th percentile", "count"):
        found = came(FORMAT, body("heart_rate", 58, "beats/min", span, descriptive_statistic=word))
        assert odd(found) == {("not_followed", "statistic_not_measured"): 1}
    assert odd(came(FORMAT, body("heart_rate", 58, "beats/min", span, descriptive_statistic="minmum"))) == {
        ("quarantined", "statistic_unknown"): 1
    }
    per_day = body("step_count", 12000, None, span, descriptive_statistic="average", descriptive_statistic_denominator="d")
    assert odd(came(FORMAT, per_day)) == {("not_followed", "statistic_not_measured"): 1}
    assert came(FORMAT, {**per_day, "descriptive_statistic": "sum"}).values("steps", "1d") == [12000.0]


def test_an_activity_is_a_workout_with_its_distance_energy_steps_and_minutes() -> None:
    found = came(FORMAT, point(WALK, name="physical-activity", space="ieee"))
    assert [WORKOUTS[int(kind)] for kind in found.values("workout")] == ["walking"]
    assert found.values("distance") == [pytest.approx(2414.016)]
    assert (found.values("energy_active"), found.values("steps")) == ([160.0], [3000.0])
    minutes = found.columns("active_minutes")
    assert (sorted(minutes.value.tolist()), len(set(minutes.end.tolist()))) == ([10.0, 30.0], 2)
    assert odd(found) == {("not_followed", "part_of_another"): 1, ("not_followed", "signal_not_kept"): 1}
    assert odd(came(FORMAT, {**WALK, "distance": {"value": 1.5, "unit": "miles"}}))[("quarantined", "part_unreadable")] == 5
    sitting = came(FORMAT, {**WALK, "activity_name": "sedentary"})
    assert (sitting.values("sedentary_minutes"), sitting.values("workout")) == ([60.0], [])


def test_the_stages_and_sums_of_a_night() -> None:
    found = came(FORMAT, point(STAGES, name="sleep-stage-summary", space="ieee"))
    stages = found.columns("sleep_stage")
    assert [SLEEP_STAGES[int(stage)] for stage in stages.value] == ["light", "rem"]
    assert (stages.end - stages.start).tolist() == [HOUR // 2, 2 * HOUR]
    assert (found.values("sleep", "1d"), found.values("sleep_deep", "1d")) == ([7.5], [1.5])
    assert odd(found) == {
        ("not_followed", "no_reading"): 1,
        ("quarantined", "value_unknown"): 1,
        ("not_followed", "signal_not_kept"): 1,
    }


def test_a_sensor_under_the_skin_is_told_from_a_finger_prick() -> None:
    assert came(FORMAT, body("blood_glucose", 95, "mg/dL", specimen_source="interstitial fluid")).values("cgm_glucose") == [95.0]
    assert came(FORMAT, body("blood_glucose", 95, "mg/dL", specimen_source="capillary blood")).values("glucose") == [95.0]
    made_by: dict[str, Any] = {"acquisition_provenance": {"source_name": "Dexcom G6"}}
    edges = [body("blood_glucose", word, "mg/dL") for word in ("Low", "High")]
    found = came(FORMAT, point({"cgm": edges}, name="blood-glucose", **made_by)).columns("cgm_glucose")
    assert (found.value.tolist(), found.quality.tolist()) == ([40.0, 400.0], [BELOW, ABOVE])


def test_lists_of_measures_under_one_header_are_each_read_at_their_own_time() -> None:
    several = [body("heart_rate", 60 + n, "beats/min", f"2026-03-01T08:0{n}:00Z") for n in range(4)]
    for inner in (
        {"heart_rate": several},
        several,
        {"effective_time_frame": frame(AT), "heart_rate": [{"value": 60 + n, "unit": "beats/min"} for n in range(4)]},
    ):
        found = came(FORMAT, point(inner, user_id="p1"))
        assert (found.values("hr"), found.entries, {one.subject for one in found.samples}) == ([60.0, 61.0, 62.0, 63.0], 4, {"p1"})


def test_arrays_lines_and_server_answers_are_read_point_by_point() -> None:
    assert came(FORMAT, [RATE, point(RATE), PRESSURE]).entries == 4
    assert came(FORMAT, {"shim": "googlefit", "timeStamp": 1, "body": [point(RATE), RATE, 5]}).odd == {
        ("refused", "wrong_kind_of_value"): 1
    }
    lines = [json.dumps(point(RATE)) for _ in range(5)]
    lines[2] = lines[2][:-9]
    data = "\r\n".join(lines).encode("utf-16")
    assert FORMAT.recognises(data[:HEAD_BYTES], "x")
    found = Came(FORMAT, member(data))
    assert (len(found.values("hr")), odd(found)) == (4, {("refused", "not_json"): 1})


def test_a_damaged_first_line_loses_only_itself() -> None:
    whole = json.dumps(point(RATE))
    data = "\n".join([whole[:40], whole, whole, whole]).encode()
    assert FORMAT.recognises(data[:HEAD_BYTES], "x")
    found = Came(FORMAT, member(data))
    assert (len(found.values("hr")), odd(found)) == (3, {("refused", "not_json"): 1})
    one_by_one = Came(FORMAT, member('{"shim": "x", "body": [\n' + whole + "\n]}"))
    assert (len(one_by_one.values("hr")), odd(one_by_one)) == (1, {})


def test_a_file_that_was_cut_off_keeps_its_whole_points() -> None:
    text = json.dumps([point(RATE) for _ in range(50)])
    found = Came(FORMAT, member(text[: len(text) * 3 // 4]))
    assert (len(found.values("hr")), odd(found)) == (37, {("refused", "cut_short"): 1})


def test_samples_of_healthkit_mean_what_they_mean_in_its_own_export() -> None:
    span = frame({"start_date_time": "2026-02-05T06:25:00Z", "end_date_time": "2026-02-05T07:25:00Z"})
    typed = [{"key": "HKMetadataKeyWasUserEntered", "value": True}]
    steps = {"quantity_type": "HKQuantityTypeIdentifierStepCount", "count": 500, "effective_time_frame": span, "metadata": typed}
    oxygen = {
        "quantity_type": "HKQuantityTypeIdentifierOxygenSaturation",
        "unit_value": {"value": 0.97, "unit": "%"},
        "effective_time_frame": span,
    }
    bed = {"category_type": "HKCategoryTypeIdentifierSleepAnalysis", "category_value": "InBed", "effective_time_frame": span}
    pair = {"correlation_type": "HKCorrelationTypeIdentifierBloodPressure", "effective_time_frame": span, "quantity_samples": [
        {"quantity_type": f"HKQuantityTypeIdentifierBloodPressure{half}", "unit_value": {"value": value, "unit": "mmHg"}, "effective_time_frame": span}
        for half, value in (("Systolic", 120), ("Diastolic", 80))]}  # fmt: skip
    found = came(
        FORMAT,
        [
            steps,
            oxygen,
            bed,
            pair,
            {**steps, "unit_value": {}},
            {"activity_name": "HKWorkoutActivityTypeCycling", "effective_time_frame": span},
        ],
    )
    assert (found.values("steps"), found.values("spo2"), found.values("sbp"), found.values("dbp")) == (
        [500.0],
        [97.0],
        [120.0],
        [80.0],
    )
    assert found.columns("steps").quality.tolist() == [MANUAL]
    assert (
        [SLEEP_STAGES[int(one)] for one in found.values("sleep_stage")],
        [WORKOUTS[int(one)] for one in found.values("workout")],
    ) == (["in_bed"], ["cycling"])
    assert odd(found) == {("refused", "two_values"): 1}


def test_other_peoples_json_is_not_taken_for_this() -> None:
    others: list[Any] = [
        {}, [], {"body": {}}, "2013-02-05", {"value": 110, "unit": "mmHg"}, {"date_time": AT}, {"duration": {"value": 1, "unit": "h"}},
        {"resourceType": "Observation", "effective_time_frame": {}, "heart_rate": {"value": 1, "unit": "x"}}, {"heart_rate": 60, "time": 1},
        {"items": [{"distance": 5, "duration": 3}]}, {"weight": [{"logId": 1, "weight": 70}]},
    ]  # fmt: skip
    for other in others:
        assert not FORMAT.recognises(json.dumps(other).encode(), "data.json"), other


def test_what_the_schemas_fail_is_never_stored_and_what_they_pass_is_where_it_has_a_time(shared_data: Path) -> None:
    """Every example: refused, put aside or passed over with a reason, or stored."""
    stored = known = 0
    for path in sorted((shared_data / "wearable" / "openmhealth-test-data").rglob("*.json")):
        data = path.read_bytes()
        found, value = Came(FORMAT, of_path(path)), json.loads(data)
        if not FORMAT.recognises(data[:HEAD_BYTES], path.name):
            assert "effective_time_frame" not in data.decode()
            continue
        asked = [one.key for one in formats() if one.recognises(data[:HEAD_BYTES], path.name)]
        assert asked[0] == "openmhealth", (path.name, asked)
        assert found.entries > 0, path
        assert "shouldFail" not in path.parts or not found.samples, path
        if "shouldPass" in path.parts and "omh" in path.parts and not {"descriptive_statistic"} & set(value):
            signals = [name for name in value if name in MEASURES and MEASURES[name].odd is None]
            timed = "part_of_day" not in data.decode() and "effective_time_frame" in value
            stored += len(found.samples) > 0
            known += bool(signals) and timed
    assert stored == known > 40


def test_known_values_of_the_examples(shared_data: Path) -> None:
    folder = shared_data / "wearable" / "openmhealth-test-data" / "omh"

    def read(name: str) -> Came:
        return Came(FORMAT, of_path(folder / f"{name}.json"))

    assert read("body-temperature/4.0/shouldPass/valid-temperature").values("temp") == [pytest.approx(36.111111)]
    assert read("blood-pressure/4.0/shouldPass/blood-pressure-only").values("sbp") == [115.0]
    assert read("physical-activity/1.2/shouldPass/with-calories-burned").values("distance") == [pytest.approx(4988.9664)]
    night = read("sleep-episode/1.1/shouldPass/valid-sleep-episode").columns("sleep", "1d")
    assert (night.value.tolist(), (night.end - night.start).tolist()) == ([8.5], [9 * HOUR])
    assert read("total-sleep-time/1.0/shouldPass/valid-total-sleep-time").columns("sleep").offset.tolist() == [-480]


def test_a_bomb_of_brackets_costs_nothing() -> None:
    bomb = json.dumps(point(RATE))[:-1].encode() + b',"x":' + b"[" * 5_000_000
    tracemalloc.start()
    found = Came(FORMAT, member(bomb))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (odd(found), found.samples) == ({("refused", "json_too_deep"): 1}, [])
    assert peak < 150_000_000


SEEDS: list[Any] = [
    point(RATE, user_id="u", acquisition_provenance={"source_name": "W", "modality": "sensed"}), PRESSURE, WALK, point(STAGES), [RATE, point(WALK)],
    {"shim": "x", "body": [point(RATE)]}, point({"cgm": [body("blood_glucose", "Low", "mg/dL")]}),
    {"correlation_type": "HKCorrelationTypeIdentifierFood", "effective_time_frame": frame(AT), "metadata": [{"key": "a", "value": 1}], "quantity_samples": [
        {"quantity_type": "HKQuantityTypeIdentifierBodyMass", "unit_value": {"value": 7, "unit": "kg"}, "effective_time_frame": frame(AT)}]},
    body("heart_rate_variability", 42, "ms", algorithm="RMSSD"), body("step_count", 5, None, NIGHT, descriptive_statistic="sum"),
]  # fmt: skip


def test_damage_raises_nothing() -> None:
    check_json_damage(FORMAT, SEEDS, count=400)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from([AT, "kg", "average", "beats/min"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*MEASURES, *STAGES, *WALK, "header", "body", "date_time", "time_interval", "value", "unit", "metadata", "category_type", "quantity_type"]), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_JSON)
def test_no_value_raises(value: Any) -> None:
    survives(FORMAT, json.dumps(value).encode())
    survives(FORMAT, json.dumps({"header": value, "body": value}).encode())
