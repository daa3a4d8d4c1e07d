"""This is the place where every reader of JSON is given anything at all, and has to keep its promise: it raises nothing, it adds up."""

from __future__ import annotations

import json
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.sources.wearables.form import Format
from tests.wearables.csv_given import Came, member, survives

KEYS = ("fitbit_takeout", "google_fit_takeout", "oura_json", "nightscout", "vendor_api")
FORMATS: list[Format] = [import_module(f"core.sources.wearables.{key}").FORMAT for key in KEYS]
_NAMES = (
    "dateTime", "value", "bpm", "confidence", "levels", "data", "shortData", "level", "seconds", "startTime", "endTime", "duration", "weight", "bmi",
    "date", "time", "Data Points", "dataSourceId", "minStartTimeNs", "fitValue", "startTimeNanos", "endTimeNanos", "dataTypeName", "fpVal", "intVal",
    "sgv", "mbg", "type", "dateString", "utcOffset", "bedtime_start", "bedtime_end", "heart_rate", "items", "interval", "timestamp", "day", "steps",
    "status", "body", "measuregrps", "measures", "unit", "category", "attrib", "series", "activities", "BPDataList", "BPUnit", "HP", "LP", "MDate",
    "TimeZone", "meta", "user_xid", "details", "tz", "sessions", "activityType", "segments", "summary", "caloriesIdle", "tracking_mode", "start_time",
    "activities-steps", "activities-steps-intraday", "dataset", "datasetInterval", "next_token", "fitnessActivity", "segment", "class_5_min",
)  # fmt: skip
_PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**25), 10**25), st.floats(), st.text(max_size=12),
    st.sampled_from(["05/01/20 04:00:00", "2024-03-31T02:30:00+05:45", "2024-01-01T00:00:00Z", "1619856000000000000", "com.google.weight", "20121212", "-0800"]),
)  # fmt: skip
ANYTHING = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(_NAMES), inner, max_size=6)),
    max_leaves=25,
)


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
@settings(max_examples=150)
@given(value=ANYTHING)
def test_any_json_is_survived(form: Format, value: Any) -> None:
    survives(form, json.dumps(value).encode(), "steps-2020-05-01.json")


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
@settings(max_examples=60)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_survived(form: Format, data: bytes) -> None:
    survives(form, data)


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
def test_a_bomb_and_an_empty_file_are_one_refusal(form: Format) -> None:
    for data in (b"[" * 1_000_000, b'{"data":' * 200_000, b"", b"\xff\xfe", b"null", b'"text"'):
        found = Came(form, member(data, "x.json"))
        assert (found.samples, {outcome for outcome, _ in found.odd}) == ([], {"refused"})
        assert found.entries == 1


@pytest.mark.parametrize("form", FORMATS, ids=KEYS)
@pytest.mark.parametrize(
    "value",
    [{"resourceType": "Bundle", "entry": []}, [{"resourceType": "Observation", "value": 1, "dateTime": "05/01/20 04:00:00"}]],
)
def test_a_health_record_is_nobody_s_here(form: Format, value: Any) -> None:
    assert not form.recognises(json.dumps(value).encode(), "steps-2020-05-01.json")
